"""What a keypad's bytes mean over time, and what the host says back. In virtual time."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.keypad.board import Board, Lights
from hardware.keypad.conversation import BOUNCE_SECONDS, NOISE_SECONDS, SILENCE_SECONDS, Conversation, KeyPress, Tally
from hardware.keypad.wire import line

HELLO = line("H", "1", "1 2 3")


def fresh() -> Conversation:
    conversation = Conversation()
    conversation.opened(0.0)
    return conversation


def greeted() -> Conversation:
    conversation = fresh()
    conversation.hear(HELLO, 0.0)
    conversation.say(0.0)
    return conversation


def keys(presses: list[KeyPress]) -> list[str]:
    return [press.key for press in presses]


# --- plain keys -------------------------------------------------------------------------------------------------------


def test_a_press_carries_the_clock_of_its_bytes() -> None:
    assert fresh().hear(b"1", 12.5) == [KeyPress(12.5, "1")]


def test_a_bouncing_key_is_one_press() -> None:
    plain = fresh()
    presses = [press for step in range(10) for press in plain.hear(b"1", 1.0 + step * BOUNCE_SECONDS / 2)]
    assert keys(presses) == ["1"]
    assert plain.tally == Tally(presses=1, bounces=9)


def test_the_same_key_again_after_the_bounce_time_is_a_second_press() -> None:
    plain = fresh()
    assert keys(plain.hear(b"1", 1.0) + plain.hear(b"1", 1.0 + BOUNCE_SECONDS * 2)) == ["1", "1"]


def test_another_key_at_once_is_another_press() -> None:
    assert keys(fresh().hear(b"123", 1.0)) == ["1", "2", "3"]


def test_the_newline_that_a_key_is_sent_with_is_no_enter() -> None:
    plain = fresh()
    assert keys(plain.hear(b"1\r\n2\n", 1.0)) == ["1", "2"]
    assert keys(plain.hear(b"3", 2.0) + plain.hear(b"\r", 2.01) + plain.hear(b"\n", 2.02)) == ["3"]


def test_enter_pressed_later_counts() -> None:
    plain = fresh()
    assert keys(plain.hear(b"1", 1.0) + plain.hear(b"\r\n", 1.5) + plain.hear(b"\n", 2.0)) == ["1", "enter", "enter"]


def test_plain_keys_in_the_middle_of_noise_are_refused_and_counted() -> None:
    plain = fresh()
    assert plain.hear(b"1\xff", 1.0) == []
    assert plain.hear(b"2", 1.0 + NOISE_SECONDS / 2) == []
    assert keys(plain.hear(b"3", 1.0 + NOISE_SECONDS * 2)) == ["3"]
    assert plain.tally == Tally(presses=1, refused=2, noise=1)


def test_a_line_whose_beginning_was_missed_presses_nothing() -> None:
    plain = fresh()
    assert plain.hear(line("D", "17", "4")[3:], 1.0) == []


def test_a_stray_line_start_is_given_up_so_that_the_next_key_counts() -> None:
    plain = fresh()
    plain.hear(b"<b", 1.0)
    plain.hear(b"", 1.5)
    assert keys(plain.hear(b"2", 2.0)) == ["2"]


def test_a_plain_keypad_is_told_nothing_and_never_falls_silent() -> None:
    plain = fresh()
    plain.hear(b"1", 1.0)
    plain.set_lights(frozenset("1"), frozenset())
    assert plain.say(100.0) == b""
    assert plain.works
    assert not plain.silent(1000.0)


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_key_line_is_a_press_and_is_acknowledged() -> None:
    lines = greeted()
    assert lines.hear(line("D", "1", "2"), 0.5) == [KeyPress(0.5, "2")]
    assert line("a", "1") in lines.say(0.5)
    assert lines.held == {"2"}
    assert lines.hear(line("U", "2", "2"), 0.7) == []
    assert line("a", "2") in lines.say(0.7)
    assert lines.held == frozenset()


def test_a_key_line_repeated_for_want_of_an_answer_is_one_press() -> None:
    lines = greeted()
    presses = [press for step in range(5) for press in lines.hear(line("D", "1", "2"), 0.5 + step * 0.1)]
    assert keys(presses) == ["2"]
    assert lines.say(1.0).count(line("a", "1")) == 5
    assert lines.tally.repeats == 4


def test_a_press_before_the_hello_counts() -> None:
    lines = fresh()
    assert keys(lines.hear(line("D", "9", "2"), 0.5)) == ["2"]
    assert line("h") in lines.say(0.5)


def test_after_a_reset_the_same_number_is_a_new_press() -> None:
    lines = greeted()
    lines.hear(line("D", "1", "2"), 0.5)
    lines.hear(HELLO, 2.0)
    assert keys(lines.hear(line("D", "1", "2"), 2.5)) == ["2"]


def test_a_press_repeated_over_a_broken_connection_is_one_press() -> None:
    lines = greeted()
    lines.hear(line("D", "1", "2"), 0.5)
    lines.opened(0.8)
    assert lines.hear(line("D", "1", "2"), 0.9) == []


def test_a_key_held_when_the_connection_breaks_is_released() -> None:
    lines = greeted()
    lines.hear(line("D", "1", "2"), 0.5)
    lines.opened(0.8)
    assert lines.held == frozenset()


def test_a_keypad_that_does_not_debounce_is_debounced() -> None:
    lines = greeted()
    chatter = b"".join(line("D" if n % 2 else "U", str(n), "2") for n in range(1, 6))
    assert keys(lines.hear(chatter, 0.5)) == ["2"]


def test_the_host_asks_until_it_has_the_hello() -> None:
    lines = fresh()
    lines.hear(line("B"), 0.0)
    assert [line("h") in lines.say(now) for now in (0.0, 0.5, 1.0)] == [True, False, True]
    lines.hear(HELLO, 1.1)
    assert line("a", "0") in lines.say(1.1)
    assert line("h") not in lines.say(5.0)


def test_the_host_beats_each_second() -> None:
    lines = greeted()
    assert [line("b") in lines.say(now) for now in (0.5, 1.0, 1.5, 2.0)] == [False, True, False, True]


def test_lights_are_sent_until_they_are_taken() -> None:
    lines = greeted()
    lines.set_lights(frozenset({"1", "2", "9"}), frozenset({"2"}))
    first = lines.say(0.1)
    assert b"1,2," in first  # lit 1, blinking 2; the keypad has no 9
    assert lines.say(0.2) == b""
    assert lines.say(0.4) == first
    lines.hear(line("A", "2"), 0.5)
    assert lines.lights_taken
    assert lines.say(0.9) == b""


def test_a_late_answer_to_older_lights_does_not_count_for_newer_ones() -> None:
    lines = greeted()
    lines.set_lights(frozenset("1"), frozenset())
    lines.say(0.1)
    lines.set_lights(frozenset("2"), frozenset())
    lines.say(0.2)
    lines.hear(line("A", "2"), 0.3)
    assert not lines.lights_taken


def test_three_missed_beats_are_silence() -> None:
    lines = greeted()
    lines.hear(line("B"), 1.0)
    assert not lines.silent(1.0 + SILENCE_SECONDS)
    assert lines.silent(1.1 + SILENCE_SECONDS)


def test_after_a_new_connection_a_keypad_with_lines_must_speak_before_it_works() -> None:
    lines = greeted()
    lines.opened(10.0)
    assert not lines.works
    assert lines.silent(10.1 + SILENCE_SECONDS)
    lines.hear(line("B"), 11.0)
    assert lines.works


# --- board and host together, over a bad wire ------------------------------------------------------------------------


def bad_wire(data: bytes, chance: random.Random, loss: float) -> bytes:
    """The bytes with a bit flipped in some of their eights."""
    arriving = bytearray(data)
    for start in range(0, len(arriving), 8):
        if chance.random() < loss:
            arriving[chance.randrange(start, min(start + 8, len(arriving)))] ^= 1 << chance.randrange(8)
    return bytes(arriving)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.01, 0.1, 0.3]))
def test_over_a_bad_wire_every_press_arrives_once_and_in_order(seed: int, loss: float) -> None:
    chance = random.Random(seed)
    host, board = fresh(), Board(tuple("1234"))
    board.boot(0.0)
    pressed: list[str] = []
    arrived: list[str] = []
    now = 0.0
    while now < 60.0:
        now += 0.01
        if 5.0 < now < 55.0 and int(now * 100) % 200 == 0:  # a finger every two seconds
            pressed.append(chance.choice(board.keys))
            board.move(pressed[-1], True, now)
            board.move(pressed[-1], False, now + 0.05)
        arrived += keys(host.hear(bad_wire(board.say(now), chance, loss), now))
        board.hear(bad_wire(host.say(now), chance, loss), now)
    assert len(pressed) > 20
    if loss < 0.05:
        assert arrived == pressed
    else:  # a press that cannot be delivered in time is lost, never late, doubled or another
        rest = iter(pressed)
        assert all(key in rest for key in arrived)


def test_a_board_that_loses_its_host_darkens_its_keys() -> None:
    board = Board(tuple("12"))
    board.hear(line("l", "1", "1", "2"), 1.0)
    assert board.lights(2.0) == Lights(frozenset("1"), frozenset("2"))
    assert board.lights(4.5) == Lights()


def test_a_press_while_no_host_listens_is_never_delivered_late() -> None:
    board = Board(tuple("12"))
    board.boot(0.0)
    board.say(0.0)
    board.say(2.0)
    board.move("1", True, 2.1)
    assert b"<D,1,1," in board.say(2.1)
    board.say(3.2)
    board.hear(line("h"), 4.0)
    assert b"<D" not in board.say(4.0) + board.say(5.0)


def test_a_boards_worn_contact_is_one_press_however_late_the_host_answers() -> None:
    board = Board(tuple("12"))
    board.boot(0.0)
    board.say(0.0)
    board.hear(line("a", "0"), 0.1)
    for step in range(5):
        board.move("1", step % 2 == 0, 1.0 + step * 0.003)
    board.move("1", False, 1.06)
    said = b""
    for number in range(1, 4):
        said += board.say(1.0 + number)
        board.hear(line("a", str(number)), 1.5 + number)
    assert (said.count(b"<D,"), said.count(b"<U,")) == (1, 1)
