"""The calibration file: a calibration, kept."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from calibration.mapping import Calibration

FORMAT = 1


class CalibrationFileError(Exception):
    """A calibration file that cannot be used; the text says why and what to do."""


def write_calibration(calibration: Calibration, path: Path) -> None:
    """Write the file whole or not at all. Raises OSError."""
    text = json.dumps({"format": FORMAT, **asdict(calibration)}, indent=1)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(path)


def read_calibration(path: Path) -> Calibration:
    """Read a calibration file. Raises CalibrationFileError."""
    remedy = "make a new one with `rangectl calibrate corners`"
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
