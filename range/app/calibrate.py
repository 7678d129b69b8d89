"""`rangectl calibrate corners` and `map`: a calibration by hand, and any calibration at work."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np

from calibration.corners import CornersError, from_corners
from calibration.file import CalibrationFileError, read_calibration, write_calibration
from calibration.mapping import Calibration
from range.core.geometry import Point

AT_ONCE = 4096  # lines mapped together; a person who types sees each line's answer all the same, at the end


def utc_now() -> str:
    """The time, as files say it."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def calibrate_corners(
    corners: tuple[Point, ...], screen: tuple[int, int], out: Path, *, latency: float, err: TextIO
) -> int:
    """Write a calibration from four corners; 0, or 2 with one sentence on `err`."""
    try:
        write_calibration(from_corners(corners, screen, latency=latency, made=utc_now()), out)
    except CornersError as problem:
        err.write(f"--camera: {problem}\n")
        return 2
    except OSError as problem:
        err.write(f"{out} cannot be written ({problem.strerror}): name another file with --out\n")
        return 2
    err.write(
        f"Wrote {out}: four corners for a screen of {screen[0]}x{screen[1]}. "
        "Expect errors of some pixels on a flat screen, more on a curved one.\n"
    )
    return 0


def calibrate_map(file: Path, lines: Iterable[str], *, out: TextIO, err: TextIO) -> int:
    """Map camera pixels to screen pixels, a pair a line; 0, or 2 with one sentence on `err`."""
    try:
        calibration = read_calibration(file)
    except CalibrationFileError as problem:
        err.write(f"{problem}\n")
        return 2
    numbered = enumerate(lines, start=1)
    while some := list(islice(numbered, AT_ONCE)):
        points: list[tuple[float, float]] = []
        for number, line in some:
            if not line.strip():
                continue
            try:
                x, y = (float(word) for word in line.split())
            except ValueError:
                _write_mapped(calibration, points, out)
                err.write(f"line {number} of the standard input is not a pair `x y`: {line.strip()[:60]}\n")
                return 2
            points.append((x, y))
        _write_mapped(calibration, points, out)
    return 0


def _write_mapped(calibration: Calibration, points: list[tuple[float, float]], out: TextIO) -> None:
    if not points:
        return
    for x, y in calibration.on_screen(np.array(points, float)).tolist():
        out.write("nan nan\n" if x != x or y != y else f"{x:.3f} {y:.3f}\n")
