"""The rules of a session: `decide(state, event) -> Decision`. Pure: the same events always give the same session."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypedDict, assert_never

from range.core import events as e
from range.core.commands import (
    CancelTimeouts,
    Command,
    HoldFilm,
    LiftSlate,
    LightIntents,
    NextSession,
    RelaysOff,
    ResumeFilm,
    ShowScene,
    ShowSlate,
    StartTimeout,
)
from range.core.scenario import Branch, Scenario, Scene

Phase = Literal["ready", "playing", "paused", "ended"]


@dataclass(frozen=True, slots=True)
class State:
    """Where a session is.

    `scene` is the one on the wall (under the slate, where there is one), `cutting_to` the one that has been ordered but
    not yet shown. `stopped` lies over any phase. `decisions` are the scenes left by a branch, oldest first; `hits`
    counts per index of the current scene's branches.
    """

    scenario: Scenario
    phase: Phase = "ready"
    stopped: bool = False
    scene: str | None = None
    cutting_to: str | None = None
    decisions: tuple[str, ...] = ()
    hits: Mapping[int, int] = field(default_factory=dict)
    flags: int = 0

    @property
    def current(self) -> Scene | None:
        """The scene that rules apply to now, None before the first and while the film is turning."""
        return self.scenario.scenes[self.scene] if self.scene is not None and self.cutting_to is None else None


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one event: the new state, what the record keeps of it, what the range has to do."""

    state: State
    facts: tuple[e.Fact, ...] = ()
    commands: tuple[Command, ...] = ()

    def then(self, other: "Decision") -> "Decision":
        """This decision followed by another made from its state."""
        return Decision(other.state, self.facts + other.facts, self.commands + other.commands)


def why_not_steerable(state: State) -> str | None:
    """Why an intent or a choice cannot turn the film now, in words; None where it can."""
    if state.stopped:
        return "the range is stopped"
    if state.phase == "ready":
        return "the session has not begun"
    if state.phase == "paused":
        return "the film is paused"
    if state.phase == "ended":
        return "the scenario has ended"
    if state.cutting_to is not None:
        return "the film is already turning"
    return None


def open_intents(state: State) -> frozenset[str]:
    """The intents that would be taken now."""
    scene = state.current
    if scene is None or why_not_steerable(state) is not None:
        return frozenset()
    return frozenset(branch.intent for branch in scene.branches if branch.on == "intent")


def decide(state: State, event: e.Input) -> Decision:
    """Apply one event. A pure function: no clock, no device; equal arguments give equal decisions."""
    match event:
        case e.KeyPressed():
            return _pressed(state, event)
        case e.HitSeen():
            return _hit(state, event)
        case e.FirstFrame():
            return _shown(state, event)
        case e.ClipEnded():
            return _clip_ended(state, event)
        case e.TimeoutDue():
            return _timeout(state, event)
        case e.CueReached():
            return Decision(state, (e.CueShown(clock=event.clock, **_where(event.visible), cue=event.cue),))
        case e.DeviceReported(clock, device, condition, reason, visible):
            fact = e.Fault(clock=clock, **_where(visible), device=device, state=condition, reason=reason)
            return Decision(state, (fact,))
        case _:
            assert_never(event)


def _pressed(state: State, event: e.KeyPressed) -> Decision:
    match event.meaning:
        case e.Intent(name):
            return _steer(state, event, name)
        case e.Choice(number):
            return _choose(state, event, number)
        case e.Act(name):
            return _act(state, event, name)
        case e.Operate(action):
            return _operate(state, event, action)
        case None:
            return Decision(state, (_key(event, "this key has no meaning in the configuration"),))


def _hit(state: State, event: e.HitSeen) -> Decision:
    seen = event.visible
    zones: tuple[str, ...] = ()
    if seen is not None and event.u is not None and event.v is not None:
        zones = state.scenario.scenes[seen.scene].zones_at(event.u, event.v, seen.media)
    fact = e.Hit(
        clock=event.clock,
        **_where(seen),
        x=event.x,
        y=event.y,
        u=event.u,
        v=event.v,
        zones=zones,
        colour=event.colour,
        camera_x=event.camera_x,
        camera_y=event.camera_y,
        participant=event.participant,
    )
    scored = Decision(state, (fact,))
    scene = state.current
    # A hit on a scene already left is scored there and never turns the film.
    if scene is None or seen is None or seen.scene != scene.name or why_not_steerable(state) is not None:
        return scored
    hits = dict(state.hits)
    for index, branch in enumerate(scene.branches):
        if branch.on != "hit" or branch.zone not in zones or not _in_window(branch, seen.media):
            continue
        hits[index] = hits.get(index, 0) + 1
        if hits[index] >= branch.count:
            return scored.then(_take(state, branch, event.clock, seen, by="participant"))
    return scored.then(Decision(replace(state, hits=hits)))


def _shown(state: State, event: e.FirstFrame) -> Decision:
    scene = state.scenario.scenes[event.visible.scene]
    state = replace(state, scene=scene.name, cutting_to=None, hits={})
    fact = e.SceneShown(clock=event.clock, **_where(event.visible), clip=event.visible.clip)
    timeouts = tuple(
        StartTimeout(scene.name, index, branch.after)
        for index, branch in enumerate(scene.branches)
        if branch.on == "timeout"
    )
    return Decision(state, (fact,), (*timeouts, LightIntents(open_intents(state))))


def _clip_ended(state: State, event: e.ClipEnded) -> Decision:
    scene = state.current
    if scene is None or scene.name != event.scene or why_not_steerable(state) is not None:
        return Decision(state)
    for branch in scene.branches:
        if branch.on == "end":
            return _take(state, branch, event.clock, event.visible, by="clip")
    if scene.ending is not None:
        ended = replace(state, phase="ended")
        return Decision(ended, (), (CancelTimeouts(), ShowSlate("ended"), LightIntents(frozenset())))
    return Decision(state)


def _timeout(state: State, event: e.TimeoutDue) -> Decision:
    scene = state.current
    if scene is None or scene.name != event.scene or why_not_steerable(state) is not None:
        return Decision(state)
    return _take(state, scene.branches[event.branch], event.clock, event.visible, by="timer")


class _Where(TypedDict):
    scene: str | None
    media: float | None


def _where(visible: e.Visible | None) -> _Where:
    return {"scene": None, "media": None} if visible is None else {"scene": visible.scene, "media": visible.media}


def _key(event: e.KeyPressed, refused: str | None = None) -> e.Key:
    intent = event.meaning.name if isinstance(event.meaning, e.Intent) else None
    return e.Key(
        clock=event.clock,
        **_where(event.visible),
        key=event.key,
        intent=intent,
        source=event.source,
        accepted=refused is None,
        reason=refused,
    )


def _in_window(branch: Branch, media: float) -> bool:
    return branch.since <= media and (branch.until is None or media <= branch.until)


def _take(state: State, branch: Branch, clock: float, visible: e.Visible | None, by: str) -> Decision:
    left = state.scene or ""
    fact = e.BranchTaken(clock=clock, **_where(visible), from_=left, to=branch.to, trigger=branch.on, by=by)
    turning = replace(state, cutting_to=branch.to, decisions=(*state.decisions, left))
    taken = branch.intent if branch.on == "intent" else None
    return Decision(turning, (fact,), (CancelTimeouts(), ShowScene(branch.to), LightIntents(frozenset(), taken)))


def _why_refused(state: State, event: e.KeyPressed) -> str | None:
    """Why a press cannot turn the film, in words: nobody answers a scene that was not on the wall when they pressed."""
    refused, scene = why_not_steerable(state), state.current
    if refused is not None or scene is None:
        return refused
    seen = None if event.visible is None else event.visible.scene
    return None if seen == scene.name else f"it was pressed before the scene {scene.name} was shown"


def _steer(state: State, event: e.KeyPressed, intent: str) -> Decision:
    """Take the current scene's branch on an intent, or refuse the key and say why."""
    refused = _why_refused(state, event)
    scene = state.current
    if refused is not None or scene is None:
        return Decision(state, (_key(event, refused),))
    for branch in scene.branches:
        if branch.on == "intent" and branch.intent == intent:
            return Decision(state, (_key(event),)).then(_take(state, branch, event.clock, event.visible, event.source))
    return Decision(state, (_key(event, f"the scene {scene.name} has no branch for {intent}"),))


def _choose(state: State, event: e.KeyPressed, number: int) -> Decision:
    refused = _why_refused(state, event)
    scene = state.current
    if refused is not None or scene is None:
        return Decision(state, (_key(event, refused),))
    choices = [branch for branch in scene.branches if branch.on == "operator"]
    if number > len(choices):
        return Decision(state, (_key(event, f"the scene {scene.name} has no choice {number}"),))
    taken = _take(state, choices[number - 1], event.clock, event.visible, event.source)
    return Decision(state, (_key(event),)).then(taken)


def _act(state: State, event: e.KeyPressed, name: str) -> Decision:
    """An act is a fact whatever the film does; it turns the film only where the scene has a branch for it."""
    fact = e.ActSeen(clock=event.clock, **_where(event.visible), act=name)
    logged = Decision(state, (_key(event), fact))
    scene = state.current
    if scene is None or _why_refused(state, event) is not None:
        return logged
    for branch in scene.branches:
        if branch.on == "act" and branch.act == name:
            return logged.then(_take(state, branch, event.clock, event.visible, event.source))
    return logged


def _operate(state: State, event: e.KeyPressed, action: e.OperatorKey) -> Decision:
    match action:
        case "flag":
            number = state.flags + 1
            fact = e.Flagged(clock=event.clock, **_where(event.visible), flag=number)
            return Decision(replace(state, flags=number), (_key(event), fact))
        case "next" if state.phase == "ready" and not state.stopped:
            return _go_on(state, event)
        case "next":
            ended = e.SessionEnded(clock=event.clock, **_where(event.visible), reason="next participant")
            return Decision(State(state.scenario), (_key(event), ended), (CancelTimeouts(), NextSession()))
        case "stop":
            stopped = replace(state, stopped=True)
            commands = (HoldFilm(), ShowSlate("stopped"), RelaysOff(), LightIntents(frozenset()))
            return Decision(stopped, (_key(event), _operated(event, "stop")), commands)
        case "go_on":
            return _go_on(state, event)
        case "pause":
            return _pause(state, event)
        case "back":
            return _back(state, event)


def _operated(event: e.KeyPressed, action: e.OperatorAction) -> e.Operated:
    return e.Operated(clock=event.clock, **_where(event.visible), action=action)


def _go_on(state: State, event: e.KeyPressed) -> Decision:
    """Go on from wherever the session rests: after a stop, in a pause, before the start, after the end."""
    if state.stopped:
        going = replace(state, stopped=False)
        facts = (_key(event), _operated(event, "go_on"))
        if state.phase in ("ready", "ended"):
            return Decision(going, facts, (ResumeFilm(), ShowSlate(state.phase)))
        wake: tuple[Command, ...] = () if state.phase == "paused" else (ResumeFilm(),)
        return Decision(going, facts, (LiftSlate(), *wake, LightIntents(open_intents(going))))
    match state.phase:
        case "ready":
            return begin(state, (_key(event), _operated(event, "go_on")))
        case "paused":
            return _pause(state, event)
        case "ended":
            return _operate(state, event, "next")
        case "playing":
            return Decision(state, (_key(event, "the film is already playing"),))


def begin(state: State, facts: tuple[e.Fact, ...] = ()) -> Decision:
    """Start the scenario from the slate; `facts` say who asked for it."""
    start = state.scenario.start
    return Decision(replace(state, phase="playing", cutting_to=start), facts, (LiftSlate(), ShowScene(start)))


def _pause(state: State, event: e.KeyPressed) -> Decision:
    if state.stopped or state.phase not in ("playing", "paused"):
        return Decision(state, (_key(event, why_not_steerable(state)),))
    if state.phase == "paused":
        playing = replace(state, phase="playing")
        facts = (_key(event), _operated(event, "resume"))
        return Decision(playing, facts, (ResumeFilm(), LightIntents(open_intents(playing))))
    paused = replace(state, phase="paused")
    facts = (_key(event), _operated(event, "pause"))
    return Decision(paused, facts, (HoldFilm(), LightIntents(frozenset())))


def _back(state: State, event: e.KeyPressed) -> Decision:
    if state.stopped or state.phase == "ready":
        return Decision(state, (_key(event, why_not_steerable(state)),))
    if not state.decisions:
        return Decision(state, (_key(event, "there is no earlier decision to go back to"),))
    scene = state.decisions[-1]
    returning = replace(state, phase="playing", cutting_to=scene, decisions=state.decisions[:-1])
    commands = (CancelTimeouts(), LiftSlate(), ShowScene(scene), ResumeFilm(), LightIntents(frozenset()))
    return Decision(returning, (_key(event), _operated(event, "back")), commands)
