"""Sound as it leaves this machine: a PulseAudio server of our own with a sink that plays to nobody, recorded."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import numpy as np
from numpy.typing import NDArray

RATE = 48000
CHUNK = 480
NEEDED = ("pulseaudio", "parec")


def can_record() -> bool:
    """Whether this machine has what it takes."""
    return all(shutil.which(program) for program in NEEDED)


class Recording:
    """What the sink played: samples, and the clock time of the first."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        self._chunks: list[bytes] = []
        self._began = float("inf")
        self._thread = Thread(target=self._read, name="recording", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        out, read = self._process.stdout, 0
        while out is not None and (chunk := out.read(2 * CHUNK)):
            self._chunks.append(chunk)
            read += len(chunk) // 2
            # A chunk comes late or in time, never early: the earliest tells when the first sample was.
            self._began = min(self._began, time.monotonic() - read / RATE)

    def end(self) -> tuple[NDArray[np.float64], float]:
        """The samples, -1 to 1, and the clock time of the first."""
        self._process.terminate()
        self._process.wait()
        self._thread.join()
        return _samples(self._chunks), self._began

    def wait_for(self, heard: Callable[[NDArray[np.float64]], bool], seconds: float = 30.0) -> None:
        """Wait until the samples so far are as they should be. Raises TimeoutError."""
        until = time.monotonic() + seconds
        while not heard(_samples(self._chunks)):
            if time.monotonic() > until:
                raise TimeoutError("what was waited for was not heard")
            time.sleep(0.05)

    @property
    def runs(self) -> bool:
        """Whether samples arrive."""
        return len(self._chunks) > 10


def _samples(chunks: list[bytes]) -> NDArray[np.float64]:
    data = b"".join(chunks)
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2") / 32768


@contextmanager
def null_sink() -> Iterator[dict[str, str]]:
    """The environment in which programs play into the sink."""
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "native"
        environment = {**os.environ, "HOME": folder, "XDG_RUNTIME_DIR": folder, "PULSE_SERVER": f"unix:{socket}"}
        words = [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit", "--use-pid-file=no",
            "-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
            "-L", f"module-null-sink sink_name=range rate={RATE} channels=1",
        ]  # fmt: skip
        with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            until = time.monotonic() + 20.0
            while not socket.exists() and server.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            try:
                yield environment
            finally:
                server.terminate()


@contextmanager
def recording(environment: dict[str, str]) -> Iterator[Recording]:
    """Record the sink; `end` it before the context ends."""
    words = ["parec", "--device=range.monitor", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=5"]
    made = Recording(words, environment)
    until = time.monotonic() + 20.0
    while not made.runs and time.monotonic() < until:
        time.sleep(0.02)
    yield made
