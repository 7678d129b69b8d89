"""Which pixel of the shown picture a camera pixel sees, as a table over the camera's picture. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """`nodes` (rows, columns, 2): what the camera sees at every `step` pixels both ways, the first at (0, 0).

    Values are pixels of the shown picture, the centre of its top left one being (0, 0); nan, or beyond the picture,
    where the camera does not see the screen. `camera` and `shown` are the two pictures' (width, height).
    """

    nodes: NDArray[np.float32]
    camera: tuple[int, int]
    shown: tuple[int, int]
    step: int = 1

    def __post_init__(self) -> None:
        rows, columns = self.nodes.shape[:2]
        if rows < 2 or columns < 2:
            raise ValueError("a view needs at least two nodes each way")

    def at(self, points: Array) -> Array:
        """Shown pixels (n, 2) at camera pixels (n, 2), bilinear between the nodes; nan beside them."""
        scaled = points / self.step
        rows, columns = self.nodes.shape[:2]
        at = np.clip(np.floor(scaled), 0, (columns - 2, rows - 2)).astype(np.intp)
        across, down = (scaled - at).T[:, :, None]
        flat = self.nodes.reshape(-1, 2)
        index = at[:, 1] * columns + at[:, 0]
        top = flat[index] * (1 - across) + flat[index + 1] * across
        below = flat[index + columns] * (1 - across) + flat[index + columns + 1] * across
        value: Array = np.asarray(top * (1 - down) + below * down, np.float64)
        value[((scaled < -0.5) | (scaled > (columns - 0.5, rows - 0.5))).any(axis=1)] = np.nan
        return value

    def sees(self, points: Array, margin: float = 0.0) -> NDArray[np.bool_]:
        """Whether camera pixels (n, 2) see the shown picture, at least `margin` of its pixels from its edge."""
        places = self.at(points)
        with np.errstate(invalid="ignore"):
            inside = (places >= margin) & (places <= np.array(self.shown) - 1 - margin)
        return np.asarray(inside.all(axis=1))

    def seen(self, spacing: int = 8) -> Array:
        """Camera pixels (n, 2), `spacing` apart, that see the screen."""
        width, height = self.camera
        xs, ys = np.meshgrid(np.arange(0.0, width, spacing), np.arange(0.0, height, spacing))
        points = np.column_stack([xs.ravel(), ys.ravel()])
        return points[self.sees(points)]

    def scale(self) -> float:
        """Shown pixels to one camera pixel, usually."""
        with np.errstate(invalid="ignore"):
            wide = np.hypot(*np.moveaxis(np.diff(self.nodes, axis=1), 2, 0))
            inside = np.asarray(((self.nodes >= 0) & (self.nodes <= np.array(self.shown) - 1)).all(axis=2))
        near = wide[inside[:, 1:] & np.isfinite(wide)]
        return float(np.median(near)) / self.step if near.size else 1.0
