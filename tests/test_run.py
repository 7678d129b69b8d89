"""A live session on real input: a recording as the camera, a pseudo-terminal as the keypad, the real command line."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration.file import read_calibration
from range.app.laser_file import LearntLaser, write_laser
from range.core.events import Colour
from range.core.geometry import homography, project
from tests.numbered_films import write_film

FOOTAGE = Path(__file__).parents[2] / "shared" / "footage"
SCREEN = (1280, 720)
CORNERS = {(640, 480): ((20.0, 15.0), (630.0, 10.0), (620.0, 470.0), (12.0, 465.0))}
CORNERS[1280, 720] = ((30.0, 20.0), (1250.0, 25.0), (1240.0, 700.0), (15.0, 690.0))

STORY = """
format = 1
title = "Two ways"
start = "wait"

[scenes.wait]
clip = "wait.mp4"
at_end = "loop"
[[scenes.wait.branches]]
on = "intent"
intent = "calm"
to = "talk"
[[scenes.wait.branches]]
on = "intent"
intent = "argue"
to = "shout"

[scenes.talk]
clip = "talk.mp4"
ending = "well"

[scenes.shout]
clip = "shout.mp4"
ending = "badly"
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two-ways")
    (folder / "scenario.toml").write_text(STORY)
    write_film(folder / "wait.mp4", seconds=2, sound=True)
    write_film(folder / "talk.mp4", seconds=1, first=200)
    write_film(folder / "shout.mp4", seconds=1, first=300)
    return folder


class Range:
    """A range under test: its configuration, its data directory, and the far end of its keypad's line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keypad, self._near = os.openpty()
        self.lines: list[str] = []

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.words(*words), capture_output=True, text=True, timeout=60, check=False)

    def is_calibrated(self, size: tuple[int, int]) -> None:
        corners = " ".join(f"{x},{y}" for x, y in CORNERS[size])
        out = str(self.folder / "hand.json")
        done = self.command("calibrate", "corners", "--camera", corners, "--screen", "1280x720", "--out", out)
        assert done.returncode == 0, done.stderr

    def has_learnt(self, *, colour: Colour, rise: float) -> None:
        laser = LearntLaser("range", colour, rise, 20.0, 1.8, 0.4, 0.034, 0.034, 0.034, 5, "2025-01-01T00:00:00Z")
        write_laser(laser, self.folder / "data")

    def plays(
        self,
        story: Path,
        *,
        camera: str,
        keys: Sequence[tuple[str, bytes]],
        seconds: float,
        more: Sequence[tuple[str, str]] = (),
    ) -> int:
        """Run the story; each key is pressed when the status says its words. The exit code."""
        text = (Path(__file__).parents[1] / "config.toml").read_text()
        port = os.ttyname(self._near)
        config = self.folder / "config.toml"
        for old, new in more:
            text = text.replace(old, new)
        config.write_text(
            text.replace('device = "0"', f'device = "{camera}"')
            .replace('port = ""', f'port = "{port}"')
            .replace('file = ""', 'file = "hand.json"')
        )
        words = ("run", str(story), "--config", str(config), "--headless", "--seconds", str(seconds))
        with subprocess.Popen(self.words(*words), stderr=subprocess.PIPE, text=True) as program:
            assert program.stderr is not None
            waiting = list(keys)
            for line in program.stderr:
                self.lines.append(line.rstrip())
                if waiting and waiting[0][0] in line:
                    os.write(self.keypad, waiting.pop(0)[1])
            return program.wait(60)

    def recorded(self, session: int = 1) -> list[dict[str, Any]]:
        done = self.command("events", str(session), "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def close(self) -> None:
        os.close(self.keypad)
        os.close(self._near)

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-P", "-m", "range", *words, "--data", str(self.folder / "data")]


@pytest.fixture
def range_(tmp_path: Path) -> Iterator[Range]:
    made = Range(tmp_path)
    yield made
    made.close()


def kinds(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event for event in events if event["kind"] == kind]


def ending(events: list[dict[str, Any]]) -> str:
    return str(kinds(events, "scene_shown")[-1]["scene"])


START = ("press enter to start", b"\r")


@pytest.mark.parametrize(("key", "intent", "last"), [(b"1", "calm", "talk"), (b"3", "argue", "shout")])
def test_the_instructors_key_decides_the_ending(range_: Range, story: Path, key: bytes, intent: str, last: str) -> None:
    range_.is_calibrated((640, 480))
    camera = recording("45in-green")
    assert range_.plays(story, camera=camera, keys=[START, ("HITS COUNTED", key)], seconds=7) == 0
    events = range_.recorded()
    assert ending(events) == last
    pressed = [(event["key"], event["intent"], event["source"]) for event in kinds(events, "key")]
    assert pressed == [("enter", None, "keypad"), (key.decode(), intent, "keypad")]
    assert kinds(events, "session_ended")[0]["reason"] == "time is up"


def test_every_hit_of_a_recording_is_recorded_where_the_camera_saw_it(range_: Range, story: Path) -> None:
    name, size = "highres-green", (1280, 720)
    range_.is_calibrated(size)
    assert range_.plays(story, camera=recording(name), keys=[START], seconds=8) == 0
    hits = kinds(range_.recorded(), "hit")
    calibration = read_calibration(range_.folder / "hand.json")
    width, height = SCREEN
    back = homography(((0, 0), (width, 0), (width, height), (0, height)), calibration.corners)
    seen = project(back, np.array([[hit["x"], hit["y"]] for hit in hits]))
    case = json.loads((FOOTAGE / "cases.json").read_text())[name]
    scale = size[0] / case["positions_in"][0], size[1] / case["positions_in"][1]
    required = {(spot["x"] * scale[0], spot["y"] * scale[1], spot["colour"]) for spot in case["required"]}
    assert len(hits) == len(required)
    for (x, y), hit in zip(seen, hits, strict=True):
        nearest = min(required, key=lambda spot: float(np.hypot(spot[0] - x, spot[1] - y)))
        assert max(abs(nearest[0] - x), abs(nearest[1] - y)) <= case["position_tolerance_px"]
        assert hit["colour"] == nearest[2]
        required.remove(nearest)


def test_what_was_no_hit_is_explained_where_asked_and_hits_are_named_by_their_colour(
    range_: Range, story: Path
) -> None:
    range_.is_calibrated((640, 480))
    more = [
        ("explain = false", "explain = true"),
        ("participants = []", 'participants = ["Asha", "Jonas"]'),
        ("shooters = []", 'shooters = [{ participant = "Asha", colour = "green" }]'),
    ]
    camera = recording("lifecam-indoor-green")
    assert range_.plays(story, camera=camera, keys=[START], seconds=9, more=more) == 0
    assert any(line.startswith("No hit at ") for line in range_.lines)
    hits = kinds(range_.recorded(), "hit")
    assert hits
    assert {(hit["colour"], hit["participant"]) for hit in hits} <= {("green", "Asha"), ("unknown", None)}


def test_a_learnt_laser_is_tried_at_the_slate_and_its_shot_is_no_hit_of_the_scenario(
    range_: Range, story: Path
) -> None:
    range_.is_calibrated((640, 480))
    range_.has_learnt(colour="red", rise=110.0)
    camera = recording("logitech-safari-red")
    keys = [("Test shot seen: red, as bright as learnt", b"\r")]
    assert range_.plays(story, camera=camera, keys=keys, seconds=8) == 0
    assert "Fire a test shot at the slate." in range_.lines
    events = range_.recorded()
    assert "scene" not in kinds(events, "hit")[0]
    assert [event["device"] for event in kinds(events, "fault")] in ([], ["camera"]), "the recording may end"
    assert kinds(events, "scene_shown"), "the key went on"


def test_a_test_shot_that_is_not_seen_asks_for_attention_and_holds_nothing_up(range_: Range, story: Path) -> None:
    range_.is_calibrated((640, 480))
    range_.has_learnt(colour="red", rise=110.0)
    camera = recording("lifecam-motion-in-room")
    assert range_.plays(story, camera=camera, keys=[("Laser unseen", b"\r")], seconds=9) == 0
    events = range_.recorded()
    (unseen,) = [event for event in kinds(events, "fault") if event["device"] == "laser"]
    assert unseen["state"] == "unseen"
    assert "no test shot was seen" in unseen["reason"]
    assert kinds(events, "scene_shown"), "the key went on"


def test_a_laser_that_was_never_learnt_is_a_fault_of_the_configuration(range_: Range, story: Path) -> None:
    config = range_.folder / "config.toml"
    config.write_text('[laser]\nname = "range-red"\n')
    done = range_.command("run", str(story), "--config", str(config), "--headless")
    assert done.returncode == 2
    assert "rangectl laser learn" in done.stderr


def test_without_a_camera_the_session_runs_and_says_that_nothing_is_counted(range_: Range, story: Path) -> None:
    range_.is_calibrated((640, 480))
    keys = [("there is no camera 97", b"\r"), ("Camera missing", b"1")]
    assert range_.plays(story, camera="97", keys=keys, seconds=5) == 0
    fault, uncounted = kinds(range_.recorded(), "fault")
    assert (uncounted["device"], uncounted["state"]) == ("hits", "not counted")
    assert (fault["device"], fault["state"]) == ("camera", "missing")
    assert not any(line.startswith("HITS COUNTED") for line in range_.lines)


def test_a_scenario_that_lacks_a_clip_does_not_start(range_: Range, story: Path) -> None:
    copy = range_.folder / "copy"
    copy.mkdir()
    for file in story.iterdir():
        if file.name != "talk.mp4":
            (copy / file.name).write_bytes(file.read_bytes())
    done = range_.command("run", str(copy), "--headless")
    assert done.returncode == 2
    assert "lacks talk.mp4" in done.stderr
    assert "rangectl animatic" in done.stderr


def test_a_program_ended_before_the_start_closes_its_record(range_: Range, story: Path) -> None:
    words = ("run", str(story), "--headless")
    with subprocess.Popen(range_.words(*words), stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        for line in program.stderr:
            if "NOT COUNTED" in line:
                break
        program.terminate()
        rest = program.stderr.read()
    assert program.returncode == 0, "nothing had begun"
    assert "Session 1" in rest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "no-such-scenario", "--headless"), "no-such-scenario"),
        (("events", "99"), "there is no session 99"),
        (("calibrate", "corners", "--camera", "1,2", "--screen", "1280x720", "--out", "x"), "four corners"),
        (("calibrate", "corners", "--camera", "a,b", "--screen", "1280x720", "--out", "x"), "--camera"),
        (("calibrate", "corners", "--camera", "1,2", "--screen", "big", "--out", "x"), "--screen"),
        (("no-such-command",), "no-such-command"),
    ],
)
def test_wrong_use_is_exit_2_and_one_sentence(range_: Range, words: tuple[str, ...], says: str) -> None:
    done = range_.command(*words)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def recording(name: str) -> str:
    file = FOOTAGE / f"{name}.mp4"
    if not file.exists():
        pytest.skip(f"{file} is not here")
    return str(file)
