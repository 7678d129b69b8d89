"""A laser is learnt from five test shots, on the real way from camera to file, or not at all."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.laser.spot import Spot
from range.app.laser_file import LaserFileError, LearntLaser, lasers_folder, learnt_laser, read_laser, write_laser
from range.app.laser_lesson import Shot, ShotsDisagreeError, learn
from range.core.events import Colour

FOOTAGE = Path(__file__).parents[2] / "shared" / "footage"
FRAME = 1 / 30
LASER = LearntLaser("green-2", "green", 120.0, 20.0, 2.5, 0.4, 0.067, 0.033, 0.033, 5, "2025-01-01T00:00:00Z")


def shot(rise: float = 120.0, radius: float = 2.5, colour: Colour = "green", lit: float | None = 2 * FRAME) -> Shot:
    return Shot(Spot(0, 0.0, 10.0, 10.0, colour, rise, radius), lit)


def learnt_from(*shots: Shot) -> LearntLaser:
    return learn(shots, name="green-2", resolution=FRAME, made="2025-01-01T00:00:00Z")


def learns(tmp_path: Path, camera: str, *words: str) -> subprocess.CompletedProcess[str]:
    config = tmp_path / "config.toml"
    config.write_text(f'[camera]\ndevice = "{camera}"\n')
    command = [sys.executable, "-P", "-m", "range", "laser", "learn", "--config", str(config), *words]
    return subprocess.run(
        [*command, "--data", str(tmp_path / "data")], capture_output=True, text=True, timeout=60, check=False
    )


def recording(name: str) -> str:
    file = FOOTAGE / name
    if not file.exists():
        pytest.skip(f"{file} is not here")
    return str(file)


def test_five_shots_at_the_twins_screen_are_learnt_and_kept(tmp_path: Path) -> None:
    done = learns(tmp_path, "twin", "--name", "demo-red")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert [f"Fire test shot {number} of 5" in done.stderr for number in (1, 2, 3, 4, 5)] == [True] * 5
    laser = learnt_laser(tmp_path / "data", "demo-red")
    assert laser is not None
    assert (laser.name, laser.colour, laser.shots) == ("demo-red", "red", 5)
    assert laser.resolution == pytest.approx(FRAME, rel=0.5)
    assert laser.pulse == pytest.approx(0.08, abs=2.5 * laser.resolution)


def test_five_real_shots_in_a_recording_are_learnt(tmp_path: Path) -> None:
    done = learns(tmp_path, recording("logitech-safari-red.mp4"))
    assert done.returncode == 0, done.stderr
    laser = learnt_laser(tmp_path / "data")
    assert laser is not None
    assert laser.colour == "red"
    assert 1 < laser.radius < 4


@pytest.mark.parametrize(
    ("camera", "words", "says"),
    [
        ("97", (), "there is no camera 97"),
        ("45in-green.mp4", (), "end after 4 of 5 shots"),
        ("logitech-nobg-bouncingtargets-noshots.mp4", ("--wait", "2"), "0 of 5 shots were seen, and then none for 2 s"),
    ],
)
def test_without_five_shots_nothing_is_learnt_and_the_reason_said(
    tmp_path: Path, camera: str, words: tuple[str, ...], says: str
) -> None:
    done = learns(tmp_path, recording(camera) if "." in camera else camera, *words)
    assert done.returncode == 1
    assert says in done.stderr
    assert not lasers_folder(tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["", "../escape", "two words", "a" * 41])
def test_a_name_that_is_no_files_name_is_wrong_use(tmp_path: Path, name: str) -> None:
    done = learns(tmp_path, "twin", "--name", name)
    assert done.returncode == 2
    assert "--name" in done.stderr


def test_medians_and_spreads_are_what_five_shots_have_in_common() -> None:
    laser = learnt_from(shot(100), shot(110), shot(120, lit=3 * FRAME), shot(130), shot(140, radius=3.0))
    assert (laser.rise, laser.rise_spread) == (120.0, 40.0)
    assert (laser.radius, laser.radius_spread) == (2.5, 0.5)
    assert (laser.pulse, laser.pulse_spread) == (round(2 * FRAME, 4), round(FRAME, 4))
    assert laser.resolution == round(FRAME, 4)


def test_a_colour_that_some_shots_did_not_show_is_the_others() -> None:
    assert learnt_from(shot(), shot(colour="unknown"), shot(), shot(), shot()).colour == "green"


def test_a_shot_that_never_went_dark_says_nothing_of_the_pulse() -> None:
    laser = learnt_from(shot(), shot(), shot(), shot(), shot(lit=None))
    assert laser.pulse_spread == 0
    with pytest.raises(ShotsDisagreeError, match="let it go"):
        learnt_from(*[shot(lit=None)] * 5)


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        (shot(colour="red"), "different colours"),
        (shot(rise=50), "shot 5 was not as bright"),
        (shot(rise=250), "shot 5 was not as bright"),
        (shot(radius=6), "shot 5 was not as large"),
        (shot(lit=1.0), "shot 5 was lit for 1.00 s"),
    ],
)
def test_shots_that_disagree_are_not_learnt(odd: Shot, says: str) -> None:
    with pytest.raises(ShotsDisagreeError, match=says):
        learnt_from(shot(), shot(), shot(), shot(), odd)


def test_pulses_that_differ_by_what_frames_can_err_agree() -> None:
    learnt_from(shot(lit=0.0), shot(lit=FRAME), shot(lit=FRAME), shot(lit=2 * FRAME), shot(lit=FRAME))


def test_what_is_kept_is_read_back_and_the_newest_holds(tmp_path: Path) -> None:
    write_laser(LASER, tmp_path)
    assert learnt_laser(tmp_path, "green-2") == learnt_laser(tmp_path) == LASER
    write_laser(replace(LASER, name="red-1", colour="red"), tmp_path)
    assert learnt_laser(tmp_path) == replace(LASER, name="red-1", colour="red")
    assert sorted(file.name for file in lasers_folder(tmp_path).iterdir()) == ["green-2.json", "red-1.json"]


def test_where_none_has_been_learnt_there_is_none_and_a_named_one_is_missed(tmp_path: Path) -> None:
    assert learnt_laser(tmp_path) is None
    with pytest.raises(LaserFileError, match="green-2"):
        learnt_laser(tmp_path, "green-2")
    with pytest.raises(LaserFileError, match="escape"):
        learnt_laser(tmp_path, "../escape")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 99}, "another version"),
        ({"pulse": -1}, "damaged"),
        ({"colour": "blue"}, "damaged"),
        ({"rise": "bright"}, "damaged"),
    ],
)
def test_a_file_that_cannot_be_used_says_so(tmp_path: Path, change: dict[str, object], says: str) -> None:
    path = write_laser(LASER, tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(LaserFileError, match=says):
        read_laser(path)


def test_a_file_that_is_something_else_says_so(tmp_path: Path) -> None:
    path = tmp_path / "laser.json"
    path.write_text("[1, 2")
    with pytest.raises(LaserFileError, match="no laser's file"):
        read_laser(path)
