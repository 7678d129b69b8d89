"""The database of sessions: opened, brought up to date and read here; written by the journal alone."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parent / "schema"


class RecordError(Exception):
    """The record cannot be opened or written; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One recorded session, for a list: `ended` is its end's reason, None where it has none (cut short or running)."""

    number: int
    scenario: str
    title: str
    started: str
    seconds: float
    hits: int
    path: tuple[str, ...]
    ended: str | None


def open_record(path: Path) -> sqlite3.Connection:
    """Open the record for writing, made or brought up to date; WAL, every commit on disk. Raises RecordError."""
    try:
        record = sqlite3.connect(path, isolation_level=None, timeout=5.0)
        record.execute("PRAGMA journal_mode = WAL")
        record.execute("PRAGMA synchronous = FULL")
        record.execute("PRAGMA foreign_keys = ON")
        _migrate(record, path)
    except sqlite3.Error as problem:
        raise RecordError(
            f"the record {path} cannot be opened ({problem}): check the disk, or name another directory with --data"
        ) from problem
    return record


def _migrate(record: sqlite3.Connection, path: Path) -> None:
    scripts = sorted(SCHEMA.glob("[0-9]*.sql"))
    (version,) = record.execute("PRAGMA user_version").fetchone()
    if version > len(scripts):
        record.close()
        raise RecordError(f"the record {path} was written by a newer version of this program: update the program")
    for number, script in enumerate(scripts, start=1):
        if number > version:
            text = script.read_text(encoding="utf-8")
            record.executescript(f"BEGIN;\n{text}\nPRAGMA user_version = {number};\nCOMMIT;")


def sessions(path: Path) -> list[SessionRow]:
    """All recorded sessions, oldest first. Raises RecordError; no record yet is an empty list."""
    with closing(_reader(path)) as record:
        rows = record.execute("SELECT id, scenario, title, started FROM sessions ORDER BY id").fetchall()
        return [_summed(record, *row) for row in rows]


def events(path: Path, session: int) -> list[dict[str, Any]]:
    """One session's events as the contract writes them, in the order of their clock. Raises RecordError."""
    with closing(_reader(path)) as record:
        if record.execute("SELECT 1 FROM sessions WHERE id = ?", (session,)).fetchone() is None:
            raise RecordError(f"there is no session {session}: `rangectl sessions` lists those there are")
        return list(_events(record, session))


def _reader(path: Path) -> sqlite3.Connection:
    if not path.exists():
        return _empty()
    try:
        record = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)
        (version,) = record.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as problem:
        raise RecordError(f"the record {path} cannot be read ({problem})") from problem
    if version > len(list(SCHEMA.glob("[0-9]*.sql"))):
        record.close()
        raise RecordError(f"the record {path} was written by a newer version of this program: update the program")
    return record


def _empty() -> sqlite3.Connection:
    record = sqlite3.connect(":memory:", isolation_level=None)
    _migrate(record, Path())
    return record


def _events(record: sqlite3.Connection, session: int) -> Iterator[dict[str, Any]]:
    rows = record.execute(
        "SELECT kind, clock, wall, run, scene, media, fields FROM events WHERE session = ? ORDER BY clock, sequence",
        (session,),
    )
    for kind, clock, wall, run, scene, media, fields in rows:
        where = {} if scene is None else {"scene": scene, "media": media}
        yield {"kind": kind, "clock": clock, "wall": wall, "run": run, **where, **json.loads(fields)}


def _summed(record: sqlite3.Connection, number: int, scenario: str, title: str, started: str) -> SessionRow:
    all_events = list(_events(record, number))
    ended = [event["reason"] for event in all_events if event["kind"] == "session_ended"]
    return SessionRow(
        number=number,
        scenario=scenario,
        title=title,
        started=started,
        seconds=max((event["clock"] for event in all_events), default=0.0),
        hits=sum(event["kind"] == "hit" for event in all_events),
        path=tuple(event["scene"] for event in all_events if event["kind"] == "scene_shown"),
        ended=ended[-1] if ended else None,
    )
