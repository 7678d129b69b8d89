"""One movement of the whole picture from the shifts of its parts: moved, turned and larger or smaller. Pure."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ROUNDS = 6
TURN_EXPECTED = 0.05
"""A bump turns by this (radians, or share of the size): beyond it the tiles must say so strongly."""
FAR = 3.0
"""Sigmas from the others beyond which a tile has little say."""


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """A similarity close to none, about `middle` (camera pixels); `covariance` (4, 4) of what it is made of.

    A point r from the middle moves by shift + growth * r + turn * (r turned by a right angle): `values` are shift x,
    shift y (camera pixels), growth, and turn (radians, clockwise in the picture). `agreeing` is the share of the parts'
    weight that moved so, `parts` how many did.
    """

    middle: tuple[float, float]
    values: Array
    covariance: Array
    agreeing: float
    parts: int

    def straight(self) -> "Movement":
        """The shift alone, without turning and growing."""
        kept = np.array([1.0, 1.0, 0.0, 0.0])
        return replace(self, values=self.values * kept, covariance=self.covariance * np.outer(kept, kept))

    def at(self, points: Array) -> Array:
        """The displacement (n, 2) of points (n, 2), in camera pixels."""
        moved: Array = design(points, self.middle) @ self.values
        return moved

    def doubt(self, points: Array) -> Array:
        """The displacement's standard deviation (n,) along its own direction at points (n, 2), in camera pixels."""
        rows = design(points, self.middle)
        moved = rows @ self.values
        length = np.maximum(np.hypot(moved[:, 0], moved[:, 1]), 1e-9)
        along = ((moved / length[:, None])[:, :, None] * rows).sum(axis=1)
        variance: Array = ((along @ self.covariance) * along).sum(axis=1)
        return np.sqrt(np.maximum(variance, 0))


def design(points: Array, middle: tuple[float, float]) -> Array:
    """How the displacement (x, y) of points (n, 2) depends on a movement's values: (n, 2, 4)."""
    x, y = points[:, 0] - middle[0], points[:, 1] - middle[1]
    one, zero = np.ones_like(x), np.zeros_like(x)
    return np.stack([np.stack([one, zero, x, -y], axis=1), np.stack([zero, one, y, x], axis=1)], axis=1)


def fit_movement(points: Array, shifts: Array, information: Array, middle: tuple[float, float]) -> Movement:
    """The movement of parts at `points` (n, 2) that shifted by `shifts` (n, 2), each as sure as `information`.

    `information` (n, 2, 2) are inverse covariances, all zero where nothing is known. Parts that contradict the others
    lose their say (iterated reweighting, Cauchy's weights).
    """
    told = np.trace(information, axis1=1, axis2=2)
    known = told > 0
    rows = design(points[known], middle)
    shifts, information, told = shifts[known], information[known], told[known]
    flat, sure_of = rows.reshape(-1, 4), np.matmul(information, rows)
    prior = np.diag([1e-4, 1e-4, TURN_EXPECTED**-2, TURN_EXPECTED**-2])
    values, normal, weight = np.zeros(4), prior, np.ones(len(rows))
    values[:2] = _middle_of(shifts, told)
    for _ in range(ROUNDS):
        miss = shifts - (flat @ values).reshape(-1, 2)
        square = (np.matmul(information, miss[:, :, None])[:, :, 0] * miss).sum(axis=1) / FAR**2
        weight = 1 / (1 + square)
        weighted = (sure_of * weight[:, None, None]).reshape(-1, 4)
        normal = prior + weighted.T @ flat
        values = np.linalg.solve(normal, weighted.T @ shifts.ravel())
    agree = weight > 0.5
    share = float(told[agree].sum() / told.sum()) if len(told) else 0.0
    return Movement(middle, values, np.linalg.inv(normal), share, int(agree.sum()))


def fit_warp(points: Array, shifts: Array, information: Array, size: float) -> Array:
    """The smooth warp of about `size` nearest to the parts' shifts, (n, 2) at their own places, also of unknown ones.

    Arguments as in `fit_movement`. It has a term for each of 1, x, y and x y, as corners placed wrong have.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    x, y = ((points - (low + high) / 2) / np.maximum((high - low) / 2, 1.0)).T
    terms = np.column_stack([np.ones_like(x), x, y, x * y])
    told = np.trace(information, axis1=1, axis2=2) / 2
    values, weight = np.zeros((4, 2)), told
    for _ in range(ROUNDS):
        normal = (terms * weight[:, None]).T @ terms + np.eye(4) * size**-2
        values = np.linalg.solve(normal, (terms * weight[:, None]).T @ shifts)
        miss = ((shifts - terms @ values) ** 2).sum(axis=1)
        weight = told / (1 + miss * told / FAR**2)
    warp: Array = terms @ values
    return warp


def _middle_of(shifts: Array, told: Array) -> Array:
    """The weighted median of shifts (n, 2), each axis for itself."""
    if not len(shifts):
        return np.zeros(2)
    middle = np.zeros(2)
    for axis in (0, 1):
        order = np.argsort(shifts[:, axis])
        total = np.cumsum(told[order])
        middle[axis] = shifts[order[np.searchsorted(total, total[-1] / 2)], axis]
    return middle
