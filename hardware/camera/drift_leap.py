"""Where the picture went when it moved too far to be followed: blocks of it are searched for. Pure."""

from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.drift_fit import Movement, fit_movement
from hardware.camera.drift_view import View

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]
Values = NDArray[np.float32]

COARSE = 160
"""Pixels across the picture in which blocks are searched for."""
REACH = 20
"""Coarse pixels a block may have gone, each way: an eighth of the picture."""
COLUMNS, ROWS = 5, 4
BLOCK = (22, 18)
FINER = 15
GREEN = 1
LEAST_ALIKE = 0.7
LEAST_CONTRAST = 5.0
CALM = 0.25
"""Change between the pictures before and after, as a share of a block's contrast, above which it is in motion."""
NEAR = 0.75
"""Coarse pixels within which blocks moved together."""
LEAST_AGREEING = 4
LARGEST_GROWTH = 0.15


class Leap:
    """Searches blocks of the shown picture in the camera's, and says what movement most of them agree on."""

    def __init__(self, view: View) -> None:
        width, height = view.camera
        self.pixels = max(1, round(width / COARSE))
        self._size = (width // self.pixels, height // self.pixels)
        xs, ys = np.meshgrid(np.arange(self._size[0]), np.arange(self._size[1]))
        places = np.column_stack([xs.ravel(), ys.ravel()]).astype(np.float64)
        points: Array = (places + 0.5) * self.pixels - 0.5
        # The shown picture is made as coarse first, so that nothing finer than a coarse pixel is left in it.
        self._shrunk = max(1, round(view.scale() * self.pixels))
        shown = np.nan_to_num((view.at(points) + 0.5) / self._shrunk - 0.5, nan=-9).astype(np.float32)
        self._at = shown.reshape(self._size[1], self._size[0], 2)
        seen = view.seen()
        self._middle = (float(seen[:, 0].mean()), float(seen[:, 1].mean())) if len(seen) else (width / 2, height / 2)
        self._edge = np.array(view.shown) / self._shrunk
        self._blocks = self._lay()

    def _lay(self) -> list[tuple[int, int]]:
        """The blocks' top left coarse pixels: rows of blocks, all of which see the screen."""
        on = np.asarray(((self._at > -1) & (self._at < self._edge)).all(axis=2), np.uint8)
        kernel = np.ones((BLOCK[1], BLOCK[0]), np.uint8)
        held = cv2.erode(on, kernel, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
        rows = np.flatnonzero(held.any(axis=1))
        places = []
        for y in _spaced(rows, BLOCK[1], ROWS):
            columns = np.flatnonzero(held[y])
            places += [(x, y) for x in _spaced(columns, BLOCK[0], COLUMNS)]
        return places

    def search(self, frame: Picture, shown: Sequence[Picture]) -> Movement | None:
        """The movement most blocks agree on; None where they do not. Arguments as in `Tiles.measure`."""
        small = np.asarray(cv2.resize(frame, self._size, interpolation=cv2.INTER_AREA), np.uint8)
        seen = _detail(np.ascontiguousarray(small[:, :, GREEN]) if small.ndim == 3 else small)
        middle = len(shown) // 2
        foretold = self._foretold(shown[middle])
        before, after = (self._foretold(shown[0]), self._foretold(shown[-1])) if len(shown) > 1 else (foretold,) * 2
        change, detail = cv2.absdiff(before, after), _detail(foretold)
        points, gone = [], []
        for x, y in self._blocks:
            block = (slice(y, y + BLOCK[1]), slice(x, x + BLOCK[0]))
            contrast = float(foretold[block].std())
            if contrast < LEAST_CONTRAST or change[block].mean() > CALM * contrast:
                continue
            found = _found(detail[block], seen, (x, y))
            if found is not None:
                points.append((x + (BLOCK[0] - 1) / 2, y + (BLOCK[1] - 1) / 2))
                gone.append(found)
        if len(points) < LEAST_AGREEING:
            return None
        together = _together(np.array(points), np.array(gone))
        if together.sum() < max(LEAST_AGREEING, len(points) / 2):
            return None
        where = (np.array(points)[together] + 0.5) * self.pixels - 0.5
        sure = np.broadcast_to(np.eye(2) * (0.3 * self.pixels) ** -2, (len(where), 2, 2))
        return fit_movement(where, np.array(gone)[together] * self.pixels, np.array(sure), self._middle)

    def _foretold(self, picture: Picture) -> Picture:
        height, width = picture.shape
        small = cv2.resize(picture, (width // self._shrunk, height // self._shrunk), interpolation=cv2.INTER_AREA)
        return np.asarray(
            cv2.remap(small, self._at[..., 0], self._at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
            np.uint8,
        )


def _detail(picture: Picture) -> Values:
    """What is finer than a block: without the light's fall-off towards the corners, which has a place of its own."""
    values = picture.astype(np.float32)
    return np.asarray(values - cv2.blur(values, (FINER, FINER)), np.float32)


def _spaced(places: NDArray[np.intp], size: int, most: int) -> list[int]:
    """At most so many of the places, from the first to the last, not much less than `size` apart."""
    if not len(places):
        return []
    count = min(most, 1 + round((places[-1] - places[0]) / size))
    return [int(places[round(at)]) for at in np.linspace(0, len(places) - 1, count).tolist()]


def _found(block: Values, seen: Values, place: tuple[int, int]) -> tuple[float, float] | None:
    """By how many coarse pixels a block went; None where nothing looks like it."""
    height, width = seen.shape
    left, top = max(place[0] - REACH, 0), max(place[1] - REACH, 0)
    right, bottom = min(place[0] + BLOCK[0] + REACH, width), min(place[1] + BLOCK[1] + REACH, height)
    area = seen[top:bottom, left:right]
    if area.shape[0] < block.shape[0] or area.shape[1] < block.shape[1]:
        return None
    alike = cv2.matchTemplate(area, block, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(alike)
    # At the edge of what was searched the best may lie beyond.
    if best < LEAST_ALIKE or not (0 < x < alike.shape[1] - 1 and 0 < y < alike.shape[0] - 1):
        return None
    across = _peak(*alike[y, x - 1 : x + 2].tolist())
    down = _peak(*alike[y - 1 : y + 2, x].tolist())
    return left + x + across - place[0], top + y + down - place[1]


def _peak(before: float, at: float, after: float) -> float:
    """Where a parabola through three values, the middle one the largest, has its top."""
    bend = before - 2 * at + after
    return 0.5 * (before - after) / bend if bend < -1e-9 else 0.0


def _together(points: Array, gone: Array) -> NDArray[np.bool_]:
    """The largest group that moved as one: turned, grown a little and moved. Every pair of blocks proposes how."""
    start = points[:, 0] + 1j * points[:, 1]
    end = start + gone[:, 0] + 1j * gone[:, 1]
    best = np.zeros(len(points), bool)
    for one, other in combinations(range(len(points)), 2):
        factor = (end[other] - end[one]) / (start[other] - start[one])
        if abs(factor - 1) > LARGEST_GROWTH:
            continue
        near = np.abs(factor * (start - start[one]) + end[one] - end) < NEAR
        if near.sum() > best.sum():
            best = near
    return best
