"""A live session killed in its middle and resumed by the real command line."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from range.app.record import events, sessions
from tests.recorded_sessions import write_story

CONFIG = Path(__file__).parents[2] / "config.toml"


class LiveRange:
    """A range without a camera, its keypad's line in the test's hand."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.story = write_story(folder / "door")
        self.near, self._far = os.openpty()
        self.config = folder / "config.toml"
        text = CONFIG.read_text().replace('device = "0"', 'device = "none"')
        self.config.write_text(text.replace('port = ""', f'port = "{os.ttyname(self._far)}"'))

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-P", "-m", "range", *words, "--data", str(self.data)]

    def starts(self, *more: str) -> "subprocess.Popen[str]":
        words = self.words("run", str(self.story), "--config", str(self.config), "--headless", *more)
        return subprocess.Popen(words, stderr=subprocess.PIPE, text=True)

    def recorded(self) -> list[dict[str, Any]]:
        return events(self.data / "record.sqlite3", 1)

    def shows(self, program: "subprocess.Popen[str]", scenes: int, *, after: bytes) -> None:
        """Press until the record holds so many scenes: a line that is only being opened may lose a byte."""
        while sum(event["kind"] == "scene_shown" for event in self.recorded()) < scenes:
            assert program.poll() is None
            os.write(self.near, after)
            time.sleep(0.1)  # a person's pace

    def close(self) -> None:
        os.close(self.near)
        os.close(self._far)


@pytest.fixture
def live(tmp_path: Path) -> Any:
    made = LiveRange(tmp_path)
    yield made
    made.close()


def says(program: "subprocess.Popen[str]", words: str) -> None:
    """Read what the range says until it says this."""
    assert program.stderr is not None
    assert any(words in line for line in program.stderr), words


def test_a_killed_session_is_resumed_by_choice_and_waits_for_the_operator(live: LiveRange) -> None:
    with live.starts() as program:
        says(program, "NOT COUNTED")
        live.shows(program, 1, after=b"\r")
        live.shows(program, 2, after=b"3")
        program.send_signal(signal.SIGKILL)
    record = live.data / "record.sqlite3"
    assert [row.ended for row in sessions(record)] == ["interrupted"]
    before = live.recorded()
    with live.starts("--resume", "1", "--seconds", "60") as program:
        says(program, "NOT COUNTED")
        assert live.recorded()[-1]["kind"] == "session_started"  # nothing goes on by itself
        live.shows(program, 3, after=b"\r")
        live.shows(program, 4, after=b"1")
        program.send_signal(signal.SIGTERM)
    after = live.recorded()
    assert after[: len(before)] == before
    assert {event["run"] for event in after[len(before) :]} == {2}
    shown = [event["scene"] for event in after if event["kind"] == "scene_shown"]
    assert shown == ["wait", "shout", "shout", "talk"]
    assert [row.runs for row in sessions(record)] == [2]


def test_a_session_that_ended_is_not_resumed(live: LiveRange) -> None:
    with live.starts("--seconds", "1") as program:
        program.wait()
    with live.starts("--resume", "1") as program:
        assert program.wait() == 2
        assert program.stderr is not None
        assert "was not interrupted" in program.stderr.read()
