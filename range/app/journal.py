"""The journal: every fact to disk, on a thread of its own. Handing over never waits.

Whatever has been handed over while one commit was on its way goes into the next, so nothing waits longer than a commit.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from range.app.record import RecordError, open_record
from range.core.events import Fact, own_fields

RETRY_SECONDS = 0.5
FIRST_RUN = 1
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class _Begin:
    scenario: str
    title: str
    started: datetime
    answer: "SimpleQueue[int | RecordError]"


@dataclass(frozen=True, slots=True)
class _Row:
    session: int
    sequence: int
    run: int
    kind: str
    clock: float
    wall: str
    scene: str | None
    media: float | None
    fields: str


_Order = _Row | _Begin | None


class SessionLog:
    """One session's page of the journal: `began` is the clock time of its start, `wall` the UTC time then."""

    def __init__(self, number: int, began: float, wall: datetime, put: Callable[[_Row], None]) -> None:
        self.number = number
        self.began = began
        self._wall = wall
        self._put = put
        self._sequence = 0

    def write(self, fact: Fact) -> None:
        """Hand a fact over."""
        self._sequence += 1
        since = round(fact.clock - self.began, DECIMALS)
        wall = (self._wall + timedelta(seconds=since)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        media = None if fact.media is None else round(fact.media, DECIMALS)
        fields = json.dumps(own_fields(fact), ensure_ascii=False)
        self._put(_Row(self.number, self._sequence, FIRST_RUN, fact.kind, since, wall, fact.scene, media, fields))


class Journal:
    """Writes the record at `path` on the thread `journal`.

    A write that fails (a full disk) is told once to `on_trouble` in one sentence; the film goes on, and what could not
    be written is tried again with the next batch.
    """

    def __init__(self, path: Path, on_trouble: Callable[[str], None]) -> None:
        open_record(path).close()
        self._path = path
        self._on_trouble = on_trouble
        self._queue: SimpleQueue[_Order] = SimpleQueue()
        self._thread = Thread(target=self._run, name="journal", daemon=False)
        self._thread.start()

    def begin(self, scenario: str, title: str, clock: float) -> SessionLog:
        """Open a new session's page; `clock` is now. Waits for the disk: not for a moment in which a film plays."""
        answer: SimpleQueue[int | RecordError] = SimpleQueue()
        started = datetime.now(UTC)
        self._queue.put(_Begin(scenario, title, started, answer))
        number = answer.get()
        if isinstance(number, RecordError):
            raise number
        return SessionLog(number, clock, started, self._queue.put)

    def close(self) -> None:
        """Write what is left and end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        record = open_record(self._path)
        waiting: list[_Row] = []
        troubled = False
        going = True
        while going:
            begins: list[_Begin] = []
            for order in self._take(RETRY_SECONDS if waiting else None):
                if order is None:
                    going = False
                elif isinstance(order, _Row):
                    waiting.append(order)
                else:
                    begins.append(order)
            try:
                _write(record, waiting)
                waiting.clear()
                troubled = False
                for begin in begins:
                    begin.answer.put(_begin(record, begin))
            except sqlite3.Error as problem:
                sentence = f"the record cannot be written ({problem}): make room on the disk"
                for begin in begins:
                    begin.answer.put(RecordError(sentence))
                if not troubled:
                    self._on_trouble(sentence)
                troubled = True
        record.close()

    def _take(self, patience: float | None) -> list[_Order]:
        """Everything that has been handed over, waiting for the first of it."""
        orders: list[_Order] = []
        try:
            orders.append(self._queue.get(timeout=patience))
            while True:
                orders.append(self._queue.get_nowait())
        except Empty:
            return orders


def _begin(record: sqlite3.Connection, begin: _Begin) -> int:
    cursor = record.execute(
        "INSERT INTO sessions (scenario, title, started) VALUES (?, ?, ?)",
        (begin.scenario, begin.title, begin.started.isoformat(timespec="milliseconds").replace("+00:00", "Z")),
    )
    return int(cursor.lastrowid or 0)


def _write(record: sqlite3.Connection, rows: list[_Row]) -> None:
    if not rows:
        return
    record.execute("BEGIN IMMEDIATE")
    try:
        record.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [astuple(row) for row in rows])
        record.execute("COMMIT")
    except sqlite3.Error:
        record.execute("ROLLBACK")
        raise
