"""The one picture that re-aligns a camera: pebbles on a dark ground, calm enough to stand on the wall. Pure.

No two places of it look alike, and every pebble's edge is sharp on all sides: a camera that sees a part of it, turned
or far away, knows which part, and where to a small fraction of a pixel.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
GROUND = (54, 43, 30)
"""Blue, green, red, as everywhere in OpenCV."""
STONES = ((214, 226, 232), (150, 178, 206), (112, 146, 128), (168, 150, 112), (120, 130, 186), (186, 190, 176))
LARGEST, SMALLEST = 0.034, 0.007
"""Radii as shares of the screen's width."""
GAP = 0.0075
TRIES = 6000
SEED = 41
FINE = 4
"""Bits of a pixel in which OpenCV takes places."""


def pebbles(screen: tuple[int, int]) -> Picture:
    """The picture for a screen of (width, height) pixels, (height, width, 3) BGR; always the same for one shape."""
    width, height = screen
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = GROUND
    for x, y, radius, stone, ring in _laid(height / width):
        centre = (round((x * width - 0.5) * 2**FINE), round((y * width - 0.5) * 2**FINE))
        colour = STONES[stone]
        cv2.circle(picture, centre, round(radius * width * 2**FINE), colour, cv2.FILLED, cv2.LINE_AA, FINE)
        if ring:
            inner = round(ring * radius * width * 2**FINE)
            cv2.circle(picture, centre, inner, GROUND, cv2.FILLED, cv2.LINE_AA, FINE)
    return picture


def _laid(shape: float) -> list[tuple[float, float, float, int, float]]:
    """Pebbles that do not touch, the large ones first: x, y and radius in screen widths, which stone, and its hole."""
    random = np.random.default_rng(SEED)
    laid = np.zeros((0, 3))
    stones: list[tuple[float, float, float, int, float]] = []
    for step in range(TRIES):
        radius = LARGEST * (SMALLEST / LARGEST) ** ((step / TRIES) ** 0.35 * 0.7 + 0.3 * float(random.random()))
        x, y = float(random.uniform(0, 1)), float(random.uniform(0, shape))
        stone, hole = int(random.integers(len(STONES))), float(random.uniform(0.35, 0.6))
        holed = bool(random.random() < 0.25) and radius > 2 * SMALLEST
        if (np.hypot(laid[:, 0] - x, laid[:, 1] - y) < laid[:, 2] + radius + GAP).any():
            continue
        laid = np.vstack([laid, (x, y, radius)])
        stones.append((x, y, radius, stone, hole if holed else 0.0))
    return stones
