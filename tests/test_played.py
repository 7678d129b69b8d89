"""The film as it was played, from the record alone."""

from typing import Any

import pytest

from range.core.played import Film, film_of
from range.core.scenario import Branch, Scenario, Scene

GRAPH = Scenario(
    "Test",
    "a",
    {
        "a": Scene("a", "a.mp4", at_end="loop", branches=(Branch("intent", "b", intent="calm"),)),
        "b": Scene("b", "b.mp4", at_end="hold", branches=(Branch("intent", "c", intent="calm"),)),
        "c": Scene("c", "c.mp4", ending="well"),
    },
)
LENGTHS = {"a": 2.0, "b": 2.0, "c": 2.0}


def event(kind: str, clock: float, *, run: int = 1, **own: Any) -> dict[str, Any]:
    return {"kind": kind, "clock": clock, "run": run, **own}


def shown(clock: float, scene: str) -> dict[str, Any]:
    return event("scene_shown", clock, scene=scene, media=0.0, clip=f"{scene}.mp4")


def branch(clock: float) -> dict[str, Any]:
    return event("branch", clock, scene="a", media=0.0)


def operator(clock: float, action: str) -> dict[str, Any]:
    return event("operator", clock, action=action)


def film(*events: dict[str, Any]) -> Film:
    return film_of(events, GRAPH, LENGTHS)


def walls(played: Film) -> list[tuple[str, float, float]]:
    return [(stretch.wall, stretch.clock, stretch.until) for stretch in played.stretches]


START = (event("session_started", 0.0), operator(1.0, "go_on"), shown(1.0, "a"))


def test_before_the_first_scene_and_while_stopped_there_is_the_slate() -> None:
    played = film(*START, operator(3.0, "stop"), operator(4.0, "go_on"), event("session_ended", 5.0))
    assert walls(played) == [("slate", 0, 1), ("playing", 1, 3), ("slate", 3, 4), ("playing", 4, 5)]
    assert [stretch.media for stretch in played.stretches] == [None, 0.0, 0.0, 0.0]  # a loop of two seconds


def test_a_pause_holds_its_frame_and_the_film_goes_on_from_it() -> None:
    played = film(*START, operator(2.5, "pause"), operator(9.0, "resume"), event("session_ended", 10.0))
    assert walls(played)[1:] == [("playing", 1, 2.5), ("held", 2.5, 9), ("playing", 9, 10)]
    assert [stretch.media for stretch in played.stretches][2:] == [1.5, 1.5]


def test_a_stop_in_a_pause_comes_back_to_the_pause() -> None:
    played = film(*START, operator(2, "pause"), operator(3, "stop"), operator(4, "go_on"), event("session_ended", 5))
    assert [wall for wall, _, _ in walls(played)] == ["slate", "playing", "held", "slate", "held"]


def test_an_endings_last_frame_gives_way_to_the_slate_by_itself() -> None:
    played = film(*START, branch(2.0), shown(2.1, "c"), event("session_ended", 9.0))
    assert walls(played)[-2:] == [("playing", 2.1, pytest.approx(4.1)), ("slate", pytest.approx(4.1), 9.0)]


def test_what_back_was_taken_from_is_abandoned_and_no_more() -> None:
    played = film(
        *START, branch(2.0), shown(2.1, "b"), branch(3.0), shown(3.1, "c"), operator(4.0, "back"), shown(4.1, "b"),
        operator(5.0, "back"), shown(5.1, "a"), branch(6.0), shown(6.1, "b"), event("session_ended", 7.0),
    )  # fmt: skip
    assert [(passage.scene, passage.abandoned) for passage in played.passages] == [
        ("a", False),
        ("b", True),
        ("c", True),
        ("b", True),
        ("a", False),
        ("b", False),
    ]
    assert [passage.came_of for passage in played.passages] == [None, 0, 1, 0, None, 4]


def test_a_cues_frame_puts_the_film_right() -> None:
    cue = event("cue", 1.53, scene="a", media=0.5, cue="stop")
    played = film(*START, cue, event("session_ended", 2.0))
    assert (played.stretches[-1].clock, played.stretches[-1].media) == (1.53, 0.5)


def test_a_resumed_session_begins_its_next_run_on_the_slate() -> None:
    again = (event("session_started", 3.0, run=2), operator(4.0, "go_on"), {**shown(4.0, "a"), "run": 2})
    played = film(*START, *again, event("session_ended", 5.0, run=2))
    assert walls(played)[2] == ("slate", 3.0, 4.0)
    assert [passage.run for passage in played.passages] == [1, 2]


def test_without_a_graph_or_anything_shown_it_still_says_what_there_was() -> None:
    assert film_of([], None, {}).seconds == 0
    played = film_of([*START, event("session_ended", 20.0)], None, {})
    assert played.stretches[-1].media == 0.0
    assert played.stretches[-1].until == 20.0
