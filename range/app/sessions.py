"""`rangectl sessions` and `rangectl events`: the record, read."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from range.app.record import RecordError, SessionRow, events, sessions

WIDE = 240


def list_sessions(record: Path, *, out: TextIO, err: TextIO, as_json: bool) -> int:
    """The recorded sessions, a line each; 0, or 2 where the record cannot be read."""
    try:
        rows = sessions(record)
    except RecordError as problem:
        err.write(f"{problem}\n")
        return 2
    if as_json:
        for row in rows:
            out.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
    elif not rows:
        err.write("No sessions are recorded yet: try `rangectl demo`.\n")
    else:
        table = Table(box=None, padding=(0, 2, 0, 0))
        for heading in ("session", "started", "scenario", "length", "hits", "path", "ended"):
            table.add_column(heading, justify="right" if heading in ("session", "length", "hits") else "left")
        for row in rows:
            table.add_row(*_words(row))
        # A terminal folds long rows; a file or a pipe keeps each session on one line.
        Console(file=out, width=None if out.isatty() else WIDE).print(table)
    return 0


def list_events(record: Path, session: int, *, out: TextIO, err: TextIO, as_json: bool) -> int:
    """One session's events in order; 0, or 2 where there is no such session."""
    try:
        rows = events(record, session)
    except RecordError as problem:
        err.write(f"{problem}\n")
        return 2
    for row in rows:
        out.write((json.dumps(row, ensure_ascii=False) if as_json else _sentence(row)) + "\n")
    return 0


def _words(row: SessionRow) -> tuple[str, ...]:
    minutes, seconds = divmod(round(row.seconds), 60)
    started = row.started[:19].replace("T", " ")
    path = " → ".join(row.path) or "not begun"
    return (
        str(row.number),
        started,
        row.title,
        f"{minutes}:{seconds:02d}",
        str(row.hits),
        path,
        row.ended,
    )


def _sentence(event: dict[str, Any]) -> str:
    where = f"{event['scene']} {event['media']:.2f} s" if "scene" in event else ""
    skipped = ("kind", "clock", "wall", "run", "scene", "media")
    own = ", ".join(f"{name} {_plain(value)}" for name, value in event.items() if name not in skipped and value != [])
    return f"{event['clock']:9.3f} s  {event['kind']:<15} {where:<24} {own}".rstrip()


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "-" if value is None else str(value)
