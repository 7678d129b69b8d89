"""How long a flip takes to reach the camera's picture, from flashes; and which frame to take after a change. Pure.

Clock times in seconds throughout. A frame's time is its stamp, and a frame holds light of the time before its stamp, up
to one frame period. A change that falls into a frame brightens it in part: the part tells when, finer than a frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

LEAST_STEP = 8.0  # grey levels between black and white
LONGEST_WAIT = 1.0  # seconds after a flip in which its change must have come
LEAST_FOUND = 4
LARGEST_SPREAD = 0.04  # seconds: beyond it, no single latency is true


class NoLatency(Exception):  # noqa: N818 - it says what was not found
    """The latency cannot be told; the text says why and what to do, in one sentence."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One camera frame: its time and its mean brightness on the screen, in grey levels."""

    time: float
    brightness: float


@dataclass(frozen=True, slots=True)
class Flip:
    """One flash's edge: when the window showed it, and whether it turned to white."""

    time: float
    white: bool


@dataclass(frozen=True, slots=True)
class MeasuredLatency:
    """From a flip to its change in the camera: the median, half the range of the middle eight of ten, `count` changes.

    `period` is the camera's usual time from frame to frame.
    """

    seconds: float
    spread: float
    count: int
    period: float

    def until_whole(self, refresh: float) -> float:
        """Seconds from a flip to the earliest stamp of a frame that began wholly after its change was visible.

        A wait that is too short is wrong without any error, so the spread and a refresh of the projector are added.
        """
        return self.seconds + self.spread + refresh + self.period

    def until_next(self, refresh: float) -> float:
        """Seconds a picture has to stay on the wall for such a frame to end before the next picture is visible.

        The next may be shown while the last is still on its way to the camera: only its own frame must not see it. A
        camera is given half a period of unpunctuality.
        """
        return 2 * self.spread + refresh + 2.5 * self.period

    def untouched(self, stamp: float, next_flip: float) -> bool:
        """Whether a frame with this stamp ended before the change of `next_flip` could be visible."""
        return stamp <= next_flip + self.seconds - self.spread


def measure_latency(samples: Sequence[Sample], flips: Sequence[Flip]) -> MeasuredLatency:
    """The latency by flashes. `samples` cover all `flips` and LONGEST_WAIT beyond, or end at the next flip.

    Raises NoLatency where the camera does not see the changes, or sees them at scattered times.
    """
    if len(samples) < 3 or not flips:
        raise NoLatency("the camera gave no pictures during the flashes: see that it is connected, and try again")
    times = np.array([sample.time for sample in samples])
    brightness = np.array([sample.brightness for sample in samples])
    low, high = np.percentile(brightness, [10, 90])
    if high - low < LEAST_STEP:
        raise NoLatency(
            "the camera does not see the flashes: point it at the screen, and see that the projector shows them"
        )
    period = float(np.median(np.diff(times)))
    found: list[float] = []
    for at, flip in enumerate(flips):
        end = flips[at + 1].time if at + 1 < len(flips) else flip.time + LONGEST_WAIT
        crossing = _crossing(times, brightness, flip, min(end, flip.time + LONGEST_WAIT), period)
        if crossing is not None:
            found.append(crossing - flip.time)
    if len(found) < min(LEAST_FOUND, len(flips)):
        raise NoLatency(
            f"only {len(found)} of {len(flips)} flashes were seen: darken the room, keep people out of the light, and "
            "try again"
        )
    low_tenth, middle, high_tenth = np.percentile(found, [10, 50, 90])
    spread = float(high_tenth - low_tenth) / 2
    if spread > max(LARGEST_SPREAD, 1.5 * period):
        raise NoLatency(
            f"the flashes were seen after {1000 * min(found):.0f} to {1000 * max(found):.0f} ms, so no one latency is "
            "true: close what else uses the camera or the processor, switch off the projector's picture processing, "
            "and try again"
        )
    return MeasuredLatency(float(middle), spread, len(found), period)


def _crossing(times: np.ndarray, brightness: np.ndarray, flip: Flip, end: float, period: float) -> float | None:
    """When the change of one flip was seen; None where it was not.

    From the last frame before the flip to a frame that holds the new brightness: what each lacks or has of the step,
    times its duration, adds up to the time of the change.
    """
    # The picture may still change after the next flip: the latency can be longer than a flash.
    within = (times > flip.time - 2 * period) & (times <= end + LONGEST_WAIT)
    times, brightness = times[within], brightness[within]
    after = times > flip.time
    if after.sum() < 2:
        return None
    levels = brightness if flip.white else -brightness
    rise = np.diff(levels)
    low, high = np.percentile(levels, [5, 95])
    if high - low < LEAST_STEP:
        return None
    share = np.clip((levels - low) / (high - low), 0, 1)
    # The first time it goes from below to above: the change of this flip, and not of one further on.
    for index, (before, now) in enumerate(pairwise(share)):
        if before < 0.5 <= now and times[index + 1] > flip.time:
            first = index
            while first > 0 and share[first] > 0.05 and rise[first - 1] > 0:
                first -= 1
            last = index + 1
            while last + 1 < len(share) and share[last] < 0.95 and rise[last] > 0:
                last += 1
            steps = np.diff(times[first : last + 1])
            # Frames that were dropped leave a gap; a frame holds one period's light all the same.
            lit = float((share[first + 1 : last + 1] * np.minimum(steps, 1.5 * period)).sum())
            return float(times[last]) - lit
    return None
