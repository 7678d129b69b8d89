"""What the wall looked like before: the reference every rise is measured against, and the noise upon it.

Planes are lists of uint8 (height, width) arrays, one for each channel (blue, green, red, or grey alone). All
whole-frame work is 8-bit OpenCV arithmetic on planes kept from frame to frame.
"""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""x0, y0, x1, y1: pixels x0 <= x < x1, y0 <= y < y1."""

BINS = 16
STRIDE = 5
LEARN_EVERY = 2
RENEW_EVERY = 16
SQUARES = np.arange(256, dtype=np.float64) ** 2


class NoiseModel:
    """Standard deviation of a pixel's noise as a function of its brightness, measured between two frames."""

    def __init__(self) -> None:
        self.sigma: NDArray[np.float32] = np.full(BINS, 2.0, np.float32)
        self._learnt = 0

    def learn(self, now: Plane, before: Plane) -> None:
        """Take one pair of successive frames into account; moving things are too few pixels to matter much."""
        a = now[::STRIDE, ::STRIDE].ravel()
        step = cv2.absdiff(now[::STRIDE, ::STRIDE], before[::STRIDE, ::STRIDE]).ravel()
        # A robust middle of the differences: those beyond 24 levels are changes of the scene, not noise.
        quiet = step <= 24
        bins = (a >> 4)[quiet]
        count = np.bincount(bins, minlength=BINS)
        total = np.bincount(bins, weights=SQUARES[step[quiet]], minlength=BINS)
        seen = count >= 50
        # Root mean square, for compressed video is still for a while, then stirs. Two samples, twice the variance.
        fresh = np.where(seen, np.sqrt(total / np.maximum(count, 1) / 2), self.sigma).astype(np.float32)
        if self._learnt == 0:
            known = np.flatnonzero(seen)
            if len(known):
                fresh = np.interp(np.arange(BINS), known, fresh[known]).astype(np.float32)
            self.sigma = fresh
        else:
            rate = np.where(fresh > self.sigma, 0.5, 0.1).astype(np.float32)
            self.sigma = self.sigma + rate * (fresh - self.sigma)
        self._learnt += 1

    def at(self, brightness: float) -> float:
        """Standard deviation at a brightness of 0 to 255."""
        return float(np.interp(brightness / 16 - 0.5, np.arange(BINS), self.sigma))

    def table(self, factor: float, floor: float) -> Plane:
        """256 thresholds by brightness: `floor` plus `factor` standard deviations."""
        levels = np.interp(np.arange(256) / 16 - 0.5, np.arange(BINS), self.sigma)
        return np.clip(floor + factor * levels, 0, 255).astype(np.uint8)


class Background:
    """The last two frames without the spots that were lit in them, and how far the newest rises above both."""

    def __init__(self, planes: Sequence[Plane], noise_factor: float) -> None:
        self.last = [plane.copy() for plane in planes]
        self.before = [plane.copy() for plane in planes]
        self.noise = NoiseModel()
        self._factor = noise_factor
        self.reference = [plane.copy() for plane in planes]
        shape = planes[0].shape
        self._scratch = np.empty(shape, np.uint8)
        self._rise = np.empty(shape, np.uint8)
        self._threshold = np.empty(shape, np.uint8)
        self._frames = 0

    def rise(self, planes: Sequence[Plane]) -> Plane:
        """How far the brightest-risen channel of each pixel lies above the reference and the noise; 0 elsewhere.

        The 3x3 median takes single wild pixels away and keeps anything a lens could have drawn. The array is reused.
        """
        middle = len(planes) // 2
        if self._frames % LEARN_EVERY == 0:
            self.noise.learn(planes[middle], self.last[middle])
        if self._frames % RENEW_EVERY == 0:
            table = self.noise.table(self._factor, 4.0)
            cv2.LUT(self.reference[middle], table, dst=self._threshold)
        self._frames += 1
        cv2.subtract(planes[0], self.reference[0], dst=self._rise)
        for plane, reference in zip(planes[1:], self.reference[1:], strict=True):
            cv2.subtract(plane, reference, dst=self._scratch)
            cv2.max(self._rise, self._scratch, dst=self._rise)
        cv2.medianBlur(self._rise, 3, dst=self._scratch)
        cv2.subtract(self._scratch, self._threshold, dst=self._scratch)
        return cast(Plane, self._scratch)

    def advance(self, planes: Sequence[Plane], unlit: Sequence[tuple[Box, NDArray[np.uint8]]]) -> None:
        """Make the frame the newest background, except where a spot is lit: there it is what the wall shows without.

        `unlit` are boxes and their (channels, height, width) pixels.
        """
        self.last, self.before = self.before, self.last
        for index, plane in enumerate(planes):
            target, previous = self.last[index], self.before[index]
            np.copyto(target, plane)
            for (x0, y0, x1, y1), pixels in unlit:
                target[y0:y1, x0:x1] = pixels[index]
            cv2.max(target, previous, dst=self.reference[index])
