"""Which laser it was, from the light the spot added around its clipped core.

The camera's gamma is undone first (a power of 2.2), so that light added to a bright wall counts as much as light added
to a dark one. A channel that is clipped tells only how much was added at least.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.background import Box
from hardware.laser.shape import Pixels, expected
from range.core.events import Colour

LINEAR: NDArray[np.float32] = ((np.arange(256) / 255) ** 2.2 * 255).astype(np.float32)
CLIPPED = 250
TINT = 0.1
"""Least share of the added light by which one channel must lead the other."""
SIGNIFICANT = 3.0


@dataclass(frozen=True, slots=True)
class Tint:
    """Evidence of one look: `lead` is red light less green light over their sum, in -1 to 1, over the spot; `shift` the
    mean rise of red less that of green in grey levels over spot and glow, and `error` its standard error."""

    lead: float
    shift: float
    error: float
    light: float


def tint(now: Pixels, before: Pixels, origin: tuple[int, int], box: Box) -> Tint | None:
    """The colour of the light a spot added; `box` is where its core lies. None for a grey picture."""
    if now.shape[2] < 3:
        return None
    base = expected(now, before)
    core = np.zeros(now.shape[:2], np.uint8)
    x0, y0, x1, y1 = box[0] - origin[0], box[1] - origin[1], box[2] - origin[0], box[3] - origin[1]
    core[y0:y1, x0:x1] = 1
    reach = 2 + max(x1 - x0, y1 - y0) // 2
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    spot = cv2.dilate(core, disc) > 0
    glow = cv2.dilate(spot.astype(np.uint8), disc) > 0
    green, red = lead_of(now, base, spot)
    both = abs(green) + abs(red)
    extra = (now[:, :, 2] - base[:, :, 2]) - (now[:, :, 1] - base[:, :, 1])
    fair = (now[:, :, 1:].max(axis=2) < CLIPPED) & (base[:, :, 1:].max(axis=2) < CLIPPED)
    inside, outside = extra[glow & fair], extra[~glow & fair]
    if len(inside) < 8:
        return Tint(0.0, 0.0, 1.0, 0.0)
    # Compression moves colour in blocks: as many independent values as 4x4 blocks.
    spread = float(outside.std()) if len(outside) > 8 else 1.0
    error = max(spread, 0.3) / np.sqrt(max(len(inside) / 16, 1.0))
    return Tint((red - green) / (both + 1e-3), float(inside.mean()), float(error), float(both))


def lead_of(now: Pixels, base: Pixels, spot: NDArray[np.bool_]) -> tuple[float, float]:
    """Linear green and red light added over the spot; where one channel clips, what it leads by at least."""
    after, was = now[spot], base[spot]
    added = LINEAR[after.astype(np.uint8)] - LINEAR[was.astype(np.uint8)]
    green, red = added[:, 1], added[:, 2]
    green_clips = (after[:, 1] >= CLIPPED) | (was[:, 1] >= CLIPPED)
    red_clips = (after[:, 2] >= CLIPPED) | (was[:, 2] >= CLIPPED)
    fair = ~green_clips & ~red_clips
    total_green, total_red = float(green[fair].sum()), float(red[fair].sum())
    more_green = green_clips & ~red_clips & (green > red)
    more_red = red_clips & ~green_clips & (red > green)
    either = more_green | more_red
    return total_green + float(green[either].sum()), total_red + float(red[either].sum())


def colour_of(tints: list[Tint | None]) -> Colour:
    """The laser's colour from every look at the pull; `infrared` for a grey camera, `unknown` where evidence is thin."""
    seen = [t for t in tints if t is not None]
    if not seen:
        return "infrared"
    light = sum(t.light for t in seen)
    if light <= 0:
        return "unknown"
    lead = sum(t.lead * t.light for t in seen) / light
    if abs(lead) >= TINT:
        return "red" if lead > 0 else "green"
    clearest = max(seen, key=lambda t: abs(t.shift) / t.error)
    if abs(clearest.shift) >= SIGNIFICANT * clearest.error:
        return "red" if clearest.shift > 0 else "green"
    return "unknown"
