"""Whether something bright moved here rather than was lit here: then it has left another place."""

from collections.abc import Sequence

import cv2
import numpy as np

from hardware.laser.background import Plane, cut
from hardware.laser.box import Box, box_around
from hardware.laser.colour import LINEAR
from hardware.laser.shape import Shape
from hardware.laser.sight import Sight

ALIKE = 0.25
"""Leads (red less green over their sum) that differ less than this may be of one thing."""


KNOWN_AGAIN = 0.8
"""Share of a candidate's core that must look as it did before."""
SURROUNDINGS_TOO = 0.35
"""... and of what is around it: what is uncovered borders on what was never covered."""


def came_from(planes: Sequence[Plane], last: Sequence[Plane], window: Box, shape: Shape, lead: float) -> bool:
    """Whether within a window a thing of a candidate's size, strength and tint went dark as the candidate appeared.

    `last` is the frame before, without the spots lit in it; `lead` the candidate's red less green light over their sum.
    """
    now, before = cut(planes, window), cut(last, window)
    lost = cv2.subtract(before, now)
    fall = np.asarray(lost.max(axis=0))
    gone = (fall > 0.5 * shape.rise).view(np.uint8)
    if not cv2.countNonZero(gone):
        return False
    count, labels, stats, _ = cv2.connectedComponentsWithStats(gone, connectivity=8)
    for label in range(1, count):
        if not shape.area / 3 <= stats[label, cv2.CC_STAT_AREA] <= 3 * shape.area:
            continue
        if len(planes) < 3:
            return True
        thing = labels == label
        green, red = (LINEAR[before[1:, thing]] - LINEAR[now[1:, thing]]).sum(axis=1)
        if abs(float((red - green) / (abs(red) + abs(green) + 1e-3)) - lead) < ALIKE:
            return True
    return False


def uncovered(sight: Sight, shape: Shape, album: Sequence[Sequence[Plane]]) -> bool:
    """Whether a candidate and much of what is around it look as they did in one of the album's pictures.

    Somebody who walks past covers bright places and uncovers them again.
    """
    x0, y0, x1, y1 = box_around(shape.box, 3 + round(shape.radius), sight.size)
    mine = sight.box()
    box = (max(x0, mine[0]), max(y0, mine[1]), min(x1, mine[2]), min(y1, mine[3]))
    here = (slice(None), slice(box[1] - mine[1], box[3] - mine[1]), slice(box[0] - mine[0], box[2] - mine[0]))
    now, extra = sight.now[here], sight.extra[here].max(axis=0)
    core = extra > 0.5 * shape.rise
    around = ~cv2.dilate(core.view(np.uint8), np.ones((5, 5), np.uint8)).view(bool)
    if not core.any() or not around.any():
        return False
    same = 4 + 3 * sight.noise
    for picture in album:
        alike = np.abs(now - cut(picture, box)).max(axis=0) <= same
        if alike[core].mean() >= KNOWN_AGAIN and alike[around].mean() >= SURROUNDINGS_TOO:
            return True
    return False
