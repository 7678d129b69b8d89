"""What gives camera frames, and a recording that does at its own pace."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hardware.camera.recording import Recording, RecordingError
from range.core.fault_table import told

SIGN_OF_LIFE = 0.5
"""Seconds after which a recording that waits for its next frame says that it has not hung."""


class SourceUnavailableError(Exception):
    """The camera cannot be opened; the text says why and what to do. `absent`: it simply is not there."""

    def __init__(self, reason: str, *, absent: bool = False) -> None:
        super().__init__(reason)
        self.absent = absent


class SourceLostError(Exception):
    """The camera gives no more frames. `returns` says whether opening it again makes sense."""

    def __init__(self, reason: str, *, returns: bool) -> None:
        super().__init__(reason)
        self.returns = returns


@dataclass(frozen=True, slots=True)
class CameraFrame:
    """One frame: capture time on the clock in seconds, picture (height, width, 3) BGR or (height, width)."""

    clock: float
    picture: NDArray[np.uint8]


class Source(Protocol):
    """Anything that gives camera frames."""

    def read(self) -> CameraFrame:
        """The next frame, waiting for it. Raises SourceLostError."""

    def set_controls(self, values: Mapping[str, float], /) -> dict[str, float]:
        """Fix the named settings; answers with what the camera itself then tells, without those it does not know."""

    def close(self) -> None:
        """Let go of the device."""


class RecordingSource:
    """A recording as a camera: every frame at the pace of its own times, none left out; then the camera is lost.

    `alive` is called while it waits for a frame whose time has not come.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._path = path
        self._clock = clock
        self._sleep = sleep
        self._alive = alive
        try:
            self._recording = Recording(path)
        except RecordingError as problem:
            raise SourceUnavailableError(told("camera.unreadable", trouble=problem)) from problem
        self._frames = self._recording.frames()
        self._began: float | None = None

    def read(self) -> CameraFrame:
        """The next frame when its time has come, stamped with the time at which it was due."""
        try:
            frame = next(self._frames, None)
        except RecordingError as problem:
            raise SourceLostError(told("camera.damaged", trouble=problem), returns=False) from problem
        if frame is None:
            raise SourceLostError(told("camera.over", name=self._path.name), returns=False)
        if self._began is None:
            self._began = self._clock()
        due = self._began + frame.time
        while (wait := due - self._clock()) > 0:
            self._sleep(min(wait, SIGN_OF_LIFE))
            self._alive()
        return CameraFrame(due, frame.pixels)

    def set_controls(self, _values: Mapping[str, float]) -> dict[str, float]:
        """A recording has none."""
        return {}

    def close(self) -> None:
        """Close the file."""
        self._recording.close()
