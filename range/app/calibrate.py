"""`rangectl calibrate corners`: the commands that need no window."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import numpy as np

from calibration.corners import CornersError, from_corners
from calibration.file import CalibrationFileError, read_calibration, write_calibration
from range.core.geometry import Point


def calibrate_corners(
    corners: tuple[Point, ...], screen: tuple[int, int], out: Path, *, latency: float, err: TextIO
) -> int:
    """Write a calibration from four corners; 0, or 2 with one sentence on `err`."""
    made = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    try:
        write_calibration(from_corners(corners, screen, latency=latency, made=made), out)
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
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            x, y = (float(word) for word in line.split())
        except ValueError:
            err.write(f"line {number} of the standard input is not a pair `x y`: {line.strip()[:60]}\n")
            return 2
        if not (math.isfinite(x) and math.isfinite(y) and calibration.sees(x, y)):
            out.write("nan nan\n")
            continue
        ((screen_x, screen_y),) = calibration.to_screen(np.array([[x, y]]))
        out.write(f"{screen_x:.3f} {screen_y:.3f}\n")
    return 0
