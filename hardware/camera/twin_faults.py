"""How the camera twin is told to misbehave: a few bytes of shared memory, which outlive every camera process.

As with a real camera, what is wrong with it does not pass because the program opens it again.
"""

from multiprocessing.shared_memory import SharedMemory
from typing import Literal, Self, get_args

TwinFault = Literal["unplug", "hang", "freeze", "black", "blind", "slow", "jitter", "shake", "move", "crash"]
TWIN_FAULTS: tuple[TwinFault, ...] = get_args(TwinFault)


class TwinFaults:
    """One byte for each fault: whether it is on. Made by who tells, under a `name` by which the twin finds it."""

    def __init__(self, name: str | None = None) -> None:
        self._owner = name is None
        self._memory = SharedMemory(name=name, create=self._owner, size=len(TWIN_FAULTS))
        self.name = self._memory.name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def set(self, fault: TwinFault, on: bool = True) -> None:
        """Begin or end a fault; it takes effect with the next frame."""
        assert self._memory.buf is not None
        self._memory.buf[TWIN_FAULTS.index(fault)] = on

    def is_on(self, fault: TwinFault) -> bool:
        """Whether the twin has this fault now."""
        assert self._memory.buf is not None
        return bool(self._memory.buf[TWIN_FAULTS.index(fault)])

    def close(self) -> None:
        """Let go of the memory; its maker gives it back to the system."""
        self._memory.close()
        if self._owner:
            self._memory.unlink()
