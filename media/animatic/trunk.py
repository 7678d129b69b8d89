"""The clothed trunk: ellipses stacked along the spine, with a surface on which clothes are drawn."""

import math
from itertools import pairwise

import skia

from media.animatic.body import Skeleton
from media.animatic.brush import Brush, moved, smooth
from media.animatic.looks import Look
from media.animatic.palette import Rgb
from media.animatic.space import V3, Turned, add

# A ring: its place along the spine (0 pelvis, 1 shoulders), half its width and half its depth in metres.
Ring = tuple[float, float, float]


class Trunk:
    """One figure's trunk at a moment."""

    def __init__(self, bones: Skeleton, turned: Turned, stack: tuple[Ring, ...], look: Look) -> None:
        self.bones = bones
        self.turned = turned
        self.rings = [self._sized(ring, look, bones.girth) for ring in stack]
        left, right = [], []
        for share, wide, deep in self.rings:
            x, y, k = turned.screen(bones.spine(share))
            half = math.hypot(wide * turned.cosine, deep * turned.sine) * k
            left.append((x - half, y))
            right.append((x + half, y))
        self.left, self.right = left, right
        self.path = smooth(left, closed=False, tension=0.9)
        (lx, ly), (rx, ry) = left[-1], right[-1]
        self.path.quadTo((lx + rx) / 2, (ly + ry) / 2 + 0.06 * abs(rx - lx), rx, ry)
        smooth([*reversed(right)], closed=False, tension=0.9, path=self.path)
        self.path.close()

    @staticmethod
    def _sized(ring: Ring, look: Look, girth: float) -> Ring:
        share, wide, deep = ring
        if share > 0.75:
            return share, wide * (look.shoulders if share < 1.02 else 1.0), deep * girth
        hips = look.hips if share < 0.2 else (0.95 if look.hips > 1 and share < 0.7 else 1.0)
        return share, wide * girth * hips, deep * girth

    def ring_at(self, share: float) -> tuple[float, float]:
        """Half width and half depth between the rings."""
        rings = self.rings
        for (s0, w0, d0), (s1, w1, d1) in pairwise(rings):
            if s1 <= share <= s0:
                mixing = (s0 - share) / max(1e-6, s0 - s1)
                return w0 + (w1 - w0) * mixing, d0 + (d1 - d0) * mixing
        return rings[-1][1:] if share < rings[-1][0] else rings[0][1:]

    def body(self, u: float, share: float, lift: float = 0.0) -> V3:
        """A point on the front: u from -1 (the picture's left side) to 1, 0 the middle."""
        wide, deep = self.ring_at(share)
        a = u * math.pi / 2
        return add(self.bones.spine(share), ((wide + lift) * math.sin(a), 0.0, (deep + lift) * math.cos(a)))

    def on(self, u: float, share: float, lift: float = 0.0) -> tuple[float, float]:
        x, y, _ = self.turned.screen(self.body(u, share, lift))
        return x, y

    @property
    def scale(self) -> float:
        return self.turned.screen(self.bones.chest)[2]

    def draw(self, brush: Brush, lit: Rgb, dark: Rgb, edge_light: Rgb, side: float) -> None:
        brush.inked(self.path, edge_light)
        brush.within(self.path, moved(self.path, side * 0.016 * self.scale, 0.012 * self.scale), dark)
        # The lit part ends along a line that follows the chest's roundness.
        shadow_left, shadow_right = (self.left, self.right) if side < 0 else (self.right, self.left)
        edge = []
        for (lx, ly), (rx, ry) in zip(shadow_left, shadow_right, strict=True):
            edge.append((lx + (rx - lx) * 0.70, ly + (ry - ly) * 0.70))
        (ex, ey), low = edge[-1], 0.08 * self.scale
        edge.append((ex, ey + low))
        outer = [(x + (x - rx) * 0.3, y) for (x, y), (rx, _) in zip(shadow_left, shadow_right, strict=True)]
        outer.append((outer[-1][0], outer[-1][1] + low))
        shape: skia.Path = smooth([*outer, *reversed(edge)], closed=True, tension=0.8)
        brush.within(self.path, shape, lit)
