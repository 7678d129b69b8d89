"""Where a calibrated camera's pixels look in a film that is shown letterboxed on the screen."""

import numpy as np
from numpy.typing import NDArray

from calibration.mapping import Calibration
from hardware.laser.box import Box
from hardware.laser.film_view import FilmView
from range.core.geometry import Placement

Size = tuple[int, int]
FINER = 1.1
"""Pixels of the film to one of the camera's, from which on more of them tell nothing."""


def film_view(calibration: Calibration, part: Box, film: Size, shape: float) -> FilmView:
    """The view of part of a camera's picture on pictures of size `film`, seen as `shape` (width / height)."""
    return FilmView(places_of(calibration, part, film, shape), film)


def places_of(calibration: Calibration, part: Box, film: Size, shape: float) -> NDArray[np.float32]:
    """For each camera pixel in a part of its picture the place in the film's pictures, as `FilmView` takes them."""
    x0, y0, x1, y1 = part
    height, width = y1 - y0, x1 - x0
    rows, columns = np.mgrid[y0:y1, x0:x1]
    on_screen = calibration.to_screen(np.column_stack([columns.ravel(), rows.ravel()]).astype(np.float64))
    place = Placement.letterbox(calibration.screen, shape)
    u = (on_screen[:, 0] - place.left) / place.width
    v = (on_screen[:, 1] - place.top) / place.height
    places = np.column_stack([u * film[0] - 0.5, v * film[1] - 0.5])
    return places.reshape(height, width, 2).astype(np.float32)


def size_worth_having(calibration: Calibration, film: Size, shape: float) -> Size:
    """The size, at most its own, in which a film holds all that the camera can tell of it."""
    place = Placement.letterbox(calibration.screen, shape)
    top_left, top_right, bottom_right, bottom_left = np.array(calibration.corners)
    across = max(np.hypot(*(top_right - top_left)), np.hypot(*(bottom_right - bottom_left)))
    down = max(np.hypot(*(bottom_left - top_left)), np.hypot(*(bottom_right - top_right)))
    wide = FINER * across * place.width / calibration.screen[0]
    high = FINER * down * place.height / calibration.screen[1]
    return min(film[0], max(16, round(float(wide)))), min(film[1], max(16, round(float(high))))
