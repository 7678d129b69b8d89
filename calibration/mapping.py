"""What a calibration is: camera pixel -> screen pixel, by hand (`ByCorners`) or solved (`calibration.solved`)."""

from dataclasses import dataclass
from typing import Annotated, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from range.core.geometry import Point, homography, inside, project

Method = Literal["corners", "patterns"]


class Calibration(Protocol):
    """Camera pixel -> screen pixel, however it was made.

    `screen` is (width, height) in pixels; `corners` its top left, top right, bottom right and bottom left corner in
    camera pixels; `latency` the seconds from a flip to its picture in the camera; `made` a UTC time.
    """

    @property
    def screen(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        ...

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The screen's corners in camera pixels."""
        ...

    @property
    def latency(self) -> float:
        """Seconds from a flip to its picture in the camera."""
        ...

    @property
    def method(self) -> Method:
        """How it was made."""
        ...

    @property
    def made(self) -> str:
        """When it was made, UTC."""
        ...

    def to_screen(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Camera pixels (n, 2) to screen pixels (n, 2), beyond the screen's edges and what is seen too."""
        ...

    def to_camera(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Screen pixels (n, 2) to camera pixels (n, 2); nan where there is none."""
        ...

    def sees(self, x: float, y: float) -> bool:
        """Whether a camera pixel lies on the screen, where it may be relied on."""
        ...

    def on_screen(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Camera pixels (n, 2) to screen pixels (n, 2); nan where `sees` says no."""
        ...


@dataclass(frozen=True, slots=True)
class ByCorners:
    """A calibration from four corners; fields as in `Calibration`."""

    screen: tuple[Annotated[int, Field(gt=0)], Annotated[int, Field(gt=0)]]
    corners: tuple[Point, Point, Point, Point]
    latency: Annotated[float, Field(ge=0, lt=5)]
    method: Literal["corners"]
    made: str

    def to_screen(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Camera pixels (n, 2) to screen pixels (n, 2), beyond the screen's edges too."""
        return project(homography(self.corners, self._on_screen()), points)

    def to_camera(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Screen pixels (n, 2) to camera pixels (n, 2)."""
        return project(homography(self._on_screen(), self.corners), points)

    def sees(self, x: float, y: float) -> bool:
        """Whether a camera pixel lies on the screen."""
        return inside(self.corners, x, y)

    def on_screen(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Camera pixels (n, 2) to screen pixels (n, 2); nan beside the screen."""
        places = self.to_screen(points)
        places[[not (np.isfinite(point).all() and self.sees(*point)) for point in points]] = np.nan
        return places

    def _on_screen(self) -> tuple[Point, Point, Point, Point]:
        width, height = float(self.screen[0]), float(self.screen[1])
        return ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
