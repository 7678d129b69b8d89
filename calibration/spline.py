"""What lens and plane leave over: a polynomial for a curved wall, a bicubic B-spline for an uneven one. Pure.

The polynomial carries on smoothly to the screen's edge, where nothing could be measured. The spline is penalised by its
third differences (Eilers and Marx, Statistical Science 11, 1996).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]
CELLS = (12, 8)
PER_AXIS = (CELLS[0] + 3, CELLS[1] + 3)
MOST_POINTS = 7000
POLYNOMIAL_POINTS = 2500
ROUNDS = 3
DEGREE = 5
TERMS = (DEGREE + 1) * (DEGREE + 2) // 2
REACH = 1.3  # of the box, beyond which the polynomial is held
USUAL_STRENGTH = 1e-4
STRENGTHS = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
FREEDOM_COSTS = 1.4  # above 1 against neighbouring errors that go together


@dataclass(frozen=True, slots=True)
class Spline:
    """Over a `box` (left, top, right, bottom) of screen pixels: values in screen pixels.

    `coefficients` (rows, columns, 2) of the spline, `polynomial` (terms, 2) of Legendre's products up to DEGREE.
    """

    box: Box
    coefficients: Array
    polynomial: Array

    def at(self, places: Array) -> Array:
        """Its value (n, 2) at screen pixels (n, 2); beyond the box that of its edge, nearly; nan for nan."""
        known = np.asarray(np.isfinite(places).all(axis=1))
        rows, weights = _basis(np.where(known[:, None], places, 0.0), self.box)
        flat = self.coefficients.reshape(-1, 2)
        value: Array = np.einsum("nk,nkd->nd", weights, flat[rows])
        value += np.einsum("nk,kd->nd", _legendre(np.where(known[:, None], places, 0.0), self.box), self.polynomial)
        value[~known] = np.nan
        return value

    def plus(self, more: "Spline") -> "Spline":
        """The sum of two over one box."""
        return Spline(self.box, self.coefficients + more.coefficients, self.polynomial + more.polynomial)


def box_around(places: Array) -> Box:
    """The bounds of points (n, 2), with a little to spare."""
    low, high = places.min(axis=0), places.max(axis=0)
    spare = 0.01 * (high - low) + 1.0
    return (float(low[0] - spare[0]), float(low[1] - spare[1]), float(high[0] + spare[0]), float(high[1] + spare[1]))


def fit_spline(
    places: Array, rest: Array, weight: Array, box: Box, *, most: int = MOST_POINTS, degree: int = DEGREE
) -> Spline:
    """The smooth spline nearest to `rest` (n, 2) at `places` (n, 2), both screen pixels, turning outliers away."""
    chosen = slice(None, None, max(1, len(places) // most))
    places, rest, weight = places[chosen], rest[chosen], weight[chosen]
    polynomial = _fit_polynomial(places, rest, weight, box, degree)
    rest = rest - np.einsum("nk,kd->nd", _legendre(places, box), polynomial)
    index, values = _basis(places, box)
    count = PER_AXIS[0] * PER_AXIS[1]
    penalty = _penalty()
    robust = np.ones(len(places))
    for left in range(ROUNDS, 0, -1):
        say = weight * robust
        square = _square(index, values, say, count)
        weighted = values * say[:, None]
        sums = [np.bincount(index.ravel(), (weighted * rest[:, axis, None]).ravel(), count) for axis in (0, 1)]
        right = np.stack(sums, axis=1).astype(np.float64)
        if left > 1:
            strength = USUAL_STRENGTH * float(np.trace(square)) / count
            solution = np.linalg.solve(square + strength * penalty, right)
        else:
            energy = float((say[:, None] * rest * rest).sum())
            solution = _smoothest(square, right, penalty, energy, float(say.sum()))
        missed = np.hypot(*(rest - np.einsum("nk,nkd->nd", values, solution[index])).T)
        limit = max(3.0 * float(np.median(missed)), 1e-3)
        # Tukey's weight: what lies far off has no say at all.
        robust = np.clip(1 - (missed / (3 * limit)) ** 2, 0, 1) ** 2
    return Spline(box, np.asarray(solution.reshape(PER_AXIS[1], PER_AXIS[0], 2), np.float64), polynomial)


def _square(index: NDArray[np.int64], values: Array, say: Array, count: int) -> Array:
    """The normal matrix, cell by cell: all places of a cell have a say in the same sixteen coefficients."""
    order = np.argsort(index[:, 0], kind="stable")
    firsts = index[order, 0]
    bounds = [0, *(np.flatnonzero(np.diff(firsts)) + 1).tolist(), len(order)]
    square = np.zeros((count, count))
    for begin, end in pairwise(bounds):
        members = order[begin:end]
        cell = index[members[0]]
        square[np.ix_(cell, cell)] += (values[members] * say[members, None]).T @ values[members]
    return square


def _fit_polynomial(places: Array, rest: Array, weight: Array, box: Box, degree: int) -> Array:
    """The terms (TERMS, 2) up to `degree`; those above are 0."""
    used = [i + j <= degree for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)]
    chosen = slice(None, None, max(1, len(places) // POLYNOMIAL_POINTS))
    places, rest, weight = places[chosen], rest[chosen], weight[chosen]
    design = _legendre(places, box)[:, used]
    robust = np.ones(len(places))
    for _ in range(ROUNDS):
        weighted = design * (weight * robust)[:, None]
        square = np.einsum("ni,nj->ij", weighted, design)
        strength = 1e-7 * float(np.trace(square)) / len(square)
        solution = np.linalg.solve(square + strength * np.eye(len(square)), np.einsum("ni,nd->id", weighted, rest))
        missed = np.hypot(*(rest - np.einsum("ni,id->nd", design, solution)).T)
        limit = max(3.0 * float(np.median(missed)), 1e-3)
        robust = np.clip(1 - (missed / (3 * limit)) ** 2, 0, 1) ** 2
    polynomial = np.zeros((TERMS, 2))
    polynomial[used] = solution
    return polynomial


def _legendre(places: Array, box: Box) -> Array:
    """Products of Legendre's polynomials up to DEGREE in all, (n, terms); held beyond the box."""
    low, high = np.array(box[:2]), np.array(box[2:])
    unit = np.clip((places - low) / (high - low) * 2 - 1, -REACH, REACH)
    powers = np.polynomial.legendre.legvander(unit, DEGREE)
    terms = [powers[:, 0, i] * powers[:, 1, j] for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)]
    return np.stack(terms, axis=1)


def _smoothest(square: Array, right: Array, penalty: Array, energy: float, total: float) -> Array:
    """The solution whose smoothness generalised cross-validation prefers (Golub, Heath and Wahba, 1979).

    One decomposition (Demmler and Reinsch, 1975) serves all strengths.
    """
    scale = float(np.trace(square)) / len(square)
    base = square + scale * STRENGTHS[0] * penalty
    half = np.linalg.inv(np.linalg.cholesky(base))
    rough, turn = np.linalg.eigh(half @ (scale * penalty) @ half.T)
    turn = half.T @ turn
    seen = turn.T @ right
    best, chosen = np.inf, seen
    for strength in STRENGTHS:
        kept = 1 / (1 + (strength - STRENGTHS[0]) * rough)
        trial = kept[:, None] * seen
        # In these coordinates the normal matrix is 1 - STRENGTHS[0] * rough.
        own = 1 - STRENGTHS[0] * rough
        missed = energy - 2 * float((trial * seen).sum()) + float((own[:, None] * trial**2).sum())
        score = max(missed, 0.0) / max(total - FREEDOM_COSTS * float((kept * own).sum()), 1e-9) ** 2
        if score < best:
            best, chosen = score, trial
    return np.asarray(turn @ chosen, np.float64)


def _basis(places: Array, box: Box) -> tuple[NDArray[np.int64], Array]:
    """For each place the sixteen coefficients that count (n, 16) and by how much (n, 16)."""
    firsts, weights = [], []
    for axis in (0, 1):
        share = (places[:, axis] - box[axis]) / (box[axis + 2] - box[axis])
        at = np.clip(share * CELLS[axis], 0, CELLS[axis] - 1e-9)
        first = np.floor(at).astype(np.int64)
        t = at - first
        weights.append(
            np.stack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3], axis=1) / 6
        )
        firsts.append(first)
    steps = np.arange(4)
    rows = firsts[1][:, None] + steps
    columns = firsts[0][:, None] + steps
    index = (rows[:, :, None] * PER_AXIS[0] + columns[:, None, :]).reshape(len(places), 16)
    return index, (weights[1][:, :, None] * weights[0][:, None, :]).reshape(len(places), 16)


def _penalty() -> Array:
    """Third differences along both axes, and a trace of second ones to hold what nothing else holds."""
    total = np.zeros((PER_AXIS[0] * PER_AXIS[1],) * 2)
    for order, strength in ((3, 1.0), (2, 1e-4)):
        for axis in (0, 1):
            steps = np.diff(np.eye(PER_AXIS[axis]), n=order, axis=0)
            square = steps.T @ steps
            other = np.eye(PER_AXIS[1 - axis])
            total += strength * (np.kron(other, square) if axis == 0 else np.kron(square, other))
    return np.asarray(total + 1e-9 * np.eye(len(total)), np.float64)
