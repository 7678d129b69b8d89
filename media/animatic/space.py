"""Places in the drawn world, in metres, and where they fall in the picture, in pixels.

x runs to the right, y up from the floor, z away from the camera. `toward` is its opposite, used inside a figure.
"""

import math
from dataclasses import dataclass

V3 = tuple[float, float, float]


def add(a: V3, b: V3) -> V3:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def sub(a: V3, b: V3) -> V3:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def scaled(a: V3, k: float) -> V3:
    return a[0] * k, a[1] * k, a[2] * k


def mix(a: V3, b: V3, share: float) -> V3:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share


def dot(a: V3, b: V3) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: V3, b: V3) -> V3:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def unit(a: V3) -> V3:
    length = math.sqrt(dot(a, a))
    return (0.0, 1.0, 0.0) if length < 1e-9 else scaled(a, 1 / length)


def across(a: V3, direction: V3) -> V3:
    """The unit vector nearest to `a` that is square to the unit vector `direction`."""
    return unit(sub(a, scaled(direction, dot(a, direction))))


def eased(share: float) -> float:
    """0-1 -> 0-1 with no speed and no acceleration at either end (Perlin's smoother step)."""
    s = min(1.0, max(0.0, share))
    return s * s * s * (s * (s * 6 - 15) + 10)


def elbow_between(shoulder: V3, wrist: V3, upper: float, fore: float, pole: V3) -> tuple[V3, V3]:
    """Elbow and reached wrist of a two-bone limb, bent towards `pole`; a wrist out of reach is drawn nearer."""
    reach = sub(wrist, shoulder)
    length = min(max(math.sqrt(dot(reach, reach)), abs(upper - fore) + 1e-3), (upper + fore) * 0.998)
    along = unit(reach)
    forward = (upper * upper - fore * fore + length * length) / (2 * length)
    aside = math.sqrt(max(0.0, upper * upper - forward * forward))
    elbow = add(shoulder, add(scaled(along, forward), scaled(across(pole, along), aside)))
    return elbow, add(shoulder, scaled(along, length))


@dataclass(frozen=True, slots=True)
class Camera:
    """An upright camera with a shifted lens: verticals stay vertical. `focal` in pixels, `horizon` its height's row."""

    x: float
    y: float
    z: float
    focal: float
    centre: float
    horizon: float

    def scale(self, z: float) -> float:
        """Pixels per metre at a distance."""
        return self.focal / (z - self.z)

    def at(self, x: float, y: float, z: float) -> tuple[float, float]:
        k = self.focal / (z - self.z)
        return self.centre + (x - self.x) * k, self.horizon - (y - self.y) * k


@dataclass(frozen=True, slots=True)
class Turned:
    """A figure's frame: standing at (x, 0, z), turned by `yaw` radians (0 faces the camera, positive to the right)."""

    camera: Camera
    x: float
    z: float
    cosine: float
    sine: float
    size: float  # 1 for a figure of 1.75 m

    @classmethod
    def at(cls, camera: Camera, x: float, z: float, yaw: float, size: float) -> "Turned":
        return cls(camera, x, z, math.cos(yaw), math.sin(yaw), size)

    def view(self, p: V3) -> V3:
        """Body coordinates (to the right, up, forward) of a 1.75 m figure -> metres (right, up, toward us)."""
        a, h, b = p
        return (
            (a * self.cosine + b * self.sine) * self.size,
            h * self.size,
            (b * self.cosine - a * self.sine) * self.size,
        )

    def screen(self, p: V3) -> V3:
        """Body coordinates -> (X, Y) in pixels and the pixels of one body metre there."""
        x, y, toward = self.view(p)
        k = self.camera.focal / (self.z - toward - self.camera.z)
        return (
            self.camera.centre + (self.x + x - self.camera.x) * k,
            self.camera.horizon - (y - self.camera.y) * k,
            k * self.size,
        )

    def depth(self, p: V3) -> float:
        """Metres towards us of a body point, from the figure's axis."""
        return (p[2] * self.cosine - p[0] * self.sine) * self.size
