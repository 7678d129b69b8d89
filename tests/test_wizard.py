"""The calibration wizard, from first page to file: what the window shows, the twin's room, the camera process."""

import re
from collections.abc import Generator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration.file import read_calibration
from calibration.solved import SolvedCalibration
from hardware.camera.messages import PictureTaken, TwinRoom
from media.paint_page import Page, picture_place
from range.app import wizard_requests as asked_for
from range.app import wizard_steps as steps
from range.app.aim import Aim
from range.app.config import Config, load_config
from range.app.data_directory import DataDirectory
from range.app.wizard import run_wizard
from range.core.geometry import homography, project
from range.core.shown import RingShape

NOWHERE = RingShape(1, 1, 1)
ROOMS = {
    "as it is": TwinRoom((1, 1), "", NOWHERE),
    "mirrored, with the projector's gamma": TwinRoom((1, 1), "", NOWHERE, mirrored=True, gamma=2.2),
    "with a colour wheel and light from the walls": TwinRoom(
        (1, 1), "", NOWHERE, colour_wheel=0.1, interreflection=0.05
    ),
    "with a projector slower than the flashes": TwinRoom((1, 1), "", NOWHERE, delay=0.45, exposure=0.8),
    "with a rolling shutter, far too bright": TwinRoom((1, 1), "", NOWHERE, rolling=0.02, exposure=3.0),
}


def configured(tmp_path: Path, device: str = "twin") -> Config:
    file = tmp_path / "config.toml"
    file.write_text(f'[camera]\ndevice = "{device}"\n', encoding="utf-8")
    return load_config(file)


def wizard(tmp_path: Path, room: TwinRoom | None = None, device: str = "twin") -> tuple[int, str, Path]:
    """Run it by itself, off screen: exit code, what it said, the file it was to write."""
    data = DataDirectory.at(tmp_path / "data")
    data.make()
    said, file = StringIO(), tmp_path / "calibration.json"
    code = run_wizard(configured(tmp_path, device), data, mode="offscreen", out=file, err=said, room=room)
    return code, said.getvalue(), file


def errors_in(calibration: SolvedCalibration, room: TwinRoom) -> np.ndarray:
    """How far the calibration is off, in screen pixels, all over the screen."""
    width, height = calibration.screen
    grid = np.stack(np.meshgrid(np.linspace(20, width - 20, 30), np.linspace(20, height - 20, 20)), axis=-1)
    places = grid.reshape(-1, 2)
    camera = project(homography(((0, 0), (width, 0), (width, height), (0, height)), room.corners), places)
    if room.mirrored:
        camera[:, 0] = room.size[0] - 1 - camera[:, 0]
    return np.asarray(np.hypot(*(calibration.to_screen(camera) - places).T))


@pytest.mark.parametrize("room", ROOMS.values(), ids=list(ROOMS))
def test_the_wizard_calibrates_the_twins_room(tmp_path: Path, room: TwinRoom) -> None:
    code, said, file = wizard(tmp_path, room)
    assert code == 0, said
    calibration = read_calibration(file)
    assert isinstance(calibration, SolvedCalibration)
    assert np.percentile(errors_in(calibration, room), 95) < 0.25
    assert calibration.figures.mirrored == room.mirrored
    assert calibration.latency == pytest.approx(room.delay, abs=0.05)
    assert calibration.camera.settings["exposure"] > 0
    assert "All of the screen is seen" in said
    assert re.search(r"Latency \d+ ms", said)


def test_what_the_wizard_kept_serves_this_camera_in_this_mode_only(tmp_path: Path) -> None:
    _, _, file = wizard(tmp_path)
    calibration = read_calibration(file)
    aim = Aim(calibration, (1280, 720))
    assert aim.misfit("twin", (640, 480)) is None
    assert "is of the camera twin" in str(aim.misfit("0", (640, 480)))
    assert "set the camera's size back" in str(aim.misfit("twin", (1280, 720)))
    assert "Map of errors" in file.with_suffix(".html").read_text(encoding="utf-8")


def test_a_camera_that_does_not_see_the_screen_keeps_nothing(tmp_path: Path) -> None:
    away = ((-900.0, -700.0), (-300.0, -700.0), (-300.0, -300.0), (-900.0, -300.0))
    code, said, file = wizard(tmp_path, TwinRoom((1, 1), "", NOWHERE, corners=away))
    assert code == 1
    assert "does not see the flashes" in said
    assert not file.exists()


def test_without_a_camera_the_wizard_says_so(tmp_path: Path) -> None:
    code, said, file = wizard(tmp_path, device="/dev/video-of-nobody")
    assert code == 1
    assert "there is no camera" in said
    assert len(said.splitlines()) == 1
    assert not file.exists()


# --- by hand -------------------------------------------------------------------------------------------------

ROOM = steps.Room((1280, 720), "twin", 0.0, "2026-01-01T00:00:00Z", {})
SEEN = PictureTaken(1, 0.0, np.full((480, 640, 3), 90, np.uint8))


def clicked(page: Page, x: float, y: float) -> asked_for.Pointed:
    """A click at a pixel of the page's picture."""
    left, top, scale = picture_place(page, *ROOM.screen)
    return asked_for.Pointed(left + x * scale, top + y * scale)


def answered(going: Generator[Any, Any, Any], answer: object) -> Any:
    """The next request that is not for a picture."""
    request = going.send(answer)
    while isinstance(request, asked_for.Want | asked_for.Collect):
        request = going.send(SEEN.number if isinstance(request, asked_for.Want) else SEEN)
    return request


def test_corners_by_hand_go_where_they_are_clicked() -> None:
    going = steps.corners_by_hand(ROOM)
    asked = answered(going, None)
    wanted = [(60.0, 70.0), (590.0, 80.0), (570.0, 400.0), (80.0, 390.0)]
    for corner in wanted:
        asked = answered(going, clicked(asked.page, *corner))
    with pytest.raises(StopIteration) as end:
        going.send(asked_for.GO_ON)
    calibration = end.value.value
    assert np.allclose(calibration.to_screen(np.array(wanted)), [(0, 0), (1280, 0), (1280, 720), (0, 720)], atol=0.01)


def test_a_corner_that_is_dragged_stays_the_same_one_past_others() -> None:
    going = steps.corners_by_hand(ROOM)
    asked = answered(going, None)
    asked = answered(going, clicked(asked.page, 130, 90))
    asked = answered(going, replace(clicked(asked.page, 510, 100), dragging=True))
    asked = answered(going, replace(clicked(asked.page, 60, 70), dragging=True))
    assert asked.page.dragged[0] == pytest.approx((60, 70))
    assert asked.page.dragged[1:] == [(512.0, 96.0), (512.0, 384.0), (128.0, 384.0)]


def test_corners_that_cross_over_are_asked_for_again() -> None:
    going = steps.corners_by_hand(ROOM)
    asked = answered(going, None)
    asked = answered(going, clicked(asked.page, 250, 200))
    asked = answered(going, clicked(asked.page, 330, 300))
    asked = going.send(asked_for.GO_ON)
    assert isinstance(asked, asked_for.Ask)
    assert any(line.tone == "poor" for line in asked.page.lines)
