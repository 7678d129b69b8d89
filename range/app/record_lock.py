"""One writer for a record: a lock that the operating system takes back whatever way the writer ends."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class RecordLock:
    """Holds the record at `path` for one writer. `take` raises OSError: BlockingIOError where another has it."""

    def __init__(self, path: Path) -> None:
        self._file: int | None = None
        self._path = _beside(path)

    def take(self) -> None:
        """Hold it until `release`, or until this process ends."""
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._file)
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Let another writer have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def is_being_written(path: Path) -> bool:
    """Whether a writer holds the record at `path` now."""
    try:
        file = os.open(_beside(path), os.O_RDWR)
    except OSError:
        return False
    try:
        _lock(file)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _beside(path: Path) -> Path:
    return path.with_name(path.name + "-writer")


def _lock(file: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
