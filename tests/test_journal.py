"""The record: complete, in order, and on disk. A real database in a real folder."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from range.app.journal import Journal
from range.app.record import RecordError, events, open_record, sessions
from range.app.room import room_words
from range.app.session_log import SessionLog
from range.core import events as e


def keep(record: Path, write: Callable[[SessionLog], None], *, clock: float = 1000.0) -> int:
    """One session written and closed; its number."""
    troubles: list[str | None] = []
    journal = Journal(record, troubles.append)
    log = journal.begin("test", "Test", clock)
    write(log)
    journal.close()
    assert troubles == []
    return log.number


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "record.sqlite3"


def test_events_come_back_with_the_contracts_fields(record: Path) -> None:
    def write(log: SessionLog) -> None:
        log.write(e.SessionStarted(clock=1000.0, scenario="test", participants=("Ada", "Sam")))
        log.write(e.SceneShown(clock=1001.5, scene="arrival", media=0.0, clip="arrival.mp4"))
        log.write(e.BranchTaken(clock=1003.25, scene="arrival", media=1.75, from_="a", to="b", trigger="hit", by="x"))

    started, shown, branch = events(record, keep(record, write))
    assert started["participants"] == ["Ada", "Sam"]
    assert "scene" not in started
    assert (shown["kind"], shown["clock"], shown["run"], shown["clip"]) == ("scene_shown", 1.5, 1, "arrival.mp4")
    assert set(branch) == {"kind", "clock", "wall", "run", "scene", "media", "from", "to", "trigger", "by"}
    assert branch["wall"].endswith("Z")


def test_events_are_told_in_the_order_of_their_clock(record: Path) -> None:
    def write(log: SessionLog) -> None:
        for clock in (1001.0, 1003.0, 1002.0):
            log.write(e.ActSeen(clock=clock, act=f"at {clock}"))

    assert [event["clock"] for event in events(record, keep(record, write))] == [1.0, 2.0, 3.0]


def test_sessions_are_numbered_and_summed_up(record: Path) -> None:
    keep(record, lambda log: log.write(e.SessionStarted(clock=1000.0, scenario="test")))
    keep(record, lambda log: log.write(e.SessionEnded(clock=1030.0, reason="completed")))
    first, second = sessions(record)
    assert (first.number, first.ended) == (1, "interrupted")
    assert (second.number, second.ended, second.seconds) == (2, "completed", 30.0)


def test_no_record_yet_is_no_sessions(record: Path) -> None:
    assert sessions(record) == []
    with pytest.raises(RecordError, match="there is no session 3"):
        events(record, 3)


def test_a_record_of_a_newer_version_is_refused(record: Path) -> None:
    open_record(record).close()
    with sqlite3.connect(record) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(RecordError, match="newer version"):
        Journal(record, print)
    with pytest.raises(RecordError, match="newer version"):
        sessions(record)


def test_a_file_that_is_no_record_is_refused_and_left_alone(record: Path) -> None:
    record.write_text("my diary, not a database at all, and longer than a page header " * 20)
    before = record.read_bytes()
    with pytest.raises(RecordError, match="cannot be opened"):
        Journal(record, print)
    assert record.read_bytes() == before


def test_what_was_handed_over_survives_kill_9(record: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from range.app.journal import Journal
from range.app.record import events
from range.core.events import ActSeen
journal = Journal(Path({str(record)!r}), print)
log = journal.begin("test", "Test", 0.0)
for number in range(200):
    log.write(ActSeen(clock=float(number), act=str(number)))
assert journal.settle(60)
print("ready", flush=True)
sys.stdin.read()
"""
    child = subprocess.Popen([sys.executable, "-P", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert [event["act"] for event in events(record, 1)] == [str(number) for number in range(200)]
    assert sessions(record)[0].ended == "interrupted"


def test_a_record_that_cannot_be_written_is_told_once_and_nothing_is_lost(record: Path) -> None:
    troubles: SimpleQueue[str | None] = SimpleQueue()
    journal = Journal(record, troubles.put)
    log = journal.begin("test", "Test", 0.0)
    # A trigger that refuses stands for a disk that does: the same error reaches the journal from the same call.
    with closing(sqlite3.connect(record)) as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
        for number in (1, 2, 3):
            log.write(e.Flagged(clock=float(number), flag=number))
        assert "disk is full" in (troubles.get(timeout=30) or "")
        other.execute("DROP TRIGGER full")
        assert troubles.get(timeout=30) is None  # written again
    journal.close()
    assert troubles.empty()
    assert [event["flag"] for event in events(record, 1)] == [1, 2, 3]


def test_a_record_that_has_grown_to_its_limit_is_told_and_the_rest_is_written_when_there_is_room(record: Path) -> None:
    troubles: SimpleQueue[str | None] = SimpleQueue()
    open_record(record).close()
    journal = Journal(record, troubles.put, most_pages=120)
    log = journal.begin("test", "Test", 0.0)
    written = 0
    while troubles.empty():
        log.write(e.Flagged(clock=float(written), flag=written, note="a long remark " * 400))
        written += 1
        assert journal.settle(1.0) or not troubles.empty()
    assert "full" in (troubles.get() or "")
    log.write(e.Flagged(clock=float(written), flag=written))  # handing over goes on all the same
    journal.close()
    assert "lost" in (troubles.get(timeout=30) or "")
    assert [event["flag"] for event in events(record, log.number)] == list(range(written - 1))


def test_a_record_without_room_is_told_before_the_session(record: Path) -> None:
    open_record(record).close()
    with pytest.raises(RecordError, match="make room"):
        Journal(record, print, most_pages=10)


def test_the_room_left_is_told_in_hours_before_the_session(record: Path) -> None:
    journal = Journal(record, print, most_pages=8192)
    journal.close()
    assert 3 < journal.hours_left < 4
    words = room_words(record, journal.hours_left)
    assert words is not None
    assert "4 hours left" in words
    assert room_words(record, 1000.0) is None


def test_a_read_only_record_is_told_before_the_session(record: Path) -> None:
    keep(record, lambda log: log.write(e.SessionEnded(clock=1030.0, reason="completed")))
    program = f"""
import os
from pathlib import Path
from range.app.journal import Journal
from range.app.record import RecordError
os.setuid(65534)
try:
    Journal(Path({str(record)!r}), print)
except RecordError as problem:
    print(problem)
"""
    if os.getuid() != 0:
        pytest.skip("only root can become somebody who may not write here")
    record.chmod(0o444)
    for folder in (record.parent, *list(record.parent.parents)[:2]):
        folder.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert "cannot be written" in done.stdout, done.stderr


def test_a_second_range_cannot_write_the_same_record(record: Path) -> None:
    journal = Journal(record, print)
    log = journal.begin("test", "Test", 0.0)
    assert journal.settle(30)
    with pytest.raises(RecordError, match="another range"):
        Journal(record, print)
    assert [row.ended for row in sessions(record)] == ["running"]
    log.write(e.SessionEnded(clock=1.0, reason="completed"))
    journal.close()
    assert [row.ended for row in sessions(record)] == ["completed"]


def test_the_wall_clock_set_back_an_hour_changes_no_order(record: Path) -> None:
    walls = iter([datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=UTC) - timedelta(hours=1)])
    journal = Journal(record, print, now=lambda: next(walls))
    log = journal.begin("test", "Test", 100.0)
    log.write(e.ActSeen(clock=101.0, act="before"))
    log.write(e.ActSeen(clock=105.0, act="after"))
    journal.begin("test", "Test", 200.0).write(e.ActSeen(clock=201.0, act="next"))
    journal.close()
    first, second = events(record, 1)
    assert (first["act"], first["wall"]) == ("before", "2026-01-01T12:00:01.000Z")
    assert (second["act"], second["wall"]) == ("after", "2026-01-01T12:00:05.000Z")
    assert events(record, 2)[0]["wall"] == "2026-01-01T11:00:01.000Z"


def test_nothing_that_was_recorded_can_be_changed_or_taken_out(record: Path) -> None:
    keep(record, lambda log: log.write(e.ActSeen(clock=1001.0, act="radio")))
    with closing(open_record(record)) as database:
        for change in ("UPDATE events SET clock = 0", "DELETE FROM events"):
            with pytest.raises(sqlite3.Error, match="append-only"):
                database.execute(change)
    assert len(events(record, 1)) == 1
