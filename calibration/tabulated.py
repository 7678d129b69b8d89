"""A fitted surface as tables, and where it can be relied on. Pure."""

import cv2
import numpy as np

from calibration.lit import Grey
from calibration.surface import Surface
from calibration.table import Table, invert, node_points, tabulate

TABLE_STEPS = (8, 4, 2)
TABLE_ERROR = 0.02  # screen pixels that reading between the table's nodes may cost
INVERSE_STEP = 8
CERTAINTY_STEP = 16
LARGEST_DIFFERENCE = 0.25  # screen pixels between two surfaces that fit equally well


def tables(surface: Surface) -> tuple[Table, Table]:
    """The table of a surface over the camera's picture, fine enough to be read bilinearly, and its inverse."""
    lens = surface.lens
    coarsest = TABLE_STEPS[0]
    error = _reading_error(surface, coarsest)
    # Halving the step quarters what reading between the nodes costs.
    step = next((step for step in TABLE_STEPS if error * (step / coarsest) ** 2 < TABLE_ERROR), TABLE_STEPS[-1])
    table = tabulate(surface.to_screen, lens.camera, step, reach=4.0 * max(lens.screen))
    return table, invert(table, lens.to_camera, lens.screen, INVERSE_STEP)


def _reading_error(surface: Surface, step: int) -> float:
    """The 95th percentile of what bilinear reading costs on the screen, midway between nodes."""
    middles = node_points(surface.lens.camera, step)
    middles = middles[:: max(1, len(middles) // 1500) | 1] + step / 2
    truth = surface.to_screen(middles)
    with np.errstate(invalid="ignore"):
        on = ((truth >= 0) & (truth <= np.array(surface.lens.screen))).all(axis=1)
    if not on.any():
        return 0.0
    half = step / 2
    corners = [surface.to_screen(middles[on] + [right, down]) for right in (-half, half) for down in (-half, half)]
    return float(np.nanpercentile(np.hypot(*(np.mean(corners, axis=0) - truth[on]).T), 95))


def certain(surface: Surface, other: Surface) -> Grey:
    """1 where the map does not depend on what was assumed of the parts that were not measured."""
    camera, reach = surface.lens.camera, 4.0 * max(surface.lens.screen)
    one, two = (tabulate(each.to_screen, camera, CERTAINTY_STEP, reach=reach) for each in (surface, other))
    gap = np.hypot(*np.moveaxis(one.nodes - two.nodes, 2, 0)).astype(np.float32)
    size = (gap.shape[1] * CERTAINTY_STEP, gap.shape[0] * CERTAINTY_STEP)
    # Half a step aside of the nodes: near enough for a limit that is itself a matter of judgement.
    wide = cv2.resize(gap, size, interpolation=cv2.INTER_LINEAR)[: camera[1], : camera[0]]
    return np.asarray(wide < LARGEST_DIFFERENCE, np.uint8)
