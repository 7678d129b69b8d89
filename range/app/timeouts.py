"""Running timeout branches. Their time stands still while the film is held."""

from dataclasses import dataclass

from range.core.commands import StartTimeout
from range.core.events import TimeoutDue


@dataclass(frozen=True, slots=True)
class _Running:
    order: StartTimeout
    left: float


class Timeouts:
    """Counts down in steps of clock time; `held` stops it."""

    def __init__(self) -> None:
        self.held = False
        self._running: list[_Running] = []
        self._clock: float | None = None

    def start(self, order: StartTimeout) -> None:
        """Begin to count one down."""
        self._running.append(_Running(order, order.seconds))

    def cancel(self) -> None:
        """Forget them all."""
        self._running.clear()

    def step(self, clock: float) -> list[TimeoutDue]:
        """Let the time since the last step pass; those that have run out."""
        passed = 0.0 if self._clock is None or self.held else clock - self._clock
        self._clock = clock
        self._running = [_Running(running.order, running.left - passed) for running in self._running]
        due = [running.order for running in self._running if running.left <= 0]
        self._running = [running for running in self._running if running.left > 0]
        return [TimeoutDue(clock, order.scene, order.branch) for order in due]
