"""A participant's sessions side by side: how many, the middle, and how far they lie apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from range.core.measures import measure

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spread:
    """Several values of one thing: how many, the median, the lowest and the highest (None where there is none)."""

    n: int
    median: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class SessionOfOne:
    """What one session recorded of one participant.

    `alone` says that nobody else took part; else reactions may be anybody's, and only hits that are known to be
    theirs are counted. `reactions` are seconds to the first act or hit after each cue that had one; `cues` how many
    cues were shown; `extremes` the largest distance in each of their groups of hits, in screen pixels.
    """

    hits: int
    in_zones: int
    cues: int
    reactions: Spread
    extremes: Spread
    alone: bool


def spread_of(values: Sequence[float]) -> Spread:
    """Sum several values up."""
    return Spread(len(values), median(values), min(values), max(values)) if values else Spread(0)


def session_of(participant: str, events: Sequence[Event]) -> SessionOfOne | None:
    """What a session recorded of a participant; None where they took no part."""
    started = next((event for event in events if event["kind"] == "session_started"), None)
    if started is None or participant not in started["participants"]:
        return None
    alone = len(started["participants"]) == 1
    theirs = [event for event in events if event["kind"] != "hit" or alone or event["participant"] == participant]
    measures = measure(theirs)
    return SessionOfOne(
        hits=measures.hits - measures.on_slate,
        in_zones=measures.in_zones,
        cues=len(measures.reactions),
        reactions=spread_of([r.seconds for r in measures.reactions if r.seconds is not None]),
        extremes=spread_of([group.extreme for group in measures.groups]),
        alone=alone,
    )
