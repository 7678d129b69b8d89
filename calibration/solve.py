"""From one camera picture of each pattern to a calibration that has been judged. Pure.

    lit screen -> fringes decoded -> unwrapped -> numbered by the board -> surface fitted -> table -> judged by the dots

Each step can be used alone; `solve` runs them all and refuses what would mislead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.figures import Figures, Finding, findings
from calibration.lens import Lens
from calibration.lit import Grey, Lit, Misleading, find_lit
from calibration.numbering import number_fringes
from calibration.outside import outside
from calibration.patterns import PatternSet
from calibration.phase import Phase, decode
from calibration.refusals import (
    LATE,
    TOO_BLURRED,
    WAIT,
    belong_together,
    refuse_contradicted,
    refuse_failed,
    refuse_unchanging,
)
from calibration.spline import Spline
from calibration.surface import Blocks, Surface, first_fit, refined, shift_by_blur
from calibration.table import Nodes, Table
from calibration.tabulated import certain, tables
from calibration.unwrap import unwrap
from calibration.witnesses import Witnesses, board, dots

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
LEAST_AGREEING = 0.5
FARTHEST_BRIDGED = 0.14  # of the screen's extent in the picture, from the nearest pixel that was measured
LEAST_VALID, USUALLY_VALID = 0.75, 0.99  # of what white and black show as lit
SOFT = 2.0  # camera pixels of blur that explain why a pattern cannot be told


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A solved and judged map: `table` camera -> screen, `inverse` screen -> camera, `seen` 1 where it may be used."""

    camera: tuple[int, int]
    screen: tuple[int, int]
    table: Table
    inverse: Table
    seen: Grey
    lens: Lens
    spline: Spline
    figures: Figures
    findings: tuple[Finding, ...]
    dots: Witnesses


@dataclass(frozen=True, slots=True, eq=False)
class Fringes:
    """Both directions decoded over the blocks that cover the screen; `valid` where both can be relied on."""

    blocks: Blocks
    inner: Bools
    across: Phase
    down: Phase
    valid: Bools


def grey(picture: NDArray[np.uint8]) -> Grey:
    """A camera's picture, colour or grey, as (height, width)."""
    if picture.ndim == 2:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def solve(patterns: PatternSet, captures: Sequence[NDArray[np.uint8]]) -> Solution:
    """Solve from the camera's picture of each pattern, all of one size. Raises Misleading, with one sentence."""
    pictures = [grey(capture) for capture in captures]
    height, width = pictures[0].shape
    refuse_unchanging(pictures)
    try:
        lit = find_lit(pictures[0], pictures[1])
        fringes = decode_fringes(patterns, lit, pictures)
    except Misleading:
        if _late_by_one(pictures):
            raise Misleading(LATE) from None
        raise
    cut = [picture[fringes.blocks.pixels].astype(np.float32) for picture in (pictures[0], pictures[1], pictures[2])]
    surface = _numbered_surface(patterns, fringes, cut, lit)
    waves = (fringes.across.wave, fringes.down.wave)
    surface, other, agreeing = refined(surface, fringes.blocks, waves, fringes.valid, patterns.period)
    if agreeing.sum() < LEAST_AGREEING * fringes.valid.sum():
        raise Misleading(
            "most of the fringes fit no smooth screen, so pictures are late, or something moved before the screen: "
            f"clear the way, {WAIT}"
        )
    table, inverse = tables(surface)
    seen = _seen(agreeing, fringes.blocks, lit, certain(surface, other))
    rows, columns = fringes.blocks.pixels
    mapped = table.spread(fringes.blocks.left, fringes.blocks.top, *agreeing.shape[::-1])
    last = pictures[11][rows, columns].astype(np.float32) - cut[1]
    # A dot may be hidden, and then it is missing; but it is looked for wherever the screen is lit.
    corner = (fringes.blocks.left, fringes.blocks.top)
    judged = dots(patterns, last, fringes.inner, mapped, inverse, corner)
    early = board(patterns, cut[2] - cut[1], fringes.inner & agreeing, mapped, lit.blur)
    refuse_contradicted(patterns, judged, early)
    figures = _figures(fringes, lit, pictures, mapped, seen, inverse, judged, early, surface, patterns.period)
    corners = surface.lens.to_camera(_corners(patterns.screen))
    found = findings(figures, outside(corners, (width, height)))
    refuse_failed(found)
    return Solution(
        (width, height), patterns.screen, table, inverse, seen, surface.lens, surface.spline, figures, found, judged
    )


def decode_fringes(patterns: PatternSet, lit: Lit, pictures: Sequence[Grey]) -> Fringes:
    """Decode both sets of fringes over the lit screen. Raises Misleading where they are none, late or swapped."""
    blocks = _blocks(lit)
    inner = lit.inner[blocks.pixels] > 0
    if inner.sum() < 200:
        raise Misleading(
            "the screen's edge is nowhere sharp in the pictures of white and black, so they are late or swapped, or "
            "the camera is far out of focus: focus it, " + WAIT
        )
    cut = [picture[blocks.pixels].astype(np.float32) for picture in pictures[3:11]]
    across, down = decode(cut[:4], inner), decode(cut[4:], inner)
    for phase, first, last in ((across, 3, 6), (down, 7, 10)):
        names = f"{patterns.names[first]} to {patterns.names[last]}"
        if not belong_together(phase):
            raise Misleading(
                f"the pictures {names} do not belong together, so one is late, swapped or of another set of patterns: "
                + WAIT
            )
        if phase.valid.sum() < 0.2 * inner.sum():
            if lit.blur > SOFT:
                raise Misleading(TOO_BLURRED)
            raise Misleading(
                f"no fringes are seen in the pictures {names}: show this set's patterns, focus the camera and darken "
                "the room"
            )
    valid = across.valid & down.valid
    share = float(valid.sum() / inner.sum())
    if share < LEAST_VALID:
        if lit.blur > SOFT:
            raise Misleading(TOO_BLURRED)
        raise Misleading(
            f"the fringes cover {100 * share:.0f} % of what is lit in {patterns.names[0]}, so that picture is late "
            f"or of something else, or somebody walked through: clear the way, {WAIT}"
        )
    if share < USUALLY_VALID:
        # Something moved in after white and black: beside it, too, its light is mixed into the fringes.
        whole = cv2.morphologyEx(valid.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        reach = 2 * lit.eroded + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        valid &= cv2.erode(whole, disc) > 0
    return Fringes(blocks, inner, across, down, valid)


def _late_by_one(pictures: Sequence[Grey]) -> bool:
    """Whether the pictures make sense once each is taken for the pattern before its own."""
    try:
        lit = find_lit(pictures[1], pictures[2])
    except Misleading:
        return False
    blocks = _blocks(lit)
    inner = lit.inner[blocks.pixels] > 0
    if inner.sum() < 200:
        return False
    cut = [picture[blocks.pixels].astype(np.float32) for picture in pictures[4:12]]
    sets = decode(cut[:4], inner), decode(cut[4:], inner)
    return all(belong_together(phase) and phase.valid.mean() > 0.1 for phase in sets)


def _blocks(lit: Lit) -> Blocks:
    """Blocks over the lit screen: about a hundred across, whatever its size in the picture."""
    span = float(np.sqrt(lit.mask.sum()))
    size = 8 if span > 600 else 4 if span > 250 else 2
    height, width = lit.mask.shape
    left, top = lit.box[0] - lit.box[0] % size, lit.box[1] - lit.box[1] % size
    columns = min(-(-(lit.box[2] - left) // size), (width - left) // size)
    rows = min(-(-(lit.box[3] - top) // size), (height - top) // size)
    return Blocks(left, top, size, (rows, columns))


def _numbered_surface(patterns: PatternSet, fringes: Fringes, cut: Sequence[NDArray[np.float32]], lit: Lit) -> Surface:
    """The first surface: phases unwrapped, each connected part numbered by the board."""
    blocks, period = fringes.blocks, patterns.period
    unwrapped = unwrap((fringes.across.wave, fringes.down.wave), fringes.valid, blocks.size)
    white, black, shown = cut
    level = (shown - black) / np.maximum(white - black, 1)
    size = (blocks.shape[1], blocks.shape[0])
    board_seen = np.asarray(cv2.resize(level, size, interpolation=cv2.INTER_AREA), np.float64).ravel()
    middles = blocks.middles()
    points, places, weights = [], [], []
    for part in range(int(unwrapped.part.max()) + 1):
        chosen = (unwrapped.part == part).ravel()
        phases = unwrapped.phase.reshape(-1, 2)[chosen] * period / (2 * np.pi)
        span = np.sqrt(abs(np.prod(np.ptp(phases, axis=0))) / max(int(chosen.sum()), 1))
        numbered = number_fringes(patterns, phases, board_seen[chosen], max(period / 8, span))
        if numbered is None or not numbered.certain:
            continue
        points.append(middles[chosen])
        places.append(phases + period * np.array(numbered.fringes))
        weights.append(unwrapped.weight.ravel()[chosen])
    if not points or sum(len(part) for part in points) < 100:
        if lit.blur > SOFT:
            raise Misleading(TOO_BLURRED)
        raise Misleading(
            f"the picture {patterns.names[2]} does not show the board that the fringes belong to, so pictures are "
            f"late, swapped or of another set of patterns: {WAIT}, of this set"
        )
    camera = (lit.mask.shape[1], lit.mask.shape[0])
    return first_fit(np.vstack(points), np.vstack(places), np.concatenate(weights), camera, patterns.screen)


def _seen(agreeing: Bools, blocks: Blocks, lit: Lit, certain: Grey) -> Grey:
    """Where the map may be used: by what was measured, out to the lit edge, and between it where that is certain."""
    measured = np.zeros_like(lit.mask)
    measured[blocks.pixels] = cv2.morphologyEx(agreeing.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(measured, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(np.vstack(outlines))
    filled = cv2.fillConvexPoly(np.zeros_like(measured), hull, 1)
    reach = lit.eroded + blocks.size // 2 + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    farthest = max(float(reach), FARTHEST_BRIDGED * float(np.sqrt(filled.sum())))
    near = cv2.distanceTransform(1 - measured, cv2.DIST_L2, 5) <= farthest
    between = np.asarray(cv2.dilate(filled, disc), np.uint8) & certain & near.astype(np.uint8)
    return np.asarray(cv2.dilate(measured, disc), np.uint8) | between


def _figures(
    fringes: Fringes,
    lit: Lit,
    pictures: Sequence[Grey],
    mapped: Nodes,
    seen: Grey,
    inverse: Table,
    judged: Witnesses,
    early: Witnesses,
    surface: Surface,
    period: int,
) -> Figures:
    inner = lit.inner > 0
    white, black = pictures[0][inner], pictures[1][inner]
    blinded = (white >= 250) | (black.astype(np.int32) * 5 > white.astype(np.int32) * 4)
    middles = fringes.blocks.middles()[fringes.valid[:: fringes.blocks.size, :: fringes.blocks.size].ravel()][::7]
    blurred = float(np.nanpercentile(shift_by_blur(surface, middles, lit.blur, period), 95))
    distances = judged.distances + blurred
    corners = surface.lens.to_camera(_corners(surface.lens.screen))
    right, down = corners[1] - corners[0], corners[3] - corners[0]
    mirrored = bool(right[0] * down[1] - right[1] * down[0] < 0)
    angle = np.degrees(np.arctan2(right[1], -right[0] if mirrored else right[0]))
    return Figures(
        error_median=round(float(np.median(distances)), 3),
        error_p95=round(float(np.percentile(distances, 95)), 3),
        error_max=round(float(distances.max()), 3),
        dots=len(distances),
        dots_found=round(judged.found, 3),
        board_p95=round(float(np.percentile(early.distances, 95)), 3),
        coverage=round(float(covered(inverse, seen, surface.lens.screen).mean()), 4),
        sharpness=round(lit.blur, 2),
        contrast=round(float(white.mean()) / max(float(black.mean()), 1.0), 2),
        glare=round(float(blinded.mean()), 4),
        noise=round(max(fringes.across.noise, fringes.down.noise), 2),
        pixel=round(float(np.median(np.abs(np.diff(mapped[::8, ::8], axis=1)).max(axis=2))) / 8, 2),
        mirrored=mirrored,
        turned=int(round(angle / 90) * 90) % 360,
    )


def covered(inverse: Table, seen: Grey, screen: tuple[int, int], cells: tuple[int, int] = (96, 54)) -> Bools:
    """Whether the camera sees, and the map covers, the middle of each of (columns, rows) cells; (rows, columns)."""
    columns, rows = ((np.arange(count) + 0.5) / count * side for count, side in zip(cells, screen, strict=True))
    xs, ys = np.meshgrid(columns, rows)
    points = inverse.at(np.column_stack([xs.ravel(), ys.ravel()]))
    size = np.array(seen.shape[::-1])
    with np.errstate(invalid="ignore"):
        within = ((points > -0.5) & (points < size - 0.5)).all(axis=1)
    at = np.rint(points[within]).astype(np.intp)
    found = np.zeros(len(points), bool)
    found[within] = seen[at[:, 1], at[:, 0]] > 0
    return found.reshape(cells[1], cells[0])


def _corners(screen: tuple[int, int]) -> Array:
    width, height = screen
    return np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
