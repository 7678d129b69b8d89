"""The camera process as the program sees it: started, watched, killed where it hangs, and started again."""

import contextlib
import ctypes
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from hardware.camera.capture import Delivers, Gone, NotOpened, Opened, Try, capture
from hardware.camera.messages import Asked, CameraMessage, CameraSpec, CameraState, TwinShot
from hardware.camera_list import CameraIdentity
from hardware.reconnect import Reconnect, Report
from range.core.fault_table import told

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

LOOK_SECONDS = 0.1
"""How often a silent process's last sign of life is looked at; a message ends the wait at once."""
HUNG_SECONDS = 1.6
"""Seconds without a frame after which a camera hangs. Webcams in the dark still give two frames a second."""
FIRST_FRAME_SECONDS = 5.0
"""... before the first frame: some cameras need seconds to wake."""
OPENING_SECONDS = 10.0
"""... while it opens, and while the process itself starts."""
STARVED = 3
"""Times as long is waited for a process that does not hang in a driver but gets no processor."""
END_SECONDS = 1.0


class _Child:
    """One spawned process and the line to it."""

    def __init__(self, spec: CameraSpec) -> None:
        # Spawned, never forked: the program's graphics and threads must not be in it.
        context = multiprocessing.get_context("spawn")
        self.line, there = context.Pipe()
        self.beat: ctypes.c_double = context.RawValue(ctypes.c_double, 0.0)
        self.process: SpawnProcess = context.Process(
            target=capture, args=(spec, there, self.beat), name="camera", daemon=True
        )
        self.process.start()
        # Only the child may hold its end: the line then closes when the child dies.
        there.close()

    @property
    def wants_processor(self) -> bool:
        """Whether it is ready to run, so that it does not wait for any device (Linux; elsewhere nobody can say)."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        except OSError:
            return False
        return stat.rpartition(")")[2].split()[0] == "R"

    def end(self, patience: float) -> None:
        """End it: by asking where there is patience, then by force. One that no force ends is left behind."""
        if patience:
            with contextlib.suppress(OSError):
                self.line.send(None)
            self.process.join(patience)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(END_SECONDS)
        self.line.close()


class CameraProcess:
    """Keeps one camera going in a process of its own, and hands what it says to `on_message`, on the thread
    `camera inbox`. A process that hangs or dies is replaced; a camera that goes is opened again when it is back.
    """

    def __init__(self, spec: CameraSpec, on_message: Callable[[CameraMessage], None]) -> None:
        self._spec = spec
        self._on_message = on_message
        self._reconnect = Reconnect()
        self._closing = Event()
        self._identity: CameraIdentity | None = None
        self._line: Connection | None = None
        self._early: list[Asked] = []
        self._sending = Lock()
        self._thread = Thread(target=self._run, name="camera inbox", daemon=True)

    def start(self) -> None:
        """Begin to look for the camera; returns at once."""
        self._thread.start()

    def fire(self, shot: TwinShot) -> None:
        """Light the twin's laser; other cameras ignore it."""
        self._send(shot)

    def ask(self, asked: Asked) -> None:
        """Ask for a picture, for brightness or for settings; the answer comes as a message.

        What is asked while there is no process waits for the next one.
        """
        with self._sending:
            if self._line is None:
                self._early.append(asked)
                return
        self._send(asked)

    def close(self) -> None:
        """End the process: by asking, then by force. No message comes after it."""
        self._closing.set()
        self._send(None)
        if self._thread.is_alive():
            self._thread.join(3 * END_SECONDS)

    def _send(self, told: TwinShot | Asked | Try | None) -> None:
        with self._sending, contextlib.suppress(OSError):
            if self._line is not None:
                self._line.send(told)

    def _run(self) -> None:
        self._report(self._reconnect.start(time.monotonic(), ""))
        child: _Child | None = None
        while (wait := self._reconnect.wait(time.monotonic())) is not None:
            if self._closing.wait(wait):
                self._reconnect.end()
                continue
            if child is None:
                child = _Child(self._spec)
                self._begin_with(child)
            else:
                self._send(Try(self._identity))
            trouble = self._follow(child)
            if trouble is not None:
                self._part_with(child, patience=0.0)
                self._report(self._reconnect.lost(time.monotonic(), told(trouble)), since=child.beat.value)
                child = None
        # A recording that has come to its end is not closed yet.
        self._closing.wait()
        if child is not None:
            self._part_with(child, patience=END_SECONDS)

    def _begin_with(self, child: _Child) -> None:
        """Have it try, then hand over what was asked meanwhile: it answers only while it tries."""
        with self._sending, contextlib.suppress(OSError):
            self._line = child.line
            for told in (Try(self._identity), *self._early):
                child.line.send(told)
            self._early.clear()

    def _part_with(self, child: _Child, *, patience: float) -> None:
        with self._sending:
            self._line = None
        child.end(patience)

    def _follow(self, child: _Child) -> str | None:
        """Hear the process until its try is over; the fault for which it must be replaced, None where it need not."""
        began = time.monotonic()
        patience, trouble = OPENING_SECONDS, "camera.hung_opening"
        while not self._closing.is_set():
            try:
                if not child.line.poll(LOOK_SECONDS):
                    silent = time.monotonic() - max(child.beat.value, began)
                    if silent > patience * (STARVED if child.wants_processor else 1):
                        return trouble
                    continue
                said = child.line.recv()
            except (EOFError, OSError):
                return None if self._closing.is_set() else "camera.ended"
            match said:
                case Opened(identity):
                    if self._identity is None:
                        self._identity = identity
                    began = time.monotonic()
                    patience, trouble = FIRST_FRAME_SECONDS, "camera.hung"
                    self._report(self._reconnect.opened("the camera is back: waiting for its first picture"))
                case NotOpened(reason, absent):
                    self._report(self._reconnect.failed(time.monotonic(), reason, absent=absent))
                    return None
                case Delivers(size):
                    patience = HUNG_SECONDS
                    self._report(self._reconnect.works(time.monotonic(), ""), size)
                case Gone(reason, returns):
                    self._report(self._reconnect.lost(time.monotonic(), reason))
                    if not returns:
                        self._reconnect.end()
                    return None
                case _:
                    self._say(said)
        return None

    def _report(self, report: Report | None, size: tuple[int, int] | None = None, since: float = 0.0) -> None:
        if report is not None:
            identity = str(self._identity) if size is not None and self._identity is not None else ""
            self._say(CameraState(report.state, report.reason, size, since, identity))

    def _say(self, message: CameraMessage) -> None:
        if not self._closing.is_set():
            self._on_message(message)
