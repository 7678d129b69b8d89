"""Notes of a debrief, pinned to moments of a session."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from range.app.record import RecordError, open_record, require_session
from range.app.session_log import utc

MOST_CHARACTERS = 2000


def add_note(record: Path, session: int, clock: float, words: str) -> dict[str, Any]:
    """Keep a note at a moment (seconds on the session's clock); as the debrief shows it. Raises RecordError."""
    written = utc(datetime.now(UTC))
    if not record.exists():
        raise RecordError(f"there is no record at {record} yet")
    try:
        with closing(open_record(record)) as database:
            require_session(database, session)
            added = database.execute(
                "INSERT INTO notes (session, clock, note, written) VALUES (?, ?, ?, ?)",
                (session, clock, words, written),
            )
            return {"number": added.lastrowid, "clock": clock, "note": words, "written": written}
    except sqlite3.Error as problem:
        raise RecordError(f"the note could not be kept ({problem})") from problem
