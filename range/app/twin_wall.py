"""The wall as the camera twin sees it: a small picture of what is shown, in memory shared with the camera process."""

from dataclasses import replace
from multiprocessing.shared_memory import SharedMemory

import numpy as np
from numpy.typing import NDArray

from calibration.corners import from_corners
from calibration.mapping import Calibration
from hardware.camera.messages import TwinRoom
from range.core.shown import RingShape, ShownRing

SHAPE = RingShape(slots=16, width=640, height=360)
# A little under the camera's frame period, so that a film of the camera's own rate is published picture by picture.
PUBLISH_EVERY = 0.9 / 30


class SharedMemoryError(Exception):
    """The system gives no shared memory; the text says what to do."""


class TwinWall:
    """Owns the shared memory; publishes at camera rate so that the film does not slow down.

    `room` is the room to stand in, but for its screen and memory, which are this wall's.
    """

    def __init__(self, screen: tuple[int, int], shape: RingShape = SHAPE, room: TwinRoom | None = None) -> None:
        try:
            self._memory = SharedMemory(create=True, size=shape.size)
        except OSError as problem:
            raise SharedMemoryError(
                f"the camera twin needs shared memory and gets none ({problem.strerror}): make /dev/shm writable"
            ) from problem
        if self._memory.buf is None:
            raise SharedMemoryError("the camera twin needs shared memory and gets none")
        self._ring = ShownRing(self._memory.buf, shape)
        self._last = float("-inf")
        self.room = replace(
            room or TwinRoom(screen=screen, ring="", ring_shape=shape),
            screen=screen,
            ring=self._memory.name,
            ring_shape=shape,
        )

    def due(self, flip: float) -> bool:
        """Whether a picture should be published with a flip at this clock time."""
        return flip - self._last >= PUBLISH_EVERY

    def publish(self, picture: NDArray[np.uint8], flip: float) -> None:
        """Publish a picture of the ring's size, (height, width, 3) BGR, to be flipped at a clock time."""
        self._last = flip
        self._ring.write(flip, picture)

    def close(self) -> None:
        """Give the memory back."""
        self._ring.release()
        self._memory.close()
        self._memory.unlink()


def calibrate_twin(twin: TwinWall) -> Calibration:
    """The twin's calibration by its screen's four corners, as a technician would point at them."""
    room = twin.room
    return from_corners(room.corners, room.screen, latency=room.delay, made="1970-01-01T00:00:00Z")
