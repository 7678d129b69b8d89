"""The life of a pull: from its first lit frame, along its drag, to the frame without a spot."""

from dataclasses import dataclass, field

import numpy as np

from hardware.laser.background import Box
from hardware.laser.colour import Tint
from hardware.laser.shape import Shape
from hardware.laser.sight import Pixels, Sight, expected
from hardware.laser.spot import Pulse

DECIDE_AFTER = 2
"""Frames after the first lit one at which a pull is decided at the latest."""
FAINT = 0.25
"""A look this much fainter than the pull's brightest is not yet, or no longer, its light."""


@dataclass(slots=True)
class Look:
    """One frame's sight of a pull."""

    frame: int
    time: float
    shape: Shape
    tint: Tint | None
    sight: Sight


@dataclass(slots=True)
class Pull:
    """A spot that may be a hit: undecided until it has shown how it lives, then reported or turned down."""

    looks: list[Look]
    decided: bool = False
    reported: bool = False
    since: float = 0.0
    until: float = 0.0
    lit: bool = True
    last: Shape = field(init=False)
    sight: Sight = field(init=False)

    def __post_init__(self) -> None:
        self.last, self.sight = self.looks[-1].shape, self.looks[-1].sight
        self.since = self.until = self.looks[0].time

    @property
    def born(self) -> int:
        return self.looks[0].frame

    @property
    def peak(self) -> float:
        """The strongest rise seen so far."""
        return max(look.shape.rise for look in self.looks)

    @property
    def reach(self) -> float:
        """The largest share of its headroom that its strongest channel has used."""
        return max(look.shape.reach for look in self.looks)

    @property
    def filling(self) -> float:
        """The largest share of the wall's headroom it has filled."""
        return max(look.shape.filling for look in self.looks)

    def see(self, look: Look) -> None:
        """The pull is still lit, here."""
        self.last, self.sight, self.until = look.shape, look.sight, look.time
        if not self.decided:
            self.looks.append(look)

    def pulse(self) -> Pulse:
        """How long it was lit."""
        first = self.first()
        return Pulse(first.frame, first.time, self.until)

    def first(self) -> Look:
        """The first look in which it was lit and not only beginning to be."""
        enough = FAINT * self.peak
        return next(look for look in self.looks if look.shape.rise >= enough)


def carries_on(pull: Pull, shape: Shape, drag: float) -> bool:
    """Whether a spot can be the same laser one frame on: near where it was, or as far as it may drag and alike."""
    way = float(np.hypot(shape.x - pull.last.x, shape.y - pull.last.y))
    if way <= 4 + 2 * pull.last.radius:
        return shape.rise >= 0.1 * pull.peak
    alike = shape.rise >= 0.5 * pull.last.rise and shape.solid >= 0.6 and shape.leak <= 0.2 and not shape.cut
    return alike and way <= drag + pull.last.radius


def box_around(box: Box, margin: int, size: tuple[int, int]) -> Box:
    """A box grown by a margin and kept within a picture of (width, height)."""
    x0, y0, x1, y1 = box
    return max(0, x0 - margin), max(0, y0 - margin), min(size[0], x1 + margin), min(size[1], y1 + margin)


def left_behind(look: Look, now: Pixels) -> float:
    """How much of a look's rise is still there, 0 to 1, in the middle of where it was; `now` is its patch today."""
    x, y = round(look.shape.x) - look.sight.origin[0], round(look.shape.y) - look.sight.origin[1]
    reach = max(1, int(look.shape.radius))
    here = (slice(None), slice(max(0, y - reach), y + reach + 1), slice(max(0, x - reach), x + reach + 1))
    wall = expected(now, look.sight.base)
    stays = np.median((now[here] - wall[here]).max(axis=0))
    return float(stays / max(look.shape.rise, 1.0))
