"""What the instructor's keys, the participant's hits and the film's own end make of a session."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from range.core import commands as c
from range.core import events as e
from range.core.rules import State, decide, open_intents
from range.core.scenario import Branch, Cue, Keyframe, Scenario, Scene, Zone

HANDS = Zone("hands", (Keyframe(0.0, ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6))),))


def story() -> Scenario:
    """Arrival leads to talk, shout, wounded, silence or cover; talk ends well, the others badly or open."""
    arrival = Scene(
        "arrival",
        "arrival.mp4",
        at_end="loop",
        zones=(HANDS,),
        cues=(Cue(2.0, "weapon_visible"),),
        branches=(
            Branch("intent", "talk", intent="calm"),
            Branch("intent", "shout", intent="argue"),
            Branch("hit", "wounded", zone="hands", count=2, since=1.0, until=5.0),
            Branch("timeout", "silence", after=20.0),
            Branch("act", "cover", act="cover"),
            Branch("operator", "silence", name="lights out"),
        ),
    )
    shout = Scene("shout", "shout.mp4", branches=(Branch("end", "talk"),))
    endings = [Scene(name, f"{name}.mp4", ending="well") for name in ("talk", "wounded", "silence", "cover")]
    return Scenario("Test", "arrival", {scene.name: scene for scene in (arrival, shout, *endings)})


@dataclass
class Session:
    """A session under test: tell it what happens, ask what it made of it."""

    state: State = field(default_factory=lambda: State(story()))
    facts: list[e.Fact] = field(default_factory=list)
    commands: list[c.Command] = field(default_factory=list)
    clock: float = 100.0
    media: float = 0.0

    def _happens(self, event: e.Input) -> None:
        decision = decide(self.state, event)
        self.state = decision.state
        self.facts.extend(decision.facts)
        self.commands = list(decision.commands)
        for command in decision.commands:
            if isinstance(command, c.ShowScene):
                self.ordered = command.scene

    ordered: str | None = None

    @property
    def visible(self) -> e.Visible | None:
        scene = self.state.scene
        return e.Visible(scene, f"{scene}.mp4", self.media) if scene else None

    def presses(self, meaning: e.Meaning | None, key: str = "k") -> None:
        self.clock += 1
        self._happens(e.KeyPressed(self.clock, key, "keypad", meaning, self.visible))

    def wants(self, intent: str) -> None:
        self.presses(e.Intent(intent))

    def operates(self, action: e.OperatorKey) -> None:
        self.presses(e.Operate(action))

    def the_wall_shows_it(self) -> None:
        assert self.ordered is not None
        self.clock += 0.1
        self.media = 0.0
        self._happens(e.FirstFrame(self.clock, e.Visible(self.ordered, f"{self.ordered}.mp4", 0.0)))

    def has_begun(self) -> "Session":
        self.operates("go_on")
        self.the_wall_shows_it()
        return self

    def is_hit(self, u: float, v: float, *, media: float, scene: str | None = None) -> None:
        where = scene or self.state.scene
        assert where is not None
        self.clock += 0.5
        visible = e.Visible(where, f"{where}.mp4", media)
        self._happens(e.HitSeen(self.clock, u * 1280, v * 720, u, v, "red", 10.0, 10.0, visible=visible))

    def clip_ends(self) -> None:
        assert self.state.scene is not None
        self._happens(e.ClipEnded(self.clock, self.state.scene, self.visible))

    def last_key(self) -> e.Key:
        return [fact for fact in self.facts if isinstance(fact, e.Key)][-1]

    def branches(self) -> list[tuple[str, str, str, str]]:
        return [(f.from_, f.to, f.trigger, f.by) for f in self.facts if isinstance(f, e.BranchTaken)]

    def did(self) -> list[str]:
        return [fact.action for fact in self.facts if isinstance(fact, e.Operated)]


def test_the_slate_stays_until_the_instructor_starts() -> None:
    session = Session()
    session.wants("calm")
    assert session.last_key().reason == "the session has not begun"
    session.operates("go_on")
    assert session.commands == [c.LiftSlate(), c.ShowScene("arrival")]


def test_an_intent_takes_its_branch() -> None:
    session = Session().has_begun()
    session.wants("calm")
    assert session.branches() == [("arrival", "talk", "intent", "keypad")]
    assert session.last_key().accepted


def test_an_intent_without_a_branch_is_refused_with_the_reason() -> None:
    session = Session().has_begun()
    session.wants("flee")
    assert not session.last_key().accepted
    assert session.last_key().reason == "the scene arrival has no branch for flee"
    assert session.branches() == []


def test_a_second_press_while_the_film_is_turning_is_refused() -> None:
    session = Session().has_begun()
    session.wants("calm")
    session.wants("argue")
    assert session.last_key().reason == "the film is already turning"
    assert len(session.branches()) == 1


@pytest.mark.parametrize("meaning", [e.Intent("calm"), e.Choice(1), e.Act("cover")])
def test_a_press_from_before_the_scenes_first_flip_does_not_turn_it(meaning: e.Meaning) -> None:
    session = Session().has_begun()
    session.wants("argue")
    session.the_wall_shows_it()
    session.operates("back")
    session.the_wall_shows_it()
    before = e.Visible("shout", "shout.mp4", 3.0)
    session._happens(e.KeyPressed(session.clock - 0.01, "k", "keypad", meaning, before))
    assert session.branches() == [("arrival", "shout", "intent", "keypad")]
    if not isinstance(meaning, e.Act):
        assert session.last_key().reason == "it was pressed before the scene arrival was shown"


def test_a_press_from_before_the_first_scene_is_refused() -> None:
    session = Session().has_begun()
    session._happens(e.KeyPressed(session.clock - 0.01, "k", "keypad", e.Intent("calm"), None))
    assert session.last_key().reason == "it was pressed before the scene arrival was shown"


def test_a_key_without_meaning_is_recorded_and_refused() -> None:
    session = Session().has_begun()
    session.presses(None, "q")
    assert session.last_key() == e.Key(
        clock=session.clock,
        scene="arrival",
        media=0.0,
        key="q",
        intent=None,
        source="keypad",
        accepted=False,
        reason="this key has no meaning in the configuration",
    )


def test_a_hit_branch_waits_for_its_count() -> None:
    session = Session().has_begun()
    session.is_hit(0.5, 0.5, media=2.0)
    assert session.branches() == []
    session.is_hit(0.5, 0.5, media=3.0)
    assert session.branches() == [("arrival", "wounded", "hit", "participant")]


@pytest.mark.parametrize("media", [0.9, 5.1])
def test_a_hit_outside_its_window_is_scored_but_does_not_count(media: float) -> None:
    session = Session().has_begun()
    session.is_hit(0.5, 0.5, media=media)
    session.is_hit(0.5, 0.5, media=media)
    assert session.branches() == []
    assert [fact.zones for fact in session.facts if isinstance(fact, e.Hit)] == [("hands",), ("hands",)]


def test_a_hit_on_a_scene_already_left_is_scored_there_and_never_turns_the_film() -> None:
    session = Session().has_begun()
    session.is_hit(0.5, 0.5, media=2.0)
    session.wants("argue")
    session.the_wall_shows_it()
    session.is_hit(0.5, 0.5, media=2.5, scene="arrival")
    hit = session.facts[-1]
    assert isinstance(hit, e.Hit)
    assert (hit.scene, hit.zones) == ("arrival", ("hands",))
    assert len(session.branches()) == 1


def test_hits_are_counted_anew_when_a_scene_comes_again() -> None:
    session = Session().has_begun()
    session.is_hit(0.5, 0.5, media=2.0)
    session.wants("argue")
    session.the_wall_shows_it()
    session.operates("back")
    session.the_wall_shows_it()
    session.is_hit(0.5, 0.5, media=2.0)
    assert len(session.branches()) == 1


def test_a_clips_end_leads_on_where_the_scene_says_so() -> None:
    session = Session().has_begun()
    session.wants("argue")
    session.the_wall_shows_it()
    session.clip_ends()
    assert session.branches()[-1] == ("shout", "talk", "end", "clip")


def test_an_ending_leads_to_the_slate_and_silence() -> None:
    session = Session().has_begun()
    session.wants("calm")
    session.the_wall_shows_it()
    session.clip_ends()
    assert session.state.phase == "ended"
    assert c.ShowSlate("ended") in session.commands


def test_a_timeout_takes_its_branch_unless_the_scene_was_left() -> None:
    session = Session().has_begun()
    assert c.StartTimeout("arrival", 3, 20.0) in session.commands
    late = e.TimeoutDue(session.clock, "arrival", 3, session.visible)
    assert decide(session.state, late).state.cutting_to == "silence"
    session.wants("argue")
    session.the_wall_shows_it()
    assert decide(session.state, late).facts == ()


def test_an_act_is_logged_and_turns_the_film_only_where_the_scene_has_a_branch_for_it() -> None:
    session = Session().has_begun()
    session.presses(e.Act("radio"))
    assert session.branches() == []
    session.presses(e.Act("cover"))
    assert session.branches() == [("arrival", "cover", "act", "keypad")]
    assert [fact.act for fact in session.facts if isinstance(fact, e.ActSeen)] == ["radio", "cover"]


def test_the_operators_choice_takes_the_scenes_operator_branch() -> None:
    session = Session().has_begun()
    session.presses(e.Choice(2))
    assert not session.last_key().accepted
    session.presses(e.Choice(1))
    assert session.branches() == [("arrival", "silence", "operator", "keypad")]


def test_stop_always_works_and_nothing_moves_until_the_operator_goes_on() -> None:
    session = Session().has_begun()
    session.wants("calm")
    session.operates("stop")
    assert {c.ShowSlate("stopped"), c.HoldFilm(), c.RelaysOff()} <= set(session.commands)
    session.wants("argue")
    assert session.last_key().reason == "the range is stopped"
    session.operates("go_on")
    assert session.commands[:2] == [c.LiftSlate(), c.ResumeFilm()]
    assert session.did() == ["go_on", "stop", "go_on"]


def test_stop_before_the_start_returns_to_the_ready_slate() -> None:
    session = Session()
    session.operates("stop")
    session.operates("go_on")
    assert session.state.phase == "ready"
    assert not session.state.stopped
    session.operates("go_on")
    assert session.ordered == "arrival"


def test_stop_in_a_pause_goes_on_in_the_pause() -> None:
    session = Session().has_begun()
    session.operates("pause")
    session.operates("stop")
    session.operates("go_on")
    assert session.state.phase == "paused"
    assert c.ResumeFilm() not in session.commands


def test_pause_holds_and_pause_again_resumes() -> None:
    session = Session().has_begun()
    session.operates("pause")
    assert c.HoldFilm() in session.commands
    session.wants("calm")
    assert session.last_key().reason == "the film is paused"
    session.operates("pause")
    assert c.ResumeFilm() in session.commands
    assert session.did() == ["go_on", "pause", "resume"]


def test_back_returns_to_the_last_decision_and_the_abandoned_path_stays() -> None:
    session = Session().has_begun()
    session.wants("argue")
    session.the_wall_shows_it()
    session.operates("back")
    assert session.ordered == "arrival"
    session.the_wall_shows_it()
    session.wants("calm")
    assert [branch[:2] for branch in session.branches()] == [("arrival", "shout"), ("arrival", "talk")]


def test_back_without_an_earlier_decision_is_refused() -> None:
    session = Session().has_begun()
    session.operates("back")
    assert session.last_key().reason == "there is no earlier decision to go back to"


def test_back_after_the_end_tries_the_other_way() -> None:
    session = Session().has_begun()
    session.wants("calm")
    session.the_wall_shows_it()
    session.clip_ends()
    session.operates("back")
    assert session.ordered == "arrival"
    assert c.LiftSlate() in session.commands


def test_one_press_after_the_end_starts_the_same_scenario_for_the_next_participant() -> None:
    session = Session().has_begun()
    session.wants("calm")
    session.the_wall_shows_it()
    session.clip_ends()
    session.operates("go_on")
    assert c.NextSession() in session.commands
    assert isinstance(session.facts[-1], e.SessionEnded)
    assert session.state == State(session.state.scenario)


def test_flags_are_numbered_and_never_refused() -> None:
    session = Session()
    session.operates("flag")
    session.has_begun()
    session.operates("flag")
    assert [fact.flag for fact in session.facts if isinstance(fact, e.Flagged)] == [1, 2]


def test_the_open_intents_are_those_that_would_be_taken() -> None:
    session = Session()
    assert open_intents(session.state) == frozenset()
    session.has_begun()
    assert open_intents(session.state) == {"calm", "argue"}
    session.operates("pause")
    assert open_intents(session.state) == frozenset()


MEANINGS = st.sampled_from(
    [
        *(e.Intent(name) for name in ("calm", "argue", "flee")),
        *(e.Operate(action) for action in ("stop", "go_on", "pause", "back", "next", "flag")),
        e.Act("cover"),
        e.Choice(1),
        None,
    ]
)


def play(presses: Sequence[e.Meaning | None]) -> Session:
    """A session in which every ordered scene is shown at once."""
    session = Session()
    for meaning in presses:
        session.presses(meaning)
        if session.state.cutting_to is not None and not session.state.stopped:
            session.ordered = session.state.cutting_to
            session.the_wall_shows_it()
    return session


@given(st.lists(MEANINGS, max_size=30))
def test_every_press_is_recorded_once_and_the_same_presses_give_the_same_session(
    presses: list[e.Meaning | None],
) -> None:
    session = play(presses)
    assert sum(isinstance(fact, e.Key) for fact in session.facts) == len(presses)
    assert play(presses).facts == session.facts


@given(st.lists(MEANINGS, max_size=30))
def test_after_stop_nothing_but_go_on_and_next_moves_the_film(presses: list[e.Meaning | None]) -> None:
    session = play(presses)
    session.operates("stop")
    for meaning in (e.Intent("calm"), e.Operate("pause"), e.Operate("back"), e.Act("cover"), e.Choice(1)):
        session.presses(meaning)
        assert not any(isinstance(command, c.ShowScene | c.ResumeFilm | c.LiftSlate) for command in session.commands)
