"""The demo: a whole session on twins, off screen by its script, and in a real window by hand."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def command(data: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "range", *words, "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
        env={**{name: value for name, value in os.environ.items() if name != "DISPLAY"}, **environment},
    )


def recorded(data: Path) -> list[dict[str, Any]]:
    lines = command(data, "events", "1", "--json").stdout.splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.slow
def test_the_scripted_session_is_recorded_as_scripted(tmp_path: Path) -> None:
    done = command(tmp_path, "demo", "--headless")
    assert done.returncode == 0, done.stderr
    assert "went as scripted" in done.stderr
    assert str(tmp_path) in done.stderr
    events = recorded(tmp_path)
    path = [event["scene"] for event in events if event["kind"] == "scene_shown"]
    assert path == ["arrival", "dispute", "bottle", "aftermath", "bottle", "setdown"]
    (hit,) = [event for event in events if event["kind"] == "hit"]
    assert (hit["scene"], "person" in hit["zones"], hit["colour"]) == ("bottle", True, "red")
    assert [event["action"] for event in events if event["kind"] == "operator"] == ["go_on", "back"]


def test_without_a_display_the_demo_plays_its_script_and_can_be_cut_short_by_choice(tmp_path: Path) -> None:
    done = command(tmp_path, "demo", "--seconds", "6")
    assert done.returncode == 0, done.stderr
    assert "first 6 s went as scripted" in done.stderr
    assert [event["kind"] for event in recorded(tmp_path)][-1] == "session_ended"


def test_in_a_window_the_demo_waits_for_a_person(tmp_path: Path, display: str) -> None:
    done = command(tmp_path, "demo", "--seconds", "4", DISPLAY=display)
    assert done.returncode == 0, done.stderr
    assert "press enter to start" in done.stderr
    assert [event["kind"] for event in recorded(tmp_path)] == ["session_started", "session_ended"]


def test_full_screen_on_a_real_display_fills_it(tmp_path: Path, display: str) -> None:
    config = tmp_path / "config.toml"
    text = (Path(__file__).parents[1] / "config.toml").read_text()
    config.write_text(text.replace('device = "0"', 'device = "none"'))
    done = command(tmp_path, "run", "noise-after-ten", "--config", str(config), "--seconds", "3", DISPLAY=display)
    assert done.returncode == 0, done.stderr
    assert "NOT COUNTED: no camera is configured" in done.stderr


def test_a_display_that_is_not_there_is_told_with_the_remedy(tmp_path: Path) -> None:
    done = command(tmp_path, "run", "noise-after-ten", DISPLAY=":4711")
    assert done.returncode == 1
    assert "--headless" in done.stderr
    assert "Traceback" not in done.stderr
