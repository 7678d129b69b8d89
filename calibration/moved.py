"""A calibration whose camera has moved since: another calibration, asked where the camera looked from before. Pure.

A camera that is pushed mostly turns. In straightened pixels, those of a camera without lens distortion, a turn is a
homography exactly, whatever the wall's shape; a small move before a flat wall is one nearly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.mapping import Calibration, Method
from calibration.solved import SolvedCalibration
from range.core.geometry import Matrix, Point, project

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Straightening:
    """A lens's distortion, taken off and put on: `centre`, `k1`, `k2` as in `Lens`, for pictures of `camera` size."""

    camera: tuple[int, int]
    centre: tuple[float, float] = (0.0, 0.0)
    k1: float = 0.0
    k2: float = 0.0

    @classmethod
    def of(cls, calibration: Calibration, camera: tuple[int, int]) -> "Straightening":
        """That of a calibration's lens; none at all where it knows of no lens."""
        if isinstance(calibration, SolvedCalibration):
            lens = calibration.lens
            return cls(lens.camera, lens.centre, lens.k1, lens.k2)
        return cls(camera)

    def straight(self, points: Array) -> Array:
        """Camera pixels (n, 2) as they would be without distortion."""
        away = self._away(points)
        square = (away**2).sum(axis=1, keepdims=True)
        return self._pixels(away * (1 + self.k1 * square + self.k2 * square**2))

    def bent(self, points: Array) -> Array:
        """Straightened pixels (n, 2) as the camera has them, by Newton's method."""
        goal = self._away(points)
        reach = np.hypot(goal[:, 0], goal[:, 1])
        found = reach.copy()
        for _ in range(20):
            square = found**2
            value = found * (1 + self.k1 * square + self.k2 * square**2) - reach
            slope = 1 + 3 * self.k1 * square + 5 * self.k2 * square**2
            found = np.clip(found - value / np.where(slope > 0.1, slope, 0.1), 0, 20)
        share = np.where(reach > 1e-12, found / np.maximum(reach, 1e-12), 1.0)
        return self._pixels(goal * share[:, None])

    def _away(self, points: Array) -> Array:
        half = max(self.camera) / 2
        away: Array = (points - (np.array(self.camera) - 1) / 2) / half - np.array(self.centre)
        return away

    def _pixels(self, away: Array) -> Array:
        half = max(self.camera) / 2
        pixels: Array = (away + np.array(self.centre)) * half + (np.array(self.camera) - 1) / 2
        return pixels


@dataclass(frozen=True, slots=True, eq=False)
class MovedCalibration:
    """`before` as it is to be read since the camera moved; the fields of `Calibration`.

    `correction` (3, 3) takes straightened camera pixels as they are now to where they were in `before`.
    """

    before: Calibration
    correction: Matrix
    lens: Straightening

    @property
    def screen(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.before.screen

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The screen's corners in camera pixels, wherever they lie."""
        now = self.to_now(np.array(self.before.corners))
        a, b, c, d = ((float(x), float(y)) for x, y in now)
        return a, b, c, d

    @property
    def latency(self) -> float:
        """Seconds from a flip to its picture in the camera."""
        return self.before.latency

    @property
    def method(self) -> Method:
        """How the calibration before was made."""
        return self.before.method

    @property
    def made(self) -> str:
        """When the calibration before was made, UTC."""
        return self.before.made

    def to_screen(self, points: Array) -> Array:
        """Camera pixels (n, 2) to screen pixels (n, 2), beyond the screen's edges and what is seen too."""
        return self.before.to_screen(self.to_before(points))

    def to_camera(self, points: Array) -> Array:
        """Screen pixels (n, 2) to camera pixels (n, 2); nan where there is none."""
        return self.to_now(self.before.to_camera(points))

    def sees(self, x: float, y: float) -> bool:
        """Whether a camera pixel lies on the screen, where it may be relied on."""
        ((x, y),) = self.to_before(np.array([[x, y]])).tolist()
        return self.before.sees(x, y)

    def on_screen(self, points: Array) -> Array:
        """Camera pixels (n, 2) to screen pixels (n, 2); nan where `sees` says no."""
        return self.before.on_screen(self.to_before(points))

    def to_before(self, points: Array) -> Array:
        """Camera pixels (n, 2) as they are now to those of the calibration before."""
        return self.lens.bent(project(self.correction, self.lens.straight(points)))

    def to_now(self, points: Array) -> Array:
        """Camera pixels (n, 2) of the calibration before to those of now."""
        inverse = np.linalg.inv(self.correction)
        return self.lens.bent(project(inverse / inverse[2, 2], self.lens.straight(points)))
