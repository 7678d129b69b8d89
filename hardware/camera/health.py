"""How well the camera serves: facts about its pictures and their times, gathered frame by frame, told once a second.

Pure arithmetic on a sample of each picture's pixels; no clock of its own. What makes a picture one in which no hit can
be seen, and why a working camera in a dark room is never taken for that:

- *black*: every sampled pixel stays within `EVEN` levels of every other and below `BLACK_LEVEL`, for seconds. A covered
  sensor whose noise is clipped away delivers this. A working one does not: it has read noise, hot pixels, the fall-off
  of its lens, and a projector's black still lights a wall. A camera behind an infrared filter may see nothing but
  the laser: once a spot has shown out of such a picture, black is what that camera sees.
- *frozen*: no sampled pixel changes by a single level, for seconds. Light arrives in quanta, so a working sensor's
  picture always changes (of the real recordings at hand the stillest changes 5 % of its pixels from frame to frame).
- *blinded*: most of the screen is clipped in all channels, so that a laser can add nothing to it. Where the screen lies
  is known from the calibration; a sunlit window beside it does not count.
"""

from collections import deque
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.messages import CameraHealth, PictureCondition
from range.core.geometry import Point

HEALTH_EVERY = 1.0
SAMPLES = 8000
BLACK_LEVEL = 20
"""The highest black: 16 where a camera codes its range as video does, and a little."""
EVEN = 2
CLIPPED = 250
BLINDED_SHARE = 0.5
SECONDS_TO_BELIEVE = 3
"""Seconds in a row before a condition is believed: a film may be black or white for a moment."""
FEWEST_ON_SCREEN = 50
CLIPPED_EVERY = 4
FAR = 16000
UNEVEN = 0.25
"""Share of a frame period by which frames may come early or late without any being missing."""
KEPT_STEPS = 240


def caught_share(pulse: float, exposure: float, period: float) -> float:
    """The share of laser pulses that show in at least one frame, 0 to 1.

    `pulse` is a pulse's length, `exposure` how long each frame gathers light, `period` the time from one frame to the
    next, in seconds. A pulse is missed when it lies wholly between two exposures; with the exposure unknown, 0 gives a
    lower bound.
    """
    return 1.0 if period <= 0 else min(1.0, (pulse + exposure) / period)


def missing_frames(steps: Sequence[float], period: float) -> int:
    """How many frames the steps between capture times, in seconds, leave room for, at one every `period`.

    A late frame followed by one that makes good for it is no loss; small unevenness, as of times in whole milliseconds,
    is none either.
    """
    if period <= 0:
        return 0
    over = [step / period - 1 for step in steps]
    room = sum(round(share) for share in over if share > 0.5)
    return max(0, min(room, round(sum(share for share in over if abs(share) > UNEVEN))))


class HealthWatch:
    """Watches one opened camera's frames.

    `pulse` is the laser's pulse in seconds, learnt or assumed; `exposure` the camera's, 0 where unknown; `screen` the
    screen's corners in camera pixels, where known. `times_tell_gaps` says whether capture times show what was left out.
    """

    def __init__(
        self,
        began: float,
        *,
        pulse: float,
        exposure: float = 0.0,
        screen: Sequence[Point] | None = None,
        times_tell_gaps: bool = True,
    ) -> None:
        self._pulse = pulse
        self._exposure = exposure
        self._screen = screen
        self._times_tell_gaps = times_tell_gaps
        self._since = began
        self._frames = 0
        self._finding = 0.0
        self._last_time: float | None = None
        self._steps: deque[float] = deque(maxlen=KEPT_STEPS)
        self._new_steps: list[float] = []
        self._size = (0, 0)
        self._stride = 1
        self._on_screen: NDArray[np.bool_] = np.zeros((0, 0), np.bool_)
        self._sample: NDArray[np.uint8] | None = None
        self._changed = False
        self._darkest, self._brightest = 255, 0
        self._even_frames = 0
        self._clipped: list[float] = []
        self._spots = 0
        self._sees_only_light = False
        self._suspected: PictureCondition = "clear"
        self._suspected_for = 0

    def see(self, picture: NDArray[np.uint8], captured: float, *, finding: float, spots: int) -> None:
        """Take note of a frame: uint8, (height, width, 3) BGR or (height, width).

        `captured` is its capture time, `finding` the seconds its spots took to find, `spots` how many there were.
        """
        height, width = picture.shape[:2]
        if (width, height) != self._size or (self._sample is not None and self._sample.ndim != picture.ndim):
            self._measure(width, height)
        if self._last_time is not None:
            self._new_steps.append(captured - self._last_time)
        self._last_time = captured
        sample = np.ascontiguousarray(picture[:: self._stride, :: self._stride])
        if self._sample is not None and not np.array_equal(sample, self._sample):
            self._changed = True
        self._sample = sample
        darkest, brightest = int(sample.min()), int(sample.max())
        self._darkest, self._brightest = min(self._darkest, darkest), max(self._brightest, brightest)
        self._even_frames += _is_even_black(darkest, brightest)
        if self._frames % CLIPPED_EVERY == 0:
            self._clipped.append(self._clipped_share(sample))
        self._frames += 1
        self._finding += finding
        self._spots += spots

    def report(self, now: float) -> CameraHealth | None:
        """The facts of the second that has passed; None while it has not. `now` is on the clock that `began` was."""
        if now - self._since < HEALTH_EVERY or not self._frames:
            return None
        self._steps.extend(step for step in self._new_steps if step > 0)
        period = float(np.median(self._steps)) if self._steps else 0.0
        health = CameraHealth(
            frames_a_second=self._frames / (now - self._since),
            finding_ms=1000 * self._finding / self._frames,
            width=self._size[0],
            height=self._size[1],
            picture=self._believed(),
            dropped=missing_frames(self._new_steps, period) if self._times_tell_gaps else None,
            saturated=float(np.mean(self._clipped)),
            caught=caught_share(self._pulse, self._exposure, period),
            exposure_known=self._exposure > 0,
        )
        self._since = now
        self._frames, self._finding, self._spots = 0, 0.0, 0
        self._new_steps, self._clipped = [], []
        self._changed = False
        self._darkest, self._brightest, self._even_frames = 255, 0, 0
        return health

    def _measure(self, width: int, height: int) -> None:
        """A picture of another size: choose which of its pixels are looked at, and which of them show the screen."""
        self._size = (width, height)
        self._stride = max(1, round((width * height / SAMPLES) ** 0.5))
        self._sample = None
        rows, columns = -(-height // self._stride), -(-width // self._stride)
        inside = np.zeros((rows, columns), np.uint8)
        # A calibration may know no place for a corner that the camera does not see.
        if self._screen is not None and np.isfinite(self._screen).all():
            corners = np.clip(np.rint(np.array(self._screen) / self._stride), -FAR, FAR).astype(np.int32)
            cv2.fillPoly(inside, [corners.reshape(-1, 1, 2)], 1)
        if int(inside.sum()) < FEWEST_ON_SCREEN:
            inside[:] = 1
        self._on_screen = inside.astype(np.bool_)

    def _clipped_share(self, sample: NDArray[np.uint8]) -> float:
        """The share of the screen on which no channel can rise any more."""
        full = sample >= CLIPPED
        if full.ndim == 3:
            full = full[:, :, 0] & full[:, :, 1] & full[:, :, 2]
        return float(full[self._on_screen].mean())

    def _believed(self) -> PictureCondition:
        """What this second looks like, once it has for long enough; what was believed ends with the first good one."""
        seems = self._seems()
        self._suspected_for = self._suspected_for + 1 if seems == self._suspected else 1
        self._suspected = seems
        return seems if self._suspected_for >= SECONDS_TO_BELIEVE else "clear"

    def _seems(self) -> PictureCondition:
        if self._spots:
            self._sees_only_light = self._sees_only_light or 2 * self._even_frames > self._frames
            return "clear"
        if _is_even_black(self._darkest, self._brightest):
            return "clear" if self._sees_only_light else "black"
        if float(np.mean(self._clipped)) > BLINDED_SHARE:
            return "blinded"
        return "frozen" if not self._changed and self._frames > 1 else "clear"


def _is_even_black(darkest: int, brightest: int) -> bool:
    return brightest <= BLACK_LEVEL and brightest - darkest <= EVEN
