"""How an interrupted session goes on: stopped, under the slate, at the beginning of the scene it was in.

The moment in which a program died is no moment to go on from by itself, so the film waits for the operator; and its
scene begins anew, because what the participant saw of it has been lost to everybody.
"""

from dataclasses import replace

from range.core.commands import CancelTimeouts, LightIntents, ShowScene, ShowSlate
from range.core.rules import Decision, State


def resumed(state: State) -> Decision:
    """The state in which a session that was cut off in `state` is opened again, and what that asks of the range."""
    scene = state.cutting_to or state.scene
    if state.phase == "ready" or scene is None:
        return Decision(State(state.scenario, flags=state.flags))
    if state.phase == "ended":
        return Decision(replace(state, stopped=False), (), (ShowSlate("ended"), LightIntents(frozenset())))
    waiting = replace(state, phase="playing", stopped=True, cutting_to=scene, hits={})
    return Decision(waiting, (), (CancelTimeouts(), ShowScene(scene), ShowSlate("stopped"), LightIntents(frozenset())))
