"""The database of sessions: opened, brought up to date and read here; written by the journal and by upkeep alone."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from range.app.record_lock import is_being_written
from range.app.room import why_not_writable

SCHEMA = Path(__file__).parent / "schema"
INTERRUPTED = "interrupted"
RUNNING = "running"


class RecordError(Exception):
    """The record cannot be opened, read or written; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One recorded session, for a list: `ended` is its end's reason, `interrupted`, or `running`."""

    number: int
    scenario: str
    title: str
    started: str
    seconds: float
    hits: int
    path: tuple[str, ...]
    participants: tuple[str, ...]
    runs: int
    ended: str


def open_record(path: Path, *, most_pages: int | None = None) -> sqlite3.Connection:
    """Open the record for writing, made or brought up to date; WAL, every commit on disk. Raises RecordError.

    `most_pages` limits its size, in pages of 4 KiB.
    """
    remedy = "check the disk, or name another directory with --data"
    if (fault := why_not_writable(path)) is not None:
        raise RecordError(f"the record {path} cannot be written ({fault}): {remedy}")
    try:
        record = sqlite3.connect(path, isolation_level=None, timeout=5.0)
        record.execute("PRAGMA journal_mode = WAL")
        record.execute("PRAGMA synchronous = FULL")
        record.execute("PRAGMA foreign_keys = ON")
        if most_pages is not None:
            record.execute(f"PRAGMA max_page_count = {int(most_pages)}")
        migrate(record, path)
    except sqlite3.Error as problem:
        raise RecordError(f"the record {path} cannot be opened ({problem}): {remedy}") from problem
    return record


def migrate(record: sqlite3.Connection, path: Path) -> None:
    """Bring a database up to this program's schema. Raises RecordError for one of a newer version."""
    scripts = sorted(SCHEMA.glob("[0-9]*.sql"))
    _refuse_newer(record, path)
    (version,) = record.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(scripts, start=1):
        if number > version:
            text = script.read_text(encoding="utf-8")
            try:
                record.executescript(f"BEGIN EXCLUSIVE;\n{text}\nPRAGMA user_version = {number};\nCOMMIT;")
            except sqlite3.Error:
                if record.in_transaction:
                    record.execute("ROLLBACK")
                raise


def read_record(path: Path) -> sqlite3.Connection:
    """Open the record for reading; no record yet is an empty one. Raises RecordError."""
    if not path.exists():
        return _in_memory(None)
    try:
        record = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)
        (version,) = record.execute("PRAGMA user_version").fetchone()
        _refuse_newer(record, path)
        if version == len(list(SCHEMA.glob("[0-9]*.sql"))):
            return record
        # Reading never writes: an older record is brought up to date in memory, and on disk by the next session.
        with closing(record):
            return _in_memory(record)
    except sqlite3.Error as problem:
        raise RecordError(f"the record {path} cannot be read ({problem})") from problem


def sessions(path: Path) -> list[SessionRow]:
    """All recorded sessions, oldest first. Raises RecordError; no record yet is an empty list."""
    writing = is_being_written(path)
    with closing(read_record(path)) as record:
        rows = record.execute(
            "SELECT id, scenario, title, started, "
            "(SELECT MAX(clock) FROM events WHERE session = id), "
            "(SELECT COUNT(*) FROM events WHERE session = id AND kind = 'hit'), "
            "(SELECT COUNT(*) FROM runs WHERE session = id), "
            "(SELECT ended FROM runs WHERE session = id ORDER BY run DESC LIMIT 1), "
            "(SELECT fields FROM events WHERE session = id AND kind = 'session_started' ORDER BY sequence LIMIT 1) "
            "FROM sessions ORDER BY id"
        ).fetchall()
        return [
            SessionRow(
                number=number,
                scenario=scenario,
                title=title,
                started=started,
                seconds=seconds or 0.0,
                hits=hits,
                path=_path(record, number),
                participants=tuple(json.loads(fields or "{}").get("participants", ())),
                runs=runs,
                ended=ended or (RUNNING if writing else INTERRUPTED),
            )
            for number, scenario, title, started, seconds, hits, runs, ended, fields in rows
        ]


def events(path: Path, session: int) -> list[dict[str, Any]]:
    """One session's events as the contract writes them, run by run, in the order of their clock. Raises RecordError."""
    with closing(read_record(path)) as record:
        require_session(record, session)
        return list(_events(record, session))


def require_session(record: sqlite3.Connection, session: int) -> None:
    """Raises RecordError where the record holds no such session."""
    # SQLite's integers end at 64 bits.
    known = abs(session) < 2**63 and record.execute("SELECT 1 FROM sessions WHERE id = ?", (session,)).fetchone()
    if not known:
        raise RecordError(f"there is no session {session}: `rangectl sessions` lists those there are")


def _refuse_newer(record: sqlite3.Connection, path: Path) -> None:
    (version,) = record.execute("PRAGMA user_version").fetchone()
    if version > len(list(SCHEMA.glob("[0-9]*.sql"))):
        record.close()
        raise RecordError(f"the record {path} was written by a newer version of this program: update the program")


def _in_memory(older: sqlite3.Connection | None) -> sqlite3.Connection:
    record = sqlite3.connect(":memory:", isolation_level=None)
    if older is not None:
        older.backup(record)
    migrate(record, Path())
    return record


def _path(record: sqlite3.Connection, session: int) -> tuple[str, ...]:
    shown = "SELECT scene FROM events WHERE session = ? AND kind = 'scene_shown' ORDER BY run, clock, sequence"
    return tuple(scene for (scene,) in record.execute(shown, (session,)))


def _events(record: sqlite3.Connection, session: int) -> Iterator[dict[str, Any]]:
    rows = record.execute(
        "SELECT kind, clock, wall, run, scene, media, fields FROM events WHERE session = ? "
        "ORDER BY run, clock, sequence",
        (session,),
    )
    for kind, clock, wall, run, scene, media, fields in rows:
        where = {} if scene is None else {"scene": scene, "media": media}
        yield {"kind": kind, "clock": clock, "wall": wall, "run": run, **where, **json.loads(fields)}
