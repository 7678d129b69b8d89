"""A figure's joints at a moment, in metres of a 1.75 m person: to the right of the picture, up, toward us."""

import math
from dataclasses import dataclass

from media.animatic.hands import Hand
from media.animatic.looks import Look
from media.animatic.motion import Moment
from media.animatic.poses import Arm
from media.animatic.space import V3, add, elbow_between, mix, scaled, sub, unit

UPPER_ARM, FOREARM = 0.285, 0.255
THIGH, SHIN = 0.425, 0.415
HIPS_UP, SHOULDERS_UP, ANKLE_UP = 0.93, 1.425, 0.075
HEAD = 0.248  # metres of a head's height


@dataclass(frozen=True, slots=True)
class ArmJoints:
    shoulder: V3
    elbow: V3
    wrist: V3
    hand: Hand
    tucked: float


@dataclass(frozen=True, slots=True)
class LegJoints:
    hip: V3
    knee: V3
    ankle: V3
    toe: V3


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Joints; the pairs are (left of the picture, right of the picture) of a figure that faces us."""

    pelvis: V3
    chest: V3
    neck: V3
    head: V3
    arms: tuple[ArmJoints, ArmJoints]
    legs: tuple[LegJoints, LegJoints]
    girth: float

    def spine(self, share: float) -> V3:
        """From the pelvis (0) to the shoulder line (1) and beyond, along a slight curve."""
        straight = add(self.pelvis, scaled(sub(self.chest, self.pelvis), share))
        return add(straight, (0.0, 0.0, 0.022 * math.sin(math.pi * min(1.0, max(0.0, share)))))


def skeleton(moment: Moment, look: Look) -> Skeleton:
    """The joints of a figure at a moment."""
    body = moment.body
    stepping = 2 * math.pi * moment.stride
    bob = 0.018 * moment.walking * math.cos(2 * stepping)
    hips_up = HIPS_UP - body.drop + bob - 0.012 * moment.walking
    pelvis = (body.weight, hips_up, 0.0)
    chest = (body.weight * 0.35 + body.tilt, SHOULDERS_UP - body.drop + bob - abs(body.lean) * 0.12, body.lean)
    up = unit(sub(chest, pelvis))
    neck = add(chest, scaled(up, 0.055))
    breath = 0.004 * moment.breath
    nod = moment.body.nod + moment.head_nod
    head = add(neck, (body.roll * 0.06 + body.tilt * 0.4, 0.155 * look.head, 0.028 + 0.05 * nod))
    arms = tuple(
        arm_joints(arm, side, chest, body.shrug + breath, look, moment)
        for arm, side in ((body.left, -1), (body.right, 1))
    )
    legs = tuple(leg_joints(side, pelvis, moment, look) for side in (-1, 1))
    return Skeleton(
        pelvis, chest, neck, head, (arms[0], arms[1]), (legs[0], legs[1]), look.girth * (1 + 0.01 * moment.breath)
    )


def arm_joints(arm: Arm, side: int, chest: V3, shrug: float, look: Look, moment: Moment) -> ArmJoints:
    shoulder = add(chest, (side * 0.163 * look.shoulders, -0.052 + shrug, 0.0))
    swing = 0.17 * moment.walking * math.cos(2 * math.pi * moment.stride) * side
    drop = moment.body.drop if moment.body.drop < 0.2 else 0.0
    wrist = add(arm.wrist, (chest[0] * 0.8, -drop, swing + chest[2] * 0.6))
    elbow, wrist = elbow_between(shoulder, wrist, UPPER_ARM, FOREARM, arm.elbow)
    along = unit(sub(wrist, elbow))
    # The hand cannot fold back over the forearm.
    fingers = unit(mix(unit(arm.fingers), along, 0.30))
    return ArmJoints(shoulder, elbow, wrist, Hand(wrist, fingers, arm.palm, side, arm.grip), arm.tucked)


def leg_joints(side: int, pelvis: V3, moment: Moment, look: Look) -> LegJoints:
    body = moment.body
    phase = 2 * math.pi * (moment.stride + (0.5 if side > 0 else 0.0))
    forth = 0.30 * math.cos(phase) * moment.walking
    lift = 0.085 * max(0.0, -math.sin(phase)) * moment.walking
    standing = body.feet + (0.075 - body.feet) * moment.walking
    ankle = (side * standing, ANKLE_UP + lift, body.ahead + forth + (0.03 if side > 0 else -0.02))
    hip = add(pelvis, (side * 0.085 * look.hips, 0.0, 0.0))
    outward = 0.45 if body.drop > 0.2 else 0.25
    knee, ankle = elbow_between(hip, ankle, THIGH, SHIN, (side * outward, 0.0, 1.0))
    toe = add(ankle, (side * 0.045, -0.038, 0.15 - 0.02 * moment.walking))
    return LegJoints(hip, knee, ankle, toe)
