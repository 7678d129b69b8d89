"""The kernel's input events -> presses, of USB number pads and presenters. Pure and bounded; time is passed in.

An event is the kernel's `struct input_event`: two longs of time, type, code, value (linux/input.h). A pad says when
a key goes down (1), comes up (0), and, held, that it repeats (2).
"""

import struct
from collections.abc import Iterator

from hardware.keypad.conversation import BOUNCE_SECONDS, KeyPress, Tally

EVENT = struct.Struct("llHHi")
EV_SYN, EV_KEY = 0x00, 0x01
SYN_REPORT, SYN_DROPPED = 0, 3
UP, DOWN = 0, 1

# Codes of linux/input-event-codes.h. A number pad sends the same ones whether its NumLock is on or off.
_ROWS = {2: "1234567890", 16: "qwertyuiop", 30: "asdfghjkl", 44: "zxcvbnm"}
KEY_OF_CODE: dict[int, str] = {
    **{first + place: key for first, keys in _ROWS.items() for place, key in enumerate(keys)},
    **dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True)),
    **{59 + number: f"f{number + 1}" for number in range(8)},
    78: "+", 74: "-", 12: "-", 55: "*", 98: "/", 53: "/", 83: ".", 52: ".", 121: ".",
    28: "enter", 96: "enter", 57: "space", 15: "tab", 14: "backspace", 1: "escape",
    104: "pageup", 109: "pagedown",
}  # fmt: skip
PAD_KEYS = frozenset(KEY_OF_CODE.values())


class PadKeys:
    """One pad's node over all its connections. `needs_sync` is set when the kernel has dropped events."""

    def __init__(self) -> None:
        self.held: frozenset[int] = frozenset()
        self.needs_sync = False
        self._rest = b""
        self._dropping = False
        self._moved: dict[int, float] = {}
        self._presses = self._bounces = self._unknown = 0

    @property
    def tally(self) -> Tally:
        """What came since the start: presses, bounces, and events that are no keys of ours."""
        return Tally(self._presses, self._bounces, noise=self._unknown)

    def gone(self) -> None:
        """The connection is over: nothing is half read, and a key that was held is released."""
        self.held, self._rest, self._dropping, self.needs_sync = frozenset(), b"", False, False

    def synced(self, held: frozenset[int]) -> None:
        """The codes that are held now, as the kernel tells after it has dropped events; they are no presses."""
        self.held, self.needs_sync = held & KEY_OF_CODE.keys(), False

    def hear(self, data: bytes, now: float) -> Iterator[KeyPress]:
        """The presses in bytes that arrived now; they may end in the middle of an event."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == EV_SYN and code == SYN_DROPPED:
                self._dropping = self.needs_sync = True
            elif self._dropping:
                # What follows up to the next report belongs to events of which some are missing.
                self._dropping = not (kind == EV_SYN and code == SYN_REPORT)
            elif kind == EV_KEY and (press := self._moved_key(code, value, now)) is not None:
                yield press

    def _moved_key(self, code: int, value: int, now: float) -> KeyPress | None:
        key = KEY_OF_CODE.get(code)
        if key is None:
            self._unknown += value == DOWN
            return None
        if value == UP:
            self.held -= {code}
            self._moved[code] = now
            return None
        if value != DOWN or code in self.held:
            return None  # it repeats itself
        self.held |= {code}
        moved, self._moved[code] = self._moved.get(code), now
        if moved is not None and now - moved < BOUNCE_SECONDS:
            self._bounces += 1
            return None
        self._presses += 1
        return KeyPress(now, key)
