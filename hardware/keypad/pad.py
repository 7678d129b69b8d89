"""A USB number pad or presenter as a keypad: one thread that grabs it, reads it, and takes it up again after a loss.

Grabbed, its keys reach this program alone: the desktop hears none of them, wherever its focus is.
"""

import contextlib
import os
import select
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from hardware.keypad.attended import AttendedKeypad
from hardware.keypad.conversation import KeyPress, Tally
from hardware.keypad.pad_keys import EVENT, PadKeys
from hardware.keypad.port import is_absent, why_not_open
from hardware.pad_list import list_pads, nodes_at
from hardware.reconnect import Reconnect
from range.core.fault_table import told

LOOK_SECONDS = 0.1
CHUNK_EVENTS = 64


class PadNode(Protocol):
    """One opened node of a pad, from which the kernel's events are read."""

    def fileno(self) -> int: ...
    def held(self) -> frozenset[int]:
        """The codes of the keys that are down now."""

    def close(self) -> None: ...


class EvdevNode:
    """A node of /dev/input, grabbed. Raises OSError: EBUSY where another program has grabbed it."""

    def __init__(self, path: Path) -> None:
        import evdev  # it is there on Linux only, as are these devices

        self._device = evdev.InputDevice(str(path))
        try:
            self._device.grab()
        except OSError:
            self._device.close()
            raise

    def fileno(self) -> int:
        """The descriptor to wait for and read from."""
        return int(self._device.fd)

    def held(self) -> frozenset[int]:
        """The codes of the keys that are down now."""
        return frozenset(int(code) for code in self._device.active_keys())

    def close(self) -> None:
        """Let it go, to the desktop too."""
        with contextlib.suppress(OSError):
            self._device.ungrab()
        self._device.close()


def open_nodes(address: str) -> list[PadNode]:
    """Every node of the pad at an address, grabbed. Raises LookupError and OSError."""
    opened: list[PadNode] = []
    try:
        opened.extend(EvdevNode(path) for path in nodes_at(address, list_pads()))
    except BaseException:
        _let_go(opened)
        raise
    return opened


class PadPort(AttendedKeypad[Sequence[PadNode]]):
    """Reads a pad in a thread named `pad`; as a keypad's port, but it has no lights. Closed, the desktop has it again.

    `address`: input:VID:PID[:SERIAL] or a path below /dev/input.
    """

    def __init__(
        self,
        address: str,
        *,
        clock: Callable[[], float],
        on_press: Callable[[KeyPress], None],
        on_state: Callable[[str, str], None],
        open_pad: Callable[[str], Sequence[PadNode]] = open_nodes,
    ) -> None:
        super().__init__("pad", clock=clock, on_press=on_press, on_state=on_state)
        self._address = address
        self._open_pad = open_pad
        self._keys = PadKeys()

    def set_lights(self, lit: frozenset[str], blinking: frozenset[str]) -> None:
        """Pads have no lights of ours."""

    @property
    def tally(self) -> Tally:
        """What came since the start: presses, and what was dropped and why."""
        return self._keys.tally

    def _open(self) -> Sequence[PadNode]:
        return self._open_pad(self._address)

    def _why_not_open(self, error: Exception) -> tuple[str, bool]:
        return why_not_open(self._address, error, group="input"), is_absent(error)

    def _why_lost(self, _error: Exception, /) -> str:
        return told("keypad.gone", address=self._address)

    def _let_go(self, opened: Sequence[PadNode]) -> None:
        self._keys.gone()
        _let_go(opened)

    def _serve(self, opened: Sequence[PadNode], reconnect: Reconnect) -> None:
        """Reads until the end is asked for; OSError when the pad goes."""
        nodes = opened
        self._report(reconnect.works(self._clock(), ""))
        # What is down as it is plugged in was pressed before; only what goes down from now on is a press.
        self._keys.synced(frozenset().union(*(node.held() for node in nodes)))
        while not self._closing.is_set():
            ready, _, _ = select.select([node.fileno() for node in nodes], [], [], LOOK_SECONDS)
            for file in ready:
                data = os.read(file, CHUNK_EVENTS * EVENT.size)
                if not data:
                    raise OSError("the pad has gone")
                for press in self._keys.hear(data, self._clock()):
                    self._press(press)
            if self._keys.needs_sync:
                self._keys.synced(frozenset().union(*(node.held() for node in nodes)))


def _let_go(nodes: Sequence[PadNode]) -> None:
    for node in nodes:
        with contextlib.suppress(OSError):
            node.close()
