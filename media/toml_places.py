"""Where things stand in a TOML text: the line of every table and key, so that a fault can point at it."""

import re
import tomllib
from collections.abc import Callable, Iterator

Place = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*("(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\r\n]*")


class TomlPlaces:
    """The lines (from 1) of one TOML text that `tomllib` has accepted.

    A place is the way through the parsed document: keys of tables and 0-based positions in arrays, as in
    `("scenes", "arrival", "branches", 0, "to")`.
    """

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._lines: dict[Place, int] = {}
        self._tables: dict[Place, int] = {}
        self._position = 0
        self._counted = (0, 1)
        self._document()

    def line_of(self, place: Place) -> int | None:
        """The line of a place, or of the nearest table around it that the text names; None for the whole document."""
        for length in range(len(place), 0, -1):
            if (line := self._lines.get(place[:length])) is not None:
                return line
        return None

    def __iter__(self) -> Iterator[Place]:
        return iter(self._lines)

    def _document(self) -> None:
        table: Place = ()
        while self._skip_blank() < len(self._text):
            if self._text.startswith("[", self._position):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Place:
        line = self._line()
        array = self._text.startswith("[[", self._position)
        self._position += 2 if array else 1
        *around, last = self._keys()
        self._position += 2 if array else 1
        table: Place = ()
        for key in around:
            table = self._current((*table, key))
            self._note(table, line)
        table = (*table, last)
        self._note(table, line)
        if array:
            self._tables[table] = self._tables.get(table, 0) + 1
            table = self._current(table)
            self._note(table, line)
        return table

    def _current(self, place: Place) -> Place:
        """A place itself, or the newest table where it is an array of tables."""
        return (*place, self._tables[place] - 1) if place in self._tables else place

    def _pair(self, table: Place) -> None:
        line = self._line()
        for key in self._keys():
            table = (*table, key)
            self._note(table, line)
        self._position += 1  # the equals sign
        self._value(table)

    def _value(self, place: Place) -> None:
        self._skip_blank()
        self._note(place, self._line())
        if self._text.startswith("[", self._position):
            self._members("]", lambda number: self._value((*place, number)))
        elif self._text.startswith("{", self._position):
            self._members("}", lambda _: self._pair(place))
        else:
            found = _STRING.match(self._text, self._position) or _PLAIN.match(self._text, self._position)
            if found is not None:
                self._position = found.end()

    def _members(self, closing: str, read: Callable[[int], None]) -> None:
        self._position += 1
        number = 0
        while self._skip_blank() < len(self._text) and not self._text.startswith(closing, self._position):
            read(number)
            number += 1
            self._skip_blank()
            if self._text.startswith(",", self._position):
                self._position += 1
        self._position += 1

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while (found := _KEY.match(self._text, self._position)) is not None:
            raw = found.group(1)
            keys.append(str(tomllib.loads(f"key = {raw}")["key"]) if raw[0] in "\"'" else raw)
            self._position = found.end()
            if not self._text.startswith(".", self._position):
                break
            self._position += 1
        return keys

    def _skip_blank(self) -> int:
        found = _BLANK.match(self._text, self._position)
        if found is not None:
            self._position = found.end()
        return self._position

    def _line(self) -> int:
        counted, line = self._counted
        line += self._text.count("\n", counted, self._position)
        self._counted = (self._position, line)
        return line

    def _note(self, place: Place, line: int) -> None:
        self._lines.setdefault(place, line)


def named(place: Place) -> str:
    """A place as people write it: `scenes.arrival.branches[0].to`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
