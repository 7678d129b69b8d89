"""What the camera process and the program say to each other. Only values cross; pictures stay where they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hardware.laser.spot import Pulse, Spot
from range.core.events import Colour
from range.core.geometry import Point
from range.core.shown import RingShape

CameraCondition = Literal["none", "opening", "live", "missing", "lost", "returning"]
PictureCondition = Literal["clear", "black", "frozen", "blinded", "slow"]
ASSUMED_PULSE = 0.06
"""Seconds of light a pull, where no laser has been learnt: the short end of what common training lasers give."""

TWIN_PULSE = 0.08
"""Seconds of light a pull of the twin's laser."""


@dataclass(frozen=True, slots=True)
class CameraState:
    """The camera's condition and, where it is not live, why and what to do; live, its pictures' (width, height).

    `since` is the clock time from which it holds, where that lies before it could be noticed; else 0. `identity` says
    which device is live, empty where that cannot be known.
    """

    condition: CameraCondition
    reason: str = ""
    size: tuple[int, int] | None = None
    since: float = 0.0
    identity: str = ""


@dataclass(frozen=True, slots=True)
class SpotsSeen:
    """Spots found; the time of each is the clock time at which its first lit frame was captured."""

    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class PulsesSeen:
    """Spots told before that have gone dark, and when; their times are clock times."""

    pulses: tuple[Pulse, ...]


@dataclass(frozen=True, slots=True)
class RejectionSeen:
    """A candidate that was no hit: clock time, camera pixel, and why."""

    clock: float
    x: float
    y: float
    reason: str


@dataclass(frozen=True, slots=True)
class RejectionsSeen:
    """The last second's first few rejections, and how many there were beside them."""

    rejections: tuple[RejectionSeen, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """Facts about the last second.

    Frames a second really delivered, milliseconds of finding a frame, the frames' size in pixels; `picture` whether
    hits can be seen in it at all, and `since` which clock time that is so; `wanted` the frames a second it should
    deliver, 0 where nobody knows; `dropped` how many frames the capture times leave room for, None where they cannot
    tell; `saturated` the share of the screen that is clipped white; `caught` the share of laser pulses that show in a
    frame, a lower bound unless `exposure_known`.
    """

    frames_a_second: float
    finding_ms: float
    width: int
    height: int
    picture: PictureCondition = "clear"
    dropped: int | None = None
    saturated: float = 0.0
    caught: float = 1.0
    exposure_known: bool = False
    since: float = 0.0
    wanted: float = 0.0


@dataclass(frozen=True, slots=True)
class PictureWanted:
    """Ask for the first frame stamped at clock time `after` or later; the answer carries the same `number`."""

    number: int
    after: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class PictureTaken:
    """The picture that was wanted, stamped `clock`: (height, width, 3) BGR or (height, width)."""

    number: int
    clock: float
    picture: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class BrightnessWanted:
    """Ask for the brightness of each frame from now on, or no longer."""

    on: bool


@dataclass(frozen=True, slots=True)
class BrightnessSeen:
    """A frame's clock time and mean brightness in grey levels."""

    clock: float
    brightness: float


@dataclass(frozen=True, slots=True)
class ControlsWanted:
    """Ask the camera to fix these settings: exposure (in tenths of a millisecond), gain, white_balance, focus."""

    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ControlsRead:
    """The settings as the camera itself tells them; a name it does not know is left out."""

    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ControlsAstray:
    """Settings the camera was to keep and does not, in words: `exposure 100 (it says 156)`."""

    settings: str


Asked = PictureWanted | BrightnessWanted | ControlsWanted
CameraMessage = (
    PictureTaken
    | BrightnessSeen
    | ControlsRead
    | CameraState
    | SpotsSeen
    | PulsesSeen
    | RejectionsSeen
    | CameraHealth
    | ControlsAstray
)


@dataclass(frozen=True, slots=True)
class TwinShot:
    """Fire the twin's laser at (x, y) screen pixels at clock time `clock`, for `seconds`."""

    clock: float
    x: float
    y: float
    colour: Colour = "red"
    seconds: float = TWIN_PULSE


@dataclass(frozen=True, slots=True)
class TwinRoom:
    """The room the camera twin stands in.

    `corners` are the screen's top left, top right, bottom right and bottom left in the twin's picture; `delay` the
    projector's and camera's latency in seconds; `blur` the lens's sigma in camera pixels; `noise` the sensor's sigma
    and `light` the room's level on a dark wall, both in grey values of 255; `ring` names the memory of shown pictures.
    `gamma` bends the projected light; `interreflection` is the share of
    the screen's mean light that lights the room; `vibration` shakes the camera by so many pixels; `colour_wheel` is the
    depth, 0 to 1, of bands that roll through the picture; with a `rolling` shutter the last row is read so many seconds
    after the first; `exposure` multiplies all light, until another is set as a camera's; `mirrored` turns left and
    right; `faults` names the memory by which it is told to misbehave, empty where it never does.
    """

    screen: tuple[int, int]
    ring: str
    ring_shape: RingShape
    size: tuple[int, int] = (640, 480)
    corners: tuple[tuple[float, float], ...] = ((52.0, 61.0), (594.0, 84.0), (577.0, 398.0), (66.0, 377.0))
    rate: float = 30.0
    delay: float = 0.09
    blur: float = 0.8
    noise: float = 1.6
    light: float = 14.0
    gamma: float = 1.0
    interreflection: float = 0.0
    vibration: float = 0.0
    colour_wheel: float = 0.0
    rolling: float = 0.0
    exposure: float = 1.0
    mirrored: bool = False
    faults: str = ""


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """Which camera to open, as written in the configuration, and the mode to ask for (0: the camera's own choice).

    `screen` are the screen's corners in camera pixels, where known; `pulse` the laser's pulse in seconds; `explain`
    whether rejected candidates are told; `controls` the settings it was calibrated with, to be fixed.
    """

    device: str
    width: int = 0
    height: int = 0
    fps: float = 0.0
    twin: TwinRoom | None = None
    screen: tuple[Point, ...] | None = None
    pulse: float = ASSUMED_PULSE
    explain: bool = False
    controls: Mapping[str, float] = field(default_factory=dict)
