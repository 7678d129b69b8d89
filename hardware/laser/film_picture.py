"""A picture of the film, and what is asked of it again and again.

*Light* is what the projector makes of a level, 0 to 1: its gamma taken off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.film_view import BLOCK, COLUMNS, ROWS, FilmView

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
PROJECTOR: Floats = ((np.arange(256) / 255) ** 2.2).astype(np.float32)
"""The light of each level of the film."""
FLAT = 20
"""Levels within a sample's reach, at most, for it to tell how the camera renders them."""
CHANGE = 6
"""Levels by which a block must change to count as changed."""
BRIGHTENED = 0.004
"""Mean light by which the film must change for all the room to be lit otherwise."""
WIDE = 0.18
"""How far light from the wall spreads through the room and back to it, as a share of the screen's width."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture on the wall, (height, width, 3) BGR, and the time from which the camera could see it, in seconds."""

    time: float
    picture: Picture


@dataclass(frozen=True, slots=True, eq=False)
class OnWall:
    """The pictures that may have been on the wall during a camera frame, the oldest first.

    `expected` is the time, on the pictures' clock, of the middle of its exposure; what was on the wall before the first
    of them, and from `until` on, is not known.
    """

    pictures: Sequence[Shown]
    expected: float
    until: float = float("inf")


@dataclass(slots=True, eq=False)
class FilmPicture:
    """`light` (height, width, 3), as blurred as the camera sees it, `rough` the height of the edges about each pixel;
    `samples` the light at the view's samples (n, 3), and `flat` which of them lie in flat places; `changed` the blocks
    that differ from the picture before; `stray` the light that comes back from the room, by region (rows, columns, 6):
    from around, and from the whole picture."""

    picture: Picture
    light: Floats
    rough: Picture
    changed: NDArray[np.bool_]
    stray: Floats
    samples: Floats = field(init=False)
    flat: NDArray[np.bool_] = field(init=False)
    shifts: int = -1

    def look(self, view: FilmView) -> None:
        """Take the samples, where the view has placed them anew since."""
        if self.shifts != view.shifts:
            self.samples, self.shifts = sampled(self.light, view), view.shifts
            self.flat = self.rough[view.nearest_y, view.nearest_x] < FLAT


def film_picture(picture: Picture, before: FilmPicture | None, view: FilmView, blur: float) -> FilmPicture:
    """Take a picture in, and compare it with the one shown before it; `blur` in pixels."""
    light = np.asarray(cv2.LUT(picture, PROJECTOR), np.float32)
    stray = stray_light(light)
    if blur > 0:
        cv2.GaussianBlur(light, (0, 0), blur, dst=light)
    reach = 2 * max(1, round(1.3 * view.scale)) + 1
    kernel = np.ones((reach, reach), np.uint8)
    edges = cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, kernel)
    rough = cv2.max(cv2.max(edges[:, :, 0], edges[:, :, 1]), edges[:, :, 2])
    if before is None or np.abs(stray - before.stray).max() > BRIGHTENED:
        changed = np.ones(view.blocks, bool)
    else:
        changed = changed_blocks(picture, before.picture, view.blocks)
    known = FilmPicture(picture, light, np.asarray(rough, np.uint8), changed, stray)
    known.look(view)
    return known


def sampled(picture: Floats, view: FilmView) -> Floats:
    """A picture at the view's samples, (n, channels)."""
    drawn = cv2.remap(picture, view.sample_x[None], view.sample_y[None], cv2.INTER_LINEAR)
    return np.asarray(drawn[0], np.float32)


def stray_light(light: Floats) -> Floats:
    """The light of a picture, spread wide and over all: (ROWS, COLUMNS, 6)."""
    small = cv2.resize(light, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    around = cv2.GaussianBlur(small, (0, 0), WIDE * COLUMNS)
    over_all = np.broadcast_to(small.mean(axis=(0, 1)), small.shape)
    return np.asarray(np.concatenate([around, over_all], axis=2), np.float32)


def changed_blocks(picture: Picture, before: Picture, blocks: tuple[int, int]) -> NDArray[np.bool_]:
    """The blocks (rows, columns), and those beside them, in which two pictures differ."""
    change = cv2.dilate(cv2.absdiff(picture, before), np.ones((BLOCK, BLOCK), np.uint8))
    # Every block's middle has seen all of the block.
    middles = change[BLOCK // 2 :: BLOCK, BLOCK // 2 :: BLOCK].max(axis=2) > CHANGE
    whole = np.zeros(blocks, np.uint8)
    whole[: middles.shape[0], : middles.shape[1]] = middles
    return cv2.dilate(whole, np.ones((3, 3), np.uint8)).astype(bool)
