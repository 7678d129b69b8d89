"""Captures of the calibration's patterns in simulated rooms, kept for the specifications that share them."""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.patterns import PatternSet
from calibration.solve import Solution, solve
from tests.simulated_screen import Room, errors

Picture = NDArray[np.uint8]
SCREEN = (1280, 720)
ROOM = Room().with_(screen=SCREEN, camera=(480, 360))


@lru_cache(maxsize=4)
def pictures(screen: tuple[int, int] = SCREEN) -> dict[str, Picture]:
    """The patterns by name."""
    patterns = PatternSet(screen)
    return {name: patterns.picture(number) for number, name in enumerate(patterns.names)}


@lru_cache(maxsize=4)
def captured(room: Room = ROOM) -> dict[str, Picture]:
    """The camera's picture of each pattern."""
    return room.captures(pictures(room.geometry.screen))


@lru_cache(maxsize=4)
def solved(room: Room = ROOM) -> Solution:
    """The room's solution."""
    return solve(PatternSet(room.geometry.screen), list(captured(room).values()))


def true_errors(room: Room, solution: Solution, spacing: float = 4.0) -> NDArray[np.float64]:
    """Distances in screen pixels from the truth, wherever the solution claims to know."""
    points = room.seen(spacing)
    at = np.rint(points).astype(int)
    claimed = points[solution.seen[at[:, 1], at[:, 0]] > 0]
    return errors(solution.table.at(claimed), room.truth(claimed))


def unclaimed(room: Room, solution: Solution) -> float:
    """The share of the camera pixels that see the screen for which the solution claims nothing."""
    at = np.rint(room.seen(4.0)).astype(int)
    return 1 - float(solution.seen[at[:, 1], at[:, 0]].mean())


def write_captures(captures: dict[str, Picture], folder: Path) -> Path:
    """The captures as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in captures.items():
        cv2.imwrite(str(folder / name), picture)
    return folder
