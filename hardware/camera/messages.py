"""What the camera process and the program say to each other. Only values cross; pictures stay where they are."""

from dataclasses import dataclass
from typing import Literal

from hardware.laser.spot import Spot
from range.core.events import Colour
from range.core.shown import RingShape

CameraCondition = Literal["none", "opening", "live", "missing", "lost"]


@dataclass(frozen=True, slots=True)
class CameraState:
    """The camera's condition and, where it is not live, why and what to do."""

    condition: CameraCondition
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SpotsSeen:
    """Spots found; the time of each is the clock time at which its first lit frame was captured."""

    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """Facts about the last second: frames a second really delivered, milliseconds of finding a frame, their size."""

    frames_a_second: float
    finding_ms: float
    width: int
    height: int


CameraMessage = CameraState | SpotsSeen | CameraHealth


@dataclass(frozen=True, slots=True)
class TwinShot:
    """Fire the twin's laser at (x, y) screen pixels at clock time `clock`, for `seconds`."""

    clock: float
    x: float
    y: float
    colour: Colour = "red"
    seconds: float = 0.08


@dataclass(frozen=True, slots=True)
class TwinRoom:
    """The room the camera twin stands in.

    `corners` are the screen's top left, top right, bottom right and bottom left in the twin's picture; `delay` the
    projector's and camera's latency in seconds; `blur` the lens's sigma in camera pixels; `noise` the sensor's sigma
    and `light` the room's level on a dark wall, both in grey values of 255; `ring` names the memory of shown pictures.
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


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """Which camera to open, as written in the configuration, and the mode to ask for (0: the camera's own choice)."""

    device: str
    width: int = 0
    height: int = 0
    fps: float = 0.0
    twin: TwinRoom | None = None
