"""What a candidate looks like: its size, outline, surroundings and centre, measured against what was there before.

Everything is measured in *filling*: the share of each pixel's headroom (255 less what was there) that the rise has
used. A clipped core has filling 1 on a dark and on a bright wall alike, so a spot across an edge of the projected
picture keeps its outline.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.background import Box

Pixels = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shape:
    """One look at a candidate. Lengths in pixels, rises in grey levels of the strongest channel.

    `filling` is the peak's. `area` at half height; `long` and `short` the standard deviations along its axes; `solid` its area over that of
    the ellipse with the same axes (1 a disc or a straight streak, less a crescent); `leak` the share of the ring around
    that has risen as high, `glow` its median filling over the peak's; `stir` how much else changed around, in grey levels;
    `beside` the share of the ring as bright as the core though not white, `white` the share that was white before; `fallen` how much light went away
    beside it, over how much came; `sharp` the mean rise of the peak's four neighbours over the peak's; `open` whether
    the region runs out of the patch.
    """

    x: float
    y: float
    rise: float
    filling: float
    brightness: float
    area: int
    long: float
    short: float
    solid: float
    leak: float
    beside: float
    white: float
    fallen: float
    sharp: float
    glow: float
    stir: float
    open: bool
    box: Box

    @property
    def radius(self) -> float:
        """Radius of the disc with the same area."""
        return float(np.sqrt(self.area / np.pi))


def expected(now: Pixels, before: Pixels) -> Pixels:
    """What the patch would show without a spot: what was there, under the light its rim is under now.

    The rim tells how the light changed, as a factor (exposure, gain) or as an amount (a lamp); the brighter of both
    explanations is taken, so that a change of light is never mistaken for a spot.
    """
    rim = np.ones(now.shape[:2], bool)
    rim[2:-2, 2:-2] = False
    was, is_now = before[rim], now[rim]
    amount = np.median(is_now - was, axis=0)
    factor = np.clip((np.median(is_now, axis=0) + 2) / (np.median(was, axis=0) + 2), 0.5, 2.0)
    amount = np.where(np.abs(amount) < 2, 0, amount)
    factor = np.where(amount == 0, 1, factor)
    return np.clip(np.maximum(before * factor, before + amount), 0, 255).astype(np.float32)


def measure(now: Pixels, before: Pixels, origin: tuple[int, int], at: tuple[int, int], sigma: float) -> Shape | None:
    """Measure the candidate at picture position `at` in a patch whose top left pixel is at `origin`.

    `now` and `before` are (height, width, channels); `sigma` is the noise of a pixel there. None where nothing stands
    out of the noise. The centre is the centroid of the filling above a third of its peak.
    """
    base = expected(now, before)
    extra = now - base
    up = np.maximum(extra, 0)
    headroom = np.maximum(255 - base, 12).sum(axis=2)
    filling = up.sum(axis=2) / headroom
    x, y = at[0] - origin[0], at[1] - origin[1]
    height, width = filling.shape
    smooth = cv2.blur(filling, (3, 3))
    near = (slice(max(0, y - 2), y + 3), slice(max(0, x - 2), x + 3))
    peak = float(smooth[near].max())
    floor = 2.5 * sigma * np.sqrt(now.shape[2]) / float(headroom[near].min())
    if peak <= floor:
        return None
    level = 0.5 * peak
    core = component(filling > level, x, y, 2)
    if core is None:
        return None
    area = int(core.sum())
    rows, columns = np.nonzero(core)
    left, right, top, bottom = columns.min(), columns.max(), rows.min(), rows.max()
    cov = np.cov(np.stack([columns, rows]).astype(np.float64), bias=True) if area > 1 else np.zeros((2, 2))
    axes = np.sqrt(np.maximum(np.linalg.eigvalsh(cov), 0) + 1 / 12)
    radius = float(np.sqrt(area / np.pi))
    inner = grow(core, 1 + round(0.6 * radius))
    ring = grow(inner, max(3, round(0.7 * radius))) & ~inner
    far = ~grow(ring | inner, 2)
    value = now.sum(axis=2)
    core_value = float(np.median(value[core]))
    core_was = float(np.median(base.sum(axis=2)[core]))
    lit = float(up.sum(axis=2)[core].sum())
    down = float(np.maximum(-extra - 2 * sigma, 0).sum(axis=2)[ring].sum())
    cx, cy = centroid(filling, core, level, peak)
    return Shape(
        x=cx + origin[0],
        y=cy + origin[1],
        rise=float(np.percentile(extra.max(axis=2)[core], 75)),
        filling=peak,
        brightness=core_value / now.shape[2],
        area=area,
        long=float(axes[1]),
        short=float(axes[0]),
        solid=float(area / (4 * np.pi * axes[0] * axes[1])),
        leak=share(filling > level, ring),
        beside=share((value > core_value - 0.25 * (core_value - core_was)) & (now.max(axis=2) < 250), ring),
        white=share(base.max(axis=2) >= 250, ring),
        fallen=down / max(lit, 1.0),
        sharp=sharpness(extra.max(axis=2), core),
        glow=float(np.median(filling[ring])) / peak if ring.any() else 0.0,
        stir=float(np.percentile(np.abs(extra[far]).max(axis=1), 90)) if far.sum() > 40 else 0.0,
        open=bool(left == 0 or top == 0 or right == width - 1 or bottom == height - 1),
        box=(int(left) + origin[0], int(top) + origin[1], int(right) + origin[0] + 1, int(bottom) + origin[1] + 1),
    )


def component(mask: Mask, x: int, y: int, reach: int) -> Mask | None:
    """The connected part of a mask at (x, y), or at its nearest set pixel within `reach`."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    if count < 2:
        return None
    here = labels[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
    label = labels[y, x] or int(np.bincount(here.ravel(), minlength=2)[1:].argmax()) + 1
    if not (here == label).any():
        return None
    return np.asarray(labels == label)


def grow(mask: Mask, by: int) -> Mask:
    """The mask and everything within `by` pixels of it."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


def share(of: Mask, within: Mask) -> float:
    """How much of one mask the other covers."""
    return float(of[within].mean()) if within.any() else 0.0


def centroid(filling: Pixels, core: Mask, level: float, peak: float) -> tuple[float, float]:
    """Centre of the light above a third of its peak, in and next to the core; clipped cores weigh as flat discs."""
    floor = peak / 3
    weight = np.where(grow(core, 2), np.clip(filling, 0, 1) - floor, 0)
    weight = np.maximum(weight, 0)
    total = float(weight.sum())
    rows, columns = np.indices(weight.shape)
    return float((weight * columns).sum() / total), float((weight * rows).sum() / total)


def sharpness(rise: Pixels, core: Mask) -> float:
    """Mean rise of the four neighbours of the core's strongest pixel over its own: 0 for a wild pixel."""
    y, x = np.unravel_index(int(np.where(core, rise, -1).argmax()), rise.shape)
    around = [
        rise[j, i]
        for j, i in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1))
        if 0 <= j < rise.shape[0] and 0 <= i < rise.shape[1]
    ]
    return float(np.mean(around) / max(rise[y, x], 1e-6))
