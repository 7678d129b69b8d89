"""A laser is found in each of these situations; what only resembles it in the same situation is not."""

import tracemalloc

import cv2
import numpy as np
import pytest

from hardware.laser.finder import Finder
from tests.simulated_room import RESPONSE, Beam, Frame, Light, Room, Scene, found, reasons, textured, times


def shot(room: Room, beam: Beam, *, lit: int = 2, before: int = 6, scene: Scene | None = None) -> list[Frame]:
    """Quiet frames, a pull, quiet frames."""
    frames = [room.frame(scene=scene) for _ in range(before)]
    frames += [room.frame(beam, scene=scene) for _ in range(lit)]
    return frames + [room.frame(scene=scene) for _ in range(4)]


def drawn_out(x: float, y: float, sigma: float, ratio: float, angle: float, colour: str) -> Scene:
    """Light as recoil draws it: a spot of `sigma`, `ratio` times as long, at `angle` degrees."""

    def scene(light: Light) -> Light:
        rows, columns = np.mgrid[: light.shape[0], : light.shape[1]]
        cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
        along, across = (columns - x) * cos + (rows - y) * sin, (rows - y) * cos - (columns - x) * sin
        spot = np.exp(-(along**2) / (2 * (ratio * sigma) ** 2) - across**2 / (2 * sigma**2))
        return np.asarray(light + 2 * spot[..., None] * np.array(RESPONSE[colour]), np.float32)

    return scene


def blotted(*boxes: tuple[int, int, int, int, tuple[float, float, float]]) -> Scene:
    """Boxes (x, y, width, height) of one light over the room's."""

    def scene(light: Light) -> Light:
        seen = light.copy()
        for x, y, width, height, colour in boxes:
            cv2.rectangle(seen, (x, y), (x + width - 1, y + height - 1), colour, -1)
        return seen

    return scene


# --- the first frames ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lit", [1, 2])
@pytest.mark.parametrize("grey", [False, True])
def test_a_pull_that_is_lit_in_the_very_first_frame_is_found_when_it_goes_dark(lit: int, grey: bool) -> None:
    room = Room(grey=grey)
    frames = [room.frame(Beam(100.3, 80.6, "green")) for _ in range(lit)] + room.quiet(5)
    (hit,) = found(frames)
    assert (hit.frame, hit.time, hit.colour) == (0, 0.0, "infrared" if grey else "green")
    assert (hit.x, hit.y) == pytest.approx((100.3, 80.6), abs=0.2)


def test_a_light_that_is_there_from_the_start_and_stays_is_no_hit() -> None:
    room = Room()
    assert found([room.frame(Beam(100, 80, "red")) for _ in range(40)]) == []


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_pull_right_after_the_start_is_one_hit(first: int) -> None:
    room = Room()
    frames = [*room.quiet(first), room.frame(Beam(60, 60)), *room.quiet(5)]
    assert [hit.frame for hit in found(frames)] == [first]


# --- sizes and shapes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [3, 8])
@pytest.mark.parametrize("angle", [0, 35, 90, 120])
def test_a_streak_is_one_hit_at_its_middle(ratio: float, angle: float) -> None:
    room = Room()
    streak = drawn_out(160.3, 119.8, 1.5, ratio, angle, "green")
    (hit,) = found([*room.quiet(5), room.frame(scene=streak), *room.quiet(4)])
    assert (hit.frame, hit.colour) == (5, "green")
    assert (hit.x, hit.y) == pytest.approx((160.3, 119.8), abs=0.3)


def test_a_line_across_the_wall_is_longer_than_any_streak() -> None:
    room = Room()
    line = blotted((60, 120, 200, 3, (0.1, 0.1, 1.5)))
    frames = [*room.quiet(5), *[room.frame(scene=line) for _ in range(2)], *room.quiet(4)]
    assert found(frames) == []
    assert any(reason.startswith(("shape", "size")) for reason in reasons(frames))


@pytest.mark.parametrize("sigma", [0.8, 14.0])
def test_a_tiny_and_a_large_spot_are_found_in_full_high_definition(sigma: float) -> None:
    room = Room(1920, 1080)
    (hit,) = found([*room.quiet(3), room.frame(Beam(1200.4, 300.7, sigma=sigma)), *room.quiet(2)])
    assert (hit.frame, hit.colour) == (3, "red")
    assert (hit.x, hit.y) == pytest.approx((1200.4, 300.7), abs=0.3)


def test_two_lasers_side_by_side_keep_their_places() -> None:
    room = Room()
    beams = (Beam(140.2, 100, "red"), Beam(165.2, 100, "green"))
    hits = found([*room.quiet(6), *[room.frame(*beams) for _ in range(2)], *room.quiet(4)])
    places = sorted((hit.x, hit.colour) for hit in hits)
    assert [colour for _, colour in places] == ["red", "green"]
    assert [x for x, _ in places] == pytest.approx([140.2, 165.2], abs=0.3)


# --- who pulls next -----------------------------------------------------------------------------------------------


def test_a_second_shooter_in_the_frame_in_which_the_first_goes_dark_is_a_second_hit() -> None:
    room = Room(640, 480)
    frames = [*room.quiet(6), *[room.frame(Beam(300, 200)) for _ in range(3)]]
    frames += [*[room.frame(Beam(350, 220)) for _ in range(2)], *room.quiet(4)]
    assert [(hit.frame, round(hit.x)) for hit in found(frames)] == [(6, 300), (9, 350)]


def test_a_laser_dragged_fast_stays_one_hit() -> None:
    room = Room(640, 480)
    frames = [*room.quiet(6), *[room.frame(Beam(200 + 22 * i, 200)) for i in range(8)], *room.quiet(4)]
    assert [(hit.frame, round(hit.x)) for hit in found(frames)] == [(6, 200)]


# --- bright walls -------------------------------------------------------------------------------------------------


def test_a_wall_of_white_gives_nothing_and_shows_nothing() -> None:
    room = Room(wall=(255, 255, 255), noise=1.0)
    assert found(shot(room, Beam(150, 90, "green"))) == []


def test_green_on_a_wall_saturated_in_red_is_found_and_never_called_red() -> None:
    (hit,) = found(shot(Room(wall=(120, 140, 255)), Beam(150, 90, "green")))
    assert hit.frame == 6
    assert hit.colour in ("green", "unknown")


def test_red_on_a_wall_saturated_in_red_is_never_called_green() -> None:
    hits = found(shot(Room(wall=(120, 140, 255)), Beam(150, 90, "red")))
    assert [hit.colour for hit in hits] in ([], ["unknown"], ["red"])


@pytest.mark.parametrize("colour", ["red", "green"])
def test_a_laser_on_white_235_is_found_with_its_colour(colour: str) -> None:
    hits = found(shot(Room(wall=(235, 235, 235), noise=1.0), Beam(150, 90, colour, sigma=2.5)))
    assert [(hit.frame, hit.colour) for hit in hits] == [(6, colour)]


def test_white_235_alone_gives_nothing() -> None:
    assert found(Room(wall=(235, 235, 235), noise=2.0).quiet(60)) == []


# --- light that changes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wall", [(60, 60, 60), (190, 190, 190)])
def test_a_pull_in_the_dark_half_of_the_mains_is_found(wall: tuple[int, int, int]) -> None:
    room = Room(wall=wall)
    flicker = [1 + 0.2 * np.sin(2 * np.pi * 0.31 * index) for index in range(20)]
    lowest = 8 + int(np.argmin(flicker[8:14]))
    frames = [
        room.frame(*([Beam(150, 90)] if index == lowest else []), scene=times(factor))
        for index, factor in enumerate(flicker)
    ]
    assert [(hit.frame, hit.colour) for hit in found(frames)] == [(lowest, "red")]


def test_a_lit_laser_is_not_left_behind_by_a_flash() -> None:
    room = Room(wall=(150, 150, 150))
    frames = [*room.quiet(6), *[room.frame(Beam(150, 90, "green")) for _ in range(2)]]
    frames += [room.frame(scene=times(2)), *room.quiet(5)]
    assert [(hit.frame, hit.colour) for hit in found(frames)] == [(6, "green")]


# --- things that move ---------------------------------------------------------------------------------------------


def walker(x: int) -> Scene:
    return blotted((x, 40, 60, 200, (0.02, 0.02, 0.03)))


def test_a_bright_place_that_somebody_uncovers_is_no_hit() -> None:
    room = Room(wall=(40, 40, 40))
    cv2.circle(room.linear, (150, 120), 7, (0.1, 0.9, 0.1), -1)
    frames = room.quiet(20) + [room.frame(scene=walker(-60 + 8 * index)) for index in range(45)]
    assert found(frames) == []


def test_a_hit_beside_somebody_who_walks_is_found() -> None:
    room = Room(wall=(40, 40, 40))
    cv2.circle(room.linear, (150, 120), 7, (0.1, 0.9, 0.1), -1)
    frames = room.quiet(20)
    for index in range(30):
        beams = [Beam(280, 100, "red")] if index in (15, 16) else []
        frames.append(room.frame(*beams, scene=walker(-60 + 8 * index)))
    assert [(hit.frame, hit.colour) for hit in found(frames)] == [(35, "red")]


def window(x: float) -> Scene:
    """Sun through a window, clipped to white, whose edges drift."""

    def scene(light: Light) -> Light:
        mask = np.zeros(light.shape[:2], np.uint8)
        corners = np.array([[x, 20], [x + 60, 24], [x + 52, 90], [x - 6, 84]])
        cv2.fillPoly(mask, [np.round(corners * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        return np.asarray(light + 1.5 * (mask / 255.0)[..., None], np.float32)

    return scene


def test_a_sunlit_window_that_drifts_is_no_hit_and_hides_none_beside_it() -> None:
    room = Room(picture=textured(320, 240))
    drifting = [window(80 + 0.4 * index) for index in range(30)]
    assert found([room.frame(scene=scene) for scene in drifting]) == []
    frames = [
        room.frame(*([Beam(230, 150, "green")] if index in (20, 21) else []), scene=scene)
        for index, scene in enumerate(drifting)
    ]
    assert [(hit.frame, hit.colour) for hit in found(frames)] == [(20, "green")]


def glints(strength: float) -> Scene:
    """Reflectors on the wall."""

    def scene(light: Light) -> Light:
        seen = light.copy()
        for x, y in ((40, 50), (120, 180), (200, 70), (280, 200)):
            cv2.circle(seen, (x, y), 2, (strength, strength, strength), -1)
        return seen

    return scene


def test_reflectors_that_stay_and_glitter_are_no_hits_and_hide_none() -> None:
    room = Room()
    glitter = [glints(1.2 + 0.2 * np.sin(index)) for index in range(30)]
    assert found([room.frame(scene=scene) for scene in glitter]) == []
    frames = [
        room.frame(*([Beam(160, 120, "red", strength=1.5)] if index == 20 else []), scene=scene)
        for index, scene in enumerate(glitter)
    ]
    assert [(hit.frame, hit.colour) for hit in found(frames)] == [(20, "red")]


# --- cameras ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(321, 241), (637, 359), (1279, 719)])
def test_odd_sizes_are_nothing_special(size: tuple[int, int]) -> None:
    room = Room(*size)
    (hit,) = found(shot(room, Beam(size[0] - 3.5, size[1] - 2.5)))
    assert (hit.frame, hit.colour) == (6, "red")


def test_a_grey_camera_with_compression_at_30_finds_infrared_and_nothing_else() -> None:
    room = Room(picture=textured(320, 240), grey=True, jpeg=30)
    assert found(room.quiet(30)) == []
    (hit,) = found(shot(Room(picture=textured(320, 240), grey=True, jpeg=30), Beam(160, 120, "infrared")))
    assert (hit.frame, hit.colour) == (6, "infrared")


def test_a_long_session_takes_no_more_memory_than_a_short_one() -> None:
    room = Room(160, 120)
    cycle = [*room.quiet(20), *[room.frame(Beam(80, 60)) for _ in range(3)], *room.quiet(7)]
    finder = Finder()
    taken = []
    tracemalloc.start()
    try:
        for turn in range(40):
            for index, frame in enumerate(cycle):
                finder.find(frame, turn + index / 30)
            finder.rejections.clear()
            finder.pulses.clear()
            taken.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert max(taken[20:]) <= max(taken[5:20]) + 20_000
