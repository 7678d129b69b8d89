"""Places: points, polygons, homographies, and where a clip lies on the screen.

On the screen pixel i covers i to i + 1, its centre is i + 0.5. In camera pictures the centre of the
top left pixel is (0, 0). Clip positions are (u, v) in 0-1 from the top left corner of the displayed clip.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Matrix = NDArray[np.float64]


def inside(polygon: Sequence[Point], x: float, y: float) -> bool:
    """Whether (x, y) lies in a polygon of three or more corners, by the even-odd rule; either winding.

    Source: the crossing test of Shimrat, Algorithm 112 (CACM 1962).
    """
    within = False
    x0, y0 = polygon[-1]
    for x1, y1 in polygon:
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            within = not within
        x0, y0 = x1, y1
    return within


def homography(source: Sequence[Point], target: Sequence[Point]) -> Matrix:
    """The 3x3 projective map that takes four source points to four target points.

    Raises ValueError where three of either four lie on a line, so that no such map exists.
    Source: the direct linear transform of Hartley and Zisserman, Multiple View Geometry, section 4.1.
    """
    for four in (source, target):
        if smallest_triangle(four) < 1e-9:
            raise ValueError("three of the four corners lie on one line")
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    right = [value for point in target for value in point]
    solution = np.linalg.solve(np.array(rows), np.array(right))
    return np.append(solution, 1.0).reshape(3, 3)


def smallest_triangle(four: Sequence[Point]) -> float:
    """The smallest area of the four triangles that leave one of four points out; 0 where three lie on a line."""
    areas = []
    for left_out in (0, 1, 2, 3):
        (ax, ay), (bx, by), (cx, cy) = [p for i, p in enumerate(four) if i != left_out]
        areas.append(abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2)
    return min(areas)


def project(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (n, 2) through a homography, as (n, 2); points on or behind its horizon become nan."""
    homogeneous = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    depth = homogeneous[:, 2:3]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(depth > 1e-12, homogeneous[:, :2] / depth, np.nan)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a clip lies on a screen or in a window, in pixels: letterboxed, its shape kept."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def letterbox(cls, screen: tuple[int, int], shape: float) -> "Placement":
        """The largest centred rectangle of `shape` (width / height) on a screen of (width, height) pixels."""
        screen_width, screen_height = screen
        width = min(float(screen_width), screen_height * shape)
        height = width / shape
        return cls((screen_width - width) / 2, (screen_height - height) / 2, width, height)

    def to_clip(self, x: float, y: float) -> Point:
        """Screen pixel -> clip position; beyond 0-1 where the pixel lies on the bars."""
        return (x - self.left) / self.width, (y - self.top) / self.height

    def to_screen(self, u: float, v: float) -> Point:
        """Clip position -> screen pixel."""
        return self.left + u * self.width, self.top + v * self.height
