"""A camera's recording, read back frame by frame with its exact times."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import av.container
import av.error
import av.video.stream
import numpy as np
from numpy.typing import NDArray

TRANSPORT_PACKETS = (188, 192, 204)
"""Bytes of a packet in the kinds of MPEG transport streams there are (ISO/IEC 13818-1)."""


class RecordingError(Exception):
    """A recording that cannot be read, or not to its end; the message is one sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class RecordedFrame:
    """One frame: its number from 0, its time in seconds since the first frame's, and its (height, width, 3) BGR pixels.

    Times are the recording's own: they may repeat and their steps may vary. A frame without a time takes its
    predecessor's and one step of the claimed rate.
    """

    index: int
    time: float
    pixels: NDArray[np.uint8]


class Recording:
    """A video file opened for reading once, from its start. Use it as a context manager, or `close` it.

    `size` is (width, height) in pixels and `rate` the claimed frames a second, 30 where none is claimed.
    Raises RecordingError where the file is missing, empty or no video.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.is_dir():
            raise RecordingError(f"{path} is a folder; name a video file in it")
        if not path.exists():
            raise RecordingError(f"{path} does not exist; check its name and folder")
        try:
            empty = path.stat().st_size == 0
            self._container = av.open(str(path)) if not empty else None
        except (av.error.FFmpegError, OSError, ValueError) as fault:
            raise RecordingError(
                f"{path} is not a video that can be read ({describe(fault)}); record it again"
            ) from fault
        if self._container is None:
            raise RecordingError(f"{path} is empty; record it again")
        kind = self._container.format.name
        if kind == "tty" or kind.startswith("image2") or kind.endswith("_pipe"):
            self._container.close()
            raise RecordingError(f"{path} is a {'text' if kind == 'tty' else 'still picture'}; name a video file")
        if not self._container.streams.video:
            self._container.close()
            raise RecordingError(f"{path} holds no picture; name a video file")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self.size = (self._stream.width, self._stream.height)
        self.rate = float(self._stream.average_rate or self._stream.guessed_rate or 30)

    def __enter__(self) -> "Recording":
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def frames(self) -> Iterator[RecordedFrame]:
        """The frames in order of display; each array is the caller's own.

        Raises RecordingError at the place of damage, after every frame before it, and where there is no frame at all.
        """
        if self._container is None:
            raise RecordingError(f"{self._path} has been closed; open it again")
        index = 0
        first: Fraction | None = None
        time = 0.0
        try:
            for frame in self._container.decode(self._stream):
                stamp = None if frame.pts is None or frame.time_base is None else frame.pts * frame.time_base
                if stamp is None:
                    time = time + 1 / self.rate if index else 0.0
                else:
                    if first is None:
                        first = stamp - Fraction(time)
                    time = float(stamp - first)
                yield RecordedFrame(index, time, cast("NDArray[np.uint8]", frame.to_ndarray(format="bgr24")))
                index += 1
        except (av.error.FFmpegError, OSError, ValueError) as fault:
            if index == 0:
                raise RecordingError(f"{self._path} is not a video that can be read; record it again") from fault
            raise RecordingError(
                f"{self._path} is damaged after frame {index - 1} ({describe(fault)}); what follows could not be read"
            ) from fault
        if index == 0:
            raise RecordingError(f"{self._path} holds no frame that can be read; record it again")
        self._complain_of_early_end(index, time)

    def _complain_of_early_end(self, read: int, time: float) -> None:
        """A file cut short often decodes without an error: its header then promises more than it holds."""
        if self._ends_within_a_packet():
            raise RecordingError(
                f"{self._path} ends early, within a packet: {time:.1f} seconds ({read} frames) could be read; "
                "copy it again"
            )
        promised = self._promised_length()
        if promised - time > max(1.0, promised / 20):
            raise RecordingError(
                f"{self._path} ends early: {time:.1f} of {promised:.1f} seconds ({read} frames) could be read; "
                "copy it again"
            )

    def _ends_within_a_packet(self) -> bool:
        """Whether a transport stream, which promises no length, was cut: its packets are all of one size."""
        if self._container is None or self._container.format.name != "mpegts":
            return False
        size = self._path.stat().st_size
        return all(size % packet for packet in TRANSPORT_PACKETS)

    def _promised_length(self) -> float:
        """Seconds the header promises, 0 where it says nothing that can be relied on."""
        lengths = [0.0]
        if self._stream.duration is not None and self._stream.time_base is not None:
            lengths.append(float(self._stream.duration * self._stream.time_base))
        elif self._container is not None and self._container.duration and len(self._container.streams) == 1:
            lengths.append(self._container.duration / 1_000_000)
        if self._stream.average_rate:
            # Of a file cut short some formats shrink the length they tell, but not their count.
            lengths.append(float(self._stream.frames / self._stream.average_rate))
        return max(lengths)


def describe(fault: Exception) -> str:
    """What a library says of a file, as a clause."""
    said = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
    return str(said).strip().rstrip(".").lower()
