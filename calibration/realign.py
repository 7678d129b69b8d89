"""From one camera picture of a known picture, and a calibration made before, to how it holds now. Pure.

    foretold through the old calibration -> matched by features -> re-foretold, every part followed -> fitted -> judged

Features (SIFT; Lowe, 2004) find the picture however far the camera was pushed; following the parts (Lucas and Kanade,
1981) between what is foretold and what is seen says by how much to a small part of a pixel.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.lit import Misleading
from calibration.mapping import Calibration
from calibration.moved import MovedCalibration, Straightening
from calibration.outside import outside
from calibration.solved import SolvedCalibration
from calibration.table import Table, tabulate
from range.core.geometry import Matrix

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

ALIKE = 0.75  # of two features: the best match's distance over the next one's
FEATURES = 2500
FEWEST_MATCHES = 12
MATCHED_WITHIN = 3.0  # camera pixels
ROUNDS = 3
TABLE_STEP = 8
PARTS_ACROSS = 30
PART = 21  # camera pixels followed around each point, in a picture 640 wide
FOLLOWED_WITHIN = (6.0, 2.0, 2.0)  # camera pixels, by round
THERE_AND_BACK = 0.1
AGREES_WITHIN = 0.5  # camera pixels
BY_HAND = 0.012  # of the picture's width: what a lens bends, of which a calibration by corners knows nothing
FEWEST_PARTS = 25
LEAST_DETAIL = 0.02
LEAST_AGREEING = 0.5
LEAST_SEEN = 0.7  # of the screen
LARGEST_RESIDUAL = 0.6  # camera pixels
RESIDUAL_OF = 90  # percent of the parts: some are seen through a person's hair
LEAST_CONTRAST = 12.0
AGAIN = "and try again"
CALIBRATE = "calibrate again with `rangectl calibrate`"


@dataclass(frozen=True, slots=True, eq=False)
class Realigned:
    """`calibration` as it holds now; `moved` says by how many camera pixels the screen's middle moved.

    `residual` is by how many screen pixels nine in ten parts of the picture are still off at most, the picture's noise
    included; `agreeing` the share of the parts that moved together; `hidden` says which corner of the screen is out of
    sight, and what to do, or None.
    """

    calibration: MovedCalibration
    moved: float
    residual: float
    agreeing: float
    hidden: str | None

    @property
    def correction(self) -> Matrix:
        """Straightened camera pixels of now to those of the calibration before, (3, 3)."""
        return self.calibration.correction


def realign(shown: Picture, capture: Picture, calibration: Calibration) -> Realigned:
    """Re-align a calibration by one camera picture `capture` of a whole-screen picture `shown`.

    `shown` is (height, width) or BGR, of the screen's size or its shape; `capture` (height, width) or BGR, of the
    camera mode of the calibration. A calibration that was re-aligned before is re-aligned afresh. Raises Misleading
    with one sentence that says what is wrong and what to do.
    """
    if isinstance(calibration, MovedCalibration):
        calibration = calibration.before
    seen = _grey(capture)
    camera = (seen.shape[1], seen.shape[0])
    lens = Straightening.of(calibration, camera)
    if lens.camera != camera:
        raise Misleading(
            f"the camera's picture is {camera[0]}x{camera[1]}, the calibration is for {lens.camera[0]}x"
            f"{lens.camera[1]}: set the camera's size back, or {CALIBRATE}"
        )
    _refuse_blind(seen)
    expected = _Expected(_grey(shown), calibration, camera)
    correction = _found(expected, seen, calibration, lens)
    moved = MovedCalibration(calibration, correction, lens)
    allowed = 0.0 if isinstance(calibration, SolvedCalibration) else BY_HAND * camera[0]
    fitted = None
    for within in FOLLOWED_WITHIN:
        fitted = _followed(expected, seen, moved, within + 1.5 * allowed, AGREES_WITHIN + allowed)
        moved = MovedCalibration(calibration, fitted.correction, lens)
    assert fitted is not None
    return _judged(fitted, moved, camera, LARGEST_RESIDUAL + allowed)


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    correction: Matrix
    residual: float
    agreeing: float


class _Expected:
    """What the camera would see of a picture, as calibrated and as moved since."""

    def __init__(self, shown: Picture, calibration: Calibration, camera: tuple[int, int]) -> None:
        width, height = calibration.screen
        self.camera = camera
        self._scale = np.array([shown.shape[1] / width, shown.shape[0] / height])
        self._screen = calibration.screen
        # What is finer on the screen than a camera's pixel would flicker as it is sampled.
        spread = 0.45 * self._pixel(self._tabled(calibration)) * float(self._scale[0])
        self._shown = cv2.GaussianBlur(shown, (0, 0), spread) if spread > 0.5 else shown

    def of(self, calibration: Calibration) -> tuple[Picture, NDArray[np.bool_]]:
        """The camera's picture (height, width) through a calibration, and where it sees the screen."""
        places = self._tabled(calibration).spread(0, 0, *self.camera)
        on = np.asarray(((places >= 0) & (places <= np.array(self._screen, np.float32))).all(axis=2))
        at = (places * self._scale - 0.5).astype(np.float32)
        picture = cv2.remap(self._shown, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(np.where(on, picture, 0), np.uint8), on

    def _tabled(self, calibration: Calibration) -> Table:
        return tabulate(calibration.to_screen, self.camera, TABLE_STEP, reach=4.0 * max(self._screen))

    def _pixel(self, table: Table) -> float:
        """Screen pixels to one of the camera's, usually."""
        inside = np.asarray(((table.nodes >= 0) & (table.nodes <= np.array(self._screen))).all(axis=2))
        wide = np.abs(np.diff(table.nodes, axis=1)).max(axis=2)[inside[:, 1:]]
        return float(np.median(wide)) / table.step if wide.size else 1.0


def _grey(picture: Picture) -> Picture:
    return picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def _refuse_blind(seen: Picture) -> None:
    low, high = np.percentile(seen[::2, ::2], [2, 98])
    if high - low >= LEAST_CONTRAST:
        return
    if high < 40:
        raise Misleading(f"the camera's picture is dark: see that the projector shows the pebbles, {AGAIN}")
    if low > 215:
        raise Misleading(f"the camera's picture is white: turn lights down or lower the exposure, {AGAIN}")
    raise Misleading(f"the camera's picture is empty: clear what stands before it, point it at the screen, {AGAIN}")


def _found(expected: _Expected, seen: Picture, calibration: Calibration, lens: Straightening) -> Matrix:
    """The correction by features alone, to a pixel or so."""
    foretold, on = expected.of(calibration)
    finder = cv2.SIFT.create(nfeatures=FEATURES, contrastThreshold=0.02)
    before, say_before = finder.detectAndCompute(_even(foretold), on.astype(np.uint8))
    now, say_now = finder.detectAndCompute(_even(seen), None)
    matches: Sequence[Sequence[cv2.DMatch]] = []
    if say_before is not None and say_now is not None and len(say_now) > 1:
        matches = cv2.BFMatcher(cv2.NORM_L2).knnMatch(say_before, say_now, k=2)
    pairs = [
        (match[0].queryIdx, match[0].trainIdx)
        for match in matches
        if len(match) == 2 and match[0].distance < ALIKE * match[1].distance
    ]
    if len(pairs) >= FEWEST_MATCHES:
        then = lens.straight(np.array([before[one].pt for one, _ in pairs], np.float64))
        here = lens.straight(np.array([now[other].pt for _, other in pairs], np.float64))
        matrix, agreeing = cv2.findHomography(here, then, cv2.USAC_MAGSAC, MATCHED_WITHIN, None, 5000, 0.999)
        if (
            matrix is not None
            and int(agreeing.sum()) >= FEWEST_MATCHES
            and _plausible(np.asarray(matrix, np.float64), expected.camera)
        ):
            return np.asarray(matrix, np.float64)
    raise Misleading(
        f"the pebbles are not found in the camera's picture: show them on the whole screen, clear what stands before "
        f"them, point the camera at the screen, {AGAIN}, or {CALIBRATE}"
    )


def _plausible(matrix: Matrix, camera: tuple[int, int]) -> bool:
    """Whether the picture stays a picture: its corners in order, its size within reason."""
    width, height = camera
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    after = cv2.perspectiveTransform(corners, matrix)[0]
    edges = np.roll(after, -1, axis=0) - after
    turns = edges[:, 0] * np.roll(edges, -1, axis=0)[:, 1] - edges[:, 1] * np.roll(edges, -1, axis=0)[:, 0]
    area = float(turns.sum()) / 4 / (width * height)
    return bool((turns > 0).all()) and 0.25 < area < 4.0


def _even(picture: Picture) -> Picture:
    """A picture without its light: each place less what is around it, over its contrast."""
    values = picture.astype(np.float32)
    spread = max(4.0, picture.shape[1] / 40)
    middle = cv2.GaussianBlur(values, (0, 0), spread)
    square = cv2.GaussianBlur(values * values, (0, 0), spread)
    contrast = np.sqrt(np.maximum(square - middle * middle, 0))
    return np.asarray(np.clip(128 + 50 * (values - middle) / (contrast + 6), 0, 255), np.uint8)


def _followed(expected: _Expected, seen: Picture, moved: MovedCalibration, within: float, agrees: float) -> _Fitted:
    """A correction that brings the parts of the picture where they are seen, starting from one that nearly does."""
    width, height = expected.camera
    foretold, on = expected.of(moved)
    part = round(PART * max(1.0, width / 640)) | 1
    step = width / PARTS_ACROSS
    xs, ys = np.meshgrid(np.arange(step / 2, width, step), np.arange(step / 2, height, step))
    points = np.column_stack([xs.ravel(), ys.ravel()])
    inside = cv2.erode(on.astype(np.uint8), np.ones((part, part), np.uint8), borderValue=0) > 0
    detail = cv2.cornerMinEigenVal(cv2.GaussianBlur(foretold, (0, 0), 1.0), part)
    at = np.rint(points).astype(np.intp).clip(0, [width - 1, height - 1])
    chosen = inside[at[:, 1], at[:, 0]] & (
        detail[at[:, 1], at[:, 0]] > LEAST_DETAIL * float(detail[inside].max(initial=1e-9))
    )
    points = points[chosen]
    if len(points) < FEWEST_PARTS:
        raise Misleading(
            f"too little of the screen is in the camera's picture: turn the camera back to the screen, {AGAIN}, or "
            f"{CALIBRATE}"
        )
    here, there = _even(foretold), _even(seen)
    goals, kept = _follow(here, there, points, part)
    back, kept_back = _follow(there, here, goals, part)
    gone = np.hypot(*(goals - points).T)
    good = kept & kept_back & (np.hypot(*(back - points).T) < THERE_AND_BACK) & (gone < within)
    if good.sum() < max(FEWEST_PARTS, LEAST_AGREEING * len(points) / 2):
        raise Misleading(_covered(good.sum() / len(points)))
    then = moved.lens.straight(moved.to_before(points[good]))
    now = moved.lens.straight(goals[good])
    matrix, inliers = cv2.findHomography(now, then, cv2.USAC_MAGSAC, agrees, None, 5000, 0.999)
    if matrix is None:
        raise Misleading(_covered(0.0))
    fits = inliers.ravel() > 0
    matrix, _ = cv2.findHomography(now[fits], then[fits], 0)
    after = MovedCalibration(moved.before, np.asarray(matrix, np.float64), moved.lens)
    # On the screen: where the part is seen, by the new correction, against where it was shown.
    misses = np.hypot(*(after.to_screen(goals[good]) - moved.to_screen(points[good])).T)
    return _Fitted(after.correction, float(np.percentile(misses, RESIDUAL_OF)), float(fits.sum() / len(points)))


def _follow(here: Picture, there: Picture, points: Array, part: int) -> tuple[Array, NDArray[np.bool_]]:
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 0.003)
    start = points.astype(np.float32)[:, None, :]
    goals, kept, _ = cv2.calcOpticalFlowPyrLK(
        here, there, start, start.copy(), winSize=(part, part), maxLevel=2, criteria=criteria
    )
    return np.asarray(goals[:, 0], np.float64), kept.ravel() > 0


def _covered(share: float) -> str:
    return (
        f"only {100 * share:.0f} % of the pebbles are seen as they were shown: clear the way, turn other lights down, "
        f"{AGAIN}, or {CALIBRATE}"
    )


def _judged(fitted: _Fitted, moved: MovedCalibration, camera: tuple[int, int], largest: float) -> Realigned:
    if fitted.agreeing < LEAST_AGREEING:
        raise Misleading(_covered(fitted.agreeing))
    middle = np.array([moved.screen]) / 2
    then, now = moved.before.to_camera(middle), moved.to_camera(middle)
    if fitted.residual > largest * _screen_pixels(moved, now):
        raise Misleading(
            f"the picture on the wall has another shape than when it was calibrated, by {fitted.residual:.0f} px: the "
            f"projector or the wall was moved too, {CALIBRATE}"
        )
    corners = np.array(moved.corners)
    hidden = outside(corners, camera)
    if hidden is not None and _share_seen(moved, camera) < LEAST_SEEN:
        raise Misleading(f"{hidden}, {AGAIN}")
    distance = float(np.hypot(*(now - then)[0]))
    return Realigned(moved, distance, fitted.residual, fitted.agreeing, hidden)


def _screen_pixels(calibration: Calibration, at: Array) -> float:
    """Screen pixels to one of the camera's, at a camera pixel (1, 2)."""
    there, beside = calibration.to_screen(at), calibration.to_screen(at + np.array([1.0, 0.0]))
    return max(float(np.hypot(*(beside - there)[0])), 1e-6)


def _share_seen(calibration: Calibration, camera: tuple[int, int]) -> float:
    """The share of the screen that lies in the camera's picture."""
    xs, ys = ((np.arange(12) + 0.5) / 12 * side for side in calibration.screen)
    grid = np.meshgrid(xs, ys)
    points = calibration.to_camera(np.column_stack([grid[0].ravel(), grid[1].ravel()]))
    with np.errstate(invalid="ignore"):
        return float(((points >= -0.5) & (points <= np.array(camera) - 0.5)).all(axis=1).mean())
