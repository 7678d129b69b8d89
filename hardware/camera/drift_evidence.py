"""What the looks of the last seconds say together of each tile. Pure."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.camera.drift_tiles import Shifts

Array = NDArray[np.float64]

REMEMBERED = 6.0
"""Seconds of looks that are gathered: shorter flags sooner, longer is surer."""
TRACKED = 30.0
"""Seconds of looks that are kept, to find out since when."""
FEWEST_FITTING = 4
TILE_BIAS = 0.2
"""Camera pixels by which a tile may be off for as long as it shows the same: what the room itself adds to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One look, at clock time `clock`, over all n tiles, of which it may have measured some.

    `information` (n, 2, 2) are inverse covariances, `pull` (n, 2) the same times the shifts; `telling` counts the tiles
    that had anything to compare, `fitting` those in which the camera saw it; `light` is the shown picture's mean level.
    """

    clock: float
    information: Array
    pull: Array
    telling: int
    fitting: int
    light: float


class Evidence:
    """The looks of the last seconds over `count` tiles."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._looks: deque[Look] = deque()
        self._from = -np.inf

    def add(self, clock: float, shifts: Shifts, tiles: slice, light: float) -> Look:
        """Keep one look's shifts, which are of these tiles."""
        information, pull = np.zeros((self._count, 2, 2)), np.zeros((self._count, 2))
        information[tiles] = shifts.information
        pull[tiles] = np.matmul(shifts.information, shifts.values[:, :, None])[:, :, 0]
        look = Look(clock, information, pull, int(shifts.telling.sum()), int(shifts.fits.sum()), light)
        self._looks.append(look)
        while self._looks[0].clock < clock - TRACKED:
            self._looks.popleft()
        return look

    def forget_before(self, clock: float) -> None:
        """Gather no look older than this any more."""
        self._from = clock

    def recent(self, clock: float) -> list[Look]:
        """The looks that are gathered at a clock time."""
        begin = max(clock - REMEMBERED, self._from)
        return [look for look in self._looks if look.clock > begin]

    def gathered(self, clock: float) -> tuple[Array, Array]:
        """Each tile's shift (n, 2), and how sure it is: inverse covariances (n, 2, 2), zero where nothing is known."""
        information, pull = np.zeros((self._count, 2, 2)), np.zeros((self._count, 2))
        for look in self.recent(clock):
            information += look.information
            pull += look.pull
        known = np.trace(information, axis1=1, axis2=2) > 1e-9
        values, sure = np.zeros((self._count, 2)), np.zeros((self._count, 2, 2))
        covariance = np.linalg.inv(information[known] + 1e-6 * np.eye(2))
        values[known] = np.matmul(covariance, pull[known][:, :, None])[:, :, 0]
        sure[known] = np.linalg.inv(covariance + TILE_BIAS**2 * np.eye(2))
        return values, sure

    def changed(self, goal: Array, reference: Array, clock: float) -> float:
        """Since when the looks tell of a shift `goal` (2,) beyond a `reference` (n, 2) rather than of none."""
        size = max(float(goal @ goal), 1e-9)
        best, since, total = 0.0, clock, 0.0
        for look in reversed(self._looks):
            if look.fitting < FEWEST_FITTING:
                continue
            pull = look.pull - np.matmul(look.information, reference[:, :, None])[:, :, 0]
            shift = np.linalg.solve(look.information.sum(axis=0), pull.sum(axis=0))
            total += float(np.clip(shift @ goal / size, -1, 2)) - 0.5
            if total > best:
                best, since = total, look.clock
        return since
