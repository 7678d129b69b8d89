"""The graph and the story of a scenario: every kind of fault, and no fault in a sound one."""

from dataclasses import replace

import pytest

from range.core.audit import GraphFault, audit
from range.core.scenario import Branch, Cue, Keyframe, Scenario, Scene, Zone

TRIANGLE = ((0.1, 0.1), (0.5, 0.1), (0.3, 0.5))
SQUARE = ((0.1, 0.1), (0.5, 0.1), (0.5, 0.5), (0.1, 0.5))

HANDS = Zone("hands", (Keyframe(0.0, TRIANGLE), Keyframe(4.0, TRIANGLE)))
ARRIVAL = Scene(
    "arrival",
    "arrival.mp4",
    end=8.0,
    zones=(HANDS,),
    cues=(Cue(5.0, "weapon_visible"),),
    branches=(
        Branch("intent", "talk", intent="calm"),
        Branch("hit", "wounded", zone="hands", since=5.0, until=7.0),
        Branch("timeout", "talk", after=20.0),
    ),
)
TALK = Scene("talk", "talk.mp4", ending="well")
WOUNDED = Scene("wounded", "wounded.mp4", ending="badly")


def story(*scenes: Scene, start: str = "arrival") -> Scenario:
    return Scenario("A story", start, {scene.name: scene for scene in scenes})


def told(arrival: Scene, seconds: float | None = None) -> list[GraphFault]:
    """The faults of the story with this arrival, whose clip lasts so long where that is known."""
    return list(audit(story(arrival, TALK, WOUNDED), {} if seconds is None else {"arrival.mp4": seconds}))


def with_branch(branch: Branch) -> Scene:
    return replace(ARRIVAL, branches=(*ARRIVAL.branches, branch))


def test_a_sound_story_has_no_faults() -> None:
    assert told(ARRIVAL, 8.0) == []


def test_a_start_that_is_no_scene_is_told_with_the_scene_that_was_meant() -> None:
    [fault] = audit(story(ARRIVAL, TALK, WOUNDED, start="arival"))
    assert fault.place == ("start",)
    assert fault.remedy == 'Did you mean "arrival"?'
    assert not fault.playable


def test_a_branch_to_nowhere_is_told_once_and_not_as_an_unreachable_scene_as_well() -> None:
    branches = (Branch("intent", "tallk", intent="calm"), *ARRIVAL.branches[1:2])
    [fault] = told(replace(ARRIVAL, branches=branches))
    assert fault.place == ("scenes", "arrival", "branches", 0, "to")
    assert fault.remedy == 'Did you mean "talk"?'
    assert not fault.playable


def test_a_scene_that_nobody_can_reach_is_told() -> None:
    [fault] = audit(story(ARRIVAL, TALK, WOUNDED, Scene("lost", "lost.mp4", ending="open")))
    assert fault.place == ("scenes", "lost")


@pytest.mark.parametrize(
    "branch",
    [
        Branch("intent", "wounded", intent="calm"),
        Branch("timeout", "wounded", after=30.0),
        Branch("hit", "talk", zone="hands", since=6.0, until=9.0),
    ],
)
def test_two_branches_on_one_trigger_are_told_at_the_second(branch: Branch) -> None:
    [fault] = told(with_branch(branch))
    assert fault.place == ("scenes", "arrival", "branches", 3)
    assert "branch 4" in fault.message


@pytest.mark.parametrize(
    "branch",
    [
        Branch("act", "talk", act="radio"),
        Branch("hit", "talk", zone="hands", since=0.0, until=5.0),
        Branch("hit", "talk", zone="hands", count=2, since=5.0),
        Branch("operator", "talk"),
        Branch("end", "talk"),
    ],
)
def test_branches_that_differ_in_what_they_wait_for_are_sound(branch: Branch) -> None:
    assert told(with_branch(branch)) == []


def test_one_intent_may_lead_on_in_every_scene() -> None:
    middle = Scene("middle", "m.mp4", branches=(Branch("intent", "talk", intent="calm"),))
    first = replace(ARRIVAL, branches=(Branch("intent", "middle", intent="calm"),))
    assert list(audit(story(first, middle, TALK))) == []


def test_a_hit_in_a_zone_that_the_scene_lacks_is_told_with_the_zone_that_was_meant() -> None:
    [fault] = told(with_branch(Branch("hit", "talk", zone="hand")))
    assert fault.place == ("scenes", "arrival", "branches", 3, "zone")
    assert fault.remedy == 'Did you mean "hands"?'


@pytest.mark.parametrize(
    ("keyframes", "place"),
    [
        ((Keyframe(0.0, ((0.1, 0.1), (1.2, 0.1), (0.3, 0.5))),), (0, "polygon", 1)),
        ((Keyframe(0.0, TRIANGLE[:2]),), (0, "polygon")),
        ((Keyframe(0.0, TRIANGLE), Keyframe(1.0, SQUARE)), (1, "polygon")),
        ((Keyframe(2.0, TRIANGLE), Keyframe(1.0, TRIANGLE)), (1, "t")),
        ((Keyframe(2.0, TRIANGLE), Keyframe(2.0, TRIANGLE)), (1, "t")),
    ],
    ids=["outside the picture", "two corners", "another number of corners", "out of order", "twice the same time"],
)
def test_a_zone_that_is_no_region_of_the_film_is_told(
    keyframes: tuple[Keyframe, ...], place: tuple[str | int, ...]
) -> None:
    [fault] = told(replace(ARRIVAL, zones=(Zone("hands", keyframes),)))
    assert fault.place == ("scenes", "arrival", "zones", "hands", "keyframes", *place)


def test_cues_outside_what_the_scene_shows_are_told() -> None:
    cues = (Cue(0.5, "early"), Cue(3.0, "shown"), Cue(8.0, "late"))
    faults = told(replace(ARRIVAL, start=1.0, cues=cues))
    assert [fault.place for fault in faults] == [("scenes", "arrival", "cues", at, "t") for at in (0, 2)]


def test_what_lies_past_the_end_of_the_clip_is_told() -> None:
    faults = told(ARRIVAL, 4.5)
    assert [fault.place[2:] for fault in faults] == [("end",), ("cues", 0, "t"), ("branches", 1, "from")]


def test_an_end_rounded_up_by_less_than_a_tenth_of_a_second_is_sound() -> None:
    assert told(ARRIVAL, 7.967) == []


def test_a_scene_that_starts_at_its_end_is_told() -> None:
    faults = told(replace(ARRIVAL, start=8.0, cues=()))
    assert ("scenes", "arrival", "end") in [fault.place for fault in faults]


def test_a_window_that_closes_before_it_opens_is_told() -> None:
    [fault] = told(with_branch(Branch("hit", "talk", zone="hands", count=3, since=5.0, until=4.0)))
    assert fault.place == ("scenes", "arrival", "branches", 3, "until")


def test_a_timeout_without_a_time_is_told() -> None:
    branches = (*ARRIVAL.branches[:2], Branch("timeout", "talk"))
    [fault] = told(replace(ARRIVAL, branches=branches))
    assert fault.place == ("scenes", "arrival", "branches", 2)


def test_an_ending_with_branches_is_told() -> None:
    talk = replace(TALK, branches=(Branch("end", "arrival"),))
    [fault] = audit(story(ARRIVAL, talk, WOUNDED))
    assert fault.place == ("scenes", "talk", "ending")


def test_a_dead_end_is_told_and_not_blamed_for_ending_badly_as_well() -> None:
    [fault] = audit(story(ARRIVAL, TALK, replace(WOUNDED, ending=None)))
    assert fault.place == ("scenes", "wounded")
    assert "leads nowhere" in fault.message


def test_a_scene_from_which_nothing_can_end_well_any_more_is_told() -> None:
    chase = Scene("chase", "chase.mp4", branches=(Branch("end", "wounded"),))
    first = with_branch(Branch("intent", "chase", intent="flee"))
    [fault] = audit(story(first, TALK, WOUNDED, chase))
    assert fault.place == ("scenes", "chase")
    assert '"well"' in fault.message
    assert fault.playable


def test_scenes_that_only_lead_round_and_round_cannot_end_well() -> None:
    here = Scene("arrival", "a.mp4", branches=(Branch("end", "there"),))
    there = Scene("there", "b.mp4", branches=(Branch("end", "arrival"),))
    [fault] = audit(story(here, there))
    assert '"arrival" or "there"' in fault.message
