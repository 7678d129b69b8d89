"""The camera's health: what no hit can be seen in is told, and what a working camera sees is never taken for it."""

from collections.abc import Callable, Iterator
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hardware.camera.health import HealthWatch, caught_share, missing_frames
from hardware.camera.messages import CameraHealth, TwinRoom
from hardware.camera.recording import Recording
from hardware.camera.twin import TwinSource
from range.core.shown import RingShape, ShownRing
from tests.simulated_room import Beam, Room

FOOTAGE = Path(__file__).parents[2] / "shared" / "footage"
SHAPE = RingShape(slots=4, width=640, height=360)
RATE = 30
Frame = NDArray[np.uint8]
Draw = Callable[[int], Frame]


def watched(
    draw: Draw,
    seconds: int = 5,
    *,
    spots: Callable[[int], int] = lambda _: 0,
    screen: tuple[tuple[float, float], ...] = (),
) -> list[CameraHealth]:
    """What is told each second of a camera whose n-th frame is `draw(n)`."""
    watch = HealthWatch(0.0, pulse=0.06, screen=screen or None)
    told = []
    for number in range(seconds * RATE + 1):
        watch.see(draw(number), number / RATE, finding=0.001, spots=spots(number))
        told.append(watch.report(number / RATE))
    return [health for health in told if health is not None]


def living(room: Room, *beams: Beam, scene: Callable[[NDArray[np.float32]], NDArray[np.float32]] | None = None) -> Draw:
    """A working camera's frames of a room: no two in a row are alike."""
    frames = [room.frame(*beams, scene=scene) for _ in range(5)]
    return lambda number: frames[number % 5]


def pictures(told: list[CameraHealth]) -> set[str]:
    return {health.picture for health in told}


def still(level: int) -> Frame:
    return np.full((240, 320, 3), level, np.uint8)


@pytest.mark.parametrize("level", [0, 16])
def test_a_covered_lens_is_black_once_it_has_been_for_seconds(level: int) -> None:
    told = watched(lambda _: still(level))
    assert [health.picture for health in told] == ["clear", "clear", *["black"] * 4]
    assert told[2].since == 0.0, "since when it was so, not since it was told"


def test_light_on_a_covered_lens_ends_it_at_once() -> None:
    lit = living(Room())
    told = watched(lambda number: still(0) if number <= 4 * RATE else lit(number), seconds=6)
    assert [health.picture for health in told[3:]] == ["black", "black", "clear", "clear", "clear"]


@pytest.mark.parametrize("wall", [(1, 1, 1), (3, 2, 3), (12, 12, 12)])
@pytest.mark.parametrize("noise", [0.8, 2.0, 5.0])
def test_a_dark_slate_in_a_dark_room_is_no_fault(wall: tuple[int, int, int], noise: float) -> None:
    room = Room(wall=wall, noise=noise)
    assert pictures(watched(living(room))) == {"clear"}


def test_a_black_moment_of_the_film_is_no_fault() -> None:
    lit = living(Room())
    told = watched(lambda number: still(0) if RATE <= number < 3 * RATE else lit(number), seconds=6)
    assert pictures(told) == {"clear"}


def test_a_camera_that_showed_a_spot_out_of_black_sees_nothing_but_lasers() -> None:
    def through_a_filter(number: int) -> Frame:
        picture = still(0)
        if 20 <= number < 23:
            picture[100:106, 100:106] = 200
        return picture

    assert pictures(watched(through_a_filter, spots=lambda number: number == 22)) == {"clear"}


def test_a_picture_that_repeats_bit_for_bit_is_frozen() -> None:
    last = Room().frame()
    assert [health.picture for health in watched(lambda _: last)] == ["clear", *["frozen"] * 5]


def test_a_picture_without_noise_is_frozen_though_a_clock_in_it_goes_on() -> None:
    last = Room().frame()

    def with_a_clock(number: int) -> Frame:
        picture = last.copy()
        picture[4:10, 4:12] = number % 250
        return picture

    assert watched(with_a_clock)[-1].picture == "frozen"


def test_a_dark_picture_that_compression_leaves_without_noise_is_given_longer() -> None:
    last = Room(wall=(6, 6, 6)).frame()
    assert pictures(watched(lambda _: last, seconds=3)) == {"clear"}


def test_a_camera_that_gives_half_of_what_it_gave_is_slow_and_says_what_it_should() -> None:
    frame = living(Room())
    watch = HealthWatch(0.0, pulse=0.06)
    told = []
    clock = 0.0
    for number in range(4 * RATE + 4 * RATE // 3):
        clock += 1 / RATE if number < 4 * RATE else 3 / RATE
        watch.see(frame(number), clock, finding=0.0, spots=0)
        told.append(watch.report(clock))
    last = [health for health in told if health is not None][-1]
    assert last.picture == "slow"
    assert last.wanted == pytest.approx(RATE, rel=0.05)


def test_a_camera_is_held_to_the_rate_that_was_asked_for() -> None:
    frame = living(Room())
    watch = HealthWatch(0.0, pulse=0.06, wanted=60.0)
    told = []
    for number in range(4 * RATE):
        watch.see(frame(number), number / RATE, finding=0.0, spots=0)
        told.append(watch.report(number / RATE))
    assert {health.picture for health in told if health is not None} == {"clear", "slow"}


def test_a_dark_picture_that_repeats_is_frozen_too() -> None:
    last = Room(wall=(6, 6, 6)).frame()
    assert watched(lambda _: last)[-1].picture == "frozen"


def test_a_still_room_at_half_the_rate_is_not_frozen() -> None:
    frame = living(Room(noise=0.5))
    assert pictures(watched(lambda number: frame(number // 2))) == {"clear"}


def test_a_burnt_out_screen_is_blinded() -> None:
    room = Room(wall=(255, 255, 255), noise=1.0)
    told = watched(living(room, scene=lambda light: light * 4))
    assert told[-1].picture == "blinded"
    assert told[-1].saturated > 0.95


def test_a_sunlit_window_beside_the_screen_blinds_nobody() -> None:
    screen = ((20.0, 40.0), (150.0, 40.0), (150.0, 180.0), (20.0, 180.0))

    def sunlit(light: NDArray[np.float32]) -> NDArray[np.float32]:
        light[:, 155:] = 5.0
        return light

    room = Room()
    told = watched(living(room, scene=sunlit), screen=screen)
    assert pictures(told) == {"clear"}
    assert told[-1].saturated == 0


@pytest.mark.parametrize("far", [float("nan"), 1e9])
def test_a_corner_that_the_camera_does_not_see_does_no_harm(far: float) -> None:
    screen = ((20.0, 40.0), (far, 40.0), (300.0, 200.0), (20.0, 200.0))
    assert pictures(watched(living(Room()), screen=screen)) == {"clear"}


def test_a_wall_that_is_bright_in_one_colour_only_blinds_nobody() -> None:
    room = Room(wall=(60, 70, 255))
    assert pictures(watched(living(room))) == {"clear"}


def test_a_grey_camera_is_judged_alike() -> None:
    room = Room(grey=True)
    assert pictures(watched(living(room, Beam(100, 100)))) == {"clear"}
    assert watched(lambda _: np.zeros((240, 320), np.uint8))[-1].picture == "black"


@pytest.fixture
def twin() -> Iterator[tuple[TwinSource, ShownRing]]:
    memory = SharedMemory(create=True, size=SHAPE.size)
    assert memory.buf is not None
    wall = ShownRing(memory.buf, SHAPE)
    now = [100.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    room = TwinRoom(screen=(1280, 720), ring=memory.name, ring_shape=SHAPE)
    camera = TwinSource(room, clock=lambda: now[0], sleep=wait)
    yield camera, wall
    camera.close()
    wall.release()
    memory.close()
    memory.unlink()


@pytest.mark.parametrize("grey", [None, 0, 12, 235])
def test_the_demos_room_is_healthy_whatever_it_shows(twin: tuple[TwinSource, ShownRing], grey: int | None) -> None:
    camera, wall = twin
    if grey is not None:
        wall.write(0.0, np.full((SHAPE.height, SHAPE.width, 3), grey, np.uint8))
    told = watched(lambda _: camera.read().picture, seconds=4)
    assert pictures(told) == {"clear"}


@pytest.mark.parametrize("name", sorted(file.name for file in FOOTAGE.glob("*.mp4")))
def test_no_real_recording_is_called_unhealthy(name: str) -> None:
    watch = HealthWatch(0.0, pulse=0.06)
    told: list[CameraHealth] = []
    with Recording(FOOTAGE / name) as recording:
        for frame in recording.frames():
            if frame.time > 8:
                break
            watch.see(frame.pixels, frame.time, finding=0.0, spots=0)
            health = watch.report(frame.time)
            told += [health] if health is not None else []
    assert pictures(told) == {"clear"}
    assert told[-1].frames_a_second == pytest.approx(recording.rate, rel=0.15)


def test_a_flash_shorter_than_the_gap_between_exposures_may_be_missed() -> None:
    assert caught_share(0.001, 0.0, 1 / 30) == pytest.approx(0.03)
    assert caught_share(0.001, 1 / 60, 1 / 30) == pytest.approx(0.53)
    assert caught_share(0.08, 0.0, 1 / 30) == 1
    assert caught_share(0.06, 0.0, 1 / 7.5) == pytest.approx(0.45)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 1))
def test_longer_pulses_and_exposures_never_catch_less(pulse: float, exposure: float, period: float) -> None:
    share = caught_share(pulse, exposure, period)
    assert 0 <= share <= 1
    assert caught_share(pulse + 0.01, exposure, period) >= share
    assert caught_share(pulse, exposure + 0.01, period) >= share


@pytest.mark.parametrize(
    ("steps", "dropped"),
    [
        ([1 / 30] * 30, 0),
        ([1 / 30] * 10 + [3 / 30] + [1 / 30] * 10, 2),
        ([0.033] * 15 + [0.034] * 15, 0),
        ([0.008, 0.008, 0.009] * 40, 0),
        ([1 / 30] * 5 + [1.6 / 30, 0.4 / 30] * 5, 0),
        ([1 / 30] * 5 + [2 / 30, 0.0] * 5, 0),
        ([], 0),
    ],
)
def test_gaps_in_capture_times_are_dropped_frames_and_jitter_is_not(steps: list[float], dropped: int) -> None:
    assert missing_frames(steps, float(np.median(steps)) if steps else 0.0) == dropped


@given(st.lists(st.integers(0, 4), min_size=40, max_size=120))
def test_every_frame_left_out_is_counted_whatever_the_jitter(left_out: list[int]) -> None:
    random = np.random.default_rng(len(left_out))
    whole = [0 if number % 3 else lost for number, lost in enumerate(left_out)]
    times = np.cumsum([0.0, *[(1 + lost) / 30 for lost in whole]])
    jittered = times + random.uniform(-0.003, 0.003, len(times))
    assert missing_frames([float(step) for step in np.diff(jittered)], 1 / 30) == pytest.approx(sum(whole), abs=2)


def test_a_change_of_size_is_taken_in_stride() -> None:
    small, large = living(Room()), living(Room(width=640, height=480))
    told = watched(lambda number: small(number) if number <= RATE else large(number), seconds=3)
    assert (told[0].width, told[-1].width) == (320, 640)
    assert pictures(told) == {"clear"}


def test_where_times_say_nothing_dropped_frames_are_unknown() -> None:
    watch = HealthWatch(0.0, pulse=0.06, times_tell_gaps=False)
    frame = living(Room())
    for number in range(31):
        watch.see(frame(number), number / 30, finding=0.0, spots=0)
    health = watch.report(1.0)
    assert health is not None
    assert health.dropped is None
