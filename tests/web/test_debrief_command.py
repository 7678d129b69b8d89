"""`rangectl debrief` from the outside: its address, its end, its files."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.recorded_sessions import record_session, write_story


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    record_session(folder / "record.sqlite3", write_story(folder / "door"))
    return folder


def words(data: Path, *more: str) -> list[str]:
    return [sys.executable, "-P", "-m", "range", "debrief", *more, "--data", str(data)]


def without_display() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}


@pytest.mark.parametrize(("more", "ending"), [([], signal.SIGINT), (["--wall"], signal.SIGTERM)])
def test_it_tells_its_address_and_ends_when_it_is_asked_to(data: Path, more: list[str], ending: signal.Signals) -> None:
    asked = words(data, "1", *more)
    with subprocess.Popen(asked, stderr=subprocess.PIPE, text=True, env=without_display()) as program:
        assert program.stderr is not None
        line = program.stderr.readline()
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        assert httpx.get(address, trust_env=False).status_code == 200
        if more:
            wall = program.stderr.readline()
            assert "/wall/1 on the projector's screen" in wall
        program.send_signal(ending)
        assert program.wait(30) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)


def test_its_files_are_written_where_asked(data: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        words(data, "1", "--export", str(tmp_path / "stick")), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    written = sorted(file.name for file in (tmp_path / "stick").iterdir())
    assert written == ["clips", "data.js", "debrief.css", "debrief.js", "index.html", "report.css", "report.html"]
    assert len(list((tmp_path / "stick" / "clips").iterdir())) == 4


def test_a_folder_that_cannot_be_made_is_told(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = subprocess.run(
        words(data, "1", "--export", str(tmp_path / "file")), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "name another folder" in done.stderr
