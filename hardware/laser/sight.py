"""A piece of a frame beside what was there before it: what a candidate is measured in.

Pixels are planar: (channels, height, width), in blue, green, red or grey alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.laser.background import Box, Plane

Pixels = NDArray[np.float32]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sight:
    """One patch of one frame. `origin` is its top left pixel in the picture; `base` what it would show without a spot,
    `extra` what it shows beyond that, both (channels, height, width); `noise` a pixel's standard deviation there."""

    origin: tuple[int, int]
    now: Pixels
    before: Pixels
    base: Pixels
    extra: Pixels
    noise: float

    @classmethod
    def cut(cls, planes: Sequence[Plane], reference: Sequence[Plane], box: Box, noise: float) -> "Sight":
        """The patch of a frame's planes and of the background's within a box."""
        now = cut(planes, box).astype(np.float32)
        before = cut(reference, box).astype(np.float32)
        base = expected(now, before)
        return cls((box[0], box[1]), now, before, base, now - base, noise)

    @property
    def headroom(self) -> Image:
        """How much light each pixel could still take before it clips, over all channels; at least 12 in each."""
        return np.asarray(np.maximum(255 - self.base, 12).sum(axis=0))

    def box(self) -> Box:
        """Where the patch lies in the picture."""
        x, y = self.origin
        return x, y, x + self.now.shape[2], y + self.now.shape[1]


def cut(planes: Sequence[Plane], box: Box) -> NDArray[np.uint8]:
    """A box out of every plane, as (channels, height, width)."""
    x0, y0, x1, y1 = box
    return np.stack([plane[y0:y1, x0:x1] for plane in planes])


def expected(now: Pixels, before: Pixels) -> Pixels:
    """What the patch would show without a spot: what was there, under the light its rim is under now.

    The rim tells how the light changed, as a factor (exposure, gain) or as an amount (a lamp); the brighter of both
    explanations is taken, so that a change of light is never mistaken for a spot.
    """
    was, is_now = rim(before), rim(now)
    amount = np.median(is_now - was, axis=1)
    if np.abs(amount).max() < 2:
        return before
    amount = np.where(np.abs(amount) < 2, 0, amount)
    factor = np.clip((np.median(is_now, axis=1) + 2) / (np.median(was, axis=1) + 2), 0.5, 2.0)
    factor = np.where(amount == 0, 1, factor)
    lit = np.maximum(before * factor[:, None, None], before + amount[:, None, None])
    return np.clip(lit, 0, 255).astype(np.float32)


def rim(pixels: Pixels) -> NDArray[np.float32]:
    """The outermost two rows and columns of a patch, as (channels, n)."""
    count = pixels.shape[0]
    sides = (pixels[:, :2], pixels[:, -2:], pixels[:, 2:-2, :2], pixels[:, 2:-2, -2:])
    return np.concatenate([side.reshape(count, -1) for side in sides], axis=1)
