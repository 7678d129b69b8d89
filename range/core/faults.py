"""What is wrong with a file, said so that a person can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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
        message = self.message if self.message.endswith(("?", "!")) else f"{self.message}."
        return f"{where}:{place} {message} {self.remedy}{'' if self.remedy.endswith(('.', '?', '!')) else '.'}"


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` is most likely a misspelling of; None where none is near."""
    by_folded = {candidate.lower(): candidate for candidate in words}
    close = get_close_matches(word.lower(), by_folded, n=1, cutoff=0.7)
    return by_folded[close[0]] if close else None


def or_list(words: Iterable[str]) -> str:
    """`a, b or c`; `nothing` where there are none."""
    *most, last = list(words) or ["nothing"]
    return f"{', '.join(most)} or {last}" if most else last


def in_order(faults: Iterable[FileFault]) -> tuple[FileFault, ...]:
    """Faults by line, those of the whole file first."""
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))
