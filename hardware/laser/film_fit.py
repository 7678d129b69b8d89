"""How far the film lies beside where the calibration has it, and how blurred the camera sees it: told by its edges.

A calibration by hand is off by a pixel or two, a good one by hundredths. Where the predicted picture has edges, what
the camera's levels miss tells how far it is off (B. D. Lucas and T. Kanade, An iterative image registration technique,
1981), here for a projective change of the whole screen.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hardware.laser.film_view import FilmView

Floats = NDArray[np.float32]

BLURS = (0.0, 0.5, 0.8, 1.1, 1.5, 2.0, 2.6)
"""Camera pixels of blur that are tried."""
BLUR_FIRST = 3
FADES = 0.8
MOST_MISSED = 40.0
FEWEST = 80
LEAST_EDGE = 4.0
"""Levels a pixel from which a sample tells anything."""
FURTHEST = 25.0
"""Levels by which a sample may miss and still tell of the place, in steps of its slope."""
DOUBT = np.array([1.5, 1.0, 1.0, 1.5, 1.0, 1.0, 0.7, 0.7])
"""Camera pixels by which a calibration may be off in each of the eight ways."""
NOISE = 6.0
"""Levels by which an edge misses for other reasons."""
WORTH = 0.1
"""Independent observations that one sample is worth."""
REMEMBER = 0.95
"""What is left after each frame of what the frames before told: the camera does not move by itself."""
MOST_STEP = 1.0
SETTLED = 0.05


class Sharpness:
    """How blurred the camera sees the film: `pixels` of the camera's, as a standard deviation."""

    def __init__(self) -> None:
        self._at = BLUR_FIRST
        self._costs = np.zeros(len(BLURS))
        self._counts = np.zeros(len(BLURS))

    @property
    def pixels(self) -> float:
        """The blur that explains edges best."""
        return BLURS[self._at]

    def learn(self, miss: Callable[[float], Floats]) -> bool:
        """Try this blur and those beside it, by what edges `miss` under a blur, in levels; whether it has changed."""
        for at in (self._at - 1, self._at, self._at + 1):
            if 0 <= at < len(BLURS):
                self._costs[at] = FADES * self._costs[at] + float(np.minimum(miss(BLURS[at]), MOST_MISSED).mean())
                self._counts[at] = FADES * self._counts[at] + 1
        tried = self._counts > 0
        mean = np.where(tried, self._costs / np.maximum(self._counts, 1e-6), np.inf)
        before, self._at = self._at, int(mean.argmin())
        return self._at != before


class Registration:
    """`moved` is the root mean square of the latest correction, in the shown pictures' pixels."""

    def __init__(self, view: FilmView) -> None:
        self._view = view
        self._total = np.zeros(8)
        self._normal = np.zeros((8, 8))
        self.moved = float("inf")

    def learn(self, slope_x: Floats, slope_y: Floats, miss: Floats, places: NDArray[np.intp]) -> None:
        """Correct the view by levels missed at some samples, and the predicted picture's slopes there."""
        slope = np.hypot(slope_x, slope_y)
        fair = (slope > LEAST_EDGE) & (np.abs(miss) < FURTHEST + slope)
        if np.count_nonzero(fair) < FEWEST:
            return
        gx, gy, miss, places = slope_x[fair], slope_y[fair], miss[fair], places[fair]
        across, down = basis(self._view.sample_x[places], self._view.sample_y[places], self._view.size)
        rows = (gx[:, None] * across + gy[:, None] * down) / NOISE
        # Far misses are other things than a shift.
        weight = WORTH / (1 + (miss / (2 * NOISE)) ** 2)
        doubt = np.diag((DOUBT * self._view.scale) ** -2.0)
        self._normal = REMEMBER * self._normal + rows.T @ (rows * weight[:, None])
        step = np.linalg.solve(self._normal + doubt, rows.T @ (weight * miss / NOISE) - doubt @ self._total)
        moves = np.hypot(across @ step, down @ step)
        self.moved = float(np.sqrt(np.mean(moves**2)))
        if self.moved > MOST_STEP * self._view.scale:
            step *= MOST_STEP * self._view.scale / self.moved
        self._total += step
        if self.moved > SETTLED / 4:
            self._apply()

    def _apply(self) -> None:
        height, width = self._view.shape
        x = np.clip(self._view.x, 0, self._view.size[0]).ravel()
        y = np.clip(self._view.y, 0, self._view.size[1]).ravel()
        across, down = basis(x, y, self._view.size)
        total = self._total.astype(np.float32)
        self._view.shift((across @ total).reshape(height, width), (down @ total).reshape(height, width))


def basis(x: Floats, y: Floats, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """The eight ways in which places (n,) move, across and down, each (n, 8): a projective map to the first order."""
    u, v = (2 * x / size[0] - 1).astype(np.float32), (2 * y / size[1] - 1).astype(np.float32)
    one, none = np.ones_like(u), np.zeros_like(u)
    across = np.stack([one, u, v, none, none, none, u * u, u * v], axis=1)
    down = np.stack([none, none, none, one, u, v, u * v, v * v], axis=1)
    return across, down
