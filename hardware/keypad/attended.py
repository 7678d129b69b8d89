"""A keypad of any kind, attended by one thread: opened, served, and opened again after a loss."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

from hardware.keypad.conversation import KeyPress, Tally
from hardware.reconnect import Reconnect, Report

CLOSE_SECONDS = 0.5  # a driver that hangs is left behind after this
Opened = TypeVar("Opened")


class AttendedKeypad(ABC, Generic[Opened]):
    """Attends a keypad in a thread called `name`, from `start` to `close`.

    `clock`: seconds; stamps every press as its bytes arrive. `on_press` and `on_state(state, reason)` are called on
    the thread and must not wait; states are missing, opening, live, lost, returning, and what a kind adds of its own.
    """

    def __init__(
        self,
        name: str,
        *,
        clock: Callable[[], float],
        on_press: Callable[[KeyPress], None],
        on_state: Callable[[str, str], None],
    ) -> None:
        self._clock = clock
        self._on_press = on_press
        self._on_state = on_state
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begins to look for the keypad; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """Lets it go. Returns within CLOSE_SECONDS even where the driver hangs; no callback begins after it."""
        self._closing.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(CLOSE_SECONDS)

    @abstractmethod
    def set_lights(self, lit: frozenset[str], blinking: frozenset[str]) -> None:
        """Which keys can be taken now (lit) and which are taken (blinking). From any thread; never waits."""

    @property
    @abstractmethod
    def tally(self) -> Tally:
        """What came since the start: presses, and what was dropped and why."""

    @abstractmethod
    def _open(self) -> Opened:
        """Open it; raises whatever its driver raises."""

    @abstractmethod
    def _why_not_open(self, error: Exception) -> tuple[str, bool]:
        """Why it could not be opened, and whether it simply is not there."""

    @abstractmethod
    def _serve(self, opened: Opened, reconnect: Reconnect) -> None:
        """Read it until the end is asked for or it falls silent; raises when it goes."""

    @abstractmethod
    def _why_lost(self, error: Exception, /) -> str:
        """Why it went."""

    @abstractmethod
    def _let_go(self, opened: Opened) -> None:
        """Close it, whatever state it is in."""

    def _run(self) -> None:
        reconnect = Reconnect()
        self._report(reconnect.start(self._clock(), ""))
        while (wait := reconnect.wait(self._clock())) is not None:
            if self._closing.wait(wait):
                reconnect.end()
                continue
            try:
                opened = self._open()
            except Exception as error:  # noqa: BLE001 -- drivers and URL handlers raise anything; the film must go on
                reason, absent = self._why_not_open(error)
                self._report(reconnect.failed(self._clock(), reason, absent=absent))
                continue
            try:
                self._serve(opened, reconnect)
            except Exception as error:  # noqa: BLE001 -- as above
                self._report(reconnect.lost(self._clock(), self._why_lost(error)))
            finally:
                self._let_go(opened)

    def _press(self, press: KeyPress) -> None:
        if not self._closing.is_set():
            self._on_press(press)

    def _report(self, report: Report | None) -> None:
        if report is not None:
            self._say(report.state, report.reason)

    def _say(self, state: str, reason: str) -> None:
        if not self._closing.is_set():
            self._on_state(state, reason)
