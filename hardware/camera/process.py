"""The camera process: opens the source, finds spots in each frame, tells the program. Only small values leave it."""

import contextlib
import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

import cv2

from hardware.camera.health import HealthWatch
from hardware.camera.messages import (
    Asked,
    CameraMessage,
    CameraSpec,
    CameraState,
    PulsesSeen,
    SpotsSeen,
    TwinShot,
)
from hardware.camera.pictures import Pictures
from hardware.camera.rejected import Rejected
from hardware.camera.source import (
    DeviceSource,
    RecordingSource,
    Source,
    SourceLostError,
    SourceUnavailableError,
)
from hardware.camera.twin import TwinSource
from hardware.laser.finder import Finder
from hardware.laser.settings import FinderSettings
from hardware.laser.spot import Spot

FIRST_RETRY = 0.5
LAST_RETRY = 4.0


class CameraProcess:
    """Runs one camera in a process of its own and hands what it says to `on_message`, on the thread `camera inbox`.

    The process is spawned, never forked: the program's graphics and threads must not be in it.
    """

    def __init__(self, spec: CameraSpec, on_message: Callable[[CameraMessage], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._on_message = on_message
        self._closing = False
        self._process = context.Process(target=watch, args=(spec, there), name="camera", daemon=True)
        self._inbox = Thread(target=self._receive, name="camera inbox", daemon=True)
        self._there = there

    def start(self) -> None:
        """Start the process; its first message says whether the camera could be opened."""
        self._process.start()
        # Only the child may hold its end: the pipe then closes when the child dies.
        self._there.close()
        self._inbox.start()

    def fire(self, shot: TwinShot) -> None:
        """Light the twin's laser; other cameras ignore it."""
        with contextlib.suppress(OSError):
            self._here.send(shot)

    def ask(self, asked: Asked) -> None:
        """Ask for a picture, for brightness or for settings; the answer comes as a message."""
        with contextlib.suppress(OSError):
            self._here.send(asked)

    def close(self) -> None:
        """End the process: by asking, then by force."""
        self._closing = True
        with contextlib.suppress(OSError):
            self._here.send(None)
        self._process.join(1.0)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._inbox.join()
        self._here.close()

    def _receive(self) -> None:
        while True:
            try:
                message: CameraMessage = self._here.recv()
            except (EOFError, OSError):
                break
            self._on_message(message)
        if not self._closing:
            self._on_message(CameraState("lost", "the camera process has ended: start the session again"))


def watch(spec: CameraSpec, program: Connection) -> None:
    """The process's own life: open, find, tell; open again after a loss that may pass. Ends when `program` says so."""
    # Control and C is the program's to deal with; OpenCV's own warnings would break the operator's status line.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The other processors belong to the film.
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    with contextlib.suppress(BrokenPipeError, EOFError, ConnectionResetError):
        try:
            _watch(spec, program)
        except Exception as problem:  # noqa: BLE001 - whatever broke, the operator must read it in words
            what = f"{type(problem).__name__}: {problem}"
            program.send(CameraState("lost", f"the camera process failed ({what}): start the session again"))
            _wait_for_the_end(program)


def _watch(spec: CameraSpec, program: Connection) -> None:
    retry = FIRST_RETRY
    while True:
        program.send(CameraState("opening"))
        try:
            source = open_source(spec)
        except SourceUnavailableError as problem:
            program.send(CameraState("missing", str(problem)))
        else:
            retry = FIRST_RETRY
            try:
                if not _find(source, program, spec):
                    return
            except SourceLostError as problem:
                program.send(CameraState("lost", str(problem)))
                if not problem.returns:
                    _wait_for_the_end(program)
                    return
            finally:
                source.close()
        if program.poll(retry) and program.recv() is None:
            return
        retry = min(retry * 2, LAST_RETRY)


def open_source(spec: CameraSpec) -> Source:
    """The source a specification names. Raises SourceUnavailableError."""
    if spec.device == "twin":
        if spec.twin is None:
            raise SourceUnavailableError("the camera twin needs a room")
        return TwinSource(spec.twin)
    if "://" not in spec.device and Path(spec.device).is_file():
        return RecordingSource(Path(spec.device))
    return DeviceSource(spec)


def _find(source: Source, program: Connection, spec: CameraSpec) -> bool:
    """Find spots until the program says the end (False) or the source is lost (SourceLostError)."""
    finder = Finder(FinderSettings())
    rejected = Rejected(finder.rejections)
    health = _health_watch(source, spec)
    pictures = Pictures(source)
    if spec.controls:
        source.set_controls(spec.controls)
    live = False
    while True:
        while program.poll():
            asked = program.recv()
            if asked is None:
                return False
            if isinstance(asked, TwinShot):
                if isinstance(source, TwinSource):
                    source.fire(asked)
            else:
                _send_all(program, pictures.ask(asked))
        try:
            frame = source.read()
        except SourceLostError:
            _tell(program, finder, finder.finish())
            raise
        if not live:
            live = True
            height, width = frame.picture.shape[:2]
            program.send(CameraState("live", size=(width, height)))
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
    exposure = 1 / spec.twin.rate if isinstance(source, TwinSource) and spec.twin is not None else 0.0
    # A stream's frames wait in buffers and come in bursts; when they were captured, nobody says either.
    streamed = "://" in spec.device and isinstance(source, DeviceSource)
    return HealthWatch(
        time.monotonic(), pulse=spec.pulse, exposure=exposure, screen=spec.screen, times_tell_gaps=not streamed
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


def _wait_for_the_end(program: Connection) -> None:
    while program.recv() is not None:
        pass
