"""How the light over the whole picture changed: a lamp, the mains, a flash, a fade, the camera's exposure or gain.

Such a change acts on all that was equally bright in the same way, so it is one curve for each channel. What moves or
lights up follows no such curve.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.uint8]
"""Some of a picture's pixels, (channels, n)."""

EVERYWHERE = 0.6
"""Share of the picture that must have changed one way for the light to have."""
LEVELS = np.arange(256)
FEWEST = 8
"""Pixels of one brightness that tell how that brightness changed."""


def curves(now: Samples, was: Samples, noise: float) -> list[NDArray[np.uint8]] | None:
    """For each channel the 256 levels that its levels have become; None where the light is as it was.

    `noise` is a pixel's standard deviation in grey levels.
    """
    if np.abs(now.sum(axis=1, dtype=np.int64) - was.sum(axis=1, dtype=np.int64)).max() < now.shape[1]:
        return None  # not by a level in the mean
    least = 2 + 2 * noise
    difference = now.astype(np.int16) - was
    if not any(max(np.mean(d > least), np.mean(d < -least)) > EVERYWHERE for d in difference):
        return None
    return [_curve(changed, before) for changed, before in zip(difference, was, strict=True)]


def _curve(difference: NDArray[np.int16], was: NDArray[np.uint8]) -> NDArray[np.uint8]:
    bins = was >> 4
    centres, changes = [], []
    for level in np.unique(bins):
        here = bins == level
        if np.count_nonzero(here) >= FEWEST:
            centres.append(float(was[here].mean()))
            changes.append(float(np.median(difference[here])))
    if not centres:
        return LEVELS.astype(np.uint8)
    return np.clip(np.rint(LEVELS + np.interp(LEVELS, centres, changes)), 0, 255).astype(np.uint8)


def under(
    curve: Sequence[NDArray[np.uint8]], planes: Sequence[NDArray[np.uint8]], out: list[NDArray[np.uint8]]
) -> None:
    """What planes would show under the new light, into `out`."""
    for table, plane, target in zip(curve, planes, out, strict=True):
        cv2.LUT(plane, table, dst=target)
