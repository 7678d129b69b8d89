"""The film as it was played: which scene was on the wall when, where the film stood, and what was taken back.

It reads the public record (the contract's events), in their order. Clock times are seconds on the session's clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from range.core.scenario import Scenario

Event = Mapping[str, Any]
Wall = Literal["slate", "playing", "held"]
SAME_INSTANT = 1e-6


@dataclass(frozen=True, slots=True)
class Passage:
    """One showing of a scene, from the flip of its first picture to the next scene's, or to the end.

    `back_to` is the passage (by index) whose decision it came of, None for the first; `abandoned` says that `back`
    was taken before it, so that it is no part of the path that was gone to the end.
    """

    scene: str
    clip: str
    run: int
    clock: float
    until: float
    media: float
    came_of: int | None
    abandoned: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the wall did one thing: the neutral slate, the film, or one held frame of it.

    `media` is the media time at `clock` (None before the first scene); while playing it goes on with the clock, round
    and round in a scene that loops. `passage` is an index, -1 before the first.
    """

    wall: Wall
    clock: float
    until: float
    passage: int
    media: float | None


@dataclass(frozen=True, slots=True)
class Film:
    """A whole session: its passages and stretches in order, and its length in seconds."""

    passages: tuple[Passage, ...]
    stretches: tuple[Stretch, ...]
    seconds: float


def film_of(events: Sequence[Event], graph: Scenario | None, lengths: Mapping[str, float]) -> Film:
    """What was on the wall. `lengths`: each scene's part of its clip in seconds, where known.

    Without a graph nothing is known of loops and endings, and the film goes on to the next scene.
    """
    seconds = max((event["clock"] for event in events), default=0.0)
    return Film(_passages(events, seconds), tuple(_Reel(graph, lengths, seconds).wind(events)), seconds)


def _passages(events: Sequence[Event], seconds: float) -> tuple[Passage, ...]:
    passages: list[Passage] = []
    decisions: list[int] = []  # the passages that were left by a branch and can be gone back to
    turned_from: int | None = None
    for event in events:
        match event["kind"]:
            case "scene_shown":
                if passages:
                    passages[-1] = replace(passages[-1], until=event["clock"])
                passages.append(
                    Passage(
                        event["scene"],
                        event["clip"],
                        event["run"],
                        event["clock"],
                        seconds,
                        event["media"],
                        turned_from,
                    )
                )
            case "branch" if passages:
                turned_from = len(passages) - 1
                decisions.append(turned_from)
            case "operator" if event["action"] == "back" and decisions:
                left = decisions.pop()
                passages = [
                    replace(passage, abandoned=True) if index > left else passage
                    for index, passage in enumerate(passages)
                ]
                turned_from = passages[left].came_of
    return tuple(passages)


class _Reel:
    """Follows what the wall did, event by event."""

    def __init__(self, graph: Scenario | None, lengths: Mapping[str, float], seconds: float) -> None:
        self._graph = graph
        self._lengths = lengths
        self._seconds = seconds
        self._done: list[Stretch] = []
        self._now = Stretch("slate", 0.0, seconds, -1, None)
        self._scene: str | None = None
        self._paused = False

    def wind(self, events: Sequence[Event]) -> list[Stretch]:
        """All stretches; those without any time are left out."""
        for event in events:
            clock = event["clock"]
            match event["kind"]:
                case "session_started" if event["run"] > 1:
                    self._turn("slate", clock)
                case "scene_shown":
                    wall: Wall = "held" if self._paused else "playing"
                    self._turn(wall, clock, passage=self._now.passage + 1, media=event["media"])
                    self._scene = event["scene"]
                case "cue" if self._now.wall == "playing" and event.get("media") is not None:
                    self._turn("playing", clock, media=event["media"])
                case "operator":
                    self._operated(event["action"], clock)
        self._turn("slate", self._seconds)
        return [stretch for stretch in self._done if stretch.until > stretch.clock + SAME_INSTANT]

    def _operated(self, action: str, clock: float) -> None:
        if action == "stop":
            self._turn("slate", clock)
        elif action == "pause":
            self._paused = True
            self._turn("held", clock)
        elif action in ("resume", "back"):
            self._paused = False
            if self._scene is not None:
                self._turn("playing", clock)
        elif action == "go_on" and self._scene is not None:
            self._turn("held" if self._paused else "playing", clock)

    def _turn(self, wall: Wall, clock: float, *, passage: int | None = None, media: float | None = None) -> None:
        """End the stretch that goes on, begin the next."""
        now = self._now
        reached = self._media_at(clock)
        ends = self._film_ends(now)
        if ends is not None and ends < clock:
            # The scenario's end covers the wall by itself.
            self._done.append(replace(now, until=ends))
            now = Stretch("slate", ends, clock, now.passage, reached)
        self._done.append(replace(now, until=clock))
        self._now = Stretch(
            wall,
            clock,
            self._seconds,
            now.passage if passage is None else passage,
            media if media is not None else reached,
        )

    def _media_at(self, clock: float) -> float | None:
        now = self._now
        if now.media is None or now.wall != "playing":
            return now.media
        media = now.media + clock - now.clock
        scene = None if self._graph is None or self._scene is None else self._graph.scenes.get(self._scene)
        length = self._lengths.get(self._scene or "")
        if scene is None or not length:
            return media
        if scene.at_end == "loop" and scene.ending is None:
            return scene.start + (media - scene.start) % length
        return min(media, scene.start + length)

    def _film_ends(self, now: Stretch) -> float | None:
        """When an ending's last picture has been shown, the slate covers the wall."""
        scene = None if self._graph is None or self._scene is None else self._graph.scenes.get(self._scene)
        length = self._lengths.get(self._scene or "")
        if scene is None or scene.ending is None or not length or now.wall != "playing" or now.media is None:
            return None
        return now.clock + scene.start + length - now.media
