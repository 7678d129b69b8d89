"""A calibration solved from patterns: what is kept of it, and how it is read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.figures import Figures, Finding
from calibration.lens import Lens
from calibration.lit import Grey
from calibration.mapping import Calibration
from calibration.solve import Solution
from calibration.spline import Spline
from calibration.table import Table, invert
from calibration.tabulated import INVERSE_STEP
from calibration.witnesses import Witnesses
from range.core.geometry import Point

Array = NDArray[np.float64]
REFERENCE_WIDTH = 480
REFERENCES = {"white": 0, "black": 1, "board": 2}


@dataclass(frozen=True, slots=True)
class Camera:
    """Which camera a calibration belongs to, and how it was set.

    `identity` as the camera list names it, empty for captures from elsewhere; `size` (width, height) and `rate`
    (frames a second, 0 where unknown) its mode; `flip` what is done to its picture before it is used; `settings`
    exposure, gain and the like, by name, as read back.
    """

    size: tuple[int, int]
    identity: str = ""
    rate: float = 0.0
    flip: Literal["none", "horizontal", "vertical", "both"] = "none"
    settings: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from a flip to its picture in the camera: the median, and the spread around it; 0 where not measured."""

    seconds: float = 0.0
    spread: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class SolvedCalibration:
    """Camera pixel -> screen pixel by a table; the fields of `Calibration` and what it was made of and with.

    `seen` is 1 at camera pixels where the map may be used; `references` small grey pictures of white, black and board;
    `versions` of the program and of what it was made with.
    """

    screen: tuple[int, int]
    camera: Camera
    timing: Latency
    made: str
    table: Table
    inverse: Table
    seen: Grey
    lens: Lens
    spline: Spline
    figures: Figures
    findings: tuple[Finding, ...]
    dots: Witnesses
    references: Mapping[str, Grey]
    versions: Mapping[str, str]
    method: Literal["patterns"] = "patterns"

    @property
    def latency(self) -> float:
        """Seconds from a flip to its picture in the camera."""
        return self.timing.seconds

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The screen's top left, top right, bottom right and bottom left corner in camera pixels, wherever they lie."""
        width, height = self.screen
        on_screen = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
        exact, rough = self.inverse.at(on_screen), self.lens.to_camera(on_screen)
        a, b, c, d = ((float(x), float(y)) for x, y in np.where(np.isfinite(exact), exact, rough))
        return a, b, c, d

    def to_screen(self, points: Array) -> Array:
        """Camera pixels (n, 2) to screen pixels (n, 2), beyond what is seen too (a guess there: ask `sees`)."""
        if len(points) == 1:
            x, y = float(points[0, 0]), float(points[0, 1])
            if x - x == 0 and y - y == 0:  # both finite
                return np.array([self.table.one(x, y)])
        return self.table.at(points)

    def to_camera(self, points: Array) -> Array:
        """Screen pixels (n, 2) to camera pixels (n, 2); nan where there is none."""
        if len(points) == 1:
            x, y = float(points[0, 0]), float(points[0, 1])
            if x - x == 0 and y - y == 0:
                return np.array([self.inverse.one(x, y)])
        return self.inverse.at(points)

    def sees(self, x: float, y: float) -> bool:
        """Whether a camera pixel lies on the part of the screen that is calibrated."""
        if not (x - x == 0 and y - y == 0):
            return False
        row, column = floor(y + 0.5), floor(x + 0.5)
        height, width = self.seen.shape
        if not (0 <= row < height and 0 <= column < width and self.seen.item(row, column)):
            return False
        across, down = self.table.one(x, y)
        return 0 <= across <= self.screen[0] and 0 <= down <= self.screen[1]

    def on_screen(self, points: Array) -> Array:
        """Camera pixels (n, 2) to screen pixels (n, 2); nan where `sees` says no."""
        places = self.table.at(points)
        at = np.nan_to_num(np.floor(points + 0.5), nan=-1).clip(-1, 1 << 30).astype(np.intp)
        height, width = self.seen.shape
        within = ((at >= 0) & (at < np.array([width, height]))).all(axis=1)
        seen = np.zeros(len(points), bool)
        seen[within] = self.seen[at[within, 1], at[within, 0]] > 0
        with np.errstate(invalid="ignore"):
            seen &= ((places >= 0) & (places <= np.array(self.screen))).all(axis=1)
        places[~seen] = np.nan
        return places


def solved_calibration(
    solution: Solution,
    captures: Sequence[NDArray[np.uint8]],
    camera: Camera,
    timing: Latency,
    *,
    made: str,
    versions: Mapping[str, str],
) -> SolvedCalibration:
    """What is kept of a solution; `captures` are the pictures it was solved from, `made` a UTC time."""
    return SolvedCalibration(
        screen=solution.screen,
        camera=camera,
        timing=timing,
        made=made,
        table=solution.table,
        inverse=solution.inverse,
        seen=solution.seen,
        lens=solution.lens,
        spline=solution.spline,
        figures=solution.figures,
        findings=solution.findings,
        dots=solution.dots,
        references={name: reference(captures[number]) for name, number in REFERENCES.items()},
        versions=dict(versions),
    )


def reference(capture: NDArray[np.uint8]) -> Grey:
    """A camera's picture, small and grey, as it is kept for comparison."""
    picture = capture if capture.ndim == 2 else cv2.cvtColor(capture, cv2.COLOR_BGR2GRAY)
    height, width = picture.shape[:2]
    if width <= REFERENCE_WIDTH:
        return np.asarray(picture, np.uint8)
    size = (REFERENCE_WIDTH, max(1, round(height * REFERENCE_WIDTH / width)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def inverse_of(table: Table, lens: Lens) -> Table:
    """The inverse table of a stored one."""
    return invert(table, lens.to_camera, lens.screen, INVERSE_STEP)


def why_not_fitting(
    calibration: Calibration, *, camera: str, size: tuple[int, int] | None, flip: str, screen: tuple[int, int]
) -> str | None:
    """Why a calibration cannot serve a camera, its mode and a display, in one sentence; None where it can.

    `camera` is the camera's identity (empty where it has none), `size` its picture's (width, height) or None while it
    is not known, `flip` as in `Camera`, `screen` the display's (width, height). A display of the same shape fits: it
    shows the same picture on the same wall, only with other pixels.
    """
    again = "calibrate again with `rangectl calibrate`"
    width, height = calibration.screen
    if abs(width * screen[1] - height * screen[0]) > 0.01 * width * screen[1]:
        return f"the calibration is for a screen of {width}x{height}, this one is {screen[0]}x{screen[1]}: {again}"
    if not isinstance(calibration, SolvedCalibration):
        return None
    made_with = calibration.camera
    if made_with.identity and camera and made_with.identity != camera:
        return f"the calibration is of the camera {made_with.identity}, this one is {camera}: {again}"
    if size is not None and made_with.size != size:
        return (
            f"the calibration is for camera pictures of {made_with.size[0]}x{made_with.size[1]}, these are "
            f"{size[0]}x{size[1]}: set the camera's size back, or {again}"
        )
    if made_with.flip != flip:
        return (
            f"the calibration is for a picture flipped {made_with.flip}, this one is flipped {flip}: set the camera's "
            f"flip back, or {again}"
        )
    return None
