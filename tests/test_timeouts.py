"""Timeouts stand still while the film is held."""

from range.app.timeouts import Timeouts
from range.core.commands import StartTimeout


def test_a_timeout_is_due_once_after_its_time() -> None:
    timeouts = Timeouts()
    timeouts.step(10.0)
    timeouts.start(StartTimeout("arrival", 2, 5.0))
    assert timeouts.step(14.9) == []
    (due,) = timeouts.step(15.1)
    assert (due.scene, due.branch) == ("arrival", 2)
    assert timeouts.step(99.0) == []


def test_a_pause_does_not_count() -> None:
    timeouts = Timeouts()
    timeouts.step(0.0)
    timeouts.start(StartTimeout("arrival", 0, 5.0))
    timeouts.step(3.0)
    timeouts.held = True
    timeouts.step(100.0)
    timeouts.held = False
    assert timeouts.step(101.0) == []
    assert len(timeouts.step(102.5)) == 1


def test_a_cancelled_timeout_never_comes() -> None:
    timeouts = Timeouts()
    timeouts.step(0.0)
    timeouts.start(StartTimeout("arrival", 0, 1.0))
    timeouts.cancel()
    assert timeouts.step(10.0) == []
