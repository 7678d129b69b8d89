"""A device that goes and comes back: when it is tried again, and what is said."""

from itertools import pairwise

import pytest

from hardware.reconnect import FIRST_WAIT, LONGEST_WAIT, STEADY, Reconnect, Report


def live_device(now: float = 0.0) -> Reconnect:
    device = Reconnect()
    device.start(now, "opening")
    device.opened("back")
    assert device.works(now, "works") == Report("live", "works")
    return device


def test_the_first_try_is_due_at_once() -> None:
    device = Reconnect()
    assert device.start(10.0, "opening") == Report("opening", "opening")
    assert device.wait(10.0) == 0.0


def test_a_device_that_is_not_there_is_reported_missing_once_and_tried_for_ever() -> None:
    device = Reconnect()
    device.start(0.0, "opening")
    now, waits = 0.0, []
    assert device.failed(now, "not there") == Report("missing", "not there")
    for _ in range(50):
        wait = device.wait(now)
        assert wait is not None
        waits.append(wait)
        now += wait
        assert device.failed(now, "not there") is None
    assert waits[0] == pytest.approx(FIRST_WAIT)
    assert all(b > a - 1e-9 for a, b in pairwise(waits))
    assert max(waits) == pytest.approx(LONGEST_WAIT)


def test_another_cause_is_said_too() -> None:
    device = Reconnect()
    device.start(0.0, "opening")
    device.failed(0.0, "not there")
    assert device.failed(1.0, "not allowed") == Report("missing", "not allowed")


def test_a_late_device_is_live_without_ever_having_returned() -> None:
    device = Reconnect()
    device.start(0.0, "opening")
    device.failed(0.0, "not there")
    assert device.opened("back") is None
    assert device.works(1.0, "works") == Report("live", "works")


def test_a_lost_device_returns_before_it_is_live_again() -> None:
    device = live_device()
    assert device.lost(10.0, "gone") == Report("lost", "gone")
    assert device.failed(10.2, "not there", absent=True) is None
    assert device.opened("back") == Report("returning", "back")
    assert device.works(10.4, "works") == Report("live", "works")


def test_what_keeps_a_lost_device_from_opening_is_said() -> None:
    device = live_device()
    device.lost(10.0, "gone")
    assert device.failed(10.2, "another program has it") == Report("lost", "another program has it")


def test_a_live_device_is_reported_once() -> None:
    device = live_device()
    assert device.works(1.0, "works") is None


def test_a_steady_device_is_tried_again_quickly_after_a_loss() -> None:
    device = live_device(0.0)
    for turn in range(5):
        now = (turn + 1) * 2 * STEADY
        device.lost(now, "gone")
        assert device.wait(now) == pytest.approx(FIRST_WAIT)
        device.opened("back")
        device.works(now + FIRST_WAIT, "works")


def test_a_device_with_a_loose_contact_is_tried_ever_more_slowly() -> None:
    device = live_device(0.0)
    now, waits = 0.0, []
    for _ in range(8):
        now += 0.1
        device.lost(now, "gone")
        wait = device.wait(now)
        assert wait is not None
        waits.append(wait)
        now += wait
        device.opened("back")
        device.works(now, "works")
    assert all(b > a - 1e-9 for a, b in pairwise(waits))
    assert waits[-1] == pytest.approx(LONGEST_WAIT)


def test_after_the_end_there_is_no_next_try() -> None:
    device = live_device()
    device.end()
    assert device.ended
    assert device.wait(5.0) is None
