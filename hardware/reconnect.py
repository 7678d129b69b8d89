"""A device that goes and comes back: when to try it again, and what to say about it, once.

Pure: time is passed in, in seconds of one monotonic clock. The caller opens and reads; it tells this machine what came
of it and passes on the reports it gets back.

    opening -> missing | live;  missing -> live;  live -> lost;  lost -> returning;  returning -> live | lost
"""

from dataclasses import dataclass
from typing import Literal

DeviceState = Literal["missing", "opening", "live", "lost", "returning"]

FIRST_WAIT = 0.2  # seconds before the first new try
LONGEST_WAIT = 2.0  # a device plugged in again is found within this
GROWTH = 2.0
STEADY = 5.0  # a device live for so long has earned a quick first try again


@dataclass(frozen=True, slots=True)
class Report:
    """A state and one plain sentence about it, with a remedy where there is one."""

    state: DeviceState
    reason: str


class Reconnect:
    """Every method returns the report to pass on, or None where it has been said already."""

    __slots__ = ("_due", "_ended", "_live_since", "_said", "_wait", "_was_live", "state")

    def __init__(self) -> None:
        self.state: DeviceState = "opening"
        self._due = 0.0
        self._wait = FIRST_WAIT
        self._was_live = False
        self._live_since = 0.0
        self._said: Report | None = None
        self._ended = False

    @property
    def ended(self) -> bool:
        """Whether `end` was called: no more tries."""
        return self._ended

    def start(self, now: float, reason: str) -> Report | None:
        """The first try begins."""
        self._due = now
        return self._say("opening", reason)

    def wait(self, now: float) -> float | None:
        """Seconds until the next try, 0 when it is due; None after the end."""
        return None if self._ended else max(0.0, self._due - now)

    def failed(self, now: float, reason: str, *, absent: bool = False) -> Report | None:
        """A try came to nothing. Said once for each new reason: missing before it ever was live, lost after.

        `absent`: the device is simply not there, which is no news of one that was reported lost.
        """
        self._back_off(now)
        if absent and self.state == "lost":
            return None
        return self._say("lost" if self._was_live else "missing", reason)

    def opened(self, reason: str) -> Report | None:
        """A try opened a device that was live before and has not yet shown that it works again."""
        return self._say("returning", reason) if self._was_live else None

    def works(self, now: float, reason: str) -> Report | None:
        """The device works."""
        if self.state != "live":
            self._live_since = now
        self._was_live = True
        return self._say("live", reason)

    def lost(self, now: float, reason: str) -> Report | None:
        """An opened device went away, or fell silent."""
        if self.state == "live" and now - self._live_since >= STEADY:
            self._wait = FIRST_WAIT
        self._back_off(now)
        return self._say("lost" if self._was_live else "missing", reason)

    def end(self) -> None:
        """No more tries, for good."""
        self._ended = True

    def _back_off(self, now: float) -> None:
        self._due = now + self._wait
        self._wait = min(self._wait * GROWTH, LONGEST_WAIT)

    def _say(self, state: DeviceState, reason: str) -> Report | None:
        report = Report(state, reason)
        self.state = state
        if report == self._said:
            return None
        self._said = report
        return report
