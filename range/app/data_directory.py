"""Where the program keeps what it makes: calibrations, sessions, lasers learnt, caches."""

from dataclasses import dataclass
from pathlib import Path

import platformdirs


class DataDirectoryError(Exception):
    """The data directory cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """The places below one root."""

    root: Path

    @classmethod
    def at(cls, given: Path | None) -> "DataDirectory":
        """The directory given by `--data` or COMMON_GROUND_DATA, else where this system keeps such things."""
        return cls(given.absolute() if given else Path(platformdirs.user_data_dir("common-ground", appauthor=False)))

    @property
    def record(self) -> Path:
        """The database of all sessions."""
        return self.root / "record.sqlite3"

    @property
    def calibrations(self) -> Path:
        """The folder of calibration files."""
        return self.root / "calibrations"

    @property
    def clips(self) -> Path:
        """The folder of clips encoded anew."""
        return clips_beside(self.record)

    def newest_calibration(self) -> Path | None:
        """The calibration file written last, if there is one."""
        files = sorted(self.calibrations.glob("*.json"), key=lambda file: file.stat().st_mtime)
        return files[-1] if files else None

    def make(self) -> None:
        """Make the directory. Raises DataDirectoryError."""
        try:
            self.calibrations.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise DataDirectoryError(
                f"the data directory {self.root} cannot be made ({problem.strerror}): name another with --data"
            ) from problem


def clips_beside(record: Path) -> Path:
    """The folder of clips encoded anew that belongs to a record."""
    return record.parent / "clips"
