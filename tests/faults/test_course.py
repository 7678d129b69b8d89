"""The course of faults: a whole range bears each of them, tells it, gets over it, and counts on."""

import time
from pathlib import Path

import pytest

from media.scenario_file import bundled_scenarios
from range.app.config import load_config
from range.app.demo import run_course
from range.app.fault_course import Passed
from range.app.live import Plan
from range.app.record import events
from range.app.run import read_story
from range.app.status import StatusLine
from range.app.twin_wall import calibrate_twin
from range.core.summary import summarise


def borne(folder: Path, *only: str) -> list[Passed]:
    """How the named faults, or all, were borne in a session off screen."""
    with (folder / "status").open("w") as text:
        plan = Plan(
            story=read_story(bundled_scenarios()[0]),
            config=load_config(None),
            mode="offscreen",
            size=(640, 360),
            record=folder / "record.sqlite3",
            camera="twin",
            calibration=calibrate_twin,
            seconds=400.0,
        )
        course, _outcome = run_course(plan, StatusLine(text), only=only)
    assert course.is_over
    return course.passed


def test_a_pulled_camera_and_a_worn_keypad_are_borne_and_the_record_says_so(tmp_path: Path) -> None:
    began = time.monotonic()
    camera, keypad = borne(tmp_path, "camera unplug", "keypad bounce")
    assert camera.is_sound
    assert keypad.is_sound
    assert camera.told is not None
    assert keypad.told is None
    summary = summarise(events(tmp_path / "record.sqlite3", 1))
    assert 0 < sum(span.seconds for span in summary.uncounted) < time.monotonic() - began
    assert {mark.text.partition(":")[0] for mark in summary.faults} >= {"camera lost", "camera live"}


@pytest.mark.slow
def test_every_fault_is_told_and_got_over_and_no_hit_or_key_is_lost_or_invented(tmp_path: Path) -> None:
    for passed in borne(tmp_path):
        assert passed.is_sound, passed
