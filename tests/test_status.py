"""The operator always knows whether hits count, and if not why."""

from dataclasses import replace
from io import StringIO

import pytest

from hardware.camera.messages import CameraState
from range.app.status import Status, StatusLine, why_not_counted
from range.core.rules import State
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


def test_away_from_a_terminal_each_new_headline_is_one_line() -> None:
    out = StringIO()
    with StatusLine(out) as line:
        line.show(Status(None, ("a 1.0 s",)))
        line.show(Status(None, ("a 1.1 s",)))
        line.show(Status("paused"))
        line.show(Status(None))
    assert out.getvalue().splitlines() == ["HITS COUNTED", "NOT COUNTED: paused", "HITS COUNTED"]
