"""The journal: everything that happens to disk, on a thread of its own. Handing over never waits.

Whatever has been handed over while one commit was on its way goes into the next, so nothing waits longer than a commit.
"""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread

from range.app.record import INTERRUPTED, RecordError, open_record, require_session
from range.app.record_lock import RecordLock
from range.app.room import hours_left
from range.app.session_log import About, Entry, RunStart, SessionLog, run_entry, session_entry
from range.core.fault_table import told
from range.core.rules import State

_Order = Entry | Event | None

RETRY_SECONDS = 0.5
TRIAL_BYTES = 256 * 1024


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Journal:
    """Writes the record at `path` on the thread `journal`. Raises RecordError where it cannot be written at all.

    Sessions that a writer before left without an end are marked `interrupted` when the journal opens. A write that
    fails later (a full disk) is told once to `on_trouble` in one sentence, and None once everything is written again;
    the film goes on, and what could not be written is tried again with the next batch.
    """

    def __init__(
        self,
        path: Path,
        on_trouble: Callable[[str | None], None],
        *,
        now: Callable[[], datetime] = utc_now,
        most_pages: int | None = None,
    ) -> None:
        self._lock = RecordLock(path)
        _take(self._lock, path)
        try:
            self.hours_left, self._next_number = _prepare(path, most_pages)
        except RecordError:
            self._lock.release()
            raise
        self._path = path
        self._on_trouble = on_trouble
        self._now = now
        self._most_pages = most_pages
        self._queue: SimpleQueue[_Order] = SimpleQueue()
        self._thread = Thread(target=self._run, name="journal", daemon=False)
        self._thread.start()

    def begin(
        self, scenario: str, title: str, clock: float, about: About | None = None, opened: State | None = None
    ) -> SessionLog:
        """Open a new session's page; `clock` is now, `opened` the state its rules start from."""
        number = self._next_number
        self._next_number += 1
        wall = self._now()
        self._queue.put(
            (*session_entry(number, scenario, title, wall, about or About()), *run_entry(number, 1, wall, opened))
        )
        return SessionLog(number, RunStart(1, clock, wall), self._queue.put)

    def resume(self, session: int, clock: float, opened: State) -> SessionLog:
        """Open the next run of an interrupted session. Its clock goes on where the record ends. Raises RecordError."""
        record = open_record(self._path)
        try:
            require_session(record, session)
            ended = "SELECT run, ended FROM runs WHERE session = ? ORDER BY run DESC LIMIT 1"
            run, reason = record.execute(ended, (session,)).fetchone()
            if reason != INTERRUPTED:
                raise RecordError(f"session {session} was not interrupted, it ended: {reason}")
            reached = (
                "SELECT MAX(clock), MAX(sequence) FROM "
                "(SELECT clock, sequence FROM events WHERE session = ?1 "
                "UNION ALL SELECT clock, sequence FROM inputs WHERE session = ?1)"
            )
            offset, sequence = record.execute(reached, (session,)).fetchone()
        finally:
            record.close()
        wall = self._now()
        self._queue.put(run_entry(session, run + 1, wall, opened))
        return SessionLog(session, RunStart(run + 1, clock, wall, offset or 0.0, sequence or 0), self._queue.put)

    def settle(self, seconds: float) -> bool:
        """Wait, at most so long, until all that was handed over is on disk; whether it is. Not for the frame loop."""
        settled = Event()
        self._queue.put(settled)
        return settled.wait(seconds)

    def close(self) -> None:
        """Write what is left and end the thread."""
        self._queue.put(None)
        self._thread.join()
        self._lock.release()

    def _run(self) -> None:
        record = open_record(self._path, most_pages=self._most_pages)
        waiting: list[Entry] = []
        settled: list[Event] = []
        troubled = False
        going = True
        while going:
            for order in self._take(RETRY_SECONDS if waiting else None):
                if order is None:
                    going = False
                elif isinstance(order, Event):
                    settled.append(order)
                else:
                    waiting.append(order)
            try:
                _write(record, waiting)
            except sqlite3.Error as problem:
                if not troubled:
                    self._on_trouble(told("record.failing", trouble=problem))
                troubled = True
            else:
                waiting.clear()
                while settled:
                    settled.pop().set()
                if troubled:
                    self._on_trouble(None)
                troubled = False
        if waiting:
            self._on_trouble(told("record.lost", count=len(waiting)))
        record.close()

    def _take(self, patience: float | None) -> list[_Order]:
        """Everything that has been handed over, waiting for the first of it."""
        orders: list[_Order] = []
        try:
            orders.append(self._queue.get(timeout=patience))
            while True:
                orders.append(self._queue.get_nowait())
        except Empty:
            return orders


def _take(lock: RecordLock, path: Path) -> None:
    try:
        lock.take()
    except BlockingIOError:
        raise RecordError(
            f"another range is recording into {path}: end it first, or name another directory with --data"
        ) from None
    except OSError as problem:
        raise RecordError(
            f"the record {path} cannot be written ({problem.strerror}): check the disk, or name another directory "
            "with --data"
        ) from problem


def _prepare(path: Path, most_pages: int | None) -> tuple[float, int]:
    """Mark what was cut off, prove that there is room; the hours left and the next session's number."""
    record = open_record(path, most_pages=most_pages)
    try:
        # A trial on the real disk: a session that cannot be recorded is better told of before it than in it.
        record.execute("BEGIN IMMEDIATE")
        record.execute("CREATE TABLE trial (filling BLOB)")
        record.execute("INSERT INTO trial VALUES (zeroblob(?))", (TRIAL_BYTES,))
        record.execute("UPDATE runs SET ended = ? WHERE ended IS NULL", (INTERRUPTED,))
        record.execute("COMMIT")
        record.execute("DROP TABLE trial")
        (last,) = record.execute(
            "SELECT MAX(COALESCE((SELECT MAX(id) FROM sessions), 0), "
            "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'sessions'), 0))"
        ).fetchone()
        return hours_left(path, record), int(last) + 1
    except sqlite3.Error as problem:
        if record.in_transaction:
            record.execute("ROLLBACK")
        raise RecordError(
            f"the record {path} cannot be written ({problem}): make room on the disk, or name another directory "
            "with --data"
        ) from problem
    finally:
        record.close()


def _write(record: sqlite3.Connection, entries: list[Entry]) -> None:
    if not entries:
        return
    record.execute("BEGIN IMMEDIATE")
    try:
        for entry in entries:
            for statement, values in entry:
                record.execute(statement, values)
        record.execute("COMMIT")
    except sqlite3.Error:
        if record.in_transaction:
            record.execute("ROLLBACK")
        raise
