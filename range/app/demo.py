"""`rangectl demo`: a whole session of the bundled scenario on twins."""

import sys
import time
from contextlib import ExitStack
from dataclasses import replace

from hardware.keypad.twin import KeypadTwin
from media.scenario_file import BUNDLED
from range.app.config import load_config
from range.app.data_directory import DataDirectory
from range.app.live import CANNOT_RUN, LiveRange, Outcome, Plan
from range.app.record import events
from range.app.run import DONE, FOUND, has_display, play, read_story, tell
from range.app.script import Hands, Script, ScriptedSession, differences, read_script
from range.app.status import StatusLine
from range.app.twin_wall import calibrate_twin

SIZE = (1280, 720)
LONGEST = 180.0


def demo(data: DataDirectory, *, headless: bool, seconds: float | None) -> int:
    """Play the bundled scenario: by hand in a window, or by its script off screen. The contract's exit code."""
    (file,) = sorted(BUNDLED.glob("*/scenario.toml"))[:1]
    plan = Plan(
        story=read_story(str(file.parent)),
        config=load_config(None),
        mode="windowed",
        size=SIZE,
        record=data.record,
        camera="twin",
        calibration=calibrate_twin,
        seconds=seconds,
        instruments=True,
        participant_clicks=True,
    )
    if headless or not has_display():
        return play_script(replace(plan, mode="offscreen"), read_script(file.parent / "demo.toml"), data)
    return play(plan, data)


def play_script(plan: Plan, script: Script, data: DataDirectory) -> int:
    """Play a plan by its script: 0 only if the recorded session is the scripted one, as far as it was to be played."""
    with ExitStack() as stack:
        line = stack.enter_context(StatusLine())
        keypad = stack.enter_context(KeypadTwin())
        limit = plan.seconds if plan.seconds is not None else LONGEST
        try:
            live = LiveRange(replace(plan, keypad=keypad.path, seconds=limit), clock=time.monotonic, status=line)
        except CANNOT_RUN as problem:
            line.say(str(problem))
            return FOUND
        performance = Performance(script, keypad)
        outcome = live.run(performance.each_round)
    tell(outcome, data)
    return judge(script, performance.done, plan, outcome, data)


class Performance:
    """The scripted instructor at a keypad twin and the scripted participant with the twin's laser."""

    def __init__(self, script: Script, keypad: KeypadTwin) -> None:
        self._script = script
        self._keypad = keypad
        self._session: ScriptedSession | None = None

    @property
    def done(self) -> int:
        """How many steps have been done."""
        return self._session.done if self._session is not None else 0

    def each_round(self, live: LiveRange) -> bool:
        """Begin once the camera sees; go on until the story has ended."""
        if self._session is None:
            if live.devices_are_live:
                hands = Hands(self._keypad.press, lambda u, v: live.fire(*live.place_of(u, v)))
                self._session = ScriptedSession(self._script, hands)
            return True
        return self._session.step(live.runtime.state, live.player.media)


def judge(script: Script, done: int, plan: Plan, outcome: Outcome, data: DataDirectory) -> int:
    """Compare the record with the script and say where the record is."""
    (session,) = outcome.sessions
    recorded = events(data.record, session)
    ended = recorded[-1].get("reason") == "completed"
    whole = ended or plan.seconds is None
    faults = differences(script, recorded, done=None if whole else done)
    for fault in faults:
        sys.stderr.write(f"Not as scripted: {fault}\n")
    if faults:
        return FOUND
    length = "The session" if whole else f"The session's first {plan.seconds:g} s"
    sys.stderr.write(f"{length} went as scripted. Look at it with: rangectl events {session}\n")
    return DONE
