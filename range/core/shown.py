"""The ring of pictures that were on the wall, laid out in a block of memory that two processes share.

The player's side writes, the camera's side reads the one that was visible at an instant. Each slot carries its sequence
number before and after its picture: a writer killed in the middle leaves two that differ, which a reader sees.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RingShape:
    """How a ring is laid out: `slots` pictures of `width` x `height` pixels, three bytes (BGR) each."""

    slots: int
    width: int
    height: int

    @property
    def size(self) -> int:
        """Bytes of memory needed."""
        return self.slots * self._record.itemsize

    @property
    def _record(self) -> np.dtype[np.void]:
        picture = (np.uint8, (self.height, self.width, 3))
        return np.dtype([("before", "<u8"), ("after", "<u8"), ("flip", "<f8"), ("picture", picture)])

    def lay_over(self, memory: memoryview) -> NDArray[np.void]:
        """The slots, as an array over a block of at least `size` bytes."""
        return np.frombuffer(memory, dtype=self._record, count=self.slots)


class ShownRing:
    """One side of the ring. `memory` stays its owner's; new memory is all zeros, which reads as empty."""

    def __init__(self, memory: memoryview, shape: RingShape) -> None:
        self.shape = shape
        self._slots = shape.lay_over(memory)
        self._sequence = int(self._slots["after"].max())

    def write(self, flip: float, picture: NDArray[np.uint8]) -> None:
        """Publish a picture (height, width, 3) that was flipped onto the wall at clock time `flip`."""
        self._sequence += 1
        slot = self._slots[self._sequence % self.shape.slots]
        slot["before"] = self._sequence
        slot["flip"] = flip
        slot["picture"] = picture
        slot["after"] = self._sequence

    def visible_at(self, clock: float) -> NDArray[np.uint8] | None:
        """A copy of the newest picture flipped at or before a clock time; None where the ring holds none, unbroken."""
        order = self._whole()
        fitting = order[self._slots["flip"][order] <= clock]
        return self._copy(int(fitting[-1])) if len(fitting) else None

    def during(self, began: float, ended: float) -> list[tuple[float, NDArray[np.uint8]]]:
        """Copies of the pictures that were on the wall from clock time `began` to `ended`, the oldest first.

        Each comes with its share of that time; they add up to less than 1 where the ring no longer or not yet knows.
        """
        order = self._whole()
        flips = self._slots["flip"][order]
        ends = np.append(flips, np.inf)[1:]
        shares = (np.minimum(ends, ended) - np.maximum(flips, began)) / (ended - began)
        copies = [(float(share), self._copy(index)) for index, share in zip(order, shares, strict=True) if share > 0]
        return [(share, picture) for share, picture in copies if picture is not None]

    def release(self) -> None:
        """Let go of the memory, so that its owner may close it."""
        self._slots = np.zeros(0, self._slots.dtype)

    def _whole(self) -> NDArray[np.intp]:
        """The slots that hold an unbroken picture, the oldest first."""
        after = self._slots["after"]
        known = np.flatnonzero((self._slots["before"] == after) & (after > 0))
        return known[np.argsort(after[known])]

    def _copy(self, index: int) -> NDArray[np.uint8] | None:
        """A slot's picture; None where it was overwritten while it was copied: the numbers then no longer agree."""
        slot = self._slots[index]
        number = int(slot["after"])
        picture: NDArray[np.uint8] = np.array(slot["picture"])
        return picture if int(slot["before"]) == number else None
