"""The keypad's side of the line protocol, as the firmware behaves. Pure; time is passed in, in seconds."""

from collections import deque
from dataclasses import dataclass

from hardware.keypad.wire import LINE_END, LINE_LIMIT, LINE_START, fields_of, line

AGAIN_SECONDS = 0.1
GIVE_UP_SECONDS = 1.0
BEAT_SECONDS = 0.5
HOST_GONE_SECONDS = 3.0
DEBOUNCE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Lights:
    """What the keys show."""

    lit: frozenset[str] = frozenset()
    blinking: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Edge:
    down: bool
    key: str


class Board:
    """One keypad with lights. Every line it numbers waits for its acknowledgement before the next is sent."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self._line: bytearray | None = None
        self._edges: deque[_Edge] = deque()
        self._lights = Lights()
        self._sent_at = self._began_at = float("-inf")
        self.boot(0.0)

    def boot(self, now: float) -> None:
        """Power on: nothing is remembered, and hello is said."""
        self._line = None
        self._edges.clear()
        self._down: dict[str, bool] = {}
        self._moved: dict[str, float] = {}
        self._lights = Lights()
        self._heard_at = float("-inf")
        self._beat_at = now
        self._answers: list[bytes] = []
        self._number = 0
        self._edge: _Edge | None = None
        self._waiting = True
        self._begin(now)

    def lights(self, now: float) -> Lights:
        """What the keys show; dark once the host has been silent for HOST_GONE_SECONDS."""
        return self._lights if now - self._heard_at < HOST_GONE_SECONDS else Lights()

    def move(self, key: str, down: bool, at: float) -> None:
        """A key goes down or comes up at a time; what its contact does within DEBOUNCE_SECONDS of that is no move."""
        if self._down.get(key, False) == down or at - self._moved.get(key, float("-inf")) <= DEBOUNCE_SECONDS:
            return
        self._down[key], self._moved[key] = down, at
        self._edges.append(_Edge(down, key))

    def hear(self, data: bytes, now: float) -> None:
        """Bytes from the host."""
        for byte in data:
            if byte == LINE_START:
                self._line = bytearray()
            elif byte == LINE_END and self._line is not None:
                fields = fields_of(bytes(self._line))
                self._line = None
                if fields is not None:
                    self._heed(fields, now)
            elif self._line is not None and len(self._line) < LINE_LIMIT:
                self._line.append(byte)

    def say(self, now: float) -> bytes:
        """What is due to be sent now."""
        out = self._answers
        self._answers = []
        if self._waiting and now - self._began_at > GIVE_UP_SECONDS:
            self._waiting = False
            self._edges.clear()  # a press is never delivered late
        if not self._waiting and self._edges:
            self._edge = self._edges.popleft()
            self._number = self._number % 255 + 1
            self._begin(now)
        if self._waiting and now - self._sent_at >= AGAIN_SECONDS:
            self._sent_at = now
            out.append(self._numbered_line())
        if now - self._beat_at >= BEAT_SECONDS:
            self._beat_at = now
            out.append(line("B"))
        return b"".join(out)

    def _begin(self, now: float) -> None:
        self._waiting = True
        self._began_at = now
        self._sent_at = float("-inf")

    def _numbered_line(self) -> bytes:
        if self._edge is None:
            return line("H", "1", " ".join(self.keys))
        return line("D" if self._edge.down else "U", str(self._number), self._edge.key)

    def _heed(self, fields: list[str], now: float) -> None:
        self._heard_at = now
        match fields:
            case ["h"]:  # a new host: what was pressed before it came is past
                self._edges.clear()
                self._edge = None
                self._number = 0
                self._begin(now)
            case ["a", number] if number == str(self._number):
                self._waiting = False
            case ["l", number, lit, blinking]:
                self._lights = Lights(frozenset(lit.split()), frozenset(blinking.split()))
                self._answers.append(line("A", number))
            case _:
                pass
