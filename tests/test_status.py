"""The operator always knows whether hits count, and if not why."""

from dataclasses import replace
from io import StringIO

import pytest

from hardware.camera.messages import CameraHealth, CameraState, RejectionSeen, RejectionsSeen
from range.app.instruments import short
from range.app.status import Status, StatusLine, details, explained, health_words, why_not_counted
from range.core.rules import Phase, State
from range.core.scenario import Scenario, Scene

LIVE = CameraState("live")
PLAYING = State(Scenario("Test", "a", {"a": Scene("a", "a.mp4")}), phase="playing", scene="a")


@pytest.mark.parametrize(
    ("state", "camera", "calibration_fault", "says"),
    [
        (PLAYING, LIVE, None, None),
        (PLAYING, CameraState("opening"), None, "the camera is opening"),
        (PLAYING, CameraState("lost", "the camera is unplugged: plug it in"), None, "the camera is unplugged"),
        (PLAYING, LIVE, "not calibrated: run `rangectl calibrate corners`", "not calibrated"),
        (replace(PLAYING, stopped=True), LIVE, None, "stopped, press enter"),
        (replace(PLAYING, phase="ready"), LIVE, None, "press enter to start"),
        (replace(PLAYING, phase="paused"), LIVE, None, "paused, press enter"),
        (replace(PLAYING, phase="ended"), LIVE, None, "next participant"),
    ],
)
def test_the_reason_names_what_to_do(
    state: State, camera: CameraState, calibration_fault: str | None, says: str | None
) -> None:
    reason = why_not_counted(state, camera, calibration_fault, "enter")
    if says is None:
        assert reason is None
    else:
        assert reason is not None
        assert says in reason


@pytest.mark.parametrize("phase", ["ready", "playing"])
def test_a_picture_in_which_nothing_can_be_seen_counts_for_nothing(phase: Phase) -> None:
    state = replace(PLAYING, phase=phase)
    assert why_not_counted(state, LIVE, None, "enter", "the camera sees black") == "the camera sees black"
    lost = CameraState("lost", "the camera is unplugged: plug it in")
    assert why_not_counted(state, lost, None, "enter", "the camera sees black") == lost.reason


def test_the_cameras_facts_are_said_where_they_matter() -> None:
    well = CameraHealth(30.0, 1.2, 640, 480, dropped=0)
    assert health_words(well) == ("camera 640x480 30/s, 1.2 ms a frame",)
    ill = replace(well, dropped=3, caught=0.45, saturated=0.12)
    assert health_words(ill)[1:] == (
        "3 frames dropped in the last second",
        "this camera catches at least 45 % of laser pulses",
        "12 % of the screen too bright to see a laser",
    )
    assert "catches 45 %" in health_words(replace(ill, exposure_known=True))[2]


def test_each_rejected_candidate_is_a_line_and_a_flood_is_a_number() -> None:
    seen = RejectionsSeen((RejectionSeen(112.34, 20.0, 30.5, "shape: fills 0.42 of its outline"),), more=700)
    assert explained(seen, since=100.0) == (
        "No hit at 20.0 30.5 in the camera's picture, 12.34 s: shape: fills 0.42 of its outline",
        "No hit at 700 more places in that second",
    )


def test_away_from_a_terminal_each_new_headline_is_one_line() -> None:
    out = StringIO()
    with StatusLine(out) as line:
        line.show(Status(None, ("a 1.0 s",)))
        line.show(Status(None, ("a 1.1 s",)))
        line.show(Status("paused"))
        line.show(Status(None))
    assert out.getvalue().splitlines() == ["HITS COUNTED", "NOT COUNTED: paused", "HITS COUNTED"]


@pytest.mark.parametrize(
    ("headline", "fits"),
    [
        ("HITS COUNTED", "HITS COUNTED"),
        ("NOT COUNTED: the camera sees black: take the lens cap off", None),
        (f"NOT COUNTED: the camera has stopped: {'wait ' * 20}", "NOT COUNTED: the camera has stopped"),
        (f"NOT COUNTED: {'long ' * 30}", f"NOT COUNTED: {'long ' * 14}lo…"),
    ],
)
def test_on_the_strip_a_headline_loses_its_remedy_before_it_loses_its_words(headline: str, fits: str | None) -> None:
    assert short(headline) == (fits or headline)


def test_a_keypad_that_is_not_there_stands_in_the_line_for_as_long_as_it_is_not() -> None:
    assert details(PLAYING, 1.0, None, 0, 1, keypad="lost")[0] == "keypad lost"
    assert details(PLAYING, 1.0, None, 0, 1, keypad="live") == details(PLAYING, 1.0, None, 0, 1, keypad="none")
