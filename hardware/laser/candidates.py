"""Where a laser spot may have appeared: separate risen regions of a frame, strongest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.background import Plane
from hardware.laser.box import Box

MOST = 48
SAMPLES = 600
LIGHT_CHANGE = 2.0
"""Change of most of a patch, in levels, from which the light changed and not only the things in it."""
FLOOD = cv2.FLOODFILL_FIXED_RANGE | 8
WEAK = 6
"""Regions of no more than the least rise that are worth a look in one frame: more are the picture's own unrest."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A region's strongest pixel, its rise above the noise, and the box and area of the part above half of it."""

    x: int
    y: int
    rise: int
    box: Box
    area: int


def stands_out(planes: Sequence[Plane], reference: Sequence[Plane], box: Box, sway: int) -> int:
    """How far a box rises above everything that was within `sway` pixels of it before, in its strongest channel.

    What only moved a little, or an edge that the camera's shake or compression shifted, does not stand out.
    """
    height, width = planes[0].shape
    x0, y0, x1, y1 = box[0] - sway - 1, box[1] - sway - 1, box[2] + sway + 1, box[3] + sway + 1
    here = (slice(max(0, y0), min(height, y1)), slice(max(0, x0), min(width, x1)))
    kernel = np.ones((2 * sway + 1, 2 * sway + 1), np.uint8)
    above = cv2.subtract(planes[0][here], cv2.dilate(reference[0][here], kernel))
    for plane, before in zip(planes[1:], reference[1:], strict=True):
        cv2.max(above, cv2.subtract(plane[here], cv2.dilate(before[here], kernel)), dst=above)
    return int(cv2.medianBlur(above, 3).max())


def unrest(planes: Sequence[Plane], reference: Sequence[Plane], seed: Seed, reach: int = 12) -> float:
    """How much the surroundings of a seed stir: the mean fall of the middle channel around its box, in levels.

    A spot's own glow is a rise.
    """
    middle = len(planes) // 2
    x0, y0, x1, y1 = seed.box
    wide = (slice(max(0, y0 - reach), y1 + reach), slice(max(0, x0 - reach), x1 + reach))
    tight = (slice(max(0, y0 - 3), y1 + 3), slice(max(0, x0 - 3), x1 + 3))
    total = count = 0.0
    for box, sign in ((wide, 1), (tight, -1)):
        change = cv2.subtract(reference[middle][box], planes[middle][box])
        total += sign * cv2.sumElems(change)[0]
        count += sign * change.size
    return total / count if count else 0.0


def stirred(planes: Sequence[Plane], reference: Sequence[Plane], seed: Seed, patch: Box, level: float) -> float:
    """The share of a patch, beyond a seed and its glow, in which the strongest channel changed by more than `level`.

    What changed everywhere alike, by an amount or by a factor, is the light and does not count. Looks at some `SAMPLES`
    pixels only.
    """
    x0, y0, x1, y1 = patch
    step = max(1, int(np.sqrt((x1 - x0) * (y1 - y0) / SAMPLES)))
    here = (slice(y0, y1, step), slice(x0, x1, step))
    far = np.ones(planes[0][here].shape, bool)
    radius = float(np.sqrt(seed.area / np.pi))
    margin = round(3 + max(4 + 0.6 * radius, 2 + 1.2 * radius))
    left, top, right, bottom = seed.box
    far[
        max(0, (top - margin - y0) // step) : max(0, (bottom + margin - y0) // step + 1),
        max(0, (left - margin - x0) // step) : max(0, (right + margin - x0) // step + 1),
    ] = False
    if np.count_nonzero(far) < 40:
        return 0.0
    before = np.stack([plane[here][far] for plane in reference]).astype(np.int16)
    change = np.stack([plane[here][far] for plane in planes]) - before
    light = middle(change)
    if np.abs(light).max() >= LIGHT_CHANGE:
        factor = middle((change + before + 2) / (before + 2))
        by_factor, by_amount = np.abs(change + before - factor * before), np.abs(change - light)
        gain = by_factor.mean(axis=1, keepdims=True) < by_amount.mean(axis=1, keepdims=True)
        change = np.where(gain, by_factor, by_amount)
    over = np.abs(change).max(axis=0) > level
    return np.count_nonzero(over) / len(over)


def middle(values: NDArray[Any]) -> NDArray[Any]:
    """The upper median of each row of (n, m) values, as (n, 1)."""
    at = values.shape[1] // 2
    return np.partition(values, at, axis=1)[:, at : at + 1]


def without_light(excess: Plane) -> Plane:
    """The excess without what rose everywhere at once: a lamp, a flash, the camera's exposure."""
    height, width = excess.shape
    small = cv2.resize(excess, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    if min(small.shape) >= 5:
        small = cv2.medianBlur(small, 5)
    wide = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.subtract(excess, wide).astype(np.uint8, copy=False)


def seeds(excess: Plane, least_rise: float, mask: Plane) -> Iterator[Seed]:
    """Risen regions, strongest first: at most `MOST`, and at most `WEAK` that rise less than `least_rise`.

    Uses the array up: what has been yielded becomes 0 in it. A region reaches down to half its peak, so that two spots
    whose glow touches stay two; the weaker glow around a region is then cleared, so that it is not found as a region of
    its own. `mask` is room to work in: two rows and columns more than `excess`, all 0, and left so.
    """
    height, width = excess.shape
    weak = 0
    for _ in range(MOST):
        _, peak, _, (x, y) = cv2.minMaxLoc(excess)
        rise = int(peak)
        if rise == 0:
            return
        weak += rise < least_rise
        if weak > WEAK:
            return
        area, _, _, (west, north, w, h) = cv2.floodFill(excess, mask, (x, y), 0, rise // 2, 255, FLOOD)
        mask[north : north + h + 2, west : west + w + 2] = 0
        yield Seed(x, y, rise, (west, north, west + w, north + h), int(area))
        margin = 4 + min(w, h)
        glow = excess[
            max(0, north - margin) : min(height, north + h + margin),
            max(0, west - margin) : min(width, west + w + margin),
        ]
        glow[glow <= max(rise // 2, 1)] = 0
