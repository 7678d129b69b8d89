"""`rangectl calibrate`: the wizard's loop. It keeps window, keys and camera alive while its steps go on."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TextIO, TypeVar

import numpy as np

from calibration.file import write_calibration
from calibration.latency import Sample
from calibration.solved import SolvedCalibration
from hardware.camera.messages import (
    BrightnessSeen,
    BrightnessWanted,
    CameraMessage,
    CameraSpec,
    CameraState,
    ControlsRead,
    ControlsWanted,
    PictureTaken,
    PictureWanted,
    SpotsSeen,
    TwinRoom,
    TwinShot,
)
from hardware.camera.process import CameraProcess
from hardware.keypad.terminal import TerminalKeys
from hardware.laser.spot import Spot
from media.paint_page import Line, Page, draw_page, pattern_page
from media.window import Clicked, Closed, Dragged, KeyTyped, Mode, Window
from range.app import wizard_requests as asked
from range.app import wizard_steps as steps
from range.app.calibrate import utc_now
from range.app.calibrate_report import report_page
from range.app.calibrate_solve import versions_in_use
from range.app.config import Config
from range.app.data_directory import DataDirectory
from range.app.live import CANNOT_RUN
from range.app.twin_wall import TwinWall
from range.core.shown import RingShape

DONE, FOUND = 0, 1
LONGEST_WAIT = 15.0
"""Seconds the camera may take for a picture before something is wrong with it."""
PREVIEW_EVERY = 0.2
TWIN_SHAPE = RingShape(slots=16, width=1280, height=720)
"""The twin must see fringes sharply: a larger picture than in a session."""
AFTER_SHOT = 0.3
T = TypeVar("T")


class NoCameraError(Exception):
    """The camera gives nothing to calibrate with; the text says why and what to do."""


def run_wizard(
    config: Config, data: DataDirectory, *, mode: Mode, out: Path | None, err: TextIO, room: TwinRoom | None = None
) -> int:
    """Calibrate with a window on the screen: 0 where a calibration was kept; 1, with one sentence on `err`, where not.

    Off screen the wizard goes on by itself. `room` changes the twin's room.
    """
    file = out or data.calibrations / f"{utc_now().replace(':', '')}.json"
    try:
        with ExitStack() as parts:
            wizard = Wizard(config, parts, mode=mode, clock=time.monotonic, err=err, room=room)
            calibration = wizard.run(steps.calibrate(wizard.room))
        write_calibration(calibration, file)
        if isinstance(calibration, SolvedCalibration):
            file.with_suffix(".html").write_text(report_page(calibration), encoding="utf-8")
    except asked.StoppedError:
        err.write("Stopped: nothing was kept.\n")
        return FOUND
    except NoCameraError as problem:
        err.write(f"Not calibrated: {problem}\n")
        return FOUND
    except CANNOT_RUN as problem:
        err.write(f"{problem}\n")
        return FOUND
    except OSError as problem:
        err.write(f"{file} cannot be written ({problem.strerror}): name another data directory with --data\n")
        return FOUND
    if isinstance(calibration, SolvedCalibration):
        for finding in calibration.findings:
            err.write(f"{finding.verdict}  {finding.sentence}\n")
        timing = calibration.timing
        err.write(f"Latency {1000 * timing.seconds:.0f} ms, give or take {1000 * timing.spread:.0f}.\n")
    err.write(f"Kept as {file}.\n")
    return DONE


class Wizard:
    """One calibration, from the first page to the last."""

    def __init__(
        self,
        config: Config,
        parts: ExitStack,
        *,
        mode: Mode,
        clock: Callable[[], float],
        err: TextIO,
        room: TwinRoom | None = None,
    ) -> None:
        self._clock = clock
        self._err = err
        self._by_itself = mode == "offscreen"
        screen = config.screen
        self._window = Window(mode=mode, size=screen.size, display=screen.display, clock=clock, show_pointer=True)
        parts.callback(self._window.close)
        # The graphics library is chosen when the window opens, so what draws is imported after it.
        from media.wall import Wall

        self._wall = Wall(self._window.size)
        self._keys: SimpleQueue[str] = SimpleQueue()
        self._heard: SimpleQueue[CameraMessage] = SimpleQueue()
        self._twin = TwinWall(self._window.size, TWIN_SHAPE, room) if config.camera.device == "twin" else None
        if self._twin is not None:
            parts.callback(self._twin.close)
        camera = config.camera
        seen = self._twin.room if self._twin is not None else None
        self._camera = CameraProcess(
            CameraSpec(camera.device, camera.width, camera.height, camera.fps, seen), self._heard.put
        )
        self._camera.start()
        parts.callback(self._camera.close)
        terminal = TerminalKeys(self._keys.put)
        terminal.start()
        parts.callback(terminal.close)
        self.room = steps.Room(self._window.size, camera.device, screen.wide, utc_now(), versions_in_use())
        self._state = CameraState("opening")
        self._clicked: asked.Pointed | None = None
        self._shown: object = None
        self._told = ""
        self._pictures: dict[int, PictureTaken] = {}
        self._asked = 0
        self._samples: list[Sample] = []
        self._controls: list[ControlsRead] = []
        self._spots: list[Spot] = []

    def run(self, going: asked.Steps[T]) -> T:
        """Do every step; what they return. Raises StoppedError, NoCameraError, and what the steps raise."""
        answer: asked.Answer | None = None
        try:
            while True:
                # A generator that has not begun is sent nothing.
                answer = self._do(going.send(answer)) if answer is not None else self._do(next(going))
        except StopIteration as end:
            made: T = end.value
            return made
        finally:
            going.close()

    def _do(self, request: asked.Request) -> asked.Answer:
        match request:
            case asked.Show(picture):
                return self._flip(picture)
            case asked.Tell(page):
                return self._flip(page)
            case asked.Ask(page, keys, live):
                return self._answered(page, keys, live=live)
            case asked.Want(after):
                return self._want(after)
            case asked.Collect(number):
                return self._collected(number)
            case asked.Keep(until):
                self._wait(lambda: self._clock() >= until)
                return until
            case asked.Watch(seconds):
                return self._watched(seconds)
            case asked.Set(values):
                return self._set(values)
            case asked.Shoot(page, x, y, keys):
                return self._shot(page, x, y, keys)

    def _answered(self, page: Page, keys: Sequence[str], *, live: bool) -> str | asked.Pointed:
        """A key, or a click. Off screen the first key is as good as pressed: going on, or stopping after a refusal."""
        self._say(page)
        if self._by_itself:
            self._flip(page)
            if keys[0] != asked.GO_ON:
                raise NoCameraError(" ".join(line.text for line in page.lines) or page.title)
            return keys[0]
        wanted: int | None = None
        asked_at = 0.0
        while True:
            if live:
                picture = self._pictures.pop(wanted, None) if wanted is not None else None
                if picture is not None:
                    page = replace(page, picture=picture.picture)
                    wanted = None
                if wanted is None and self._clock() >= asked_at + PREVIEW_EVERY:
                    wanted, asked_at = self._want(0.0), self._clock()
                if self._state.condition in ("missing", "lost"):
                    page = replace(page, lines=(Line(self._state.reason, "poor"),), picture=None)
            key = self._round(page)
            if key is not None and key in keys:
                return key
            if self._clicked is not None:
                clicked, self._clicked = self._clicked, None
                return clicked

    def _collected(self, number: int) -> PictureTaken:
        self._wait(lambda: number in self._pictures)
        return self._pictures.pop(number)

    def _want(self, after: float) -> int:
        self._asked += 1
        self._camera.ask(PictureWanted(self._asked, after))
        return self._asked

    def _watched(self, seconds: float) -> list[Sample]:
        if not seconds:
            self._camera.ask(BrightnessWanted(on=False))
            self._samples.clear()
            return []
        if not self._samples:
            self._camera.ask(BrightnessWanted(on=True))
        until = self._clock() + seconds
        self._wait(lambda: self._clock() >= until)
        return list(self._samples)

    def _set(self, values: dict[str, float]) -> ControlsRead:
        self._controls.clear()
        self._camera.ask(ControlsWanted(values))
        self._wait(lambda: bool(self._controls))
        return self._controls[0]

    def _shot(self, page: Page, x: float, y: float, keys: Sequence[str]) -> Spot | str:
        self._say(page)
        ready = self._flip(page) + AFTER_SHOT
        fired = False
        self._spots.clear()
        began = self._clock()
        while True:
            key = self._round(page)
            if key is not None and key in keys:
                return key
            # What the page itself lit up as it appeared is no shot.
            spots = [spot for spot in self._spots if spot.time > ready]
            self._spots.clear()
            if spots:
                return spots[0]
            if self._twin is not None and not fired and self._clock() > ready + AFTER_SHOT and self._by_itself:
                self._camera.fire(TwinShot(self._clock(), x, y))
                fired = True
            if self._by_itself and self._clock() > began + LONGEST_WAIT:
                return asked.GO_ON

    def _wait(self, come: Callable[[], bool]) -> None:
        """Keep everything going with the same picture until something has come. Raises NoCameraError, StoppedError."""
        until = self._clock() + LONGEST_WAIT
        while not come():
            self._round(self._shown)
            if self._state.condition in ("missing", "lost"):
                raise NoCameraError(self._state.reason)
            if self._clock() > until:
                raise NoCameraError(f"the camera gave no picture for {LONGEST_WAIT:.0f} s: check its cable")

    def _round(self, shown: object) -> str | None:
        """One refresh; the key that was pressed, if one was. Raises StoppedError where that or the window says so."""
        for event in self._window.events():
            match event:
                case KeyTyped(key):
                    self._keys.put(key)
                case Clicked(x, y):
                    self._clicked = asked.Pointed(x, y)
                case Dragged(x, y):
                    # A click of this very round is still the same hand's.
                    begun = self._clicked is not None and not self._clicked.dragging
                    self._clicked = asked.Pointed(x, y, dragging=not begun)
                case Closed():
                    raise asked.StoppedError
        self._listen()
        if shown is not self._shown:
            self._flip(shown)
        else:
            self._window.wait()
        try:
            key = self._keys.get_nowait()
        except Empty:
            return None
        if key in (asked.STOP, "escape"):
            raise asked.StoppedError
        return key

    def _flip(self, shown: object) -> float:
        """Draw a page or a pattern and flip it; the clock time of the flip."""
        self._shown = shown
        width, height = self._window.size
        bitmap = (
            draw_page(shown, width, height) if isinstance(shown, Page) else pattern_page(np.asarray(shown, np.uint8))
        )
        self._wall.draw_bitmap(bitmap)
        seen = None if self._twin is None else self._wall.small_view(TWIN_SHAPE.width, TWIN_SHAPE.height)
        flip = self._window.flip()
        if self._twin is not None and seen is not None:
            self._twin.publish(seen, flip)
        return flip

    def _listen(self) -> None:
        while True:
            try:
                message = self._heard.get_nowait()
            except Empty:
                return
            match message:
                case CameraState():
                    self._state = message
                case PictureTaken():
                    self._pictures[message.number] = message
                case BrightnessSeen(clock, brightness):
                    self._samples.append(Sample(clock, brightness))
                case ControlsRead():
                    self._controls.append(message)
                case SpotsSeen(spots):
                    self._spots.extend(spots)

    def _say(self, page: Page) -> None:
        """The page's words in the terminal too."""
        keys = ", ".join(f"[{prompt.key}] {prompt.text}" for prompt in page.prompts)
        text = "\n".join([f"{page.step}: {page.title}.", *(f"  {line.text}" for line in page.lines), f"  {keys}"])
        if text != self._told and not self._by_itself:
            self._told = text
            self._err.write(text + "\n")
            self._err.flush()
