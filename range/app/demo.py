"""`rangectl demo`: a whole session of the bundled scenario on twins."""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from hardware.camera.twin_faults import TwinFaults
from hardware.keypad.twin import KeypadTwin
from media.scenario_file import BUNDLED
from media.window import Mode
from range.app.config import load_config
from range.app.data_directory import DataDirectory
from range.app.fault_course import FaultCourse, Passed, usual_faults
from range.app.live import CANNOT_RUN, LiveRange, Outcome, Plan
from range.app.record import events
from range.app.run import DONE, FOUND, has_display, play, read_story, tell
from range.app.runtime import Story
from range.app.script import Hands, Script, ScriptedSession, differences, read_script
from range.app.status import StatusLine
from range.app.twin_wall import calibrate_twin

SIZE = (1280, 720)
LONGEST = 180.0


def demo(data: DataDirectory, *, headless: bool, seconds: float | None, faults: bool = False) -> int:
    """Play the bundled scenario: by hand in a window, or by its script off screen. The contract's exit code.

    `faults`: a course of faults instead, which the twins show one after the other.
    """
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
    if faults:
        mode: Mode = "offscreen" if headless or not has_display() else "windowed"
        # A shot of somebody who looks on would count as one that the course did not fire.
        return play_faults(replace(plan, mode=mode, participant_clicks=False), data)
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


def play_faults(plan: Plan, data: DataDirectory, *, only: Sequence[str] = ()) -> int:
    """Show a course of faults: 0 if each was told, got over, and no hit or key lost or invented. `only` names some."""
    with StatusLine() as line:
        try:
            course, outcome = run_course(plan, line, only=only)
        except CANNOT_RUN as problem:
            line.say(str(problem))
            return FOUND
    tell(outcome, data)
    sys.stderr.write("\n" + "\n".join(borne(passed) for passed in course.passed) + "\n")
    if outcome.cut_short or not course.is_over:
        sys.stderr.write("The course of faults was ended before its end.\n")
    return DONE if all(passed.is_sound for passed in course.passed) else FOUND


def run_course(plan: Plan, line: StatusLine, *, only: Sequence[str] = ()) -> tuple[FaultCourse, Outcome]:
    """A session in which the twins misbehave in each of their ways, or in those that `only` names."""
    with ExitStack() as stack:
        keypad = stack.enter_context(KeypadTwin())
        faults = stack.enter_context(TwinFaults())
        wanted = [fault for fault in usual_faults(faults, keypad) if not only or fault.id in only]
        course = FaultCourse(wanted, keypad, clock=time.monotonic, say=line.say)
        faulty = replace(plan, story=without_timeouts(plan.story), keypad=keypad.path, twin_faults=faults.name)
        live = LiveRange(faulty, clock=time.monotonic, status=line, on_fact=course.hear)
        return course, live.run(course.each_round)


def without_timeouts(story: Story) -> Story:
    """The same story, waiting in its first scene for as long as it takes."""
    scenario = story.scenario
    first = scenario.scenes[scenario.start]
    patient = replace(first, branches=tuple(branch for branch in first.branches if branch.on != "timeout"))
    return replace(story, scenario=replace(scenario, scenes={**scenario.scenes, scenario.start: patient}))


def borne(passed: Passed) -> str:
    """How a fault was borne, as a line."""
    told = "borne without a word" if not passed.fault.tells else "never told"
    if passed.told is not None:
        told = f"told after {passed.told:.1f} s"
    back = "never got over" if passed.returned is None else f"well again after {passed.returned:.1f} s"
    astray = passed.hits_astray + passed.keys_astray
    lost = f", {astray} hits or keys lost or invented" if astray else ""
    return f"{passed.fault.says[:1].upper()}{passed.fault.says[1:]}: {told}, {back}{lost}."


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
