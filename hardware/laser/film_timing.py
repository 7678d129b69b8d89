"""When the camera saw the film: the middle of its exposure, how long that was, how fast its rows follow each other.

When the film was visible is known to some milliseconds only, a shutter may be open across a change, a rolling one sees
other pictures further down. Places where successive pictures differ tell it: for each camera frame the middle, and over
many the exposure and the rolling, which do not change.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

EXPOSURES = (0.004, 0.008, 0.013, 0.017, 0.021, 0.026, 0.033)
ROLLINGS = (0.0, 0.006, 0.012, 0.018, 0.024)
"""Seconds that are tried: an exposure, and the time from the first row to the last."""
FURTHEST = 0.06
"""Seconds by which the film may be seen earlier or later than expected."""
CLOSE = 0.02
"""... and by which one frame may differ from those before, once they agree: the display has its own clock."""
STEPS = (0.005, 0.002, 0.0008)
SURE = 12
"""Frames after which the middle is known."""
FORGET = 0.97
TRIMMED = 0.85
"""Share of the samples that counts: somebody may stand before the others."""
TRIED_EVERY = 4
TRIED_FIRST = 40
"""Frames that tell in which all exposures are tried; later they are now and then."""
HELD = 40.0
"""Levels that a middle one second beside the usual one costs: of what fits alike, the usual one is taken."""

Miss = Callable[[Floats], Floats]
"""How far the camera's levels lie from a mixture of pictures, by its weights (pictures, n): (n,)."""


class Timing:
    """`late` is by how many seconds the film is usually seen earlier on its own clock than expected, `exposure` and
    `rolling` in seconds; `known` how many frames have told; `latest` the latest frame's own, None where it does not
    tell; `cost` the mean miss of the latest that told, in levels."""

    def __init__(self) -> None:
        self.late = 0.0
        self.exposure = 0.017
        self.rolling = 0.0
        self.known = 0
        self.latest: float | None = None
        self.cost = 0.0
        self._costs = np.zeros((len(EXPOSURES), len(ROLLINGS)))

    def weights(self, times: Sequence[float], middle: float, down: Floats) -> Floats:
        """The share of each picture (pictures, n) where rows lie `down` (n,) the camera's picture, -0.5 to 0.5."""
        return shares(times, middle, down, self.exposure, self.rolling)

    @property
    def unsure(self) -> float:
        """Seconds by which the middle may be wrong."""
        if self.latest is not None and self.known > SURE:
            return 0.003
        return CLOSE if self.known > SURE else FURTHEST / 2

    def tell(self, times: Sequence[float], expected: float, down: Floats, miss: Miss) -> float:
        """The middle of the exposure, on the pictures' clock, by samples where the pictures differ."""

        def cost(late: float, exposure: float | None = None, rolling: float | None = None) -> float:
            exposure = self.exposure if exposure is None else exposure
            rolling = self.rolling if rolling is None else rolling
            off = miss(shares(times, expected + late, down, exposure, rolling))
            kept = int(TRIMMED * len(off))
            return float(np.partition(off, kept)[:kept].mean()) + HELD * abs(late - self.late)

        reach = FURTHEST if self.known < SURE else CLOSE
        tried = {
            round(late, 5): cost(late) for late in np.arange(self.late - reach, self.late + reach + 1e-6, STEPS[0])
        }
        for step in STEPS[1:]:
            best = min(tried, key=lambda late: tried[late])
            for late in (best - step, best + step):
                tried[round(late, 5)] = cost(late)
        best = min(tried, key=lambda late: tried[late])
        best = float(np.clip(best, -FURTHEST, FURTHEST))
        self.cost = tried.get(round(best, 5), 0.0)
        self.latest = best
        self.known += 1
        rate = max(0.05, 1 / self.known)
        self.late += rate * (best - self.late)
        if self.known <= TRIED_FIRST or self.known % TRIED_EVERY == 0:
            fresh = [[cost(best, exposure, rolling) for rolling in ROLLINGS] for exposure in EXPOSURES]
            self._costs = FORGET * self._costs + fresh
            at = np.unravel_index(int(self._costs.argmin()), self._costs.shape)
            self.exposure, self.rolling = EXPOSURES[at[0]], ROLLINGS[at[1]]
        return expected + best


def shares(times: Sequence[float], middle: float, down: Floats, exposure: float, rolling: float) -> Floats:
    """The share of each picture in the exposure of rows `down` the picture: (pictures, n)."""
    begins = (np.array(times) - middle).astype(np.float32)[:, None]
    ends = np.append(begins[1:], np.full((1, 1), 10, np.float32), axis=0)
    begins[0] = -10
    middles = down[None] * np.float32(rolling)
    half = np.float32(exposure / 2)
    opened = np.minimum(ends, middles + half) - np.maximum(begins, middles - half)
    return np.asarray(np.maximum(opened, 0) / (2 * half), np.float32)
