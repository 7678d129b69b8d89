"""Calibration by hand: the screen's four corners, pointed at in the camera's picture.

It knows nothing of lens distortion or of curved screens; on a flat screen its error is a few pixels.
"""

from calibration.mapping import ByCorners
from range.core.geometry import Point, smallest_triangle


class CornersError(ValueError):
    """The four corners cannot be a screen's; the text says why and what to do."""


def from_corners(corners: tuple[Point, ...], screen: tuple[int, int], *, latency: float, made: str) -> ByCorners:
    """A calibration from the screen's top left, top right, bottom right and bottom left corner in camera pixels.

    `screen` is (width, height) in pixels, `latency` seconds from a flip to its picture in the camera, `made` a UTC
    time. Corners that go round the other way (a mirrored camera) are taken as they are. Raises CornersError where they
    are not four, lie on one line or cross over.
    """
    if len(corners) != 4:
        raise CornersError(f"four corners are needed, {len(corners)} were given")
    if smallest_triangle(corners) < 1.0:
        raise CornersError("three of the corners lie on one line: point at them again")
    if not _is_convex(corners):
        raise CornersError(
            "the corners cross over or fold in: give them as top left, top right, bottom right, bottom left"
        )
    top_left, top_right, bottom_right, bottom_left = corners
    ordered = (top_left, top_right, bottom_right, bottom_left)
    return ByCorners(screen=screen, corners=ordered, latency=latency, method="corners", made=made)


def _is_convex(corners: tuple[Point, ...]) -> bool:
    """Whether four corners, in this order, bound a screen seen from in front: every turn goes the same way."""
    turns = []
    for index in (0, 1, 2, 3):
        (ax, ay), (bx, by), (cx, cy) = (corners[(index + step) % 4] for step in (0, 1, 2))
        turns.append((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
    return all(turn > 0 for turn in turns) or all(turn < 0 for turn in turns)
