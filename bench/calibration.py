"""How true a calibration is in simulated rooms, how long it takes to show and to solve.

Flat and curved screens, two camera sizes, several seeds; then each disturbance. The error is the map's against the
room's own geometry, over all camera pixels that see the screen, not what the calibration says of itself.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import numpy as np

from bench.figures import Figure
from calibration.lit import Misleading
from calibration.patterns import PatternSet
from calibration.solve import Solution, solve
from hardware.camera.messages import TwinRoom
from range.app import wizard_steps as steps
from range.app.config import load_config
from range.app.wizard import TWIN_SHAPE, Wizard
from range.app.wizard_requests import Steps, take
from tests.simulated_screen import Room, errors, late, moved_after

SCREEN = (1920, 1080)
DELAY = 0.12
"""Seconds the projector takes in the wizard's room."""
SEQUENCES = 3
SHAPES = {"flat": None, "curved": 1.5}
SIZES = ((640, 480), (1280, 720))
SEEDS = (1, 2, 3)
DISTURBED: dict[str, dict[str, object]] = {
    "room light": {"ambient": 0.25},
    "JPEG 30": {"jpeg": 30},
    "drifting exposure": {"exposures": (1.0, 1.4, 0.6, 1.2, 0.8, 1.35, 0.65, 1.1)},
    "a person in front": {"person": (0.42, 0.25, 0.57, 1.0)},
    "a cut corner": {"aside": (0.3, -0.2)},
    "defocus": {"blur": 2.5},
    "mirrored": {"mirrored": True},
}


@dataclass
class _Tally:
    distances: list[np.ndarray] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, room: Room, solution: Solution) -> None:
        points = room.seen(7.0)
        at = np.rint(points).astype(int)
        points = points[solution.seen[at[:, 1], at[:, 0]] > 0]
        self.distances.append(errors(solution.table.at(points), room.truth(points)))

    @property
    def all(self) -> np.ndarray:
        return np.concatenate(self.distances)


def measure() -> Iterator[Figure]:
    """Errors, pictures, seconds, computing, and how often what misleads was let through."""
    patterns = PatternSet(SCREEN)
    shown = {name: patterns.picture(number) for number, name in enumerate(patterns.names)}
    computing: list[float] = []
    for shape, radius in SHAPES.items():
        for width, height in SIZES:
            tally = _Tally()
            for seed in SEEDS:
                room = Room().with_(camera=(width, height), radius=radius, seed=seed, yaw=-20.0 + 14.0 * seed)
                tally.add(room, _solved(patterns, list(room.captures(shown).values()), computing))
            name, count = f"{shape}, {width}x{height}", len(tally.all)
            elsewhere = "4 corners: 7 px" if radius is None else "4 corners: 42 px"
            yield Figure(f"{name}, error p95", float(np.percentile(tally.all, 95)), "px", 0.1, count, elsewhere)
            yield Figure(f"{name}, error max", float(tally.all.max()), "px", 0.5, count)
    for disturbance, changes in DISTURBED.items():
        tally = _Tally()
        room = Room().with_(**changes)
        tally.add(room, _solved(patterns, list(room.captures(shown).values()), computing))
        yield Figure(
            f"{disturbance}, error p95",
            float(np.percentile(tally.all, 95)),
            "px",
            0.25,
            len(tally.all),
            "fails or misleads",
        )
    yield from _passed_wrongly(patterns, shown)
    yield Figure("pictures, flashes excluded", float(len(shown)), "pictures", 12.0, 1, "40 or more")
    sequences = [_sequence() for _ in range(SEQUENCES)]
    yield Figure("the wizard's sequence at 120 ms, median", float(np.median(sequences)), "s", 5.0, SEQUENCES)
    yield Figure("computing, median", float(np.median(computing)), "s", 0.5, len(computing))


def _sequence() -> float:
    """Seconds from the key that starts the wizard to its result, on the twin, off screen."""
    config = load_config()
    room = TwinRoom(screen=SCREEN, ring="", ring_shape=TWIN_SHAPE, delay=DELAY)
    with ExitStack() as parts:
        config = replace(config, camera=config.camera.model_copy(update={"device": "twin"}))
        wizard = Wizard(config, parts, mode="offscreen", clock=time.monotonic, err=sys.stderr, room=room)
        return wizard.run(_timed(wizard.room))


def _timed(room: steps.Room) -> Steps[float]:
    yield from take(0.0)
    began = time.monotonic()
    yield from steps.measure(room)
    return time.monotonic() - began


def _solved(patterns: PatternSet, captures: Sequence[np.ndarray], computing: list[float]) -> Solution:
    began = time.perf_counter()
    solution = solve(patterns, captures)
    computing.append(time.perf_counter() - began)
    return solution


def _passed_wrongly(patterns: PatternSet, shown: dict[str, np.ndarray]) -> Iterator[Figure]:
    """Late pictures and a camera that was pushed: how many were solved with more than a pixel of error."""
    room = Room()
    pushed = room.with_(aside=(0.05, 0.02))
    captures = room.captures(shown)
    spoilt = [late(captures, [name]) for name in patterns.names[1:]]
    spoilt += [moved_after(room, pushed, shown, count) for count in (3, 6, 9, 11)]
    wrong = 0
    for pictures in spoilt:
        try:
            solution = solve(patterns, list(pictures.values()))
        except Misleading:
            continue
        points = room.seen(9.0)
        distances = errors(solution.table.at(points), room.truth(points))
        wrong += bool(np.percentile(distances, 95) > 1.0)
    yield Figure("late or pushed and let through", float(wrong), "times", 0.0, len(spoilt))
