"""One scene's pictures, decoded ahead on a thread of their own.

Every picture carries its exact media time, taken from the stream's `pts`; nothing divides an index by a frame rate.
"""

import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange

# Luma alone and both chromas side by side: two look-ups a pixel when drawn instead of three.
PLANES = "nv12"
BT709, UNSPECIFIED, FULL_RANGE = 1, 2, 2
# Half a millisecond: far below any frame period, far above the rounding of a stream's time base.
SAME_INSTANT = 0.0005


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded frame as luma and chroma planes, and how its numbers mean colours.

    `media` is its time in the clip, `line` that since the scene began, rounds of a loop added.
    """

    frame: VideoFrame
    media: float
    line: float
    bt709: bool
    full_range: bool


class SceneReader:
    """Decodes the part `start`..`end` (media seconds; None: the clip's end) of a clip, again and again where `loop`.

    The thread keeps `ahead` pictures ready and then waits, so an armed scene costs memory but no processor. A clip that
    cannot be read ends the pictures and leaves the reason in `fault`.
    """

    def __init__(self, path: Path, *, start: float, end: float | None, loop: bool, ahead: int) -> None:
        self.path = path
        self.fault: str | None = None
        self.shape: float | None = None
        self._start = start
        self._end = end
        self._loop = loop
        self._ahead = ahead
        self._ready: deque[Picture] = deque()
        self._round_ends: deque[float] = deque()
        self._finished = False
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"decode {path.name}", daemon=True)
        self._thread.start()

    def read_ahead(self, ahead: int) -> None:
        """Keep so many pictures ready from now on."""
        with self._changed:
            self._ahead = ahead
            self._changed.notify_all()

    def wait_until_ahead(self, seconds: float) -> bool:
        """Wait, at most so long, until as much as asked for is ready or there is no more. Not for the frame loop."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._ready) >= self._ahead or self._finished, seconds)

    def take_due(self, line: float) -> tuple[Picture | None, int]:
        """The newest picture due at scene time `line` (None: nothing newer), and how many older ones were skipped."""
        due: Picture | None = None
        skipped = -1
        with self._changed:
            while self._ready and self._ready[0].line <= line + SAME_INSTANT:
                due = self._ready.popleft()
                skipped += 1
            if due is not None:
                self._changed.notify_all()
        return due, max(skipped, 0)

    def round_ended(self, line: float) -> bool:
        """Whether a round of the scene has come to its end by scene time `line`; each end is told once."""
        with self._changed:
            if self._round_ends and self._round_ends[0] <= line + SAME_INSTANT:
                self._round_ends.popleft()
                return True
        return False

    def close(self) -> None:
        """Stop decoding. Returns at once; the thread ends by itself after the frame it is at."""
        with self._changed:
            self._closing = True
            self._ready.clear()
            self._changed.notify_all()

    def join(self) -> None:
        """Wait until the thread has ended, after `close`."""
        self._thread.join()

    def _run(self) -> None:
        try:
            with av.open(str(self.path)) as container:
                self._decode(container)
        except (av.error.FFmpegError, OSError, ValueError, IndexError) as problem:
            self.fault = f"{self.path.name} cannot be played: {problem}"
        finally:
            with self._changed:
                self._finished = True
                self._changed.notify_all()

    def _decode(self, container: "av.container.InputContainer") -> None:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        base = 0.0
        while True:
            length = self._decode_round(container, stream, base)
            if length is None:
                return
            base += length
            with self._changed:
                self._round_ends.append(base)
            if not self._loop or length <= 0:
                return

    def _decode_round(
        self, container: "av.container.InputContainer", stream: "av.video.stream.VideoStream", base: float
    ) -> float | None:
        """One pass from start to end; its length in seconds, or None when closed meanwhile."""
        time_base = stream.time_base
        if time_base is None:
            raise ValueError("its frames carry no times")
        container.seek(int(self._start / time_base), stream=stream, backward=True)
        first: float | None = None
        last_end = 0.0
        period = float(1 / stream.average_rate) if stream.average_rate else 0.0
        for frame in container.decode(stream):
            if frame.pts is None:
                continue
            media = float(frame.pts * time_base)
            if media < self._start - SAME_INSTANT:
                continue
            if self._end is not None and media >= self._end - SAME_INSTANT:
                break
            if first is None:
                first = media
                self.shape = display_shape(frame, stream)
            if not self._offer(picture_of(frame, media, base + media - first)):
                return None
            last_end = media + (float(frame.duration * time_base) if frame.duration else period)
        if first is None:
            raise ValueError(f"it has no pictures from {self._start:g} s on")
        return (self._end if self._end is not None and self._end < last_end else last_end) - first

    def _offer(self, picture: Picture) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or len(self._ready) < self._ahead)
            if self._closing:
                return False
            self._ready.append(picture)
            self._changed.notify_all()
        return True


def picture_of(frame: VideoFrame, media: float, line: float) -> Picture:
    """A decoded frame of any format, brought into two planes; its range and matrix stay as they are."""
    space = int(frame.colorspace)
    bt709 = space == BT709 or (space == UNSPECIFIED and frame.height >= 720)
    full_range = int(frame.color_range) == FULL_RANGE or frame.format.name.startswith("yuvj")
    scale = ColorRange.JPEG if full_range else ColorRange.MPEG
    planes = frame.reformat(format=PLANES, src_color_range=scale, dst_color_range=scale)
    return Picture(planes, media, line, bt709, full_range)


def display_shape(frame: VideoFrame, stream: "av.video.stream.VideoStream") -> float:
    """Width / height as it is to be seen: non-square pixels counted in."""
    aspect = stream.sample_aspect_ratio
    return frame.width / frame.height * (float(aspect) if aspect else 1.0)
