"""What is no laser must not fire, and a laser is found all the same while it goes on."""

import cv2
import numpy as np
import pytest

from tests.simulated_room import Beam, Frame, Light, Room, Scene, found, reasons, textured, times

PULL_AT = 12
SHOT = Beam(250, 60, "red")


def film(room: Room, scenes: list[Scene | None], shot: Beam | None) -> list[Frame]:
    """The first scene for a while, then one frame for each; with a shot, two lit frames from number PULL_AT on."""
    plan = [scenes[0]] * 6 + scenes
    frames = []
    for index, scene in enumerate(plan):
        beams = (shot,) if shot is not None and index in (PULL_AT, PULL_AT + 1) else ()
        frames.append(room.frame(*beams, scene=scene))
    return frames


def disc(x: float, y: float, radius: int, value: float | tuple[float, float, float]) -> Scene:
    """A disc of light on the wall."""

    def scene(light: Light) -> Light:
        colour = value if isinstance(value, tuple) else (value, value, value)
        mask = np.zeros(light.shape[:2], np.uint8)
        cv2.circle(mask, (round(x * 16), round(y * 16)), radius * 16, 255, -1, cv2.LINE_AA, 4)
        share = (mask / 255.0)[:, :, None].astype(np.float32)
        return (light * (1 - share) + np.array(colour, np.float32) * share).astype(np.float32)

    return scene


def plus(amount: float) -> Scene:
    return lambda light: light + np.float32(amount)


def shifted(dx: int, dy: int) -> Scene:
    return lambda light: np.roll(light, (dy, dx), (0, 1))


def balance(blue: float, red: float) -> Scene:
    return lambda light: np.asarray(light * np.array([blue, 1, red], np.float32))


def banded(phase: int) -> Scene:
    """Bands of a colour wheel rolling down the picture."""

    def scene(light: Light) -> Light:
        rows = np.arange(light.shape[0])[:, None]
        wave = 1 + 0.25 * np.sin(2 * np.pi * (rows / 80 + phase / 5 + np.array([[0, 1 / 3, 2 / 3]])))
        return np.asarray(light * wave[:, None, :], np.float32)

    return scene


def person(x: int) -> Scene:
    """Somebody in dark clothes with a lit face before the wall."""

    def scene(light: Light) -> Light:
        seen = light.copy()
        cv2.rectangle(seen, (x, 90), (x + 50, light.shape[0]), (0.02, 0.02, 0.03), -1)
        cv2.circle(seen, (x + 25, 70), 20, (0.25, 0.35, 0.5), -1)
        return seen

    return scene


DISTURBANCES: dict[str, list[Scene | None]] = {
    "a lamp is switched on": [None] * 6 + [plus(0.15)] * 10,
    "a lamp is switched off": [plus(0.15)] * 6 + [None] * 10,
    "a flash": [None] * 6 + [times(2.5)] + [None] * 9,
    "a fade": [times(1 - i / 20) for i in range(16)],
    "the exposure drifts": [times(1 + 0.04 * i) for i in range(16)],
    "the white balance drifts": [balance(1 + 0.03 * i, 1 - 0.02 * i) for i in range(16)],
    "the camera shakes": [shifted(*[(0, 0), (2, 1), (-1, 2), (1, -2)][i % 4]) for i in range(16)],
    "a bright disc moves elsewhere": [disc(40 + 7 * i, 180, 14, 0.9) for i in range(16)],
    "a small white ball moves elsewhere": [disc(40 + 7 * i, 180, 4, 0.95) for i in range(16)],
    "a red disc bounces": [disc(60 + 9 * i, 150 + 30 * np.sin(i), 18, (0.05, 0.05, 0.8)) for i in range(16)],
    "a person walks through": [person(20 + 8 * i) for i in range(16)],
    "colour bands roll": [banded(i) for i in range(16)],
    "the mains flicker": [times(1 + 0.15 * np.sin(2 * np.pi * i * 0.31)) for i in range(16)],
}


@pytest.mark.parametrize("what", DISTURBANCES)
@pytest.mark.parametrize("wall", ["plain", "picture"])
def test_no_hit_while(what: str, wall: str) -> None:
    room = Room(picture=textured(320, 240) if wall == "picture" else None)
    assert found(film(room, DISTURBANCES[what], None)) == []


@pytest.mark.parametrize("what", DISTURBANCES)
@pytest.mark.parametrize("wall", ["plain", "picture"])
def test_a_hit_is_found_while(what: str, wall: str) -> None:
    room = Room(picture=textured(320, 240) if wall == "picture" else None)
    hits = found(film(room, DISTURBANCES[what], SHOT))
    assert [(hit.frame, hit.colour) for hit in hits] == [(PULL_AT, "red")]
    assert (hits[0].x, hits[0].y) == pytest.approx((SHOT.x, SHOT.y), abs=1.0)


def test_a_hit_is_found_while_a_bright_shape_moves_past_it() -> None:
    past: list[Scene | None] = [disc(120 + 15 * i, 85, 12, 0.8) for i in range(16)]
    hits = found(film(Room(), past, SHOT))
    assert [(hit.frame, hit.colour) for hit in hits] == [(PULL_AT, "red")]


@pytest.mark.parametrize("radius", [2, 4, 8])
def test_a_white_light_that_appears_and_moves_is_no_laser(radius: int) -> None:
    room = Room()
    moving = [room.frame(scene=disc(60 + 9 * i, 120, radius, 1.0)) for i in range(12)]
    assert found([*room.quiet(6), *moving]) == []


def test_salt_noise_gives_nothing_and_hides_nothing() -> None:
    random = np.random.default_rng(4)
    room = Room()
    frames = [*room.quiet(8), *[room.frame(SHOT) for _ in range(2)], *room.quiet(20)]
    for frame in frames:
        wild = random.random(frame.shape[:2]) < 0.001
        frame[wild] = 255
    assert [hit.frame for hit in found(frames)] == [8]


def test_hot_pixels_that_flicker_give_nothing() -> None:
    room = Room()
    frames = room.quiet(30)
    for index, frame in enumerate(frames):
        if index % 3 == 0:
            frame[50, 60] = frame[120, 200] = 255
    assert found(frames) == []


def test_a_target_that_pops_up_and_stays_is_too_large_for_a_laser() -> None:
    frames = film(Room(640, 480), [None] + [disc(300, 200, 60, 0.95)] * 8, None)
    assert found(frames) == []
    assert any(reason.startswith("size") for reason in reasons(frames))


@pytest.mark.parametrize("rate", [7, 30, 120])
def test_the_frame_rate_makes_no_difference(rate: int) -> None:
    room = Room()
    frames = [*room.quiet(8), *[room.frame(SHOT) for _ in range(2)], *room.quiet(4)]
    assert [hit.frame for hit in found(frames, rate)] == [8]
