"""When each frame of a clip is shown, read from the file without decoding it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from media.container import UNREADABLE, open_clip, pictures_of, start_of
from media.picture import pixel_aspect

STEADY = 2e-3
"""Frames that come so regularly (seconds) are told by their first time and their step."""


@dataclass(frozen=True, slots=True)
class ClipFrames:
    """The frames' media times in seconds, in order; `end` is where the last one ends; `shape` is width / height."""

    times: tuple[float, ...]
    end: float
    shape: float

    def plain(self) -> dict[str, Any]:
        """For a browser: first, step and count where frames come regularly, else every time."""
        first, count = self.times[0], len(self.times)
        step = (self.times[-1] - first) / (count - 1) if count > 1 else self.end - first
        steady = all(abs(first + index * step - time) < STEADY for index, time in enumerate(self.times))
        if steady:
            return {"first": first, "step": step, "count": count}
        return {"times": [round(time, 6) for time in self.times]}


def frames_of(file: Path) -> ClipFrames | None:
    """The frames of a clip; None where it cannot be read. A file that changes is read again."""
    try:
        stat = file.stat()
        return _frames_of(file, stat.st_mtime_ns, stat.st_size)
    except UNREADABLE:
        return None


@lru_cache(maxsize=256)
def _frames_of(file: Path, _changed: int, _size: int) -> ClipFrames:
    with open_clip(file) as container:
        stream = pictures_of(container)
        base, zero = float(stream.time_base or 0), start_of(container)
        packets = [packet for packet in container.demux(stream) if packet.pts is not None and not packet.is_discard]
        times = sorted(float(packet.pts or 0) * base - zero for packet in packets)
        if not times:
            raise ValueError(f"{file} has no pictures")
        rate = float(stream.average_rate or 25)
        last = max(packets, key=lambda packet: packet.pts or 0)
        end = times[-1] + (float(last.duration) * base if last.duration else 1 / rate)
        return ClipFrames(tuple(times), end, stream.width / stream.height * pixel_aspect(stream))
