"""A busy session in a process of its own, to be killed: the real rules and the real journal, no film."""

import time
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from range.app.journal import Journal
from range.app.session_log import About
from range.core import events as e
from range.core.people import Person
from range.core.rules import State, decide
from range.core.scenario import Branch, Keyframe, Scenario, Scene, Zone

LEFT = Zone("left", (Keyframe(0.0, ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))),))
STORY = Scenario(
    "Here and there",
    "here",
    {
        "here": Scene("here", "here.mp4", zones=(LEFT,), branches=(Branch("intent", "there", intent="calm"),)),
        "there": Scene("there", "there.mp4", branches=(Branch("intent", "here", intent="calm"),)),
    },
)
PACE = 0.002


def play(record: Path, told: Connection) -> None:
    """Play until killed; each input handed over is told by its number."""
    journal = Journal(record, lambda _: None)
    state = State(STORY)
    log = journal.begin("busy", STORY.title, time.monotonic(), About(scenario=STORY, people=(Person("Ada"),)), state)
    for number in count(1):
        event = step(number, state)
        decision = decide(state, event)
        log.decided(event, decision)
        state = decision.state
        told.send(number)
        time.sleep(PACE)


def step(number: int, state: State) -> e.Input:
    """What happens next: the start, cuts, hits and presses by turns."""
    now = time.monotonic()
    if state.phase == "ready":
        return e.KeyPressed(now, "enter", "keypad", e.Operate("go_on"))
    if state.cutting_to is not None:
        return e.FirstFrame(now, e.Visible(state.cutting_to, f"{state.cutting_to}.mp4", 0.0))
    scene = state.scene or "here"
    visible = e.Visible(scene, f"{scene}.mp4", number % 50 / 10)
    if number % 5 == 0:
        return e.KeyPressed(now, "1", "keypad", e.Intent("calm"), visible)
    return e.HitSeen(now, float(number), 1.0, number % 10 / 10, 0.5, "red", 1.0, 1.0, None, visible)
