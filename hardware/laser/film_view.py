"""Where the camera's pixels look in the shown pictures, and which of its tiles look at which of their blocks."""

import numpy as np
from numpy.typing import NDArray

from hardware.laser.box import Box

TILE = 16
"""Camera pixels; what the film changes is dealt with tile by tile."""
BLOCK = 8
"""Pixels of the shown pictures; whether they changed is told block by block."""
SAMPLES = 2000
"""Camera pixels, evenly spread, at which the film is compared with what is seen."""
DENSE = 40000
"""... of so many those that show what is rare are compared too, ..."""
OF_EACH = 40
"""... so many of each kind."""
EDGE = 5.0
"""Camera pixels beside the screen to which the film's light may reach, by blur and by the calibration's error."""
RIM = 3
"""Pixels at the shown picture's edge that are not relied on."""
ROWS, COLUMNS = 9, 16
"""Regions of the screen, each with its own gain."""

Floats = NDArray[np.float32]


class FilmView:
    """The geometry between one camera and the shown pictures of `size` (width, height).

    `places` is (height, width, 2) float32: for each camera pixel the place it looks at in the shown pictures, in their
    pixels, the centre of the top left one being (0, 0); nan where it does not look at the screen.
    """

    def __init__(self, places: Floats, size: tuple[int, int]) -> None:
        height, width = places.shape[:2]
        self.size = size
        self.shape = (height, width)
        x, y = np.nan_to_num(places[..., 0], nan=-1e6), np.nan_to_num(places[..., 1], nan=-1e6)
        inside = _within(x, y, size, -RIM)
        self.scale = _scale(x, y, inside)
        """Pixels of the shown pictures to one of the camera's."""
        self.near = _within(x, y, size, EDGE * self.scale)
        """Camera pixels that look at the screen, and what is so close to it that the film may reach it."""
        self._x, self._y = x, y
        self.x, self.y = np.clip(x, 0, size[0] - 1), np.clip(y, 0, size[1] - 1)
        self.shifts = 0
        """How many times the samples have been placed otherwise."""
        seen = np.count_nonzero(inside)
        self._even = _grid(inside, max(3, int(np.sqrt(seen / SAMPLES))))
        self._dense = _grid(inside, max(1, int(np.sqrt(seen / DENSE))))
        self.evenly = len(self._even[0])
        """How many of the samples, the first, are spread evenly; the others show what is rare."""
        self._sample(*self._even)
        self.blocks = (-(-size[1] // BLOCK), -(-size[0] // BLOCK))
        self._looks = self._blocks_of_tiles()
        self.lines = self._lines()
        """For each row of the shown pictures how far down the camera's picture it lies, -0.5 to 0.5."""

    def shift(self, x: Floats, y: Floats) -> None:
        """Look so many of the shown pictures' pixels beside where `places` says, each (height, width)."""
        self.x = np.clip(self._x + x, 0, self.size[0] - 1)
        self.y = np.clip(self._y + y, 0, self.size[1] - 1)
        self._place_samples()

    def sample_also(self, picture: NDArray[np.uint8], rough: NDArray[np.uint8]) -> None:
        """Sample, beside the even grid, where a picture (height, width, 3) shows what is rare: every brightness there
        is, and edges, by `rough` (height, width), the height of the edge about each pixel."""
        rows, columns = self._dense
        at = self._nearest(rows, columns)
        edge = np.minimum(rough[at] >> 5, 3)
        kind = (picture[at].max(axis=1) >> 4).astype(np.intp) * 4 + edge
        # Of each kind as many, evenly spread over its places.
        order = np.argsort(kind, kind="stable")
        ordered = kind[order]
        first = np.searchsorted(ordered, np.arange(64))
        count = np.diff(np.append(first, len(order)))
        stride = np.maximum(1, count // OF_EACH)[ordered]
        chosen = order[(np.arange(len(order)) - first[ordered]) % stride == 0]
        self._sample(np.append(self._even[0], rows[chosen]), np.append(self._even[1], columns[chosen]))

    def tiles_on(self, blocks: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The tiles that look at any of some blocks (rows, columns)."""
        return np.asarray((blocks.ravel()[np.maximum(self._looks, 0)] & (self._looks >= 0)).any(axis=0))

    def whole(self, box: Box) -> bool:
        """Whether all of a box in the camera's picture looks at the screen."""
        x0, y0, x1, y1 = box
        return bool(self.near[y0:y1, x0:x1].all())

    def _sample(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> None:
        self.rows, self.columns = rows, columns
        """The camera pixels that are sampled."""
        self.down: Floats = (rows / self.shape[0] - 0.5).astype(np.float32)
        """How far down the picture each sample lies, -0.5 to 0.5."""
        self._place_samples()

    def _nearest(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Row and column in the shown pictures that some camera pixels look at, never the outermost."""
        x, y = self.x[rows, columns], self.y[rows, columns]
        row = np.clip(np.rint(y), 1, self.size[1] - 2).astype(np.intp)
        return row, np.clip(np.rint(x), 1, self.size[0] - 2).astype(np.intp)

    def _place_samples(self) -> None:
        self.shifts += 1
        at = (self.rows, self.columns)
        self.sample_x, self.sample_y = self.x[at], self.y[at]
        self.nearest_y, self.nearest_x = self._nearest(*at)
        row, column = self.nearest_y * ROWS // self.size[1], self.nearest_x * COLUMNS // self.size[0]
        self.regions = row * COLUMNS + column

    def _blocks_of_tiles(self) -> NDArray[np.intp]:
        """For some pixels of each tile the number of the block they look at, -1 beside the screen."""
        height, width = self.shape
        top, left = np.mgrid[0:height:TILE, 0:width:TILE]
        looks = []
        for down in (0, TILE // 2, TILE - 1):
            for right in (0, TILE // 2, TILE - 1):
                y, x = np.minimum(top + down, height - 1), np.minimum(left + right, width - 1)
                row = np.clip(self.y[y, x] // BLOCK, 0, self.blocks[0] - 1).astype(np.intp)
                column = np.clip(self.x[y, x] // BLOCK, 0, self.blocks[1] - 1).astype(np.intp)
                looks.append(np.where(self.near[y, x], row * self.blocks[1] + column, -1))
        return np.stack(looks)

    def _lines(self) -> Floats:
        if len(self.rows) < 2:
            return np.zeros(self.size[1], np.float32)
        line = np.polyfit(self.y[self.rows, self.columns], self.down, 1)
        return np.asarray(np.clip(np.polyval(line, np.arange(self.size[1])), -0.5, 0.5), np.float32)


def _grid(inside: NDArray[np.bool_], step: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    rows, columns = np.nonzero(inside[step // 2 :: step, step // 2 :: step])
    return rows * step + step // 2, columns * step + step // 2


def _within(x: Floats, y: Floats, size: tuple[int, int], margin: float) -> NDArray[np.bool_]:
    across = (x > -margin) & (x < size[0] - 1 + margin)
    return np.asarray(across & (y > -margin) & (y < size[1] - 1 + margin))


def _scale(x: Floats, y: Floats, inside: NDArray[np.bool_]) -> float:
    if not inside.any():
        return 1.0
    steps = np.hypot(np.diff(x, axis=1)[inside[:, 1:]], np.diff(y, axis=1)[inside[:, 1:]])
    return float(np.median(steps)) if steps.size else 1.0
