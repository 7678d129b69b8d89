"""What the wall looked like before: the reference every rise is measured against, and the noise upon it.

Planes are lists of uint8 (height, width) arrays, one for each channel (blue, green, red, or grey alone). All
whole-frame work is 8-bit OpenCV arithmetic on planes kept from frame to frame.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.box import Box
from hardware.laser.light import curves, under

Frame = NDArray[np.uint8]
Plane = NDArray[np.uint8]
Planes = list[Plane]

REMEMBERED = 4
"""Frames that are kept, to tell what moves."""
PICTURE_EVERY = 0.5
PICTURES = 8
"""The album: a picture each so many seconds, and how many, to know again what was only covered for a while."""
SAMPLED = 16
"""Every how many rows two frames are compared before all of them are."""
BINS = 16
STRIDE = 8
STEP_UP = 12
"""Levels by which the whole picture must brighten for it to be a lamp, a flash or a cut."""
LEARN_EVERY = 4
RENEW_EVERY = 16


class NoiseModel:
    """Standard deviation of a pixel's noise as a function of its brightness, measured between two frames."""

    def __init__(self) -> None:
        self.sigma: NDArray[np.float32] = np.full(BINS, 2.0, np.float32)
        self._learnt = 0

    def learn(self, now: Plane, before: Plane) -> None:
        """Take one pair of successive frames into account; moving things are too few pixels to matter much."""
        seen_now, seen_before = now[::STRIDE, ::STRIDE].ravel(), before[::STRIDE, ::STRIDE].ravel()
        change = seen_now.astype(np.int16) - seen_before
        # A robust middle of the differences: those beyond 24 levels are changes of the scene, not noise.
        quiet = np.abs(change) <= 24
        bins, change = (seen_now >> 4)[quiet], change[quiet]
        count = np.bincount(bins, minlength=BINS)
        at_least_one = np.maximum(count, 1)
        # What all of one brightness changed by is the light.
        light = np.bincount(bins, weights=change, minlength=BINS) / at_least_one
        squares = np.bincount(bins, weights=change * change, minlength=BINS) / at_least_one
        seen = count >= 50
        # Root mean square, for compressed video is still for a while, then stirs. Two samples, twice the variance.
        spread = np.sqrt(np.maximum(squares - light * light, 0) / 2)
        fresh = np.where(seen, spread, self.sigma).astype(np.float32)
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

    def __init__(self, frame: Frame, time: float, noise_factor: float) -> None:
        self._frames = deque(_planes_like(frame) for _ in range(REMEMBERED + 1))
        for planes in self._frames:
            separate(frame, planes)
        self.album: deque[Planes] = deque(maxlen=PICTURES)
        self._pictured = time
        self._covered: list[tuple[Box, NDArray[np.uint8]]] = []
        self._sample = frame[::SAMPLED].copy()
        self.noise = NoiseModel()
        self._factor = noise_factor
        self.reference = [plane.copy() for plane in self.last]
        self._brightest = self.reference
        self._relit: Planes = []
        self.brightened = False
        self._scratch = np.empty_like(self.last[0])
        self._rise = np.empty_like(self._scratch)
        self._threshold = np.empty_like(self._scratch)
        self._taken = 0
        self._remember()

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

    def rise(self, confine: Callable[[Plane, Sequence[Plane]], None] | None = None) -> Plane:
        """How far the brightest-risen channel of each pixel lies above the reference and the noise; 0 elsewhere.

        `confine` may set it anew where more is known, given the newest frame's planes.

        The 3x3 median takes single wild pixels away and keeps anything a lens could have drawn. The array is reused.
        """
        middle = len(self.now) // 2
        if self._taken % LEARN_EVERY == 0:
            self.noise.learn(self.now[middle], self.last[middle])
        if self._taken % RENEW_EVERY == 0:
            cv2.LUT(self._brightest[middle], self.noise.table(self._factor, 4.0), dst=self._threshold)
        self._taken += 1
        self._follow_the_light()
        cv2.subtract(self.now[0], self.reference[0], dst=self._rise)
        for plane, reference in zip(self.now[1:], self.reference[1:], strict=True):
            cv2.subtract(plane, reference, dst=self._scratch)
            cv2.max(self._rise, self._scratch, dst=self._rise)
        cv2.subtract(self._rise, self._threshold, dst=self._rise)
        if confine is not None:
            confine(self._rise, self.now)
        if not cv2.hasNonZero(self._rise):
            return self._rise
        return cast(Plane, cv2.medianBlur(self._rise, 3, dst=self._scratch))

    def _follow_the_light(self) -> None:
        """Set `reference`: the brighter of the last two frames, under the light there is now."""
        rows, columns = (max(2, length // 60) for length in self._scratch.shape)
        some = (slice(rows // 3, None, rows), slice(columns // 3, None, columns))
        now = np.stack([plane[some].ravel() for plane in self.now])
        was = np.stack([plane[some].ravel() for plane in self._brightest])
        change = curves(now, was, float(self.noise.sigma.max()))
        self.reference = self._brightest
        if change is not None:
            self._relit = self._relit or [np.empty_like(plane) for plane in self._brightest]
            under(change, self._brightest, self._relit)
            self.reference = self._relit
        self.brightened = change is not None and any(
            np.mean(table[levels].astype(np.int16) - levels) > STEP_UP
            for table, levels in zip(change, was, strict=True)
        )

    def noise_at(self, x: int, y: int) -> float:
        """A pixel's standard deviation where the wall is as bright as there, in levels."""
        return self.noise.at(float(self.reference[len(self.reference) // 2][y, x]))

    def threshold(self, x: int, y: int) -> int:
        """How far a pixel may rise by noise alone, in levels."""
        return int(self._threshold[y, x])

    def advance(self, time: float, unlit: Sequence[tuple[Box, NDArray[np.uint8]]]) -> None:
        """Make the newest frame background, except where a spot is lit: there it is what the wall shows without.

        `unlit` are boxes and their (channels, height, width) pixels.
        """
        self._covered = [(box, cut(self.now, box)) for box, _ in unlit]
        for box, pixels in unlit:
            paste(self.now, box, pixels)
        for newest, before, reference in zip(self.now, self.last, self._brightest, strict=True):
            cv2.max(newest, before, dst=reference)
        self._frames.rotate(1)
        if time - self._pictured >= PICTURE_EVERY:
            self._pictured = time
            self._remember()

    def _remember(self) -> None:
        """Put the last frame into the album, in the oldest picture's memory where it is full."""
        if len(self.album) < PICTURES:
            self.album.append([plane.copy() for plane in self.last])
            return
        self.album.rotate(-1)
        for kept, plane in zip(self.album[-1], self.last, strict=True):
            np.copyto(kept, plane)


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
