"""How well the camera serves: facts about its pictures and their times, gathered frame by frame, told once a second
and whenever hits can no longer be seen, or can again. Pure arithmetic, no clock of its own.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.messages import CameraHealth
from hardware.camera.picture_watch import PictureWatch
from range.core.geometry import Point

HEALTH_EVERY = 1.0
SAMPLES = 8000
CLIPPED = 250
SLOW_SHARE = 0.6
"""The share of the wanted rate below which a camera is slow."""
SLOW_SECONDS = 2
"""Seconds in a row of a low rate before it is believed, and of a high one before it is wanted."""
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
    screen's corners in camera pixels, where known; `wanted` the frames a second it should deliver, 0 where nobody
    knows: then it is held to what it once delivered. `times_tell_gaps` says whether capture times show what was left
    out.
    """

    def __init__(
        self,
        began: float,
        *,
        pulse: float,
        exposure: float = 0.0,
        screen: Sequence[Point] | None = None,
        wanted: float = 0.0,
        times_tell_gaps: bool = True,
    ) -> None:
        self._pulse = pulse
        self._exposure = exposure
        self._screen = screen
        self._wanted = wanted
        self._learns_rate = wanted == 0
        self._times_tell_gaps = times_tell_gaps
        self._since = began
        self._frames = 0
        self._seen = 0
        self._finding = 0.0
        self._last_time: float | None = None
        self._steps: deque[float] = deque(maxlen=KEPT_STEPS)
        self._new_steps: list[float] = []
        self._rates: deque[float] = deque(maxlen=SLOW_SECONDS)
        self._size = (0, 0)
        self._stride = 1
        self._on_screen: NDArray[np.bool_] = np.zeros((0, 0), np.bool_)
        self._clipped: list[float] = []
        self._picture = PictureWatch()
        self._told: CameraHealth | None = None

    def see(self, picture: NDArray[np.uint8], captured: float, *, finding: float, spots: int) -> None:
        """Take note of a frame: uint8, (height, width, 3) BGR or (height, width).

        `captured` is its capture time, `finding` the seconds its spots took to find, `spots` how many there were.
        """
        height, width = picture.shape[:2]
        if (width, height) != self._size:
            self._measure(width, height)
        if self._last_time is not None:
            self._new_steps.append(captured - self._last_time)
        self._last_time = captured
        sample = np.ascontiguousarray(picture[:: self._stride, :: self._stride])
        clipped = self._clipped_share(sample) if self._seen % CLIPPED_EVERY == 0 else None
        if clipped is not None:
            self._clipped.append(clipped)
        self._picture.see(sample, captured, clipped=clipped, spots=spots)
        self._seen += 1
        self._frames += 1
        self._finding += finding

    def report(self, now: float) -> CameraHealth | None:
        """The facts of the second that has passed; None while it has not. `now` is on the clock that `began` was.

        Where hits can no longer be seen, or can again, that is told at once, with the last second's other facts.
        """
        if now - self._since < HEALTH_EVERY or not self._frames:
            return self._change()
        self._steps.extend(step for step in self._new_steps if step > 0)
        period = float(np.median(self._steps)) if self._steps else 0.0
        rate = self._frames / (now - self._since)
        slow = self._is_slow(rate)
        picture, since = self._picture.condition, self._picture.since
        if picture == "clear" and slow:
            picture, since = "slow", self._since
        health = CameraHealth(
            frames_a_second=rate,
            finding_ms=1000 * self._finding / self._frames,
            width=self._size[0],
            height=self._size[1],
            picture=picture,
            dropped=missing_frames(self._new_steps, period) if self._times_tell_gaps else None,
            saturated=float(np.mean(self._clipped)) if self._clipped else 0.0,
            caught=caught_share(self._pulse, self._exposure, period),
            exposure_known=self._exposure > 0,
            since=since,
            wanted=self._wanted,
        )
        self._since = now
        self._frames, self._finding = 0, 0.0
        self._new_steps, self._clipped = [], []
        self._told = health
        return health

    def _change(self) -> CameraHealth | None:
        """The facts told last with what the picture is now, where hits can be seen in it otherwise than told."""
        told, now = self._told, self._picture.condition
        if told is None or now == told.picture or (now == "clear" and told.picture == "slow"):
            return None
        self._told = replace(told, picture=now, since=self._picture.since)
        return self._told

    def _is_slow(self, rate: float) -> bool:
        self._rates.append(rate)
        if len(self._rates) < SLOW_SECONDS:
            return False
        if self._learns_rate:
            self._wanted = max(self._wanted, min(self._rates))
        return max(self._rates) < SLOW_SHARE * self._wanted

    def _measure(self, width: int, height: int) -> None:
        """A picture of another size: choose which of its pixels are looked at, and which of them show the screen."""
        self._size = (width, height)
        self._stride = max(1, round((width * height / SAMPLES) ** 0.5))
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
