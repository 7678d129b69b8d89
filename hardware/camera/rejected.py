"""What was no hit, second by second, in a form that no flood can swell."""

from collections import deque

from hardware.camera.messages import RejectionSeen, RejectionsSeen
from hardware.laser.spot import Rejection

TOLD_REJECTIONS = 5
"""Rejections told a second; a flood of them is counted, so that it can fill no pipe and no terminal."""
KEPT_TIMES = 16
"""Frames whose capture times are kept, to tell when a candidate was seen that is turned down some frames later."""


class Rejected:
    """The candidates a finder turned down in the last second: the first few whole, the others counted.

    `rejections` is the finder's own list, which this empties.
    """

    def __init__(self, rejections: deque[Rejection]) -> None:
        self._rejections = rejections
        self._times: deque[float] = deque(maxlen=KEPT_TIMES)
        self._frames = 0
        self._few: list[RejectionSeen] = []
        self._more = 0

    def take(self, captured: float) -> None:
        """A frame captured at this clock time has been searched."""
        self._times.append(captured)
        self._frames += 1
        while self._rejections:
            seen = self._rejections.popleft()
            if len(self._few) == TOLD_REJECTIONS:
                self._more += 1
                continue
            ago = min(self._frames - 1 - seen.frame, len(self._times) - 1)
            self._few.append(RejectionSeen(self._times[-1 - ago], round(seen.x, 1), round(seen.y, 1), seen.reason))

    def last_second(self) -> RejectionsSeen | None:
        """What has been gathered since the last call; None for nothing."""
        if not self._few:
            return None
        told = RejectionsSeen(tuple(self._few), self._more)
        self._few, self._more = [], 0
        return told
