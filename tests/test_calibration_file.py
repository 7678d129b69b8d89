"""The calibration file: what went in comes out, damage is told, and a file that does not fit says why."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration.corners import from_corners
from calibration.file import CalibrationFileError, read_calibration, write_calibration
from calibration.solved import Camera, Latency, SolvedCalibration, solved_calibration, why_not_fitting
from tests.calibration_captures import ROOM, captured, solved

CAMERA = Camera(size=(480, 360), identity="usb-cam-7", rate=30.0, flip="horizontal", settings={"exposure": 156.0})
MADE = "2026-01-02T03:04:05Z"


def calibration() -> SolvedCalibration:
    pictures = list(captured().values())
    return solved_calibration(solved(), pictures, CAMERA, Latency(0.094, 0.006), made=MADE, versions={"numpy": "2"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "wall.json"
    write_calibration(calibration(), path)
    return path


def test_the_file_keeps_everything_it_was_given(file: Path) -> None:
    kept, given = read_calibration(file), calibration()
    assert isinstance(kept, SolvedCalibration)
    for name in ("screen", "camera", "timing", "made", "method", "latency", "figures", "findings", "versions", "lens"):
        assert getattr(kept, name) == getattr(given, name)
    points = ROOM.seen(9.0)
    np.testing.assert_array_equal(kept.to_screen(points), given.to_screen(points))
    np.testing.assert_array_equal(kept.to_camera(kept.to_screen(points)), given.to_camera(given.to_screen(points)))
    np.testing.assert_array_equal(kept.seen, given.seen)
    assert set(kept.references) == {"white", "black", "board"}
    for name, picture in given.references.items():
        np.testing.assert_array_equal(kept.references[name], picture)
    np.testing.assert_allclose(kept.dots.misses, given.dots.misses, atol=6e-4)
    assert kept.corners == given.corners


def test_one_point_is_placed_as_many_are(file: Path) -> None:
    kept = read_calibration(file)
    points = np.vstack([ROOM.seen(23.0), [[0.0, 0.0], [479.0, 359.0], [-3.0, 700.0]]])
    singly = np.vstack([kept.to_screen(point[None]) for point in points])
    np.testing.assert_allclose(singly, kept.to_screen(points), atol=1e-3)
    on_screen = kept.on_screen(points)
    for point, place in zip(points, on_screen, strict=True):
        assert kept.sees(*point) == bool(np.isfinite(place).all())
    back = np.vstack([kept.to_camera(place[None]) for place in on_screen])
    np.testing.assert_allclose(back, kept.to_camera(on_screen), atol=1e-3)


def test_nothing_is_seen_beside_the_screen_or_the_picture(file: Path) -> None:
    kept = read_calibration(file)
    for x, y in ((3.0, 3.0), (-1.0, 100.0), (480.0, 100.0), (float("nan"), 1.0), (240.0, float("inf"))):
        assert not kept.sees(x, y)
        assert np.isnan(kept.on_screen(np.array([[x, y]]))).all()
    assert np.isfinite(kept.to_screen(np.array([[3.0, 3.0]]))).all()


def test_a_file_of_four_corners_is_still_read(tmp_path: Path) -> None:
    corners = ((50.0, 40.0), (600.0, 60.0), (580.0, 420.0), (70.0, 400.0))
    by_hand = from_corners(corners, (1280, 720), latency=0.1, made=MADE)
    write_calibration(by_hand, tmp_path / "hand.json")
    assert read_calibration(tmp_path / "hand.json") == by_hand
    assert json.loads((tmp_path / "hand.json").read_text())["format"] == 1


def test_corners_lead_both_ways() -> None:
    corners = ((50.0, 40.0), (600.0, 60.0), (580.0, 420.0), (70.0, 400.0))
    by_hand = from_corners(corners, (1280, 720), latency=0.1, made=MADE)
    points = np.array([[300.0, 200.0], [5.0, 5.0]])
    np.testing.assert_allclose(by_hand.to_camera(by_hand.to_screen(points)), points)
    assert np.isnan(by_hand.on_screen(points)).tolist() == [[False, False], [True, True]]


def cut_short(text: str) -> str:
    return text[: len(text) // 2]


def without(name: str) -> Callable[[str], str]:
    return lambda text: json.dumps({key: value for key, value in json.loads(text).items() if key != name})


def changed(**fields: Any) -> Callable[[str], str]:
    return lambda text: json.dumps({**json.loads(text), **fields})


@pytest.mark.parametrize(
    "spoil",
    [
        cut_short,
        without("table"),
        without("format"),
        without("lens"),
        changed(format=99),
        changed(table="AAAA"),
        changed(table="no base 64!"),
        changed(seen="AAAA"),
        changed(step=0),
        changed(step=7),
        changed(screen=[0, 720]),
        changed(screen=[1920, 1080]),
        changed(spline=""),
        changed(polynomial=[[0.0, 0.0]]),
        changed(references={"white": "AAAA"}),
        changed(camera={"size": [640, 480]}),
        changed(timing={"seconds": "soon"}),
    ],
)
def test_a_damaged_file_is_told_with_a_remedy(file: Path, spoil: Callable[[str], str]) -> None:
    file.write_text(spoil(file.read_text()))
    with pytest.raises(CalibrationFileError, match="rangectl calibrate"):
        read_calibration(file)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, None),
        ({"screen": (1920, 1080)}, None),
        ({"camera": ""}, None),
        ({"screen": (1024, 768)}, "is for a screen of 1280x720, this one is 1024x768"),
        ({"camera": "usb-cam-8"}, "is of the camera usb-cam-7, this one is usb-cam-8"),
        ({"size": (640, 480)}, "is for camera pictures of 480x360, these are 640x480"),
        ({"flip": "none"}, "flipped horizontal, this one is flipped none"),
    ],
)
def test_a_file_that_does_not_fit_says_why(changes: dict[str, Any], says: str | None) -> None:
    here: dict[str, Any] = {"camera": "usb-cam-7", "size": (480, 360), "flip": "horizontal", "screen": (1280, 720)}
    reason = why_not_fitting(calibration(), **{**here, **changes})
    assert reason is None if says is None else reason is not None and says in reason


def test_a_calibration_by_hand_fits_any_camera() -> None:
    corners = ((50.0, 40.0), (600.0, 60.0), (580.0, 420.0), (70.0, 400.0))
    by_hand = from_corners(corners, (1280, 720), latency=0.1, made=MADE)
    assert why_not_fitting(by_hand, camera="any", size=(640, 480), flip="none", screen=(1920, 1080)) is None
