"""The runtime: takes what happened from the inbox, attaches what was visible, decides, journals, carries out.

It runs on the frame loop's thread; other threads only put events into the inbox.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue

from media.arming import likeliest
from media.player import FilmEvent, Player
from media.sound import Sound, Source
from range.app.aim import Aim
from range.app.journal import Journal
from range.app.session_log import About, SessionLog
from range.app.timeouts import Timeouts
from range.core import commands as c
from range.core import events as e
from range.core.fault_table import told
from range.core.resumption import resumed
from range.core.rules import Decision, State, begin, decide
from range.core.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Story:
    """What is played: the scenario's name and graph, and the folder of its clips."""

    name: str
    scenario: Scenario
    folder: Path


@dataclass(frozen=True, slots=True)
class Resumption:
    """An interrupted session to go on with: its number, its participants, and the state it was cut off in."""

    session: int
    participants: tuple[str, ...]
    state: State


class Runtime:
    """One range at work.

    `about` is kept with each session; `resumption` goes on with one that was cut off. `on_fact` hears every fact once
    the journal has it, `on_lights` what the keypad may light.
    """

    def __init__(
        self,
        story: Story,
        *,
        player: Player,
        sound: Sound,
        journal: Journal,
        clock: Callable[[], float],
        inbox: SimpleQueue[e.Input],
        aim: Aim | None,
        about: About | None = None,
        resumption: Resumption | None = None,
        on_fact: Callable[[e.Fact], None] = lambda _fact: None,
        on_lights: Callable[[c.LightIntents], None] = lambda _lights: None,
    ) -> None:
        self.state = State(story.scenario)
        self.slate: c.SlateKind | None = "ready"
        self.sessions: list[int] = []
        self._story = story
        self._player = player
        self._sound = sound
        self._journal = journal
        self._clock = clock
        self._about = about or About()
        self._on_fact = on_fact
        self._on_lights = on_lights
        self._timeouts = Timeouts()
        self._inbox = inbox
        self._aim = aim
        self._told_film_fault: str | None = None
        player.cover(True)
        self._arm((story.scenario.start,))
        if resumption is None:
            self._log = self._open_session()
        else:
            again = resumed(resumption.state)
            self._log = self._resume_session(resumption, again.state)
            self._follow(again)

    def step(self) -> None:
        """Deal with everything that has happened since the last step."""
        while True:
            try:
                event = self._inbox.get_nowait()
            except Empty:
                break
            self._handle(self._with_visible(event))
        for due in self._timeouts.step(self._clock()):
            self._handle(self._with_visible(due))
        fault = self._player.fault()
        if fault is not None and fault != self._told_film_fault:
            reason = told("film.damaged", trouble=fault, scenario=self._story.name)
            self._inbox.put(e.DeviceReported(self._clock(), "film", "damaged", reason))
        self._told_film_fault = fault

    def film(self, events: tuple[FilmEvent, ...]) -> None:
        """Deal with what a flip put on the wall."""
        for event in events:
            if isinstance(event, e.FirstFrame):
                self._sound_follows(event.visible.scene)
            elif isinstance(event, e.ClipEnded):
                self._sound.round_again()
            self._handle(event)

    def close(self, reason: str) -> None:
        """End the session that is open."""
        self.step()
        ended = e.SessionEnded(clock=self._clock(), reason=reason)
        self._log.write(ended)
        self._on_fact(ended)

    def _open_session(self) -> SessionLog:
        now = self._clock()
        title = self._story.scenario.title
        names = tuple(person.name for person in self._about.people if person.part == "participant")
        return self._started(self._journal.begin(self._story.name, title, now, self._about, self.state), now, names)

    def _resume_session(self, resumption: Resumption, opened: State) -> SessionLog:
        now = self._clock()
        return self._started(self._journal.resume(resumption.session, now, opened), now, resumption.participants)

    def _started(self, log: SessionLog, now: float, names: tuple[str, ...]) -> SessionLog:
        self.sessions.append(log.number)
        started = e.SessionStarted(clock=now, scenario=self._story.name, participants=names)
        log.write(started)
        self._on_fact(started)
        return log

    def _with_visible(self, event: e.Input) -> e.Input:
        if isinstance(event, e.HitSeen):
            return self._aim.with_visible(event, self._player.shown_at) if self._aim is not None else event
        if isinstance(event, e.FirstFrame | e.CueReached):
            return event
        shown = self._player.shown_at(event.clock)
        return replace(event, visible=shown.visible) if shown is not None else event

    def _handle(self, event: e.Input) -> None:
        decision = decide(self.state, event)
        self._log.decided(event, decision)
        self._follow(decision)

    def _follow(self, decision: Decision) -> None:
        self.state = decision.state
        for fact in decision.facts:
            self._on_fact(fact)
        for command in decision.commands:
            self._carry_out(command)

    def _carry_out(self, command: c.Command) -> None:
        match command:
            case c.ShowScene(scene):
                self._player.cut(scene)
            case c.ShowSlate(kind):
                self._cover(kind)
            case c.LiftSlate():
                self.slate = None
                self._player.cover(False)
            case c.HoldFilm():
                self._timeouts.held = True
                self._player.hold(self._clock())
                self._sound.hold()
            case c.ResumeFilm():
                self._timeouts.held = False
                self._player.resume(self._clock())
                self._sound.resume()
            case c.StartTimeout():
                self._timeouts.start(command)
            case c.CancelTimeouts():
                self._timeouts.cancel()
            case c.LightIntents():
                self._on_lights(command)
            case c.NextSession():
                self._next_session()
            case c.RelaysOff():
                pass  # no relay is driven yet; the rule stands so that the first one obeys it

    def _cover(self, kind: c.SlateKind) -> None:
        self.slate = kind
        self._player.cover(True)
        if kind == "ended":
            self._sound.silence()
            self._arm(self._back_from_here())

    def _next_session(self) -> None:
        self._player.clear()
        self._sound.silence()
        self._timeouts.held = False
        begun = begin(self.state)
        self.state = begun.state
        self._log = self._open_session()
        self._follow(begun)

    def _sound_follows(self, scene: str) -> None:
        self._sound.cut(scene, self._source(scene))
        if self.state.phase == "paused":
            self._sound.hold()
        self._arm(likeliest(self._story.scenario.scenes[scene], self._back_from_here()))

    def _back_from_here(self) -> tuple[str, ...]:
        return self.state.decisions[-1:]

    def _arm(self, scenes: tuple[str, ...]) -> None:
        names = tuple(dict.fromkeys(scenes))
        self._player.arm(names)
        self._sound.arm({name: self._source(name) for name in names})

    def _source(self, name: str) -> Source:
        scene = self._story.scenario.scenes[name]
        return Source(self._player.file_of(name), scene.start, scene.end, scene.at_end == "loop")
