"""The laser finder in simulated rooms: every pull one hit, at its first lit frame, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.laser.finder import Finder
from hardware.laser.settings import FinderSettings
from tests.simulated_room import Beam, Room, found, textured


def test_a_flash_in_one_frame_is_one_hit_at_its_place() -> None:
    room = Room()
    hits = found([*room.quiet(6), room.frame(Beam(120.4, 80.7)), *room.quiet(6)])
    assert [(hit.frame, hit.colour) for hit in hits] == [(6, "red")]
    assert hits[0].time == pytest.approx(6 / 30)
    assert (hits[0].x, hits[0].y) == pytest.approx((120.4, 80.7), abs=0.2)


def test_a_wall_at_rest_gives_nothing() -> None:
    assert found(Room(noise=4.0).quiet(60)) == []


@pytest.mark.parametrize("lit", [2, 3, 10, 60])
def test_a_pull_is_one_hit_however_long_it_lights(lit: int) -> None:
    room = Room()
    frames = [*room.quiet(6), *[room.frame(Beam(200, 60, "green")) for _ in range(lit)], *room.quiet(6)]
    assert [(hit.frame, hit.colour) for hit in found(frames)] == [(6, "green")]


def test_a_pull_that_drags_is_one_hit_where_it_was_first_seen() -> None:
    room = Room()
    drag = [room.frame(Beam(100 + 6 * i, 60 + 4 * i)) for i in range(12)]
    (hit,) = found([*room.quiet(6), *drag, *room.quiet(4)])
    assert hit.frame == 6
    assert (hit.x, hit.y) == pytest.approx((100, 60), abs=0.3)


def test_a_hit_is_reported_at_most_two_frames_after_its_first() -> None:
    room = Room()
    finder = Finder()
    for index, frame in enumerate(room.quiet(6)):
        assert finder.find(frame, index / 30) == []
    reports = [finder.find(room.frame(Beam(50, 50)), (6 + i) / 30) for i in range(4)]
    assert [len(spots) for spots in reports] in ([0, 1, 0, 0], [0, 0, 1, 0])


def test_second_pull_at_the_same_place_is_a_second_hit_after_one_dark_frame() -> None:
    room = Room()
    lit = [Beam(150, 100)]
    plan: list[list[Beam]] = [[]] * 6 + [lit] * 3 + [[]] + [lit] * 2 + [[]] * 4
    assert [hit.frame for hit in found([room.frame(*beams) for beams in plan])] == [6, 10]


def test_a_single_lit_frame_twice_with_one_dark_frame_between_is_two_hits() -> None:
    room = Room()
    lit = [Beam(150, 100)]
    plan: list[list[Beam]] = [[]] * 6 + [lit] + [[]] + [lit] + [[]] * 4
    assert [hit.frame for hit in found([room.frame(*beams) for beams in plan])] == [6, 8]


def test_a_held_laser_that_fades_for_a_frame_stays_one_hit() -> None:
    room = Room()
    strengths = [3.0, 3.0, 3.0, 0.15, 3.0, 3.0]
    frames = [*room.quiet(6), *[room.frame(Beam(150, 100, strength=s)) for s in strengths], *room.quiet(3)]
    assert [hit.frame for hit in found(frames)] == [6]


def test_frames_that_repeat_bit_for_bit_are_no_second_pull() -> None:
    room = Room()
    quiet, lit = room.quiet(6), room.frame(Beam(90, 90))
    frames = [*quiet, lit, lit.copy(), lit.copy(), *room.quiet(3)]
    assert [hit.frame for hit in found(frames)] == [6]


def test_repeated_time_stamps_do_no_harm() -> None:
    room = Room()
    finder = Finder()
    frames = [*room.quiet(6), *[room.frame(Beam(90, 90)) for _ in range(2)], *room.quiet(3)]
    spots = [spot for index, frame in enumerate(frames) for spot in finder.find(frame, (index // 2) / 15)]
    assert [(spot.frame, spot.time) for spot in spots] == [(6, 0.2)]


def test_a_spot_in_the_last_frame_is_reported_at_the_end() -> None:
    room = Room()
    assert [hit.frame for hit in found([*room.quiet(6), room.frame(Beam(60, 60))])] == [6]


def test_a_spot_in_the_second_frame_after_the_start_is_found() -> None:
    room = Room()
    assert [hit.frame for hit in found([room.frame(), room.frame(Beam(60, 60)), *room.quiet(3)])] == [1]


@pytest.mark.parametrize("apart", [25, 150])
def test_two_lasers_in_one_frame_are_two_hits(apart: int) -> None:
    room = Room()
    beams = (Beam(100, 100, "red"), Beam(100 + apart, 100, "green"))
    hits = found([*room.quiet(6), *[room.frame(*beams) for _ in range(3)], *room.quiet(4)])
    assert sorted((round(hit.x), hit.colour) for hit in hits) == [(100, "red"), (100 + apart, "green")]


@pytest.mark.parametrize("sigma", [0.8, 1.5, 4.0, 14.0])
@pytest.mark.parametrize("size", [(320, 240), (641, 479), (1280, 720)])
def test_a_spot_of_any_blur_is_found_at_any_size(sigma: float, size: tuple[int, int]) -> None:
    room = Room(*size)
    x, y = size[0] * 0.4 + 0.3, size[1] * 0.6 - 0.2
    (hit,) = found([*room.quiet(4), *[room.frame(Beam(x, y, sigma=sigma, strength=2)) for _ in range(2)], room.frame()])
    assert (hit.x, hit.y) == pytest.approx((x, y), abs=0.35)
    assert hit.colour == "red"


@pytest.mark.parametrize("ratio", [3, 8])
def test_a_streak_from_recoil_is_a_hit(ratio: int) -> None:
    room = Room()
    length = 4.7 * ratio
    streak = Beam(100, 80, to=(100 + 0.8 * length, 80 + 0.6 * length))
    (hit,) = found([*room.quiet(6), room.frame(streak), *room.quiet(4)])
    assert (hit.frame, hit.colour) == (6, "red")


@pytest.mark.parametrize(("x", "y"), [(0, 120), (319, 120), (160, 0), (160, 239), (1, 1), (318, 238)])
def test_a_spot_at_the_pictures_edge_is_found(x: int, y: int) -> None:
    room = Room()
    (hit,) = found([*room.quiet(6), *[room.frame(Beam(x, y)) for _ in range(2)], *room.quiet(4)])
    assert (hit.x, hit.y) == pytest.approx((x, y), abs=1.5)


def test_red_on_a_nearly_white_wall_is_found() -> None:
    room = Room(wall=(235, 235, 235), noise=1.0)
    hits = found([*room.quiet(6), *[room.frame(Beam(150, 90)) for _ in range(2)], *room.quiet(4)])
    assert [hit.frame for hit in hits] == [6]


@pytest.mark.parametrize("wall", [(20, 20, 230), (30, 220, 30), (230, 40, 30), (110, 150, 220), (5, 5, 5)])
@pytest.mark.parametrize("colour", ["red", "green"])
def test_the_colour_is_the_lasers_and_not_the_walls(colour: str, wall: tuple[int, int, int]) -> None:
    room = Room(wall=wall)
    hits = found([*room.quiet(6), *[room.frame(Beam(150, 90, colour)) for _ in range(2)], *room.quiet(4)])
    assert [(hit.frame, hit.colour) for hit in hits] == [(6, colour)]


def test_a_white_light_has_no_lasers_colour() -> None:
    room = Room()
    hits = found([*room.quiet(6), *[room.frame(Beam(150, 90, "white")) for _ in range(2)], *room.quiet(4)])
    assert [hit.colour for hit in hits] in ([], ["unknown"])


def test_a_grey_camera_sees_infrared() -> None:
    room = Room(grey=True)
    (hit,) = found([*room.quiet(6), *[room.frame(Beam(150, 90, "infrared")) for _ in range(2)], *room.quiet(4)])
    assert hit.colour == "infrared"
    assert (hit.x, hit.y) == pytest.approx((150, 90), abs=0.2)


def test_a_spot_on_a_projected_picture_is_found_across_its_edge() -> None:
    picture = textured(320, 240)
    picture[:, :160] = 8
    room = Room(picture=picture)
    (hit,) = found([*room.quiet(6), *[room.frame(Beam(160.2, 90.4, sigma=3)) for _ in range(2)], *room.quiet(4)])
    assert (hit.x, hit.y) == pytest.approx((160.2, 90.4), abs=1.0)


@pytest.mark.parametrize("jpeg", [30, 80])
def test_a_spot_is_found_in_compressed_pictures(jpeg: int) -> None:
    room = Room(picture=textured(320, 240), jpeg=jpeg)
    frames = [*room.quiet(10), *[room.frame(Beam(210, 130, "green")) for _ in range(2)], *room.quiet(4)]
    (hit,) = found(frames)
    assert (hit.frame, hit.colour) == (10, "green")
    assert (hit.x, hit.y) == pytest.approx((210, 130), abs=0.7)


@pytest.mark.parametrize("jpeg", [30, 80])
def test_compression_alone_gives_nothing(jpeg: int) -> None:
    assert found(Room(picture=textured(320, 240), jpeg=jpeg, noise=4).quiet(40)) == []


def test_a_frame_of_another_size_starts_afresh() -> None:
    small, large = Room(160, 120), Room(320, 240)
    frames = [*small.quiet(4), *large.quiet(4), large.frame(Beam(200, 200)), *large.quiet(3)]
    assert [hit.frame for hit in found(frames)] == [8]


@pytest.mark.parametrize("shape", [(4, 5, 4), (4,), (2, 4, 5, 3)])
def test_anything_but_a_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="uint8"):
        Finder().find(np.zeros(shape, np.uint8), 0.0)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 5), (33, 17)])
def test_the_smallest_pictures_do_no_harm(size: tuple[int, int]) -> None:
    random = np.random.default_rng(3)
    assert len(found([random.integers(0, 255, (size[1], size[0], 3), np.uint8) for _ in range(6)])) <= 6


def test_the_list_of_rejections_is_bounded() -> None:
    random = np.random.default_rng(3)
    finder = Finder(FinderSettings(kept_rejections=10))
    for index in range(20):
        finder.find(random.integers(0, 255, (120, 160, 3), np.uint8), index / 30)
    assert len(finder.rejections) <= 10


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), x=st.floats(20, 140), y=st.floats(20, 100), lit=st.integers(1, 4))
def test_same_frames_in_same_spots_out(seed: int, x: float, y: float, lit: int) -> None:
    room = Room(160, 120, seed=seed)
    frames = [*room.quiet(4), *[room.frame(Beam(x, y)) for _ in range(lit)], *room.quiet(2)]
    assert found(frames) == found([frame.copy() for frame in frames])


@settings(max_examples=15, deadline=None)
@given(dx=st.integers(-30, 30), dy=st.integers(-30, 30))
def test_shifting_the_picture_shifts_the_spot(dx: int, dy: int) -> None:
    room = Room(160, 120)
    frames = [*room.quiet(4), room.frame(Beam(80.3, 60.6)), *room.quiet(2)]
    (still,) = found(frames)
    (moved,) = found([np.roll(frame, (dy, dx), (0, 1)) for frame in frames])
    assert (moved.x - still.x, moved.y - still.y) == pytest.approx((dx, dy), abs=0.05)


@settings(max_examples=40, deadline=None)
@given(
    x=st.floats(20, 140),
    y=st.floats(20, 100),
    sigma=st.floats(1.0, 5.0),
    strength=st.floats(0.3, 8.0),
    seed=st.integers(0, 999),
)
def test_the_centre_is_exact_also_where_the_core_is_clipped(
    x: float, y: float, sigma: float, strength: float, seed: int
) -> None:
    room = Room(160, 120, seed=seed)
    (hit,) = found([*room.quiet(4), room.frame(Beam(x, y, sigma=sigma, strength=strength)), *room.quiet(2)])
    assert (hit.x, hit.y) == pytest.approx((x, y), abs=0.35)


def test_the_centres_error_is_a_tenth_of_a_pixel_in_the_middle() -> None:
    random = np.random.default_rng(8)
    errors = []
    for seed in range(40):
        x, y = random.uniform(20, 140), random.uniform(20, 100)
        room = Room(160, 120, seed=seed)
        beam = Beam(x, y, sigma=random.uniform(1, 4), strength=random.uniform(0.5, 6))
        (hit,) = found([*room.quiet(4), room.frame(beam), *room.quiet(2)])
        errors.append(np.hypot(hit.x - x, hit.y - y))
    assert np.median(errors) <= 0.1
    assert np.percentile(errors, 95) <= 0.3
