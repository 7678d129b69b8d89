"""A range at work: window, film, camera, keypad, record, put together and kept going by our own frame loop."""

import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from types import FrameType

from calibration.mapping import Calibration
from calibration.solved import why_not_fitting
from hardware.camera.messages import TWIN_PULSE, CameraSpec, PulsesSeen, RejectionsSeen, SpotsSeen
from media.arming import MEBIBYTE
from media.player import Player
from media.reencode import Reencoded
from media.sound import Sound
from media.window import Clicked, Closed, KeyTyped, Mode, NoDisplayError, Window
from range.app.aim import Aim
from range.app.captions import CaptionTrack
from range.app.config import Config
from range.app.counting import DEVICE as HITS
from range.app.counting import Counting
from range.app.data_directory import clips_beside
from range.app.devices import Devices
from range.app.instruments import InstrumentPanel
from range.app.journal import Journal
from range.app.laser_check import LaserCheck
from range.app.laser_file import LearntLaser, sure_pulse
from range.app.record import RecordError
from range.app.room import room_words
from range.app.runtime import Resumption, Runtime, Story
from range.app.session_log import About
from range.app.status import Status, StatusLine, details, explained, key_for, why_not_counted
from range.app.twin_wall import SHAPE, SharedMemoryError, TwinWall
from range.core import events as e
from range.core.fault_table import still_works, told

CANNOT_RUN = (NoDisplayError, RecordError, SharedMemoryError)
"""What `LiveRange` raises where this machine cannot run a range; each says why in one sentence."""
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WELL = ("live", "written")
LIVE_FOOT = 0.06
LOOK_AT_OUTPUT = 1.0
FOOT_ABOVE_STRIP = 0.18


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a session needs to know before it begins.

    `calibration_fault` says why there is none to use; `participant_clicks` whether a mouse click fires the twin's
    laser; `instruments` whether the wall shows keys and marks, which a participant must never see; `laser` is the one
    that has been learnt, for the test shot; `resumption` an interrupted session to go on with;
    `twin_faults` names the memory by which the camera twin is told to misbehave.
    """

    story: Story
    config: Config
    mode: Mode
    size: tuple[int, int]
    record: Path
    camera: str
    calibration: Calibration | Callable[[TwinWall], Calibration] | None
    calibration_fault: str | None = None
    keypad: str = ""
    seconds: float | None = None
    instruments: bool = False
    participant_clicks: bool = False
    laser: LearntLaser | None = None
    resumption: Resumption | None = None
    twin_faults: str = ""


@dataclass(slots=True)
class Outcome:
    """How it went: the recorded sessions' numbers, whether a story was left in its middle, and playback counts."""

    sessions: list[int] = field(default_factory=list)
    cut_short: bool = False
    shown: int = 0
    skipped: int = 0
    late_cuts: int = 0
    dropped_presses: str = ""


class LiveRange:
    """One `rangectl run` or `rangectl demo`, from the first slate to the last."""

    def __init__(
        self,
        plan: Plan,
        *,
        clock: Callable[[], float],
        status: StatusLine,
        on_fact: Callable[[e.Fact], None] = lambda _fact: None,
    ) -> None:
        self._plan = plan
        self._on_fact = on_fact
        self._clock = clock
        self._line = status
        self._inbox: SimpleQueue[e.Input] = SimpleQueue()
        self._asked_to_end = False
        self._hits, self._began = 0, 0.0
        self._trouble: str | None = None
        self._counting = Counting()
        self._panel = InstrumentPanel(plan.config)
        self._check = LaserCheck(
            plan.laser,
            wanted=plan.config.laser.test_shot,
            say=status.say,
            report=lambda trouble: self._devices.report("laser", trouble.state, trouble.reason),
        )
        # Whatever cannot be had, what was opened before it is closed again.
        with ExitStack() as parts:
            self._open(plan, parts)
            self._parts = parts.pop_all()
        self._look_at_output = 0.0
        if self._window.misplaced is not None:
            self._inbox.put(e.DeviceReported(clock(), "display", "elsewhere", self._window.misplaced))
        self._drawn: tuple[object, ...] = ()
        self._publish_pending = False

    def _open(self, plan: Plan, parts: ExitStack) -> None:
        clock, config = self._clock, plan.config
        self._window = Window(
            mode=plan.mode,
            size=plan.size,
            display=config.screen.display,
            clock=clock,
            show_pointer=plan.participant_clicks,
        )
        parts.callback(self._window.close)
        # The graphics library is chosen when the window opens, so what draws is imported after it.
        from media.wall import Wall

        self._wall = Wall(self._window.size)
        self._twin = TwinWall(self._window.size) if plan.camera == "twin" else None
        if self._twin is not None:
            parts.callback(self._twin.close)
        self._player = Player(
            plan.story.scenario,
            plan.story.folder,
            size=self._window.size,
            memory=config.media.memory * MEBIBYTE,
            instead=Reencoded(clips_beside(plan.record)).instead,
        )
        parts.callback(self._player.close)
        self._captions = CaptionTrack(plan.story.scenario, plan.story.folder, config.captions.language)
        sound = config.sound
        self._sound = Sound(on=sound.on, volume=sound.volume, device=sound.device, on_trouble=self._sound_trouble)
        parts.callback(self._sound.close)
        journal = Journal(plan.record, self._record_trouble)
        parts.callback(journal.close)
        if (room := room_words(plan.record, journal.hours_left)) is not None:
            self._line.say(room)
        self._aim, self._calibration_fault = self._take_aim()
        self._devices = Devices(
            config, camera=self._camera_wanted(), keypad=plan.keypad, aim=self._aim, inbox=self._inbox, clock=clock
        )
        self.runtime = Runtime(
            plan.story,
            player=self._player,
            sound=self._sound,
            journal=journal,
            clock=clock,
            inbox=self._inbox,
            aim=self._aim,
            about=self._about(),
            resumption=plan.resumption,
            on_fact=self._heard,
            on_lights=self._devices.light,
        )

    def run(self, each_round: Callable[["LiveRange"], bool] = lambda _live: True) -> Outcome:
        """Keep the range going until somebody ends it; `each_round` may, by answering False."""
        until = None if self._plan.seconds is None else self._clock() + self._plan.seconds
        handlers = {number: signal.signal(number, self._on_signal) for number in ENDING_SIGNALS}
        reason = "closed by the operator"
        try:
            self._devices.start()
            while not self._asked_to_end:
                self._round()
                if until is not None and self._clock() >= until:
                    reason = "time is up"
                    break
                if not each_round(self):
                    reason = "completed"
                    break
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            self._devices.close()
            self.runtime.close(reason)
            self._parts.close()
        counts = self._player.counts
        unfinished = self.runtime.state.phase in ("playing", "paused") and reason != "time is up"
        return Outcome(
            sessions=self.runtime.sessions,
            cut_short=unfinished,
            shown=counts.shown,
            skipped=counts.skipped,
            late_cuts=counts.late_cuts,
            dropped_presses=self._devices.dropped_presses,
        )

    def fire(self, x: float, y: float, *, colour: e.Colour = "red", seconds: float = TWIN_PULSE) -> None:
        """Fire the twin's laser at screen pixel (x, y), now, for so long."""
        self._devices.fire(x, y, colour, seconds)

    @property
    def player(self) -> Player:
        """The film."""
        return self._player

    @property
    def devices_are_live(self) -> bool:
        """Whether camera and keypad are both there."""
        return self._devices.camera_state.condition == "live" and self._devices.keypad_is_live

    @property
    def keypad_is_live(self) -> bool:
        """Whether the keypad is there."""
        return self._devices.keypad_is_live

    @property
    def status(self) -> Status:
        """How things stand now."""
        state = self.runtime.state
        go_on = key_for(self._plan.config.keys, "go_on")
        devices = self._devices
        fault = self._trouble or self._calibration_fault or devices.misfit
        reason = why_not_counted(state, devices.camera_state, fault, go_on, devices.why_blind)
        said = self._check.words, devices.keypad_state
        return Status(
            reason, details(state, self._player.media, devices.health, self._hits, self.runtime.sessions[-1], *said)
        )

    def place_of(self, u: float, v: float) -> tuple[float, float]:
        """Clip position to screen pixel, now."""
        return self._wall.placement.to_screen(u, v)

    def _round(self) -> None:
        """One refresh: what people did, what it means, what is due, show it."""
        for event in self._window.events():
            match event:
                case KeyTyped(key):
                    self._devices.press(key, "keyboard")
                case Clicked(x, y, button) if self._plan.participant_clicks:
                    self.fire(x, y, colour="red" if button == "left" else "green")
                case Closed():
                    self._asked_to_end = True
        self._wall.resize(self._window.size)
        self._player.fit(self._window.size)
        self._tell_what_the_camera_saw()
        self.runtime.step()
        self._keep_count()
        picture = self._player.due(self._window.next_flip())
        if picture is not None:
            self._wall.show_picture(picture, self._player.shape)
        self._follow_output()
        flip = self._show(new_picture=picture is not None)
        self.runtime.film(self._player.flipped(flip))
        self._line.show(self.status)

    def _follow_output(self) -> None:
        """About once a second: whether the projector is there, and whether the film is on it."""
        now = self._clock()
        if now < self._look_at_output:
            return
        self._look_at_output = now + LOOK_AT_OUTPUT
        news = self._window.follow_output()
        if news is not None:
            self._inbox.put(e.DeviceReported(now, "display", news.state, news.reason))

    def _keep_count(self) -> None:
        """Have the record know from when to when no hit on a scene would count, and why."""
        standing, playing = self._devices.standing, self.runtime.state.phase in ("playing", "paused")
        if standing.state.condition == "none":
            return  # nobody expects hits to be counted
        why, since = standing.why_uncounted, standing.since
        if why is None:
            why, since = self._calibration_fault, 0.0
        told = self._counting.step(why, playing=playing, now=self._clock(), since=since)
        if told is not None:
            self._devices.tell(told)

    def _show(self, *, new_picture: bool) -> float:
        """Draw and flip where anything changed; wait for the refresh where nothing did."""
        slate = self.runtime.slate is not None
        shown = self._player.shown_at(self._clock())
        caption = "" if slate or shown is None else self._captions.at(shown.visible)
        strip = self._panel.shown(self.runtime.state, self.status) if self._plan.instruments else None
        drawn = (slate, caption, strip, self._panel.marks, self._wall.size)
        changed = new_picture or drawn != self._drawn
        if not (changed or self._publish_pending or self._window.waits_for_screen):
            return self._window.wait()
        self._drawn = drawn
        self._wall.draw(slate=slate, caption=caption, foot=FOOT_ABOVE_STRIP if strip is not None else LIVE_FOOT)
        seen_by_twin = None
        if self._twin is not None and (changed or self._publish_pending):
            self._publish_pending = not self._twin.due(self._window.next_flip())
            if not self._publish_pending:
                seen_by_twin = self._wall.small_view(SHAPE.width, SHAPE.height)
        if strip is not None:
            self._wall.draw_instruments(strip, () if slate else self._panel.marks)
        flip = self._window.flip()
        if self._twin is not None and seen_by_twin is not None:
            self._twin.publish(seen_by_twin, flip)
        return flip

    def _take_aim(self) -> tuple[Aim | None, str | None]:
        """What places hits on this screen, and why nothing does."""
        calibration = self._plan.calibration
        if callable(calibration):
            calibration = calibration(self._twin) if self._twin is not None else None
        if calibration is None:
            return None, self._plan.calibration_fault or told("calibration.none")
        fault = why_not_fitting(calibration, camera="", size=None, flip="none", screen=self._window.size)
        return (Aim(calibration, self._window.size, self._plan.config.shooters) if fault is None else None), fault

    def _camera_wanted(self) -> CameraSpec | None:
        if self._plan.camera in ("", "none"):
            return None
        wanted = self._plan.config.camera
        room = replace(self._twin.room, faults=self._plan.twin_faults) if self._twin is not None else None
        screen = None if self._aim is None else self._aim.outline
        mode = wanted.width, wanted.height, wanted.fps
        pulse, explain = sure_pulse(self._plan.laser), self._plan.config.laser.explain
        controls = {} if self._aim is None else self._aim.controls
        return CameraSpec(self._plan.camera, *mode, room, screen, pulse, explain=explain, controls=controls)

    def _about(self) -> About:
        """What the record keeps of this range's sessions."""
        story, config = self._plan.story, self._plan.config
        return About(story.folder, story.scenario, config.people, self._window.size, config.screen.wide)

    def _record_trouble(self, sentence: str | None) -> None:
        self._trouble = sentence
        said = ("written", "the record is written again") if sentence is None else ("failing", sentence)
        self._inbox.put(e.DeviceReported(self._clock(), "record", *said))

    def _sound_trouble(self, sentence: str) -> None:
        self._line.say(f"Sound: {sentence}.")

    def _heard(self, fact: e.Fact) -> None:
        self._on_fact(fact)
        self._panel.heard(fact)
        if isinstance(fact, e.Hit):
            self._hits += fact.scene is not None  # a shot at the slate is no hit of the scenario
        elif isinstance(fact, e.SessionStarted):
            self._hits, self._began = 0, fact.clock
            self._counting = Counting()  # each record says for itself when hits were not counted
        elif isinstance(fact, e.Fault) and fact.device != HITS:
            still = still_works(fact.device, fact.state) if fact.state not in WELL else ""
            self._line.say(f"{fact.device.capitalize()} {fact.state}: {fact.reason}" + (f". {still}." if still else ""))
        elif isinstance(fact, e.Key) and not fact.accepted:
            self._line.say(f"Key {fact.key} not taken: {fact.reason}")

    def _tell_what_the_camera_saw(self) -> None:
        """The test shot, and what was no hit, for the operator."""
        devices = self._devices
        while devices.sightings:
            match devices.sightings.popleft():
                case SpotsSeen(spots):
                    for spot in spots:
                        self._check.saw(spot)
                case PulsesSeen(pulses):
                    for pulse in pulses:
                        self._check.went_dark(pulse)
                case RejectionsSeen() as rejected:
                    for sentence in explained(rejected, since=self._began):
                        self._line.say(sentence)
        sees = devices.camera_state.condition == "live" and devices.why_blind is None
        self._check.step(self._clock(), sees=sees, on_slate=self.runtime.state.phase == "ready")

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_end = True
