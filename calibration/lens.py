"""Camera pixel -> screen pixel by a lens and a plane: distortion k1, k2 about a centre, then a homography. Pure.

Fitted by Levenberg and Marquardt's method with weights that turn outliers away (Huber).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MOST_POINTS = 1500
ROUNDS = 25


@dataclass(frozen=True, slots=True)
class Lens:
    """`homography` (9 numbers, row by row) takes straightened camera coordinates to -1..1 of the screen.

    Camera coordinates are pixels from the picture's middle over half its longer side; `centre`, `k1` and `k2` are in
    these. Seen at d from the centre, a ray is straightened to d (1 + k1 |d|² + k2 |d|⁴) from it.
    """

    camera: tuple[int, int]
    screen: tuple[int, int]
    homography: tuple[float, ...]
    centre: tuple[float, float]
    k1: float
    k2: float

    def to_screen(self, points: Array) -> Array:
        """Camera pixels (n, 2) to screen pixels (n, 2); nan on and behind the horizon."""
        parameters = np.array([*self.homography[:8], *self.centre, self.k1, self.k2])
        normal = _to_normal(points, self.camera)
        with np.errstate(divide="ignore", invalid="ignore"):
            placed, depth, _ = _project(parameters, normal)
        placed[depth <= 1e-3] = np.nan
        return _from_unit(placed, self.screen)

    def to_camera(self, points: Array) -> Array:
        """Screen pixels (n, 2) to camera pixels (n, 2), beyond the picture's edges too; nan where there is none."""
        matrix = np.array([*self.homography[:8], 1.0]).reshape(3, 3)
        unit = np.column_stack([_to_unit(points, self.screen), np.ones(len(points))])
        straight = unit @ np.linalg.inv(matrix).T
        with np.errstate(divide="ignore", invalid="ignore"):
            straight = straight[:, :2] / straight[:, 2:]
        goal = straight - np.array(self.centre)
        reach = np.hypot(goal[:, 0], goal[:, 1])
        bent = reach.copy()
        for _ in range(30):
            square = bent**2
            value = bent * (1 + self.k1 * square + self.k2 * square**2) - reach
            slope = 1 + 3 * self.k1 * square + 5 * self.k2 * square**2
            bent = np.clip(bent - value / np.where(slope > 0.1, slope, 0.1), 0, 20)
        share = np.where(reach > 1e-12, bent / np.maximum(reach, 1e-12), 1.0)
        normal = goal * share[:, None] + np.array(self.centre)
        half = max(self.camera) / 2
        camera: Array = normal * half + (np.array(self.camera) - 1) / 2
        return camera


def fit_lens(points: Array, places: Array, camera: tuple[int, int], screen: tuple[int, int]) -> Lens:
    """The lens and plane that take camera pixels (n, 2) nearest to screen pixels (n, 2)."""
    chosen = slice(None, None, max(1, len(points) // MOST_POINTS))
    normal, unit = _to_normal(points[chosen], camera), _to_unit(places[chosen], screen)
    parameters = np.concatenate([_homography(normal, unit), np.zeros(4)])
    # Weak pulls to an undistorted lens keep centre and bend where they are when the pictures say nothing of them.
    pull = np.sqrt(len(normal)) * np.array([0.0] * 8 + [3e-2, 3e-2, 2e-3, 4e-3])
    damping = 1e-3
    error, jacobian = _residuals(parameters, normal, unit)
    weights = _huber(error)
    cost = _cost(error, weights, parameters * pull)
    for _ in range(ROUNDS):
        rows = jacobian * weights[:, None]
        square = np.einsum("ni,nj->ij", rows, jacobian) + np.diag(pull**2)
        downhill = np.einsum("ni,n->i", rows, error) + pull**2 * parameters
        step = np.linalg.solve(square + damping * np.diag(np.diag(square)), downhill)
        trial = parameters - step
        trial_error, trial_jacobian = _residuals(trial, normal, unit)
        trial_cost = _cost(trial_error, weights, trial * pull)
        if np.isfinite(trial_cost) and trial_cost < cost:
            small = cost - trial_cost < 1e-7 * cost
            parameters, error, jacobian = trial, trial_error, trial_jacobian
            weights = _huber(error)
            cost = _cost(error, weights, parameters * pull)
            damping = max(damping / 10, 1e-9)
            if small:
                break
        else:
            damping *= 10
            if damping > 1e6:
                break
    numbers = [float(value) for value in parameters]
    return Lens(camera, screen, (*numbers[:8], 1.0), (numbers[8], numbers[9]), numbers[10], numbers[11])


def _to_normal(points: Array, camera: tuple[int, int]) -> Array:
    normal: Array = (points - (np.array(camera) - 1) / 2) / (max(camera) / 2)
    return normal


def _to_unit(places: Array, screen: tuple[int, int]) -> Array:
    unit: Array = places / (np.array(screen) / 2) - 1
    return unit


def _from_unit(unit: Array, screen: tuple[int, int]) -> Array:
    places: Array = (unit + 1) * (np.array(screen) / 2)
    return places


def _homography(source: Array, target: Array) -> Array:
    """Least squares of the direct linear transform; the last of the nine numbers is 1."""
    ones, zeros = np.ones(len(source)), np.zeros((len(source), 3))
    homogeneous = np.column_stack([source, ones])
    rows_x = np.hstack([homogeneous, zeros, -target[:, :1] * source])
    rows_y = np.hstack([zeros, homogeneous, -target[:, 1:] * source])
    solution, *_ = np.linalg.lstsq(np.vstack([rows_x, rows_y]), target.T.ravel(), rcond=None)
    return np.asarray(solution, np.float64)


def _project(parameters: Array, normal: Array) -> tuple[Array, Array, tuple[Array, ...]]:
    h, (cx, cy, k1, k2) = parameters[:8], parameters[8:]
    dx, dy = normal[:, 0] - cx, normal[:, 1] - cy
    square = dx * dx + dy * dy
    stretch = 1 + k1 * square + k2 * square * square
    x, y = cx + dx * stretch, cy + dy * stretch
    depth = h[6] * x + h[7] * y + 1
    u, v = (h[0] * x + h[1] * y + h[2]) / depth, (h[3] * x + h[4] * y + h[5]) / depth
    return np.column_stack([u, v]), depth, (dx, dy, square, stretch, x, y, u, v)


def _residuals(parameters: Array, normal: Array, unit: Array) -> tuple[Array, Array]:
    """Misses of all columns, then of all rows (2 n,), and their derivatives (2 n, 12)."""
    placed, depth, (dx, dy, square, stretch, x, y, u, v) = _project(parameters, normal)
    h, (_, _, k1, k2) = parameters[:8], parameters[8:]
    zero, over = np.zeros_like(x), 1 / depth
    u_x, u_y = (h[0] - u * h[6]) * over, (h[1] - u * h[7]) * over
    v_x, v_y = (h[3] - v * h[6]) * over, (h[4] - v * h[7]) * over
    bend = 2 * k1 + 4 * k2 * square
    x_cx, x_cy, y_cy = 1 - stretch - dx * dx * bend, -dx * dy * bend, 1 - stretch - dy * dy * bend
    x_k1, y_k1 = dx * square, dy * square
    x_k2, y_k2 = x_k1 * square, y_k1 * square
    lens = [(x_cx, x_cy), (x_cy, y_cy), (x_k1, y_k1), (x_k2, y_k2)]
    across = [x * over, y * over, over, zero, zero, zero, -u * x * over, -u * y * over]
    down = [zero, zero, zero, x * over, y * over, over, -v * x * over, -v * y * over]
    across += [u_x * a + u_y * b for a, b in lens]
    down += [v_x * a + v_y * b for a, b in lens]
    jacobian = np.vstack([np.column_stack(across), np.column_stack(down)])
    return (placed - unit).T.ravel(), jacobian


def _huber(error: Array) -> Array:
    both = np.hypot(*error.reshape(2, -1))
    limit = max(2.5 * float(np.median(both)), 1e-6)
    return np.tile(np.minimum(1.0, limit / np.maximum(both, 1e-12)), 2)


def _cost(error: Array, weights: Array, pulled: Array) -> float:
    return float((weights * error * error).sum() + (pulled * pulled).sum())
