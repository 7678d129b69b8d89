"""The summary after a session: facts, in words a person can read."""

from typing import Any

from range.app.summary_text import summary_text
from range.core.summary import summarise


def recorded() -> list[dict[str, Any]]:
    def event(kind: str, clock: float, scene: str | None = None, media: float = 0.0, **own: Any) -> dict[str, Any]:
        where = {} if scene is None else {"scene": scene, "media": media}
        return {"kind": kind, "clock": clock, "wall": "", "run": 1, **where, **own}

    return [
        event("session_started", 0.0, scenario="noise", participants=["Ada"]),
        event("scene_shown", 1.0, "arrival", clip="a.mp4"),
        event("cue", 3.0, "arrival", 2.0, cue="weapon_visible"),
        event("act", 4.5, "arrival", 3.5, act="command given"),
        event("hit", 5.0, "arrival", 4.0, zones=["hands"], colour="red"),
        event("branch", 6.0, "arrival", 5.0, **{"from": "arrival", "to": "shout", "trigger": "intent", "by": "keypad"}),
        event("scene_shown", 6.1, "shout", clip="b.mp4"),
        event("operator", 8.0, "shout", 1.9, action="back"),
        event("scene_shown", 8.1, "arrival", clip="a.mp4"),
        event("cue", 10.1, "arrival", 2.0, cue="weapon_visible"),
        event("flag", 11.0, "arrival", 2.9, flag=1, note=None),
        event("fault", 12.0, device="camera", state="lost", reason="unplugged"),
        event("session_ended", 13.0, reason="completed"),
    ]


def test_the_path_keeps_what_was_taken_back() -> None:
    path = summarise(recorded()).path
    assert [(step.scene, step.left_by) for step in path] == [
        ("arrival", "intent, by keypad"),
        ("shout", "taken back"),
        ("arrival", None),
    ]


def test_reactions_run_from_the_cue_to_the_first_act_or_hit() -> None:
    first, second = summarise(recorded()).reactions
    assert (first.cue, first.first, first.seconds) == ("weapon_visible", "command given", 1.5)
    assert (second.first, second.seconds) == (None, None)


def test_two_cues_before_one_act_are_both_answered_by_it() -> None:
    events = recorded()
    events.insert(3, {**events[2], "clock": 4.0, "cue": "threat_visible"})
    first, second, _ = summarise(events).reactions
    assert (first.seconds, second.seconds) == (1.5, 0.5)


def test_the_text_says_everything_a_person_asks_first() -> None:
    text = summary_text(7, summarise(recorded()))
    for words in (
        "Session 7: noise with Ada",
        "red, hands, in arrival at 4.00 s",
        "weapon visible in arrival: command given after 1.50 s",
        "weapon visible in arrival: nothing recorded",
        "flag 1 in arrival",
        "camera lost: unplugged",
        "Ended: completed",
    ):
        assert words in text


def test_a_session_cut_off_is_called_interrupted() -> None:
    assert "Ended: interrupted" in summary_text(1, summarise(recorded()[:3]))
