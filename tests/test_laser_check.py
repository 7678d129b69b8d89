"""The test shot before a session: asked for where it is wanted, compared with what was learnt, never in the way."""

from dataclasses import replace

import pytest

from hardware.laser.spot import Pulse, Spot
from range.app.laser_check import PATIENCE, LaserCheck, Trouble
from range.app.laser_file import LearntLaser
from range.core.events import Colour

LASER = LearntLaser("range-red", "red", 120.0, 20.0, 2.5, 0.4, 0.067, 0.033, 0.033, 5, "2025-01-01T00:00:00Z")


class Checked:
    """A session's check, and what the operator and the record heard of it."""

    def __init__(self, laser: LearntLaser | None = LASER, *, wanted: bool = False) -> None:
        self.said: list[str] = []
        self.reported: list[Trouble] = []
        self.check = LaserCheck(laser, wanted=wanted, say=self.said.append, report=self.reported.append)
        self.clock = 100.0

    def passes(self, seconds: float, *, sees: bool = True, on_slate: bool = True) -> None:
        until = self.clock + seconds
        while self.clock < until:
            self.check.step(self.clock, sees=sees, on_slate=on_slate)
            self.clock += 0.1

    def fires(self, rise: float = 120.0, colour: Colour = "red", lit: float = 0.067) -> None:
        spot = Spot(int(self.clock * 30), self.clock, 10.0, 10.0, colour, rise, 2.5)
        self.check.saw(spot)
        self.check.went_dark(Pulse(spot.frame, spot.time, spot.time + lit))

    def states(self) -> list[str]:
        return [trouble.state for trouble in self.reported]


def test_a_test_shot_is_asked_for_once_and_acknowledged() -> None:
    checked = Checked()
    checked.passes(1)
    assert checked.said == ["Fire a test shot at the slate."]
    assert "fire a test shot" in str(checked.check.words)
    checked.fires()
    checked.passes(2 * PATIENCE)
    assert checked.said[1:] == ["Test shot seen: red, as bright as learnt."]
    assert checked.check.words is None
    assert checked.states() == []


def test_without_a_learnt_laser_nothing_is_asked_nor_said() -> None:
    checked = Checked(None)
    checked.passes(2 * PATIENCE)
    checked.fires()
    assert (checked.said, checked.states(), checked.check.words) == ([], [], None)


def test_the_configuration_may_want_one_all_the_same() -> None:
    checked = Checked(None, wanted=True)
    checked.passes(1)
    checked.fires(rise=30, colour="green", lit=3.0)
    assert checked.said[1:] == ["Test shot seen: green."]
    assert checked.states() == []


def test_none_seen_within_five_seconds_asks_for_attention_once() -> None:
    checked = Checked()
    checked.passes(PATIENCE - 0.2)
    assert checked.states() == []
    checked.passes(3 * PATIENCE)
    assert checked.states() == ["unseen"]
    assert "no test shot was seen" in str(checked.check.words)


def test_one_seen_late_ends_the_attention() -> None:
    checked = Checked()
    checked.passes(2 * PATIENCE)
    checked.fires()
    assert checked.states() == ["unseen", "live"]
    assert checked.check.words is None


def test_the_time_begins_when_the_camera_sees() -> None:
    checked = Checked()
    checked.passes(3 * PATIENCE, sees=False)
    assert (checked.said, checked.states()) == ([], [])
    checked.passes(PATIENCE - 1)
    checked.passes(1, sees=False)
    checked.passes(PATIENCE - 1)
    assert checked.states() == []


def test_a_start_without_a_test_shot_is_told_but_never_held_up() -> None:
    checked = Checked()
    checked.passes(1)
    checked.passes(2 * PATIENCE, on_slate=False)
    assert checked.check.words is None
    assert [trouble.reason for trouble in checked.reported] == [
        "no test shot was seen before the start: if hits are missed, check the laser's battery"
    ]


def test_a_hit_of_the_scenario_shows_that_the_laser_is_seen() -> None:
    checked = Checked()
    checked.passes(1)
    checked.passes(1, on_slate=False)
    checked.fires(rise=20)
    checked.passes(2 * PATIENCE, on_slate=False)
    assert checked.states() == []
    assert checked.said == ["Fire a test shot at the slate."]


@pytest.mark.parametrize(
    ("rise", "colour", "lit", "state", "says"),
    [
        (50.0, "red", 0.067, "weak", "battery"),
        (120.0, "green", 0.067, "other_colour", "learnt as range-red red"),
        (120.0, "red", 0.4, "other_pulse", "lit for 0.40 s"),
    ],
)
def test_a_shot_unlike_the_learnt_laser_is_told(rise: float, colour: Colour, lit: float, state: str, says: str) -> None:
    checked = Checked()
    checked.passes(1)
    checked.fires(rise, colour, lit)
    assert checked.states() == [state]
    assert says in checked.reported[0].reason
    assert says in str(checked.check.words)
    checked.fires(rise, colour, lit)
    assert checked.states() == [state], "the same again is no news"
    checked.fires()
    assert checked.states() == [state, "live"]


def test_what_frames_cannot_tell_is_no_difference() -> None:
    checked = Checked()
    checked.passes(1)
    checked.fires(rise=61, colour="unknown", lit=0.0)
    checked.fires(lit=0.133)
    assert checked.states() == []


def test_a_laser_learnt_without_its_colour_is_not_compared_by_it() -> None:
    checked = Checked(replace(LASER, colour="unknown"))
    checked.passes(1)
    checked.fires(colour="green")
    assert checked.states() == []
