"""Whether a candidate outshines what moves around it.

A film's own figures brighten places as they move, in small shapes and in a laser's colours; but they are drawn with the
brightness that the film has all around and has just had. A laser's spot is brighter than that, or clips the camera.
Where nothing moves there is nothing to outshine, and a faint spot beside a bright window counts.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from hardware.laser.background import Plane
from hardware.laser.life import box_around
from hardware.laser.shape import WHITE, Shape

REACH = 0.095
"""How far around is compared, as a share of the picture's width."""
LEAST_REACH = 24
RISEN_TOGETHER = 0.02
"""Share of the surroundings that must brighten in one frame for it to be a cut or a lamp rather than a spot's glare."""

FAINT = 1 / 3
"""Share of the way up to white that a video's key frames and a lamp's flicker may take at one place."""


def outshone(
    planes: Sequence[Plane], before: Sequence[Sequence[Plane]], shape: Shape, noise: float, *, light_step: bool
) -> bool:
    """Whether the film or the room around a candidate explains its brightness.

    `before` are the planes of the frames before, the latest first, without their spots; `noise` in grey levels.
    """
    height, width = planes[0].shape
    reach = max(LEAST_REACH, round(REACH * width))
    x0, y0, x1, y1 = box_around(shape.box, reach, (width, height))
    here = (slice(y0, y1), slice(x0, x1))
    now = brightness([plane[here] for plane in planes])
    left, top, right, bottom = shape.box
    peak = int(now[top - y0 : bottom - y0, left - x0 : right - x0].max())
    if peak >= WHITE or light_step:
        # A cut or a lamp changes the whole picture at once: only what clips the camera stands out of it.
        return peak < WHITE
    past = [brightness([plane[here] for plane in frame]) for frame in reversed(before)]
    # What moves takes light away as well as adding some; a laser only adds.
    changes = (cv2.absdiff(past[-1], past[0]), cv2.subtract(past[-1], now))
    moving = any(int(cv2.blur(change, (3, 3)).max()) > 3 + 4 * noise for change in changes)
    around = now.copy()
    margin = 4 + max(right - left, bottom - top) // 2
    around[max(0, top - y0 - margin) : bottom - y0 + margin, max(0, left - x0 - margin) : right - x0 + margin] = 0
    risen = cv2.countNonZero((cv2.subtract(around, past[-1]) > 12 + 4 * noise).view(np.uint8))
    brightest = int(around.max())
    if moving:
        brightest = max(brightest, *(int(frame.max()) for frame in past))
    elif risen <= RISEN_TOGETHER * now.size:
        # In a still place a spot need not be the brightest, but then it must be more than the picture's own unrest.
        return peak < brightest and shape.reach < FAINT
    return peak < brightest + 4 + 2 * noise


def brightness(planes: Sequence[Plane]) -> Plane:
    """The strongest channel of each pixel."""
    strongest = planes[0]
    for plane in planes[1:]:
        strongest = np.asarray(cv2.max(strongest, plane), np.uint8)
    return strongest
