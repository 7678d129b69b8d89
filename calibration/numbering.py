"""Which fringe is which: the board tells. Pure.

Phases are known up to whole fringes. For every count of fringes that keeps the measured part on the screen, the board
is foretold and held against the board the camera saw; the one that agrees is right. No marker has to be readable, and
mirrored and rotated cameras need nothing special: the fringes themselves say which way is right and which is down.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.patterns import PatternSet

Array = NDArray[np.float64]
MOST_SAMPLES = 2500
OUTSIDE_ALLOWED = 0.03  # share of the measured blocks that may fall beside the screen
LEAST_AGREEMENT = 0.45
LARGEST_RIVAL = 0.6  # the best count's disagreement over the next one's


@dataclass(frozen=True, slots=True)
class Numbered:
    """Whole fringes to add to the right and down; the correlation with the board, and that of the next best count."""

    fringes: tuple[int, int]
    agreement: float
    rival: float

    @property
    def certain(self) -> bool:
        """Whether the board leaves no doubt."""
        return self.agreement > LEAST_AGREEMENT and 1 - self.agreement < LARGEST_RIVAL * (1 - self.rival)


def number_fringes(patterns: PatternSet, places: Array, board: Array, footprint: float) -> Numbered | None:
    """Number the fringes of one connected part; None where no count of fringes keeps it on the screen.

    `places` (n, 2) are screen pixels up to whole periods, `board` (n,) the board's brightness seen there (black 0,
    white 1), each a mean over about `footprint` screen pixels.
    """
    chosen = slice(None, None, max(1, len(places) // MOST_SAMPLES))
    places, board = places[chosen], board[chosen]
    foretold = cv2.blur(patterns.board.astype(np.float32), (max(1, round(footprint)),) * 2)
    usual = np.array([np.median(places[:, 0]), np.median(places[:, 1])])
    size, period = np.array(patterns.screen, float), patterns.period
    first = np.floor(-usual / period).astype(int)
    last = np.ceil((size - usual) / period).astype(int)
    found: list[tuple[float, int, int]] = []
    for right in range(first[0], last[0] + 1):
        columns = np.floor(places[:, 0] + period * right).astype(int)
        inside_x = (columns >= 0) & (columns < size[0])
        if inside_x.mean() < 1 - OUTSIDE_ALLOWED:
            continue
        for down in range(first[1], last[1] + 1):
            rows = np.floor(places[:, 1] + period * down).astype(int)
            inside = inside_x & (rows >= 0) & (rows < size[1])
            if inside.mean() < 1 - OUTSIDE_ALLOWED:
                continue
            found.append((_correlation(foretold[rows[inside], columns[inside]], board[inside]), right, down))
    if not found:
        return None
    found.sort(reverse=True)
    agreement, right, down = found[0]
    return Numbered((right, down), agreement, rival=found[1][0] if len(found) > 1 else 0.0)


def _correlation(one: NDArray[np.float32], other: Array) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / size if size > 0 else 0.0
