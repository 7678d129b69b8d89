"""`rangectl calibrate patterns` and `solve`: the pictures to show, and what a camera saw of them."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TextIO

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.figures import worst
from calibration.file import write_calibration
from calibration.lit import Misleading
from calibration.patterns import PatternsError, PatternSet
from calibration.solve import solve
from calibration.solved import Camera, Latency, SolvedCalibration, solved_calibration
from range.app.calibrate import utc_now
from range.app.calibrate_report import report_page

Picture = NDArray[np.uint8]
DONE, WRONG, MISLEADING = 0, 2, 3
DESCRIPTION = "patterns.json"
OTHER_FORMATS = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")


class CapturesError(Exception):
    """Patterns or captures that cannot be read; the text says why and what to do."""


def calibrate_patterns(screen: tuple[int, int], out: Path, *, err: TextIO) -> int:
    """Write the pictures for a screen and their description into a folder; 0, or 2 with one sentence on `err`."""
    try:
        patterns = PatternSet(screen)
        out.mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(patterns.names):
            (out / name).write_bytes(cv2.imencode(".png", patterns.picture(number))[1].tobytes())
        (out / DESCRIPTION).write_text(json.dumps(patterns.description(), indent=1) + "\n", encoding="utf-8")
    except PatternsError as problem:
        err.write(f"--screen: {problem}\n")
        return WRONG
    except OSError as problem:
        err.write(f"{out} cannot be written ({problem.strerror}): name another folder with --out\n")
        return WRONG
    err.write(
        f"Wrote {len(patterns.names)} pictures for a screen of {screen[0]}x{screen[1]} into {out}. Show each pixel by "
        "pixel on the whole screen, and keep one camera picture of each under the same name.\n"
    )
    return DONE


def calibrate_solve(
    patterns_folder: Path,
    captures_folder: Path,
    file: Path,
    *,
    latency: float,
    report: Path | None,
    as_json: bool,
    out: TextIO,
    err: TextIO,
) -> int:
    """Solve, judge, tell and keep: 0; 2 for what cannot be read or written, 3 for what would mislead."""
    try:
        patterns = read_patterns(patterns_folder)
        captures = read_captures(patterns, captures_folder)
    except CapturesError as problem:
        err.write(f"{problem}\n")
        return WRONG
    try:
        solution = solve(patterns, captures)
    except Misleading as reason:
        if as_json:
            out.write(json.dumps({"verdict": "fail", "reason": str(reason)}) + "\n")
        err.write(f"Not calibrated: {reason}.\n")
        return MISLEADING
    camera = Camera(size=solution.camera)
    kept = solved_calibration(solution, captures, camera, Latency(latency), made=utc_now(), versions=versions_in_use())
    try:
        write_calibration(kept, file)
        if report is not None:
            report.write_text(report_page(kept), encoding="utf-8")
    except OSError as problem:
        err.write(f"{problem.filename} cannot be written ({problem.strerror}): name another file\n")
        return WRONG
    if as_json:
        out.write(json.dumps(told(kept)) + "\n")
    else:
        for finding in kept.findings:
            out.write(f"{finding.verdict}  {finding.sentence}\n")
    err.write(f"Wrote {file}.\n" if report is None else f"Wrote {file} and {report}.\n")
    return DONE


def told(calibration: SolvedCalibration) -> dict[str, object]:
    """The quality figures as JSON tells them."""
    return {
        "verdict": worst(calibration.findings),
        "screen": list(calibration.screen),
        "camera": list(calibration.camera.size),
        **asdict(calibration.figures),
        "latency": calibration.timing.seconds,
        "latency_spread": calibration.timing.spread,
        "findings": [asdict(finding) for finding in calibration.findings],
    }


def versions_in_use() -> dict[str, str]:
    """The versions of the program and of what a calibration is made with."""
    try:
        own = version("common-ground")
    except PackageNotFoundError:
        own = "0.1.0"
    return {
        "common-ground": own,
        "python": platform.python_version(),
        "opencv": cv2.__version__,
        "numpy": np.__version__,
    }


def read_patterns(folder: Path) -> PatternSet:
    """The pattern set a folder holds. Raises CapturesError."""
    file = folder / DESCRIPTION
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CapturesError(
            f"there is no {file}: name a folder that `rangectl calibrate patterns` has written"
        ) from None
    except (OSError, ValueError) as problem:
        raise CapturesError(f"{file} cannot be read ({problem}): make the patterns again") from problem
    try:
        if not isinstance(fields, dict):
            raise PatternsError("it describes no patterns: make them again with `rangectl calibrate patterns`")
        return PatternSet.described(fields)
    except PatternsError as problem:
        raise CapturesError(f"{file} cannot be used: {problem}") from problem


def read_captures(patterns: PatternSet, folder: Path) -> Sequence[Picture]:
    """The camera's pictures, one for each pattern, all of one size, as (height, width, 3). Raises CapturesError."""
    if not folder.is_dir():
        raise CapturesError(f"there is no folder {folder}: name the one with the camera's pictures with --captures")
    found = {name: _capture_file(folder, name) for name in patterns.names}
    missing = [name for name, file in found.items() if file is None]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise CapturesError(
            f"{folder} has no {missing[0]}{more}: keep one camera picture of each pattern, under the pattern's name"
        )
    known = {Path(name).stem for name in patterns.names}
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in OTHER_FORMATS and file.stem.isdigit() and file.stem not in known:
            raise CapturesError(
                f"{file} is the picture of no pattern, this set has {len(known)}: keep only captures of this set there"
            )
    pictures: list[Picture] = []
    files = [file for file in found.values() if file is not None]
    for file in files:
        picture = _read(file)
        if pictures and picture.shape != pictures[0].shape:
            (height, width), (first_height, first_width) = picture.shape[:2], pictures[0].shape[:2]
            raise CapturesError(
                f"{file} is {width}x{height}, the pictures before it are {first_width}x{first_height}: take all "
                "with the camera set to one size"
            )
        pictures.append(picture)
    height, width = pictures[0].shape[:2]
    if min(width, height) < 64:
        raise CapturesError(f"{files[0]} is only {width}x{height}: set the camera to a larger picture")
    return pictures


def _capture_file(folder: Path, name: str) -> Path | None:
    """The picture of a pattern: under its own name, or in another format under the same number."""
    candidates = [folder / name, *(folder / (Path(name).stem + suffix) for suffix in OTHER_FORMATS)]
    return next((file for file in candidates if file.is_file()), None)


def _read(file: Path) -> Picture:
    try:
        raw = np.frombuffer(file.read_bytes(), np.uint8)
    except OSError as problem:
        raise CapturesError(f"{file} cannot be read ({problem.strerror}): copy the picture again") from problem
    # As the sensor saw it: a note in the file that the camera was held sideways does not turn it.
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        picture = cv2.imdecode(raw, flags) if raw.size else None
    except cv2.error:
        picture = None
    if picture is None:
        raise CapturesError(f"{file} is no picture that can be read: take it again, as PNG or JPEG")
    return np.asarray(picture, np.uint8)
