"""Replay: the inputs of a recorded session through the same rules, compared with what the record says came of them.

`decide` is pure, so every difference is a finding: the record is damaged, or the rules have changed since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from range.core import events as e
from range.core.plain import plain_state
from range.core.rules import State, decide

DECIMALS = 6
"""Clock and media times of facts are kept to so many decimals of a second."""


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A fact as the record has it: the kind and all its fields under their public names."""

    kind: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordedInput:
    """One input, the facts that came of it, and the state (plain) that it led to."""

    event: e.Input
    facts: tuple[RecordedFact, ...]
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One run of a session: the state it began from, and its inputs in the order in which they were decided."""

    number: int
    opened: State
    inputs: tuple[RecordedInput, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where a replay ended, how many inputs it took, and every difference in words."""

    state: State
    inputs: int
    differences: tuple[str, ...]


def replay(runs: Sequence[RecordedRun]) -> Replayed:
    """Feed each run's inputs through `decide`; `runs` holds one at least, the first first."""
    differences: list[str] = []
    state = runs[0].opened
    count = 0
    for run in runs:
        state = run.opened
        for number, recorded in enumerate(run.inputs, start=1):
            count += 1
            decision = decide(state, recorded.event)
            state = decision.state
            place = (
                f"run {run.number}, input {number} ({type(recorded.event).__name__} at {recorded.event.clock:.3f} s)"
            )
            facts = tuple(plain_fact(fact) for fact in decision.facts)
            if facts != recorded.facts:
                differences.append(f"{place}: recorded {_told(recorded.facts)}, replayed {_told(facts)}")
            reached = plain_state(state)
            differences += [
                f"{place}: {name} is {reached.get(name)!r}, recorded was {recorded.state.get(name)!r}"
                for name in sorted(reached.keys() | recorded.state.keys())
                if reached.get(name) != recorded.state.get(name)
            ]
    return Replayed(state, count, tuple(differences))


def plain_fact(fact: e.Fact) -> RecordedFact:
    """A fact as the record keeps it."""
    media = None if fact.media is None else round(fact.media, DECIMALS)
    own = {name: list(value) if isinstance(value, tuple) else value for name, value in e.own_fields(fact).items()}
    return RecordedFact(fact.kind, {"clock": round(fact.clock, DECIMALS), "scene": fact.scene, "media": media, **own})


def _told(facts: tuple[RecordedFact, ...]) -> str:
    return ", ".join(f"{fact.kind} {fact.fields}" for fact in facts) or "nothing"
