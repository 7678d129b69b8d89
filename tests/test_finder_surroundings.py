"""A spot must outshine what moves around it; where nothing moves there is nothing to outshine."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hardware.laser.finder import Finder

WIDTH, HEIGHT = 320, 240
Picture = NDArray[np.uint8]


def wall(level: float = 60.0) -> NDArray[np.float64]:
    """A wall with a bright poster in its middle, (height, width, 3)."""
    picture = np.full((HEIGHT, WIDTH, 3), level)
    picture[100:140, 180:240] = 190
    return picture


def with_spot(picture: NDArray[np.float64], x: float, y: float, peak: float) -> NDArray[np.float64]:
    """The picture with a red spot of sigma 1.8 added."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    light = peak * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 1.8**2))
    lit: NDArray[np.float64] = picture + light[..., None] * np.array((0.1, 0.15, 1.0))
    return lit


def with_figure(picture: NDArray[np.float64], x: int) -> NDArray[np.float64]:
    """The picture with a dark bar before the poster: as it moves on it uncovers what is bright."""
    picture = picture.copy()
    picture[90:150, x : x + 6] = 30
    return picture


def found(pictures: list[NDArray[np.float64]]) -> int:
    """How many hits are in the pictures, seen with a camera's noise."""
    finder = Finder()
    noise = np.random.default_rng(1)
    spots = 0
    for index, picture in enumerate(pictures):
        frame = np.clip(picture + noise.normal(0, 1.5, picture.shape), 0, 255).astype(np.uint8)
        spots += len(finder.find(frame, index / 30))
    return spots + len(finder.finish())


@pytest.mark.parametrize("step", [1, 2, 5])
def test_what_a_moving_thing_uncovers_is_no_hit(step: int) -> None:
    assert found([wall()] * 10 + [with_figure(wall(), 180 + step * index) for index in range(12)]) == 0


def test_a_laser_that_clips_the_camera_counts_beside_a_moving_thing() -> None:
    moving = [with_figure(wall(), 180 + 2 * index) for index in range(20)]
    moving[12] = with_spot(moving[12], 150, 120, 400)
    moving[13] = with_spot(moving[13], 150, 120, 400)
    assert found([wall()] * 10 + moving) == 1


def test_a_faint_laser_counts_beside_a_bright_place_where_nothing_moves() -> None:
    still = [wall() for _ in range(30)]
    still[20] = with_spot(still[20], 150, 120, 90)
    still[21] = with_spot(still[21], 150, 120, 90)
    assert found(still) == 1


def test_a_flicker_that_is_not_the_brightest_there_is_no_hit() -> None:
    still = [wall() for _ in range(30)]
    still[20] = with_spot(still[20], 150, 120, 40)
    assert found(still) == 0


def test_a_cut_is_no_hit_whatever_small_and_bright_it_brings() -> None:
    after = wall(110.0)
    after[60:66, 60:66] = 205
    assert found([wall(30.0)] * 15 + [after] * 15) == 0


def test_a_laser_in_the_very_frame_of_a_cut_counts_where_it_clips() -> None:
    after = [wall(110.0) for _ in range(15)]
    after[0] = with_spot(after[0], 80, 180, 400)
    after[1] = with_spot(after[1], 80, 180, 400)
    assert found([wall(30.0)] * 15 + after) == 1
