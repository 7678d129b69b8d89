"""Which laser it was, from the light the spot added around its clipped core.

The camera's gamma is undone first (a power of 2.2), so that light added to a bright wall counts as much as light added
to a dark one. A channel that is clipped tells only how much was added at least.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.laser.box import Box
from hardware.laser.shape import WHITE
from hardware.laser.sight import Mask, Sight
from range.core.events import Colour

LINEAR: NDArray[np.float32] = ((np.arange(256) / 255) ** 2.2 * 255).astype(np.float32)
TINT = 0.1
"""Least share of the added light by which one channel must lead the other."""
THIN = 1.5
"""Standard errors by which the glow must lead where the spot itself does not, for its colour to be named."""
CLEAR = 3.0
"""... and for it to be beyond doubt."""


@dataclass(frozen=True, slots=True)
class Tint:
    """Evidence of one look: `lead` is red light less green light over their sum, in -1 to 1, over the spot; `shift` the
    mean rise of red less that of green in grey levels over spot and glow, and `error` its standard error."""

    lead: float
    shift: float
    error: float
    light: float


def tint(sight: Sight, box: Box) -> Tint | None:
    """The colour of the light a spot added; `box` is where its core lies in the picture. None for a grey picture."""
    if len(sight.now) < 3:
        return None
    height, width = sight.now.shape[1:]
    x0, y0, x1, y1 = (
        box[0] - sight.origin[0],
        box[1] - sight.origin[1],
        box[2] - sight.origin[0],
        box[3] - sight.origin[1],
    )
    rows, columns = np.ogrid[:height, :width]
    # 1 on the ellipse in the core's box
    along = np.hypot((columns - (x0 + x1 - 1) / 2) / ((x1 - x0) / 2), (rows - (y0 + y1 - 1) / 2) / ((y1 - y0) / 2))
    size = max(x1 - x0, y1 - y0) / 2
    spot = along <= 2 + 2 / size
    glow = along <= 3 + 4 / size
    green, red, both = light_of(sight, spot)
    lead = sight.extra[2] - sight.extra[1]
    fair = (sight.now[1:].max(axis=0) < WHITE) & (sight.base[1:].max(axis=0) < WHITE)
    inside, outside = lead[glow & fair], lead[~glow & fair]
    if len(inside) < 8:
        return Tint((red - green) / (both + 1e-3), 0.0, 1.0, both)
    spread = float(outside.std()) if len(outside) > 8 else 1.0
    # Compression moves colour in blocks: there are as many independent values as 4x4 blocks.
    error = max(spread, 0.3) / np.sqrt(max(len(inside) / 16, 1.0))
    return Tint((red - green) / (both + 1e-3), float(inside.mean()), float(error), both)


def light_of(sight: Sight, spot: Mask) -> tuple[float, float, float]:
    """Linear green and red light added over the spot, and the sum of both.

    Where one of the channels clips, its part counts only if it leads all the same: it was that much at least.
    """
    now, base = sight.now[1:, spot], sight.base[1:, spot]
    green, red = LINEAR[now.astype(np.uint8)] - LINEAR[base.astype(np.uint8)]
    green_clips, red_clips = np.maximum(now, base) >= WHITE
    counts = (~green_clips & ~red_clips) | (green_clips & ~red_clips & (green > red))
    counts |= red_clips & ~green_clips & (red > green)
    total_green, total_red = float(green[counts].sum()), float(red[counts].sum())
    return total_green, total_red, abs(total_green) + abs(total_red)


def colour_of(tints: list[Tint | None], evidence: float = THIN) -> Colour:
    """The laser's colour from every look at the pull: `infrared` for a grey camera, `unknown` on thin evidence.

    The spot's own light decides where one channel leads. Where the camera shows the spot as white, the glow around it
    decides if it leads by `evidence` standard errors and the spot does not speak against it.
    """
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
    if abs(clearest.shift) >= evidence * clearest.error and clearest.shift * lead >= 0:
        return "red" if clearest.shift > 0 else "green"
    return "unknown"
