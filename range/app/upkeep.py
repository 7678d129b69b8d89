"""Keeping the record: a copy of it, sessions deleted by choice or by age."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from range.app.record import RecordError, open_record, read_record, require_session
from range.app.record_lock import RecordLock
from range.app.session_log import utc

PAGES_AT_ONCE = 2000
OF_A_SESSION = ("events", "inputs", "people", "notes", "runs")


def backup(record: Path, target: Path, *, err: TextIO) -> int:
    """Copy the record, also while it is written; 0, or 2 where that cannot be done. An existing file is left alone."""
    if target.exists():
        err.write(f"{target} is there already: name a new file\n")
        return 2
    if not record.exists():
        err.write(f"There is no record at {record} yet\n")
        return 2
    partial = target.with_name(target.name + ".partial")
    try:
        with closing(read_record(record)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy, pages=PAGES_AT_ONCE)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
            (sound,) = copy.execute("PRAGMA integrity_check").fetchone()
            if sound != "ok":
                raise RecordError(f"the record {record} is damaged ({sound}): keep older backups")
            (count,) = copy.execute("SELECT COUNT(*) FROM sessions").fetchone()
        partial.rename(target)
    except (RecordError, sqlite3.Error, OSError) as problem:
        partial.unlink(missing_ok=True)
        err.write(f"No backup was made: {problem}\n")
        return 2
    err.write(f"{target}: {count} sessions. To go back to it, copy it over {record} while nothing runs.\n")
    return 0


def delete(record: Path, numbers: Sequence[int], *, older_than: int | None, err: TextIO) -> int:
    """Delete sessions for good: those named, or those that began more than `older_than` days ago. 0, or 2."""
    try:
        with _for_upkeep(record) as database:
            for number in numbers:
                require_session(database, number)
            doomed = list(numbers) if older_than is None else _older(database, older_than)
            _delete(database, doomed)
    except (RecordError, sqlite3.Error) as problem:
        err.write(f"Nothing was deleted: {problem}\n")
        return 2
    told = ", ".join(map(str, doomed))
    err.write(f"Deleted for good: {told}. Backups made before still hold them.\n" if doomed else "Nothing to delete.\n")
    return 0


def delete_expired(record: Path, keep_days: int, *, err: TextIO) -> None:
    """Before a session: delete what is older than the configuration keeps. Raises RecordError. 0 keeps everything."""
    if keep_days == 0 or not record.exists():
        return
    try:
        with _for_upkeep(record) as database:
            doomed = _older(database, keep_days)
            _delete(database, doomed)
    except sqlite3.Error as problem:
        raise RecordError(f"sessions older than {keep_days} days cannot be deleted ({problem})") from problem
    if doomed:
        err.write(f"Deleted, as session.keep_days = {keep_days} says: sessions {', '.join(map(str, doomed))}\n")


@contextmanager
def _for_upkeep(record: Path) -> Iterator[sqlite3.Connection]:
    if not record.exists():
        raise RecordError(f"there is no record at {record} yet")
    lock = RecordLock(record)
    try:
        lock.take()
    except OSError as problem:
        raise RecordError("a range is recording now: end it first") from problem
    try:
        with closing(open_record(record)) as database:
            yield database
    finally:
        lock.release()


def _older(database: sqlite3.Connection, days: int) -> list[int]:
    limit = utc(datetime.now(UTC) - timedelta(days=min(days, 36500)))
    found = database.execute("SELECT id FROM sessions WHERE started < ? ORDER BY id", (limit,))
    return [number for (number,) in found]


def _delete(database: sqlite3.Connection, doomed: Sequence[int]) -> None:
    # What is deleted is overwritten, in the file and in the log of unfinished writes.
    database.execute("PRAGMA secure_delete = ON")
    database.execute("BEGIN IMMEDIATE")
    database.execute("PRAGMA defer_foreign_keys = ON")
    for number in doomed:
        database.execute("DELETE FROM sessions WHERE id = ?", (number,))
        for table in OF_A_SESSION:
            database.execute(f"DELETE FROM {table} WHERE session = ?", (number,))
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
