"""What is wrong with a file, said so that a person can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFault:
    """One fault: `file` as named by the user, `line` from 1 where known, `place` within it, what, and the remedy."""

    file: str
    line: int | None
    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        place = f" [{self.place}]" if self.place else ""
        return f"{where}:{place} {self.message}. {self.remedy}"
