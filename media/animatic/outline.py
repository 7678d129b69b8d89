"""Where a drawn figure is in the picture: outlines for zones, in 0-1 of its width and height."""

from collections.abc import Callable
from typing import Literal

from media.animatic.body import HEAD, Skeleton, skeleton
from media.animatic.space import V3, add
from media.animatic.stage import Stage

Part = Literal["person", "left_hand", "right_hand", "held", "head"]
Outline = tuple[tuple[float, float], ...]


def outline(stage: Stage, name: str, part: Part, t: float) -> Outline:
    """A figure's part at a time, as a polygon with always the same number of corners, cut off at the picture's edge.

    The left hand is the one on the left of the picture when the figure faces us; it is the one that holds things.
    Raises KeyError for a figure that is not in the picture.
    """
    people = {performance.figure.name: (painter, performance) for painter, performance in stage.people}
    painter, performance = people[name]
    moment, camera = performance.at(t), stage.camera(t)
    bones = skeleton(moment, painter.look)
    turned = painter.place(moment, camera)

    def spot(p: V3) -> tuple[float, float]:
        x, y, _ = turned.screen(p)
        return x, y

    k = turned.screen(bones.chest)[2]
    head = spot(bones.head)
    if part == "head":
        r = 0.5 * HEAD * painter.look.head * k
        points = box([head], r * 0.8, r)
    elif part in ("left_hand", "right_hand"):
        arm = bones.arms[0 if part == "left_hand" else 1]
        points = box([spot(p) for p in (arm.wrist, arm.hand.finger(1)[2], arm.hand.finger(3)[2])], 0.035 * k, 0.035 * k)
    elif part == "held":
        hand = bones.arms[0].hand
        tips = [add(hand.grip_centre(), (0, 0.0, 0.0)), hand.point(0.03, 0.0), hand.point(0.20, 0.0)]
        if moment.holding == "bottle":
            tips = [hand.point(0.075, -0.04, 0.03), hand.point(0.075, 0.25, 0.03)]
        points = box([spot(p) for p in tips], 0.05 * k, 0.03 * k)
    else:
        points = person(spot, bones, head, k, painter.look.head)
    return tuple((round(clip(x / stage.width), 4), round(clip(y / stage.height), 4)) for x, y in points)


def person(
    spot: Callable[[V3], tuple[float, float]], bones: Skeleton, head: tuple[float, float], k: float, size: float
) -> list[tuple[float, float]]:
    """Head, shoulders, hips and feet, from the crown's left side round to the right."""
    top = head[1] - 0.54 * HEAD * size * k
    half = 0.42 * HEAD * size * k
    chin = head[1] + 0.5 * HEAD * size * k
    left, right = sorted((spot(bones.arms[0].shoulder), spot(bones.arms[1].shoulder)))
    left_hip, right_hip = sorted((spot(bones.legs[0].hip), spot(bones.legs[1].hip)))
    feet = sorted((spot(bones.legs[0].ankle), spot(bones.legs[1].ankle)))
    knees = sorted((spot(bones.legs[0].knee), spot(bones.legs[1].knee)))
    low = max(foot[1] for foot in feet) + 0.07 * k
    wide = 0.07 * k
    return [
        (head[0] - half, top),
        (head[0] + half, top),
        (head[0] + half, chin),
        (right[0] + wide, right[1] - wide * 0.6),
        (max(right[0] + wide * 0.9, right_hip[0] + 0.1 * k), right_hip[1]),
        (max(feet[1][0], right_hip[0], knees[1][0]) + wide, low),
        (min(feet[0][0], left_hip[0], knees[0][0]) - wide, low),
        (min(left[0] - wide * 0.9, left_hip[0] - 0.1 * k), left_hip[1]),
        (left[0] - wide, left[1] - wide * 0.6),
        (head[0] - half, chin),
    ]


def box(points: list[tuple[float, float]], wide: float, high: float) -> list[tuple[float, float]]:
    """The upright rectangle round points."""
    x0, x1 = min(p[0] for p in points) - wide, max(p[0] for p in points) + wide
    y0, y1 = min(p[1] for p in points) - high, max(p[1] for p in points) + high
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def clip(value: float) -> float:
    return min(1.0, max(0.0, value))
