"""By how much tiles of a camera picture are shifted from what was shown. Pure.

Each tile is explained as b + a P + c P² - a s P', where P is what was shown there, P' its slope and s the shift looked
for (Lucas and Kanade, 1981); gain a, offset b and bend c are the tile's own, so that room light, exposure, fall-off and
tone scale shift nothing. The pictures shown just before and just after take part in the explanation: where the film
moves, a frame early or late, or a shutter open across two, is explained by them, and only what is left of the slope,
across the motion, tells of a shift. How much that is comes out as the shift's covariance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.drift_view import View

Array = NDArray[np.float64]
Values = NDArray[np.float32]
Picture = NDArray[np.uint8]

SIDE, MARGIN = 24, 3
SAMPLES = SIDE + 2 * MARGIN
GREEN = 1
COLUMNS, ROWS = 8, 5
FEWEST = 4
MOST_PICTURES = 3
NOISE = 2.0
"""Grey levels: never less is expected of a camera's pixel."""
NEIGHBOURS_ALIKE = 6.0
"""Of so many pixels the errors go together: JPEG, blur, what the tone scale leaves."""
LEAST_CONTRAST = 4.0
"""Standard deviation of a tile of the shown picture in grey levels, below which it is plain."""
LEAST_EXPLAINED = 0.7
FARTHEST = 2.5
"""Samples beyond which a slope tells nothing."""
SURE = 0.25
"""Camera pixels: nothing in the room lets one tile be measured better than that."""
CLIPPED = (2.0, 252.0)


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """For each tile: its shift (n, 2) in camera pixels, how sure it is, whether it fits, whether it has anything.

    `information` (n, 2, 2) are inverse covariances, zero where the tile tells nothing; `telling` whether the shown
    picture has contrast in the tile, `fits` whether the camera's picture was explained by it.
    """

    values: Array
    information: Array
    telling: NDArray[np.bool_]
    fits: NDArray[np.bool_]


class Tiles:
    """Square tiles of the camera's picture, all of which see the screen."""

    def __init__(self, view: View, corners: Array, pixels: int) -> None:
        """`corners` (n, 2) are the tiles' top left camera pixels, `pixels` how many of them make a sample each way."""
        self.corners = corners
        self.pixels = pixels
        self._whole = SAMPLES * pixels
        self.middles: Array = corners + (self._whole - 1) / 2
        offsets = (np.arange(SAMPLES) + 0.5) * pixels - 0.5
        xs, ys = np.meshgrid(offsets, offsets)
        samples = corners[:, None, :] + np.column_stack([xs.ravel(), ys.ravel()])[None]
        laid = view.at(samples.reshape(-1, 2)).astype(np.float32).reshape(-1, SAMPLES, 2)
        self._at = cv2.convertMaps(laid[..., 0], laid[..., 1], cv2.CV_16SC2)

    def __len__(self) -> int:
        return len(self.corners)

    def measure(self, frame: Picture, shown: Sequence[Picture], moved: Array) -> Shifts:
        """The tiles' shifts in a camera picture, of which they are expected to have `moved` (n, 2) already.

        `frame` is (height, width, 3) BGR or (height, width); `shown`, the pictures that may have been visible, the
        oldest first, are single planes of grey levels. Shifts count from where the view has the tile, whatever was
        expected.
        """
        offsets = np.rint(moved).astype(np.intp)
        seen, inside = self._cut(frame, offsets)
        pictures = [self._foretold(picture) for picture in _few(shown)]
        value, clipped = _inner(seen), _clipped(seen)
        middle = pictures[len(pictures) // 2]
        others = [_inner(picture - middle) for index, picture in enumerate(pictures) if index != len(pictures) // 2]
        whole = middle
        if others:
            whole = _mixed(middle, pictures, value, clipped)
        shift, covariance, explained, contrast = _explained(whole, others, value, clipped)
        telling = contrast > LEAST_CONTRAST
        fits = inside & telling & (explained > LEAST_EXPLAINED)
        fits &= (np.abs(shift) < FARTHEST).all(axis=1)
        unit = float(self.pixels)
        information = np.asarray(np.linalg.inv(covariance * unit**2 + np.eye(2) * SURE**2), np.float64)
        information[~fits] = 0
        return Shifts(shift * unit + offsets, information, telling & inside, fits)

    def _cut(self, frame: Picture, offsets: NDArray[np.intp]) -> tuple[Values, NDArray[np.bool_]]:
        """The camera's tiles, (n, side, side), and whether they lie inside the picture."""
        corners = self.corners.astype(np.intp) + offsets
        height, width = frame.shape[:2]
        plane = frame[:, :, GREEN] if frame.ndim == 3 else frame
        inside = np.asarray(((corners >= 0) & (corners <= np.array([width, height]) - self._whole)).all(axis=1))
        cut = np.zeros((len(corners), self._whole, self._whole), np.uint8)
        for index in np.flatnonzero(inside):
            x, y = corners[index]
            cut[index] = plane[y : y + self._whole, x : x + self._whole]
        sheet = cut.reshape(-1, self._whole)
        if self.pixels > 1:
            sheet = np.asarray(cv2.resize(sheet, (SAMPLES, len(cut) * SAMPLES), interpolation=cv2.INTER_AREA), np.uint8)
        return sheet.astype(np.float32).reshape(-1, SAMPLES, SAMPLES), inside

    def _foretold(self, picture: Picture) -> Values:
        """The tiles of a shown picture, (n, side, side), as the camera would see them."""
        sheet = cv2.remap(picture, self._at[0], self._at[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(sheet, np.float32).reshape(-1, SAMPLES, SAMPLES)


def spread(view: View, parts: int) -> list[Tiles]:
    """Tiles over all of the camera's picture that sees the screen, dealt out into parts that each cover it.

    None where the screen is too small in the picture to hold a few tiles.
    """
    # Between two pixels of the shown picture there is nothing to be seen, however many pixels the camera has.
    pixels = int(np.clip(round(0.75 / max(view.scale(), 1e-3)), 1, 4))
    corners = _corners(view, SAMPLES * pixels)
    if len(corners) < FEWEST * parts:
        return []
    return [Tiles(view, corners[part::parts], pixels) for part in range(parts)]


def _corners(view: View, whole: int) -> Array:
    """The top left camera pixels (n, 2) of tiles that see nothing but the screen."""
    seen = view.seen()
    if not len(seen):
        return np.zeros((0, 2))
    low, high = seen.min(axis=0), seen.max(axis=0)
    columns, rows = np.clip((high - low) // whole, 1, (COLUMNS, ROWS)).astype(int).tolist()
    step = (high - low) / (columns, rows)
    # Column by column and every other one the other way, so that each part covers the screen like a chessboard.
    cells = [(column, row if column % 2 else rows - 1 - row) for column in range(columns) for row in range(rows)]
    corners = np.rint(low + (np.array(cells) + 0.5) * step - whole / 2)
    held = ((corners >= 0) & (corners <= np.array(view.camera) - whole)).all(axis=1)
    for corner in ((0, 0), (whole - 1, 0), (0, whole - 1), (whole - 1, whole - 1)):
        held &= view.sees(corners + corner, margin=1.0)
    kept: Array = corners[held]
    return kept


def _few(shown: Sequence[Picture]) -> list[Picture]:
    """At most a few of the pictures, the first, the middle and the last among them."""
    if len(shown) <= MOST_PICTURES:
        return list(shown)
    places = np.linspace(0, len(shown) - 1, MOST_PICTURES)
    return [shown[round(place)] for place in places.tolist()]


def _smoothed(tiles: Values) -> Values:
    """Tiles a little blurred, so that noise and steps of the shown picture's pixels count less."""
    side = tiles.shape[1]
    return np.asarray(cv2.GaussianBlur(tiles.reshape(-1, side), (5, 5), 1.0), np.float32).reshape(tiles.shape)


def _inner(tiles: Values) -> Values:
    """The tiles smoothed, without their margin, as (n, pixels)."""
    return np.ascontiguousarray(_smoothed(tiles)[:, MARGIN:-MARGIN, MARGIN:-MARGIN]).reshape(len(tiles), -1)


def _clipped(tiles: Values) -> Values:
    """0 for pixels that are black or white beyond telling, else 1, as (n, pixels)."""
    inner = tiles[:, MARGIN:-MARGIN, MARGIN:-MARGIN].reshape(len(tiles), -1)
    return ((inner > CLIPPED[0]) & (inner < CLIPPED[1])).astype(np.float32)


def _mixed(middle: Values, pictures: Sequence[Values], value: Values, weight: Values) -> Values:
    """The mixture of the shown pictures that each tile of the camera's picture shows."""
    others = [picture - middle for index, picture in enumerate(pictures) if index != len(pictures) // 2]
    columns = [np.ones_like(value), _inner(middle), *[_inner(other) for other in others]]
    solution, _ = _solve(columns, value, weight, [0.0, 0.0] + [NOISE**2] * len(others))
    gain = np.where(np.abs(solution[:, 1]) > 0.02, solution[:, 1], 0.02)
    mixed = middle.copy()
    for index, other in enumerate(others):
        share = np.clip(solution[:, 2 + index] / gain, -1, 1).astype(np.float32)
        mixed += share[:, None, None] * other
    return mixed


def _explained(
    whole: Values, others: Sequence[Values], value: Values, weight: Values
) -> tuple[Array, Array, Array, Array]:
    """For each tile its shift (n, 2) and covariance (n, 2, 2) in samples, the share explained, and P's contrast."""
    smooth = _smoothed(whole)
    count = len(smooth)
    inside = slice(MARGIN, -MARGIN)
    shown = np.ascontiguousarray(smooth[:, inside, inside]).reshape(count, -1)
    right = (smooth[:, inside, MARGIN + 1 : 1 - MARGIN] - smooth[:, inside, MARGIN - 1 : -MARGIN - 1]) * np.float32(0.5)
    down = (smooth[:, MARGIN + 1 : 1 - MARGIN, inside] - smooth[:, MARGIN - 1 : -MARGIN - 1, inside]) * np.float32(0.5)
    shown = shown - shown.mean(axis=1, keepdims=True)
    contrast = shown.std(axis=1)
    columns = [
        np.ones_like(shown),
        shown,
        shown * shown * np.float32(1 / 64),
        *others,
        np.ascontiguousarray(right).reshape(count, -1),
        np.ascontiguousarray(down).reshape(count, -1),
    ]
    # The noise's variance over that of each share, as far as it can be foretold: weak, but it keeps plain tiles finite.
    ridge = [1e-3, 1e-3, 4 * NOISE**2, *[NOISE**2] * len(others), 1e-2, 1e-2]
    solution, _ = _solve(columns, value, weight, ridge)
    rest = value - _sum(columns, solution)
    usual = np.maximum(np.median(np.abs(rest), axis=1, keepdims=True) * 1.5, NOISE / 2)
    weight = weight / (1 + (rest / (3 * usual)) ** 2) ** 2
    solution, inverse = _solve(columns, value, weight, ridge)
    rest = value - _sum(columns, solution)
    total = np.maximum(weight.sum(axis=1), 1)
    error = (weight * rest * rest).sum(axis=1) / total
    mean = (weight * value).sum(axis=1, keepdims=True) / total[:, None]
    spread = (weight * (value - mean) ** 2).sum(axis=1) / total
    gain = solution[:, 1]
    safe = np.where(gain > 0.02, gain, np.inf)
    shift = -solution[:, -2:] / safe[:, None]
    noise = np.maximum(error, (NOISE / 3) ** 2) * NEIGHBOURS_ALIKE
    covariance = inverse[:, -2:, -2:] * (noise / np.minimum(safe, 1e6) ** 2)[:, None, None]
    covariance = (
        np.where(np.isfinite(covariance), covariance, 0) + np.eye(2) * np.where(gain > 0.02, 0, 1e6)[:, None, None]
    )
    explained = np.where(gain > 0.02, 1 - error / np.maximum(spread, 1e-6), 0)
    enough = total > 0.4 * value.shape[1]
    return shift, covariance, np.where(enough, explained, 0), contrast


def _solve(columns: Sequence[Values], value: Values, weight: Values, ridge: Sequence[float]) -> tuple[Array, Array]:
    """Weighted least squares for each tile: the columns' shares (n, k), and the inverse normal matrices (n, k, k)."""
    stack = np.stack(columns, axis=1)
    weighted = stack * weight[:, None, :]
    normal = np.matmul(weighted, stack.transpose(0, 2, 1)).astype(np.float64)
    right = np.matmul(weighted, value[:, :, None]).astype(np.float64)
    # In the unit of one pixel's noise for each pixel of the tile.
    normal += np.diag(np.array(ridge) * 24 + 1e-3)
    inverse = np.linalg.inv(normal)
    return (inverse @ right)[:, :, 0], inverse


def _sum(columns: Sequence[Values], shares: Array) -> Values:
    """The columns, each times its share."""
    total = np.zeros_like(columns[0])
    for index, column in enumerate(columns):
        total += shares[:, index, None].astype(np.float32) * column
    return total
