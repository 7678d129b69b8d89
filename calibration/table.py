"""A table of screen pixels over the camera's picture, read by bilinear interpolation, and its inverse. Pure.

Nodes lie every `step` camera pixels, the first at (0, 0). `cv2.remap` rounds positions to 1/32 pixel and is not used.
"""

from dataclasses import dataclass
from math import floor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from range.core.geometry import Point

Array = NDArray[np.float64]
Nodes = NDArray[np.float32]
NEAR_ENOUGH = 2e-3  # of a screen pixel, where an inverse has been found


class Mapping(Protocol):
    """Anything that takes points (n, 2) to points (n, 2)."""

    def __call__(self, points: Array, /) -> Array:
        """The places of the points; nan where they have none."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """`nodes` (rows, columns, 2): the value at every `step` pixels both ways."""

    step: int
    nodes: Nodes

    def at(self, points: Array) -> Array:
        """Values (n, 2) at points (n, 2), carried on beyond the outer nodes; nan for nan."""
        known = np.asarray(np.isfinite(points).all(axis=1))
        scaled = np.where(known[:, None], points, 0.0) / self.step
        rows, columns = self.nodes.shape[:2]
        column = np.clip(np.floor(scaled[:, 0]), 0, columns - 2).astype(np.intp)
        row = np.clip(np.floor(scaled[:, 1]), 0, rows - 2).astype(np.intp)
        across, down = (scaled[:, 0] - column)[:, None], (scaled[:, 1] - row)[:, None]
        flat = self.nodes.reshape(-1, 2)
        index = row * columns + column
        top = flat[index] * (1 - across) + flat[index + 1] * across
        below = flat[index + columns] * (1 - across) + flat[index + columns + 1] * across
        value: Array = np.asarray(top * (1 - down) + below * down, np.float64)
        value[~known] = np.nan
        return value

    def with_slopes(self, points: Array) -> tuple[Array, Array, Array]:
        """Values at finite points, and by how much they change a pixel to the right and a pixel down; each (n, 2)."""
        scaled = points / self.step
        rows, columns = self.nodes.shape[:2]
        column = np.clip(np.floor(scaled[:, 0]), 0, columns - 2).astype(np.intp)
        row = np.clip(np.floor(scaled[:, 1]), 0, rows - 2).astype(np.intp)
        across, down = (scaled[:, 0] - column)[:, None], (scaled[:, 1] - row)[:, None]
        flat = self.nodes.reshape(-1, 2)
        index = row * columns + column
        a, b, c, d = flat[index], flat[index + 1], flat[index + columns], flat[index + columns + 1]
        top, below = a + (b - a) * across, c + (d - c) * across
        to_right = (b - a) * (1 - down) + (d - c) * down
        return top + (below - top) * down, to_right / self.step, (below - top) / self.step

    def one(self, x: float, y: float) -> Point:
        """The value at one finite point, in microseconds."""
        nodes = self.nodes
        x, y = x / self.step, y / self.step
        row, column = min(max(floor(y), 0), nodes.shape[0] - 2), min(max(floor(x), 0), nodes.shape[1] - 2)
        across, down = x - column, y - row
        a, b = (1 - across) * (1 - down), across * (1 - down)
        c, d = (1 - across) * down, across * down
        item = nodes.item
        return (
            a * item(row, column, 0)
            + b * item(row, column + 1, 0)
            + c * item(row + 1, column, 0)
            + d * item(row + 1, column + 1, 0),
            a * item(row, column, 1)
            + b * item(row, column + 1, 1)
            + c * item(row + 1, column, 1)
            + d * item(row + 1, column + 1, 1),
        )

    def spread(self, left: int, top: int, width: int, height: int, every: int = 1) -> Nodes:
        """The values at whole pixels of a box, (height, width, 2), or at every so many of them both ways."""
        down, across = (top + np.arange(0, height, every)) / self.step, (left + np.arange(0, width, every)) / self.step
        rows = np.minimum(down.astype(np.intp), self.nodes.shape[0] - 2)
        columns = np.minimum(across.astype(np.intp), self.nodes.shape[1] - 2)
        down, across = down - rows, across - columns
        share = down.astype(np.float32)[:, None, None]
        tall = self.nodes[rows] * (1 - share) + self.nodes[rows + 1] * share
        share = across.astype(np.float32)[None, :, None]
        wide: Nodes = tall[:, columns] * (1 - share) + tall[:, columns + 1] * share
        return wide


def tabulate(mapping: Mapping, size: tuple[int, int], step: int, *, reach: float) -> Table:
    """The table of a mapping over a picture of (width, height); values kept within +-`reach`, unknown ones at it."""
    points = node_points(size, step)
    places = np.nan_to_num(mapping(points), nan=reach, posinf=reach, neginf=-reach)
    shape = (ceil_div(size[1], step) + 1, ceil_div(size[0], step) + 1, 2)
    return Table(step, np.clip(places, -reach, reach).astype(np.float32).reshape(shape))


def node_points(size: tuple[int, int], step: int) -> Array:
    """The nodes' places, (n, 2), row by row."""
    columns, rows = ceil_div(size[0], step) + 1, ceil_div(size[1], step) + 1
    xs, ys = np.meshgrid(np.arange(columns) * float(step), np.arange(rows) * float(step))
    return np.column_stack([xs.ravel(), ys.ravel()])


def ceil_div(value: int, by: int) -> int:
    """Division, rounded up."""
    return -(-value // by)


def invert(table: Table, guess: Mapping, size: tuple[int, int], step: int) -> Table:
    """The inverse of a table over (width, height), every `step`, by Newton's method; nan where it fails."""
    goals = node_points(size, step)
    points = np.nan_to_num(guess(goals))
    found = np.full(goals.shape, np.nan)
    limit = np.array([table.nodes.shape[1], table.nodes.shape[0]]) * float(table.step)
    left = np.arange(len(goals))
    for _ in range(12):
        value, to_right, down = table.with_slopes(points)
        miss = value - goals[left]
        done = np.hypot(miss[:, 0], miss[:, 1]) < NEAR_ENOUGH
        found[left[done]] = points[done]
        left = left[~done]
        points, miss, to_right, down = (part[~done] for part in (points, miss, to_right, down))
        if not len(left):
            break
        determinant = to_right[:, 0] * down[:, 1] - to_right[:, 1] * down[:, 0]
        determinant[np.abs(determinant) < 1e-9] = np.inf
        step_x = (miss[:, 0] * down[:, 1] - miss[:, 1] * down[:, 0]) / determinant
        step_y = (to_right[:, 0] * miss[:, 1] - to_right[:, 1] * miss[:, 0]) / determinant
        points = np.clip(points - np.column_stack([step_x, step_y]), -0.5 * limit, 1.5 * limit)
    rows, columns = ceil_div(size[1], step) + 1, ceil_div(size[0], step) + 1
    return Table(step, found.astype(np.float32).reshape(rows, columns, 2))
