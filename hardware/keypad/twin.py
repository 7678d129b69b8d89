"""A keypad that is not there: it speaks as the board does, over a real pseudo-terminal. POSIX only."""

import contextlib
import os
import select
import tempfile
import threading
import time
import tty
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

from hardware.keypad.board import Board, Lights
from hardware.keypad.keys import PLAIN_KEYS

Dialect = Literal["plain", "lines"]

HELD_SECONDS = 0.06  # how long a finger stays on a key, and off it before the next
STEP_SECONDS = 0.01
SPLIT_SECONDS = 0.002
CHATTER_SECONDS = 0.003

_BYTES = {key: bytes([byte]) for byte, key in reversed(PLAIN_KEYS.items())} | {"enter": b"\r"}


class KeypadTwin:
    """A keypad on a pseudo-terminal, from construction to `close`; its thread is named `keypad-twin`.

    `path` stays the same through unplugging, as a stable device path does. A host opens it as it would a board.
    """

    def __init__(
        self,
        dialect: Dialect = "lines",
        *,
        keys: tuple[str, ...] = tuple("0123456789"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="keypad-twin-")
        self.path = str(Path(self._folder.name) / "keypad")
        self._dialect = dialect
        self._clock = clock
        self._board = Board(keys)
        self._lock = threading.Lock()
        self._ends: tuple[int, int] | None = None  # the wire's keypad end and, kept open, the host's
        self._plan: deque[tuple[float, str, bool]] = deque()
        self._split = False
        self._garble_every = 0
        self._sent = 0
        self._frozen = False
        self._worn = False
        self._closing = threading.Event()
        self.plug_in()
        self._thread = threading.Thread(target=self._run, name="keypad-twin", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def lights(self) -> Lights:
        """What the keys show, as the host last told."""
        with self._lock:
            return self._board.lights(self._clock())

    def press(self, key: str) -> None:
        """A finger presses and lets go; one press after the other. Returns at once."""
        with self._lock:
            began = max(self._clock(), self._plan[-1][0] + HELD_SECONDS if self._plan else 0.0)
            chatter = 5 if self._worn else 1
            self._plan += [(began + i * CHATTER_SECONDS, key, i % 2 == 0) for i in range(chatter)]
            self._plan.append((began + HELD_SECONDS, key, False))

    def hold(self, key: str) -> None:
        """A finger presses and stays."""
        with self._lock:
            self._plan.append((self._clock(), key, True))

    def release(self, key: str) -> None:
        """It lets go."""
        with self._lock:
            self._plan.append((self._clock(), key, False))

    def wear(self, on: bool = True) -> None:
        """Its contacts are worn: each press goes down, up and down again within milliseconds."""
        self._worn = on

    def noise(self, data: bytes) -> None:
        """Puts bytes on the wire that the board did not mean to."""
        with self._lock:
            self._put(data)

    def split(self, on: bool = True) -> None:
        """Sends every byte on its own."""
        self._split = on

    def garble(self, every: int) -> None:
        """Flips a bit in each so-many-th byte sent; 0 stops it."""
        self._garble_every = every

    def freeze(self, on: bool = True) -> None:
        """The board hangs: it stays plugged in, but says and hears nothing."""
        self._frozen = on

    def unplug(self) -> None:
        """Pulls the cable: the host's reads fail and the path is gone."""
        with self._lock:
            self._unplug()

    def plug_in(self) -> None:
        """Plugs it in (again): the board starts afresh, under another device name but the same `path`."""
        with self._lock:
            self._unplug()
            keypad_end, host_end = os.openpty()
            tty.setraw(host_end)  # or what the board says before a host opens it would come back to it
            os.set_blocking(keypad_end, False)
            Path(self.path).symlink_to(os.ttyname(host_end))
            self._ends = keypad_end, host_end
            self._plan.clear()
            self._board.boot(self._clock())

    def close(self) -> None:
        """Unplugs it for good and ends its thread."""
        self._closing.set()
        self._thread.join()
        self.unplug()
        self._folder.cleanup()

    def _unplug(self) -> None:
        if self._ends is not None:
            Path(self.path).unlink()
            for end in self._ends:
                os.close(end)
            self._ends = None

    def _run(self) -> None:
        while not self._closing.wait(STEP_SECONDS):
            with self._lock:
                if self._ends is not None and not self._frozen:
                    self._step(self._ends[0], self._clock())

    def _step(self, keypad_end: int, now: float) -> None:
        heard = b""
        if select.select([keypad_end], [], [], 0)[0]:
            with contextlib.suppress(OSError):
                heard = os.read(keypad_end, 4096)
        self._board.hear(heard, now)
        while self._plan and self._plan[0][0] <= now:
            at, key, down = self._plan.popleft()
            if self._dialect == "lines":
                self._board.move(key, down, at)
            elif down:
                self._put(_BYTES[key])
        if self._dialect == "lines":
            self._put(self._board.say(now))

    def _put(self, data: bytes) -> None:
        """Sends as a serial line does: what the host does not fetch in time is lost."""
        if self._ends is None:
            return
        if self._garble_every:
            flipped = bytearray(data)
            for i in range(len(flipped)):
                self._sent += 1
                if self._sent % self._garble_every == 0:
                    flipped[i] ^= 1 << self._sent % 8
            data = bytes(flipped)
        pieces = [bytes([byte]) for byte in data] if self._split else [data]
        with contextlib.suppress(BlockingIOError):
            for piece in pieces:
                os.write(self._ends[0], piece)
                if self._split:
                    self._closing.wait(SPLIT_SECONDS)
