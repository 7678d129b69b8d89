"""A record of every older version of the program is brought up to date with nothing lost."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from range.app.journal import Journal
from range.app.record import SCHEMA, RecordError, events, open_record, sessions
from range.app.recorded import read_runs, read_session
from range.core import events as e

LATEST = len(list(SCHEMA.glob("[0-9]*.sql")))


def of_version(path: Path, version: int) -> Path:
    """A record as the program of that schema version left it, with one ended and one cut-off session."""
    with closing(sqlite3.connect(path)) as record:
        for number, script in enumerate(sorted(SCHEMA.glob("[0-9]*.sql"))[:version], start=1):
            record.executescript(script.read_text())
            record.execute(f"PRAGMA user_version = {number}")
        for session, reason in ((1, "completed"), (2, None)):
            record.execute(
                "INSERT INTO sessions (id, scenario, title, started) VALUES (?, 'old', 'Old', '2025-01-01')",
                (session,),
            )
            rows = [("act", 1.5, {"act": "radio"})]
            rows += [("session_ended", 4.0, {"reason": reason})] if reason else []
            for sequence, (kind, clock, fields) in enumerate(rows, start=1):
                record.execute(
                    "INSERT INTO events (session, sequence, run, kind, clock, wall, fields) "
                    "VALUES (?, ?, 1, ?, ?, '', ?)",
                    (session, sequence, kind, clock, json.dumps(fields)),
                )
            if version >= 2:
                record.execute(
                    "INSERT INTO runs (session, run, started, ended) VALUES (?, 1, '', ?)", (session, reason)
                )
        record.commit()
    return path


@pytest.fixture(params=[number + 1 for number, _ in enumerate(sorted(SCHEMA.glob("[0-9]*.sql")))])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return of_version(tmp_path / "record.sqlite3", request.param)


def test_reading_an_older_record_shows_all_of_it_and_changes_nothing(old: Path) -> None:
    before = old.read_bytes()
    assert [row.ended for row in sessions(old)] == ["completed", "interrupted"]
    assert [event["kind"] for event in events(old, 1)] == ["act", "session_ended"]
    assert old.read_bytes() == before


def test_writing_brings_it_up_to_date_and_goes_on_behind_its_last_session(old: Path) -> None:
    journal = Journal(old, print)
    log = journal.begin("new", "New", 0.0)
    log.write(e.SessionEnded(clock=2.0, reason="completed"))
    journal.close()
    assert log.number == 3
    assert [row.ended for row in sessions(old)] == ["completed", "interrupted", "completed"]
    assert [event["act"] for event in events(old, 2)] == ["radio"]
    with closing(sqlite3.connect(old)) as record:
        assert record.execute("PRAGMA user_version").fetchone() == (LATEST,)


def test_what_an_older_version_did_not_keep_is_told_and_never_made_up(old: Path) -> None:
    session = read_session(old, 1)
    assert (session.graph, session.folder, session.people) == (None, None, ())
    with pytest.raises(RecordError, match="kept no inputs"):
        read_runs(old, 1)


def test_a_migration_that_fails_leaves_the_record_as_it_was(tmp_path: Path) -> None:
    old = of_version(tmp_path / "record.sqlite3", 1)
    with closing(sqlite3.connect(old)) as record:
        record.execute("CREATE TABLE notes (in_the_way TEXT)")
        record.commit()
    with pytest.raises(RecordError, match="cannot be opened"):
        open_record(old)
    with closing(sqlite3.connect(old)) as record:
        assert record.execute("PRAGMA user_version").fetchone() == (1,)
        assert record.execute("SELECT COUNT(*) FROM events").fetchone() == (3,)
        assert record.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'runs'").fetchone() == (0,)
