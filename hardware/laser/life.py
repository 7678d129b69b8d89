"""The life of a pull: from its first lit frame, along its drag, to the frame without a spot."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hardware.laser.background import Plane, cut
from hardware.laser.colour import CLEAR, Tint, colour_of
from hardware.laser.settings import FinderSettings
from hardware.laser.shape import Shape
from hardware.laser.sight import Pixels, Sight, expected
from hardware.laser.spot import Pulse

DECIDE_AFTER = 2
"""Frames after the first lit one at which a pull is decided at the latest."""
STREAK = 1.5
"""How many times as long as wide a spot is that moved while the shutter was open."""
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
    """A spot that may be a hit: undecided until it has shown how it lives, then reported or turned down.

    `between` says that it lit up as the film began or ended, when nobody knew what the film would show next.
    `way` is how far it moved from the last frame but one to the last, in pixels; None while it has one look.
    """

    looks: list[Look]
    between: bool = False
    decided: bool = False
    reported: bool = False
    since: float = 0.0
    until: float = 0.0
    way: float | None = None
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
        self.way = float(np.hypot(look.shape.x - self.last.x, look.shape.y - self.last.y))
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
    """Whether a spot can be the same laser one frame on: near where it was, or as far as it may drag and alike.

    A laser that was seen at rest does not jump without drawing a streak: a round spot farther away is somebody else's.
    """
    way = float(np.hypot(shape.x - pull.last.x, shape.y - pull.last.y))
    near = 4 + 2 * pull.last.radius
    if way <= near:
        return shape.rise >= 0.1 * pull.peak
    if pull.way is not None and way > near + 4 * pull.way and shape.long < STREAK * shape.short:
        return False
    alike = shape.rise >= 0.5 * pull.last.rise and shape.solid >= 0.6 and shape.leak <= 0.2 and not shape.cut
    return alike and way <= drag + pull.last.radius


def unlike_a_pull(
    pull: Pull, planes: Sequence[Plane], settings: FinderSettings, *, due: bool, wall: Pixels | None = None
) -> str:
    """Why a pull does not live as a pulse of light does; empty where it does, or where it is too soon to say.

    `planes` are the newest frame's; `due` says that it must be decided now; `wall` what the first look's patch shows
    today without a spot, where that is known.
    """
    first, last = pull.first(), pull.last
    way = float(np.hypot(last.x - first.shape.x, last.y - first.shape.y))
    gone = not pull.lit or way > 2 * (last.radius + first.shape.radius)
    if gone and left_behind(first, cut(planes, first.sight.box()).astype(np.float32), wall) > 0.5:
        return "motion: it stayed bright where the spot had gone"
    if pull.lit:
        drawn = float(np.hypot(last.x - pull.looks[0].shape.x, last.y - pull.looks[0].shape.y))
        colour = colour_of([look.tint for look in pull.looks], CLEAR)
        if drawn > 2 + 0.3 * last.radius and colour == "unknown":
            return "motion: a light without a laser's colour moves"
        if last.rise > 0.5 * pull.peak and (last.cut or last.leak > 0.2 or last.solid < 0.5):
            return "life: it grew out of a spot's shape"
    return too_faint(pull, settings) if due or not pull.lit else ""


def too_faint(pull: Pull, settings: FinderSettings) -> str:
    """Why even its brightest look is too faint; empty where it is not."""
    if pull.peak < settings.least_rise and pull.filling < settings.least_filling:
        return f"contrast: rises by {pull.peak:.0f} levels at most"
    at_side = pull.first().shape.at_side
    if pull.reach < (settings.least_reach_at_side if at_side else settings.least_reach):
        return f"contrast: takes {pull.reach:.2f} of what lies between the wall and white"
    return ""


def left_behind(look: Look, now: Pixels, wall: Pixels | None = None) -> float:
    """How much of a look's rise is still there, 0 to 1, in the middle of where it was; `now` is its patch today."""
    x, y = round(look.shape.x) - look.sight.origin[0], round(look.shape.y) - look.sight.origin[1]
    reach = max(1, int(look.shape.radius))
    here = (slice(None), slice(max(0, y - reach), y + reach + 1), slice(max(0, x - reach), x + reach + 1))
    if wall is None:
        wall = expected(now, look.sight.base)
    stays = np.median((now[here] - wall[here]).max(axis=0))
    return float(stays / max(look.shape.rise, 1.0))
