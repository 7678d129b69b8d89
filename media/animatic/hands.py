"""A hand: a palm and five fingers of two pieces, turned with the wrist."""

import math

from media.animatic.brush import Brush, grown, limb
from media.animatic.palette import Rgb
from media.animatic.poses import Grip
from media.animatic.space import V3, Turned, across, add, cross, scaled, unit

# For each finger: where it starts along and aside on the palm, its length and its radius, in metres.
FINGERS = (
    (0.090, 0.034, 0.074, 0.0112),
    (0.097, 0.011, 0.083, 0.0118),
    (0.093, -0.012, 0.077, 0.0112),
    (0.084, -0.033, 0.060, 0.0100),
)
SIZE = 1.10  # a little larger than life: hands are what is read


class Hand:
    """A hand's frame: at the wrist, `fingers` pointing on, `palm` its normal, `side` -1 on the left of the picture."""

    def __init__(self, wrist: V3, fingers: V3, palm: V3, side: int, grip: Grip) -> None:
        self.wrist = wrist
        self.on = unit(fingers)
        self.palm = across(palm, self.on)
        self.thumb = scaled(cross(self.on, self.palm), float(-side))
        self.grip = grip

    def point(self, along: float, aside: float, out: float = 0.0) -> V3:
        """A point of the hand in metres: along the fingers, toward the thumb, out of the palm."""
        return add(
            self.wrist,
            add(scaled(self.on, along * SIZE), add(scaled(self.thumb, aside * SIZE), scaled(self.palm, out * SIZE))),
        )

    def finger(self, index: int) -> tuple[V3, V3, V3, float]:
        """Root, middle joint, tip and radius of a finger, 0 the index finger."""
        along, aside, length, radius = FINGERS[index]
        curl, spread = self.grip[index + 1], self.grip[5]
        fan = spread * (0.22, 0.06, -0.10, -0.26)[index]
        straight = unit(add(self.on, scaled(self.thumb, fan)))
        first, second = curl * 1.45, curl * 3.0
        root = self.point(along, aside)
        one = add(scaled(straight, math.cos(first)), scaled(self.palm, math.sin(first)))
        two = add(scaled(straight, math.cos(second)), scaled(self.palm, math.sin(second)))
        middle = add(root, scaled(one, length * 0.52 * SIZE))
        return root, middle, add(middle, scaled(two, length * 0.5 * SIZE)), radius * SIZE

    def thumb_joints(self) -> tuple[V3, V3, V3]:
        curl, spread = self.grip[0], self.grip[5]
        base = self.point(0.022, 0.026, 0.008)
        out = unit(
            add(
                scaled(self.thumb, 0.75 + 0.35 * spread - 0.35 * curl),
                add(scaled(self.on, 0.75), scaled(self.palm, 0.15 + curl)),
            )
        )
        middle = add(base, scaled(out, 0.046 * SIZE))
        tip = unit(
            add(out, add(scaled(self.on, 0.5), add(scaled(self.palm, curl * 0.8), scaled(self.thumb, -curl * 0.9))))
        )
        return base, middle, add(middle, scaled(tip, 0.036 * SIZE))

    def grip_centre(self) -> V3:
        """Where something held is."""
        return self.point(0.075, 0.004, 0.030)


def draw_hand(brush: Brush, turned: Turned, hand: Hand, skin: Rgb, dark: Rgb, line: float) -> None:
    """Draws a hand with its own thin line; the side turned from the light is the back of the palm."""

    def station(p: V3, radius: float) -> V3:
        x, y, k = turned.screen(p)
        return x, y, radius * k

    middle_row = (
        station(hand.point(0.012, 0.0), 0.026),
        station(hand.point(0.050, 0.010), 0.036),
        station(hand.point(0.078, 0.016), 0.0275),
    )
    outer_row = (station(hand.point(0.045, -0.012), 0.031), station(hand.point(0.076, -0.020), 0.0245))
    base, middle, tip = hand.thumb_joints()
    ball = (station(hand.point(0.02, 0.012), 0.025), station(base, 0.019))
    thumb = (station(base, 0.0165), station(middle, 0.0135), station(tip, 0.0105))
    fingers = []
    for i in sorted(range(4), key=lambda i: turned.depth(hand.finger(i)[2])):
        root, mid, end, radius = hand.finger(i)
        fingers.append((station(root, radius * 1.06), station(mid, radius), station(end, radius * 0.82)))

    outline = grown(thumb, line)
    for row in (middle_row, outer_row, ball, *fingers):
        outline.addPath(grown(row, line))
    brush.fill(outline, brush.ink)
    palm = limb(*middle_row)
    palm.addPath(limb(*outer_row))
    palm.addPath(limb(*ball))
    # A closed hand that shows its palm has the fingers before it.
    closed = turned.view(hand.palm)[2] > -0.1 and sum(hand.grip[1:5]) / 4 > 0.45
    thin = max(0.6, line * 0.62)
    if closed:
        brush.fill(palm, skin)
    for finger in fingers:
        brush.fill(grown(finger, thin), dark)
        brush.fill(limb(*finger), skin)
    if not closed:
        brush.fill(palm, skin)
    brush.fill(grown(thumb, thin), dark)
    brush.fill(limb(*thumb), skin)
