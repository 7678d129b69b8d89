"""A skull in space: spheres under one skin, and the face's surface on which features are laid."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import skia

from media.animatic.brush import Spot2, smooth
from media.animatic.space import V3

Sphere = tuple[float, float, float, float]

# Spheres (x, y, z, radius) in head heights round the head's middle; z is toward the face.
CRANIUM: tuple[Sphere, ...] = ((0.0, 0.12, -0.05, 0.365), (0.0, 0.11, 0.07, 0.315))
RIM = 36


@dataclass(frozen=True, slots=True)
class HeadPose:
    """The head's place (X, Y of its middle, pixels of a head height) and turn (radians)."""

    x: float
    y: float
    k: float
    yaw: float
    nod: float
    roll: float

    @property
    def away(self) -> bool:
        """Whether we see the back of the head."""
        return math.cos(self.yaw) < -0.15

    def turn(self, p: V3) -> V3:
        """Head coordinates -> right, up, toward us, in head heights."""
        cy, sy = math.cos(self.yaw), math.sin(self.yaw)
        cn, sn = math.cos(self.nod), math.sin(self.nod)
        cr, sr = math.cos(self.roll), math.sin(self.roll)
        x, y, z = p
        y, z = y * cn - z * sn, y * sn + z * cn
        x, z = x * cy + z * sy, z * cy - x * sy
        return x * cr - y * sr, x * sr + y * cr, z

    def at(self, p: V3) -> Spot2:
        """Head coordinates -> the picture's pixels."""
        x, y, _ = self.turn(p)
        return self.x + x * self.k, self.y - y * self.k

    def face(self, u: float, v: float, lift: float = 0.0) -> V3:
        """A point on the face's surface over (u, v), as head coordinates."""
        bulge = 1 - (u / 0.43) ** 2 - (v / 0.62) ** 2
        return u, v, 0.03 + 0.39 * math.sqrt(max(0.02, bulge)) + lift

    def on(self, u: float, v: float, lift: float = 0.0) -> Spot2:
        """A point on the face's surface in the picture."""
        return self.at(self.face(u, v, lift))

    def hull(self, spheres: Sequence[Sphere]) -> skia.Path:
        """The outline of spheres under one skin."""
        turned = [(*self.turn((x, y, z))[:2], r) for x, y, z, r in spheres]
        points = []
        for i in range(RIM):
            dx, dy = math.cos(2 * math.pi * i / RIM), math.sin(2 * math.pi * i / RIM)
            x, y, r = max(turned, key=lambda s: s[0] * dx + s[1] * dy + s[2])
            points.append((self.x + (x + r * dx) * self.k, self.y - (y + r * dy) * self.k))
        return smooth(points, closed=True, tension=0.9)


def skull(jaw: float) -> tuple[Sphere, ...]:
    """A head's spheres; `jaw` 1 is broad."""
    return (
        *CRANIUM,
        (-0.20, -0.05, 0.15, 0.135),
        (0.20, -0.05, 0.15, 0.135),
        (-0.185 * jaw, -0.255, 0.07, 0.095),
        (0.185 * jaw, -0.255, 0.07, 0.095),
        (-0.04 * jaw, -0.375, 0.19, 0.112),
        (0.04 * jaw, -0.375, 0.19, 0.112),
        (-0.125 * jaw, -0.335, 0.14, 0.098),
        (0.125 * jaw, -0.335, 0.14, 0.098),
    )
