"""What is plugged into a range: camera and keypads, their states, and what they put into the inbox."""

from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

from hardware.camera.messages import (
    CameraHealth,
    CameraMessage,
    CameraSpec,
    CameraState,
    ControlsAstray,
    PulsesSeen,
    RejectionsSeen,
    SpotsSeen,
    TwinShot,
)
from hardware.camera.process import CameraProcess
from hardware.keypad.pad import PadPort
from hardware.keypad.port import KeypadPort, KeyPress
from hardware.keypad.terminal import TerminalKeys
from hardware.keypad.twin import KeypadTwin
from hardware.pad_list import is_pad_address
from range.app.aim import Aim
from range.app.camera_standing import TROUBLED, CameraStanding, Told
from range.app.config import Config
from range.core import events as e
from range.core.commands import LightIntents

KEPT_SIGHTINGS = 200

Sighting = SpotsSeen | PulsesSeen | RejectionsSeen


class Devices:
    """Camera, keypad and this computer's terminal keys, from `start` to `close`.

    Spots become hits through `aim` (None: nothing can be placed, spots are not hits). The camera's and the keypad's
    threads only put events into the inbox, and what the camera saw into `sightings`, of which the oldest give way.
    """

    def __init__(
        self,
        config: Config,
        *,
        camera: CameraSpec | None,
        keypad: str,
        aim: Aim | None,
        inbox: SimpleQueue[e.Input],
        clock: Callable[[], float],
    ) -> None:
        asked = (0, 0) if camera is None else (camera.width, camera.height)
        self.standing = CameraStanding(configured=camera is not None, asked=asked, misfit=self._misfit)
        self.sightings: deque[Sighting] = deque(maxlen=KEPT_SIGHTINGS)
        self.keypad_state = "none" if not keypad else "opening"
        self._keypad_troubled = False
        self._config = config
        self._aim = aim
        self._inbox = inbox
        self._clock = clock
        self._camera = None if camera is None else CameraProcess(camera, self._on_camera)
        self._keypad_twin = KeypadTwin() if keypad == "twin" else None
        address = keypad if self._keypad_twin is None else self._keypad_twin.path
        self._keypad = self._keypad_at(address) if address else None
        self._terminal = TerminalKeys(lambda key: self.press(key, "keyboard"))

    def start(self) -> None:
        """Begin to look for all of them; returns at once."""
        if self._camera is not None:
            self._camera.start()
        if self._keypad is not None:
            self._keypad.start()
        self._terminal.start()

    def close(self) -> None:
        """Let go of all of them."""
        self._terminal.close()
        if self._camera is not None:
            self._camera.close()
        if self._keypad is not None:
            self._keypad.close()
        if self._keypad_twin is not None:
            self._keypad_twin.close()

    @property
    def dropped_presses(self) -> str:
        """What the keypad sent and was not taken as a press, in words; empty where all was."""
        if self._keypad is None:
            return ""
        tally = self._keypad.tally
        counts = ((tally.bounces, "bounced"), (tally.refused, "came with noise on the line"))
        return ", ".join(f"{count} {why}" for count, why in counts if count)

    @property
    def keypad_is_live(self) -> bool:
        """Whether the keypad is there and its keys count."""
        return self.keypad_state == "live"

    @property
    def camera_state(self) -> CameraState:
        """What the camera's process last said of it."""
        return self.standing.state

    @property
    def health(self) -> CameraHealth | None:
        """The camera's last second; None while it is not live."""
        return self.standing.health

    @property
    def misfit(self) -> str | None:
        """Why the calibration does not serve this camera; None where it does."""
        return self.standing.misfit

    @property
    def why_blind(self) -> str | None:
        """Why no hit can be seen though the camera is live, in words; None where hits can be seen."""
        return self.standing.why_blind

    def press(self, key: str, source: str) -> None:
        """A key went down now, from any thread."""
        self._inbox.put(e.KeyPressed(self._clock(), key, source, self._config.meaning_of(key)))

    def fire(self, x: float, y: float, colour: e.Colour, seconds: float) -> None:
        """Fire the twin's laser at screen pixel (x, y), now, for so long; other cameras ignore it."""
        if self._camera is not None:
            self._camera.fire(TwinShot(self._clock(), x, y, colour, seconds))

    def light(self, lights: LightIntents) -> None:
        """Show on the keypad which intents can be taken and which has just been."""
        if self._keypad is None:
            return
        keys = self._config.keys.intents
        lit = frozenset(key for key, intent in keys.items() if intent in lights.lit)
        blinking = frozenset(key for key, intent in keys.items() if intent == lights.taken)
        self._keypad.set_lights(lit, blinking)

    def report(self, device: str, state: str, reason: str) -> None:
        """Put a device's state into the record, from any thread."""
        self.tell(Told(device, state, reason))

    def tell(self, told: Told) -> None:
        """The same, with the time since which it is so."""
        self._inbox.put(e.DeviceReported(told.since or self._clock(), told.device, told.state, told.reason))

    def _keypad_at(self, address: str) -> KeypadPort | PadPort:
        kind = PadPort if is_pad_address(address) else KeypadPort
        return kind(address, clock=self._clock, on_press=self._on_keypad, on_state=self._on_keypad_state)

    def _on_camera(self, message: CameraMessage) -> None:
        match message:
            case SpotsSeen(spots):
                self.sightings.append(message)
                if self._aim is not None and self.misfit is None:
                    for spot in spots:
                        self._inbox.put(self._aim.hit(spot))
            case PulsesSeen() | RejectionsSeen():
                self.sightings.append(message)
            case CameraState() | CameraHealth() | ControlsAstray():
                for told in self.standing.hear(message):
                    self.tell(told)

    def _misfit(self, identity: str, size: tuple[int, int]) -> str | None:
        """Hits are placed by no calibration of another camera or mode; it may name the camera as it was configured."""
        if self._aim is None:
            return None
        misfit = self._aim.misfit(self._config.camera.device, size)
        return self._aim.misfit(identity, size) if misfit is not None and identity else misfit

    def _on_keypad(self, press: KeyPress) -> None:
        self._inbox.put(e.KeyPressed(press.clock, press.key, "keypad", self._config.meaning_of(press.key)))

    def _on_keypad_state(self, state: str, reason: str) -> None:
        self.keypad_state = "live" if state == "noisy" else state
        if state == "noisy":
            self.report("keypad", state, reason)
        elif state in TROUBLED:
            self._keypad_troubled = True
            self.report("keypad", state, reason)
        elif state == "live" and self._keypad_troubled:
            self._keypad_troubled = False
            self.report("keypad", "live", "the keypad is back")
