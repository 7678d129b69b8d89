"""`rangectl calibrate corners` and `map`: four corners in, screen pixels out, bad input answered in a sentence."""

import json
from io import StringIO
from pathlib import Path

import pytest

from calibration.file import read_calibration
from range.app.calibrate import calibrate_corners, calibrate_map
from range.core.geometry import Point

CORNERS: tuple[Point, ...] = ((50.0, 40.0), (600.0, 60.0), (580.0, 420.0), (70.0, 400.0))


def calibrated(tmp_path: Path, corners: tuple[Point, ...] = CORNERS) -> Path:
    out = tmp_path / "hand.json"
    assert calibrate_corners(corners, (1280, 720), out, latency=0.1, err=StringIO()) == 0
    return out


def mapped(file: Path, text: str) -> tuple[int, list[str], str]:
    out, err = StringIO(), StringIO()
    code = calibrate_map(file, StringIO(text), out=out, err=err)
    return code, out.getvalue().splitlines(), err.getvalue()


def test_the_corners_map_to_the_screens_corners(tmp_path: Path) -> None:
    inwards = ((50.001, 40.001), (599.999, 60.001), (579.999, 419.999), (70.001, 399.999))
    code, lines, _ = mapped(calibrated(tmp_path), "".join(f"{x} {y}\n" for x, y in inwards))
    places = [tuple(float(word) for word in line.split()) for line in lines]
    assert code == 0
    for place, corner in zip(places, ((0, 0), (1280, 0), (1280, 720), (0, 720)), strict=True):
        assert place == pytest.approx(corner, abs=0.05)


def test_a_camera_pixel_off_the_screen_is_nan(tmp_path: Path) -> None:
    code, lines, _ = mapped(calibrated(tmp_path), "10 10\n\n300 200\nnan nan\n")
    assert code == 0
    assert [line == "nan nan" for line in lines] == [True, False, True]


def test_a_mirrored_camera_is_taken_as_it_is(tmp_path: Path) -> None:
    mirrored = (CORNERS[1], CORNERS[0], CORNERS[3], CORNERS[2])
    _, lines, _ = mapped(calibrated(tmp_path, mirrored), "599 61\n")
    assert float(lines[0].split()[0]) < 10


@pytest.mark.parametrize(
    ("corners", "says"),
    [
        (CORNERS[:3], "four corners are needed"),
        (((0, 0), (10, 0), (20, 0), (0, 10)), "lie on one line"),
        ((CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]), "cross over"),
    ],
)
def test_corners_that_cannot_be_a_screen_are_refused(tmp_path: Path, corners: tuple[Point, ...], says: str) -> None:
    err = StringIO()
    assert calibrate_corners(corners, (1280, 720), tmp_path / "no.json", latency=0.1, err=err) == 2
    assert says in err.getvalue()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_calibration_is_refused(tmp_path: Path) -> None:
    file = calibrated(tmp_path)
    fields = json.loads(file.read_text())
    for broken in (
        "",
        "[]",
        "{}",
        json.dumps({**fields, "format": 9}),
        json.dumps({**fields, "corners": [[0, 0]] * 4}),
    ):
        file.write_text(broken)
        code, _, err = mapped(file, "1 1\n")
        assert code == 2
        assert "rangectl calibrate corners" in err
    code, _, err = mapped(tmp_path / "absent.json", "1 1\n")
    assert (code, "there is no calibration file" in err) == (2, True)


def test_a_line_that_is_no_pair_is_named(tmp_path: Path) -> None:
    code, lines, err = mapped(calibrated(tmp_path), "300 200\nthree hundred\n")
    assert (code, len(lines)) == (2, 1)
    assert "line 2" in err


def test_the_file_keeps_what_it_was_told(tmp_path: Path) -> None:
    calibration = read_calibration(calibrated(tmp_path))
    assert (calibration.screen, calibration.latency, calibration.corners) == ((1280, 720), 0.1, CORNERS)
