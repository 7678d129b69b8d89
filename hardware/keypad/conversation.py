"""The host's side of a keypad: bytes heard -> presses, and what to say back. Pure; time is passed in, in seconds."""

from dataclasses import dataclass

from hardware.keypad.decoder import (
    Beat,
    Hello,
    KeyDown,
    KeypadDecoder,
    KeypadEvent,
    KeyTyped,
    KeyUp,
    LightsTaken,
    Noise,
)
from hardware.keypad.keys import ENTER
from hardware.keypad.wire import line

BOUNCE_SECONDS = 0.05  # a key that comes again within this bounced, or repeats itself; fingers take twice as long
LINE_END_SECONDS = 0.05  # Serial.println('1') sends a newline with the key; a person is slower to press enter
NOISE_SECONDS = 0.02  # plain bytes this close behind noise are noise too: nobody presses in the middle of a glitch
UNFINISHED_SECONDS = 0.2  # a line that has stopped in its middle for so long will not go on
BEAT_SECONDS = 1.0
SILENCE_SECONDS = 1.75  # three beats of the keypad missed
ASK_SECONDS = 1.0
LIGHTS_AGAIN_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class KeyPress:
    """A key went down at `clock`, as the bytes arrived."""

    clock: float
    key: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What a keypad sent since the start: presses passed on, and all that was not."""

    presses: int = 0
    bounces: int = 0  # the same key again within the bounce time
    repeats: int = 0  # numbered lines sent again because the acknowledgement was late
    refused: int = 0  # plain keys in the middle of noise
    noise: int = 0  # bytes that meant nothing


class Conversation:
    """One keypad over all its connections. Call `opened` at each new one."""

    def __init__(self) -> None:
        self.keys: tuple[str, ...] = ()
        self.held: frozenset[str] = frozenset()  # known in the line dialect only
        self.lights_taken = False
        self._spoke_lines = False
        self._last_number = 0
        self._lit: frozenset[str] = frozenset()
        self._blinking: frozenset[str] = frozenset()
        self._lights_number = 0
        self._presses = self._bounces = self._repeats = self._refused = self._noise = 0
        self._moved: dict[str, float] = {}  # key -> when it last went up or down; as many as there are key names
        self.opened(0.0)

    def opened(self, now: float) -> None:
        """A new connection: nothing is half heard, no key is held, and the lights must be sent again."""
        self._decoder = KeypadDecoder()
        self._greeted = False
        self._typed_at = self._noise_at = float("-inf")
        self._heard_at = self._line_at = now
        self._asked_at = self._beat_at = self._lights_at = float("-inf")
        self._acknowledge: list[int] = []
        self.held = frozenset()
        self.lights_taken = False
        self._works = not self._spoke_lines

    @property
    def speaks_lines(self) -> bool:
        """Whether this connection has heard a sound line."""
        return self._decoder.speaks_lines

    @property
    def works(self) -> bool:
        """False while a keypad known to speak lines has said nothing on this connection; a plain one cannot tell."""
        return self._works

    @property
    def tally(self) -> Tally:
        return Tally(self._presses, self._bounces, self._repeats, self._refused, self._noise)

    def silent(self, now: float) -> bool:
        """Whether a keypad that beats has missed three beats."""
        return self._spoke_lines and now - self._line_at > SILENCE_SECONDS

    def set_lights(self, lit: frozenset[str], blinking: frozenset[str]) -> None:
        """What the keys shall show: lit can be taken now, blinking is taken (and wins)."""
        if (lit, blinking) != (self._lit, self._blinking):
            self._lit, self._blinking = lit, blinking
            self._renew_lights()

    def hear(self, data: bytes, now: float) -> list[KeyPress]:
        """The presses in bytes that arrived now; empty `data` is how time passes."""
        if data:
            self._heard_at = now
            events = self._decoder.feed(data)
        elif self._decoder.unfinished and now - self._heard_at > UNFINISHED_SECONDS:
            events = self._decoder.abandon()
        else:
            return []
        noise = sum(event.count for event in events if isinstance(event, Noise))
        if noise:
            self._noise += noise
            self._noise_at = now
        return [KeyPress(now, key) for event in events if (key := self._take(event, now)) is not None]

    def say(self, now: float) -> bytes:
        """What is due to be sent now. Nothing at all to a keypad that has not spoken the line protocol."""
        if not self.speaks_lines:
            return b""
        lines = [line("a", str(number)) for number in self._acknowledge]
        self._acknowledge.clear()
        if now - self._beat_at >= BEAT_SECONDS:
            self._beat_at = now
            lines.append(line("b"))
        if not self._greeted:
            if now - self._asked_at >= ASK_SECONDS:
                self._asked_at = now
                lines.append(line("h"))
        elif not self.lights_taken and now - self._lights_at >= LIGHTS_AGAIN_SECONDS:
            self._lights_at = now
            lines.append(self._lights_line())
        return b"".join(lines)

    def _take(self, event: KeypadEvent, now: float) -> str | None:
        """The key that this event presses, if it does."""
        match event:
            case KeyTyped(key):
                return self._typed(key, now)
            case Noise():
                return None
            case Beat():
                pass
            case Hello(keys):
                self._greeted = True
                self.keys = keys
                self.held = frozenset()
                self._last_number = 0
                self._acknowledge.append(0)
                self._renew_lights()
            case LightsTaken(number):
                self.lights_taken = self.lights_taken or number == self._lights_number
            case KeyDown(number, key) | KeyUp(number, key):
                self._line_heard(now)
                return self._moved_key(number, key, isinstance(event, KeyDown), now)
        self._line_heard(now)
        return None

    def _line_heard(self, now: float) -> None:
        self._line_at = now
        self._spoke_lines = self._works = True

    def _typed(self, key: str, now: float) -> str | None:
        after_key = now - self._typed_at < LINE_END_SECONDS
        if key == ENTER and after_key:
            return None  # the end of the line that the key before it was sent in
        if key != ENTER:
            self._typed_at = now
        if now - self._noise_at < NOISE_SECONDS:
            self._refused += 1
            return None
        self._spoke_lines, self._works = False, True  # whatever was here before, this one is plain
        return self._pressed(key, now)

    def _moved_key(self, number: int, key: str, down: bool, now: float) -> str | None:
        self._acknowledge.append(number)
        if number == self._last_number:
            self._repeats += 1
            return None
        self._last_number = number
        if down:
            self.held |= {key}
            return self._pressed(key, now)
        self.held -= {key}
        self._moved[key] = now
        return None

    def _pressed(self, key: str, now: float) -> str | None:
        moved, self._moved[key] = self._moved.get(key), now
        if moved is not None and now - moved < BOUNCE_SECONDS:
            self._bounces += 1
            return None
        self._presses += 1
        return key

    def _renew_lights(self) -> None:
        self._lights_number = self._lights_number % 255 + 1
        self._lights_at = float("-inf")
        self.lights_taken = False

    def _lights_line(self) -> bytes:
        lit = " ".join(key for key in self.keys if key in self._lit - self._blinking)
        blinking = " ".join(key for key in self.keys if key in self._blinking)
        return line("l", str(self._lights_number), lit, blinking)
