"""The calibration file: what turns camera pixels into screen pixels, and how it came about."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from range.core.geometry import Point, homography, inside, project

FORMAT = 1


class CalibrationFileError(Exception):
    """A calibration file that cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Camera pixel -> screen pixel.

    `screen` is (width, height) in pixels; `corners` its top left, top right, bottom right and bottom left corner in
    camera pixels; `latency` the seconds from a flip to its picture in the camera; `made` a UTC time.
    """

    screen: tuple[Annotated[int, Field(gt=0)], Annotated[int, Field(gt=0)]]
    corners: tuple[Point, Point, Point, Point]
    latency: Annotated[float, Field(ge=0, lt=5)]
    method: Literal["corners"]
    made: str

    def to_screen(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Camera pixels (n, 2) to screen pixels (n, 2), beyond the screen's edges too."""
        width, height = self.screen
        on_screen = ((0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height)))
        return project(homography(self.corners, on_screen), points)

    def sees(self, x: float, y: float) -> bool:
        """Whether a camera pixel lies on the screen."""
        return inside(self.corners, x, y)


def write_calibration(calibration: Calibration, path: Path) -> None:
    """Write the file whole or not at all. Raises OSError."""
    text = json.dumps({"format": FORMAT, **asdict(calibration)}, indent=1)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(path)


def read_calibration(path: Path) -> Calibration:
    """Read a calibration file. Raises CalibrationFileError."""
    remedy = "make a new one with `rangectl calibrate`"
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CalibrationFileError(f"there is no calibration file {path}: {remedy}") from None
    except (OSError, ValueError) as problem:
        raise CalibrationFileError(f"{path} is no calibration file ({problem}): {remedy}") from problem
    if not isinstance(fields, dict) or "format" not in fields:
        raise CalibrationFileError(f"{path} is no calibration file: {remedy}")
    if fields.pop("format") != FORMAT:
        raise CalibrationFileError(f"{path} was made by another version of this program: {remedy}")
    try:
        calibration = TypeAdapter(Calibration).validate_python(fields)
        calibration.to_screen(np.zeros((1, 2)))
    except (ValidationError, ValueError) as problem:
        raise CalibrationFileError(f"{path} is damaged: {remedy}") from problem
    return calibration
