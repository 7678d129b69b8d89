"""Whether hits are counted, for the record: from when to when they were not while a scenario was played, and why."""

from range.app.camera_standing import Told

DEVICE = "hits"
NOT_COUNTED = "not counted"
COUNTED = "counted"


class Counting:
    """Ask `step` once each round of the frame loop."""

    def __init__(self) -> None:
        self._why: str | None = None
        self._began: float | None = None

    def step(self, why: str | None, *, playing: bool, now: float, since: float = 0.0) -> Told | None:
        """What is news for the record.

        `why` the hits of a scene would not be counted now, None where they would; `since` which clock time, 0 for now.
        `playing`: a scenario has begun and has not ended.
        """
        if not playing:
            self._why = self._began = None
            return None
        if self._began is None:
            self._began = now
        if why == self._why:
            return None
        self._why = why
        if why is None:
            return Told(DEVICE, COUNTED, "hits are counted again")
        return Told(DEVICE, NOT_COUNTED, why, max(since or now, self._began))
