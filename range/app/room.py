"""How long the record can go on: the room left for it, as hours of a busy session."""

import os
import shutil
import sqlite3
from pathlib import Path

BYTES_PER_HOUR = 8 * 1024 * 1024
"""A busy session, 2,500 events an hour, fills about 2 MiB of the database and as much again on its way through the log
of unfinished writes; this is twice that."""
FEW_HOURS = 24.0


def hours_left(path: Path, record: sqlite3.Connection) -> float:
    """Hours that can still be recorded on this disk and in this database."""
    on_disk = shutil.disk_usage(path.parent).free
    (most,) = record.execute("PRAGMA max_page_count").fetchone()
    (used,) = record.execute("PRAGMA page_count").fetchone()
    (free,) = record.execute("PRAGMA freelist_count").fetchone()
    (size,) = record.execute("PRAGMA page_size").fetchone()
    return float(min(on_disk, (most - used + free) * size) / BYTES_PER_HOUR)


def room_words(path: Path, hours: float) -> str | None:
    """What is to be said before a session of the room left; None where there is plenty."""
    if hours >= FEW_HOURS:
        return None
    left = f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} minutes"
    return f"Room for the record: {left} left in {path.parent}. Make room, or name another directory with --data."


def why_not_writable(path: Path) -> str | None:
    """Why nothing can be written at `path`, in words; None where it can."""
    if path.exists() and not os.access(path, os.W_OK):
        return "it is read-only"
    return None if os.access(path.parent, os.W_OK) else f"its folder {path.parent} is read-only"
