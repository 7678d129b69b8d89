"""What a calibration is: camera pixel -> screen pixel."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from range.core.geometry import Point, homography, inside, project


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
