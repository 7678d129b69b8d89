"""What each flip put on the wall, remembered for a while."""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass

from range.core.events import Visible

REMEMBERED = 1800


@dataclass(frozen=True, slots=True)
class Shown:
    """What was on the wall at an instant, and the clip's display shape (width / height)."""

    visible: Visible
    shape: float


class FlipMemory:
    """The last flips, in the order of their clock times."""

    def __init__(self) -> None:
        self._flips: deque[tuple[float, Shown | None]] = deque(maxlen=REMEMBERED)

    def note(self, flip: float, shown: Shown | None) -> None:
        """The flip at a clock time put this on the wall; None is the slate."""
        self._flips.append((flip, shown))

    def at(self, clock: float) -> Shown | None:
        """What was on the wall at a clock time; None for the slate and for times before the first flip."""
        index = bisect_right(self._flips, clock, key=lambda flip: flip[0])
        return self._flips[index - 1][1] if index else None
