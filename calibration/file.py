"""The calibration file: a calibration, kept.

Format 1 holds four corners. Format 2 holds a solved calibration: JSON, in which arrays are deflated and pictures are
PNG, both in base 64.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from calibration.figures import Figures, Finding
from calibration.lens import Lens
from calibration.mapping import ByCorners, Calibration
from calibration.solved import Camera, Latency, SolvedCalibration, inverse_of
from calibration.spline import PER_AXIS, TERMS, Box, Spline
from calibration.table import Table, ceil_div
from calibration.witnesses import Witnesses

CORNERS, SOLVED = 1, 2
REMEDY = "make a new one with `rangectl calibrate`, or by hand with `rangectl calibrate corners`"
Side = Annotated[int, Field(gt=0, lt=32768)]


class CalibrationFileError(Exception):
    """A calibration file that cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Format 2, field by field."""

    method: str
    made: str
    screen: tuple[Side, Side]
    camera: Camera
    timing: Latency
    step: Annotated[int, Field(gt=0, le=64)]
    table: str
    seen: str
    lens: Lens
    spline_box: Box
    spline: str
    polynomial: list[tuple[float, float]]
    figures: Figures
    findings: tuple[Finding, ...]
    dots: list[tuple[float, float, float, float]]
    dots_expected: int
    dots_doubt: float
    references: Mapping[str, str]
    versions: Mapping[str, str]


def write_calibration(calibration: Calibration, path: Path) -> None:
    """Write the file whole or not at all. Raises OSError."""
    if isinstance(calibration, SolvedCalibration):
        fields = {"format": SOLVED, **asdict(_kept(calibration))}
    elif isinstance(calibration, ByCorners):
        fields = {"format": CORNERS, **asdict(calibration)}
    else:
        raise TypeError(f"{type(calibration).__name__} cannot be kept in a file")
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)


def read_calibration(path: Path) -> Calibration:
    """Read a calibration file of either format. Raises CalibrationFileError."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CalibrationFileError(f"there is no calibration file {path}: {REMEDY}") from None
    except (OSError, ValueError) as problem:
        raise CalibrationFileError(f"{path} is no calibration file ({problem}): {REMEDY}") from problem
    if not isinstance(fields, dict) or "format" not in fields:
        raise CalibrationFileError(f"{path} is no calibration file: {REMEDY}")
    kind = fields.pop("format")
    if kind not in (CORNERS, SOLVED):
        raise CalibrationFileError(f"{path} was made by another version of this program: {REMEDY}")
    try:
        return _by_corners(fields) if kind == CORNERS else _solved(fields)
    except (ValidationError, ValueError, zlib.error, cv2.error) as problem:
        raise CalibrationFileError(f"{path} is damaged: {REMEDY}") from problem


def _by_corners(fields: Mapping[str, Any]) -> ByCorners:
    calibration = TypeAdapter(ByCorners).validate_python(fields)
    calibration.to_screen(np.zeros((1, 2)))
    return calibration


def _kept(calibration: SolvedCalibration) -> _Kept:
    misses = np.hstack([calibration.dots.places, calibration.dots.misses]).round(3).tolist()
    return _Kept(
        method=calibration.method,
        made=calibration.made,
        screen=calibration.screen,
        camera=calibration.camera,
        timing=calibration.timing,
        step=calibration.table.step,
        table=_packed(calibration.table.nodes),
        seen=_picture(calibration.seen * np.uint8(255)),
        lens=calibration.lens,
        spline_box=calibration.spline.box,
        spline=_packed(calibration.spline.coefficients.astype(np.float32)),
        polynomial=[(a, b) for a, b in calibration.spline.polynomial.tolist()],
        figures=calibration.figures,
        findings=calibration.findings,
        dots=[(a, b, c, d) for a, b, c, d in misses],
        dots_expected=calibration.dots.expected,
        dots_doubt=calibration.dots.doubt,
        references={name: _picture(picture) for name, picture in calibration.references.items()},
        versions=calibration.versions,
    )


def _solved(fields: Mapping[str, Any]) -> SolvedCalibration:
    kept = TypeAdapter(_Kept).validate_python(fields)
    width, height = kept.camera.size
    nodes = _unpacked(kept.table, (ceil_div(height, kept.step) + 1, ceil_div(width, kept.step) + 1, 2))
    coefficients = _unpacked(kept.spline, (PER_AXIS[1], PER_AXIS[0], 2))
    polynomial = np.array(kept.polynomial, float).reshape(TERMS, 2)
    seen = (_unpictured(kept.seen) > 127).astype(np.uint8)
    if seen.shape != (height, width) or kept.lens.camera != kept.camera.size or kept.lens.screen != kept.screen:
        raise ValueError("its parts are of different sizes")
    table = Table(kept.step, nodes)
    witnesses = np.array(kept.dots, float).reshape(-1, 4)
    return SolvedCalibration(
        screen=kept.screen,
        camera=kept.camera,
        timing=kept.timing,
        made=kept.made,
        table=table,
        inverse=inverse_of(table, kept.lens),
        seen=seen,
        lens=kept.lens,
        spline=Spline(kept.spline_box, coefficients.astype(np.float64), polynomial),
        figures=kept.figures,
        findings=kept.findings,
        dots=Witnesses(witnesses[:, :2], witnesses[:, 2:], kept.dots_expected, kept.dots_doubt),
        references={name: _unpictured(picture) for name, picture in kept.references.items()},
        versions=kept.versions,
    )


def _packed(values: NDArray[np.float32]) -> str:
    return b64encode(zlib.compress(np.ascontiguousarray(values, "<f4").tobytes(), 6)).decode("ascii")


def _unpacked(text: str, shape: tuple[int, int, int]) -> NDArray[np.float32]:
    size = 4 * shape[0] * shape[1] * shape[2]
    raw = zlib.decompressobj().decompress(b64decode(text, validate=True), size + 1)
    values = np.frombuffer(raw, "<f4").reshape(shape).astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError("a value is no number")
    return values


def _picture(picture: NDArray[np.uint8]) -> str:
    return b64encode(cv2.imencode(".png", picture)[1].tobytes()).decode("ascii")


def _unpictured(text: str) -> NDArray[np.uint8]:
    raw = np.frombuffer(b64decode(text, validate=True), np.uint8)
    picture = cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE) if raw.size else None
    if picture is None:
        raise ValueError("a picture cannot be read")
    return np.asarray(picture, np.uint8)
