"""What a figure does at a moment: its script's steps eased together, and the small motions of being alive."""

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from media.animatic.poses import CARRIED, HANGING, HELD_LOW, MOODS, POSES, POSES_HOLDING, Arm, Body, Face
from media.animatic.script import Distance, Facing, Figure, Step
from media.animatic.space import V3, add, eased

FACINGS: dict[Facing, float] = {
    "us": 0.0, "half_left": -0.5, "half_right": 0.5, "left": -1.12, "right": 1.12, "away": math.pi,
}  # fmt: skip
DISTANCES = {"near": 3.4, "middle": 4.6, "far": 6.4}
STAGE_WIDTH = 4.8  # metres from x = 0 to x = 1
WALKING_SPEED = 1.15  # metres a second
STRIDE = 1.25  # metres of two steps


def metres_across(x: float) -> float:
    return (x - 0.5) * STAGE_WIDTH


def metres_away(distance: Distance) -> float:
    return DISTANCES[distance] if isinstance(distance, str) else distance


def chance(*words: object) -> float:
    """A number from 0 to 1 that is always the same for the same words."""
    return zlib.crc32(repr(words).encode()) / 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Held:
    """A figure at rest in one step's end."""

    pose: str
    body: Body
    face: Face
    yaw: float
    gaze: str
    holding: str
    x: float
    z: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A figure at one instant; `yaw`, `head_yaw`, `head_nod` in radians, `mouth` and `blink` 0-1, places in metres."""

    body: Body
    face: Face
    yaw: float
    x: float
    z: float
    head_yaw: float
    head_nod: float
    eyes: tuple[float, float]
    mouth: float
    blink: float
    holding: str
    stride: float  # where in a stride, in turns
    walking: float  # 0 standing, 1 walking
    breath: float


@dataclass(frozen=True, slots=True)
class Leg:
    """One eased passage from a held state to the next."""

    start: float
    over: float
    before: Held
    after: Held
    turn: float | None  # the yaw walked in


class Performance:
    """A figure over one clip of `seconds`; with `loop` its end is its beginning.

    `speech` gives how open the speaker's mouth is at a time, 0-1; `places` where each figure is, for looking at them.
    """

    def __init__(
        self,
        figure: Figure,
        seconds: float,
        *,
        loop: bool,
        speech: Callable[[float], float],
        heads: dict[str, float],
    ) -> None:
        self.figure = figure
        self.seconds = seconds
        self.speech = speech
        self.heads = heads
        self.stance = 0.42 * (chance(figure.name, "stance") - 0.5)
        start = Held(
            figure.pose,
            body_in(figure.pose, figure.holding),
            MOODS[figure.mood],
            FACINGS[figure.facing],
            figure.look,
            figure.holding,
            metres_across(figure.x),
            metres_away(figure.distance),
        )
        self.legs: list[Leg] = []
        held = start
        for step in figure.steps:
            after = changed(held, step)
            self.legs.append(passage(step.t, step.over, held, after))
            held = after
        if loop and held != start:
            back = passage(0.0, 1.0, held, start)
            self.legs.append(replace(back, start=max(0.0, seconds - back.over - 0.1)))
        self.start = start
        self.blinks = self._blink_times()

    def _blink_times(self) -> list[float]:
        times = []
        t = 0.4 + 1.6 * chance(self.figure.name, "first blink")
        while t < self.seconds - 0.4:
            times.append(t)
            t += 2.2 + 2.6 * chance(self.figure.name, "blink", len(times))
        return times

    def wave(self, t: float, period: float, name: str) -> float:
        """A slow sine that fits the clip a whole number of times, so that its end meets its beginning."""
        rounds = max(1, round(self.seconds / period))
        return math.sin(2 * math.pi * (rounds * t / self.seconds + chance(self.figure.name, name)))

    def at(self, t: float) -> Moment:
        held, walking, stride, yaw = self._steps_at(t)
        mouth = self.speech(t)
        talking = max(mouth, 0.7 * self.speech(t - 0.12), 0.5 * self.speech(t + 0.15), 0.45 * self.speech(t - 0.3))
        breath = self.wave(t, 3.8, "breath")
        liveliness = 0.25 + 0.75 * talking
        tempo = held.body.tempo
        body = replace(
            held.body,
            left=self._gesture(held.body.left, t, liveliness, tempo, "left"),
            right=self._gesture(held.body.right, t, liveliness, tempo, "right"),
            weight=held.body.weight + 0.014 * self.wave(t, 6.5, "sway"),
            lean=held.body.lean + 0.008 * self.wave(t, 5.1, "lean") + 0.012 * talking,
            tilt=held.body.tilt + 0.006 * self.wave(t, 7.3, "tilt"),
            shrug=held.body.shrug + 0.004 * breath,
            nod=held.body.nod + 0.02 * self.wave(t, 4.3, "nod") + 0.05 * talking * self.wave(t, 0.9, "beat"),
            roll=held.body.roll + 0.022 * self.wave(t, 5.7, "roll") + 0.03 * talking * self.wave(t, 1.7, "toss"),
        )
        if abs(yaw) < 0.3:  # nobody stands quite square
            yaw += self.stance * (1 - abs(yaw) / 0.3) * (1 - walking)
        turn, nod, eyes = self._looking(held, t)
        return Moment(
            body=body,
            face=held.face,
            yaw=yaw,
            x=held.x,
            z=held.z,
            head_yaw=turn,
            head_nod=nod,
            eyes=eyes,
            mouth=mouth,
            blink=self._blink(t),
            holding=held.holding,
            stride=stride,
            walking=walking,
            breath=breath,
        )

    def _gesture(self, arm: Arm, t: float, liveliness: float, tempo: float, side: str) -> Arm:
        a = self.wave(t, 1.9 / tempo, side + " out")
        b = self.wave(t, 1.3 / tempo, side + " up")
        c = self.wave(t, 2.3 / tempo, side + " forth")
        move: V3 = (arm.beat[0] * a * liveliness, arm.beat[1] * b * liveliness, arm.beat[2] * c * liveliness)
        return replace(arm, wrist=add(arm.wrist, move))

    def _blink(self, t: float) -> float:
        return max((max(0.0, 1 - abs(t - at) / 0.085) for at in self.blinks), default=0.0)

    def _steps_at(self, t: float) -> tuple[Held, float, float, float]:
        held, walking, walked, yaw = self.start, 0.0, 0.0, self.start.yaw
        for leg in self.legs:
            if t < leg.start:
                break
            share = min(1.0, (t - leg.start) / leg.over)
            if leg.turn is None:
                s = eased(share)
                held = between(leg.before, leg.after, s)
                yaw = leg.before.yaw + (leg.after.yaw - leg.before.yaw) * s
                walking = 0.0
                continue
            # Walking: ease in and out over half a second, and turn while starting and stopping.
            ramp = min(0.45, 0.5 / leg.over)
            travel = trapezoid(share, ramp)
            held = replace(between(leg.before, leg.after, eased(share)),
                           x=leg.before.x + (leg.after.x - leg.before.x) * travel,
                           z=leg.before.z + (leg.after.z - leg.before.z) * travel)  # fmt: skip
            walking = eased(min(1.0, share / ramp, (1 - share) / ramp))
            distance = math.hypot(leg.after.x - leg.before.x, leg.after.z - leg.before.z)
            backwards = leg.turn == leg.before.yaw and math.cos(leg.turn) * (leg.after.z - leg.before.z) > 0
            walked += distance * travel * (-1 if backwards else 1)
            turned = leg.before.yaw + (leg.turn - leg.before.yaw) * eased(share / ramp)
            yaw = turned + (leg.after.yaw - turned) * eased((share - 1 + ramp) / ramp)
        return held, walking, walked / STRIDE, yaw

    def _looking(self, held: Held, t: float) -> tuple[float, float, tuple[float, float]]:
        """Where the head turns (relative to the picture), nods, and the eyes' share of it."""
        drift = (0.05 * self.wave(t, 6.1, "glance"), 0.03 * self.wave(t, 4.7, "glance up"))
        turn, nod = self._gaze(held.gaze, held)
        for leg in self.legs:
            if leg.start <= t < leg.start + leg.over and leg.before.gaze != leg.after.gaze:
                old_turn, old_nod = self._gaze(leg.before.gaze, held)
                share = eased((t - leg.start) / min(0.6, leg.over))
                turn, nod = old_turn + (turn - old_turn) * share, old_nod + (nod - old_nod) * share
        return turn + drift[0], nod + drift[1], (math.tanh(turn) * 0.5 + drift[0] * 2, -nod * 0.5 + drift[1])

    def _gaze(self, gaze: str, held: Held) -> tuple[float, float]:
        if gaze == "us":
            return math.atan2(-held.x * 0.5, held.z), 0.0
        if gaze == "down":
            return 0.0, 0.38
        if gaze == "left":
            return -0.75, 0.0
        if gaze == "right":
            return 0.75, 0.0
        if gaze in self.heads:
            aside = self.heads[gaze] - held.x
            return math.copysign(0.72, aside), 0.03
        return held.yaw if abs(held.yaw) < 2 else 0.0, 0.0


def body_in(pose: str, holding: str) -> Body:
    """The body of a pose, with the hand that holds something left to it."""
    if holding == "nothing":
        return POSES[pose]
    body = POSES_HOLDING.get(pose, POSES[pose])
    if body.left == HANGING.mirrored() and holding not in CARRIED:
        return replace(body, left=HELD_LOW.mirrored())
    return body


def changed(held: Held, step: Step) -> Held:
    pose = step.pose or held.pose
    return Held(
        pose,
        body_in(pose, step.holding or held.holding),
        MOODS[step.mood] if step.mood else held.face,
        FACINGS[step.facing] if step.facing else held.yaw,
        step.look or held.gaze,
        step.holding or held.holding,
        held.x if step.x is None else metres_across(step.x),
        held.z if step.distance is None else metres_away(step.distance),
    )


def passage(start: float, over: float, before: Held, after: Held) -> Leg:
    """The way from one state to the next; one that covers ground takes as long as walking it does."""
    dx, dz = after.x - before.x, after.z - before.z
    distance = math.hypot(dx, dz)
    if distance < 0.12:
        return Leg(start, over, before, after, None)
    if distance < 0.9:  # a step or two: nobody turns for that
        return Leg(start, max(over, distance / WALKING_SPEED + 0.6), before, after, before.yaw)
    turn = math.atan2(dx, -dz)
    if after.yaw > 2 and turn < 0:
        turn += 2 * math.pi
    return Leg(start, max(over, distance / WALKING_SPEED + 0.5), before, after, turn)


def between(a: Held, b: Held, share: float) -> Held:
    return Held(
        b.pose,
        a.body.toward(b.body, share),
        a.face.toward(b.face, share),
        a.yaw + (b.yaw - a.yaw) * share,
        b.gaze,
        b.holding,
        a.x + (b.x - a.x) * share,
        a.z + (b.z - a.z) * share,
    )


def trapezoid(share: float, ramp: float) -> float:
    """0-1 -> 0-1 at an even speed, with a smooth start and stop of length `ramp`."""
    top = 1 / (1 - ramp)
    if share < ramp:
        return top * share * share / (2 * ramp)
    if share > 1 - ramp:
        return 1 - top * (1 - share) ** 2 / (2 * ramp)
    return top * (share - ramp / 2)
