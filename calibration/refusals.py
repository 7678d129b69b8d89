"""What must never pass: pictures that contradict each other, and figures that fail. Pure.

Each function raises Misleading with the one sentence that helps, or returns.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from calibration.figures import LARGEST_P95, Finding
from calibration.lit import Grey, Misleading
from calibration.patterns import PatternSet
from calibration.phase import Phase
from calibration.witnesses import Witnesses

LARGEST_CONTRADICTION = 0.15
LEAST_DOTS = 8
LEAST_FOUND = 0.6
LARGEST_BOARD_MISS = 0.8
WAIT = "wait longer after each change and take the pictures again"
LATE = f"every picture shows the pattern before its own, so all are late by one: {WAIT}"
TOO_BLURRED = "the picture is too blurred to measure: focus the camera, then the projector, and take the pictures again"


def belong_together(phase: Phase) -> bool:
    """Whether four pictures are four steps of one set of fringes."""
    return phase.contradiction < LARGEST_CONTRADICTION


def refuse_unchanging(pictures: Sequence[Grey]) -> None:
    """Refuse where nothing happens from picture to picture."""
    small = np.array([cv2.resize(picture, (32, 24), interpolation=cv2.INTER_AREA) for picture in pictures], np.int32)
    if np.ptp(small, axis=0).max() >= 6:
        return
    if np.percentile(pictures[0], 99) < 25:
        raise Misleading("all pictures are black: take the cap off the lens or raise the exposure, and take them again")
    if np.percentile(pictures[0], 50) > 225:
        raise Misleading("all pictures are white: lower the exposure or the gain, and take them again")
    raise Misleading("all pictures look the same: point the camera at the screen and see that the projector shows them")


def refuse_contradicted(patterns: PatternSet, judged: Witnesses, early: Witnesses) -> None:
    """Refuse where pictures taken at different times tell of different places."""
    if judged.expected < LEAST_DOTS:
        raise Misleading(
            "too little of the screen is seen to be judged: turn or move the camera until it sees more of the screen"
        )
    if judged.found < LEAST_FOUND or len(judged.places) < LEAST_DOTS:
        raise Misleading(
            f"the dots of {patterns.names[11]} are not where the fringes put them: the camera was moved, or pictures "
            "are late: fix the camera, " + WAIT
        )
    shift = float(np.hypot(*np.median(judged.misses, axis=0)))
    board_shift = float(np.hypot(*np.median(early.misses, axis=0))) if len(early.places) else 0.0
    if not len(early.places) or board_shift > LARGEST_BOARD_MISS:
        raise Misleading(
            f"the board in {patterns.names[2]} and the fringes lie {board_shift:.1f} px apart: the camera was moved "
            "while the pictures were taken, or pictures are late: fix the camera, " + WAIT
        )
    if shift > LARGEST_P95:
        raise Misleading(
            f"the dots in {patterns.names[11]} and the fringes lie {shift:.1f} px apart: the camera was moved while "
            "the pictures were taken, or pictures are late: fix the camera, " + WAIT
        )


def refuse_failed(found: Sequence[Finding]) -> None:
    """Refuse where a figure fails."""
    for finding in found:
        if finding.verdict == "fail":
            raise Misleading(finding.sentence.rstrip("."))
