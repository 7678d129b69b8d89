"""Whose turn it is: work that nobody waits for yet is done one after the other, likeliest first."""

import threading
from collections import deque


class Turns:
    """A queue of turns. The one at its head may work; who is waited for may skip the queue."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[Turn] = deque()

    def queue(self) -> "Turn":
        """A turn behind all others."""
        turn = Turn(self._changed, self._waiting)
        with self._changed:
            self._waiting.append(turn)
        return turn


class Turn:
    """One place in the queue."""

    def __init__(self, changed: threading.Condition, waiting: "deque[Turn]") -> None:
        self._changed = changed
        self._waiting = waiting

    def wait(self) -> None:
        """Until it is this one's turn, or it skips the queue."""
        with self._changed:
            self._changed.wait_for(lambda: self not in self._waiting or self._waiting[0] is self)

    def skip(self) -> None:
        """Wait no longer, and hold nobody up."""
        self.done()

    def done(self) -> None:
        """Let the next one begin."""
        with self._changed:
            if self in self._waiting:
                self._waiting.remove(self)
                self._changed.notify_all()
