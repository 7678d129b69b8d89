"""Hours of faults: nothing lost, nothing invented, nothing that grows."""

import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardware.camera.health import HealthWatch
from hardware.camera.messages import CameraMessage, CameraSpec, CameraState
from hardware.camera.process import CameraProcess
from hardware.camera.twin_faults import TwinFault, TwinFaults
from hardware.keypad.board import Board
from hardware.keypad.conversation import Conversation
from hardware.keypad.decoder import KeypadDecoder, KeyTyped, Noise
from hardware.keypad.port import KeypadPort, KeyPress
from hardware.keypad.twin import KeypadTwin
from hardware.keypad.wire import line
from range.app.camera_standing import CameraStanding
from range.app.counting import Counting
from range.app.twin_wall import TwinWall
from range.core.summary import summarise

HOUR = 3600.0


# --- virtual time -----------------------------------------------------------------------------------------------------


class Wire:
    """A keypad and its host over a bad wire, step by step in virtual time."""

    STEP = 0.02

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._board = Board(tuple("12345678"))
        self._host = Conversation()
        self._host.opened(0.0)
        self._plugged = True
        self._garbled_until = self._unplugged_until = 0.0
        self._next_press, self._next_fault = 2.0, 5.0
        self._moves: list[tuple[float, str, bool]] = []
        self.pressed: list[str] = []
        self.heard: list[str] = []

    def step(self, now: float) -> None:
        self._suffer(now)
        self._use(now)
        said = self._board.say(now)
        if self._plugged:
            self.heard += [press.key for press in self._host.hear(self._spoilt(said, now), now)]
            self._board.hear(self._host.say(now), now)

    def _suffer(self, now: float) -> None:
        if not self._plugged and now >= self._unplugged_until:
            self._plugged = True
            self._board.boot(now)
            self._host.opened(now)
        if now < self._next_fault:
            return
        self._next_fault = now + float(self._random.uniform(5, 60))
        if self._random.random() < 0.3:
            # Nobody can press while the cable is out; what was pressed before has had its time to arrive.
            self._moves.clear()
            self._plugged, self._unplugged_until = False, now + float(self._random.uniform(0.5, 20))
            self._next_press = self._unplugged_until + 2.0
        else:
            self._garbled_until = now + float(self._random.uniform(1, 5))

    def _use(self, now: float) -> None:
        while self._moves and self._moves[0][0] <= now:
            at, key, down = self._moves.pop(0)
            self._board.move(key, down, at)
        if self._plugged and now >= self._next_press and self._next_fault - now > 3.0:
            key = str(self._random.integers(1, 9))
            self._moves += [(now, key, True), (now + 0.1, key, False)]
            self._next_press = now + float(self._random.uniform(0.4, 8))
            self.pressed.append(key)

    def _spoilt(self, data: bytes, now: float) -> bytes:
        if now >= self._garbled_until or not data or self._random.random() < 0.6:
            return data
        spoilt = bytearray(data)
        spoilt[int(self._random.integers(len(spoilt)))] ^= 1 << int(self._random.integers(8))
        return bytes(spoilt)


class Lens:
    """A camera whose picture goes bad for a while and is good again, and what the operator and the record are told."""

    RATE = 6

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._noise: NDArray[np.uint8] = random.integers(60, 90, (64, 24, 32), np.uint8)
        self._health = HealthWatch(0.0, pulse=0.06)
        self._standing = CameraStanding(configured=True, asked=(0, 0), misfit=lambda _identity, _size: None)
        list(self._standing.hear(CameraState("live", size=(32, 24))))
        self._counting = Counting()
        self._kind, self._until = "clear", 10.0
        self.injected: list[tuple[str, float, float]] = []
        self.told: list[str] = []
        self.events: list[dict[str, object]] = [{"kind": "session_started", "clock": 0.0}]

    def frame(self, now: float) -> None:
        if now >= self._until:
            self._change(now)
        self._health.see(self._picture(), now, finding=0.0, spots=0)
        health = self._health.report(now)
        if health is not None:
            self.told += [one.state for one in self._standing.hear(health)]
        news = self._counting.step(self._standing.why_uncounted, playing=True, now=now, since=self._standing.since)
        if news is not None:
            told = {"device": news.device, "state": news.state, "reason": news.reason}
            self.events.append({"kind": "fault", "clock": news.since or now, **told})

    def _change(self, now: float) -> None:
        if self._kind == "clear":
            self._kind = str(self._random.choice(["black", "frozen", "blinded"]))
            self._until = now + float(self._random.uniform(6, 30))
            self.injected.append((self._kind, now, self._until))
        else:
            self._kind, self._until = "clear", now + float(self._random.uniform(5, 120))

    def _picture(self) -> NDArray[np.uint8]:
        match self._kind:
            case "black":
                return np.zeros((24, 32), np.uint8)
            case "blinded":
                return np.full((24, 32), 255, np.uint8)
            case "frozen":
                return np.asarray(self._noise[0], np.uint8)
        return np.asarray(self._noise[1 + int(self._random.integers(63))], np.uint8)


def live_through(seconds: float, seed: int, step: Callable[[float], None], pace: float) -> int:
    """Virtual time passes; answers with the bytes by which memory grew between its first quarter and its end."""
    steps = int(seconds / pace)
    tracemalloc.start()
    grown = 0
    for number in range(steps):
        step(number * pace)
        if number == steps // 4:
            grown = tracemalloc.get_traced_memory()[0]
    grown = tracemalloc.get_traced_memory()[0] - grown
    tracemalloc.stop()
    return grown


HOURS = [pytest.param(0.15, id="ten minutes"), pytest.param(8.0, id="eight hours", marks=pytest.mark.slow)]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("hours", HOURS)
def test_every_press_over_a_bad_wire_arrives_once_and_in_order(hours: float) -> None:
    wire = Wire(np.random.default_rng(8))
    grown = live_through(hours * HOUR, 8, wire.step, Wire.STEP)
    assert wire.heard == wire.pressed
    assert len(wire.pressed) > 100 * hours
    # The lists of what was pressed and heard, and nothing else.
    assert grown < 200 * len(wire.pressed) + 64_000


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("hours", HOURS)
def test_every_bad_picture_is_told_and_the_record_adds_up_to_what_was_injected(hours: float) -> None:
    lens = Lens(np.random.default_rng(5))
    grown = live_through(hours * HOUR, 5, lens.frame, 1 / Lens.RATE)
    whole = [one for one in lens.injected if one[2] < hours * HOUR - 1]
    assert lens.told[: 2 * len(whole)] == [state for kind, _, _ in whole for state in (kind, "live")]
    spans = summarise([*lens.events, {"kind": "session_ended", "clock": hours * HOUR, "reason": "over"}]).uncounted
    for (_, began, ended), span in zip(whole, spans, strict=False):
        assert span.clock == pytest.approx(began, abs=1.0)
        assert span.seconds == pytest.approx(ended - began, abs=1.5)
    assert grown < 2_000 * len(lens.injected) + 64_000


def test_a_million_random_bytes_press_nothing_that_was_not_sent_and_leave_nothing_behind() -> None:
    data = np.random.default_rng(3).bytes(1_000_000)
    speaking = KeypadDecoder()
    speaking.feed(line("B"))
    events = [event for at in range(0, len(data), 4096) for event in speaking.feed(data[at : at + 4096])]
    assert all(isinstance(event, Noise) for event in events)
    plain = KeypadDecoder()
    typed = [event for at in range(0, len(data), 997) for event in plain.feed(data[at : at + 997])]
    assert sum(isinstance(event, KeyTyped) for event in typed) <= len(data)
    for decoder in (speaking, plain):
        decoder.abandon()
        assert not decoder.unfinished


# --- real time --------------------------------------------------------------------------------------------------------


class Handles:
    """What this process holds on to: open files, threads, resident memory in bytes."""

    def __init__(self) -> None:
        self.files = len(list(Path("/proc/self/fd").iterdir()))
        self.threads = threading.active_count()
        self.memory = int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.fixture
def parts() -> Iterator[ExitStack]:
    with ExitStack() as parts:
        yield parts


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "seconds", [pytest.param(0.0, id="one round"), pytest.param(600.0, id="ten minutes", marks=pytest.mark.slow)]
)
def test_devices_that_come_and_go_leave_nothing_behind(parts: ExitStack, seconds: float) -> None:
    faults, keypad = parts.enter_context(TwinFaults()), parts.enter_context(KeypadTwin())
    wall = TwinWall((1280, 720))
    parts.callback(wall.close)
    states: list[tuple[str, str]] = []
    presses: list[str] = []

    def heard(message: CameraMessage) -> None:
        if isinstance(message, CameraState):
            states.append(("camera", message.condition))

    def pressed(press: KeyPress) -> None:
        presses.append(press.key)

    camera = CameraProcess(CameraSpec("twin", twin=replace(wall.room, faults=faults.name)), heard)
    port = KeypadPort(
        keypad.path, clock=time.monotonic, on_press=pressed, on_state=lambda state, _: states.append(("keypad", state))
    )
    camera.start()
    port.start()
    parts.callback(camera.close)
    parts.callback(port.close)

    def wait_for(device: str, state: str, since: int) -> None:
        deadline = time.monotonic() + 30
        while (device, state) not in states[since:]:
            assert time.monotonic() < deadline, f"{device} is not {state}: {states[since:]}"
            time.sleep(0.01)

    for device in ("camera", "keypad"):
        wait_for(device, "live", 0)
    until, rounds, before = time.monotonic() + seconds, 0, Handles()
    ways: tuple[TwinFault, ...] = ("unplug", "crash", "hang")
    while rounds == 0 or time.monotonic() < until:
        since = len(states)
        way = ways[rounds % len(ways)]
        faults.set(way)
        keypad.unplug()
        wait_for("camera", "lost", since)
        wait_for("keypad", "lost", since)
        since = len(states)
        faults.set(way, on=False)
        keypad.plug_in()
        wait_for("camera", "live", since)
        wait_for("keypad", "live", since)
        keypad.press("1")
        rounds += 1
        deadline = time.monotonic() + 30
        while len(presses) < rounds:
            assert time.monotonic() < deadline, "a press is missing"
            time.sleep(0.01)
        if rounds == len(ways):
            before = Handles()  # every way has been gone once: from now on nothing may grow
    after = Handles()
    assert presses == ["1"] * rounds
    assert after.files <= before.files
    assert after.threads <= before.threads
    assert after.memory <= before.memory + 8_000_000
