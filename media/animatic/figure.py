"""Draws a person: limbs and trunk in flat colour with a shadow side, back to front."""

import math
from collections.abc import Callable
from functools import partial

import skia

from media.animatic.body import HEAD, ArmJoints, LegJoints, Skeleton, skeleton
from media.animatic.brush import Brush, grown, limb, smooth
from media.animatic.clothes import draw_details, sleeve_of, stack_of
from media.animatic.hands import draw_hand
from media.animatic.head import HeadPainter
from media.animatic.looks import Look
from media.animatic.motion import Moment
from media.animatic.palette import Light, Rgb, blend
from media.animatic.skull import HeadPose
from media.animatic.space import V3, Camera, Turned, add, mix
from media.animatic.things import draw_held
from media.animatic.trunk import Trunk

# A hoodie's hood from the neck's root: the roll behind it, and one of the edges that meet on the chest.
HOOD_ROLL = (
    (-0.15, -0.05, -0.05), (-0.125, 0.02, -0.07), (-0.055, 0.055, -0.085), (0.055, 0.055, -0.085),
    (0.125, 0.02, -0.07), (0.15, -0.05, -0.05),
)  # fmt: skip
HOOD_EDGE = (
    (0.128, -0.012, -0.03), (0.125, -0.055, 0.03), (0.075, -0.110, 0.085), (0.0, -0.165, 0.110),
    (-0.012, -0.120, 0.108), (0.040, -0.070, 0.085), (0.062, -0.022, 0.050), (0.080, 0.022, 0.0),
)  # fmt: skip


class FigurePainter:
    """Draws one person at any moment."""

    def __init__(self, look: Look, light: Light) -> None:
        self.look = look
        self.light = light
        self.head = HeadPainter(look, light)
        self.top, self.top_dark = light.lit(look.top_colour), light.dark(look.top_colour)
        self.legs, self.legs_dark = light.lit(look.legs_colour), light.dark(look.legs_colour)
        self.shoes, self.shoes_dark = light.lit(look.shoes), light.dark(look.shoes)

    def place(self, moment: Moment, camera: Camera) -> Turned:
        return Turned.at(camera, moment.x, moment.z, moment.yaw, self.look.size)

    def draw(self, canvas: skia.Canvas, camera: Camera, moment: Moment) -> None:
        bones = skeleton(moment, self.look)
        turned = self.place(moment, camera)
        line = max(0.9, 0.0052 * camera.scale(moment.z))
        brush = Brush(canvas, self.light.ink, line)
        trunk = Trunk(bones, turned, stack_of(self.look), self.look)
        pose = self.head_pose(bones, moment, turned)
        facing = turned.cosine

        legs = sorted(bones.legs, key=lambda leg: turned.depth(leg.knee))
        for leg in legs:
            self._leg(brush, turned, leg, (leg is bones.legs[1]) == (facing > 0))
        self._seat(brush, turned, bones)
        if self.look.legs == "skirt":
            self._skirt(brush, turned, bones)

        early: list[Callable[[], None]] = []
        late: list[tuple[float, Callable[[], None]]] = []
        for arm, side in zip(bones.arms, (-1, 1), strict=True):
            middle = turned.depth(mix(arm.elbow, arm.wrist, 0.5)) - turned.depth(bones.spine(0.7))
            behind = middle < (-0.05 if abs(facing) > 0.8 else -0.01)

            paint = partial(self._arm, brush, turned, arm, side, moment, behind)
            if behind:
                early.append(paint)
            else:
                late.append((middle, paint))
        for paint_arm in early:
            paint_arm()

        if facing > -0.15:
            self.head.back(brush, pose)
        self._hood(brush, turned, bones, behind=True)
        if facing <= 0.1:
            self._neck(brush, turned, bones)
        trunk.draw(brush, self.top, self.top_dark, self.light.edge(self.look.top_colour), self.light.side)
        if facing > 0.1:
            self._neck(brush, turned, bones)
        draw_details(brush, trunk, self.look, self.light)
        self._hood(brush, turned, bones, behind=False)
        self.head.front(brush, pose, moment)
        if facing <= -0.15:
            self.head.back(brush, pose)
            if self.look.hair in ("short", "curly", "locs", "bun", "bald", "beanie", "cap"):
                self.head.front(brush, pose, moment)
        for _, paint_arm in sorted(late, key=lambda item: item[0]):
            paint_arm()

    def head_pose(self, bones: Skeleton, moment: Moment, turned: Turned) -> HeadPose:
        x, y, k = turned.screen(bones.head)
        # A head turns on its neck so far; with the body turned away it goes along.
        along = min(1.0, max(0.0, (2.2 - abs(moment.yaw)) / 0.8))
        yaw = moment.yaw + max(-0.95, min(0.95, moment.head_yaw - moment.yaw)) * along
        furthest = max(1.15, abs(moment.yaw))
        yaw = max(-furthest, min(furthest, yaw))
        return HeadPose(x, y, k * HEAD * self.look.head, yaw, moment.body.nod + moment.head_nod, -moment.body.roll)

    # --- parts ---

    def _station(self, turned: Turned, p: V3, radius: float) -> V3:
        x, y, k = turned.screen(p)
        return x, y, radius * k

    def _shaded(
        self,
        brush: Brush,
        stations: list[V3],
        base: Rgb,
        *,
        cut: bool = False,
        rim: float = 0.0,
        joined: skia.Path | None = None,
    ) -> None:
        """A limb: an edge that catches light from behind, the dark side, the lit side; no ink where it is joined."""
        if joined is not None:
            brush.canvas.save()
            brush.canvas.clipPath(joined, skia.ClipOp.kDifference, True)
        brush.fill(grown(stations, brush.line, cut=cut), brush.ink)
        if joined is not None:
            brush.canvas.restore()
        dark = self.light.dark(base)
        brush.fill(limb(*stations, cut=cut), self.light.edge(base) if rim else dark)
        side = self.light.side
        for colour, shift, size in ((dark, rim, 1 - rim), (self.light.lit(base), 0.26, 0.72)):
            if size == 1:
                continue
            brush.fill(limb(*((x + side * shift * r, y, r * size) for x, y, r in stations), cut=cut), colour)

    def _leg(self, brush: Brush, turned: Turned, leg: LegJoints, outer: bool) -> None:
        g = self.look.girth
        skin = self.look.legs == "skirt"
        heel = add(leg.ankle, (0.0, -0.035, -0.045))
        ball = mix(leg.ankle, leg.toe, 0.75)
        shoe = limb(
            self._station(turned, heel, 0.043),
            self._station(turned, add(ball, (0, -0.012, 0)), 0.044),
            self._station(turned, leg.toe, 0.034),
        )
        shoe.addPath(
            limb(self._station(turned, add(leg.ankle, (0, 0.01, -0.01)), 0.043), self._station(turned, ball, 0.040))
        )
        brush.inked(shoe, self.shoes_dark)
        top = limb(
            self._station(turned, add(leg.ankle, (0, 0.0, 0.0)), 0.034),
            self._station(turned, mix(leg.ankle, leg.toe, 0.8), 0.030),
        )
        brush.fill(top, self.shoes)
        thin = 0.72 if skin else 1.0
        self._shaded(
            brush,
            [
                self._station(turned, leg.hip, 0.092 * g),
                self._station(turned, leg.knee, 0.066 * g * thin),
                self._station(turned, add(leg.ankle, (0, -0.012, -0.004)), 0.057 * thin),
            ],
            self.look.skin if skin else self.look.legs_colour,
            cut=True,
            rim=0.055 if outer else 0.0,
        )
        if not skin:
            x, y, k = turned.screen(leg.knee)
            crease = smooth(
                [(x - 0.045 * k, y + 0.035 * k), (x - 0.005 * k, y + 0.052 * k), (x + 0.03 * k, y + 0.045 * k)],
                closed=False,
            )
            brush.stroke(crease, brush.ink, brush.line * 0.8, 0.55)

    def _seat(self, brush: Brush, turned: Turned, bones: Skeleton) -> None:
        g = self.look.girth
        left, right = (self._station(turned, add(leg.hip, (0, 0.01, 0)), 0.088 * g) for leg in bones.legs)
        brush.fill(limb(left, right), self.legs_dark)
        s = self.light.side
        brush.fill(limb(*((x + s * 0.2 * r, y, r * 0.72) for x, y, r in (left, right))), self.legs)

    def _skirt(self, brush: Brush, turned: Turned, bones: Skeleton) -> None:
        hips = [self._station(turned, leg.hip, 0.095) for leg in bones.legs]
        knees = [self._station(turned, add(leg.knee, (0, -0.1, 0)), 0.10) for leg in bones.legs]
        points = [
            (hips[0][0] - hips[0][2], hips[0][1] - hips[0][2]),
            (hips[1][0] + hips[1][2], hips[1][1] - hips[1][2]),
            (knees[1][0] + knees[1][2], knees[1][1]),
            (knees[0][0] - knees[0][2], knees[0][1]),
        ]
        brush.inked(smooth(points, closed=True, tension=0.35), self.legs)

    def _arm(self, brush: Brush, turned: Turned, arm: ArmJoints, side: int, moment: Moment, behind: bool) -> None:
        sleeve = sleeve_of(self.look)
        g = 0.5 + 0.5 * self.look.girth
        skin_line = max(0.7, brush.line * 0.85)
        holds = moment.holding != "nothing" and self._holding_side(moment) == side

        def hand() -> None:
            if arm.tucked > 0.6:
                return
            if holds:
                draw_held(brush, turned, arm.hand, moment.holding, self.light)
            draw_hand(brush, turned, arm.hand, self.head.skin, self.head.line, skin_line)

        hand_first = turned.depth(arm.wrist) < turned.depth(arm.elbow) - 0.03
        if hand_first:
            hand()
        upper = [
            self._station(turned, arm.shoulder, sleeve.shoulder * g),
            self._station(turned, arm.elbow, sleeve.elbow * g),
            self._station(turned, mix(arm.elbow, arm.wrist, 0.93), sleeve.cuff),
        ]
        if sleeve.bare:
            bare = [
                self._station(turned, arm.shoulder, 0.042),
                self._station(turned, arm.elbow, 0.036 * g),
                self._station(turned, mix(arm.elbow, arm.wrist, 0.97), 0.025),
            ]
            self._shaded(brush, bare, self.look.skin)
            upper = [upper[0], self._station(turned, mix(arm.shoulder, arm.elbow, 0.62), sleeve.elbow * g)]
        joined = None
        if not behind:
            radius = sleeve.shoulder * g
            joined = limb(
                self._station(turned, add(arm.shoulder, (-side * 0.050, 0.006, 0)), radius * 0.98),
                self._station(turned, add(arm.shoulder, (-side * 0.080, 0.010, 0)), radius),
            )
        outer = (side != self.light.side) == (turned.cosine > 0)
        self._shaded(
            brush,
            upper,
            self.look.top_colour,
            joined=joined,
            rim=0.075 if outer else 0.0,
            cut=sleeve.bare or arm.tucked > 0.6,
        )
        if not behind and not outer:
            a = self._station(turned, add(arm.shoulder, (-side * 0.004, 0.004, 0)), sleeve.shoulder * g * 0.80)
            b = self._station(turned, add(arm.shoulder, (-side * 0.052, 0.014, 0)), sleeve.shoulder * g * 0.62)
            brush.fill(limb(a, b), self.top)
        if not sleeve.bare:
            self._folds(brush, turned, arm)
            if sleeve.ribbed and arm.tucked < 0.6:
                a = self._station(turned, mix(arm.elbow, arm.wrist, 0.86), sleeve.cuff * 1.0)
                b = self._station(turned, mix(arm.elbow, arm.wrist, 0.99), sleeve.cuff * 0.92)
                brush.inked_limb((a, b), blend(self.top_dark, self.top, 0.35), brush.line * 0.7)
        if not hand_first:
            hand()

    def _folds(self, brush: Brush, turned: Turned, arm: ArmJoints) -> None:
        x, y, k = turned.screen(arm.elbow)
        sx, sy, _ = turned.screen(arm.shoulder)
        wx, wy, _ = turned.screen(arm.wrist)
        # The crease lies on the inner side of the bend.
        inx, iny = (sx + wx) / 2 - x, (sy + wy) / 2 - y
        length = math.hypot(inx, iny)
        if length < 0.03 * k:
            return
        inx, iny = inx / length, iny / length
        for turn, reach in ((0.12, 0.058),):
            ox, oy = inx * math.cos(turn) - iny * math.sin(turn), inx * math.sin(turn) + iny * math.cos(turn)
            crease = smooth([(x + inx * 0.040 * k, y + iny * 0.040 * k), (x + (inx * 0.04 - ox * reach * 0.7) * k,
                            y + (iny * 0.04 - oy * reach * 0.7) * k)], closed=False)  # fmt: skip
            brush.stroke(crease, brush.ink, brush.line * 0.8, 0.6)

    def _neck(self, brush: Brush, turned: Turned, bones: Skeleton) -> None:
        front = 1.0 if turned.cosine > 0 else -1.0
        low = self._station(turned, add(bones.neck, (0, -0.024, 0.035 * front)), 0.051)
        jaw = add(bones.head, (0.0, -0.075, -0.03))
        neck = limb(self._station(turned, jaw, 0.055), self._station(turned, add(bones.neck, (0, 0.01, 0)), 0.056), low)
        wrapped = self.look.hair == "headscarf"
        lit_tone, dark_tone = (
            (self.head.hair.hair, self.head.hair.hair_dark) if wrapped else (self.head.skin, self.head.skin_dark)
        )
        brush.inked(neck, dark_tone)
        s = self.light.side
        lit = limb(
            (low[0] + s * 0.35 * low[2], low[1], low[2] * 0.62),
            (low[0] + s * 0.5 * low[2], low[1] - low[2] * 1.1, low[2] * 0.4),
        )
        brush.within(neck, lit, lit_tone)

    def _hood(self, brush: Brush, turned: Turned, bones: Skeleton, *, behind: bool) -> None:
        """The hood of a hoodie lies round the neck: a roll behind it, and two edges that meet on the chest."""
        if self.look.top != "hoodie" or self.look.hair in ("hood", "headscarf"):
            return

        def curve(points: tuple[V3, ...]) -> skia.Path:
            spots = [turned.screen(add(bones.neck, p))[:2] for p in points]
            return smooth(spots, closed=True, tension=0.95)

        faces_us = turned.cosine > -0.15
        if behind == faces_us:
            low = -0.06 if faces_us else -0.16
            roll = curve((*HOOD_ROLL, (0.0, low, -0.12)))
            brush.inked(roll, self.top_dark if faces_us else self.top)
        if not behind and turned.cosine > 0.1:
            for side in (1, -1):
                edge = curve(tuple((side * x, y, z) for x, y, z in HOOD_EDGE))
                brush.inked(edge, self.top if side == self.light.side else self.top_dark, brush.line * 0.85)

    @staticmethod
    def _holding_side(moment: Moment) -> int:
        """The hand on the left of the picture is the figure's right hand, which holds things."""
        return -1 if moment.holding else 1
