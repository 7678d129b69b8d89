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

from hardware.laser.background import Background, Box, Plane, cut
from hardware.laser.candidates import Seed, seeds, stands_out, stirred, unrest, without_light
from hardware.laser.colour import CLEAR, colour_of, tint
from hardware.laser.life import DECIDE_AFTER, Look, Pull, box_around, carries_on, left_behind
from hardware.laser.motion import came_from, uncovered
from hardware.laser.settings import FinderSettings
from hardware.laser.shape import Shape, measure
from hardware.laser.sight import Sight
from hardware.laser.spot import Pulse, Rejection, Spot
from hardware.laser.surroundings import outshone

UNREST = 0.01
"""Share of the picture that must rise for the camera to be thought shaken."""
STIRRED = 0.25
"""Share of its rise by which much of a candidate's surroundings change where it is no spot."""
UNRESTFUL = 12.0
"""Times the mean change around it that a weak candidate must rise to be worth a closer look."""
KEPT_PULSES = 100
LIGHT_STEP = 0.1
"""Share of the picture that must rise for it to be a change of light rather than of things."""


class Finder:
    """Laser spots in successive frames of one camera.

    `rejections` holds the latest candidates that were turned down, `pulses` the latest reported pulls that have ended,
    oldest first; a reader may empty both.
    """

    def __init__(self, settings: FinderSettings | None = None, *, looks_back: bool = True) -> None:
        self.settings = settings or FinderSettings()
        self.rejections: deque[Rejection] = deque(maxlen=self.settings.kept_rejections)
        self.pulses: deque[Pulse] = deque(maxlen=KEPT_PULSES)
        self._looks_back = looks_back
        self._frame = -1
        self._time = 0.0
        self._started = (0, 0.0)
        self._looked = 0
        self._background: Background | None = None
        self._shape: tuple[int, ...] = ()
        self._mask = np.zeros((0, 0), np.uint8)
        self._pulls: list[Pull] = []

    def find(self, frame: NDArray[np.uint8], time: float) -> list[Spot]:
        """Take the next frame and return the pulls decided by it: each once, at most two frames after its first.

        `frame` is uint8, (height, width, 3) in blue, green, red or (height, width) in grey; `time` its time in seconds,
        which may repeat. A frame equal to the one before it in every bit is counted but is no new evidence; a frame of
        another size starts afresh. Raises ValueError for another type or shape.
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
            return spots
        if not self._background.take(frame):
            return self._decide_overdue()
        spots = self._look(self._background)
        self._looked += 1
        if self._looked == 2 and self._looks_back:
            spots += self._lit_from_the_start(self._background)
        return spots

    def _lit_from_the_start(self, background: Background) -> list[Spot]:
        """Pulls that were lit in the first frame of all: found by taking the first three the other way round."""
        backwards = Finder(self.settings, looks_back=False)
        for index, planes in enumerate(background.past[:3]):
            backwards.find(planes[0] if len(planes) == 1 else np.dstack(planes), float(index))
        frame, time = self._started
        return [replace(spot, frame=frame, time=time, x=last.x, y=last.y) for spot, last in backwards.lit_now()]

    def lit_now(self) -> list[tuple[Spot, Shape]]:
        """Pulls lit in the newest frame and as yet undecided, as they would be reported, and how they look now."""
        lit = [pull for pull in self._pulls if pull.lit and not pull.decided and not self._faint(pull)]
        return [(self._report(pull), pull.last) for pull in lit]

    def finish(self) -> list[Spot]:
        """The pulls still undecided when the frames end, judged on what has been seen of them."""
        spots = [self._report(pull) for pull in self._pulls if not pull.decided and not self._faint(pull)]
        self._pulls = []
        return spots

    def _look(self, background: Background) -> list[Spot]:
        planes = background.now
        excess = background.rise()
        height, width = excess.shape
        looked: list[Shape] = []
        lit: set[int] = set()
        fresh: list[Pull] = []
        risen = cv2.countNonZero(excess)
        if risen:
            step = background.brightened or risen > LIGHT_STEP * excess.size
            sway = self.settings.sway if risen > UNREST * excess.size else 1
            if step:
                excess = without_light(excess)
            least = self.settings.least_rise if step else 12
            most = max(self.settings.largest_share * excess.size, np.pi * self.settings.largest_radius**2)
            longest = max(2 * self.settings.largest_radius + 8, self.settings.drag * width + 16)
            for seed in seeds(excess, self.settings.least_rise, self._mask):
                if seed.area > 2 * most or max(seed.box[2] - seed.box[0], seed.box[3] - seed.box[1]) > longest:
                    self._turn_down(seed.x, seed.y, f"size: {seed.area} pixels rose together")
                    continue
                if any(inside(shape.box, seed.x, seed.y) for shape in looked):
                    continue
                total = seed.rise + background.threshold(seed.x, seed.y)
                weak = not step and seed.rise < self.settings.least_rise
                noise = background.noise_at(seed.x, seed.y)
                if weak and total < UNRESTFUL * unrest(planes, background.reference, seed):
                    self._turn_down(seed.x, seed.y, f"contrast: rises by {total} only where all around stirs")
                    continue
                if stands_out(planes, background.reference, seed.box, sway) < 0.3 * seed.rise:
                    self._turn_down(seed.x, seed.y, "motion: no brighter than what was beside it")
                    continue
                patch = self._patch(seed, width, height)
                known = step or self._lit_at(seed)
                if (
                    not known
                    and stirred(planes, background.reference, seed, patch, max(STIRRED * total, 5 * noise)) > 0.1
                ):
                    self._turn_down(seed.x, seed.y, f"contrast: rises by {total} where all around stirs as well")
                    continue
                sight = self._sight(background, planes, patch, seed)
                shape = measure(sight, (seed.x, seed.y))
                if shape is None:
                    continue
                looked.append(shape)
                pull = self._same(shape, lit, width)
                reason = "" if pull is not None else self._unlike(shape, noise, most, least, width, fresh)
                if reason:
                    self._turn_down(shape.x, shape.y, reason)
                    continue
                look = Look(self._frame, self._time, shape, tint(sight, shape.box), sight)
                if pull is not None:
                    lit.add(id(pull))
                    pull.see(look)
                    continue
                if outshone(planes, background.past, shape, sight.noise, light_step=step):
                    self._turn_down(shape.x, shape.y, "motion: no brighter than the moving picture around it")
                    continue
                window = box_around(shape.box, round(self.settings.drag * width), (width, height))
                if came_from(planes, background.last, window, shape, look.tint.lead if look.tint else 0.0):
                    self._turn_down(shape.x, shape.y, "motion: the like of it went dark nearby")
                    continue
                if uncovered(sight, shape, background.album):
                    self._turn_down(shape.x, shape.y, "motion: it was there before, and covered for a while")
                    continue
                fresh.append(Pull([look]))
        spots = self._judge(planes, lit)
        self.pulses.extend(pull.pulse() for pull in self._pulls if pull.reported and not pull.lit)
        self._pulls = [pull for pull in self._pulls if pull.lit] + fresh
        background.advance(self._time, [pull.sight.unlit(self._glow(pull.last, width, height)) for pull in self._pulls])
        return spots

    def _lit_at(self, seed: Seed) -> bool:
        """Whether a laser was lit there a frame ago."""
        return any(inside(pull.last.box, seed.x, seed.y) for pull in self._pulls)

    def _patch(self, seed: Seed, width: int, height: int) -> Box:
        """Where a seed is measured, with room for its glow and its surroundings."""
        size = max(seed.box[2] - seed.box[0], seed.box[3] - seed.box[1])
        return box_around(seed.box, min(120, max(12, 8 + 3 * size // 2)), (width, height))

    def _sight(self, background: Background, planes: Sequence[Plane], patch: Box, seed: Seed) -> Sight:
        return Sight.cut(planes, background.reference, patch, background.noise_at(seed.x, seed.y))

    def _same(self, shape: Shape, taken: set[int], width: int) -> Pull | None:
        """The pull that a lit spot carries on, the nearest first."""
        drag = self.settings.drag * width
        close = [pull for pull in self._pulls if id(pull) not in taken and carries_on(pull, shape, drag)]
        return min(close, key=lambda p: (p.last.x - shape.x) ** 2 + (p.last.y - shape.y) ** 2, default=None)

    def _unlike(self, shape: Shape, noise: float, most: float, least: float, width: int, fresh: Sequence[Pull]) -> str:
        """Why a candidate's first look is not that of a laser spot; empty where it is."""
        if shape.rise < least:
            return f"contrast: rises by {shape.rise:.0f} levels only"
        if shape.rise < 4 * shape.stir and shape.stir > 3.6 * noise:
            return f"contrast: rises by {shape.rise:.0f} where all around stirs by {shape.stir:.0f} levels"
        if shape.sharp < np.exp(-0.5 / self.settings.smallest_sigma**2):
            return "sharpness: sharper than any lens draws"
        if shape.sharp < 0.7 and shape.short > 2:
            return "sharpness: rough, where a spot of its size is smooth"
        if shape.area > most or shape.cut:
            return f"size: {shape.area} pixels"
        if shape.long * 3.5 > self.settings.drag * width + 8 * shape.short:
            return f"size: {shape.long * 3.5:.0f} pixels long"
        if shape.long > self.settings.longest_streak * shape.short:
            return f"shape: {shape.long / shape.short:.0f} times as long as wide"
        if shape.solid < 0.75:
            return f"shape: fills {shape.solid:.2f} of its outline"
        if shape.dimmed > 0.1:
            return "colour: it took light away as well as added some"
        if shape.area >= 60 and shape.peaked < 0.12 and shape.filling < 0.8:
            return "shape: flat, though not clipped"
        if shape.leak > 0.12 or shape.glow > 0.45:
            return f"shape: {shape.leak:.2f} of its surroundings rose too"
        if shape.fallen > 0.5:
            return "motion: as much light went away beside it"
        if shape.beside > 0.5:
            return "contrast: no brighter than its surroundings"
        if shape.white > 0.3 and shape.filling < 0.5:
            return "contrast: only the glow beside a white place is seen, not the spot"
        for pull in [*self._pulls, *fresh]:
            distance = np.hypot(pull.last.x - shape.x, pull.last.y - shape.y)
            if distance < 3 * pull.last.radius + 14 and shape.rise < 0.5 * pull.last.rise:
                return "shape: the glow of a stronger spot"
        return ""

    def _judge(self, planes: Sequence[Plane], lit: set[int]) -> list[Spot]:
        """Decide what can be decided now, and let go of what is dark."""
        spots: list[Spot] = []
        for pull in self._pulls:
            pull.lit = id(pull) in lit
            if pull.decided:
                if self._time - pull.since > self.settings.longest_pull:
                    pull.lit = False
                continue
            reason = self._dead(pull, planes)
            if reason:
                self._turn_down(pull.looks[0].shape.x, pull.looks[0].shape.y, reason, pull.born)
                pull.decided, pull.lit = True, False
            elif not pull.lit or self._frame - pull.born >= DECIDE_AFTER:
                spots.append(self._report(pull))
        return spots

    def _dead(self, pull: Pull, planes: Sequence[Plane]) -> str:
        """Why a pull does not live as a pulse of light does; empty where it does, or where it is too soon to say."""
        first, last = pull.first(), pull.last
        moved = not pull.lit or np.hypot(last.x - first.shape.x, last.y - first.shape.y) > 2 * (
            last.radius + first.shape.radius
        )
        if moved and left_behind(first, cut(planes, first.sight.box()).astype(np.float32)) > 0.5:
            return "motion: it stayed bright where the spot had gone"
        way = np.hypot(last.x - pull.looks[0].shape.x, last.y - pull.looks[0].shape.y)
        if (
            pull.lit
            and way > 2 + 0.3 * last.radius
            and colour_of([look.tint for look in pull.looks], CLEAR) == "unknown"
        ):
            return "motion: a light without a laser's colour moves"
        if pull.lit and last.rise > 0.5 * pull.peak and (last.cut or last.leak > 0.2 or last.solid < 0.5):
            return "life: it grew out of a spot's shape"
        if not pull.lit or self._frame - pull.born >= DECIDE_AFTER:
            return self._faint(pull)
        return ""

    def _faint(self, pull: Pull) -> str:
        """Why even its brightest look is too faint; empty where it is not."""
        if pull.peak < self.settings.least_rise and pull.filling < self.settings.least_filling:
            return f"contrast: rises by {pull.peak:.0f} levels at most"
        at_side = pull.first().shape.at_side
        if pull.reach < (self.settings.least_reach_at_side if at_side else self.settings.least_reach):
            return f"contrast: takes {pull.reach:.2f} of what lies between the wall and white"
        return ""

    def _decide_overdue(self) -> list[Spot]:
        """Decide on what has been seen where the frames that would tell more do not come."""
        overdue = [p for p in self._pulls if not p.decided and self._frame - p.born >= DECIDE_AFTER]
        return [self._report(pull) for pull in overdue if not self._faint(pull)]

    def _report(self, pull: Pull) -> Spot:
        pull.decided = pull.reported = True
        first = pull.first()
        colour = colour_of([look.tint for look in pull.looks])
        brightest = max((look.shape for look in pull.looks), key=lambda shape: shape.rise)
        return Spot(
            first.frame, first.time, first.shape.x, first.shape.y, colour, brightest.rise, float(brightest.radius)
        )

    def _glow(self, shape: Shape, width: int, height: int) -> Box:
        """Where a lit spot's light may not become background."""
        size = max(shape.box[2] - shape.box[0], shape.box[3] - shape.box[1])
        return box_around(shape.box, 6 + size, (width, height))

    def _turn_down(self, x: float, y: float, reason: str, frame: int | None = None) -> None:
        self.rejections.append(Rejection(self._frame if frame is None else frame, float(x), float(y), reason))


def inside(box: Box, x: int, y: int) -> bool:
    return box[0] <= x < box[2] and box[1] <= y < box[3]
