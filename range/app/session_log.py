"""One session's page of the journal: what is written of it, as statements that stand or fall together."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from range.core.events import Fact, Input, SessionEnded, own_fields
from range.core.people import Person
from range.core.plain import plain_input, plain_state
from range.core.replay import DECIMALS
from range.core.rules import Decision, State
from range.core.scenario import Scenario

Statement = tuple[str, tuple[object, ...]]
Entry = tuple[Statement, ...]
"""Statements that are written together or not at all."""

GRAPH = TypeAdapter(Scenario)
EVENT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INPUT = "INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?)"
RUN = "INSERT INTO runs (session, run, started, opened) VALUES (?, ?, ?, ?)"
SESSION = "INSERT INTO sessions (id, scenario, title, started, folder, graph, screen) VALUES (?, ?, ?, ?, ?, ?, ?)"
PERSON = "INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?)"
ENDED = "UPDATE runs SET ended = ? WHERE session = ? AND run = ?"


@dataclass(frozen=True, slots=True)
class About:
    """What a session is about: its scenario as played and that scenario's folder, the people, the screen.

    `screen` is (width, height) in pixels and `wide` its width on the wall in mm (0: not measured).
    """

    folder: Path | None = None
    scenario: Scenario | None = None
    people: tuple[Person, ...] = ()
    screen: tuple[int, int] | None = None
    wide: float = 0.0


@dataclass(frozen=True, slots=True)
class RunStart:
    """Where a run begins: its number, its clock time, the UTC time then, and what went before in the session.

    `offset` is the session's clock at which the run begins, in seconds; `sequence` the last number already given.
    """

    run: int
    clock: float
    wall: datetime
    offset: float = 0.0
    sequence: int = 0


class SessionLog:
    """Writes one run of a session. Handing over never waits."""

    def __init__(self, number: int, start: RunStart, put: Callable[[Entry], None]) -> None:
        self.number = number
        self._start = start
        self._put = put
        self._sequence = start.sequence

    def write(self, fact: Fact) -> None:
        """Hand a fact over that no input led to."""
        self._put(self._fact(fact, None))

    def decided(self, event: Input, decision: Decision) -> None:
        """Hand an input over with the facts and the state that came of it: all of it is kept, or nothing."""
        self._sequence += 1
        cause = self._sequence
        fields, state = _json(plain_input(event)), _json(plain_state(decision.state))
        row = (self.number, cause, self._start.run, type(event).__name__, self._since(event.clock), fields, state)
        entry: Entry = ((INPUT, row),)
        for fact in decision.facts:
            entry += self._fact(fact, cause)
        self._put(entry)

    def _fact(self, fact: Fact, cause: int | None) -> Entry:
        self._sequence += 1
        start = self._start
        since = round(self._since(fact.clock), DECIMALS)
        wall = utc(start.wall + timedelta(seconds=since - start.offset))
        media = None if fact.media is None else round(fact.media, DECIMALS)
        where = (fact.scene, media, _json(own_fields(fact)), cause)
        row = (self.number, self._sequence, start.run, fact.kind, since, wall, *where)
        if isinstance(fact, SessionEnded):
            return (EVENT, row), (ENDED, (fact.reason, self.number, start.run))
        return ((EVENT, row),)

    def _since(self, clock: float) -> float:
        return clock - self._start.clock + self._start.offset


def session_entry(number: int, scenario: str, title: str, wall: datetime, about: About) -> Entry:
    """A new session's own row and its people's."""
    graph = None if about.scenario is None else GRAPH.dump_json(about.scenario).decode()
    folder = None if about.folder is None else str(about.folder.absolute())
    screen = None
    if about.screen is not None:
        screen = _json({"width": about.screen[0], "height": about.screen[1], "wide": about.wide})
    people: Entry = tuple(
        (PERSON, (number, place, person.part, person.name, person.role, person.body, person.consent))
        for place, person in enumerate(about.people)
    )
    return (SESSION, (number, scenario, title, utc(wall), folder, graph, screen)), *people


def run_entry(number: int, run: int, wall: datetime, opened: State | None) -> Entry:
    """A run's row: the state it begins from."""
    return ((RUN, (number, run, utc(wall), None if opened is None else _json(plain_state(opened)))),)


def utc(wall: datetime) -> str:
    """A UTC time as the record writes it."""
    return wall.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
