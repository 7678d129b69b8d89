"""The record: complete, in order, and on disk. A real database in a real folder."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest

from range.app.journal import Journal, SessionLog
from range.app.record import RecordError, events, open_record, sessions
from range.core import events as e


def keep(record: Path, write: Callable[[SessionLog], None], *, clock: float = 1000.0) -> int:
    """One session written and closed; its number."""
    troubles: list[str] = []
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
    assert (first.number, first.ended) == (1, None)
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
while len(events(Path({str(record)!r}), 1)) < 200:
    pass
print("ready", flush=True)
sys.stdin.read()
"""
    child = subprocess.Popen([sys.executable, "-P", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert [event["act"] for event in events(record, 1)] == [str(number) for number in range(200)]
    assert sessions(record)[0].ended is None


def test_a_record_that_cannot_be_written_is_told_once_and_nothing_is_lost(record: Path) -> None:
    troubles: SimpleQueue[str] = SimpleQueue()
    journal = Journal(record, troubles.put)
    log = journal.begin("test", "Test", 0.0)
    # A trigger that refuses stands for a disk that does: the same error reaches the journal from the same call.
    with closing(sqlite3.connect(record)) as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
        for number in (1, 2, 3):
            log.write(e.Flagged(clock=float(number), flag=number))
        assert "disk is full" in troubles.get(timeout=30)
        other.execute("DROP TRIGGER full")
    journal.close()
    assert troubles.empty()
    assert [event["flag"] for event in events(record, 1)] == [1, 2, 3]
