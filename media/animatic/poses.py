"""Poses as data, for a person of 1.75 m facing us, in metres: a to the right of the picture, h up, b toward us.

The arm on the right of the picture is written; where a pose has one arm, the other is its mirror image.
"""

from dataclasses import dataclass, replace

from media.animatic.space import V3, mix

# How far fingers are curled, 0 straight to 1 in the palm: thumb, index, middle, ring, little; then how far spread.
Grip = tuple[float, float, float, float, float, float]
OPEN: Grip = (0.05, 0.06, 0.04, 0.07, 0.12, 0.9)
EASY: Grip = (0.35, 0.26, 0.34, 0.40, 0.46, 0.2)
FIST: Grip = (0.85, 0.95, 1.0, 1.0, 1.0, 0.0)
POINT: Grip = (0.75, 0.0, 0.9, 0.95, 1.0, 0.0)
HOLD: Grip = (0.55, 0.58, 0.62, 0.66, 0.7, 0.0)


@dataclass(frozen=True, slots=True)
class Arm:
    """Where the wrist is, which way the elbow, fingers and palm point, and the hand's grip; `tucked` hides the hand."""

    wrist: V3 = (0.245, 0.83, 0.03)
    elbow: V3 = (0.55, -0.3, -0.8)
    fingers: V3 = (0.02, -1.0, 0.12)
    palm: V3 = (-1.0, 0.0, 0.25)
    grip: Grip = EASY
    tucked: float = 0.0
    beat: V3 = (0.012, 0.02, 0.02)  # how far the hand moves in a gesture

    def mirrored(self) -> "Arm":
        def flip(p: V3) -> V3:
            return -p[0], p[1], p[2]

        return replace(
            self,
            wrist=flip(self.wrist),
            elbow=flip(self.elbow),
            fingers=flip(self.fingers),
            palm=flip(self.palm),
            beat=flip(self.beat),
        )

    def toward(self, other: "Arm", share: float) -> "Arm":
        return Arm(
            mix(self.wrist, other.wrist, share),
            mix(self.elbow, other.elbow, share),
            mix(self.fingers, other.fingers, share),
            mix(self.palm, other.palm, share),
            tuple(a + (b - a) * share for a, b in zip(self.grip, other.grip, strict=True)),  # type: ignore[arg-type]
            self.tucked + (other.tucked - self.tucked) * share,
            mix(self.beat, other.beat, share),
        )


@dataclass(frozen=True, slots=True)
class Body:
    """A pose: `lean` forward, `tilt` aside in metres at the shoulders; `drop` lowers the hips; angles in radians."""

    left: Arm
    right: Arm
    lean: float = 0.0
    tilt: float = 0.0
    drop: float = 0.0
    shrug: float = 0.0
    nod: float = 0.0
    roll: float = 0.0
    feet: float = 0.13  # half the distance between the feet
    ahead: float = 0.0  # how far the feet stand before the hips
    weight: float = 0.0  # hips shifted aside
    tempo: float = 1.0  # gestures relative to the usual pace

    def toward(self, other: "Body", share: float) -> "Body":
        def between(a: float, b: float) -> float:
            return a + (b - a) * share

        return Body(
            self.left.toward(other.left, share),
            self.right.toward(other.right, share),
            between(self.lean, other.lean),
            between(self.tilt, other.tilt),
            between(self.drop, other.drop),
            between(self.shrug, other.shrug),
            between(self.nod, other.nod),
            between(self.roll, other.roll),
            between(self.feet, other.feet),
            between(self.ahead, other.ahead),
            between(self.weight, other.weight),
            between(self.tempo, other.tempo),
        )


def both(arm: Arm, **rest: float) -> Body:
    return Body(arm.mirrored(), arm, **rest)


def pair(left: Arm, right: Arm, **rest: float) -> Body:
    """Two different arms, both written as if on the right."""
    return Body(left.mirrored(), right, **rest)


HANGING = Arm()
POCKET = Arm((0.150, 0.965, 0.125), (1.0, -0.1, -0.5), (-0.3, -1.0, 0.2), (-1, 0, 0), EASY, 1.0, (0.004, 0.01, 0.0))
DEEP = replace(POCKET, wrist=(0.06, 0.985, 0.15), elbow=(1.0, 0.1, -0.5), beat=(0.012, 0.02, 0.0))
OPEN_LOW = Arm(
    (0.33, 1.0, 0.22), (0.6, -0.6, -0.6), (0.62, -0.32, 0.5), (0.05, 0.5, 0.85), OPEN, 0.0, (0.05, 0.05, 0.03)
)
OPEN_CHEST = Arm(
    (0.235, 1.09, 0.30), (0.5, -0.9, -0.3), (0.42, 0.42, 0.55), (-0.45, 0.45, 0.70), OPEN, 0.0, (0.06, 0.07, 0.03)
)
RAISED = Arm((0.36, 1.5, 0.16), (0.9, -0.7, -0.1), (0.12, 1.0, 0.0), (-0.1, 0.0, 1.0), OPEN, 0.0, (0.01, 0.015, 0.01))
WAVING = Arm((0.40, 1.24, 0.24), (0.7, -0.7, -0.4), (0.5, 0.7, 0.3), (-0.3, 0.35, 0.8), OPEN, 0.0, (0.10, 0.12, 0.06))
STOP = Arm((0.19, 1.3, 0.36), (0.9, -0.6, -0.2), (0.04, 1.0, 0.12), (0.0, -0.1, 1.0), OPEN, 0.0, (0.015, 0.025, 0.03))
AIMING = Arm(
    (0.43, 1.27, 0.30), (0.3, -0.9, -0.2), (0.88, 0.06, 0.36), (-0.2, -0.75, 0.5), POINT, 0.0, (0.03, 0.06, 0.03)
)
CLENCHED = replace(HANGING, wrist=(0.27, 0.86, 0.04), elbow=(0.9, -0.2, -0.5), grip=FIST, beat=(0.01, 0.03, 0.03))
INSIDE = Arm(
    (-0.03, 1.20, 0.165), (1.0, 0.0, 0.1), (-0.9, 0.25, -0.15), (0.0, 0.0, -1.0), EASY, 1.0, (0.01, 0.012, 0.004)
)
LAPEL = Arm((0.15, 1.17, 0.19), (0.8, -0.7, -0.2), (-0.25, 0.75, 0.2), (0.1, 0.0, -1.0), HOLD, 0.0, (0.004, 0.006, 0.0))
SHOWN = Arm(
    (0.19, 1.34, 0.34), (0.9, -0.7, -0.2), (-0.10, 0.95, 0.12), (-0.6, 0.05, -0.6), HOLD, 0.0, (0.008, 0.012, 0.01)
)
ABOVE = Arm((0.36, 1.60, 0.02), (1.0, -0.6, -0.2), (-0.35, -0.1, 1.0), (-1.0, 0.0, -0.3), FIST, 0.0, (0.02, 0.04, 0.04))
EAR = Arm((0.185, 1.47, 0.08), (1.0, -0.9, 0.1), (-0.16, 1.0, -0.1), (-1.0, -0.2, 0.0), HOLD, 0.0, (0.003, 0.004, 0.0))
SIDEWARDS = Arm(
    (0.48, 1.27, 0.12), (0.4, -0.9, -0.2), (0.9, 0.05, 0.25), (0.1, -0.9, -0.2), EASY, 0.0, (0.01, 0.015, 0.01)
)
OVER = Arm(
    (-0.035, 1.165, 0.20), (0.8, -0.7, 0.2), (-0.9, 0.30, -0.05), (0.0, -0.2, -1.0), EASY, 0.0, (0.002, 0.004, 0.0)
)
UNDER = Arm((-0.07, 1.12, 0.165), (0.8, -0.7, 0.2), (-0.9, 0.3, -0.2), (0.0, 0.0, -1.0), EASY, 1.0, (0.002, 0.004, 0.0))
HIP = Arm((0.215, 0.985, 0.03), (1.0, 0.0, -0.5), (0.0, -0.75, 0.55), (-1.0, 0.0, 0.0), EASY, 0.0, (0.002, 0.004, 0.0))
KNEE = Arm(
    (0.15, 0.68, 0.40), (0.8, -0.4, -0.4), (-0.15, -0.55, 0.6), (-0.2, -0.9, 0.2), EASY, 0.0, (0.006, 0.01, 0.01)
)
LOW = Arm((0.10, 0.52, 0.36), (0.8, -0.3, -0.3), (-0.1, -0.9, 0.3), (-0.9, 0.0, -0.2), HOLD, 0.0, (0.006, 0.01, 0.01))
CLASPED = Arm(
    (0.075, 0.90, 0.19), (0.9, -0.3, -0.5), (-0.55, -0.75, 0.2), (-0.3, 0.1, -0.9), EASY, 0.0, (0.004, 0.006, 0.0)
)

POSES: dict[str, Body] = {
    "relaxed": both(HANGING, weight=0.035, tilt=-0.008),
    "open_hands": both(OPEN_LOW),
    "arms_crossed": pair(UNDER, OVER, weight=0.03, lean=-0.015),
    "hands_in_pockets": both(POCKET, shrug=0.012, weight=0.02),
    "hands_on_hips": both(HIP),
    "agitated": pair(WAVING, replace(OPEN_CHEST, beat=(0.09, 0.1, 0.06)), lean=0.05, shrug=0.015, tempo=1.5),
    "pointing": pair(AIMING, CLENCHED, lean=0.06, shrug=0.012, tempo=1.4),
    "explaining": both(OPEN_CHEST, lean=0.015),
    "hands_raised": both(RAISED, lean=-0.02),
    "stop_gesture": pair(STOP, HANGING, lean=-0.02),
    "reaching_into_jacket": pair(INSIDE, LAPEL, nod=0.2, lean=0.02),
    "reaching_into_pocket": pair(DEEP, CLENCHED, nod=0.12, lean=0.02, shrug=0.012, weight=-0.03),
    "holding_up": pair(SHOWN, HANGING, lean=0.01),
    "arm_raised": pair(ABOVE, STOP, lean=-0.03, tilt=0.03, shrug=0.015, feet=0.18),
    "phone_at_ear": pair(EAR, HANGING, roll=-0.06),
    "comforting": pair(HANGING, SIDEWARDS, roll=0.06),
    "crouching": pair(LOW, KNEE, drop=0.44, lean=0.20, nod=0.35, feet=0.15, ahead=0.10),
    "sitting": both(KNEE, drop=0.46, lean=0.13, feet=0.14, ahead=0.40),
    "head_down": both(CLASPED, nod=0.42, lean=0.02, shrug=0.008),
    "walking": both(HANGING, lean=0.03),
}

# What is held is in the hand on the left: gestures are then made with the other.
POSES_HOLDING: dict[str, Body] = {
    "stop_gesture": pair(HANGING, STOP, lean=-0.02),
    "pointing": pair(HANGING, AIMING, lean=0.04, shrug=0.012, tempo=1.4),
    "open_hands": pair(HANGING, OPEN_LOW),
    "explaining": pair(HANGING, OPEN_CHEST, lean=0.015),
    "arms_crossed": both(HANGING),
    "hands_in_pockets": pair(HANGING, POCKET),
}
# What is carried hangs; what is merely held is held a little up, where it is seen.
CARRIED = frozenset({"bag", "speaker"})
HELD_LOW = Arm(
    (0.30, 1.02, 0.20), (0.7, -0.5, -0.6), (0.05, -0.1, 1.0), (-1.0, 0.0, 0.0), FIST, 0.0, (0.012, 0.02, 0.02)
)


@dataclass(frozen=True, slots=True)
class Face:
    """Brows (inner and outer end, up), eye opening, smile and width of the mouth."""

    inner: float
    outer: float
    eyes: float
    smile: float
    width: float

    def toward(self, other: "Face", share: float) -> "Face":
        def between(a: float, b: float) -> float:
            return a + (b - a) * share

        return Face(
            between(self.inner, other.inner),
            between(self.outer, other.outer),
            between(self.eyes, other.eyes),
            between(self.smile, other.smile),
            between(self.width, other.width),
        )


MOODS: dict[str, Face] = {
    "calm": Face(0.0, 0.0, 1.0, 0.12, 1.0),
    "friendly": Face(0.012, 0.008, 0.94, 0.62, 1.12),
    "worried": Face(0.034, -0.012, 1.06, -0.22, 0.92),
    "angry": Face(-0.040, 0.016, 0.86, -0.34, 0.98),
    "afraid": Face(0.044, 0.004, 1.22, -0.26, 0.9),
    "sad": Face(0.036, -0.022, 0.74, -0.40, 0.9),
}
