"""Whether the camera still stands where it stood when it was calibrated, told from the film itself. Pure.

A few looks a second compare tiles of the camera's picture with what was shown. What they say is gathered over seconds
and fitted by one movement of the whole picture. How the tiles lie in the first seconds is taken as how they should lie,
as far as the calibration's own error explains it; what comes on top is a movement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.drift_evidence import FEWEST_FITTING, Evidence
from hardware.camera.drift_fit import Movement, fit_movement, fit_warp
from hardware.camera.drift_leap import Leap
from hardware.camera.drift_tiles import spread
from hardware.camera.drift_view import View

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]
Standing = Literal["learning", "still there", "moved", "cannot tell"]
Hindrance = Literal["", "no film", "dark", "plain", "hidden", "moving", "small"]

PARTS = 2
LOOK_EVERY, REPORT_EVERY = 0.5, 1.0
LEARNT_AFTER, LEARNT_LOOKS = 8.0, 10
FLAG = 0.3
"""Camera pixels that the shift of the screen's middle must exceed for sure (by SURELY sigmas) to be told..."""
UNFLAG = 0.25
"""... and must fall below to be taken back."""
FLAG_UNSURE = 0.02
"""Camera pixels more for each that the calibration itself may be off: how things should lie is known less well."""
FLAG_TURNED = 1.0
"""The same for the displacement of the screen's corners, which the room's own light can turn or stretch a little."""
SURELY = 2.0
FLAG_REPORTS, UNFLAG_REPORTS = 2, 5
AT_ONCE = 1.0
"""Camera pixels beyond that with which nobody waits for a second report."""
BLUNT = 0.3
"""Camera pixels of doubt with which nothing is said."""
SILENT = 12.0
"""Seconds without a look that told anything, after which a verdict is too old."""
LOST = 0.5
"""Share of the telling tiles that fit, below which the picture is searched for farther away."""
SEARCH_EVERY = 1.0
LEAP = 2.0
"""Camera pixels from what is known at which another place is worth believing."""
DARK = 12.0
GREEN = 1


@dataclass(frozen=True, slots=True)
class DriftSeen:
    """Whether the camera stands where it did, at clock time `clock`.

    `shift` is the movement of the screen's middle in camera pixels, `turned` in degrees (clockwise in the picture),
    `grown` as a share; `largest` is the largest displacement of any part of the screen in camera pixels, `hits_off` the
    same in pixels of the screen: by so much hits are placed wrong. `doubt` is its standard deviation in camera pixels.
    `since` is the clock time from which it has moved, nan unless it has. `own_error` is the calibration's own error,
    found in the first seconds, in camera pixels, nan while it is not known. `hindered` says why nothing can be told
    now: then a camera that has moved stays so, and of any other nothing is said.
    """

    clock: float
    standing: Standing
    shift: tuple[float, float] = (0.0, 0.0)
    turned: float = 0.0
    grown: float = 0.0
    largest: float = 0.0
    hits_off: float = 0.0
    doubt: float = float("nan")
    since: float = float("nan")
    own_error: float = float("nan")
    hindered: Hindrance = ""


class Drift:
    """Looks at frames together with what was shown, and says whether the camera moved."""

    def __init__(self, view: View, *, screen_width: int, tolerance: float) -> None:
        """`view` as calibrated; the screen's width in pixels; by how much the calibration may be off by itself.

        `tolerance` is in camera pixels: about 0.5 for one solved from patterns, a few for one by corners. What lies
        beyond it from the start is a movement since the calibration was made.
        """
        self._tolerance = tolerance
        self._flag = FLAG + FLAG_UNSURE * tolerance
        self._screen_pixels = view.scale() * screen_width / view.shown[0]
        self._tiles = spread(view, PARTS)
        self._leap = Leap(view)
        self._middles: Array = np.vstack([tiles.middles for tiles in self._tiles]) if self._tiles else np.zeros((0, 2))
        self._screen = view.seen(32)
        self._middle = (float(self._screen[:, 0].mean()), float(self._screen[:, 1].mean())) if self._tiles else (0, 0)
        self._reference: Array = np.zeros_like(self._middles)
        self._expected: Array = np.zeros_like(self._middles)
        self._own_error = float("nan")
        self._evidence = Evidence(len(self._middles))
        self._turn = 0
        self._next_look = self._next_search = self._next_report = self._told_at = -np.inf
        self._began: float | None = None
        self._candidate: tuple[float, Array] | None = None
        self._told: Movement | None = None
        self._since: float | None = None
        self._for = self._against = 0

    def due(self, clock: float) -> bool:
        """Whether a look is due: between looks `see` need not be called, and what was shown need not be fetched."""
        return bool(self._tiles) and clock >= self._next_look

    def see(self, frame: Picture, shown: Sequence[Picture], clock: float) -> None:
        """Look at a camera picture, (height, width, 3) BGR or (height, width), where a look is due.

        `shown` are the pictures, each (height, width, 3) BGR, that were on the wall when it was taken and one before
        and after, the oldest first; the likeliest is in the middle. One alone serves where the latency is exact.
        """
        if not self.due(clock) or not shown:
            return
        self._next_look = clock + LOOK_EVERY
        self._began = clock if self._began is None else self._began
        planes = [_plane(picture, coloured=frame.ndim == 3) for picture in shown]
        tiles = self._tiles[self._turn]
        before = sum(len(part) for part in self._tiles[: self._turn])
        mine = slice(before, before + len(tiles))
        self._turn = (self._turn + 1) % PARTS
        shifts = tiles.measure(frame, planes, self._expected[mine])
        light = float(planes[len(planes) // 2][::16, ::16].mean())
        look = self._evidence.add(clock, shifts, mine, light)
        lost = look.telling >= FEWEST_FITTING and look.fitting < LOST * look.telling
        if lost and (clock >= self._next_search or self._candidate is not None):
            self._next_search = clock + SEARCH_EVERY
            self._search(frame, planes, clock)

    def report(self, clock: float) -> DriftSeen | None:
        """What is known, once a second; None in between."""
        if clock < self._next_report:
            return None
        self._next_report = clock + REPORT_EVERY
        if not self._tiles:
            return DriftSeen(clock, "cannot tell", hindered="small")
        values, information = self._evidence.gathered(clock)
        if not self._learnt:
            self._learn(values, information, clock)
        movement = fit_movement(self._middles, values - self._reference, information, self._middle)
        if self._tells(movement):
            self._told_at, self._told = clock, movement
            self._expected = movement.at(self._middles) + self._reference
            self._judge(movement, clock)
        return self._verdict(clock)

    @property
    def _learnt(self) -> bool:
        return not np.isnan(self._own_error)

    def _learn(self, values: Array, information: Array, clock: float) -> None:
        """Take how the tiles lie as how they should lie, once enough was seen and as far as it may be so."""
        enough = sum(look.fitting >= FEWEST_FITTING for look in self._evidence.recent(clock)) >= LEARNT_LOOKS
        if not enough or self._began is None or clock - self._began < LEARNT_AFTER:
            return
        movement = fit_movement(self._middles, values, information, self._middle)
        if not self._tells(movement):
            return
        self._own_error = float(np.hypot(*movement.at(self._screen).T).max())
        if self._corners_surely(movement) > self._tolerance:
            return
        # A tile alone is known less well than all together: what it says beyond them counts by how sure it is.
        common = fit_warp(self._middles, values, information, self._tolerance)
        certainty = np.trace(information, axis1=1, axis2=2) / 2
        share = certainty / (certainty + self._tolerance**-2)
        away = np.clip(values - common, -self._tolerance, self._tolerance)
        self._reference = common + np.where(certainty[:, None] > 0, share[:, None] * away, 0.0)

    def _tells(self, movement: Movement) -> bool:
        """Whether enough tiles agree on a movement, well enough."""
        sharp = float(movement.doubt(np.array([self._middle]))[0]) < BLUNT
        return sharp and movement.parts >= FEWEST_FITTING and movement.agreeing > 0.5

    def _judge(self, movement: Movement, clock: float) -> None:
        excess = self._excess(movement)
        self._for = self._for + 1 if excess > 0 else 0
        self._against = self._against + 1 if _length(movement.values[:2]) < UNFLAG and excess < -UNFLAG else 0
        if self._since is None and (self._for >= FLAG_REPORTS or excess > AT_ONCE):
            self._since = self._evidence.changed(movement.values[:2], self._reference, clock)
        elif self._since is not None and self._against >= UNFLAG_REPORTS:
            self._since = None

    def _excess(self, movement: Movement) -> float:
        """By how many camera pixels a movement surely exceeds what is told; negative for less."""
        if not self._learnt:
            return self._corners_surely(movement) - self._tolerance - FLAG_TURNED
        shifted = _length(movement.values[:2]) - SURELY * float(movement.doubt(np.array([self._middle]))[0])
        return max(shifted - self._flag, self._corners_surely(movement) - FLAG_TURNED)

    def _corners_surely(self, movement: Movement) -> float:
        """By how many camera pixels some part of the screen is displaced for sure."""
        return float((np.hypot(*movement.at(self._screen).T) - SURELY * movement.doubt(self._screen)).max())

    def _search(self, frame: Picture, planes: Sequence[Picture], clock: float) -> None:
        """Look farther away; believe what is found twice in the same place."""
        found = self._leap.search(frame, planes)
        if found is None:
            return
        here, first, self._candidate = found.at(self._middles), self._candidate, None
        if _apart(here, self._expected) < LEAP:
            return
        if first is None or _apart(here, first[1]) > self._leap.pixels:
            self._candidate = (clock, here)
            return
        self._expected = here
        self._evidence.forget_before(clock)
        known = np.broadcast_to(np.eye(2) * self._leap.pixels**-2.0, (len(here), 2, 2))
        self._told, self._told_at = fit_movement(self._middles, here - self._reference, known, self._middle), clock
        if self._since is None and self._excess(self._told) > 0:
            self._since = first[0]

    def _verdict(self, clock: float) -> DriftSeen:
        stale = clock - self._told_at > SILENT and (self._began is None or clock - self._began > SILENT)
        hindered: Hindrance = self._hindrance(clock) if stale else ""
        if self._told is None or (stale and self._since is None):
            standing: Standing = "cannot tell" if stale else "learning"
            return DriftSeen(clock, standing, own_error=self._own_error, hindered=hindered)
        # Less turning and growing than would be told is not told: it is as well the room's.
        movement = self._told if self._corners_surely(self._told) > FLAG_TURNED else self._told.straight()
        off = np.hypot(*movement.at(self._screen).T)
        worst = int(off.argmax())
        return DriftSeen(
            clock,
            "moved" if self._since is not None else "still there" if self._learnt else "learning",
            shift=(float(movement.values[0]), float(movement.values[1])),
            turned=float(np.degrees(movement.values[3])),
            grown=float(movement.values[2]),
            largest=float(off[worst]),
            hits_off=float(off[worst]) * self._screen_pixels,
            doubt=float(movement.doubt(self._screen[worst : worst + 1])[0]),
            since=float("nan") if self._since is None else self._since,
            own_error=self._own_error,
            hindered=hindered,
        )

    def _hindrance(self, clock: float) -> Hindrance:
        looks = self._evidence.recent(clock)
        if not looks:
            return "no film"
        telling, fitting, light = np.median([(look.telling, look.fitting, look.light) for look in looks], axis=0)
        if telling < FEWEST_FITTING:
            return "dark" if light < DARK else "plain"
        return "hidden" if fitting < FEWEST_FITTING else "moving"


def _apart(one: Array, other: Array) -> float:
    """How far two displacements (n, 2) of the tiles are usually apart."""
    return float(np.median(np.hypot(*(one - other).T)))


def _length(vector: Array) -> float:
    return float(np.hypot(vector[0], vector[1]))


def _plane(picture: Picture, *, coloured: bool) -> Picture:
    """The plane of a shown picture to compare: green, which a colour camera tells best, or grey."""
    if picture.ndim == 2:
        return picture
    if coloured:
        return np.asarray(cv2.extractChannel(picture, GREEN), np.uint8)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
