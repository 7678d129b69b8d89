"""A simulated camera before a wall: light is added in linear light, then the camera's gamma, noise and clipping."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.finder import Finder
from hardware.laser.settings import FinderSettings
from hardware.laser.spot import Spot

Frame = NDArray[np.uint8]
Light = NDArray[np.float32]
"""Linear light of a picture, (height, width, 3) in blue, green, red; 1 is white."""
Scene = Callable[[Light], Light]
"""What changes a room's light."""
GAMMA = 2.2
RESPONSE = {"red": (0.05, 0.12, 1.0), "green": (0.15, 1.0, 0.12), "infrared": (1.0, 1.0, 1.0), "white": (1.0, 1.0, 1.0)}


@dataclass(frozen=True)
class Beam:
    """A laser's spot: centre, blur and strength (1 reaches white in its own channel); `to` makes it a streak."""

    x: float
    y: float
    colour: str = "red"
    sigma: float = 2.0
    strength: float = 3.0
    to: tuple[float, float] | None = None
    glow: float = 0.02

    def light(self, width: int, height: int) -> Light:
        steps = 1 if self.to is None else 2 * int(np.hypot(self.to[0] - self.x, self.to[1] - self.y)) + 1
        end = self.to or (self.x, self.y)
        shape = np.zeros((height, width), np.float32)
        rows, columns = np.ogrid[:height, :width]
        for share in np.linspace(0, 1, steps) if steps > 1 else [0.0]:
            x, y = self.x + (end[0] - self.x) * share, self.y + (end[1] - self.y) * share
            distance = (columns - x) ** 2 + (rows - y) ** 2
            core, glow = np.exp(-distance / (2 * self.sigma**2)), np.exp(-distance / (2 * (5 * self.sigma) ** 2))
            shape = np.maximum(shape, core + self.glow * glow)
        response = np.array(RESPONSE[self.colour], np.float32)
        return np.asarray(self.strength * shape[:, :, None] * response, np.float32)


@dataclass
class Room:
    """A wall of one brightness (or a picture on it) seen by a noisy camera; the same seed sees the same noise."""

    width: int = 320
    height: int = 240
    wall: tuple[int, int, int] = (90, 95, 100)
    noise: float = 2.0
    seed: int = 1
    picture: Frame | None = None
    grey: bool = False
    jpeg: int | None = None
    rate: float = 30.0
    count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)
        shown = np.empty((self.height, self.width, 3), np.uint8)
        shown[:] = self.wall if self.picture is None else self.picture
        self.linear: Light = np.asarray((shown / 255.0) ** GAMMA, np.float32)

    def frame(self, *beams: Beam, scene: Scene | None = None) -> Frame:
        """The next frame: `scene` changes the room's linear light, beams are added to it."""
        light = self.linear if scene is None else scene(self.linear.copy())
        for beam in beams:
            light = light + beam.light(self.width, self.height)
        values = 255 * np.clip(light, 0, None) ** (1 / GAMMA)
        # Shot noise grows with the light; the sensor clips after it.
        noise = self._random.normal(0, 1, values.shape) * self.noise * np.sqrt(0.3 + 0.7 * np.clip(light, 0, 1))
        seen = np.clip(np.rint(values + noise), 0, 255).astype(np.uint8)
        if self.jpeg is not None:
            packed = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, self.jpeg])[1]
            seen = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        self.count += 1
        return np.ascontiguousarray(seen[:, :, 1]) if self.grey else seen

    def quiet(self, frames: int) -> list[Frame]:
        return [self.frame() for _ in range(frames)]


def times(factor: float) -> Scene:
    """All light by a factor."""
    return lambda light: light * np.float32(factor)


def found(frames: Sequence[Frame], rate: float = 30.0, settings: FinderSettings | None = None) -> list[Spot]:
    """Every spot a fresh finder finds in the frames."""
    finder = Finder(settings or FinderSettings())
    spots: list[Spot] = []
    for index, frame in enumerate(frames):
        spots += finder.find(frame, index / rate)
    return spots + finder.finish()


def reasons(frames: Sequence[Frame]) -> list[str]:
    """Why a fresh finder turned candidates down."""
    finder = Finder(FinderSettings())
    for index, frame in enumerate(frames):
        finder.find(frame, index / 30)
    finder.finish()
    return [rejection.reason for rejection in finder.rejections]


def textured(width: int, height: int, seed: int = 5, low: int = 30, high: int = 210) -> Frame:
    """A picture with detail at every size, as a projected film has."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for cell in (4, 10, 30, 80):
        coarse = random.uniform(0, 1, (height // cell + 2, width // cell + 2, 3)).astype(np.float32)
        total += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * cell**0.5
    total = (total - total.min()) / (total.max() - total.min())
    return np.asarray(low + (high - low) * total, np.uint8)
