"""A piece of a frame beside what was there before it: what a candidate is measured in.

Pixels are planar: (channels, height, width), in blue, green, red or grey alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.laser.background import Plane, cut
from hardware.laser.box import Box

Pixels = NDArray[np.float32]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sight:
    """One patch of one frame.

    `origin` is its top left pixel in the picture of `size` (width, height). `now` is what it shows, `before` what it
    showed, `base` what it would show now without a spot and `extra` what it shows beyond that, each as (channels,
    height, width);
    `noise` a pixel's standard deviation there.
    """

    origin: tuple[int, int]
    size: tuple[int, int]
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
        height, width = planes[0].shape
        return cls((box[0], box[1]), (width, height), now, before, base, now - base, noise)

    @property
    def headroom(self) -> Image:
        """How much light each pixel could still take before it clips, over all channels; at least 12 in each."""
        return np.asarray(np.maximum(255 - self.base, 12).sum(axis=0))

    def cuts(self, box: Box) -> bool:
        """Whether a box reaches a side of the patch that is no side of the picture."""
        mine = self.box()
        at_start = any(box[i] <= mine[i] and mine[i] > 0 for i in (0, 1))
        return at_start or any(box[i + 2] >= mine[i + 2] and mine[i + 2] < self.size[i] for i in (0, 1))

    def unlit(self, box: Box) -> tuple[Box, NDArray[np.uint8]]:
        """What the wall shows without the spot, in the part of a box that the patch covers."""
        mine = self.box()
        x0, y0, x1, y1 = (max(box[0], mine[0]), max(box[1], mine[1]), min(box[2], mine[2]), min(box[3], mine[3]))
        x, y = self.origin
        pixels = np.rint(self.base[:, y0 - y : y1 - y, x0 - x : x1 - x]).astype(np.uint8)
        return (x0, y0, x1, y1), pixels

    def at_side(self, box: Box) -> bool:
        """Whether a box reaches a side of the picture."""
        return box[0] <= 0 or box[1] <= 0 or box[2] >= self.size[0] or box[3] >= self.size[1]

    def box(self) -> Box:
        """Where the patch lies in the picture."""
        x, y = self.origin
        return x, y, x + self.now.shape[2], y + self.now.shape[1]


def expected(now: Pixels, before: Pixels) -> Pixels:
    """What the patch would show without a spot: what was there, under the light its rim is under now.

    Each channel of the rim tells how the light changed: by an amount (a lamp, a spot's glow) or by a factor (exposure,
    gain). The factor is believed where it explains the rim no worse, for it tells more of what is bright inside.
    """
    was, is_now = rim(before), rim(now)
    amount = np.median(is_now - was, axis=1)
    if np.abs(amount).max() < 2:
        return before
    factor = np.clip(np.median((is_now + 2) / (was + 2), axis=1), 0.5, 2.0)
    off_by_amount = np.median(np.abs(is_now - was - amount[:, None]), axis=1)
    off_by_factor = np.median(np.abs(is_now - was * factor[:, None]), axis=1)
    gain = (off_by_factor <= off_by_amount + 0.5) & (np.abs(amount) >= 2)
    factor = np.where(gain, factor, 1)[:, None, None]
    amount = np.where(gain | (np.abs(amount) < 2), 0, amount)[:, None, None]
    return np.clip(before * factor + amount, 0, 255).astype(np.float32)


def rim(pixels: Pixels) -> NDArray[np.float32]:
    """The outermost two rows and columns of a patch, as (channels, n)."""
    count = pixels.shape[0]
    sides = (pixels[:, :2], pixels[:, -2:], pixels[:, 2:-2, :2], pixels[:, 2:-2, -2:])
    return np.concatenate([side.reshape(count, -1) for side in sides], axis=1)
