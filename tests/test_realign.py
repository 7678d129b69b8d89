"""One picture of the pebbles re-aligns a camera that was pushed; whatever would mislead is refused with a remedy."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.corners import from_corners
from calibration.lit import Misleading
from calibration.mapping import ByCorners, Calibration
from calibration.moved import MovedCalibration, Straightening
from calibration.pebbles import pebbles
from calibration.realign import Realigned, realign
from calibration.solved import Camera, Latency, SolvedCalibration, solved_calibration
from tests.calibration_captures import captured, pictures, solved
from tests.simulated_screen import Room, errors

Picture = NDArray[np.uint8]
SCREEN = (1280, 720)
CAMERA = (480, 360)
ROOM = Room().with_(screen=SCREEN, camera=CAMERA, fill=0.72)


@cache
def as_calibrated(room: Room = ROOM) -> SolvedCalibration:
    captures = list(captured(room).values())
    return solved_calibration(
        solved(room), captures, Camera(room.geometry.camera), Latency(0.1), made="2026-01-01", versions={}
    )


@cache
def shown() -> Picture:
    return np.asarray(cv2.cvtColor(pebbles(SCREEN), cv2.COLOR_BGR2GRAY), np.uint8)


def pushed_by(pixels: float, room: Room = ROOM) -> Room:
    """The room with its camera turned so that the picture's middle moves by so many camera pixels."""
    focal = 0.72 * 1.3 * room.geometry.camera[0]
    across, down = np.degrees(np.arctan(np.array([0.8, -0.6]) * pixels / focal)).tolist()
    return room.with_(pushed=(across, down))


def realigned(room: Room, calibration: Calibration | None = None) -> Realigned:
    return realign(shown(), room.capture(shown(), 5), calibration or as_calibrated())


def true_p95(room: Room, calibration: Calibration) -> float:
    points = room.seen(6.0)
    return float(np.percentile(errors(calibration.to_screen(points), room.truth(points)), 95))


@pytest.mark.parametrize(
    ("room", "within"),
    [
        (pushed_by(2), 0.15),
        (pushed_by(45), 0.4),
        (ROOM.with_(roll=ROOM.geometry.roll + 3), 0.15),
        pytest.param(ROOM.with_(fill=0.72 * 1.03, aside=(0.01, 0.005)), 0.15, marks=pytest.mark.slow),
        (pushed_by(12).with_(person=(0.42, 0.35, 0.6, 1.0), ambient=0.1, jpeg=50), 0.25),
    ],
    ids=["2 px", "45 px", "3 degrees", "zoom and place", "a person in front, room light, JPEG"],
)
def test_a_pushed_camera_is_realigned_to_a_fraction_of_a_pixel(room: Room, within: float) -> None:
    assert true_p95(room, as_calibrated()) > 5
    found = realigned(room)
    assert true_p95(room, found.calibration) < within
    assert found.residual < 2
    assert found.hidden is None


def test_what_a_push_moved_is_told() -> None:
    assert realigned(pushed_by(20)).moved == pytest.approx(20, abs=1.5)


@pytest.mark.slow
@pytest.mark.parametrize("pixels", [2, 5, 10, 20, 40, 60])
@pytest.mark.parametrize("camera", [(640, 480), (1280, 720)])
def test_pushes_of_every_size_are_realigned(pixels: float, camera: tuple[int, int]) -> None:
    room = ROOM.with_(camera=camera)
    pushed = pushed_by(pixels * camera[0] / 640, room)
    assert true_p95(pushed, realigned(pushed, as_calibrated(room)).calibration) < 0.4


def test_realigned_again_starts_from_the_calibration_itself() -> None:
    once = realigned(pushed_by(10))
    room = pushed_by(-6)
    twice = realigned(room, once.calibration)
    assert isinstance(twice.calibration.before, SolvedCalibration)
    assert true_p95(room, twice.calibration) < 0.15


def test_a_calibration_by_corners_is_realigned_as_well_as_it_ever_was() -> None:
    corners = tuple((float(x), float(y)) for x, y in as_calibrated().corners)
    by_hand = from_corners(corners, SCREEN, latency=0.1, made="2026-01-01")
    before = true_p95(ROOM, by_hand)
    room = pushed_by(25)
    found = realigned(room, by_hand)
    assert isinstance(found.calibration.before, ByCorners)
    assert true_p95(room, found.calibration) < before + 1


def test_a_moved_calibration_answers_as_every_calibration_does() -> None:
    room = pushed_by(15)
    moved = realigned(room).calibration
    middle = np.array([[640.0, 360.0]])
    seen_at = moved.to_camera(middle)
    assert moved.to_screen(seen_at) == pytest.approx(middle, abs=0.1)
    assert moved.on_screen(seen_at) == pytest.approx(middle, abs=0.1)
    assert moved.sees(*seen_at[0].tolist())
    assert not moved.sees(2.0, 2.0)
    assert np.isnan(moved.on_screen(np.array([[2.0, 2.0]]))).all()
    assert moved.screen == SCREEN
    assert (moved.latency, moved.method, moved.made) == (0.1, "patterns", "2026-01-01")
    assert np.array(moved.corners) == pytest.approx(
        np.array(as_calibrated().corners) + seen_at - middle_before(), abs=4
    )


def middle_before() -> NDArray[np.float64]:
    return as_calibrated().to_camera(np.array([[640.0, 360.0]]))


def test_a_camera_that_did_not_move_keeps_its_calibration() -> None:
    still = MovedCalibration(as_calibrated(), np.eye(3), Straightening.of(as_calibrated(), CAMERA))
    points = ROOM.seen(20.0)
    assert still.to_screen(points) == pytest.approx(as_calibrated().to_screen(points), abs=1e-3)


@pytest.mark.parametrize(
    ("capture", "says"),
    [
        (lambda: np.zeros((360, 480, 3), np.uint8), "dark: see that the projector shows the pebbles"),
        (lambda: np.full((360, 480, 3), 250, np.uint8), "white: turn lights down"),
        (lambda: np.full((360, 480, 3), 90, np.uint8), "empty: clear what stands before it"),
        (lambda: np.zeros((240, 320, 3), np.uint8), "320x240, the calibration is for 480x360"),
        (lambda: ROOM.capture(pictures(SCREEN)["002.png"], 5), "the pebbles are not found"),
        (lambda: ROOM.capture(pictures(SCREEN)["000.png"], 5), "the pebbles are not found"),
        (lambda: ROOM.with_(person=(0.2, 0.1, 0.85, 1.0)).capture(shown(), 5), "clear "),
        pytest.param(
            lambda: ROOM.with_(mirrored=True).capture(shown(), 5), "the pebbles are not found", marks=pytest.mark.slow
        ),
        pytest.param(lambda: ROOM.with_(radius=1.5).capture(shown(), 5), "clear the way", marks=pytest.mark.slow),
        (lambda: ROOM.with_(pushed=(25.0, 0.0)).capture(shown(), 5), "turn the camera left"),
    ],
    ids=["cap on", "blinded", "wall of paint", "other mode", "board", "white", "covered", "mirrored", "bent", "away"],
)
def test_a_picture_that_would_mislead_is_refused_with_a_remedy(capture: object, says: str) -> None:
    assert callable(capture)
    with pytest.raises(Misleading, match=says) as refused:
        realign(shown(), capture(), as_calibrated())
    assert "try again" in str(refused.value) or "calibrate" in str(refused.value)


def test_a_corner_out_of_sight_is_told_but_refuses_nothing() -> None:
    found = realigned(ROOM.with_(pushed=(10.0, 0.0)))
    assert found.hidden is not None
    assert "outside the camera's picture" in found.hidden


def test_any_picture_with_detail_serves_as_well() -> None:
    room = pushed_by(8)
    board = pictures(SCREEN)["002.png"]
    found = realign(board, room.capture(board, 5), as_calibrated())
    assert true_p95(room, found.calibration) < 0.2


def test_the_pebbles_are_the_same_for_screens_of_one_shape() -> None:
    small, large = pebbles((640, 360)), pebbles((1280, 720))
    shrunk = cv2.resize(large, (640, 360), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - shrunk).mean() < 4
    # A wall that is neither glaring nor dark.
    assert 60 < large.mean() < 120


def test_straightened_pixels_bend_back() -> None:
    lens = replace(Straightening.of(as_calibrated(), CAMERA), k1=-0.09, k2=0.02)
    points = np.random.default_rng(1).uniform((0, 0), CAMERA, (50, 2))
    assert lens.bent(lens.straight(points)) == pytest.approx(points, abs=1e-6)
