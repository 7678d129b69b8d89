"""The pictures a calibration shows: white, black, a board, two sets of shifted fringes, dots.

White and black find the screen; the fringes measure it, sixty pixels at a time; the board (a ChArUco board) numbers the
fringes; the dots come last and take no part in the fit: they judge it. Fringes and dots follow each other in such an
order that a late or swapped picture, or a camera pushed on the way, contradicts another picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Kind = Literal["white", "black", "board", "x0", "x1", "x2", "x3", "y0", "y1", "y2", "y3", "dots"]

SET = "common-ground-1"
SHOWS: tuple[Kind, ...] = ("white", "black", "board", "x0", "x1", "x2", "x3", "y0", "y1", "y2", "y3", "dots")
SQUARES_ACROSS = 16
MARKER_SHARE = 0.7
SMALLEST = 160
LARGEST = 16384


class PatternsError(ValueError):
    """A pattern set that this program does not know; the text says why and what to do."""


@dataclass(frozen=True)
class PatternSet:
    """The pictures for a screen of (width, height) pixels."""

    screen: tuple[int, int]

    def __post_init__(self) -> None:
        if not all(SMALLEST <= side <= LARGEST for side in self.screen):
            raise PatternsError(
                f"a screen of {self.screen[0]}x{self.screen[1]} has no patterns: "
                f"give a size between {SMALLEST} and {LARGEST} pixels each way"
            )

    @property
    def period(self) -> int:
        """Screen pixels from fringe to fringe."""
        return 60 * max(1, round(max(self.screen) / 1920))

    @property
    def dot_sigma(self) -> float:
        """The dots' profile, in screen pixels: brightness exp(-r² / (2 sigma²))."""
        return self.period * 14 / 60

    @property
    def names(self) -> tuple[str, ...]:
        """The pictures' file names, in the order in which they are shown."""
        return tuple(f"{number:03d}.png" for number in range(len(SHOWS)))

    def picture(self, number: int) -> Picture:
        """One picture, grey, (height, width)."""
        width, height = self.screen
        shows = SHOWS[number]
        if shows == "white":
            return np.full((height, width), 255, np.uint8)
        if shows == "black":
            return np.zeros((height, width), np.uint8)
        if shows == "board":
            return self.board
        if shows == "dots":
            return self._dots_picture()
        along_x, step = shows[0] == "x", int(shows[1])
        centres = np.arange(width if along_x else height) + 0.5
        wave = 127.5 + 115 * np.cos(2 * np.pi * centres / self.period + step * np.pi / 2)
        levels = np.rint(wave).astype(np.uint8)
        return np.array(np.broadcast_to(levels[None, :] if along_x else levels[:, None], (height, width)))

    @cached_property
    def board(self) -> Picture:
        """The ChArUco board, centred on white; sixteen squares across."""
        width, height = self.screen
        square = width // SQUARES_ACROSS
        rows = max(2, min(height // square, 62))
        markers = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_1000)
        board = cv2.aruco.CharucoBoard((SQUARES_ACROSS, rows), float(square), square * MARKER_SHARE, markers)
        drawn = board.generateImage((SQUARES_ACROSS * square, rows * square))
        picture = np.full((height, width), 255, np.uint8)
        left, top = (width - drawn.shape[1]) // 2, max(0, (height - drawn.shape[0]) // 2)
        picture[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn[: height - top]
        return picture

    @cached_property
    def dots(self) -> NDArray[np.float64]:
        """The dots' centres, (n, 2) screen pixels: a grid, each dot moved a little so that no shift repeats it."""
        columns, rows = (max(2, round(side / (self.period * 2))) for side in self.screen)
        grid_x, grid_y = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
        centres = np.column_stack([grid_x.ravel() * self.screen[0], grid_y.ravel() * self.screen[1]])
        aside = np.random.default_rng(16).uniform(-1, 1, centres.shape) * self.period / 6
        moved: NDArray[np.float64] = np.round(centres + aside, 2)
        return moved

    def _dots_picture(self) -> Picture:
        width, height = self.screen
        light = np.zeros((height, width), np.float32)
        reach = int(4 * self.dot_sigma)
        for x, y in self.dots:
            left, right = max(0, int(x) - reach), min(width, int(x) + reach)
            top, bottom = max(0, int(y) - reach), min(height, int(y) + reach)
            across = np.exp(-((np.arange(left, right) + 0.5 - x) ** 2) / (2 * self.dot_sigma**2))
            down = np.exp(-((np.arange(top, bottom) + 0.5 - y) ** 2) / (2 * self.dot_sigma**2))
            light[top:bottom, left:right] += np.outer(down, across).astype(np.float32)
        return np.asarray(np.rint(255 * np.minimum(light, 1)), np.uint8)

    def description(self) -> dict[str, Any]:
        """What `patterns.json` says of the set."""
        return {
            "format": 1,
            "set": SET,
            "screen": list(self.screen),
            "pictures": [{"file": name, "shows": kind} for name, kind in zip(self.names, SHOWS, strict=True)],
        }

    @classmethod
    def described(cls, description: Mapping[str, Any]) -> "PatternSet":
        """The set a `patterns.json` describes. Raises PatternsError."""
        again = "make the patterns again with `rangectl calibrate patterns`"
        screen = description.get("screen")
        if not (isinstance(screen, list) and len(screen) == 2 and all(type(side) is int for side in screen)):
            raise PatternsError(f"it names no screen size: {again}")
        patterns = cls((screen[0], screen[1]))
        if dict(description) != patterns.description():
            raise PatternsError(f"it describes another set of patterns than this program's: {again}")
        return patterns
