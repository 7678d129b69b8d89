"""Keypad bytes -> what happened on the keypad. Pure and bounded: it knows neither time nor where the bytes come from.

Two dialects are told apart by themselves. *Plain*: a byte is a press. *Lines*: `<D,17,4,CRC>` (see wire). From the
first sound line on, bytes outside lines are noise and never keys.
"""

import re
from dataclasses import dataclass

from hardware.keypad.keys import ENTER, KEY_NAMES, PLAIN_KEYS
from hardware.keypad.wire import LINE_END, LINE_START, fields_of, possible

NUL, LF, CR, ESC = 0x00, 0x0A, 0x0D, 0x1B
ESCAPE_LIMIT = 16  # bytes of a terminal's escape sequence

_BETWEEN_LINES = re.compile(rb"[^<]+")
_NO_KEYS = re.compile(b"[^" + re.escape(bytes([*PLAIN_KEYS, NUL, LF, CR, ESC, LINE_START])) + b"]+")


@dataclass(frozen=True, slots=True)
class KeyTyped:
    """A plain byte: the key went down, and nothing will tell when it comes up."""

    key: str


@dataclass(frozen=True, slots=True)
class KeyDown:
    """A key went down; the keypad repeats this `number` until it is acknowledged."""

    number: int
    key: str


@dataclass(frozen=True, slots=True)
class KeyUp:
    """A key came up; numbered as KeyDown is."""

    number: int
    key: str


@dataclass(frozen=True, slots=True)
class Hello:
    """The keypad has started, or was asked: these are its keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beat:
    """The keypad is alive."""


@dataclass(frozen=True, slots=True)
class LightsTaken:
    """The keypad shows the lights that the host sent under this number."""

    number: int


@dataclass(frozen=True, slots=True)
class Noise:
    """So many bytes were neither a key nor part of a sound line."""

    count: int


KeypadEvent = KeyTyped | KeyDown | KeyUp | Hello | Beat | LightsTaken | Noise


class KeypadDecoder:
    """Takes bytes as they come, in pieces of any size; the same bytes give the same events however they are cut
    (only that neighbouring Noise is counted together within one piece). Keeps at most one line."""

    __slots__ = ("_ended_line", "_escape", "_line", "_returned", "speaks_lines")

    def __init__(self) -> None:
        self.speaks_lines = False
        self._line: bytearray | None = None  # what followed a <
        self._escape: bytearray | None = None  # what followed an ESC
        self._ended_line = False  # the last byte ended a line: a newline now belongs to it
        self._returned = False  # the last byte was a carriage return: a line feed now belongs to it

    @property
    def unfinished(self) -> bool:
        """Whether the last bytes wait for more: a line or an escape sequence has begun."""
        return self._line is not None or self._escape is not None

    def feed(self, data: bytes) -> list[KeypadEvent]:
        """What these bytes complete, in order."""
        events: list[KeypadEvent] = []
        position = 0
        while position < len(data):
            if not self.unfinished and (
                run := (_BETWEEN_LINES if self.speaks_lines else _NO_KEYS).match(data, position)
            ):
                self._skip(run[0], events)
                position = run.end()
                continue
            byte = data[position]
            position += 1
            if byte == NUL:  # an idle or broken wire, or a C string sent with its end: stands for nothing
                continue
            if self._line is not None:
                self._in_line(byte, events)
            elif self._escape is not None:
                self._in_escape(byte, events)
            else:
                self._outside(byte, events)
        return events

    def abandon(self) -> list[KeypadEvent]:
        """Give up what is unfinished, so that a stray `<` does not swallow the presses after it."""
        events: list[KeypadEvent] = []
        for part in (self._line, self._escape):
            if part is not None:
                _add_noise(events, 1 + len(part))
        self._line = self._escape = None
        return events

    def _skip(self, run: bytes, events: list[KeypadEvent]) -> None:
        """Counts a run that presses nothing; newlines and NUL between lines are not worth counting."""
        silent = sum(map(run.count, (b"\r", b"\n", b"\0"))) if self.speaks_lines else 0
        _add_noise(events, len(run) - silent)
        self._returned = False
        self._ended_line = run[-1] == LINE_END

    def _outside(self, byte: int, events: list[KeypadEvent]) -> None:
        ended_line, self._ended_line = self._ended_line, False
        returned, self._returned = self._returned, byte == CR
        if byte in (CR, LF):
            self._ended_line = ended_line and byte == CR
            paired = byte == LF and returned
            if not (ended_line or paired or self.speaks_lines):
                events.append(KeyTyped(ENTER))
        elif byte == LINE_START:
            self._line = bytearray()
        elif byte == ESC and not self.speaks_lines:
            self._escape = bytearray()
        elif byte in PLAIN_KEYS and not self.speaks_lines:
            events.append(KeyTyped(PLAIN_KEYS[byte]))
        else:
            self._ended_line = byte == LINE_END
            _add_noise(events, 1)

    def _in_line(self, byte: int, events: list[KeypadEvent]) -> None:
        assert self._line is not None
        if byte == LINE_END:
            text, self._line = bytes(self._line), None
            self._ended_line = True
            self._read(text, events)
            return
        self._line.append(byte)
        if not possible(self._line):
            _add_noise(events, len(self._line))  # the < and all but this byte, which may begin something
            self._line = None
            self._ended_line = True
            self._outside(byte, events)

    def _in_escape(self, byte: int, events: list[KeypadEvent]) -> None:
        """Arrows and the like arrive as ESC [ A or ESC O P: no keys of ours, and their letters must not press any."""
        assert self._escape is not None
        sequence = self._escape
        begins = not sequence and byte in b"[O"
        if not sequence and not begins:
            _add_noise(events, 1)
            self._escape = None
            self._outside(byte, events)
            return
        if not 0x20 <= byte <= 0x7E or byte == LINE_START or len(sequence) == ESCAPE_LIMIT:
            _add_noise(events, 1 + len(sequence))
            self._escape = None
            self._outside(byte, events)
            return
        sequence.append(byte)
        linux_console = len(sequence) == 2 and sequence == b"[["
        if not begins and not linux_console and (byte >= 0x40 or sequence[0] == ord("O")):
            _add_noise(events, 1 + len(sequence))
            self._escape = None

    def _read(self, text: bytes, events: list[KeypadEvent]) -> None:
        fields = fields_of(text)
        if fields is not None and fields[0].islower():
            return  # our own line, come back from a wire that echoes
        event = None if fields is None else _event_of(fields)
        if event is None:
            _add_noise(events, len(text) + 2)
        else:
            self.speaks_lines = True
            events.append(event)


def _event_of(fields: list[str]) -> KeypadEvent | None:
    match fields:
        case ["H", "1", keys] if KEY_NAMES.issuperset(keys.split()):
            return Hello(tuple(keys.split()))
        case ["D", number, key] if key in KEY_NAMES and _is_number(number):
            return KeyDown(int(number), key)
        case ["U", number, key] if key in KEY_NAMES and _is_number(number):
            return KeyUp(int(number), key)
        case ["A", number] if _is_number(number):
            return LightsTaken(int(number))
        case ["B"]:
            return Beat()
        case _:
            return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 1 <= int(text) <= 255


def _add_noise(events: list[KeypadEvent], count: int) -> None:
    if count == 0:
        return
    if events and isinstance(events[-1], Noise):
        events[-1] = Noise(events[-1].count + count)
    else:
        events.append(Noise(count))
