"""What can be counted and timed in a session: reactions, first hits, hits around a stop cue, spread of groups.

Facts only. It reads the public record (the contract's events), in their order; times are seconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from range.core.geometry import Point

Event = Mapping[str, Any]
STOP_CUES = ("stop", "complies")
"""Cues after which nobody is a threat any more."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """From one cue, while its scene was still shown: the first act and the first hit, and the seconds to each."""

    clock: float
    cue: str
    scene: str
    act: str | None
    to_act: float | None
    to_hit: float | None

    @property
    def seconds(self) -> float | None:
        """To whichever came first."""
        return min((time for time in (self.to_act, self.to_hit) if time is not None), default=None)


@dataclass(frozen=True, slots=True)
class FirstHit:
    """From a scene's first picture to the first hit in it; None where it had none."""

    clock: float
    scene: str
    hits: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class AroundStop:
    """Hits of a scene's showing before and after a cue that asks to stop."""

    clock: float
    cue: str
    scene: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one participant (or, unknown, of one colour) in one showing of a scene; at least two.

    `centre` is in screen pixels; `extreme` the largest distance between two hits, `radius` the mean distance from the
    centre, in screen pixels.
    """

    clock: float
    scene: str
    participant: str | None
    colour: str
    n: int
    centre: Point
    extreme: float
    radius: float


@dataclass(frozen=True, slots=True)
class Measures:
    """All of one session. `in_no_zone` are hits on the film outside every zone, `on_slate` those without a film."""

    reactions: tuple[Reaction, ...]
    first_hits: tuple[FirstHit, ...]
    stops: tuple[AroundStop, ...]
    groups: tuple[Group, ...]
    hits: int
    in_zones: int
    in_no_zone: int
    on_slate: int


def measure(events: Sequence[Event]) -> Measures:
    """Measure a session's events, given in the record's order."""
    shows = [_Show(start, own) for start, own in _shown(events)]
    hits = [event for event in events if event["kind"] == "hit"]
    on_film = [hit for hit in hits if hit.get("scene") is not None]
    return Measures(
        reactions=tuple(reaction for show in shows for reaction in show.reactions()),
        first_hits=tuple(show.first_hit() for show in shows),
        stops=tuple(stop for show in shows for stop in show.stops()),
        groups=tuple(group for show in shows for group in show.groups()),
        hits=len(hits),
        in_zones=sum(bool(hit["zones"]) for hit in on_film),
        in_no_zone=sum(not hit["zones"] for hit in on_film),
        on_slate=len(hits) - len(on_film),
    )


def _shown(events: Sequence[Event]) -> Iterator[tuple[Event, list[Event]]]:
    """Each showing of a scene with what happened in it. A hit that was seen late belongs to the scene it struck."""
    shows: list[tuple[Event, list[Event]]] = []
    for event in events:
        if event["kind"] == "scene_shown":
            shows.append((event, []))
            continue
        for start, own in reversed(shows[-2:]):
            if event["kind"] != "hit" or start["scene"] == event.get("scene"):
                own.append(event)
                break
    yield from shows


@dataclass(frozen=True, slots=True)
class _Show:
    start: Event
    own: list[Event]

    def reactions(self) -> Iterator[Reaction]:
        for cue in self._of("cue"):
            acts = [act for act in self._of("act") if act["clock"] >= cue["clock"]]
            hits = [hit for hit in self._of("hit") if hit["clock"] >= cue["clock"]]
            yield Reaction(
                cue["clock"],
                cue["cue"],
                self.start["scene"],
                acts[0]["act"] if acts else None,
                acts[0]["clock"] - cue["clock"] if acts else None,
                hits[0]["clock"] - cue["clock"] if hits else None,
            )

    def first_hit(self) -> FirstHit:
        hits = self._of("hit")
        after = hits[0]["clock"] - self.start["clock"] if hits else None
        return FirstHit(self.start["clock"], self.start["scene"], len(hits), after)

    def stops(self) -> Iterator[AroundStop]:
        hits = [hit["clock"] for hit in self._of("hit")]
        for cue in self._of("cue"):
            if cue["cue"] in STOP_CUES:
                before = sum(hit < cue["clock"] for hit in hits)
                yield AroundStop(cue["clock"], cue["cue"], self.start["scene"], before, len(hits) - before)

    def groups(self) -> Iterator[Group]:
        groups: dict[tuple[str | None, str], list[Point]] = {}
        for hit in self._of("hit"):
            groups.setdefault((hit["participant"], hit["colour"]), []).append((hit["x"], hit["y"]))
        for (participant, colour), points in groups.items():
            if len(points) > 1:
                centre = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
                yield Group(
                    self.start["clock"],
                    self.start["scene"],
                    participant,
                    colour,
                    len(points),
                    centre,
                    _extreme(points),
                    sum(_distance(point, centre) for point in points) / len(points),
                )

    def _of(self, kind: str) -> list[Event]:
        return [event for event in self.own if event["kind"] == kind]


def _extreme(points: Sequence[Point]) -> float:
    """The largest distance between two points; they are corners of the convex hull (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    corners = _half_hull(ordered) + _half_hull(ordered[::-1])
    return max((_distance(a, b) for a in corners for b in corners), default=0.0)


def _half_hull(ordered: Sequence[Point]) -> list[Point]:
    hull: list[Point] = []
    for x, y in ordered:
        while len(hull) > 1:
            (x0, y0), (x1, y1) = hull[-2:]
            if (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) > 0:
                break
            hull.pop()
        hull.append((x, y))
    return hull


def _distance(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)
