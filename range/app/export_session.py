"""`rangectl export`: sessions as files that other programs read, CSV and JSON."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from range.app.record import RecordError, sessions
from range.app.recorded import RecordedSession, read_session

COMMON = ("run", "clock", "wall", "kind", "scene", "media")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def export_sessions(record: Path, numbers: Sequence[int], folder: Path, *, err: TextIO) -> int:
    """Write `session-N.json`, `session-N.csv` (its events) and `sessions.csv` into a folder; 0, or 2.

    No numbers means all sessions.
    """
    try:
        rows = sessions(record)
        wanted = [read_session(record, number) for number in numbers or [row.number for row in rows]]
        folder.mkdir(parents=True, exist_ok=True)
        listed = {session.number for session in wanted}
        table = [
            {**asdict(row), "path": " > ".join(row.path), "participants": ", ".join(row.participants)}
            for row in rows
            if row.number in listed
        ]
        if table:
            write_csv(folder / "sessions.csv", tuple(table[0]), table)
        for session in wanted:
            text = json.dumps(as_json(session), ensure_ascii=False, indent=1)
            (folder / f"session-{session.number}.json").write_text(text + "\n", encoding="utf-8")
            own = dict.fromkeys(name for event in session.events for name in event if name not in COMMON)
            write_csv(folder / f"session-{session.number}.csv", (*COMMON, *own), session.events)
    except (RecordError, OSError) as problem:
        err.write(f"The export is not complete: {problem}\n")
        return 2
    err.write(f"{folder}: {len(wanted)} sessions\n")
    return 0


def as_json(session: RecordedSession) -> dict[str, Any]:
    """A session's own facts, people, notes and events, for a JSON file."""
    return {
        "session": session.number,
        "scenario": session.scenario,
        "title": session.title,
        "started": session.started,
        "ended": session.ended,
        "runs": session.runs,
        "people": [
            {
                "name": person.name,
                "part": person.part,
                "role": person.role,
                "group": person.body,
                "consent": person.consent,
            }
            for person in session.people
        ],
        "notes": [{"clock": note.clock, "note": note.note, "written": note.written} for note in session.notes],
        "events": list(session.events),
    }


def write_csv(file: Path, columns: Sequence[str], rows: Iterable[Any]) -> None:
    """A table with a header; spreadsheets open it as it is (UTF-8 with its mark, no cell is a formula)."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([cell(name) for name in columns])
        for row in rows:
            writer.writerow([cell(row.get(name)) for name in columns])


def cell(value: object) -> object:
    """A value as a spreadsheet's cell: text that a spreadsheet would take for a formula begins with an apostrophe."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
