"""The scenario graph: what the film can become. Read-only values; nothing here opens a file.

Times are media seconds in the scene's clip; polygons are in 0-1 of the displayed clip's width and height.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from range.core.geometry import Point, inside

Trigger = Literal["intent", "hit", "end", "timeout", "act", "operator"]
AtEnd = Literal["loop", "hold"]
Ending = Literal["well", "badly", "open"]


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A zone's outline at one media time `t`, as (u, v) corners."""

    t: float
    polygon: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Zone:
    """A named region of the film. Between two keyframes every corner moves straight; outside them it rests."""

    name: str
    keyframes: tuple[Keyframe, ...]

    def polygon_at(self, media: float) -> tuple[Point, ...]:
        """The outline at a media time in seconds."""
        after = bisect_right([key.t for key in self.keyframes], media)
        if after == 0:
            return self.keyframes[0].polygon
        before = self.keyframes[after - 1]
        if after == len(self.keyframes):
            return before.polygon
        following = self.keyframes[after]
        share = (media - before.t) / (following.t - before.t)
        return tuple(
            (u0 + (u1 - u0) * share, v0 + (v1 - v0) * share)
            for (u0, v0), (u1, v1) in zip(before.polygon, following.polygon, strict=True)
        )

    def holds(self, u: float, v: float, media: float) -> bool:
        """Whether the clip position (u, v) lies in the zone at a media time."""
        return inside(self.polygon_at(media), u, v)


@dataclass(frozen=True, slots=True)
class Cue:
    """A marked moment of the film from which reaction times run."""

    t: float
    kind: str


@dataclass(frozen=True, slots=True)
class Branch:
    """An edge of the graph: what has to happen, and the scene it leads to.

    `intent`, `zone`, `act`, `name` belong to the triggers intent, hit, act, operator; `after` (seconds, not counting
    pauses) to timeout; `count`, `since`, `until` (media seconds in which a hit counts) to hit.
    """

    on: Trigger
    to: str
    label: str = ""
    intent: str = ""
    zone: str = ""
    act: str = ""
    name: str = ""
    after: float = 0.0
    count: int = 1
    since: float = 0.0
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One node of the graph: a clip, or the part of it from `start` to `end` (None: the clip's own end)."""

    name: str
    clip: str
    start: float = 0.0
    end: float | None = None
    at_end: AtEnd = "hold"
    ending: Ending | None = None
    captions: Mapping[str, str] = field(default_factory=dict)
    perspectives: Mapping[str, str] = field(default_factory=dict)
    zones: tuple[Zone, ...] = ()
    cues: tuple[Cue, ...] = ()
    branches: tuple[Branch, ...] = ()

    def zones_at(self, u: float, v: float, media: float) -> tuple[str, ...]:
        """Names of the zones that hold the clip position (u, v) at a media time, in the file's order."""
        return tuple(zone.name for zone in self.zones if zone.holds(u, v, media))


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole story: its scenes by name and the one it starts with."""

    title: str
    start: str
    scenes: Mapping[str, Scene]
    warnings: tuple[str, ...] = ()
