"""Sessions in a real record, made by the real rules at the speed of the machine: what a range would have recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media.scenario_file import load_scenario
from range.app.journal import Journal
from range.app.session_log import About, SessionLog
from range.core import events as e
from range.core.people import Person
from range.core.rules import State, decide
from range.core.scenario import Scenario
from tests.numbered_films import RATE, write_film

BEGAN = 500.0
FRAMES = 90
STORY = """
format = 1
title = "At the door"
start = "wait"

[scenes.wait]
clip = "wait.mp4"
at_end = "loop"
perspectives = { resident = "resident.mp4" }
[[scenes.wait.zones.left.keyframes]]
t = 0
polygon = [[0.0, 0.3], [0.5, 0.3], [0.5, 1.0], [0.0, 1.0]]
[[scenes.wait.cues]]
t = 1.0
kind = "weapon_visible"
[[scenes.wait.branches]]
on = "intent"
intent = "calm"
to = "talk"
label = "She lowers her voice"
[[scenes.wait.branches]]
on = "intent"
intent = "comply"
to = "talk"
label = "She does as she is asked"
[[scenes.wait.branches]]
on = "intent"
intent = "argue"
to = "shout"
label = "She shouts"

[scenes.shout]
clip = "shout.mp4"
at_end = "loop"
[[scenes.shout.cues]]
t = 0.5
kind = "stop"
[[scenes.shout.branches]]
on = "intent"
intent = "calm"
to = "talk"

[scenes.talk]
clip = "talk.mp4"
ending = "well"
"""


def write_story(folder: Path) -> Path:
    """The scenario's folder with its numbered films: wait from 0, shout 300, talk 600, the resident's view 800 on."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.toml").write_text(STORY)
    for name, first in (("wait", 0), ("shout", 300), ("talk", 600), ("resident", 800)):
        write_film(folder / f"{name}.mp4", seconds=FRAMES / RATE, first=first)
    return folder


@dataclass
class Performance:
    """A range that plays by itself: tell it what happens and when, in seconds of the session's clock."""

    scenario: Scenario
    log: SessionLog
    state: State
    shown: float = 0.0
    paused: float = 0.0

    def happens(self, event: e.Input) -> None:
        """One input through the rules into the journal."""
        decision = decide(self.state, event)
        self.log.decided(event, decision)
        self.state = decision.state

    def press(self, at: float, meaning: e.Meaning, key: str = "1") -> None:
        """A key, and the cut that it may lead to two refreshes later."""
        self.happens(e.KeyPressed(BEGAN + at, key, "keypad", meaning, self.visible(at)))
        if self.state.cutting_to is not None:
            self.shows(at + 2 / RATE)

    def shows(self, at: float) -> None:
        """The scene that was cut to, at its first frame."""
        name = self.state.cutting_to or ""
        self.shown, self.paused = at, 0.0
        self.happens(e.FirstFrame(BEGAN + at, e.Visible(name, self.scenario.scenes[name].clip, 0.0)))

    def cue(self, at: float, name: str) -> None:
        """A cue's frame was shown."""
        visible = self.visible(at)
        assert visible is not None
        self.happens(e.CueReached(BEGAN + at, name, visible))

    def hit(self, at: float, u: float, v: float, *, participant: str | None = None, latency: float = 0.1) -> None:
        """A hit that the camera saw so much later."""
        x, y = u * 1280, v * 720
        seen = self.visible(at - latency)
        self.happens(e.HitSeen(BEGAN + at, x, y, u, v, "red", x / 2, y / 2, participant, seen))

    def visible(self, at: float) -> e.Visible | None:
        """What was on the wall: a frame's own media time."""
        if self.state.scene is None:
            return None
        frame = int((at - self.shown - self.paused) * RATE + 1e-6) % FRAMES
        return e.Visible(self.state.scene, self.scenario.scenes[self.state.scene].clip, round(frame / RATE, 6))


def record_session(record: Path, folder: Path, *, people: Sequence[Person] = ()) -> int:
    """One whole session: a hit, a path taken back, a pause, a stop cue, hits not counted, a flag. Its number."""
    scenario = load_scenario(folder / "scenario.toml")
    journal = Journal(record, lambda _: None)
    about = About(folder, scenario, tuple(people), (1280, 720), 2000.0)
    log = journal.begin(folder.name, scenario.title, BEGAN, about, State(scenario))
    names = tuple(person.name for person in people if person.part == "participant")
    log.write(e.SessionStarted(clock=BEGAN, scenario=folder.name, participants=names))
    play = Performance(scenario, log, State(scenario))
    play.press(1.0, e.Operate("go_on"), "enter")
    play.cue(2.1, "weapon_visible")
    play.press(2.5, e.Act("command given"), "8")
    play.hit(2.9, 0.25, 0.6, participant=names[0] if names else None)
    play.hit(3.2, 0.75, 0.6, participant=names[0] if names else None)
    play.press(3.5, e.Intent("argue"), "3")
    play.cue(4.1, "stop")
    play.hit(4.4, 0.4, 0.5)
    play.happens(e.DeviceReported(BEGAN + 4.6, "hits", "not counted", "the camera is gone", play.visible(4.6)))
    play.happens(e.DeviceReported(BEGAN + 5.2, "hits", "counted", "hits are counted again", play.visible(5.2)))
    play.press(5.5, e.Operate("back"), "-")
    play.press(6.0, e.Operate("pause"), "+")
    play.paused = 2.0
    play.press(8.0, e.Operate("pause"), "+")
    play.press(8.4, e.Operate("flag"), "*")
    play.press(9.0, e.Intent("calm"), "1")
    play.happens(e.ClipEnded(BEGAN + 12.1, "talk", play.visible(12.0)))
    log.write(e.SessionEnded(clock=BEGAN + 13.0, reason="completed"))
    journal.close()
    return log.number


def record_long_session(record: Path, folder: Path, *, seconds: float, every: float) -> int:
    """A session of so many seconds with something happening every so many: hits, acts, flags, cuts. Its number."""
    scenario = load_scenario(folder / "scenario.toml")
    journal = Journal(record, lambda _: None)
    log = journal.begin(folder.name, scenario.title, BEGAN, About(folder, scenario, (), (1280, 720)), State(scenario))
    log.write(e.SessionStarted(clock=BEGAN, scenario=folder.name))
    play = Performance(scenario, log, State(scenario))
    play.press(1.0, e.Operate("go_on"), "enter")
    at = 2.0
    for number in range(int((seconds - 5) / every)):
        at += every
        if number % 40 == 39:
            play.press(at, e.Intent("argue") if play.state.scene == "wait" else e.Operate("back"), "3")
        elif number % 7 == 6:
            play.press(at, e.Act("command given"), "8")
        elif number % 50 == 20:
            play.press(at, e.Operate("flag"), "*")
        else:
            play.hit(at, number * 0.37 % 1, number * 0.61 % 1)
    log.write(e.SessionEnded(clock=BEGAN + seconds, reason="completed"))
    journal.close()
    return log.number
