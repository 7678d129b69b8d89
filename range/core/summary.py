"""A session's facts in short: the path taken, hits, reactions from cues, flags and acts. Facts only, no verdict.

It reads the public record (the contract's events), so that a recorded session and a running one are summed up alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One scene of the path: when it began, and the branch that led on from it (None: it was left otherwise)."""

    clock: float
    scene: str
    left_by: str | None


@dataclass(frozen=True, slots=True)
class HitLine:
    """One hit: its time in the session, scene and media time (None where nothing was visible), zones, colour."""

    clock: float
    scene: str | None
    media: float | None
    zones: tuple[str, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the participant did first after a cue: an act or a hit, and the seconds between; None for nothing."""

    clock: float
    cue: str
    scene: str
    first: str | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A flag, an act or a device's fault, in words."""

    clock: float
    text: str


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A time while the scenario was played in which hits were not counted: when it began, its seconds, and why."""

    clock: float
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One session in short."""

    scenario: str
    participants: tuple[str, ...]
    path: tuple[Step, ...]
    hits: tuple[HitLine, ...]
    reactions: tuple[Reaction, ...]
    acts: tuple[Mark, ...]
    flags: tuple[Mark, ...]
    faults: tuple[Mark, ...]
    ended: str | None
    uncounted: tuple[Uncounted, ...] = ()


def summarise(events: Sequence[Event]) -> Summary:
    """Sum up one session's events, given in the order of their clock."""
    started = next((event for event in events if event["kind"] == "session_started"), {})
    ended = [event["reason"] for event in events if event["kind"] == "session_ended"]
    return Summary(
        scenario=started.get("scenario", ""),
        participants=tuple(started.get("participants", ())),
        path=_path(events),
        hits=tuple(
            HitLine(event["clock"], event.get("scene"), event.get("media"), tuple(event["zones"]), event["colour"])
            for event in _of_kind(events, "hit")
        ),
        reactions=_reactions(events),
        acts=tuple(Mark(event["clock"], event["act"]) for event in _of_kind(events, "act")),
        flags=tuple(
            Mark(event["clock"], f"flag {event['flag']}" + (f" in {event['scene']}" if event.get("scene") else ""))
            for event in _of_kind(events, "flag")
        ),
        faults=tuple(
            Mark(event["clock"], f"{event['device']} {event['state']}: {event['reason']}")
            for event in _of_kind(events, "fault")
            if event["device"] != "hits"
        ),
        ended=ended[-1] if ended else None,
        uncounted=_uncounted(events),
    )


def _of_kind(events: Sequence[Event], kind: str) -> list[Event]:
    return [event for event in events if event["kind"] == kind]


def _uncounted(events: Sequence[Event]) -> tuple[Uncounted, ...]:
    """The spans that the faults of the device `hits` open and close; the last may be open to the end."""
    spans: list[Uncounted] = []
    began: tuple[float, str] | None = None
    for event in events:
        of_hits = event["kind"] == "fault" and event["device"] == "hits"
        ends = event["kind"] == "session_ended" or event is events[-1]
        if began is not None and (of_hits or ends):
            spans.append(Uncounted(began[0], event["clock"] - began[0], began[1]))
            began = None
        if of_hits and event["state"] == "not counted":
            began = event["clock"], event["reason"]
    return tuple(spans)


def _path(events: Sequence[Event]) -> tuple[Step, ...]:
    steps: list[Step] = []
    for event in events:
        if event["kind"] == "scene_shown":
            steps.append(Step(event["clock"], event["scene"], None))
        elif event["kind"] == "branch" and steps:
            steps[-1] = Step(steps[-1].clock, steps[-1].scene, f"{event['trigger']}, by {event['by']}")
        elif event["kind"] == "operator" and event["action"] == "back" and steps:
            steps[-1] = Step(steps[-1].clock, steps[-1].scene, steps[-1].left_by or "taken back")
    return tuple(steps)


def _reactions(events: Sequence[Event]) -> tuple[Reaction, ...]:
    """For each cue the first act or hit that follows it while its scene is still shown."""
    reactions: list[Reaction] = []
    open_since = 0
    for event in events:
        if event["kind"] == "scene_shown":
            open_since = len(reactions)
        elif event["kind"] == "cue":
            reactions.append(Reaction(event["clock"], event["cue"], event["scene"], None, None))
        elif event["kind"] in ("act", "hit"):
            did = event["act"] if event["kind"] == "act" else "hit"
            for index in range(open_since, len(reactions)):
                cue = reactions[index]
                if cue.first is None:
                    reactions[index] = replace(cue, first=did, seconds=event["clock"] - cue.clock)
    return tuple(reactions)
