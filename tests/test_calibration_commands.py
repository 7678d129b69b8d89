"""`rangectl calibrate patterns`, `solve`, `map`: files in, files out, and an answer for whatever is wrong with them."""

import json
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest

from calibration.patterns import PatternSet
from range.app.calibrate import calibrate_map
from range.app.calibrate_solve import calibrate_patterns, calibrate_solve
from tests.calibration_captures import ROOM, SCREEN, captured, pictures, write_captures

NAMES = PatternSet(SCREEN).names


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("patterns")
    assert calibrate_patterns(SCREEN, folder, err=StringIO()) == 0
    return folder


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    return write_captures(captured(), tmp_path / "captures")


def run_solve(
    patterns: Path, captures: Path, out: Path, *, as_json: bool = False, report: Path | None = None
) -> tuple[int, str, str]:
    said, told = StringIO(), StringIO()
    code = calibrate_solve(patterns, captures, out, latency=0.12, report=report, as_json=as_json, out=said, err=told)
    return code, said.getvalue(), told.getvalue()


def test_the_pictures_are_written_as_they_are_shown(patterns: Path) -> None:
    described = json.loads((patterns / "patterns.json").read_text())
    assert [entry["file"] for entry in described["pictures"]] == sorted(file.name for file in patterns.glob("*.png"))
    assert len(described["pictures"]) <= 12
    for name, picture in pictures().items():
        np.testing.assert_array_equal(cv2.imread(str(patterns / name), cv2.IMREAD_UNCHANGED), picture)


@pytest.mark.parametrize("screen", [(1920, 1080), (3840, 2160), (1024, 768), (1080, 1920), (171, 163)])
def test_every_screen_has_patterns(screen: tuple[int, int]) -> None:
    shown = pictures(screen)
    assert all(picture.shape == screen[::-1] for picture in shown.values())
    assert PatternSet.described(PatternSet(screen).description()) == PatternSet(screen)


def test_captures_are_solved_and_points_mapped(patterns: Path, captures: Path, tmp_path: Path) -> None:
    code, said, told = run_solve(patterns, captures, tmp_path / "wall.json")
    assert (code, "Wrote" in told) == (0, True)
    assert all(line.split()[0] == "pass" for line in said.splitlines())
    points = ROOM.seen(11.0)
    out = StringIO()
    lines = ["2 2\n", *(f"{x} {y}\n" for x, y in points.tolist())]
    assert calibrate_map(tmp_path / "wall.json", lines, out=out, err=StringIO()) == 0
    answers = out.getvalue().splitlines()
    assert answers[0] == "nan nan"
    places = np.array([[float(word) for word in line.split()] for line in answers[1:]])
    missed = np.hypot(*(places - ROOM.truth(points)).T)
    assert np.nanpercentile(missed, 95) < 0.1
    assert np.isnan(missed).mean() < 0.01


def test_the_command_line_does_all_of_it(tmp_path: Path, captures: Path) -> None:
    def rangectl(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "range", "calibrate", *words]
        return subprocess.run(command, input=given, capture_output=True, text=True, check=False)

    folder, file = str(tmp_path / "patterns"), str(tmp_path / "wall.json")
    assert rangectl("patterns", "--screen", "1280x720", "--out", folder).returncode == 0
    solved = rangectl("solve", folder, "--captures", str(captures), "--out", file, "--json")
    assert solved.returncode == 0
    assert json.loads(solved.stdout)["error_p95"] < 0.25
    mapped = rangectl("map", file, given="240 180\n1 1\n")
    assert [line.split()[0] == "nan" for line in mapped.stdout.splitlines()] == [False, True]


def test_json_stands_alone(patterns: Path, captures: Path, tmp_path: Path) -> None:
    code, said, _ = run_solve(patterns, captures, tmp_path / "wall.json", as_json=True)
    told = json.loads(said)
    assert (code, told["verdict"], told["coverage"]) == (0, "pass", 1.0)
    assert {"error_p95", "error_max", "sharpness", "contrast", "glare", "noise", "findings"} <= set(told)


def test_the_report_needs_nothing_else(patterns: Path, captures: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    assert run_solve(patterns, captures, tmp_path / "wall.json", report=report)[0] == 0
    page = report.read_text(encoding="utf-8")
    assert page.count("<title>") > PatternSet(SCREEN).dots.shape[0] * 0.6
    for outside in ("http:", "https:", "<script", "<link", 'src="'):
        assert outside not in page


def test_what_would_mislead_is_refused_with_exit_3(patterns: Path, tmp_path: Path) -> None:
    wrong = {name: captured()[NAMES[max(number - 1, 0)]] for number, name in enumerate(NAMES)}
    folder = write_captures(wrong, tmp_path / "late")
    code, said, told = run_solve(patterns, folder, tmp_path / "wall.json", as_json=True)
    assert code == 3
    assert json.loads(said)["verdict"] == "fail"
    assert "late by one" in told
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "wall.json").exists()


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def overwrite(name: str, content: bytes) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return spoil


def shrink(name: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        cv2.imwrite(str(folder / name), np.zeros((180, 240, 3), np.uint8))

    return spoil


def add(name: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes((folder / NAMES[0]).read_bytes())

    return spoil


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (remove(NAMES[4]), f"has no {NAMES[4]}:"),
        (overwrite(NAMES[4], b"no picture"), "is no picture that can be read"),
        (overwrite(NAMES[4], b""), "is no picture that can be read"),
        (shrink(NAMES[4]), "is 240x180, the pictures before it are 480x360"),
        (add("012.png"), "is the picture of no pattern"),
        (lambda folder: [file.unlink() for file in folder.iterdir()], "and 11 more"),
    ],
)
def test_captures_that_cannot_be_read_are_told_with_exit_2(
    patterns: Path, captures: Path, tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    spoil(captures)
    code, said, told = run_solve(patterns, captures, tmp_path / "wall.json")
    assert (code, said, len(told.splitlines())) == (2, "", 1)
    assert says in told


def test_folders_that_are_not_there_are_told_with_exit_2(patterns: Path, captures: Path, tmp_path: Path) -> None:
    for one, other, out in (
        (tmp_path / "none", captures, tmp_path / "wall.json"),
        (patterns, tmp_path / "none", tmp_path / "wall.json"),
        (patterns, captures, tmp_path / "none" / "wall.json"),
    ):
        code, _, told = run_solve(one, other, out)
        assert (code, len(told.splitlines())) == (2, 1)
        assert "none" in told


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"screen": [1280, 720]}', '{"screen": [1, 2]}', '{"screen": "big"}'])
def test_a_description_that_is_none_is_told_with_exit_2(captures: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "patterns.json").write_text(text)
    code, _, told = run_solve(tmp_path, captures, tmp_path / "wall.json")
    assert (code, len(told.splitlines())) == (2, 1)
    assert "patterns.json" in told


def test_jpeg_captures_are_read_too(patterns: Path, tmp_path: Path) -> None:
    folder = tmp_path / "jpeg"
    folder.mkdir()
    for name, picture in captured().items():
        cv2.imwrite(str(folder / name.replace(".png", ".jpg")), picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    assert run_solve(patterns, folder, tmp_path / "wall.json")[0] == 0


def test_grey_captures_are_read_too(patterns: Path, tmp_path: Path) -> None:
    grey = {
        name: np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8) for name, picture in captured().items()
    }
    assert run_solve(patterns, write_captures(grey, tmp_path / "grey"), tmp_path / "wall.json")[0] == 0


@pytest.mark.parametrize("screen", [(100, 100), (20000, 1080)])
def test_a_screen_without_patterns_is_refused(tmp_path: Path, screen: tuple[int, int]) -> None:
    err = StringIO()
    assert calibrate_patterns(screen, tmp_path / "out", err=err) == 2
    assert "--screen" in err.getvalue()
