"""By how much the camera's picture may exceed the predicted one without anybody's light: learnt while the film plays.

Three doubts add up: what flat places miss at their level, what edges miss for their height, and what changing places
miss for the change, since the instant is not known exactly.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

SPREADS_FIRST, SPREADS_LEAST, SPREADS_MOST = 6.0, 3.0, 10.0
"""Standard deviations of what flat places miss."""
NOTHING = 2.0
"""Levels that are allowed in any case."""
EDGE_FIRST, CHANGE_FIRST = 0.8, 1.0
"""Share of an edge's height, and of a change, that is allowed before any has been seen."""
EDGE_LEAST, CHANGE_LEAST = 0.12, 0.15
MOST = 1.0
AN_EDGE, A_CHANGE = 16, 14
"""Levels from which they tell."""
SURE = 0.985
"""Share of samples that the learnt allowance covers, ..."""
MORE = 1.3
"""... and by how much more is allowed."""
FEWEST = 40
DOWN = 0.1
"""How fast the allowances go down; they go up at once."""
REACH = 5
"""Pixels within which an edge is felt: compression spreads colour that far."""


class Doubt:
    """`spreads` is how many standard deviations are allowed, `edge` and `change` the shares."""

    def __init__(self) -> None:
        self.spreads = SPREADS_FIRST
        self.edge = EDGE_FIRST
        self.change = CHANGE_FIRST

    def most(self, expected: Picture, edges: Picture, changes: Picture | None, spread: Floats) -> Picture:
        """The most that may be seen, from the expected picture, the height of edges, and changes; `spread` (3, 256)."""
        table = np.clip(np.rint(np.arange(256) + NOTHING + self.spreads * spread), 0, 255).astype(np.uint8)
        top = cv2.LUT(expected, np.ascontiguousarray(table.T[None]))
        cv2.addWeighted(top, 1, edges, self.edge, 0, dst=top)
        if changes is not None:
            cv2.addWeighted(top, 1, changes, self.change, 0, dst=top)
        return np.asarray(top, np.uint8)

    def learn(self, miss: Floats, spread: Floats, edges: Floats, changes: Floats) -> None:
        """From samples (n, 3): how far the camera's levels lie above the expected, and what explains it."""
        over = miss - NOTHING
        calm = (edges < AN_EDGE) & (changes < A_CHANGE / 2)
        self.spreads = _followed(self.spreads, over[calm], spread[calm], SPREADS_LEAST, SPREADS_MOST)
        over = over - self.spreads * spread
        tells = (edges >= AN_EDGE) & (changes < A_CHANGE / 2)
        self.edge = _followed(self.edge, over[tells], edges[tells], EDGE_LEAST, MOST)
        over = over - self.edge * edges
        tells = changes >= A_CHANGE
        self.change = _followed(self.change, over[tells], changes[tells], CHANGE_LEAST, MOST)


def _followed(share: float, over: Floats, of: Floats, lowest: float, highest: float) -> float:
    """A share on the way to what covers nearly all samples."""
    if len(over) < FEWEST:
        return share
    needed = float(np.clip(MORE * np.quantile(over / of, SURE), lowest, highest))
    return needed if needed > share else share + DOWN * (needed - share)


def edges_of(picture: Picture) -> Picture:
    """The height of the edges about each pixel, the highest of all channels in each."""
    edges = cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, np.ones((REACH, REACH), np.uint8))
    highest = cv2.max(cv2.max(edges[:, :, 0], edges[:, :, 1]), edges[:, :, 2])
    return np.asarray(cv2.merge([highest, highest, highest]), np.uint8)


def changes_of(pictures: list[Picture]) -> Picture | None:
    """The largest change about each pixel between successive pictures, by channel; None of less than two."""
    if len(pictures) < 2:
        return None
    most = cv2.absdiff(pictures[0], pictures[1])
    for before, after in pairwise(pictures):
        cv2.max(most, cv2.absdiff(before, after), dst=most)
    return np.asarray(cv2.dilate(most, np.ones((3, 3), np.uint8)), np.uint8)
