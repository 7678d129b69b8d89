"""What pictures that took no part in the fit say of the map: the dots, shown last, and the board, shown first. Pure.

Each dot, and each tile of the board, is foretold through the map and moved until it fits the camera's picture best
(Lucas and Kanade, 1981); how far it had to be moved, in screen pixels, is the map's error there.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.patterns import PatternSet
from calibration.table import Nodes, Table

Array = NDArray[np.float64]
TILES = (8, 6)
LEAST_BELIEVED = 0.4  # of a measured error: what noise explains is itself an estimate
LEAST_SIMILAR = 0.8  # correlation of a dot with what was foretold


@dataclass(frozen=True, slots=True)
class Witnesses:
    """`places` (n, 2) screen pixels, `misses` (n, 2) the map's error there: mapped minus true, in screen pixels.

    `expected` counts those that should have been seen; those not found are in neither array. `doubt` is how far they
    would usually be off by the pictures' noise alone, in screen pixels.
    """

    places: Array
    misses: Array
    expected: int
    doubt: float = 0.0

    @property
    def distances(self) -> Array:
        """The errors' lengths, less what the pictures' noise explains of them; never less than `LEAST_BELIEVED`."""
        raw = np.hypot(self.misses[:, 0], self.misses[:, 1])
        square = float((raw**2).mean()) if len(raw) else 0.0
        explained = self.doubt**2 / square if square > 0 else 0.0
        lengths: Array = raw * np.sqrt(max(1 - explained, LEAST_BELIEVED**2))
        return lengths

    @property
    def found(self) -> float:
        """The share of those expected that were found."""
        return len(self.places) / self.expected if self.expected else 0.0


def dots(
    patterns: PatternSet, seen: NDArray[np.float32], inner: NDArray[np.bool_], mapped: Nodes, to_camera: Table,
    corner: tuple[int, int],
) -> Witnesses:  # fmt: skip
    """The dots in a picture `seen` (height, width) less black; `mapped` (height, width, 2) is each pixel's place.

    `inner` marks the screen's undisturbed pixels; all three are cut out of the camera's picture at `corner` (left,
    top).
    """
    height, width = seen.shape
    middles = to_camera.at(patterns.dots) - np.array(corner)
    reach = 2.0 * patterns.dot_sigma
    window = _window(mapped, reach)
    stride = max(1, window // 10)
    steps = np.arange(-window, window + 1, stride)
    with np.errstate(invalid="ignore"):
        near = (middles > window).all(axis=1) & (middles < np.array([width, height]) - window - 1).all(axis=1)
    places, starts = patterns.dots[near], np.rint(middles[near]).astype(np.intp)
    rows = (starts[:, 1, None, None] + steps[:, None]) + 0 * steps
    columns = (starts[:, 0, None, None] + steps) + 0 * steps[:, None]
    shape = (len(places), len(steps) ** 2)
    value = seen[rows, columns].reshape(shape).astype(np.float64)
    offset = (mapped[rows, columns] - places[:, None, None, :]).reshape(*shape, 2).astype(np.float64)
    square = (offset**2).sum(axis=2)
    within = square < reach**2
    whole = (inner[rows, columns].reshape(shape) | ~within).all(axis=1) & (within.sum(axis=1) > 12)
    places, value, offset, square, within = (part[whole] for part in (places, value, offset, square, within))
    if not len(places):
        return Witnesses(np.zeros((0, 2)), np.zeros((0, 2)), 0)
    sigma = patterns.dot_sigma
    for _ in range(2):
        misses, amplitude, wider, similar, doubt = _fit_dots(value, offset, square, within.astype(np.float64), sigma)
        # Projector and camera make dots narrower or wider than drawn; the usual dot says by how much.
        growth = float(np.median(wider[similar > LEAST_SIMILAR])) if (similar > LEAST_SIMILAR).any() else 0.0
        sigma *= float(np.sqrt(np.clip(1 + 2 * growth * sigma**2, 0.4, 2.0)))
    usual = float(np.median(amplitude))
    good = (similar > LEAST_SIMILAR) & (amplitude > 0.3 * usual) & (amplitude > 3.0)
    usual_doubt = float(np.sqrt(np.mean(doubt[good]))) if good.any() else 0.0
    return Witnesses(places[good], misses[good], expected=len(places), doubt=usual_doubt)


def _window(mapped: Nodes, reach: float) -> int:
    """Camera pixels that hold a dot's reach nearly everywhere."""
    tight = np.abs(mapped[::8, 1::8] - mapped[::8, :-1:8][:, : mapped[::8, 1::8].shape[1]])
    per_pixel = max(float(np.percentile(tight.max(axis=2), 10)), 1e-3)
    return int(np.clip(np.ceil(reach / per_pixel), 2, 60))


def _fit_dots(
    value: Array, offset: Array, square: Array, weight: Array, sigma: float
) -> tuple[Array, Array, Array, Array, Array]:
    """For each dot its miss (n, 2), amplitude, widening, likeness and the miss's variance.

    By least squares about the foretold dot.
    """
    profile = np.exp(-square / (2 * sigma**2))
    base = np.ones_like(profile)
    moved = offset / sigma**2 * profile[:, :, None]
    columns = np.stack([base, profile, moved[:, :, 0], moved[:, :, 1], square * profile / sigma**2], axis=2)
    weighted = columns * weight[:, :, None]
    normal = np.einsum("npi,npj->nij", weighted, columns) + 1e-6 * np.eye(5)
    solution = np.linalg.solve(normal, np.einsum("npi,np->ni", weighted, value)[:, :, None])[:, :, 0]
    fitted = np.einsum("npi,ni->np", columns, solution)
    count = weight.sum(axis=1)
    mean = (weight * value).sum(axis=1) / count
    left = (weight * (value - fitted) ** 2).sum(axis=1)
    total = (weight * (value - mean[:, None]) ** 2).sum(axis=1)
    similar = np.sqrt(np.clip(1 - left / np.maximum(total, 1e-9), 0, 1))
    amplitude = solution[:, 1]
    safe = np.where(np.abs(amplitude) > 1e-6, amplitude, 1e-6)
    spread = np.linalg.inv(normal)[:, (2, 3), (2, 3)].sum(axis=1) * left / np.maximum(count - 5, 1)
    return solution[:, 2:4] / safe[:, None], amplitude, solution[:, 4] / safe / sigma**2, similar, spread / safe**2


def board(
    patterns: PatternSet, seen: NDArray[np.float32], inner: NDArray[np.bool_], mapped: Nodes, blur: float
) -> Witnesses:
    """The board's tiles in a picture `seen`, less black; arrays as in `dots`, `blur` the camera's sigma in pixels."""
    chosen = np.zeros_like(inner)
    chosen[::2, ::2] = inner[::2, ::2]
    places, value = mapped[chosen], seen[chosen].astype(np.float64)
    per_pixel = float(np.median(np.abs(np.diff(mapped[::8], axis=1)).max(axis=2)))
    spread = max(1.0, per_pixel * max(blur, 0.5))
    softened = np.asarray(cv2.GaussianBlur(patterns.board.astype(np.float32), (0, 0), spread), np.float32)
    foretold = _sampled(softened, places, 0, 0)
    step = max(1.0, 0.3 * per_pixel)
    slope_x = (_sampled(softened, places, step, 0) - _sampled(softened, places, -step, 0)) / (2 * step)
    slope_y = (_sampled(softened, places, 0, step) - _sampled(softened, places, 0, -step)) / (2 * step)
    columns = [np.ones_like(value), foretold, -slope_x, -slope_y]
    share = places / np.array(patterns.screen) * np.array(TILES)
    column, row = (np.clip(share[:, axis], 0, TILES[axis] - 1).astype(np.intp) for axis in (0, 1))
    tile = row * TILES[0] + column
    count = TILES[0] * TILES[1]
    normal = np.array([[np.bincount(tile, one * other, count) for other in columns] for one in columns])
    right = np.array([np.bincount(tile, one * value, count) for one in columns])
    usable = normal[0, 0] > max(40.0, 0.1 * float(normal[0, 0].max()))
    solution = np.linalg.solve(
        np.moveaxis(normal, 2, 0)[usable] + 1e-6 * np.eye(4), np.moveaxis(right, 1, 0)[usable][:, :, None]
    )[:, :, 0]
    middle = np.stack([np.bincount(tile, places[:, axis], count) for axis in (0, 1)], axis=1)[usable]
    middle /= normal[0, 0][usable, None]
    amplitude = solution[:, 1]
    good = amplitude > 0.4 * float(np.median(amplitude)) if len(amplitude) else np.zeros(0, bool)
    misses = solution[:, 2:] / np.where(good, amplitude, 1.0)[:, None]
    return Witnesses(middle[good], misses[good], expected=int(usable.sum()))


def _sampled(picture: NDArray[np.float32], places: NDArray[np.float32], right: float, down: float) -> Array:
    """A picture's brightness at screen pixels (n, 2), moved; pixel i's own value lies at i + 0.5."""
    at = (places + np.array([right - 0.5, down - 0.5], np.float32)).astype(np.float32)
    # cv2.remap takes pictures of at most 32767 pixels a side: the points are laid out as one.
    rows = -(-len(at) // 1024)
    padded = np.zeros((rows * 1024, 2), np.float32)
    padded[: len(at)] = at
    laid = padded.reshape(rows, 1024, 2)
    sampled = cv2.remap(picture, laid[..., 0], laid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled, np.float64).ravel()[: len(at)]
