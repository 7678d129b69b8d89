"""One session as it was recorded, whole: its scenario, people, runs, events and notes."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from range.app.record import INTERRUPTED, RUNNING, RecordError, events, read_record, require_session
from range.app.record_lock import is_being_written
from range.app.session_log import GRAPH
from range.core.people import Person
from range.core.plain import input_from, state_from
from range.core.replay import RecordedFact, RecordedInput, RecordedRun
from range.core.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down, pinned to a moment of the session (seconds on its clock)."""

    number: int
    clock: float
    note: str
    written: str


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """A session from the record. `folder` and `graph` are None where it was recorded before they were kept.

    `screen` is (width, height) in pixels, None likewise; `wide` its width on the wall in mm, 0 where not measured.
    """

    number: int
    scenario: str
    title: str
    started: str
    ended: str
    runs: int
    folder: Path | None
    graph: Scenario | None
    screen: tuple[int, int] | None
    wide: float
    people: tuple[Person, ...]
    events: tuple[Mapping[str, Any], ...]
    notes: tuple[Note, ...]


def read_session(path: Path, session: int) -> RecordedSession:
    """Read one session. Raises RecordError."""
    with closing(read_record(path)) as record:
        require_session(record, session)
        scenario, title, started, folder, graph, screen = record.execute(
            "SELECT scenario, title, started, folder, graph, screen FROM sessions WHERE id = ?", (session,)
        ).fetchone()
        runs = record.execute("SELECT ended FROM runs WHERE session = ? ORDER BY run", (session,)).fetchall()
        people = record.execute(
            "SELECT name, part, role, body, consent FROM people WHERE session = ? ORDER BY place", (session,)
        ).fetchall()
        notes = record.execute(
            "SELECT id, clock, note, written FROM notes WHERE session = ? ORDER BY clock, id", (session,)
        ).fetchall()
    size = json.loads(screen) if screen else None
    return RecordedSession(
        number=session,
        scenario=scenario,
        title=title,
        started=started,
        ended=runs[-1][0] or (RUNNING if is_being_written(path) else INTERRUPTED),
        runs=len(runs),
        folder=Path(folder) if folder else None,
        graph=_graph(session, graph),
        screen=(size["width"], size["height"]) if size else None,
        wide=size["wide"] if size else 0.0,
        people=tuple(Person(*row) for row in people),
        events=tuple(events(path, session)),
        notes=tuple(Note(*row) for row in notes),
    )


def read_runs(path: Path, session: int) -> tuple[RecordedRun, ...]:
    """A session's runs as they reached the rules. Raises RecordError where they were not kept, or make no sense."""
    with closing(read_record(path)) as record:
        require_session(record, session)
        (text,) = record.execute("SELECT graph FROM sessions WHERE id = ?", (session,)).fetchone()
        graph = _graph(session, text)
        rows = record.execute("SELECT run, opened FROM runs WHERE session = ? ORDER BY run", (session,)).fetchall()
        if graph is None or any(opened is None for _, opened in rows):
            raise RecordError(
                f"session {session} was recorded by a version of this program that kept no inputs: it can be gone "
                "through, but not replayed or resumed"
            )
        try:
            return tuple(
                RecordedRun(run, state_from(graph, json.loads(opened)), _inputs(record, session, run))
                for run, opened in rows
            )
        except (KeyError, TypeError, ValueError) as problem:
            raise RecordError(f"session {session} cannot be read back ({problem}): the record is damaged") from problem


def _graph(session: int, text: str | None) -> Scenario | None:
    if text is None:
        return None
    try:
        return GRAPH.validate_json(text)
    except ValidationError as problem:
        raise RecordError(f"the scenario of session {session} cannot be read back: the record is damaged") from problem


def _inputs(record: sqlite3.Connection, session: int, run: int) -> tuple[RecordedInput, ...]:
    facts: dict[int, list[RecordedFact]] = {}
    rows = record.execute(
        "SELECT cause, kind, clock, scene, media, fields FROM events "
        "WHERE session = ? AND run = ? AND cause IS NOT NULL ORDER BY sequence",
        (session, run),
    )
    for cause, kind, clock, scene, media, fields in rows:
        fact = RecordedFact(kind, {"clock": clock, "scene": scene, "media": media, **json.loads(fields)})
        facts.setdefault(cause, []).append(fact)
    inputs = record.execute(
        "SELECT sequence, kind, clock, fields, state FROM inputs WHERE session = ? AND run = ? ORDER BY sequence",
        (session, run),
    )
    return tuple(
        RecordedInput(input_from(kind, clock, json.loads(fields)), tuple(facts.get(sequence, ())), json.loads(state))
        for sequence, kind, clock, fields, state in inputs
    )
