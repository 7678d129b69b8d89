"""A scripted session: done step by step as the film goes, and compared with what was recorded."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from range.app.script import Hands, Script, ScriptedSession, ScriptError, Step, differences, read_script
from range.core.rules import State
from range.core.scenario import Keyframe, Scenario, Scene, Zone

DOOR = Zone("door", (Keyframe(0.0, ((0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4))),))
READY = State(Scenario("Test", "a", {"a": Scene("a", "a.mp4", zones=(DOOR,)), "b": Scene("b", "b.mp4")}))
SCRIPT = Script(path=("a", "b"), steps=(Step(press="enter"), Step("a", 1.0, fire="door"), Step("a", 2.0, press="1")))


def test_each_step_waits_for_its_scene_and_media_time() -> None:
    pressed: list[str] = []
    fired: list[tuple[float, float]] = []
    session = ScriptedSession(SCRIPT, Hands(pressed.append, lambda u, v: fired.append((u, v))))
    playing = replace(READY, phase="playing", scene="a")
    session.step(READY, None)
    session.step(playing, 0.5)
    assert (pressed, fired) == (["enter"], [])
    session.step(playing, 1.0)
    assert fired == [pytest.approx((0.3, 0.3))]
    session.step(replace(playing, cutting_to="b"), 5.0)
    assert pressed == ["enter"]
    session.step(playing, 2.0)
    assert pressed == ["enter", "1"]
    assert not session.step(replace(playing, phase="ended"), 2.0)


def recorded(zones: list[str]) -> list[dict[str, Any]]:
    return [
        {"kind": "key", "key": "enter", "accepted": True},
        {"kind": "scene_shown", "scene": "a"},
        {"kind": "hit", "scene": "a", "zones": zones},
        {"kind": "key", "key": "1", "accepted": True},
        {"kind": "scene_shown", "scene": "b"},
    ]


def test_the_scripted_session_has_no_differences() -> None:
    assert differences(SCRIPT, recorded(["door"])) == []


def test_every_difference_is_told() -> None:
    assert differences(SCRIPT, recorded([])) == ["a hit in a, no zone, instead of a, door"]
    told = differences(SCRIPT, recorded(["door"])[:3])
    assert told == ["path: a instead of a → b", "keys taken: enter instead of enter 1"]


def test_a_session_cut_off_by_choice_is_compared_as_far_as_it_went() -> None:
    assert differences(SCRIPT, recorded(["door"])[:3], done=2) == []


def test_a_file_that_is_no_script_is_refused(tmp_path: Path) -> None:
    for text in ("path = 3", "steps = [", 'path = ["a"]\nsteps = [{ at = "soon" }]'):
        (tmp_path / "demo.toml").write_text(text)
        with pytest.raises(ScriptError, match="is no script"):
            read_script(tmp_path / "demo.toml")
