"""A solved calibration against the truth of simulated rooms: shapes, lenses, sizes, light, people."""

import numpy as np
import pytest

from tests.calibration_captures import ROOM, solved, true_errors, unclaimed
from tests.simulated_screen import Room

Cases = dict[str, dict[str, object]]

GENTLE: Cases = {
    "flat": {},
    "curved, 1.5 widths": {"radius": 1.5},
    "mirrored": {"mirrored": True},
    "upside down": {"roll": 180.0},
}
GENTLE_AND_SLOW: Cases = {
    "curved, 3 widths": {"radius": 3.0},
    "strong lens": {"lens": (-0.3, 0.08)},
    "40 degrees aside": {"yaw": 40.0},
    "40 degrees aside and curved": {"yaw": -40.0, "radius": 1.5},
    "filling 30 %": {"fill": 0.3, "camera": (640, 480)},
    "filling 130 %": {"fill": 1.3},
    "a quarter turn": {"roll": 91.0, "fill": 0.5},
    "mirrored upside down": {"mirrored": True, "turned": 180},
    "keystone": {"keystone": ((0.05, 0.02), (-0.08, 0.0), (-0.02, -0.03), (0.01, -0.01))},
    "overscan": {"overscan": 0.03},
    "640x480": {"camera": (640, 480), "screen": (1920, 1080), "radius": 1.5},
    "1280x720": {"camera": (1280, 720), "screen": (1920, 1080), "radius": 1.5},
    "1920x1080": {"camera": (1920, 1080), "screen": (1920, 1080), "radius": 3.0},
    "a screen of 4:3": {"screen": (1024, 768)},
    "linear light": {"camera_gamma": 1.0, "white": 220.0},
    "an old projector's gamma": {"projector_gamma": 1.6, "camera_gamma": 1.0},
}
DISTURBED: Cases = {
    "person": {"person": (0.4, 0.3, 0.55, 1.0)},
    "exposure drifts by 40 %": {"exposures": (1.0, 1.4, 0.6, 1.2, 0.8, 1.35, 0.65, 1.1)},
}
DISTURBED_AND_SLOW: Cases = {
    "room light": {"ambient": 0.3},
    "a lamp on the screen": {"lamp": 0.4},
    "JPEG 30": {"jpeg": 30},
    "out of focus": {"blur": 2.2},
    "noise": {"noise": 5.0},
    "cut corner": {"cut": (170.0, 190.0)},
    "curved with a person": {"radius": 1.5, "person": (0.4, 0.3, 0.55, 1.0)},
    "drifting in a lit room": {"exposures": (1.4, 0.6, 1.0, 1.3, 0.7, 1.0, 1.2, 0.8), "ambient": 0.2},
}


def slowly(cases: Cases) -> list[object]:
    return [pytest.param(changes, id=name, marks=pytest.mark.slow) for name, changes in cases.items()]


def quickly(cases: Cases) -> list[object]:
    return [pytest.param(changes, id=name) for name, changes in cases.items()]


def room_with(changes: dict[str, object]) -> Room:
    return ROOM.with_(**changes)


@pytest.mark.parametrize("changes", [*quickly(GENTLE), *slowly(GENTLE_AND_SLOW)])
def test_the_map_is_right_to_a_tenth_of_a_screen_pixel(changes: dict[str, object]) -> None:
    room = room_with(changes)
    distances = true_errors(room, solved(room))
    assert np.percentile(distances, 95) < 0.1
    assert distances.max() < 0.5
    assert unclaimed(room, solved(room)) < 0.005


@pytest.mark.parametrize("changes", [*quickly(DISTURBED), *slowly(DISTURBED_AND_SLOW)])
def test_a_disturbed_map_is_right_to_a_quarter_of_a_screen_pixel(changes: dict[str, object]) -> None:
    room = room_with(changes)
    distances = true_errors(room, solved(room))
    assert np.percentile(distances, 95) < 0.25
    assert unclaimed(room, solved(room)) < 0.06


def test_no_direction_is_favoured() -> None:
    solution = solved()
    points = ROOM.seen(4.0)
    mean = np.abs(np.mean(solution.table.at(points) - ROOM.truth(points), axis=0))
    assert mean.max() < 0.02


def test_the_error_that_is_told_is_about_the_true_one() -> None:
    told, true = solved().figures.error_p95, float(np.percentile(true_errors(ROOM, solved()), 95))
    assert true <= told < true + 0.25


def test_screen_pixels_lead_back_to_the_camera_pixels_they_came_from() -> None:
    solution = solved()
    points = ROOM.seen(7.0)
    back = solution.inverse.at(solution.table.at(points))
    assert np.hypot(*(back - points).T).max() < 0.05


def test_a_screen_partly_outside_the_picture_is_calibrated_where_it_is_seen() -> None:
    room = ROOM.with_(aside=(0.3, -0.2))
    solution = solved(room)
    assert np.percentile(true_errors(room, solution), 95) < 0.1
    assert 0.85 < solution.figures.coverage < 0.99
    corners = np.array([(5.0, 5.0), (5.0, 715.0)])
    off_picture = solution.inverse.at(corners)
    assert not ((off_picture[:, 0] > 0).any())
    (finding,) = [finding for finding in solution.findings if finding.verdict != "pass"]
    assert "top left and bottom left corners are outside the camera's picture: turn the camera left" in finding.sentence


def test_a_wall_beyond_a_cut_corner_is_not_claimed() -> None:
    room = ROOM.with_(cut=(170.0, 190.0))
    solution = solved(room)
    height, width = solution.seen.shape
    ys, xs = np.mgrid[:height, :width]
    beyond = (width - xs) / 170.0 + ys / 190.0 < 0.85
    assert solution.seen[beyond].sum() == 0


def test_how_the_camera_hangs_is_told() -> None:
    hanging = {"mirrored": (True, 0), "upside down": (False, 180)}
    for name, expected in hanging.items():
        figures = solved(room_with(GENTLE[name])).figures
        assert (figures.mirrored, figures.turned) == expected
