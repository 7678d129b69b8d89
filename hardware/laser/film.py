"""What the film on the wall makes of the camera's picture, so that it is never taken for a laser.

For each frame: when it was taken (`film_timing`), what the camera makes of the pictures it holds (`film_response`), by
how much that may be wrong (`film_doubt`), and where the film changed. In tiles where it changes, only what rises above
the most that the film may show there is a candidate; elsewhere the finder's own background serves, which knows the wall
to the pixel.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.background import Plane, cut
from hardware.laser.box import Box
from hardware.laser.film_doubt import Doubt, changes_of, edges_of
from hardware.laser.film_fit import Registration, Sharpness
from hardware.laser.film_picture import PROJECTOR, FilmPicture, OnWall, Picture, Shown, film_picture, sampled
from hardware.laser.film_response import Response, Samples
from hardware.laser.film_timing import Timing
from hardware.laser.film_view import TILE, FilmView
from hardware.laser.sight import Sight
from hardware.laser.sight import expected as under_this_light

LARGEST_ERROR = 14.0
"""Median miss, in levels, beyond which the film is not where it should be."""
UNCERTAIN = 0.03
"""Stimulus by which the response may be stronger than thought, beyond which that is counted in."""
RENEW_EVERY = 6
"""Frames after which the gain is spread over the picture again."""
LEARNT = 1000
"""Samples that are learnt from in one frame."""
TELLING = 400
"""Samples that tell the time of one frame, at most, ..."""
FEWEST = 16
"""... and at least."""
DIFFERENT = 12
"""Levels of light's root by which the pictures must differ at a sample for it to tell them apart."""
BOTH = 30
"""Frames in which both kinds of camera are learnt all the time."""
FIT_FIRST, FIT_EVERY = 60, 15
"""Frames in which place and blur are learnt all the time; later they are now and then."""
BLUR_EVERY = 3
AN_EDGE = 12
"""Levels of an edge that tells how blurred it is seen."""
RECENT = 3
"""Frames that the background remembers and that must not differ, for the background to know the wall."""
STIRS = 5
"""Levels by which the film must differ from the frames before for the background not to serve."""
KEPT = 24
BEFORE = 0.02
"""Seconds beyond its exposure from which the frame may hold what was on the wall before what is known."""
GREEN = 1

NOT_SHOWN = "what was on the wall is not known"
BEGINS = "what was on the wall before or after is not known"
LEARNING = "the film is being learnt"
GREY = "a grey camera cannot follow the film"


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The film as the camera should show the newest frame: what it should show, and the most it may; `stirred` is 255
    where that differs from what the frames before showed, None where it does everywhere."""

    expected: Picture
    most: Picture
    stirred: Picture | None


class Film:
    """Follows the film through one camera.

    `changed` says in which tiles of the camera's picture the film changed lately (rows, columns); `why_not` why the
    prediction is not to be trusted now, empty where it is; `error` the median miss of flat places, in levels. `timing`
    tells how late the film is seen.
    """

    def __init__(self, view: FilmView) -> None:
        self.view = view
        self.timing = Timing()
        self.why_not = LEARNING
        self.error = float("inf")
        self.between = False
        self._responses = (Response(root=True), Response(root=False))
        self._doubt = Doubt()
        self._registration = Registration(view)
        self._sharpness = Sharpness()
        self._pictures: deque[tuple[float, FilmPicture]] = deque(maxlen=KEPT)
        self._recent: deque[tuple[FilmPicture, ...]] = deque(maxlen=RECENT)
        self._drawn: Drawn | None = None
        self._drawings: deque[Picture] = deque(maxlen=2)
        self._gains: NDArray[np.float32] | None = None
        self._frames = 0
        self._fits = 0
        self._unknown = RECENT
        rows, columns = (-(-length // TILE) for length in view.shape)
        self.changed = np.zeros((rows, columns), bool)

    @property
    def trusted(self) -> bool:
        """Whether what the film shows can be told from the rest."""
        return not self.why_not

    @property
    def response(self) -> Response:
        """The response that explains the camera's picture better."""
        return min(self._responses, key=lambda response: (not response.frames, response.misfit))

    def see(self, planes: Sequence[Plane], on_wall: OnWall | None) -> None:
        """Take the newest frame's planes, and what was on the wall during it, None where that is not known."""
        self._frames += 1
        self._drawn = None
        self.between = False
        self.changed[:] = False
        if len(planes) != 3 or on_wall is None or not on_wall.pictures:
            self._lose(NOT_SHOWN if len(planes) == 3 else GREY)
            return
        if self._half_known(on_wall):
            self._lose(BEGINS)
            self.between = True
            return
        self._choose_samples(on_wall)
        known = [self._known(one) for one in on_wall.pictures]
        times = [one.time for one in on_wall.pictures]
        seen = np.stack([plane[self.view.rows, self.view.columns] for plane in planes], axis=1)
        middle = self._middle(known, times, on_wall.expected, seen)
        self._learn_response(known, self.timing.weights(times, middle, self.view.down), seen)
        self.error = self.response.error
        lasting = self.timing.weights(times, middle, self.view.lines)
        possible = self._possible(times, middle)
        self._recent.append(tuple(known[at] for at in possible))
        self._unknown = max(0, self._unknown - 1)
        if not self.response.frames:
            self.why_not = LEARNING
            return
        if self.error > LARGEST_ERROR:
            self.why_not = f"the film is not seen where it should be, it is off by {self.error:.0f} levels"
            return
        self.why_not = ""
        # While the background still remembers what nobody knows, it does not serve.
        blocks = np.ones(self.view.blocks, bool) if self._unknown else self._changed_blocks()
        self.changed = self.view.tiles_on(blocks)
        fitting = self._fits <= FIT_FIRST or self._frames % FIT_EVERY == 0
        if fitting or self.changed.any():
            self._draw(known, lasting, possible, seen, fitting=fitting)

    def confine(self, excess: Plane, planes: Sequence[Plane]) -> None:
        """Set an excess to what rises above the film, wherever the film changes. In place."""
        if self._drawn is None or not self.changed.any():
            return
        for row in np.flatnonzero(self.changed.any(axis=1)):
            for start, end in runs(self.changed[row]):
                here = (slice(row * TILE, (row + 1) * TILE), slice(start * TILE, end * TILE))
                drawn = cv2.remap(self._drawn.most, self.view.x[here], self.view.y[here], cv2.INTER_LINEAR)
                above = cv2.subtract(planes[0][here], drawn[:, :, 0])
                for channel in (1, 2):
                    cv2.max(above, cv2.subtract(planes[channel][here], drawn[:, :, channel]), dst=above)
                cv2.copyTo(above, self._stirs(here), excess[here])

    def sight(self, planes: Sequence[Plane], reference: Sequence[Plane], patch: Box, noise: float) -> Sight:
        """A patch beside what the film makes of it: what the film can explain is wall, the rest somebody's light."""
        now = cut(planes, patch).astype(np.float32)
        x0, y0, x1, y1 = patch
        near = self._stirs((slice(y0, y1), slice(x0, x1))) > 0
        film = np.where(near, self.expected(patch), cut(reference, patch)).astype(np.float32)
        film = under_this_light(now, film)
        lit = (now > self.most(patch)).any(axis=0) | ~near
        base = np.where(lit, film, now).astype(np.float32)
        height, width = planes[0].shape
        noise = max(noise, 0.5 * self.error)
        return Sight((x0, y0), (width, height), now, base, base, now - base, noise)

    def wall(self, patch: Box) -> NDArray[np.float32] | None:
        """The most the wall may show in a patch without a spot, (3, height, width); None where nobody knows."""
        return self.most(patch) if self._drawn is not None and self.trusted and self.view.whole(patch) else None

    def covers(self, box: Box) -> bool:
        """Whether the film changes in a box of the camera's picture."""
        x0, y0, x1, y1 = box
        return bool(self.changed[y0 // TILE : -(-y1 // TILE), x0 // TILE : -(-x1 // TILE)].any())

    def expected(self, box: Box) -> NDArray[np.float32]:
        """What the camera should show in a box that looks at the screen, (3, height, width)."""
        assert self._drawn is not None
        return self._looked_up(self._drawn.expected, box)

    def most(self, box: Box) -> NDArray[np.float32]:
        """The most the camera may show in a box that looks at the screen, (3, height, width)."""
        assert self._drawn is not None
        return self._looked_up(self._drawn.most, box)

    def _stirs(self, here: tuple[slice, slice]) -> Picture:
        """Where in a part of the camera's picture the film changes, 255; elsewhere 0: there the wall is as it was."""
        assert self._drawn is not None
        near = self.view.near[here].view(np.uint8)
        if self._drawn.stirred is None:
            return np.asarray(near * np.uint8(255), np.uint8)
        looked = cv2.remap(self._drawn.stirred, self.view.x[here], self.view.y[here], cv2.INTER_NEAREST)
        return np.asarray(cv2.bitwise_and(looked, looked, mask=near), np.uint8)

    def _looked_up(self, picture: Picture, box: Box) -> NDArray[np.float32]:
        x0, y0, x1, y1 = box
        here = (slice(y0, y1), slice(x0, x1))
        drawn = cv2.remap(picture, self.view.x[here], self.view.y[here], cv2.INTER_LINEAR)
        return np.moveaxis(drawn, 2, 0).astype(np.float32)

    def _choose_samples(self, on_wall: OnWall) -> None:
        if self._fits <= FIT_FIRST or self._frames % RENEW_EVERY == 0:
            middle = on_wall.expected + self.timing.late
            newest = [one for one in on_wall.pictures if one.time <= middle] or on_wall.pictures[:1]
            known = self._known(newest[-1])
            self.view.sample_also(known.picture, known.rough)

    def _lose(self, why: str) -> None:
        self.why_not = why
        self._recent.clear()
        self._drawings.clear()
        self._unknown = RECENT

    def _half_known(self, on_wall: OnWall) -> bool:
        """Whether the frame may hold what was on the wall before the first picture that is known, or after the last."""
        reach = self.timing.exposure / 2 + self.timing.rolling / 2 + BEFORE
        middle = on_wall.expected + self.timing.late
        return middle - reach < on_wall.pictures[0].time or middle + reach > on_wall.until

    def _known(self, shown: Shown) -> FilmPicture:
        for time, known in reversed(self._pictures):
            if time == shown.time:
                known.look(self.view)
                return known
        before = self._pictures[-1][1] if self._pictures else None
        known = film_picture(shown.picture, before, self.view, self._sharpness.pixels * self.view.scale)
        self._pictures.append((shown.time, known))
        return known

    def _middle(self, known: Sequence[FilmPicture], times: Sequence[float], expected: float, seen: Picture) -> float:
        """The middle of the exposure, told by the samples where the film changes."""
        self.timing.latest = None
        usual = expected + self.timing.late
        response = self.response
        if len(known) < 2 or not response.frames:
            return usual
        roots = np.sqrt(np.stack([picture.samples[:, GREEN] for picture in known]))
        telling = np.flatnonzero((roots.max(axis=0) - roots.min(axis=0)) * 255 > DIFFERENT)
        if len(telling) < FEWEST:
            return usual
        telling = telling[:: -(-len(telling) // TELLING)]
        regions = self.view.regions[telling]
        each = [
            response.stimulus(Samples(picture.samples[telling], self._stray(picture)[regions], regions))
            for picture in known
        ]
        stimuli = np.stack(each)[:, :, GREEN]
        green = seen[telling, GREEN].astype(np.float32)

        def miss(weights: NDArray[np.float32]) -> NDArray[np.float32]:
            mixed = (weights * stimuli).sum(axis=0)
            levels = response.shown(np.repeat(mixed[:, None], 3, axis=1))[:, GREEN]
            return np.asarray(np.abs(levels - green), np.float32)

        return self.timing.tell(times, expected, self.view.down[telling], miss)

    def _learn_response(self, known: Sequence[FilmPicture], weights: NDArray[np.float32], seen: Picture) -> None:
        """From the samples that lie in flat places of all that the frame holds, and hold the same in all."""
        used = [at for at, share in enumerate(weights) if share.max() > 0]
        light = np.sum([weights[at][:, None] * known[at].samples for at in used], axis=0)
        flat = np.logical_and.reduce([known[at].flat for at in used])
        roots = np.sqrt(np.stack([known[at].samples for at in used]))
        steady = (roots.max(axis=0) - roots.min(axis=0)).max(axis=1) * 255 < DIFFERENT / 2
        # What is bright is often small: where the film is blurred as the camera sees it, edges tell too.
        rare = np.arange(len(flat)) >= self.view.evenly
        places = np.flatnonzero((flat | rare) & steady)
        if len(places) < LEARNT / 4 and self.timing.known:
            places = np.flatnonzero(flat | rare)
        # Other samples each time; few are enough, and quick.
        stride = max(1, len(places) // LEARNT)
        places = places[self._frames % stride :: stride]
        regions = self.view.regions[places]
        shares = [float(weights[at].mean()) for at in used]
        stray = np.sum([share * self._stray(known[at]) for share, at in zip(shares, used, strict=True)], axis=0)
        film = Samples(light[places].astype(np.float32), stray[regions].astype(np.float32), regions)
        best = self.response
        for response in self._responses:
            if self._frames <= BOTH or response is best or self._frames % RENEW_EVERY == 0:
                if response.frames:
                    response.follow(film, seen[places])
                response.learn(film, seen[places])

    def _stray(self, picture: FilmPicture) -> NDArray[np.float32]:
        return picture.stray.reshape(-1, 6)

    def _possible(self, times: Sequence[float], middle: float) -> list[int]:
        """Which pictures the frame may hold, its time being as unsure as it is."""
        unsure = self.timing.unsure
        ends = np.array([-0.5, 0.5], np.float32)
        either = [self.timing.weights(times, middle + late, ends).max(axis=1) > 0 for late in (-unsure, 0.0, unsure)]
        places = np.flatnonzero(np.logical_or.reduce(either))
        return list(np.arange(int(places[0]), int(places[-1]) + 1))

    def _changed_blocks(self) -> NDArray[np.bool_]:
        """Blocks that differ between any two pictures of the latest frames."""
        lately = {id(picture) for pictures in self._recent for picture in pictures}
        places = [at for at, (_, picture) in enumerate(self._pictures) if id(picture) in lately]
        blocks = np.zeros(self.view.blocks, bool)
        if not places:
            return ~blocks
        # What a picture changed, it changed against the one before it: the oldest one's changes lie before.
        for _, picture in islice(self._pictures, places[0] + 1, places[-1] + 1):
            blocks |= picture.changed
        return blocks

    def _draw(
        self,
        known: Sequence[FilmPicture],
        weights: NDArray[np.float32],
        possible: Sequence[int],
        seen: Picture,
        *,
        fitting: bool,
    ) -> None:
        """Draw what the camera should show, and learn from where it shows something else."""
        response = self.response
        held = [at for at in possible if weights[at].max() > 0]
        light, stray = known[held[0]].light, np.zeros_like(known[0].stray)
        if len(held) > 1 or weights[held[0]].min() < 1:
            light = np.zeros_like(light)
            for at in held:
                share = weights[at]
                if share.max() - share.min() < 1e-3:
                    cv2.scaleAdd(known[at].light, float(share[0]), light, dst=light)
                else:
                    light += known[at].light * share[:, None, None]
        for at in held:
            stray += float(weights[at].mean()) * known[at].stray
        if self._gains is None or self._frames % RENEW_EVERY == 0 or self._frames < RENEW_EVERY:
            self._gains = response.gains(self.view.size)
        added = np.asarray(cv2.resize(response.added(stray), self.view.size), np.float32)
        expected = response.render(light, self._gains, added)
        edges = edges_of(expected)
        changes = changes_of([known[at].picture for at in possible])
        self._fit(
            known,
            [(at, float(weights[at].mean())) for at in held],
            stray,
            expected,
            edges,
            changes,
            seen,
            fitting=fitting,
        )
        top = response.render(light, self._gains, added, most=True) if response.uncertain > UNCERTAIN else expected
        most = self._doubt.most(top, edges, changes, response.spread)
        self._drawn = Drawn(expected, most, None if self._unknown else self._stirred(expected))
        self._drawings.append(expected)

    def _stirred(self, expected: Picture) -> Picture | None:
        """Where the picture differs from those drawn for the frames that the background remembers."""
        if len(self._drawings) < 2:
            return None
        most = cv2.absdiff(expected, self._drawings[0])
        for other in list(self._drawings)[1:]:
            cv2.max(most, cv2.absdiff(expected, other), dst=most)
        strongest = cv2.max(cv2.max(most[:, :, 0], most[:, :, 1]), most[:, :, 2])
        return np.asarray(cv2.dilate((strongest > STIRS) * np.uint8(255), np.ones((3, 3), np.uint8)), np.uint8)

    def _fit(
        self,
        known: Sequence[FilmPicture],
        held: Sequence[tuple[int, float]],
        stray: NDArray[np.float32],
        expected: Picture,
        edges: Picture,
        changes: Picture | None,
        seen: Picture,
        *,
        fitting: bool,
    ) -> None:
        """Learn doubt from the samples and, where it is time to, place and blur."""
        at = (self.view.nearest_y, self.view.nearest_x)
        shown = sampled(expected.astype(np.float32), self.view)
        miss = seen.astype(np.float32) - shown
        rough = edges[at].astype(np.float32)
        stirred = np.zeros_like(rough) if changes is None else changes[at].astype(np.float32)
        response = self.response
        levels = np.clip(shown, 0, 255).astype(np.intp)
        spread = np.stack([response.spread[channel][levels[:, channel]] for channel in (0, 1, 2)], axis=1)
        fair = (seen < 250).all(axis=1) & (np.abs(miss).max(axis=1) < 120)
        self._doubt.learn(miss[fair], spread[fair], rough[fair], stirred[fair])
        if not fitting:
            return
        still = np.flatnonzero(fair & (stirred.max(axis=1) < DIFFERENT / 2))
        row, column = at[0][still], at[1][still]
        green = expected[:, :, GREEN].astype(np.float32)
        half = np.float32(0.5)
        slope_x = half * (green[row, column + 1] - green[row, column - 1])
        slope_y = half * (green[row + 1, column] - green[row - 1, column])
        if self._frames > 2:
            self._registration.learn(slope_x, slope_y, miss[still, GREEN], still)
        if self._fits % BLUR_EVERY == 0:
            told = fair & (rough.max(axis=1) > AN_EDGE)
            if self.timing.latest is None:
                told &= stirred.max(axis=1) < DIFFERENT / 2
            self._fit_blur([(known[at].picture, share) for at, share in held], stray, seen, np.flatnonzero(told))
        self._fits += 1

    def _fit_blur(
        self,
        pictures: Sequence[tuple[Picture, float]],
        stray: NDArray[np.float32],
        seen: Picture,
        places: NDArray[np.intp],
    ) -> None:
        if len(places) < FEWEST:
            return
        regions = self.view.regions[places]
        sharp = np.sum([share * cv2.LUT(picture, PROJECTOR) for picture, share in pictures], axis=0)

        def miss(blur: float) -> NDArray[np.float32]:
            blurred = cv2.GaussianBlur(sharp, (0, 0), blur * self.view.scale) if blur else sharp
            light = sampled(np.asarray(blurred, np.float32), self.view)[places]
            levels = self.response.levels(Samples(light, stray.reshape(-1, 6)[regions], regions))
            return np.asarray(np.abs(levels - seen[places]).max(axis=1), np.float32)

        if self._sharpness.learn(miss):
            self._pictures.clear()
            self._recent.clear()
            self._drawings.clear()


def runs(row: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The first and the last but one place of each run that is set."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
