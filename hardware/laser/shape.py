"""What a candidate looks like: its size, outline and surroundings, measured against what was there before.

Outlines are measured in *filling*: the share of each pixel's headroom (255 less what was there) that the rise has
used. A clipped core has filling 1 on a dark and on a bright wall alike, so a spot across an edge of the projected
picture keeps its outline.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.box import Box
from hardware.laser.centre import centroid
from hardware.laser.sight import Image, Mask, Pixels, Sight

TOP_BY_NOISE = 1.64
"""Standard deviations above the mean at which the top twentieth of a noise begins."""
WHITE = 250
"""From here on a channel counts as clipped."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One look at a candidate. Lengths in pixels, brightness in grey levels.

    Where: `x`, `y` the centre and `box` the bounds of its core, the part above half height, in the picture; `cut`
    whether the core runs out of the patch, `at_side` whether it touches a side of the picture.
    How bright: `rise` by how much the core's strongest channel rose, `filling` the peak's share of the headroom,
    `reach` the strongest channel's share of its own; `brightness` of the core.
    Its outline: `area` of the core, `long` and `short` the standard deviations along its axes, `solid` its area over
    that of the ellipse with the same axes (1 a disc or a straight streak, less a crescent).
    Its light: `sharp` the mean rise of the strongest pixel's four neighbours over its own; `peaked` how far the core's
    mean lies below its top, over the rise, in the channel where that is most (0 a flat disc, 0.28 an unclipped spot, 1
    where all is clipped); `dimmed` how much light its channels lost, over what they gained.
    The ring around the core: `leak` the share that rose as high, `glow` its median filling over the peak's, `beside`
    the share as bright as the core though not white, `white` the share that was white before, `fallen` how much light
    went away there over how much came to the core. `stir` how much all beyond changed, in grey levels.
    """

    x: float
    y: float
    box: Box
    rise: float
    filling: float
    reach: float
    brightness: float
    area: int
    long: float
    short: float
    solid: float
    sharp: float
    peaked: float
    dimmed: float
    cut: bool
    at_side: bool
    leak: float
    glow: float
    beside: float
    white: float
    fallen: float
    stir: float

    @property
    def radius(self) -> float:
        """Radius of the disc with the same area."""
        return float(np.sqrt(self.area / np.pi))


def measure(sight: Sight, at: tuple[int, int]) -> Shape | None:
    """Measure the candidate at picture position `at`; None where nothing stands out of the noise there."""
    now, base, extra = sight.now, sight.base, sight.extra
    up = np.maximum(extra, 0)
    light = up.sum(axis=0)
    headroom = sight.headroom
    filling = light / headroom
    x, y = at[0] - sight.origin[0], at[1] - sight.origin[1]
    near = (slice(max(0, y - 2), y + 3), slice(max(0, x - 2), x + 3))
    peak = float(cv2.blur(filling, (3, 3))[near].max())
    if peak <= 2.5 * sight.noise * np.sqrt(len(now)) / float(headroom[near].min()):
        return None
    core = component(filling > 0.5 * peak, x, y)
    if core is None:
        return None
    inside = core > 0
    area, long, short = axes(core)
    left, top, w, h = cv2.boundingRect(core)
    away = cv2.distanceTransform(1 - core, cv2.DIST_L2, 3)
    inner = 1 + 0.6 * min(float(np.sqrt(area / np.pi)), 2.4 * short)
    outer = inner + max(3.0, inner)
    ring = (away > inner) & (away <= outer)
    far = away > outer + 2
    strongest = extra.max(axis=0)
    value = now.sum(axis=0)
    core_value, core_was = upper(value[inside], 0.5), upper(base.sum(axis=0)[inside], 0.5)
    bright = (value[ring] > core_value - 0.25 * (core_value - core_was)) & (now.max(axis=0)[ring] < WHITE)
    down = np.maximum(-extra - 2 * sight.noise, 0).sum(axis=0)
    gained = max(float(light[inside].sum()), 1.0)
    cx, cy = centroid(filling, away <= 2, peak)
    ox, oy = sight.origin
    box = (left + ox, top + oy, left + w + ox, top + h + oy)
    return Shape(
        x=cx + ox,
        y=cy + oy,
        box=box,
        rise=upper(strongest[inside], 0.75),
        filling=peak,
        reach=upper((extra[:, inside] / np.maximum(255 - base[:, inside], 12)).max(axis=0), 0.75),
        brightness=core_value / len(now),
        area=area,
        long=long,
        short=short,
        solid=area / (4 * np.pi * long * short),
        sharp=sharpness(strongest, inside),
        peaked=peakedness(now[:, inside], extra[:, inside], sight.noise),
        cut=sight.cuts(box),
        at_side=sight.at_side(box),
        dimmed=float(down[inside].sum()) / gained,
        leak=mean(filling[ring] > 0.5 * peak),
        glow=upper(filling[ring], 0.5) / peak,
        beside=mean(bright),
        white=mean(base.max(axis=0)[ring] >= WHITE),
        fallen=float(down[ring].sum()) / gained,
        stir=upper(np.abs(extra[:, far]).max(axis=0), 0.9) if np.count_nonzero(far) > 40 else 0.0,
    )


def component(mask: Mask, x: int, y: int, reach: int = 2) -> NDArray[np.uint8] | None:
    """The connected part of a mask at (x, y), or the largest within `reach` of it, as 0 and 1."""
    labels = cv2.connectedComponents(mask.view(np.uint8), connectivity=8)[1]
    label = int(labels[y, x])
    if label == 0:
        here = labels[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
        found = np.bincount(here.ravel())
        found[0] = 0
        label = int(found.argmax())
    return (labels == label).view(np.uint8) if label else None


def axes(core: NDArray[np.uint8]) -> tuple[int, float, float]:
    """Area, and the standard deviations along the longer and the shorter axis of a 0 and 1 mask."""
    moments = cv2.moments(core, binaryImage=True)
    area = moments["m00"]
    xx, yy, xy = moments["mu20"] / area, moments["mu02"] / area, moments["mu11"] / area
    middle, half = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    # A pixel is a square, not a point: its own variance is 1/12.
    return round(area), float(np.sqrt(middle + half + 1 / 12)), float(np.sqrt(max(middle - half, 0) + 1 / 12))


def sharpness(rise: Image, inside: Mask) -> float:
    """Mean rise of the four neighbours of the core's strongest pixel over its own: 0 for a wild pixel."""
    y, x = np.unravel_index(int(np.where(inside, rise, -1).argmax()), rise.shape)
    height, width = rise.shape
    beside = ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1))
    around = [float(rise[j, i]) for j, i in beside if 0 <= j < height and 0 <= i < width]
    return sum(around) / len(around) / max(float(rise[y, x]), 1e-6)


def peakedness(now: Pixels, extra: Pixels, noise: float) -> float:
    """How far a core's mean lies below its top, over its rise, in the channel where that is most; 1 where all clip.

    Both the light and what it adds must be peaked: a moved thing of one brightness is flat over a picture's detail, a
    change of light is flat over a flat wall. What `noise` alone lifts the top by is taken off.
    """
    most = -1.0
    for values, added in zip(now, extra, strict=True):
        rise = upper(added, 0.95)
        if rise >= 20 and upper(values, 0.95) < WHITE:
            drop = min(upper(values, 0.95) - float(values.mean()), rise - float(added.mean()))
            most = max(most, (drop - TOP_BY_NOISE * noise) / rise)
    return most if most >= 0 else 1.0


def mean(mask: Mask) -> float:
    """The share of a mask that is set, 0 for an empty one."""
    return float(np.count_nonzero(mask) / mask.size) if mask.size else 0.0


def upper(values: Image, share: float) -> float:
    """The value below which a share of all lies, 0 of none."""
    if not values.size:
        return 0.0
    place = min(values.size - 1, int(share * values.size))
    return float(np.partition(values, place)[place])
