"""A head: a hull of spheres turned in space, with features laid on its surface."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import skia

from media.animatic.brush import Brush, moved, polygon, smooth
from media.animatic.looks import Look
from media.animatic.motion import Moment
from media.animatic.palette import Light, blend, rgb
from media.animatic.space import V3

# Spheres (x, y, z, radius) in head heights round the head's middle; z is toward the face.
CRANIUM: tuple[tuple[float, float, float, float], ...] = ((0.0, 0.12, -0.05, 0.365), (0.0, 0.11, 0.07, 0.315))
RIM = 36


@dataclass(frozen=True, slots=True)
class Pose3:
    """The head's place (X, Y of its middle, pixels of a head height) and turn (radians)."""

    x: float
    y: float
    k: float
    yaw: float
    nod: float
    roll: float

    def turn(self, p: V3) -> V3:
        """Head coordinates -> right, up, toward us, in head heights."""
        cy, sy = math.cos(self.yaw), math.sin(self.yaw)
        cn, sn = math.cos(self.nod), math.sin(self.nod)
        cr, sr = math.cos(self.roll), math.sin(self.roll)
        x, y, z = p
        y, z = y * cn - z * sn, y * sn + z * cn
        x, z = x * cy + z * sy, z * cy - x * sy
        return x * cr - y * sr, x * sr + y * cr, z

    def at(self, p: V3) -> tuple[float, float]:
        x, y, _ = self.turn(p)
        return self.x + x * self.k, self.y - y * self.k

    def face(self, u: float, v: float, lift: float = 0.0) -> V3:
        """A point on the face's surface over (u, v), as head coordinates."""
        bulge = 1 - (u / 0.43) ** 2 - (v / 0.62) ** 2
        return u, v, 0.03 + 0.39 * math.sqrt(max(0.02, bulge)) + lift

    def on(self, u: float, v: float, lift: float = 0.0) -> tuple[float, float]:
        return self.at(self.face(u, v, lift))

    def hull(self, spheres: Sequence[tuple[float, float, float, float]]) -> skia.Path:
        """The outline of spheres under one skin."""
        turned = [(*self.turn((x, y, z))[:2], r) for x, y, z, r in spheres]
        points = []
        for i in range(RIM):
            dx, dy = math.cos(2 * math.pi * i / RIM), math.sin(2 * math.pi * i / RIM)
            x, y, r = max(turned, key=lambda s: s[0] * dx + s[1] * dy + s[2])
            points.append((self.x + (x + r * dx) * self.k, self.y - (y + r * dy) * self.k))
        return smooth(points, closed=True, tension=0.9)


def skull(jaw: float) -> tuple[tuple[float, float, float, float], ...]:
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


class HeadPainter:
    """Draws one person's head; `back` first, then whatever is behind the face, then `front`."""

    def __init__(self, look: Look, light: Light) -> None:
        self.look = look
        self.skin = light.lit(look.skin)
        self.skin_dark = light.dark(look.skin)
        self.hair = light.lit(look.hair_colour)
        self.hair_dark = light.dark(look.hair_colour)
        self.light = light
        self.line = blend(self.skin_dark, light.ink, 0.62)
        self.skull = skull(look.jaw)

    # --- behind the face ---

    def back(self, brush: Brush, pose: Pose3) -> None:
        hair = self.look.hair
        shapes: list[tuple[tuple[float, float, float, float], ...]] = []
        if hair == "long":
            shapes.append(((0, 0.12, -0.08, 0.41), (-0.22, -0.45, -0.14, 0.2), (0.22, -0.45, -0.14, 0.2), (0, -0.62, -0.2, 0.2)))
        elif hair == "bob":
            shapes.append(((0, 0.12, -0.08, 0.42), (-0.27, -0.25, -0.06, 0.17), (0.27, -0.25, -0.06, 0.17)))
        elif hair == "headscarf":
            shapes.append(((0, 0.10, -0.05, 0.43), (-0.2, -0.35, 0.0, 0.22), (0.2, -0.35, 0.0, 0.22), (0, -0.62, 0.06, 0.24)))
        elif hair == "locs":
            if math.cos(pose.yaw) > -0.15:
                self._locs(brush, pose, (105, 120, 135, 150, 165, 180, -165, -150, -135, -120, -105))
        elif hair == "bun":
            shapes.append(((0.0, 0.50, -0.22, 0.15),))
        elif hair == "hood":
            shapes.append(((0, 0.12, -0.10, 0.47), (0, -0.3, -0.16, 0.36)))
        away = math.cos(pose.yaw) < -0.15
        for spheres in shapes:
            path = pose.hull(spheres)
            brush.inked(path, self.hair_dark)
            if away:
                side = self.light.side
                brush.fill(path, self.light.edge(self.look.hair_colour))
                inner = moved(path, side * 0.03 * pose.k, 0.0)
                brush.within(path, inner, self.hair_dark)
                brush.clipped((path, inner), moved(path, side * 0.26 * pose.k, 0.0), self.hair)

    # --- the face ---

    def front(self, brush: Brush, pose: Pose3, moment: Moment) -> None:
        facing = math.cos(pose.yaw) > -0.15
        head = pose.hull(self.skull)
        if self.look.hair not in ("headscarf", "hood"):
            self._ear(brush, pose, -1)
            self._ear(brush, pose, 1)
        nose = self._nose_outline(pose)
        brush.stroke(head, brush.ink, 2 * brush.line)
        if facing:
            brush.stroke(nose, brush.ink, 2 * brush.line)
        brush.fill(head, self.light.edge(self.look.skin))
        within = moved(head, self.light.side * 0.030 * pose.k, 0.0)
        brush.within(head, within, self.skin)
        if facing:
            brush.fill(nose, self.skin)
        self._form_shadow(brush, pose, head, within)
        if facing:
            self._features(brush, pose, head, moment)
        self._hair(brush, pose)

    def _ear(self, brush: Brush, pose: Pose3, side: int) -> None:
        centre = (side * 0.365, -0.03, -0.03)
        if pose.turn(centre)[2] < -0.22:
            return
        ear = pose.hull(((side * 0.365, 0.03, -0.05, 0.065), (side * 0.355, -0.09, -0.02, 0.045)))
        lit = side == self.light.side
        brush.inked(ear, self.skin if lit else self.skin_dark)

    def _nose_outline(self, pose: Pose3) -> skia.Path:
        return pose.hull(((0, 0.05, 0.36, 0.04), (0, -0.105, 0.465, 0.042), (0, -0.14, 0.42, 0.05)))

    def _form_shadow(self, brush: Brush, pose: Pose3, head: skia.Path, within: skia.Path) -> None:
        """The side turned from the light: the head's outline less itself moved toward the light."""
        lit = skia.Path(head)
        lit.transform(skia.Matrix.Translate(self.light.side * 0.17 * pose.k, -0.05 * pose.k))
        lit.addRect(skia.Rect.MakeLTRB(pose.x - pose.k, pose.y - pose.k, pose.x + pose.k, pose.y + pose.k))
        lit.setFillType(skia.PathFillType.kEvenOdd)
        brush.clipped((head, within), lit, self.skin_dark)

    def _features(self, brush: Brush, pose: Pose3, head: skia.Path, moment: Moment) -> None:
        brush.canvas.save()
        brush.canvas.clipPath(head, skia.ClipOp.kIntersect, True)
        if self.look.beard:
            self._beard(brush, pose)
        for side in (-1, 1):
            self._eye(brush, pose, side, moment)
        self._mouth(brush, pose, moment)
        if self.look.aged:
            self._years(brush, pose)
        brush.canvas.restore()
        self._nose(brush, pose)
        if self.look.glasses:
            self._glasses(brush, pose)

    def _eye(self, brush: Brush, pose: Pose3, side: int, moment: Moment) -> None:
        k = pose.k
        u, v = side * 0.158, -0.005
        open_ = moment.face.eyes * (1 - moment.blink)
        top, bottom, half = 0.046 * open_, 0.026 * min(1.0, open_ * 1.4), 0.074
        inner, outer = u - side * half, u + side * half
        corner_i, corner_o = pose.on(inner, v - 0.010), pose.on(outer, v + 0.004)
        upper = [corner_i, pose.on(u - side * 0.03, v + top * 0.92), pose.on(u + side * 0.03, v + top), corner_o]
        lid = smooth(upper, closed=False)
        if open_ > 0.12:
            almond = smooth(
                [*upper, pose.on(u + side * 0.03, v - bottom), pose.on(u - side * 0.03, v - bottom)], closed=True, tension=0.8
            )
            white = blend(rgb(0xF4EFE6), self.skin_dark, 0.22 if side == self.light.side else 0.42)
            brush.fill(almond, white)
            brush.canvas.save()
            brush.canvas.clipPath(almond, skia.ClipOp.kIntersect, True)
            gaze_u = u + 0.030 * max(-1.0, min(1.0, moment.eyes[0]))
            x, y = pose.on(gaze_u, v + 0.006 + 0.018 * max(-1.0, min(1.0, moment.eyes[1])))
            brush.disc(x, y, 0.040 * k, rgb(0x2A1C18))
            if k > 90:
                brush.disc(x - 0.012 * k, y - 0.014 * k, 0.010 * k, rgb(0xF5F1EA), 0.9)
            brush.canvas.restore()
        brush.stroke(lid, self.light.ink, 0.022 * k)
        brow_v = 0.098 + moment.face.outer * 0.3
        brow = [
            pose.on(side * 0.075, brow_v + moment.face.inner),
            pose.on(side * 0.150, brow_v + 0.022 + moment.face.inner * 0.4 + moment.face.outer * 0.4),
            pose.on(side * 0.245, brow_v - 0.004 + moment.face.outer),
        ]
        colour = blend(self.hair_dark if self.look.hair not in ("headscarf", "beanie", "cap", "hood") else self.light.ink,
                       self.light.ink, 0.35)  # fmt: skip
        brush.stroke(smooth(brow, closed=False), colour, 0.032 * k)

    def _nose(self, brush: Brush, pose: Pose3) -> None:
        k = pose.k
        tip = (0.0, -0.125, 0.50)
        away = -self.light.side
        if abs(pose.yaw) > 0.35:
            away = 1 if pose.yaw < 0 else -1
        plane = [
            pose.at((away * 0.012, 0.07, 0.40)),
            pose.at(tip),
            pose.at((away * 0.072, -0.15, 0.40)),
            pose.at((away * 0.045, -0.02, 0.39)),
        ]
        brush.fill(smooth(plane, closed=True, tension=0.5), self.skin_dark, 0.85)
        under = [pose.at((-0.062, -0.148, 0.42)), pose.at((0.0, -0.172, 0.47)), pose.at((0.062, -0.148, 0.42))]
        brush.stroke(smooth(under, closed=False), self.line, 0.014 * k)

    def _mouth(self, brush: Brush, pose: Pose3, moment: Moment) -> None:
        k = pose.k
        face = moment.face
        half, v, smile = 0.105 * face.width, -0.262, face.smile * 0.034
        gap = moment.mouth * 0.062
        half *= 1 - 0.22 * moment.mouth
        left, right = pose.on(-half, v + smile), pose.on(half, v + smile)
        if gap > 0.008:
            top = [left, pose.on(-half * 0.45, v + gap * 0.32, 0.01), pose.on(half * 0.45, v + gap * 0.32, 0.01), right]
            low = [pose.on(half * 0.5, v - gap, 0.01), pose.on(-half * 0.5, v - gap, 0.01)]
            opening = smooth([*top, *low], closed=True, tension=0.9)
            brush.stroke(opening, blend(self.skin_dark, rgb(0x9A4A44), 0.45), 0.030 * k)
            brush.fill(opening, rgb(0x3A1D20))
            if gap > 0.022:
                teeth = [pose.on(-half * 0.55, v + gap * 0.34), pose.on(half * 0.55, v + gap * 0.34),
                         pose.on(half * 0.5, v + gap * 0.02), pose.on(-half * 0.5, v + gap * 0.02)]  # fmt: skip
                brush.within(opening, polygon(teeth), rgb(0xE9E2D6), 0.92)
        else:
            middle = [left, pose.on(-half * 0.4, v - smile * 0.35, 0.01), pose.on(half * 0.4, v - smile * 0.35, 0.01), right]
            brush.stroke(smooth(middle, closed=False), self.line, 0.022 * k)
        lip = [pose.on(-0.045, v - gap - 0.040), pose.on(0.045, v - gap - 0.040)]
        brush.stroke(smooth(lip, closed=False), self.skin_dark, 0.016 * k, 0.8)

    def _beard(self, brush: Brush, pose: Pose3) -> None:
        edge = [(-0.36, 0.0), (-0.30, -0.16), (-0.17, -0.20), (-0.11, -0.185), (0.11, -0.185), (0.17, -0.20), (0.30, -0.16), (0.36, 0.0)]
        outer = [pose.at((0.5, -0.2, 0.0)), pose.at((0.3, -0.65, 0.2)), pose.at((-0.3, -0.65, 0.2)), pose.at((-0.5, -0.2, 0.0))]
        brush.fill(smooth([*(pose.on(u, v) for u, v in edge), *outer], closed=True, tension=0.5), self.hair_dark, 0.92)

    def _years(self, brush: Brush, pose: Pose3) -> None:
        for side in (-1, 1):
            fold = [pose.on(side * 0.10, -0.15), pose.on(side * 0.145, -0.20), pose.on(side * 0.155, -0.26)]
            brush.stroke(smooth(fold, closed=False), self.line, 0.011 * pose.k, 0.55)
            under = [pose.on(side * 0.11, -0.055), pose.on(side * 0.17, -0.068), pose.on(side * 0.22, -0.05)]
            brush.stroke(smooth(under, closed=False), self.line, 0.010 * pose.k, 0.45)

    def _glasses(self, brush: Brush, pose: Pose3) -> None:
        for side in (-1, 1):
            rim = [pose.on(side * 0.158 + du, -0.012 + dv, 0.04) for du, dv in
                   ((-0.10, 0.0), (-0.07, 0.065), (0.07, 0.065), (0.10, 0.0), (0.07, -0.075), (-0.07, -0.075))]  # fmt: skip
            brush.stroke(smooth(rim, closed=True, tension=0.8), self.light.ink, 0.018 * pose.k)
        brush.stroke(smooth([pose.on(-0.058, 0.0, 0.05), pose.on(0.058, 0.0, 0.05)], closed=False), self.light.ink, 0.016 * pose.k)

    # --- hair and headwear ---

    def _hair(self, brush: Brush, pose: Pose3) -> None:
        style = self.look.hair
        if style == "bald":
            return
        grown = {"short": 0.030, "curly": 0.05, "long": 0.045, "bun": 0.025, "headscarf": 0.05, "beanie": 0.05, "cap": 0.045,
                 "hood": 0.11, "locs": 0.05, "bob": 0.045}[style]  # fmt: skip
        spheres = [(x, y, z, r + grown) for x, y, z, r in CRANIUM]
        if style in ("headscarf", "hood"):
            spheres += [(0, -0.28, -0.06, 0.34 if style == "headscarf" else 0.40)]
        elif style in ("short", "curly", "long", "bob", "locs", "bun"):
            spheres += [(0, -0.12, -0.17, 0.27)]
        if style == "curly":
            spheres = [(x, y + 0.02, z, r) for x, y, z, r in spheres]
        cap = pose.hull(spheres)
        if math.cos(pose.yaw) < -0.15:
            brush.inked(pose.hull(self.skull), self.skin_dark)
        if style == "curly":
            self._curls(brush, pose, cap)
            return
        self._cut(brush, pose, cap, style)
        if style == "locs":
            around = (80, 96, -80, -96) if math.cos(pose.yaw) > -0.15 else (100, 120, 140, 160, 180, -160, -140, -120, -100)
            self._locs(brush, pose, around)

    def _opening(self, pose: Pose3, style: str) -> list[tuple[float, float]]:
        """The hair's edge round the face, as directions (round to the side, up) from the head's middle."""
        if style == "headscarf":
            edge = [(0, 0.36), (26, 0.33), (46, 0.20), (58, 0.0), (58, -0.22), (44, -0.40), (0, -0.50)]
        elif style == "hood":
            edge = [(0, 0.38), (30, 0.34), (52, 0.18), (62, 0.0), (62, -0.3), (50, -0.6), (0, -0.8)]
        elif style == "beanie":
            edge = [(0, 0.17), (30, 0.165), (60, 0.13), (88, 0.07), (100, 0.05)]
        elif style == "cap":
            edge = [(0, 0.19), (30, 0.185), (60, 0.15), (88, 0.10), (100, 0.09)]
        elif style in ("long", "bob"):
            edge = [(-6, 0.315), (22, 0.285), (42, 0.17), (57, 0.0), (66, -0.16), (76, -0.34), (90, -0.6)]
        else:
            edge = [(0, 0.30), (24, 0.305), (42, 0.26), (56, 0.14), (66, -0.02), (74, -0.13), (84, -0.10), (104, -0.02), (118, -0.28),
                    (130, -0.5)]  # fmt: skip
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

    def _cut(self, brush: Brush, pose: Pose3, cap: skia.Path, style: str) -> None:
        away = math.cos(pose.yaw) < -0.15
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
            shape = skia.Op(cap, polygon([(pose.x - 2 * pose.k, pose.y - 0.05 * pose.k), (pose.x + 2 * pose.k, pose.y - 0.05 * pose.k),
                                          *below]), skia.PathOp.kDifference_PathOp)  # fmt: skip
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

    def _details(self, brush: Brush, pose: Pose3, style: str) -> None:
        k = pose.k
        if style == "beanie":
            low = [pose.at((x, 0.20 - abs(x) * 0.12, 0.43 - x * x * 1.4)) for x in (-0.40, -0.2, 0.0, 0.2, 0.40)]
            brush.stroke(smooth(low, closed=False), self.hair_dark, 0.09 * k)
            brush.stroke(smooth([(x, y - 0.055 * k) for x, y in low], closed=False), brush.ink, 0.012 * k, 0.7)
        elif style == "cap":
            brim = [pose.at(p) for p in ((-0.33, 0.16, 0.30), (-0.2, 0.12, 0.56), (0.0, 0.10, 0.64), (0.2, 0.12, 0.56), (0.33, 0.16, 0.30),
                                         (0.0, 0.22, 0.42))]  # fmt: skip
            brush.inked(smooth(brim, closed=True, tension=0.8), self.hair_dark)
        elif style == "headscarf":
            fold = [pose.at((0.30, -0.36, 0.16)), pose.at((0.10, -0.56, 0.28)), pose.at((-0.2, -0.72, 0.22))]
            brush.stroke(smooth(fold, closed=False), brush.ink, 0.014 * k, 0.55)
        elif style in ("short", "long", "bob", "bun", "locs"):
            for start, end in (((0.10, 0.33), (0.22, 0.45)), ((-0.06, 0.34), (0.02, 0.47)), ((-0.20, 0.30), (-0.16, 0.44))):
                strand = [pose.at((start[0], start[1], 0.33)), pose.at((end[0], end[1], 0.18))]
                brush.stroke(smooth(strand, closed=False), self.hair_dark, 0.016 * k, 0.7)

    def _curls(self, brush: Brush, pose: Pose3, cap: skia.Path) -> None:
        """Curls are discs all over the crown that stay where they grow."""
        group = skia.Path()
        arcs = skia.Path()
        r = 0.105 * pose.k
        for row, (up, count) in enumerate(((0.06, 13), (0.40, 11), (0.75, 8), (1.12, 4))):
            for i in range(count):
                a = 2 * math.pi * (i + 0.5 * (row % 2)) / count
                front = math.cos(a)
                if row == 0 and front > 0.25:
                    continue
                out = 0.40 * math.cos(up)
                tx, ty, tz = pose.turn((out * math.sin(a), 0.14 + 0.38 * math.sin(up) + 0.03 * front, out * math.cos(a) - 0.05))
                if tz < -0.30:
                    continue
                x, y = pose.x + tx * pose.k, pose.y - ty * pose.k
                group.addCircle(x, y, r)
                if tz > 0.12 and (row + i) % 2:
                    arcs.addArc(skia.Rect.MakeLTRB(x - 0.6 * r, y - 0.6 * r, x + 0.6 * r, y + 0.6 * r), 150, 150)
        if math.cos(pose.yaw) < -0.15:
            group.reverseAddPath(cap)
            arcs = skia.Path()
        brush.inked(group, self.light.edge(self.look.hair_colour))
        inner = moved(group, self.light.side * 0.026 * pose.k, 0.012 * pose.k)
        brush.within(group, inner, self.hair_dark)
        brush.clipped((group, inner), moved(cap, self.light.side * 0.20 * pose.k, -0.10 * pose.k), self.hair)
        brush.stroke(arcs, self.hair_dark, 0.014 * pose.k, 0.8)

    def _locs(self, brush: Brush, pose: Pose3, sides: tuple[float, ...]) -> None:
        """Locs hang from the crown; `sides` are their places round the head in degrees, the face at 0."""
        strands = []
        for degrees in sides:
            a = math.radians(degrees)
            long = -0.36 - 0.05 * math.sin(degrees)
            points = [(0.30 * math.sin(a), 0.34, 0.30 * math.cos(a) - 0.05), (0.415 * math.sin(a), 0.10, 0.40 * math.cos(a) - 0.05),
                      (0.425 * math.sin(a), -0.14, 0.40 * math.cos(a) - 0.06), (0.40 * math.sin(a), long, 0.37 * math.cos(a) - 0.06)]  # fmt: skip
            strands.append((pose.turn(points[1])[2], points[1][0], [pose.at(p) for p in points]))
        for _, x, points in sorted(strands, key=lambda s: s[0]):
            line = smooth(points, closed=False)
            lit = x * self.light.side > -0.1
            brush.stroke(line, brush.ink, 0.082 * pose.k + 2 * brush.line)
            brush.stroke(line, self.hair if lit else self.hair_dark, 0.082 * pose.k)
