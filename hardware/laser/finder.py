"""Finds laser spots in a camera's frames.

One frame at a time: what rose above the wall as it was (`background`), the separate places where it did (`candidates`),
what each looks like (`shape`), its colour (`colour`), and whether it lives as a pulse of light does (`life`).
Pure: no clock, no files, no threads; the same frames give the same spots.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.background import Background, Plane
from hardware.laser.box import Box, box_around, longer_side, within
from hardware.laser.candidates import Seed, seeds, without_light
from hardware.laser.colour import colour_of, tint
from hardware.laser.film import Film
from hardware.laser.film_picture import OnWall
from hardware.laser.first_look import moved, not_worth_a_look, patch_of, too_large, unlike_a_spot
from hardware.laser.life import DECIDE_AFTER, Look, Pull, carries_on, too_faint, unlike_a_pull
from hardware.laser.settings import Bounds, FinderSettings
from hardware.laser.shape import Shape, measure
from hardware.laser.sight import Sight
from hardware.laser.spot import Pulse, Rejection, Spot

UNREST = 0.01
"""Share of the picture that must rise for the camera to be thought shaken."""
LIGHT_STEP = 0.1
"""Share of the picture that must rise for it to be a change of light rather than of things."""
KEPT_PULSES = 100
HALF_KNOWN = "motion: the film begins or ends, and what was on the wall beside it is not known"


class Finder:
    """Laser spots in successive frames of one camera.

    `film` is what it knows of the film on the wall, None where there is none. `rejections` holds the latest candidates
    that were turned down, `pulses` the latest reported pulls that have ended, oldest first; a reader may empty both.
    """

    def __init__(
        self, settings: FinderSettings | None = None, *, looks_back: bool = True, film: Film | None = None
    ) -> None:
        self.settings = settings or FinderSettings()
        self.rejections: deque[Rejection] = deque(maxlen=self.settings.kept_rejections)
        self.pulses: deque[Pulse] = deque(maxlen=KEPT_PULSES)
        self._looks_back = looks_back
        self.film = film
        self._frame = -1
        self._time = 0.0
        self._started = (0, 0.0)
        self._looked = 0
        self._background: Background | None = None
        self._shape: tuple[int, ...] = ()
        self._mask = np.zeros((0, 0), np.uint8)
        self._pulls: list[Pull] = []

    def find(self, frame: NDArray[np.uint8], time: float, on_wall: OnWall | None = None) -> list[Spot]:
        """Take the next frame and return the pulls decided by it: each once, at most two frames after its first.

        `frame` is uint8, (height, width, 3) in blue, green, red or (height, width) in grey; `time` its time in seconds,
        which may repeat. A frame equal to the one before it in every bit is counted but is no new evidence; a frame of
        another size starts afresh. `on_wall` is what the film showed during it, for a finder that has one. Raises
        ValueError for another type or shape.
        """
        if frame.dtype != np.uint8 or frame.ndim not in (2, 3) or (frame.ndim == 3 and frame.shape[2] != 3):
            raise ValueError("a frame is uint8 of shape (height, width, 3) in BGR or (height, width) in grey")
        self._frame += 1
        self._time = time
        if self._background is None or self._shape != frame.shape:
            spots = self.finish()
            self._background = Background(frame, time, self.settings.noise_factor)
            self._shape = frame.shape
            self._started = (self._frame, time)
            self._looked = 0
            self._mask = np.zeros((frame.shape[0] + 2, frame.shape[1] + 2), np.uint8)
            self._follow(on_wall)
            return spots
        if not self._background.take(frame):
            return self._decide_overdue()
        self._follow(on_wall)
        spots = self._look(self._background)
        self._looked += 1
        if self._looked == 2 and self._looks_back:
            spots += self._lit_from_the_start(self._background)
        return spots

    def _follow(self, on_wall: OnWall | None) -> None:
        if self.film is not None and self._background is not None:
            self.film.see(self._background.now, on_wall)

    @property
    def _trusted(self) -> Film | None:
        """The film, where what it shows can be told from the rest."""
        return self.film if self.film is not None and self.film.trusted else None

    @property
    def _between(self) -> bool:
        """Whether the film begins or ends in the newest frame, so that what was beside it on the wall is not known."""
        return self.film is not None and self.film.between

    def _lit_from_the_start(self, background: Background) -> list[Spot]:
        """Pulls that were lit in the first frame of all: found by taking the first three the other way round."""
        backwards = Finder(self.settings, looks_back=False)
        for index, planes in enumerate(background.past[:3]):
            backwards.find(planes[0] if len(planes) == 1 else np.dstack(planes), float(index))
        frame, time = self._started
        film = self._trusted
        return [
            replace(spot, frame=frame, time=time, x=last.x, y=last.y)
            for spot, last in backwards.lit_now()
            if film is None or not film.covers(last.box)
        ]

    def lit_now(self) -> list[tuple[Spot, Shape]]:
        """Pulls lit in the newest frame and as yet undecided, as they would be reported, and how they look now."""
        lit = [pull for pull in self._pulls if pull.lit and not pull.decided and not too_faint(pull, self.settings)]
        return [(self._report(pull), pull.last) for pull in lit]

    def finish(self) -> list[Spot]:
        """The pulls still undecided when the frames end, judged on what has been seen of them."""
        spots = [self._report(pull) for pull in self._pulls if not pull.decided and not too_faint(pull, self.settings)]
        self._pulls = []
        return spots

    def _look(self, background: Background) -> list[Spot]:
        height, width = background.now[0].shape
        bounds = self.settings.bounds((width, height))
        looked: list[Shape] = []
        lit: set[int] = set()
        fresh: list[Pull] = []
        film = self._trusted
        excess = background.rise(film.confine if film is not None else None)
        risen = cv2.countNonZero(excess) / excess.size
        half_known = self._between and risen > UNREST
        step = background.brightened or risen > LIGHT_STEP
        if step:
            excess = without_light(excess)
        for seed in seeds(excess, self.settings.least_rise, self._mask) if risen else ():
            if any(within(shape.box, seed.x, seed.y) for shape in looked):
                continue
            patch = patch_of(seed, bounds)
            on_film = film is not None and film.covers(patch)
            reason = too_large(seed, bounds)
            if not reason and half_known:
                reason = HALF_KNOWN
            elif not reason and not on_film:
                known = step or self._lit_at(seed)
                shaken = risen > UNREST
                reason = not_worth_a_look(background, seed, self.settings, patch, shaken=shaken, known=known, step=step)
            if reason:
                self._turn_down(seed.x, seed.y, reason)
                continue
            noise = background.noise_at(seed.x, seed.y)
            if film is not None and on_film:
                sight = film.sight(background.now, background.reference, patch, noise)
            else:
                sight = Sight.cut(background.now, background.reference, patch, noise)
            shape = measure(sight, (seed.x, seed.y))
            if shape is None:
                continue
            looked.append(shape)
            look = Look(self._frame, self._time, shape, tint(sight, shape.box), sight)
            pull = self._same(shape, lit, bounds)
            if pull is not None:
                lit.add(id(pull))
                pull.see(look)
                continue
            others = [pull.last for pull in (*self._pulls, *fresh)]
            reason = unlike_a_spot(
                shape, noise, self.settings, bounds, others, step=step and not on_film, on_film=on_film
            )
            if not reason and not on_film:
                film_known = film is not None and film.view.whole(shape.box)
                reason = moved(look, background, bounds, step=step, film_known=film_known)
            if reason:
                self._turn_down(shape.x, shape.y, reason)
            else:
                fresh.append(Pull([look], between=self._between))
        spots = self._judge(background.now, lit)
        self.pulses.extend(pull.pulse() for pull in self._pulls if pull.reported and not pull.lit)
        self._pulls = [pull for pull in self._pulls if pull.lit] + fresh
        background.advance(self._time, [pull.sight.unlit(glow_of(pull.last, bounds)) for pull in self._pulls])
        return spots

    def _lit_at(self, seed: Seed) -> bool:
        """Whether a laser was lit there a frame ago."""
        return any(within(pull.last.box, seed.x, seed.y) for pull in self._pulls)

    def _same(self, shape: Shape, taken: set[int], bounds: Bounds) -> Pull | None:
        """The pull that a lit spot carries on, the nearest first."""
        close = [pull for pull in self._pulls if id(pull) not in taken and carries_on(pull, shape, bounds.drag)]
        return min(close, key=lambda p: (p.last.x - shape.x) ** 2 + (p.last.y - shape.y) ** 2, default=None)

    def _judge(self, planes: Sequence[Plane], lit: set[int]) -> list[Spot]:
        """Decide what can be decided now, and let go of what is dark."""
        spots: list[Spot] = []
        film = self._trusted
        for pull in self._pulls:
            pull.lit = id(pull) in lit
            if pull.decided:
                if self._time - pull.since > self.settings.longest_pull:
                    pull.lit = False
                continue
            due = self._frame - pull.born >= DECIDE_AFTER and not (pull.between and self._between)
            wall = film.wall(pull.first().sight.box()) if film is not None and not pull.between else None
            reason = unlike_a_pull(pull, planes, self.settings, due=due, wall=wall)
            if reason:
                self._turn_down(pull.looks[0].shape.x, pull.looks[0].shape.y, reason, pull.born)
                pull.decided, pull.lit = True, False
            elif due or not pull.lit:
                spots.append(self._report(pull))
        return spots

    def _decide_overdue(self) -> list[Spot]:
        """Decide on what has been seen where the frames that would tell more do not come."""
        overdue = [p for p in self._pulls if not p.decided and self._frame - p.born >= DECIDE_AFTER]
        return [self._report(pull) for pull in overdue if not too_faint(pull, self.settings)]

    def _report(self, pull: Pull) -> Spot:
        pull.decided = pull.reported = True
        first = pull.first()
        colour = colour_of([look.tint for look in pull.looks])
        brightest = max((look.shape for look in pull.looks), key=lambda shape: shape.rise)
        return Spot(
            first.frame, first.time, first.shape.x, first.shape.y, colour, brightest.rise, float(brightest.radius)
        )

    def _turn_down(self, x: float, y: float, reason: str, frame: int | None = None) -> None:
        self.rejections.append(Rejection(self._frame if frame is None else frame, float(x), float(y), reason))


def glow_of(shape: Shape, bounds: Bounds) -> Box:
    """Where a lit spot's light may not become background."""
    return box_around(shape.box, 6 + longer_side(shape.box), bounds.size)
