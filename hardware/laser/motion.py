"""Whether something bright moved here rather than was lit here: then it has left another place."""

from collections.abc import Sequence

import cv2
import numpy as np

from hardware.laser.background import Box, Plane, cut
from hardware.laser.colour import LINEAR
from hardware.laser.shape import Shape

ALIKE = 0.25
"""Leads (red less green over their sum) that differ less than this may be of one thing."""


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
