"""A camera that misbehaves: the twin in each of its ways, and a stream that is killed, stalled, slowed, restarted."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from queue import Empty, SimpleQueue

import numpy as np
import pytest

from hardware.camera.messages import CameraHealth, CameraMessage, CameraSpec, CameraState, SpotsSeen, TwinShot
from hardware.camera.process import CameraProcess
from hardware.camera.twin_faults import TwinFault, TwinFaults
from range.app.camera_standing import CameraStanding
from range.app.twin_wall import SHAPE, TwinWall
from tests.faults.picture_server import PictureServer

PATIENCE = 30.0


class Watched:
    """A camera and everything its process says."""

    def __init__(self, spec: CameraSpec) -> None:
        self.states: list[CameraState] = []
        self.told: list[tuple[str, str]] = []
        self.spots = 0
        self.health: CameraHealth | None = None
        self.standing = CameraStanding(configured=True, asked=(0, 0), misfit=lambda _identity, _size: None)
        self._heard: SimpleQueue[CameraMessage] = SimpleQueue()
        self.camera = CameraProcess(spec, self._heard.put)
        self.camera.start()

    def until(self, come_true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not come_true():
            assert time.monotonic() < deadline, f"in vain: {self.states} {self.health}"
            try:
                message = self._heard.get(timeout=0.05)
            except Empty:
                continue
            match message:
                case CameraState():
                    self.states.append(message)
                    self._stand(message)
                case CameraHealth():
                    self.health = message
                    self._stand(message)
                case SpotsSeen(spots):
                    self.spots += len(spots)
                case _:
                    pass

    def _stand(self, message: CameraState | CameraHealth) -> None:
        self.told += [(one.state, one.reason) for one in self.standing.hear(message)]

    def until_told(self, *states: str) -> None:
        self.until(lambda: len(self.told) >= len(states))
        assert [state for state, _ in self.told] == list(states)

    def until_live(self) -> None:
        self.until(lambda: self.standing.state.condition == "live" and self.health is not None)


@pytest.fixture
def parts() -> Iterator[ExitStack]:
    with ExitStack() as parts:
        yield parts


def watched(parts: ExitStack, spec: CameraSpec) -> Watched:
    made = Watched(spec)
    parts.callback(made.camera.close)
    return made


def twin(parts: ExitStack) -> tuple[Watched, TwinFaults]:
    faults = parts.enter_context(TwinFaults())
    wall = TwinWall((1280, 720))
    wall.publish(np.full((SHAPE.height, SHAPE.width, 3), 90, np.uint8), time.monotonic() - 1)
    parts.callback(wall.close)
    camera = watched(parts, CameraSpec("twin", twin=replace(wall.room, faults=faults.name)))
    camera.until_live()
    return camera, faults


@pytest.mark.parametrize("fault", ["unplug", "hang"])
def test_a_camera_that_goes_is_lost_and_the_same_one_returns_as_it_was(parts: ExitStack, fault: TwinFault) -> None:
    camera, faults = twin(parts)
    faults.set(fault)
    camera.until_told("lost")
    assert not camera.standing.health
    faults.set(fault, on=False)
    camera.until_told("lost", "live")
    camera.camera.fire(TwinShot(time.monotonic() + 0.5, 640, 360))
    camera.until(lambda: camera.spots > 0)


def test_a_camera_that_ails_is_told_in_words_and_so_is_its_recovery(parts: ExitStack) -> None:
    camera, faults = twin(parts)
    expected: list[str] = []
    ailments: tuple[tuple[TwinFault, str], ...] = (("freeze", "frozen"), ("black", "black"), ("blind", "blinded"))
    for fault, state in ailments:
        faults.set(fault)
        camera.until_told(*expected, state)
        faults.set(fault, on=False)
        expected += [state, "live"]
        camera.until_told(*expected)
    assert camera.standing.why_uncounted is None


@pytest.mark.slow
def test_a_twin_that_is_slow_is_told_and_its_hits_count(parts: ExitStack) -> None:
    camera, faults = twin(parts)
    faults.set("slow")
    camera.until_told("slow")
    assert camera.standing.why_uncounted is None


def test_a_jittering_shaking_camera_loses_and_invents_no_shot(parts: ExitStack) -> None:
    camera, faults = twin(parts)
    faults.set("jitter")
    faults.set("shake")
    for number in range(3):
        camera.camera.fire(TwinShot(time.monotonic() + 0.3 + 0.5 * number, 300 + 150 * number, 360))
    camera.until(lambda: camera.spots == 3)
    seen = time.monotonic() + 0.5
    camera.until(lambda: time.monotonic() > seen)
    assert camera.spots == 3


def test_a_stream_that_is_killed_comes_back_and_its_new_size_is_told(parts: ExitStack) -> None:
    server = PictureServer()
    camera = watched(parts, CameraSpec(server.url))
    camera.until_live()
    server.stop()
    camera.until_told("lost")
    parts.enter_context(PictureServer(port=server.port, size=(640, 480)))
    camera.until_told("lost", "live")
    assert [state.size for state in camera.states if state.size] == [(320, 240), (640, 480)]


@pytest.mark.slow
def test_a_stream_that_stalls_is_lost_though_its_connection_stays_open(parts: ExitStack) -> None:
    server = parts.enter_context(PictureServer())
    camera = watched(parts, CameraSpec(server.url))
    camera.until_live()
    server.stall()
    camera.until_told("lost")
    server.stall(on=False)
    camera.until_told("lost", "live")


@pytest.mark.slow
def test_a_stream_that_slows_down_is_slow_and_counts_its_hits(parts: ExitStack) -> None:
    server = parts.enter_context(PictureServer())
    camera = watched(parts, CameraSpec(server.url))
    camera.until_live()
    camera.until(lambda: camera.health is not None and camera.health.wanted > 20)
    server.rate = 8.0
    camera.until_told("slow")
    assert camera.standing.why_uncounted is None
    server.rate = 30.0
    camera.until_told("slow", "live")


def test_an_address_at_which_nothing_answers_is_said_once_and_tried_for_ever(parts: ExitStack) -> None:
    with PictureServer() as gone:
        port = gone.port
    camera = watched(parts, CameraSpec(f"http://127.0.0.1:{port}/video.mjpg"))
    camera.until_told("missing")
    assert "nothing answers" in camera.told[0][1]
    parts.enter_context(PictureServer(port=port))
    camera.until_told("missing", "live")


ORPHAN = """
import os, time
from dataclasses import replace
from hardware.camera.messages import CameraHealth, CameraSpec
from hardware.camera.process import CameraProcess
from hardware.camera.twin_faults import TwinFaults
from range.app.twin_wall import TwinWall
import multiprocessing

def heard(message):
    if isinstance(message, CameraHealth):
        faults.set("hang")
        (child,) = multiprocessing.active_children()
        print(child.pid, flush=True)

if __name__ == "__main__":
    faults, wall = TwinFaults(), TwinWall((1280, 720))
    camera = CameraProcess(CameraSpec("twin", twin=replace(wall.room, faults=faults.name)), heard)
    camera.start()
    time.sleep(60)
"""


def test_a_program_that_is_killed_leaves_no_camera_process_behind_even_in_a_hanging_driver(
    tmp_path: object,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-P", "-c", ORPHAN], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}
    ) as program:
        assert program.stdout is not None
        child = int(program.stdout.readline())
        program.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while os.path.exists(f"/proc/{child}") and time.monotonic() < deadline:  # noqa: PTH110 - a process, not a file
        time.sleep(0.02)
    assert not os.path.exists(f"/proc/{child}")  # noqa: PTH110
    assert multiprocessing.active_children() == []
