"""Whether a candidate outshines what moves around it.

A film's own figures brighten places as they move, in small shapes and in a laser's colours; but they are drawn with the
brightness that the film has all around and has just had. A laser's spot is brighter than that, or clips the camera.
Where nothing moves there is nothing to outshine, and a faint spot beside a bright window counts.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from hardware.laser.background import Plane
from hardware.laser.box import box_around
from hardware.laser.shape import WHITE, Shape

REACH = 0.095
"""How far around is compared, as a share of the picture's width."""
LEAST_REACH = 24
RISEN_TOGETHER = 0.02
"""Share of the surroundings that must brighten in one frame for it to be a cut or a lamp rather than a spot's glare."""

LEAST_COLOUR = 40
"""Levels by which a spot's one channel must lead the other for its colour to count."""
FAINT = 1 / 3
"""Share of the way up to white that a video's key frames and a lamp's flicker may take at one place."""


def outshone(
    planes: Sequence[Plane], before: Sequence[Sequence[Plane]], shape: Shape, noise: float, *, light_step: bool
) -> bool:
    """Whether the film or the room around a candidate explains its brightness.

    `before` are the planes of the frames before, the latest first, without their spots; `noise` in grey levels. A spot
    outshines by its brightest channel, or by its colour where nothing around is as red or as green.
    """
    height, width = planes[0].shape
    reach = max(LEAST_REACH, round(REACH * width))
    x0, y0, x1, y1 = box_around(shape.box, reach, (width, height))
    here = (slice(y0, y1), slice(x0, x1))
    left, top, right, bottom = shape.box
    spot = (slice(top - y0, bottom - y0), slice(left - x0, right - x0))
    seen = [plane[here] for plane in planes]
    now = brightness(seen)
    peak = int(now[spot].max())
    if peak >= WHITE or light_step:
        # A cut or a lamp changes the whole picture at once: only what clips the camera stands out of it.
        return peak < WHITE
    were = [[plane[here] for plane in frame] for frame in before]
    past = [brightness(frame) for frame in reversed(were)]
    # What moves takes light away as well as adding some; a laser only adds.
    changes = (cv2.absdiff(past[-1], past[0]), cv2.subtract(past[-1], now))
    moving = any(int(cv2.blur(change, (3, 3)).max()) > 3 + 4 * noise for change in changes)
    margin = 4 + max(right - left, bottom - top) // 2
    hole = (
        slice(max(0, top - y0 - margin), bottom - y0 + margin),
        slice(max(0, left - x0 - margin), right - x0 + margin),
    )
    around = largest(now, hole)
    if not moving:
        beside = now.copy()
        beside[hole] = 0
        risen = cv2.countNonZero((cv2.subtract(beside, past[-1]) > 12 + 4 * noise).view(np.uint8))
        if risen <= RISEN_TOGETHER * now.size:
            # In a still place a spot need not be the brightest, but must be more than the picture's own unrest.
            return peak < around and shape.reach < FAINT
    # What has just been at the spot's own place may have moved; so may all around it.
    brightest = max(around, *(largest(frame) for frame in past)) if moving else around
    if peak >= brightest + 4 + 2 * noise:
        return False
    return len(planes) < 3 or not _outcoloured(seen, were if moving else [], spot, hole, noise)


def _outcoloured(
    now: Sequence[Plane],
    before: Sequence[Sequence[Plane]],
    spot: tuple[slice, slice],
    hole: tuple[slice, slice],
    noise: float,
) -> bool:
    """Whether a spot is redder, or greener, than anything around it is or was."""
    for more, less in ((2, 1), (1, 2)):
        colour = difference(now[more], now[less])
        peak = largest(colour[spot])
        most = max([largest(colour, hole), *(largest(difference(f[more], f[less])) for f in before)])
        if peak >= LEAST_COLOUR and peak > 1.3 * most + 4 + 3 * noise:
            return True
    return False


def difference(more: Plane, less: Plane) -> Plane:
    """How far one plane lies above another."""
    return np.asarray(cv2.subtract(more, less), np.uint8)


def largest(values: Plane, hole: tuple[slice, slice] | None = None) -> int:
    """The largest value, but for single wild pixels and, where one is given, a hole."""
    if min(values.shape) >= 3:
        values = np.asarray(cv2.medianBlur(np.ascontiguousarray(values), 3), np.uint8)
    if hole is not None:
        values = values.copy()
        values[hole] = 0
    return int(values.max())


def brightness(planes: Sequence[Plane]) -> Plane:
    """The strongest channel of each pixel."""
    strongest = planes[0]
    for plane in planes[1:]:
        strongest = np.asarray(cv2.max(strongest, plane), np.uint8)
    return strongest
