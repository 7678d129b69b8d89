"""This computer's keyboard as a keypad, through the terminal the program was started in."""

import contextlib
import os
import re
import select
import sys
import termios
import tty
from collections.abc import Callable
from threading import Thread
from typing import Any

from hardware.keypad.keys import ENTER, PLAIN_KEYS

ESCAPE = 0x1B
# What a terminal sends for arrows and function keys (ECMA-48, section 5.4, and the SS3 form).
SPECIAL_KEY = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|O[@-~])")
READ_AT_ONCE = 64


class TerminalKeys:
    """Reads single key presses on the thread `terminal keys`, from `start` to `close`; the terminal is then as before.

    Only in the foreground of a real terminal; elsewhere `start` does nothing.
    """

    def __init__(self, on_press: Callable[[str], None]) -> None:
        self._on_press = on_press
        self._before: list[Any] | None = None
        self._thread: Thread | None = None
        self._wake_read, self._wake_write = -1, -1

    def start(self) -> None:
        """Begin to listen."""
        with contextlib.suppress(OSError, ValueError, termios.error):
            file = sys.stdin.fileno()
            if not os.isatty(file) or os.tcgetpgrp(file) != os.getpgrp():
                return
            self._before = termios.tcgetattr(file)
            tty.setcbreak(file)
            self._wake_read, self._wake_write = os.pipe()
            self._thread = Thread(target=self._run, args=(file,), name="terminal keys", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop listening and give the terminal back."""
        if self._thread is None or self._before is None:
            return
        os.write(self._wake_write, b"x")
        self._thread.join()
        os.close(self._wake_read)
        os.close(self._wake_write)
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)

    def _run(self, file: int) -> None:
        while True:
            ready, _, _ = select.select([file, self._wake_read], [], [])
            if self._wake_read in ready:
                return
            try:
                data = os.read(file, READ_AT_ONCE)
            except OSError:
                return
            if not data:
                return
            for key in keys_of(data):
                self._on_press(key)


def keys_of(data: bytes) -> list[str]:
    """The presses in what a terminal sent: arrows and function keys are none, an escape byte on its own is `escape`."""
    keys: list[str] = []
    for byte in SPECIAL_KEY.sub(b"", data):
        name = "escape" if byte == ESCAPE else ENTER if byte in b"\r\n" else PLAIN_KEYS.get(byte)
        if name is not None:
            keys.append(name)
    return keys
