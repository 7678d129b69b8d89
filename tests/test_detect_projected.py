"""A recording beside the film that was on the screen: what the film shows is no hit, a laser upon it is."""

from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.corners import from_corners
from calibration.file import write_calibration
from range.app.detect import detect
from range.app.detect_projected import Projected
from tests.test_detect import hits_in, write

Picture = NDArray[np.uint8]
SCREEN, CAMERA = (640, 360), (480, 320)
CORNERS = ((40.0, 30.0), (440.0, 38.0), (450.0, 290.0), (30.0, 280.0))
FRAMES, RATE = 60, 25
LEAD = 5
"""Frames of the recording before the film begins."""
LASER = (np.array([0.1, 0.15, 1.0]), 25, (205.0, 160.0))
"""Its light in blue, green and red, the first of its two frames, and where."""


def scenery() -> Picture:
    rough = np.random.default_rng(4).integers(20, 90, (12, 20, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(rough, SCREEN, interpolation=cv2.INTER_CUBIC), np.uint8)


def headlights(number: int) -> Picture:
    picture = scenery()
    for aside in (0, 70):
        centre = (60 + 6 * number + aside, 220)
        cv2.circle(picture, centre, 9, (235, 250, 255), -1, cv2.LINE_AA)
    return picture


def muzzle_flashes(number: int) -> Picture:
    picture = scenery()
    if number % 9 in (4, 5):
        cv2.circle(picture, (120 + 37 * number % 400, 90 + 23 * number % 200), 11, (190, 235, 255), -1, cv2.LINE_AA)
    return picture


def white_cuts(number: int) -> Picture:
    picture = scenery()
    return np.full_like(picture, 255) if number // 8 % 3 == 1 else picture if number // 8 % 3 == 0 else 255 - picture


def bouncing_discs(number: int) -> Picture:
    picture = scenery()
    for disc, colour in enumerate(((255, 255, 255), (30, 30, 255), (30, 255, 30))):
        x = abs((100 + 150 * disc + 11 * number) % 1280 - 640)
        y = abs((60 + 90 * disc + (7 + disc) * number) % 720 - 360)
        cv2.circle(picture, (x, y), 10, colour, -1, cv2.LINE_AA)
    return picture


FILMS: dict[str, Callable[[int], Picture]] = {
    "headlights": headlights,
    "muzzle flashes": muzzle_flashes,
    "white cuts": white_cuts,
    "bouncing discs": bouncing_discs,
}


def seen(film: Sequence[Picture], *, laser: bool, lead: int = LEAD) -> list[Picture]:
    """What a camera with a root's response makes of the film on the wall, a soft lens and a noisy sensor before it."""
    chance = np.random.default_rng(8)
    target = np.array(CORNERS, np.float32)
    screen = np.array([(0, 0), (SCREEN[0], 0), SCREEN, (0, SCREEN[1])], np.float32)
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    to_camera = cv2.getPerspectiveTransform(screen, target) @ half
    light_on, first, (x, y) = LASER
    rows, columns = np.mgrid[: CAMERA[1], : CAMERA[0]]
    spot = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 1.6**2))[..., None] * light_on
    frames = []
    for number in range(FRAMES):
        picture = film[number - lead] if number >= lead else np.zeros_like(film[0])
        light = cv2.warpPerspective((picture / 255) ** 2.2, to_camera, CAMERA) * 0.8 + 0.01
        if laser and first <= number < first + 2:
            light = light + 2.0 * spot
        level = 255 * np.sqrt(cv2.GaussianBlur(light, (0, 0), 0.9)) + chance.normal(0, 1.5, light.shape)
        frames.append(np.clip(level, 0, 255).astype(np.uint8))
    return frames


def searched(tmp_path: Path, kind: str, *, laser: bool, offset: float | None) -> tuple[int, str, str]:
    film = [FILMS[kind](number) for number in range(FRAMES)]
    projected = Projected(write(tmp_path / "film.mkv", film, codec="ffv1"), calibrated(tmp_path), offset)
    recording = write(tmp_path / "seen.mkv", seen(film, laser=laser), codec="ffv1")
    return told(recording, projected)


def calibrated(tmp_path: Path) -> Path:
    file = tmp_path / "calibration.json"
    write_calibration(from_corners(CORNERS, SCREEN, latency=0.1, made="2026-01-01T00:00:00Z"), file)
    return file


def told(recording: Path, projected: Projected) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = detect(
        recording,
        as_json=True,
        bounds=None,
        explain=False,
        annotate=None,
        out=out,
        err=err,
        projected=projected,
    )
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("kind", FILMS)
def test_what_the_film_shows_is_no_hit_and_a_laser_on_it_is(tmp_path: Path, kind: str) -> None:
    code, out, _ = searched(tmp_path, kind, laser=True, offset=LEAD / RATE)
    assert code == 0
    (hit,) = hits_in(out)
    _, first, (x, y) = LASER
    assert (hit["frame"], hit["colour"]) == (first, "red")
    assert np.hypot(hit["x"] - x, hit["y"] - y) < 0.5


@pytest.mark.parametrize("kind", FILMS)
def test_the_film_alone_fires_nothing(tmp_path: Path, kind: str) -> None:
    code, out, _ = searched(tmp_path, kind, laser=False, offset=LEAD / RATE)
    assert (code, out) == (0, "")


def test_when_the_film_ran_is_found_in_the_pictures(tmp_path: Path) -> None:
    code, _, err = searched(tmp_path, "white cuts", laser=False, offset=None)
    assert code == 0
    assert abs(float(err.split()[1]) - LEAD / RATE) < 1 / RATE


def test_another_film_is_not_found_and_says_so(tmp_path: Path) -> None:
    film = [white_cuts(number) for number in range(FRAMES)]
    other = [muzzle_flashes(number) for number in range(FRAMES)]
    recording = write(tmp_path / "seen.mkv", seen(other, laser=False, lead=0), codec="ffv1")
    projected = Projected(write(tmp_path / "film.mkv", film, codec="ffv1"), calibrated(tmp_path), None)
    code, out, err = told(recording, projected)
    assert (code, out) == (3, "")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("missing", ["film.mkv", "calibration.json"])
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, missing: str) -> None:
    film = [scenery()] * 10
    clip, recording = write(tmp_path / "film.mkv", film, codec="ffv1"), write(tmp_path / "seen.mkv", film, codec="ffv1")
    calibration = calibrated(tmp_path)
    (tmp_path / missing).write_text("no film", encoding="utf-8")
    code, out, err = told(recording, Projected(clip, calibration, 0.0))
    assert (code, out) == (2, "")
    assert missing in err
    assert len(err.splitlines()) == 1
