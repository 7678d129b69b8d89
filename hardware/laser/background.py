"""What the wall looked like before: the reference every rise is measured against, and the noise upon it.

Planes are lists of uint8 (height, width) arrays, one for each channel (blue, green, red, or grey alone). All
whole-frame work is 8-bit OpenCV arithmetic on planes kept from frame to frame.
"""

from collections import deque
from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
Plane = NDArray[np.uint8]
Planes = list[Plane]
Box = tuple[int, int, int, int]
"""x0, y0, x1, y1: pixels x0 <= x < x1, y0 <= y < y1."""

REMEMBERED = 4
"""Frames that are kept, to tell what moves."""
SAMPLED = 16
"""Every how many rows two frames are compared before all of them are."""
BINS = 16
STRIDE = 8
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
    """The frames before the newest, without the spots that were lit in them, and how far the newest rises above them.

    All planes are kept and used again: taking new memory for each frame would cost more than the arithmetic on it.
    """

    def __init__(self, frame: Frame, noise_factor: float) -> None:
        self._frames = deque(_planes_like(frame) for _ in range(REMEMBERED + 1))
        for planes in self._frames:
            separate(frame, planes)
        self._covered: list[tuple[Box, NDArray[np.uint8]]] = []
        self._sample = frame[::SAMPLED].copy()
        self.noise = NoiseModel()
        self._factor = noise_factor
        self.reference = [plane.copy() for plane in self.last]
        self._scratch = np.empty_like(self.last[0])
        self._rise = np.empty_like(self._scratch)
        self._threshold = np.empty_like(self._scratch)
        self._taken = 0

    @property
    def now(self) -> Planes:
        """The newest frame's planes, as taken."""
        return self._frames[0]

    @property
    def last(self) -> Planes:
        """The frame before, without its spots."""
        return self._frames[1]

    @property
    def past(self) -> list[Planes]:
        """The `REMEMBERED` frames before the newest without their spots, the latest first."""
        return list(self._frames)[1:]

    def take(self, frame: Frame) -> bool:
        """Make a frame the newest; False, and nothing changes, where it equals the one before in every bit."""
        sample = frame[::SAMPLED]
        alike = np.array_equal(sample, self._sample)
        separate(frame, self._frames[0])
        if alike and self._repeats():
            return False
        np.copyto(self._sample, sample)
        return True

    def _repeats(self) -> bool:
        """Whether the newest frame equals the last as it was before its spots were taken out."""
        patches = [(box, cut(self.last, box)) for box, _ in self._covered]
        for box, pixels in self._covered:
            paste(self.last, box, pixels)
        same = all(cv2.norm(a, b, cv2.NORM_INF) == 0 for a, b in zip(self.now, self.last, strict=True))
        for box, pixels in patches:
            paste(self.last, box, pixels)
        return same

    def rise(self) -> Plane:
        """How far the brightest-risen channel of each pixel lies above the reference and the noise; 0 elsewhere.

        The 3x3 median takes single wild pixels away and keeps anything a lens could have drawn. The array is reused.
        """
        middle = len(self.now) // 2
        if self._taken % LEARN_EVERY == 0:
            self.noise.learn(self.now[middle], self.last[middle])
        if self._taken % RENEW_EVERY == 0:
            cv2.LUT(self.reference[middle], self.noise.table(self._factor, 4.0), dst=self._threshold)
        self._taken += 1
        cv2.subtract(self.now[0], self.reference[0], dst=self._rise)
        for plane, reference in zip(self.now[1:], self.reference[1:], strict=True):
            cv2.subtract(plane, reference, dst=self._scratch)
            cv2.max(self._rise, self._scratch, dst=self._rise)
        cv2.subtract(self._rise, self._threshold, dst=self._rise)
        if not cv2.hasNonZero(self._rise):
            return self._rise
        return cast(Plane, cv2.medianBlur(self._rise, 3, dst=self._scratch))

    def threshold(self, x: int, y: int) -> int:
        """How far a pixel may rise by noise alone, in levels."""
        return int(self._threshold[y, x])

    def advance(self, unlit: Sequence[tuple[Box, NDArray[np.uint8]]]) -> None:
        """Make the newest frame background, except where a spot is lit: there it is what the wall shows without.

        `unlit` are boxes and their (channels, height, width) pixels.
        """
        self._covered = [(box, cut(self.now, box)) for box, _ in unlit]
        for box, pixels in unlit:
            paste(self.now, box, pixels)
        for newest, before, reference in zip(self.now, self.last, self.reference, strict=True):
            cv2.max(newest, before, dst=reference)
        self._frames.rotate(1)


def separate(frame: Frame, planes: Planes) -> None:
    """Copy a frame's channels into planes that are there already."""
    if frame.ndim == 2:
        np.copyto(planes[0], frame)
    else:
        cv2.split(frame, planes)


def cut(planes: Sequence[Plane], box: Box) -> NDArray[np.uint8]:
    """A box out of every plane, as (channels, height, width)."""
    x0, y0, x1, y1 = box
    return np.stack([plane[y0:y1, x0:x1] for plane in planes])


def paste(planes: Planes, box: Box, pixels: NDArray[np.uint8]) -> None:
    """Put (channels, height, width) pixels into a box of every plane."""
    x0, y0, x1, y1 = box
    for plane, values in zip(planes, pixels, strict=True):
        plane[y0:y1, x0:x1] = values


def _planes_like(frame: Frame) -> Planes:
    return [np.empty(frame.shape[:2], np.uint8) for _ in range(1 if frame.ndim == 2 else frame.shape[2])]
