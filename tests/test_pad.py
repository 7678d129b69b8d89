"""USB number pads and presenters: the kernel's events become presses, and a pad comes and goes as a keypad does."""

import contextlib
import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.identity import AmbiguousError
from hardware.keypad.conversation import BOUNCE_SECONDS
from hardware.keypad.pad import PadNode, PadPort
from hardware.keypad.pad_keys import EVENT, KEY_OF_CODE, SYN_DROPPED, PadKeys
from hardware.pad_list import ListedPad, list_pads, nodes_at, pad_address_fault
from tests.test_keypad_port import Desk

KP1, KP2, KP_ENTER, PAGE_DOWN, CAPS_LOCK = 79, 80, 96, 109, 58
SECONDS = 1_700_000_000


def event(kind: int, code: int, value: int) -> bytes:
    return EVENT.pack(SECONDS, 250_000, kind, code, value)


def moves(code: int, value: int, scan: int = 0x70059) -> bytes:
    """What a pad sends for a key that moves: the scan code, the key, and the end of the report."""
    scanned = event(4, 4, scan) if value != 2 else b""
    return scanned + event(1, code, value) + event(0, 0, 0)


def press(code: int) -> bytes:
    return moves(code, 1) + moves(code, 0)


def heard(keys: PadKeys, data: bytes, now: float = 0.0) -> list[str]:
    return [one.key for one in keys.hear(data, now)]


def test_a_key_of_the_pad_is_one_press_however_long_it_is_held() -> None:
    keys = PadKeys()
    assert heard(keys, moves(KP1, 1)) == ["1"]
    for number in range(50):
        assert heard(keys, moves(KP1, 2), 0.25 + number * 0.03) == []
    assert heard(keys, moves(KP1, 0), 2.0) == []
    assert heard(keys, press(KP1), 3.0) == ["1"]


def test_bouncing_contacts_are_one_press() -> None:
    keys = PadKeys()
    chatter = [key for step in range(5) for key in heard(keys, press(KP1), step * BOUNCE_SECONDS / 6)]
    assert chatter == ["1"]
    assert keys.tally.bounces == 4


def test_a_presenter_has_its_two_keys_and_its_others_press_nothing() -> None:
    keys = PadKeys()
    assert heard(keys, press(PAGE_DOWN)) == ["pagedown"]
    assert heard(keys, press(CAPS_LOCK)) == []
    assert keys.tally.noise == 1


def test_a_key_held_as_the_cable_goes_is_released() -> None:
    keys = PadKeys()
    heard(keys, moves(KP1, 1))
    keys.gone()
    assert keys.held == frozenset()
    assert heard(keys, moves(KP1, 1), 5.0) == ["1"]


def test_after_dropped_events_nothing_is_made_up_of_what_is_left() -> None:
    keys = PadKeys()
    torn = event(0, SYN_DROPPED, 0) + event(1, KP2, 1) + event(0, 0, 0)
    assert heard(keys, moves(KP1, 1) + torn) == ["1"]
    assert keys.needs_sync
    keys.synced(frozenset({KP2}))
    assert heard(keys, moves(KP2, 2), 1.0) == []
    assert heard(keys, moves(KP2, 0), 1.1) == []
    assert heard(keys, press(KP2), 2.0) == ["2"]


@given(st.lists(st.sampled_from(sorted(KEY_OF_CODE)), max_size=8), st.data())
def test_any_split_of_the_bytes_gives_the_same_presses(codes: list[int], data: st.DataObject) -> None:
    stream = b"".join(press(code) for code in codes)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    whole, split = PadKeys(), PadKeys()
    assert [key for piece in pieces for key in heard(split, piece)] == heard(whole, stream)


@given(st.binary(max_size=4096))
def test_random_bytes_never_end_it_and_keep_no_more_than_one_event(data: bytes) -> None:
    keys = PadKeys()
    heard(keys, data)
    assert len(keys._rest) < EVENT.size


# --- what is plugged in -----------------------------------------------------------------------------------------------

NUMBER_PAD = "1000000000007 ff800000000007ff febeffdff3cfffff fffffffffffffffe"
MOUSE = "1f0000 0 0 0 0"


def plug(sysfs: Path, number: int, *, key: str, bus: str = "0003", phys: str = "usb-1/input0", uniq: str = "") -> None:
    device = sysfs / f"event{number}" / "device"
    (device / "id").mkdir(parents=True)
    (device / "capabilities").mkdir()
    for file, text in (
        ("name", "Pad"), ("phys", phys), ("uniq", uniq), ("capabilities/key", key),
        ("id/bustype", bus), ("id/vendor", "1a2c"), ("id/product", "2124"),
    ):  # fmt: skip
        (device / file).write_text(text + "\n")


def test_pads_are_listed_and_mice_and_the_built_in_keyboard_are_not(tmp_path: Path) -> None:
    plug(tmp_path, 3, key=NUMBER_PAD)
    plug(tmp_path, 4, key=MOUSE)
    plug(tmp_path, 5, key=NUMBER_PAD, bus="0011")
    plug(tmp_path, 10, key=NUMBER_PAD, phys="usb-1/input1")
    (pad,) = list_pads(tmp_path, Path("/dev/input"))
    assert pad.identity == "input:1a2c:2124"
    assert pad.nodes == (Path("/dev/input/event3"), Path("/dev/input/event10"))
    assert nodes_at("input:1A2C:2124", [pad]) == pad.nodes


def test_of_two_pads_that_fit_none_is_taken_and_one_that_is_gone_is_absent(tmp_path: Path) -> None:
    plug(tmp_path, 3, key=NUMBER_PAD, phys="usb-1/input0")
    plug(tmp_path, 4, key=NUMBER_PAD, phys="usb-2/input0", uniq="77")
    pads = list_pads(tmp_path)
    with pytest.raises(AmbiguousError):
        nodes_at("input:1a2c:2124", pads)
    assert nodes_at("input:1a2c:2124:77", pads) == (Path("/dev/input/event4"),)
    with pytest.raises(LookupError):
        nodes_at("input:1a2c:9999", pads)


@pytest.mark.parametrize(("address", "sound"), [("input:1a2c:2124", True), ("input:1a2c", False), ("input:", False)])
def test_addresses_in_no_known_form_are_told(address: str, sound: bool) -> None:
    assert (pad_address_fault(address) is None) == sound


# --- coming and going -------------------------------------------------------------------------------------------------


class PipeNode:
    """The kernel's side of a pad that is not there: its events come through a pipe."""

    def __init__(self, file: int) -> None:
        self._file = file

    def fileno(self) -> int:
        return self._file

    def held(self) -> frozenset[int]:
        return frozenset()

    def close(self) -> None:
        os.close(self._file)


class Socket:
    """Where the pad is plugged in."""

    def __init__(self) -> None:
        self._reader, self._writer = -1, -1

    def plug_in(self) -> None:
        self._reader, self._writer = os.pipe()

    def unplug(self) -> None:
        os.close(self._writer)
        self._reader = -1

    def send(self, data: bytes) -> None:
        os.write(self._writer, data)

    def open(self, _address: str) -> Sequence[PadNode]:
        if self._reader < 0:
            raise OSError(errno.ENOENT, "no such device")
        return [PipeNode(self._reader)]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with contextlib.closing(Desk()) as desk:
        yield desk


def test_a_pad_that_is_pulled_and_plugged_in_again_counts_on(desk: Desk) -> None:
    socket = Socket()
    port = PadPort(
        "input:1a2c:2124", clock=iter(range(1, 10_000)).__next__, on_press=desk._pressed, on_state=desk._stated,
        open_pad=socket.open,
    )  # fmt: skip
    port.start()
    desk.wait_for_state("missing")
    assert "no keypad at input:1a2c:2124" in desk.said[-1][1]
    socket.plug_in()
    desk.wait_for_state("live")
    socket.send(press(KP1) + moves(KP_ENTER, 1))
    desk.wait_for_keys("1", "enter")
    socket.unplug()
    desk.wait_for_state("lost")
    socket.plug_in()
    desk.wait_for_state("live")
    socket.send(moves(KP_ENTER, 1))
    desk.wait_for_keys("1", "enter", "enter")
    port.close()


def test_a_pad_that_another_program_has_grabbed_is_told_so(desk: Desk) -> None:
    def taken(_address: str) -> Sequence[PadNode]:
        raise OSError(errno.EBUSY, "busy")

    port = PadPort(
        "/dev/input/event3", clock=lambda: 0.0, on_press=desk._pressed, on_state=desk._stated, open_pad=taken
    )
    port.start()
    desk.wait_for_state("missing")
    assert "another program" in desk.said[-1][1]
    port.close()


@pytest.mark.skipif(not os.access("/dev/uinput", os.W_OK), reason="this machine makes no input devices")
def test_a_real_pad_of_the_kernel_is_grabbed_and_read(desk: Desk) -> None:
    import evdev

    with evdev.UInput(name="Common Ground test pad", vendor=0x1A2C, product=0x2124) as pad:
        port = PadPort(str(pad.device.path), clock=lambda: 0.0, on_press=desk._pressed, on_state=desk._stated)
        port.start()
        desk.wait_for_state("live")
        for value in (1, 0):
            pad.write(evdev.ecodes.EV_KEY, KP1, value)
            pad.syn()
        desk.wait_for_keys("1")
        port.close()


def test_a_path_is_taken_as_it_is_written() -> None:
    pad = ListedPad("Pad", "input:1a2c:2124", "usb-1", (Path("/dev/input/event3"),), usable=False)
    assert nodes_at("/dev/input/event3", [pad]) == pad.nodes
