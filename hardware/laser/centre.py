"""Where a spot's centre is, to a fraction of a pixel."""

import cv2
import numpy as np

from hardware.laser.sight import Image, Mask

FLOOR = 1 / 3
"""Light below this share of the peak says more of the wall's noise than of the spot."""


def centroid(filling: Image, near: Mask, peak: float) -> tuple[float, float]:
    """Centre of the light above a third of its peak, within `near`; a clipped core weighs as the flat disc it shows.

    `filling` is each pixel's share of its headroom used, so the clipped core of a spot across an edge of the projected
    picture still weighs evenly. Returns x, y in pixels of the patch.
    """
    weight = np.where(near, np.clip(filling, 0, 1) - FLOOR * min(peak, 1.0), 0)
    moments = cv2.moments(np.maximum(weight, 0).astype(np.float32))
    return moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
