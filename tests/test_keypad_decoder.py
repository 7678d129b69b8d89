"""Keypad bytes: which are presses, and how the decoder finds its place again."""

import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from hardware.keypad.wire import LINE_LIMIT, line

ROOT = Path(__file__).parent.parent
PROTOCOL = (ROOT / "docs" / "keypad-protocol.md").read_text()


def heard(*pieces: bytes) -> list[KeypadEvent]:
    decoder = KeypadDecoder()
    return [event for piece in pieces for event in decoder.feed(piece)]


def typed(*pieces: bytes) -> list[str]:
    return [event.key for event in heard(*pieces) if isinstance(event, KeyTyped)]


def without_noise(events: list[KeypadEvent]) -> list[KeypadEvent]:
    return [event for event in events if not isinstance(event, Noise)]


# --- plain keys -------------------------------------------------------------------------------------------------------


def test_each_plain_byte_is_a_press() -> None:
    assert typed(b"1bB+-*/.# \t\x08\x7f") == [
        *("1", "b", "b", "+", "-", "*", "/", ".", "#"),
        *("space", "tab", "backspace", "backspace"),
    ]


@pytest.mark.parametrize("newline", [b"\r", b"\n", b"\r\n"])
def test_enter_is_one_press_however_it_is_sent(newline: bytes) -> None:
    assert typed(newline) == ["enter"]
    assert typed(*(bytes([byte]) for byte in newline)) == ["enter"]
    assert typed(newline + newline) == ["enter", "enter"]


def test_nul_stands_for_nothing() -> None:
    assert heard(b"\x00\x001\x00\x00") == [KeyTyped("1")]
    assert typed(b"\r\x00\n") == ["enter"]


def test_bytes_that_are_no_keys_are_counted_as_noise() -> None:
    assert heard(b"\xff\x801!\xfe") == [Noise(2), KeyTyped("1"), Noise(2)]


@pytest.mark.parametrize("sequence", [b"\x1b[A", b"\x1bOP", b"\x1b[15~", b"\x1b[1;5C", b"\x1b[[A"])
def test_letters_within_a_terminals_escape_sequence_press_nothing(sequence: bytes) -> None:
    assert heard(sequence + b"2") == [Noise(len(sequence)), KeyTyped("2")]


def test_the_key_after_a_stray_escape_counts() -> None:
    assert heard(b"\x1b1") == [Noise(1), KeyTyped("1")]


def test_a_stray_line_start_does_not_swallow_the_next_key() -> None:
    assert heard(b"<1") == [Noise(1), KeyTyped("1")]


def test_a_line_that_stopped_in_its_middle_can_be_abandoned() -> None:
    decoder = KeypadDecoder()
    decoder.feed(b"<D,1")
    assert decoder.abandon() == [Noise(4)]
    assert decoder.abandon() == []
    assert decoder.feed(b"2") == [KeyTyped("2")]


# --- lines ------------------------------------------------------------------------------------------------------------


def test_sound_lines_say_what_happened() -> None:
    said = line("H", "1", "1 2 enter") + line("D", "1", "enter") + line("U", "2", "enter") + line("B") + line("A", "9")
    assert heard(said) == [
        Hello(("1", "2", "enter")),
        KeyDown(1, "enter"),
        KeyUp(2, "enter"),
        Beat(),
        LightsTaken(9),
    ]


def test_two_lines_in_one_piece_and_one_line_in_many() -> None:
    first, second = line("D", "1", "4"), line("U", "2", "4")
    assert heard(first + second) == [KeyDown(1, "4"), KeyUp(2, "4")]
    assert heard(*(bytes([byte]) for byte in first + second)) == [KeyDown(1, "4"), KeyUp(2, "4")]


def test_a_line_needs_no_newline() -> None:
    assert heard(line("D", "1", "4").strip() + line("U", "2", "4").strip()) == [KeyDown(1, "4"), KeyUp(2, "4")]


def test_once_lines_are_spoken_bytes_between_them_are_no_keys() -> None:
    events = heard(line("B") + b"123\r\n" + line("D", "1", "4"))
    assert without_noise(events) == [Beat(), KeyDown(1, "4")]


@pytest.mark.parametrize(
    "broken",
    [
        b"<D,1,4,0000>",
        b"<D,1,4>",
        b"<>",
        b"<,>",
        line("D", "0", "4"),
        line("D", "256", "4"),
        line("D", "-1", "4"),
        line("D", "1", "nokey"),
        line("D", "1"),
        line("Z"),
        line("H", "2", "1"),
        line("D", "1", "4").lower(),
        line("D", "1", "4")[:-2] + b"\xff>",
        b"<D,1," + b"4" * 300 + b">",
    ],
)
def test_a_broken_line_presses_nothing_and_the_next_one_is_understood(broken: bytes) -> None:
    events = heard(line("B") + broken + line("D", "7", "4"))
    assert without_noise(events) == [Beat(), KeyDown(7, "4")]


def test_a_line_cut_off_by_the_next_is_dropped_alone() -> None:
    assert without_noise(heard(b"<D,1,4,7" + line("D", "2", "5"))) == [KeyDown(2, "5")]


def test_a_newline_after_a_broken_line_is_no_enter() -> None:
    assert typed(b"<D,1,4,0000>\r\n") == []
    assert typed(b"<D,1,4\r\n") == []
    assert typed(b";>\r", b"\n") == []


def test_the_hosts_own_lines_coming_back_mean_nothing() -> None:
    echoed = line("l", "3", "1 2", "4") + line("a", "7") + line("b")
    assert heard(echoed + b"1") == [KeyTyped("1")]


@given(st.data())
def test_any_one_changed_bit_is_noticed(data: st.DataObject) -> None:
    sent = line("D", str(data.draw(st.integers(1, 255))), data.draw(st.sampled_from(["1", "b", "enter", "*"])))
    bit = data.draw(st.integers(0, len(sent.strip()) * 8 - 1))
    changed = bytearray(sent)
    changed[bit // 8] ^= 1 << bit % 8
    assert without_noise(heard(line("B") + bytes(changed))) == [Beat()]


# --- any bytes at all -------------------------------------------------------------------------------------------------

ANYTHING = st.lists(
    st.one_of(
        st.binary(max_size=8),
        st.sampled_from([b"1", b"b", b"\r", b"\n", b"\r\n", b"<", b">", b"\x1b[A", b"\x1b", b"\x00", b"<D,1,"]),
        st.builds(line, st.just("D"), st.integers(1, 255).map(str), st.sampled_from(["1", "enter", "space"])),
        st.just(line("B")),
    ),
    max_size=30,
).map(b"".join)


@given(ANYTHING, st.data())
def test_any_cut_of_any_bytes_gives_the_same_presses(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    whole, cut = heard(stream), heard(*pieces)
    assert without_noise(cut) == without_noise(whole)
    assert sum(e.count for e in cut if isinstance(e, Noise)) == sum(e.count for e in whole if isinstance(e, Noise))


@given(ANYTHING)
def test_after_any_bytes_the_next_sound_line_is_understood(garbage: bytes) -> None:
    decoder = KeypadDecoder()
    decoder.feed(garbage)
    assert decoder.feed(line("D", "1", "4"))[-1] == KeyDown(1, "4")


@pytest.mark.parametrize("size", [2**17, pytest.param(2**20, marks=pytest.mark.slow)])
@pytest.mark.parametrize("flood", [b"\x00", b"\xff", b"<", b"a", b"<D,1,1111", b"\x1b["])
def test_a_flood_without_a_newline_leaves_nothing_behind(flood: bytes, size: int) -> None:
    decoder = KeypadDecoder()
    piece = (flood * 4096)[:4096]
    for _ in range(size // len(piece)):
        decoder.feed(piece)
    tracemalloc.start()
    for _ in range(4):
        decoder.feed(piece)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 16 * LINE_LIMIT
    decoder.abandon()
    assert decoder.feed(line("D", "1", "4"))[-1] == KeyDown(1, "4")


# --- the page ---------------------------------------------------------------------------------------------------------


def test_every_example_line_in_the_protocols_page_is_sound() -> None:
    examples = re.findall(r"`(<[A-Za-z][^`]*>)`", PROTOCOL)
    assert len(examples) == 9
    for example in examples:
        assert line(*example[1:-1].split(",")[:-1]).decode().strip() == example


def test_the_sketch_in_the_page_is_the_one_in_the_firmware_folder() -> None:
    sketch = (ROOT / "hardware" / "keypad" / "firmware" / "keypad" / "keypad.ino").read_text()
    assert f"```cpp\n{sketch}```" in PROTOCOL
