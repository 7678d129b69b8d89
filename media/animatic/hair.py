"""Hair and headwear: a shell over the cranium, cut along an edge round the face; what hangs is behind the head."""

import math

import skia

from media.animatic.brush import Brush, moved, polygon, smooth
from media.animatic.looks import Look
from media.animatic.palette import Light
from media.animatic.skull import CRANIUM, HeadPose, Sphere, skull

# How far the shell stands off the cranium, in head heights.
GROWN = {
    "short": 0.030, "curly": 0.05, "long": 0.045, "bun": 0.025, "headscarf": 0.05, "beanie": 0.05, "cap": 0.045,
    "hood": 0.11, "locs": 0.05, "bob": 0.045,
}  # fmt: skip
# The edge round the face, from the forehead's middle: degrees to the side, and height from the head's middle.
EDGES: dict[str, tuple[tuple[float, float], ...]] = {
    "headscarf": ((0, 0.36), (26, 0.33), (46, 0.20), (58, 0.0), (58, -0.22), (44, -0.40), (0, -0.50)),
    "hood": ((0, 0.38), (30, 0.34), (52, 0.18), (62, 0.0), (62, -0.3), (50, -0.6), (0, -0.8)),
    "beanie": ((0, 0.17), (30, 0.165), (60, 0.13), (88, 0.07), (100, 0.05)),
    "cap": ((0, 0.19), (30, 0.185), (60, 0.15), (88, 0.10), (100, 0.09)),
    "long": ((-6, 0.315), (22, 0.285), (42, 0.17), (57, 0.0), (66, -0.16), (76, -0.34), (90, -0.6)),
    "bob": ((-6, 0.315), (22, 0.285), (42, 0.17), (57, 0.0), (66, -0.16), (76, -0.34), (90, -0.6)),
    "short": (
        (0, 0.30), (24, 0.305), (42, 0.26), (56, 0.14), (66, -0.02), (74, -0.13), (84, -0.10), (104, -0.02),
        (118, -0.28), (130, -0.5),
    ),
}  # fmt: skip
BEHIND: dict[str, tuple[tuple[Sphere, ...], ...]] = {
    "long": (((0, 0.12, -0.08, 0.41), (-0.22, -0.45, -0.14, 0.2), (0.22, -0.45, -0.14, 0.2), (0, -0.62, -0.2, 0.2)),),
    "bob": (((0, 0.12, -0.08, 0.42), (-0.27, -0.25, -0.06, 0.17), (0.27, -0.25, -0.06, 0.17)),),
    "headscarf": (((0, 0.10, -0.05, 0.43), (-0.2, -0.35, 0.0, 0.22), (0.2, -0.35, 0.0, 0.22), (0, -0.62, 0.06, 0.24)),),
    "bun": (((0.0, 0.50, -0.22, 0.15),),),
    "hood": (((0, 0.12, -0.10, 0.47), (0, -0.3, -0.16, 0.36)),),
}
SCARF_BEHIND: tuple[tuple[Sphere, ...], ...] = (
    ((-0.24, -0.55, -0.1, 0.24), (0.24, -0.55, -0.1, 0.24), (0, -0.72, -0.1, 0.22), (0, -0.2, -0.1, 0.3)),
    ((0, 0.10, -0.05, 0.43), (-0.1, -0.28, -0.08, 0.26), (0.1, -0.28, -0.08, 0.26)),
)
BRIM = (
    (-0.33, 0.16, 0.30),
    (-0.2, 0.12, 0.56),
    (0.0, 0.10, 0.64),
    (0.2, 0.12, 0.56),
    (0.33, 0.16, 0.30),
    (0.0, 0.22, 0.42),
)
LOCS_BESIDE = (92.0, 106.0, -92.0, -106.0)
LOCS_ROUND = (105.0, 120.0, 135.0, 150.0, 165.0, 180.0, -165.0, -150.0, -135.0, -120.0, -105.0)
LOCS_BEHIND = (100.0, 120.0, 140.0, 160.0, 180.0, -160.0, -140.0, -120.0, -100.0)


class HairPainter:
    """Draws one person's hair or headwear: `back` before the head, `front` after it."""

    def __init__(self, look: Look, light: Light) -> None:
        self.look = look
        self.light = light
        self.hair = light.lit(look.hair_colour)
        self.hair_dark = light.dark(look.hair_colour)
        self.skin_dark = light.dark(look.skin)
        self.skull = skull(look.jaw)

    def back(self, brush: Brush, pose: HeadPose) -> None:
        """Draws what lies behind the head (and over the shoulders of one that looks away)."""
        style = self.look.hair
        away = pose.away
        if style == "locs" and not away:
            self._locs(brush, pose, LOCS_ROUND)
        shapes = SCARF_BEHIND if style == "headscarf" and away else BEHIND.get(style, ())
        for spheres in shapes:
            path = pose.hull(spheres)
            brush.inked(path, self.hair_dark)
            if away:
                side = self.light.side
                brush.fill(path, self.light.edge(self.look.hair_colour))
                inner = moved(path, side * 0.03 * pose.k, 0.0)
                brush.within(path, inner, self.hair_dark)
                brush.clipped((path, inner), moved(path, side * 0.26 * pose.k, 0.0), self.hair)
        if away and style == "headscarf":
            for x, top, low in ((-0.16, 0.36, -0.40), (0.05, 0.42, -0.46), (0.20, 0.30, -0.36)):
                fold = [(pose.x + x * s * pose.k, pose.y - v * pose.k) for s, v in ((0.5, top), (1.3, 0.0), (0.9, low))]
                brush.stroke(smooth(fold, closed=False), brush.ink, 0.012 * pose.k, 0.45)

    def front(self, brush: Brush, pose: HeadPose) -> None:
        """Draws what lies over the head."""
        style = self.look.hair
        if style == "bald":
            return
        grown = GROWN[style]
        spheres = [(x, y, z, r + grown) for x, y, z, r in CRANIUM]
        if style in ("headscarf", "hood"):
            spheres += [(0, -0.28, -0.06, 0.34 if style == "headscarf" else 0.40)]
        elif style in ("short", "curly", "long", "bob", "locs", "bun"):
            spheres += [(0, -0.12, -0.17, 0.27)]
        if style == "curly":
            spheres = [(x, y + 0.02, z, r) for x, y, z, r in spheres]
        cap = pose.hull(spheres)
        if pose.away:
            brush.inked(pose.hull(self.skull), self.skin_dark)
        if style == "curly":
            self._curls(brush, pose, cap)
            return
        self._cut(brush, pose, cap, style)
        if style == "locs":
            self._locs(brush, pose, LOCS_BEHIND if pose.away else LOCS_BESIDE)

    def _opening(self, pose: HeadPose, style: str) -> list[tuple[float, float]]:
        """The hair's edge round the face, as directions (round to the side, up) from the head's middle."""
        edge = EDGES.get(style, EDGES["short"])
        radius = 0.43
        right = []
        for degrees, v in edge:
            a = math.radians(degrees)
            r = radius * math.sqrt(max(0.05, 1 - ((v - 0.1) / 0.62) ** 2)) * 0.93
            right.append((r * math.sin(a), v, r * math.cos(a) - 0.02))
        points = []
        for x, y, z in [*[(-x, y, z) for x, y, z in reversed(right)], *right[1:]]:
            tx, ty, tz = pose.turn((x, y, z))
            if tz < 0:  # round the back: push beyond the outline
                out = 1 + min(1.5, -tz * 4)
                tx *= out
            points.append((pose.x + tx * pose.k, pose.y - ty * pose.k))
        return points

    def _cut(self, brush: Brush, pose: HeadPose, cap: skia.Path, style: str) -> None:
        away = pose.away
        edge = self._opening(pose, style)
        below = [(pose.x + 1.6 * pose.k, pose.y + 1.4 * pose.k), (pose.x - 1.6 * pose.k, pose.y + 1.4 * pose.k)]
        if style in ("headscarf", "hood"):
            hole = smooth(edge, closed=True, tension=0.9)
        else:
            hole = smooth(edge, closed=False, tension=0.9)
            hole.lineTo(*below[0])
            hole.lineTo(*below[1])
            hole.close()
        shape = cap if away else skia.Op(cap, hole, skia.PathOp.kDifference_PathOp)
        if away and style in ("beanie", "cap"):
            rim = pose.y - 0.05 * pose.k
            under = polygon([(pose.x - 2 * pose.k, rim), (pose.x + 2 * pose.k, rim), *below])
            shape = skia.Op(cap, under, skia.PathOp.kDifference_PathOp)
            brush.inked(pose.hull([(x, y, z, r + 0.02) for x, y, z, r in CRANIUM]), self.hair_dark)
        brush.inked(shape, self.light.edge(self.look.hair_colour))
        brush.within(shape, moved(cap, self.light.side * 0.026 * pose.k, 0.01 * pose.k), self.hair)
        shadow = skia.Path(cap)
        shadow.transform(skia.Matrix.Translate(self.light.side * 0.15 * pose.k, -0.07 * pose.k))
        shadow.addRect(skia.Rect.MakeLTRB(pose.x - pose.k, pose.y - pose.k, pose.x + pose.k, pose.y + pose.k))
        shadow.setFillType(skia.PathFillType.kEvenOdd)
        brush.clipped((shape, moved(cap, self.light.side * 0.026 * pose.k, 0.01 * pose.k)), shadow, self.hair_dark)
        if not away:
            self._details(brush, pose, style)

    def _details(self, brush: Brush, pose: HeadPose, style: str) -> None:
        k = pose.k
        if style == "beanie":
            low = [pose.at((x, 0.20 - abs(x) * 0.12, 0.43 - x * x * 1.4)) for x in (-0.40, -0.2, 0.0, 0.2, 0.40)]
            brush.stroke(smooth(low, closed=False), self.hair_dark, 0.09 * k)
            brush.stroke(smooth([(x, y - 0.055 * k) for x, y in low], closed=False), brush.ink, 0.012 * k, 0.7)
        elif style == "cap":
            brim = [pose.at(p) for p in BRIM]
            brush.inked(smooth(brim, closed=True, tension=0.8), self.hair_dark)
        elif style == "headscarf":
            fold = [pose.at((0.30, -0.36, 0.16)), pose.at((0.10, -0.56, 0.28)), pose.at((-0.2, -0.72, 0.22))]
            brush.stroke(smooth(fold, closed=False), brush.ink, 0.014 * k, 0.55)
        elif style in ("short", "long", "bob", "bun", "locs"):
            for start, end in (
                ((0.10, 0.33), (0.22, 0.45)),
                ((-0.06, 0.34), (0.02, 0.47)),
                ((-0.20, 0.30), (-0.16, 0.44)),
            ):
                strand = [pose.at((start[0], start[1], 0.33)), pose.at((end[0], end[1], 0.18))]
                brush.stroke(smooth(strand, closed=False), self.hair_dark, 0.016 * k, 0.7)

    def _curls(self, brush: Brush, pose: HeadPose, cap: skia.Path) -> None:
        """Curls are discs all over the crown that stay where they grow."""
        group = skia.Path()
        arcs = skia.Path()
        r = 0.105 * pose.k
        for row, (up, count) in enumerate(((0.06, 13), (0.40, 11), (0.75, 8), (1.12, 4), (-0.42, 13))):
            for i in range(count):
                a = 2 * math.pi * (i + 0.5 * (row % 2)) / count
                front = math.cos(a)
                if (row == 0 and front > 0.25) or (up < 0 and front > -0.55):
                    continue
                out = 0.40 * math.cos(up)
                tx, ty, tz = pose.turn(
                    (out * math.sin(a), 0.14 + 0.38 * math.sin(up) + 0.03 * front, out * math.cos(a) - 0.05)
                )
                if tz < (-0.02 if up < 0 else -0.30):
                    continue
                x, y = pose.x + tx * pose.k, pose.y - ty * pose.k
                group.addCircle(x, y, r)
                if tz > 0.12 and (row + i) % 2:
                    arcs.addArc(skia.Rect.MakeLTRB(x - 0.6 * r, y - 0.6 * r, x + 0.6 * r, y + 0.6 * r), 150, 150)
        if pose.away:
            group.reverseAddPath(cap)
            arcs = skia.Path()
        brush.inked(group, self.light.edge(self.look.hair_colour))
        inner = moved(group, self.light.side * 0.026 * pose.k, 0.012 * pose.k)
        brush.within(group, inner, self.hair_dark)
        brush.clipped((group, inner), moved(cap, self.light.side * 0.20 * pose.k, -0.10 * pose.k), self.hair)
        brush.stroke(arcs, self.hair_dark, 0.014 * pose.k, 0.8)

    def _locs(self, brush: Brush, pose: HeadPose, sides: tuple[float, ...]) -> None:
        """Locs hang from the crown; `sides` are their places round the head in degrees, the face at 0."""
        strands = []
        for degrees in sides:
            a = math.radians(degrees)
            long = -0.36 - 0.05 * math.sin(math.radians(40 * degrees))
            across, on = math.sin(a), math.cos(a)
            places = (
                (0.30 * across, 0.34, 0.30 * on - 0.05),
                (0.415 * across, 0.10, 0.40 * on - 0.05),
                (0.425 * across, -0.14, 0.40 * on - 0.06),
                (0.40 * across, long, 0.37 * on - 0.06),
            )
            depth = pose.turn(places[1])[2]
            if depth > -0.12 or sides is not LOCS_BESIDE:
                strands.append((depth, places[1][0], [pose.at(p) for p in places]))
        for _, x, points in sorted(strands, key=lambda s: s[0]):
            line = smooth(points, closed=False)
            lit = x * self.light.side > -0.1
            brush.stroke(line, brush.ink, 0.082 * pose.k + 2 * brush.line)
            brush.stroke(line, self.hair if lit else self.hair_dark, 0.082 * pose.k)
