"""The camera process's own life: told to try, it opens the source, finds spots in each frame, and tells the program.

It may hang in a driver's call at any time. Then the program, which watches the time in `beat`, kills it.
"""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread

import cv2

from hardware.camera.device import DeviceSource
from hardware.camera.health import HealthWatch
from hardware.camera.messages import CameraMessage, CameraSpec, ControlsAstray, PulsesSeen, SpotsSeen, TwinShot
from hardware.camera.modes import astray
from hardware.camera.pictures import Pictures
from hardware.camera.rejected import Rejected
from hardware.camera.source import (
    RecordingSource,
    Source,
    SourceLostError,
    SourceUnavailableError,
)
from hardware.camera.twin import TwinSource
from hardware.camera_list import CameraIdentity
from hardware.laser.finder import Finder
from hardware.laser.settings import FinderSettings
from hardware.laser.spot import Spot
from range.core.fault_table import told


@dataclass(frozen=True, slots=True)
class Try:
    """From the program: open the source now. `known` is the camera that it was before."""

    known: CameraIdentity | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The source is open; frames should follow. `identity` says which camera it is, where that can be known."""

    identity: CameraIdentity | None


@dataclass(frozen=True, slots=True)
class NotOpened:
    """The source could not be opened; `absent` where it simply is not there."""

    reason: str
    absent: bool


@dataclass(frozen=True, slots=True)
class Delivers:
    """The first frame has come: (width, height)."""

    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Gone:
    """The source gives no more frames; `returns` says whether opening it again makes sense."""

    reason: str
    returns: bool


Progress = Opened | NotOpened | Delivers | Gone


def capture(spec: CameraSpec, program: Connection, beat: "ctypes.c_double") -> None:
    """Try when told to, until `program` says the end or goes. `beat` is set to the clock at every sign of life."""
    # Control and C is the program's to deal with; OpenCV's own warnings would break the operator's status line.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The other processors belong to the film.
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    Thread(target=_end_with_the_program, name="program watch", daemon=True).start()
    with contextlib.suppress(BrokenPipeError, EOFError, ConnectionResetError):
        while (asked := program.recv()) is not None:
            if isinstance(asked, Try):
                beat.value = time.monotonic()
                if not _try(spec, asked.known, program, partial(_live, beat)):
                    return


def _live(beat: "ctypes.c_double") -> None:
    beat.value = time.monotonic()


def _end_with_the_program() -> None:
    """A program that was killed closes no pipe a hanging driver would notice; the device must be free all the same."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _try(spec: CameraSpec, known: CameraIdentity | None, program: Connection, alive: Callable[[], None]) -> bool:
    """One try, from opening to loss; False once the program has said the end."""
    try:
        source = open_source(spec, known, alive)
    except SourceUnavailableError as problem:
        program.send(NotOpened(str(problem), problem.absent))
        return True
    try:
        program.send(Opened(source.identity if isinstance(source, DeviceSource) else None))
        return _find(source, program, spec, alive)
    except SourceLostError as problem:
        program.send(Gone(str(problem), problem.returns))
    except (BrokenPipeError, EOFError, ConnectionResetError):
        raise
    except Exception as problem:  # noqa: BLE001 - whatever broke, the operator must read it in words
        trouble = f"{type(problem).__name__}: {problem}"
        program.send(Gone(told("camera.failed", trouble=trouble), returns=True))
    finally:
        source.close()
    return True


def open_source(spec: CameraSpec, known: CameraIdentity | None, alive: Callable[[], None]) -> Source:
    """The source a specification names. Raises SourceUnavailableError. `alive` is called while a source waits."""
    if spec.device == "twin":
        if spec.twin is None:
            raise SourceUnavailableError("the camera twin needs a room")
        return TwinSource(spec.twin)
    if "://" not in spec.device and Path(spec.device).is_file():
        return RecordingSource(Path(spec.device), alive=alive)
    return DeviceSource(spec, known)


def _find(source: Source, program: Connection, spec: CameraSpec, alive: Callable[[], None]) -> bool:
    """Find spots until the program says the end (False) or the source is lost (SourceLostError)."""
    finder = Finder(FinderSettings())
    rejected = Rejected(finder.rejections)
    health = _health_watch(source, spec)
    pictures = Pictures(source)
    if spec.controls and (settings := astray(spec.controls, source.set_controls(spec.controls))):
        program.send(ControlsAstray(settings))
    delivers = False
    while True:
        while program.poll():
            asked = program.recv()
            if asked is None:
                return False
            if isinstance(asked, TwinShot):
                if isinstance(source, TwinSource):
                    source.fire(asked)
            elif not isinstance(asked, Try):
                _send_all(program, pictures.ask(asked))
        try:
            frame = source.read()
        except SourceLostError:
            _tell(program, finder, finder.finish())
            raise
        alive()
        if not delivers:
            delivers = True
            height, width = frame.picture.shape[:2]
            program.send(Delivers((width, height)))
        _send_all(program, pictures.see(frame))
        if pictures.measuring:
            continue
        began = time.monotonic()
        spots = finder.find(frame.picture, frame.clock)
        now = time.monotonic()
        _tell(program, finder, spots)
        rejected.take(frame.clock)
        health.see(frame.picture, frame.clock, finding=now - began, spots=len(spots))
        facts = health.report(now)
        if facts is not None:
            program.send(facts)
            told = rejected.last_second()
            if spec.explain and told is not None:
                program.send(told)


def _health_watch(source: Source, spec: CameraSpec) -> HealthWatch:
    # The twin's frames gather light from one to the next; of other cameras nobody says how long they do.
    twin = spec.twin if isinstance(source, TwinSource) else None
    exposure = 1 / twin.rate if twin is not None else 0.0
    # A stream's frames wait in buffers and come in bursts; when they were captured, nobody says either.
    device = source if isinstance(source, DeviceSource) else None
    streamed = "://" in spec.device and device is not None
    promised = twin.rate if twin is not None else device.rate if device is not None else 0.0
    return HealthWatch(
        time.monotonic(),
        pulse=spec.pulse,
        exposure=exposure,
        screen=spec.screen,
        wanted=promised,
        times_tell_gaps=not streamed,
    )


def _send_all(program: Connection, messages: Sequence[CameraMessage]) -> None:
    for message in messages:
        program.send(message)


def _tell(program: Connection, finder: Finder, spots: list[Spot]) -> None:
    if spots:
        program.send(SpotsSeen(tuple(spots)))
    if finder.pulses:
        program.send(PulsesSeen(tuple(finder.pulses)))
        finder.pulses.clear()
