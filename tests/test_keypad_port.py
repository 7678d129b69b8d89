"""A keypad on a real port: pseudo-terminals, sockets, and what happens when they go."""

import contextlib
import os
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.keypad.attended import CLOSE_SECONDS
from hardware.keypad.board import Lights
from hardware.keypad.conversation import BOUNCE_SECONDS, NOISE_SECONDS
from hardware.keypad.port import KeypadPort, KeyPress
from hardware.keypad.twin import KeypadTwin
from hardware.keypad.wire import line

PATIENCE = 20.0  # seconds until a test gives up; none takes nearly as long


class Desk:
    """Where presses and states arrive, and where a test waits for them."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self.presses: list[KeyPress] = []
        self.said: list[tuple[str, str]] = []
        self._ports: list[KeypadPort] = []

    @property
    def keys(self) -> list[str]:
        return [press.key for press in self.presses]

    @property
    def states(self) -> list[str]:
        return [state for state, _ in self.said]

    def connect(self, address: str) -> KeypadPort:
        port = KeypadPort(address, clock=time.monotonic, on_press=self._pressed, on_state=self._stated)
        self._ports.append(port)
        port.start()
        return port

    def wait_for(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        with self._news:
            while not happened():
                assert time.monotonic() < deadline, f"in vain; keys {self.keys}, states {self.said}"
                self._news.wait(0.01)

    def wait_for_keys(self, *keys: str) -> None:
        self.wait_for(lambda: len(self.presses) >= len(keys))
        assert self.keys == list(keys)

    def wait_for_state(self, state: str) -> None:
        self.wait_for(lambda: bool(self.said) and self.states[-1] == state)

    def wait_for_quiet(self) -> None:
        """As long as a finger takes to come back: longer than a key bounces and than noise makes keys doubtful."""
        threading.Event().wait(3 * max(BOUNCE_SECONDS, NOISE_SECONDS))

    def close(self) -> None:
        for port in self._ports:
            port.close()

    def _pressed(self, press: KeyPress) -> None:
        with self._news:
            self.presses.append(press)
            self._news.notify_all()

    def _stated(self, state: str, reason: str) -> None:
        with self._news:
            self.said.append((state, reason))
            self._news.notify_all()


class Wire:
    """A bare pseudo-terminal at a path that stays; the test is the keypad."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._end = -1

    def plug_in(self) -> None:
        self._end, host_end = os.openpty()
        tty.setraw(host_end)
        self.path.symlink_to(os.ttyname(host_end))
        os.close(host_end)

    def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._end, data) :]

    def unplug(self) -> None:
        if self._end >= 0:
            self.path.unlink()
            os.close(self._end)
            self._end = -1


@pytest.fixture
def desk() -> Iterator[Desk]:
    with contextlib.closing(Desk()) as desk:
        yield desk


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    wire = Wire(tmp_path / "keypad")
    wire.plug_in()
    yield wire
    wire.unplug()


@pytest.fixture
def twin() -> Iterator[KeypadTwin]:
    with KeypadTwin() as twin:
        yield twin


# --- plain keys -------------------------------------------------------------------------------------------------------


def test_a_byte_on_the_wire_is_a_press_stamped_as_it_arrives(desk: Desk, wire: Wire) -> None:
    desk.connect(str(wire.path))
    desk.wait_for_state("live")
    before = time.monotonic()
    wire.send(b"1")
    desk.wait_for_keys("1")
    assert before <= desk.presses[0].clock <= time.monotonic()
    assert desk.states == ["opening", "live"]


def test_what_was_typed_before_the_port_was_opened_is_no_press(desk: Desk, wire: Wire) -> None:
    wire.send(b"1")
    desk.connect(str(wire.path))
    desk.wait_for_state("live")
    wire.send(b"2")
    desk.wait_for_keys("2")


@pytest.mark.parametrize("newline", [b"\r", b"\n", b"\r\n"])
def test_enter_is_one_press(desk: Desk, wire: Wire, newline: bytes) -> None:
    desk.connect(str(wire.path))
    desk.wait_for_state("live")
    wire.send(newline)
    desk.wait_for_keys("enter")
    wire.send(b"1")
    desk.wait_for_keys("enter", "1")


def test_garbage_is_said_once_and_the_next_key_counts(desk: Desk, wire: Wire) -> None:
    port = desk.connect(str(wire.path))
    desk.wait_for_state("live")
    for _ in range(3):
        wire.send(b"\xff\xfe\x80\x00\x1b[A<D,\xff")
    desk.wait_for(lambda: port.tally.noise > 0 and len(desk.said) == 3)
    assert "speed" in desk.said[-1][1]
    desk.wait_for_quiet()
    wire.send(b"2")
    desk.wait_for(lambda: "2" in desk.keys)
    assert desk.keys == ["2"]
    assert len(desk.said) == 3


@pytest.mark.parametrize("size", [2**17, pytest.param(2**20, marks=pytest.mark.slow)])
def test_a_flood_without_a_newline_is_survived(desk: Desk, wire: Wire, size: int) -> None:
    port = desk.connect(str(wire.path))
    desk.wait_for_state("live")
    wire.send(b"\xaa" * size)
    desk.wait_for(lambda: port.tally.noise == size)
    desk.wait_for_quiet()
    wire.send(b"2")
    desk.wait_for_keys("2")


def test_a_plain_keypad_is_sent_nothing(desk: Desk, tmp_path: Path) -> None:
    with KeypadTwin("plain") as plain:
        port = desk.connect(plain.path)
        desk.wait_for_state("live")
        port.set_lights(frozenset("1"), frozenset("2"))
        for key in ("1", "enter", "backspace"):
            plain.press(key)
        desk.wait_for_keys("1", "enter", "backspace")
        assert plain.lights == Lights()


# --- going and coming back --------------------------------------------------------------------------------------------


def test_a_keypad_plugged_in_late_is_found(desk: Desk, tmp_path: Path) -> None:
    late = Wire(tmp_path / "late")
    desk.connect(str(late.path))
    desk.wait_for_state("missing")
    assert "plug it in" in desk.said[-1][1]
    late.plug_in()
    desk.wait_for_state("live")
    late.send(b"1")
    desk.wait_for_keys("1")
    assert desk.states == ["opening", "missing", "live"]
    late.unplug()


def test_a_keypad_unplugged_and_plugged_in_again_goes_on(desk: Desk, wire: Wire) -> None:
    desk.connect(str(wire.path))
    desk.wait_for_state("live")
    wire.send(b"1")
    desk.wait_for_keys("1")
    wire.unplug()
    desk.wait_for_state("lost")
    assert "cable" in desk.said[-1][1]
    wire.plug_in()
    desk.wait_for_state("live")
    wire.send(b"2")
    desk.wait_for_keys("1", "2")
    assert desk.states == ["opening", "live", "lost", "returning", "live"]


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("/dev/no-such-keypad", "plug it in"),
        ("/dev/null", "no serial port"),
        ("/", "no serial port"),
        ("usb:dead:beef:NOBODY", "plug it in"),
        ("usb:nonsense", "doctor"),
        ("nothing://here", "socket://"),
        ("socket://127.0.0.1:1", "start the device"),
        ("socket://", "keypad.port"),
        ("rfc2217://127.0.0.1:1", "start the device"),
        ("spy:///dev/no-such-keypad", "plug it in"),
        ("", "address"),
    ],
)
def test_a_wrong_address_is_missing_with_a_remedy_and_ends_nothing(desk: Desk, address: str, remedy: str) -> None:
    desk.connect(address)
    desk.wait_for_state("missing")
    assert remedy in desk.said[-1][1]
    assert desk.said[-1][1].count(": ") >= 1


def test_a_second_program_on_the_same_keypad_is_told_so(desk: Desk, wire: Wire) -> None:
    desk.connect(str(wire.path))
    desk.wait_for_state("live")
    second = Desk()
    second.connect(str(wire.path))
    second.wait_for_state("missing")
    assert "another program" in second.said[-1][1]
    second.close()


def test_a_callback_that_fails_does_not_end_the_keypad(wire: Wire) -> None:
    pressed = threading.Semaphore(0)
    live = threading.Semaphore(0)

    def fail(press: KeyPress) -> None:
        pressed.release()
        raise RuntimeError("not my day")

    def stated(state: str, reason: str) -> None:
        if state == "live":
            live.release()

    port = KeypadPort(str(wire.path), clock=time.monotonic, on_press=fail, on_state=stated)
    port.start()
    for key in (b"1", b"2"):
        assert live.acquire(timeout=PATIENCE)
        wire.send(key)
        assert pressed.acquire(timeout=PATIENCE)
    port.close()


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_coming_and_going_leaves_no_file_open(desk: Desk, wire: Wire) -> None:
    desk.connect(str(wire.path))
    desk.wait_for_state("live")
    before = open_files()
    for turn in range(4):
        wire.unplug()
        desk.wait_for_state("lost")
        wire.plug_in()
        desk.wait_for(lambda turn=turn: desk.states.count("live") == turn + 2)  # type: ignore[misc]
    assert open_files() == before


# --- the end ----------------------------------------------------------------------------------------------------------


def keypad_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "keypad"]


def test_close_ends_the_thread_and_lets_the_port_go(desk: Desk, wire: Wire) -> None:
    port = desk.connect(str(wire.path))
    desk.wait_for_state("live")
    port.close()
    assert keypad_threads() == []
    desk.connect(str(wire.path))
    desk.wait_for_state("live")


def test_close_before_the_keypad_was_ever_there_ends_the_thread() -> None:
    desk = Desk()
    desk.connect("/dev/no-such-keypad")
    desk.wait_for_state("missing")
    desk.close()
    desk.close()
    assert keypad_threads() == []


def test_close_does_not_wait_for_a_port_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()
    hanging = threading.Event()

    def hang(*_: object, **__: object) -> None:
        hanging.set()
        let_go.wait()
        raise OSError("at last")

    monkeypatch.setattr("serial.serial_for_url", hang)  # no device here can be made to hang in open()
    desk = Desk()
    desk.connect("/dev/ttyHUNG")
    assert hanging.wait(PATIENCE)
    closed = threading.Thread(target=desk.close)
    closed.start()
    closed.join(CLOSE_SECONDS + PATIENCE)
    assert not closed.is_alive()
    said = list(desk.said)
    let_go.set()
    for thread in keypad_threads():
        thread.join(PATIENCE)
    assert desk.said == said


# --- other ports ------------------------------------------------------------------------------------------------------


def test_a_keypad_on_the_network_comes_back_too(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        desk.connect(f"socket://127.0.0.1:{server.getsockname()[1]}")
        for turn, key in enumerate("12"):
            keypad, _ = server.accept()
            with keypad:
                desk.wait_for(lambda turn=turn: desk.states.count("live") == turn + 1)  # type: ignore[misc]
                keypad.sendall(key.encode())
                desk.wait_for_keys(*"12"[: turn + 1])
            desk.wait_for_state("lost")


@pytest.mark.parametrize("url", ["loop://", "spy://{}?file=/dev/null"])
def test_other_kinds_of_port_are_taken(desk: Desk, wire: Wire, url: str) -> None:
    port = desk.connect(url.format(wire.path))
    desk.wait_for_state("live")
    port.set_lights(frozenset("1"), frozenset())
    if "{}" in url:
        wire.send(b"1")
        desk.wait_for_keys("1")


# --- lines: the twin --------------------------------------------------------------------------------------------------


def test_the_twins_presses_arrive_in_order(desk: Desk, twin: KeypadTwin) -> None:
    desk.connect(twin.path)
    desk.wait_for_state("live")
    for key in "1231":
        twin.press(key)
    desk.wait_for_keys(*"1231")


def test_lights_reach_the_keys_and_come_back_after_unplugging(desk: Desk, twin: KeypadTwin) -> None:
    port = desk.connect(twin.path)
    desk.wait_for_state("live")
    port.set_lights(frozenset({"1", "2"}), frozenset({"3"}))
    shown = Lights(frozenset({"1", "2"}), frozenset({"3"}))
    desk.wait_for(lambda: twin.lights == shown)
    twin.unplug()
    desk.wait_for_state("lost")
    twin.plug_in()
    assert twin.lights == Lights()
    desk.wait_for(lambda: twin.lights == shown)
    desk.wait_for_state("live")
    assert desk.states[-3:] == ["lost", "returning", "live"]


def test_a_keypad_that_hangs_is_lost_though_its_port_is_open_and_returns(desk: Desk, twin: KeypadTwin) -> None:
    desk.connect(twin.path)
    desk.wait_for_state("live")
    twin.press("1")
    desk.wait_for_keys("1")
    twin.freeze()
    desk.wait_for(lambda: "lost" in desk.states)
    assert "silent" in next(reason for state, reason in desk.said if state == "lost")
    twin.freeze(on=False)
    desk.wait_for_state("live")
    twin.press("2")
    desk.wait_for_keys("1", "2")


def test_split_lines_and_chatter_are_one_press_each(desk: Desk, twin: KeypadTwin) -> None:
    desk.connect(twin.path)
    twin.split()
    twin.press("1")
    desk.wait_for_keys("1")
    twin.split(on=False)
    desk.wait_for_quiet()
    twin.wear()
    twin.press("2")
    twin.wear(on=False)
    twin.press("3")
    desk.wait_for_keys("1", "2", "3")


def test_a_garbled_wire_invents_and_doubles_nothing(desk: Desk, twin: KeypadTwin) -> None:
    port = desk.connect(twin.path)
    desk.wait_for(lambda: "live" in desk.states)
    twin.garble(every=37)
    for key in "12341234":
        twin.press(key)
    desk.wait_for_keys(*"12341234")
    assert port.tally.noise > 0


def test_noise_between_lines_presses_nothing(desk: Desk, twin: KeypadTwin) -> None:
    port = desk.connect(twin.path)
    twin.press("1")
    desk.wait_for_keys("1")
    twin.noise(b"2345\r\n<<<\x00\xff" * 200 + line("D", "9", "7")[:6])
    desk.wait_for(lambda: port.tally.noise >= 1000)
    twin.press("5")
    desk.wait_for_keys("1", "5")


@pytest.mark.parametrize("flood", [b"2345", b"\xff\x00<<D,", bytes(range(256))])
def test_stop_passes_through_a_flood(desk: Desk, twin: KeypadTwin, flood: bytes) -> None:
    port = desk.connect(twin.path)
    twin.press("1")  # until a keypad has spoken lines, a byte is a key
    desk.wait_for_keys("1")
    over = threading.Event()

    def gone_mad() -> None:
        while not over.wait(0.002):
            twin.noise(flood * 20)

    mad = threading.Thread(target=gone_mad)
    mad.start()
    try:
        desk.wait_for(lambda: port.tally.noise > 20_000)
        twin.press("0")
        desk.wait_for_keys("1", "0")
    finally:
        over.set()
        mad.join()
