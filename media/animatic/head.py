"""A head: skin, light and shadow, and a face that looks, blinks and speaks."""

import skia

from media.animatic.brush import Brush, moved, polygon, smooth
from media.animatic.hair import HairPainter
from media.animatic.looks import Look
from media.animatic.motion import Moment
from media.animatic.palette import Light, blend, rgb
from media.animatic.skull import HeadPose, skull

COVERED = frozenset({"headscarf", "beanie", "cap", "hood"})


class HeadPainter:
    """Draws one person's head; `back` first, then whatever is behind the face, then `front`."""

    def __init__(self, look: Look, light: Light) -> None:
        self.look = look
        self.light = light
        self.skin = light.lit(look.skin)
        self.skin_dark = light.dark(look.skin)
        self.line = blend(self.skin_dark, light.ink, 0.62)
        self.skull = skull(look.jaw)
        self.hair = HairPainter(look, light)

    def back(self, brush: Brush, pose: HeadPose) -> None:
        """Draws the hair behind the head."""
        self.hair.back(brush, pose)

    def front(self, brush: Brush, pose: HeadPose, moment: Moment) -> None:
        """Draws the head, its face and the hair over it."""
        facing = not pose.away
        head = pose.hull(self.skull)
        self._ears(brush, pose, near=False)
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
        self._ears(brush, pose, near=True)
        if facing:
            self._features(brush, pose, head, moment)
        self.hair.front(brush, pose)

    def _ears(self, brush: Brush, pose: HeadPose, *, near: bool) -> None:
        """Ears at the outline belong behind the face; one that has turned to us lies on the head."""
        if self.look.hair in ("headscarf", "hood"):
            return
        for side in (-1, 1):
            depth = pose.turn((side * 0.365, -0.03, -0.03))[2]
            if depth < -0.22 or (depth > 0.10) != near:
                continue
            ear = pose.hull(((side * 0.365, 0.03, -0.05, 0.065), (side * 0.355, -0.09, -0.02, 0.045)))
            brush.inked(
                ear, self.skin if side == self.light.side else self.skin_dark, brush.line * (0.8 if near else 1)
            )

    def _nose_outline(self, pose: HeadPose) -> skia.Path:
        return pose.hull(((0, 0.05, 0.36, 0.04), (0, -0.105, 0.485, 0.042), (0, -0.14, 0.42, 0.05)))

    def _form_shadow(self, brush: Brush, pose: HeadPose, head: skia.Path, within: skia.Path) -> None:
        """The side turned from the light: the head's outline less itself moved toward the light."""
        lit = skia.Path(head)
        lit.transform(skia.Matrix.Translate(self.light.side * 0.17 * pose.k, -0.05 * pose.k))
        lit.addRect(skia.Rect.MakeLTRB(pose.x - pose.k, pose.y - pose.k, pose.x + pose.k, pose.y + pose.k))
        lit.setFillType(skia.PathFillType.kEvenOdd)
        brush.clipped((head, within), lit, self.skin_dark)

    def _features(self, brush: Brush, pose: HeadPose, head: skia.Path, moment: Moment) -> None:
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

    def _eye(self, brush: Brush, pose: HeadPose, side: int, moment: Moment) -> None:
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
                [*upper, pose.on(u + side * 0.03, v - bottom), pose.on(u - side * 0.03, v - bottom)],
                closed=True,
                tension=0.8,
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
        hair = self.light.ink if self.look.hair in COVERED else self.hair.hair_dark
        colour = blend(hair, self.light.ink, 0.35)
        brush.stroke(smooth(brow, closed=False), colour, 0.032 * k)

    def _nose(self, brush: Brush, pose: HeadPose) -> None:
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

    def _mouth(self, brush: Brush, pose: HeadPose, moment: Moment) -> None:
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
            middle = [
                left,
                pose.on(-half * 0.4, v - smile * 0.35, 0.01),
                pose.on(half * 0.4, v - smile * 0.35, 0.01),
                right,
            ]
            brush.stroke(smooth(middle, closed=False), self.line, 0.022 * k)
        lip = [pose.on(-0.045, v - gap - 0.040), pose.on(0.045, v - gap - 0.040)]
        brush.stroke(smooth(lip, closed=False), self.skin_dark, 0.016 * k, 0.8)

    def _beard(self, brush: Brush, pose: HeadPose) -> None:
        edge = [
            (-0.36, 0.0),
            (-0.30, -0.16),
            (-0.17, -0.20),
            (-0.11, -0.185),
            (0.11, -0.185),
            (0.17, -0.20),
            (0.30, -0.16),
            (0.36, 0.0),
        ]
        outer = [
            pose.at((0.5, -0.2, 0.0)),
            pose.at((0.3, -0.65, 0.2)),
            pose.at((-0.3, -0.65, 0.2)),
            pose.at((-0.5, -0.2, 0.0)),
        ]
        brush.fill(
            smooth([*(pose.on(u, v) for u, v in edge), *outer], closed=True, tension=0.5), self.hair.hair_dark, 0.92
        )

    def _years(self, brush: Brush, pose: HeadPose) -> None:
        for side in (-1, 1):
            fold = [pose.on(side * 0.10, -0.15), pose.on(side * 0.145, -0.20), pose.on(side * 0.155, -0.26)]
            brush.stroke(smooth(fold, closed=False), self.line, 0.011 * pose.k, 0.55)
            under = [pose.on(side * 0.11, -0.055), pose.on(side * 0.17, -0.068), pose.on(side * 0.22, -0.05)]
            brush.stroke(smooth(under, closed=False), self.line, 0.010 * pose.k, 0.45)

    def _glasses(self, brush: Brush, pose: HeadPose) -> None:
        for side in (-1, 1):
            round_ = ((-0.10, 0.0), (-0.07, 0.065), (0.07, 0.065), (0.10, 0.0), (0.07, -0.075), (-0.07, -0.075))
            rim = [pose.on(side * 0.158 + du, -0.012 + dv, 0.04) for du, dv in round_]
            brush.stroke(smooth(rim, closed=True, tension=0.8), self.light.ink, 0.018 * pose.k)
        brush.stroke(
            smooth([pose.on(-0.058, 0.0, 0.05), pose.on(0.058, 0.0, 0.05)], closed=False),
            self.light.ink,
            0.016 * pose.k,
        )
