"""Copies, exports and deletions of the record, by the real command line."""

import csv
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from range.app.export_session import cell
from range.app.journal import Journal
from range.app.notes import add_note
from range.app.record import RecordError, events, sessions
from range.app.recorded import read_session
from range.core import events as e
from range.core.people import Person
from tests.recorded_sessions import record_session, write_story

ADA = Person("Ada", "participant", "=1+1", "North station", "record, no pictures")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_story(tmp_path_factory.mktemp("story") / "door")


@pytest.fixture
def data(tmp_path: Path, story: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for _ in range(2):
        record_session(folder / "record.sqlite3", story, people=(ADA, Person("Jo", "instructor")))
    return folder


def command(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-P", "-m", "range", *words, "--data", str(data)]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)


def test_people_are_kept_with_their_session(data: Path) -> None:
    session = read_session(data / "record.sqlite3", 2)
    assert session.people == (ADA, Person("Jo", "instructor"))
    assert session.screen == (1280, 720)


def test_a_backup_is_one_file_that_holds_everything(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    done = command(data, "backup", str(copy))
    assert done.returncode == 0, done.stderr
    assert [row.ended for row in sessions(copy)] == ["completed", "completed"]
    assert events(copy, 2) == events(data / "record.sqlite3", 2)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("copy")] == ["copy.sqlite3"]
    before = copy.read_bytes()
    assert command(data, "backup", str(copy)).returncode == 2
    assert copy.read_bytes() == before


def test_a_backup_can_be_made_while_a_session_is_recorded(data: Path, tmp_path: Path) -> None:
    journal = Journal(data / "record.sqlite3", print)
    log = journal.begin("door", "At the door", 0.0)
    log.write(e.ActSeen(clock=1.0, act="radio"))
    assert journal.settle(30)
    assert command(data, "backup", str(tmp_path / "copy.sqlite3")).returncode == 0
    journal.close()
    assert len(events(tmp_path / "copy.sqlite3", 3)) == 1


def test_an_export_can_be_read_by_other_programs(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    add_note(data / "record.sqlite3", 1, 4.5, '=HYPERLINK("x")')
    assert command(data, "export", "1", "--out", str(out)).returncode == 0
    assert sorted(file.name for file in out.iterdir()) == ["session-1.csv", "session-1.json", "sessions.csv"]
    told = json.loads((out / "session-1.json").read_text())
    assert told["events"] == events(data / "record.sqlite3", 1)
    assert told["people"][0]["group"] == "North station"
    with (out / "session-1.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["kind"] for row in rows] == [event["kind"] for event in told["events"]]
    assert {row["x"] for row in rows if row["kind"] == "hit"} == {"320.0", "960.0", "512.0"}


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-2+3", "@SUM(A1)", "\tx", "\r=x", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1.5, 3, None, True, "hands", "a=b"])
def test_other_cells_stay_as_they_are(value: object) -> None:
    assert cell(value) == value


def test_a_deleted_session_is_gone_from_the_file_too(data: Path) -> None:
    record = data / "record.sqlite3"
    with closing(sqlite3.connect(record)) as database:
        database.execute("UPDATE people SET name = 'Zebedee Quux' WHERE session = 1 AND place = 0")
        database.commit()
    done = command(data, "delete", "1")
    assert done.returncode == 0, done.stderr
    assert [row.number for row in sessions(record)] == [2]
    with pytest.raises(RecordError, match="no session 1"):
        events(record, 1)
    assert not any(b"Zebedee" in file.read_bytes() for file in data.iterdir())
    journal = Journal(record, print)
    assert journal.begin("door", "At the door", 0.0).number == 3  # a number is never given twice
    journal.close()


def test_nothing_is_deleted_where_one_number_is_wrong(data: Path) -> None:
    assert command(data, "delete", "1", "7").returncode == 2
    assert [row.number for row in sessions(data / "record.sqlite3")] == [1, 2]
    assert command(data, "delete").returncode == 2
    assert command(data, "delete", "1", "--older-than", "3").returncode == 2


def test_nothing_is_deleted_while_a_session_is_recorded(data: Path) -> None:
    journal = Journal(data / "record.sqlite3", print)
    done = command(data, "delete", "1")
    journal.close()
    assert done.returncode == 2
    assert "recording now" in done.stderr


def test_sessions_go_by_age(data: Path) -> None:
    record = data / "record.sqlite3"
    old = (datetime.now(UTC) - timedelta(days=40)).isoformat()
    with closing(sqlite3.connect(record)) as database:
        database.execute("UPDATE sessions SET started = ? WHERE id = 1", (old,))
        database.commit()
    assert "Nothing to delete" in command(data, "delete", "--older-than", "41").stderr
    assert command(data, "delete", "--older-than", "39").returncode == 0
    assert [row.number for row in sessions(record)] == [2]


def test_a_recorded_session_is_replayed_and_a_changed_one_is_found_out(data: Path) -> None:
    done = command(data, "replay", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["same"] is True
    with closing(sqlite3.connect(data / "record.sqlite3")) as database:
        database.execute("DROP TRIGGER events_stay")
        database.execute("UPDATE events SET fields = replace(fields, 'shout', 'talk') WHERE kind = 'branch'")
        database.commit()
    done = command(data, "replay", "2")
    assert done.returncode == 1
    assert "input 7" in done.stderr
    # So that what is checked after each test finds this record as it should be.
    (data / "record.sqlite3").unlink()


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    for words in (("replay", "1"), ("debrief", "1"), ("delete", "1"), ("backup", str(tmp_path / "copy"))):
        done = command(tmp_path, *words)
        assert done.returncode == 2, words
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()
