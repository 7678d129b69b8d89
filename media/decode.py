"""One scene's pictures, decoded ahead on a thread of their own.

Every picture carries its exact media time, taken from the stream's `pts`; nothing divides an index by a frame rate.
"""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av.error
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from media.container import UNREADABLE, decoded_by, open_clip, pictures_of, start_of
from media.memory import give_back
from media.picture import Picture, PictureMaker, Size, pixel_aspect, shape_of
from media.turns import Turns

# Half a millisecond: far below any frame period, far above the rounding of a stream's time base.
SAME_INSTANT = 0.0005
# A picture that is so much (seconds) past its time is not worth making.
MOST_BEHIND, MOST_LEFT_OUT = 0.1, 5


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a clip that a scene plays, in media seconds; `end` None is the clip's own end."""

    start: float = 0.0
    end: float | None = None
    loop: bool = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """How much a reader keeps ready: so many pictures and, where `open`, the decoder to go on with at once."""

    pictures: int
    open: bool = True


@dataclass(slots=True)
class _Reached:
    """How far decoding has come: where this round began on the scene's own line, and its first and last picture."""

    base: float = 0.0
    first: float | None = None
    last: float | None = None
    last_end: float = 0.0


class SceneReader:
    """Decodes a part of a clip, again and again where it loops, in pictures fit for an output of size `fit`.

    The thread keeps pictures ready and then waits, so an armed scene costs memory but no processor; without `open` it
    lets its decoder go meanwhile and opens the clip again when more is asked for. A clip that cannot be read ends the
    pictures and leaves the reason in `fault`; one that is damaged somewhere goes on behind it and says so too.
    With `turns` it waits for its turn to begin among readers that nobody watches yet.
    """

    def __init__(
        self, path: Path, part: Part, ahead: Ahead, *, fit: Size | None = None, turns: Turns | None = None
    ) -> None:
        self.path = path
        self.part = part
        self.fault: str | None = None
        self.shape: float | None = None
        self._ahead = ahead
        self._maker = PictureMaker(fit)
        self._ready: deque[Picture] = deque()
        self._round_ends: deque[float] = deque()
        self._asked = float("-inf")
        self._passed_over = self._left_out = 0
        self._finished = False
        self._closing = False
        self._changed = threading.Condition()
        self._turn = turns.queue() if turns is not None else None
        self._thread = threading.Thread(target=self._run, name=f"decode {path.name}", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> int:
        """How many pictures are decoded and wait."""
        return len(self._ready)

    def read_ahead(self, ahead: Ahead) -> None:
        """Keep so much ready from now on."""
        with self._changed:
            self._ahead = ahead
            self._changed.notify_all()

    def hurry(self) -> None:
        """Somebody waits for this scene: begin out of turn."""
        if self._turn is not None:
            self._turn.skip()

    def fit(self, size: Size) -> None:
        """Make the coming pictures for an output of another size."""
        self._maker.fit = size

    def wait_until_ahead(self, seconds: float) -> bool:
        """Wait, at most so long, until as much as asked for is ready or there is no more. Not for the frame loop."""
        with self._changed:
            return self._changed.wait_for(lambda: self._enough() or self._finished, seconds)

    def take_due(self, line: float) -> tuple[Picture | None, int]:
        """The newest picture due at scene time `line` (None: nothing newer), and how many older ones were skipped."""
        taken: list[Picture] = []
        with self._changed:
            self._asked = line
            passed_over, self._passed_over = self._passed_over, 0
            while self._ready and self._ready[0].line <= line + SAME_INSTANT:
                taken.append(self._ready.popleft())
            if taken:
                self._changed.notify_all()
        return (taken[-1], passed_over + len(taken) - 1) if taken else (None, passed_over)

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
        self.hurry()

    def join(self) -> None:
        """Wait until the thread has ended, after `close`."""
        self._thread.join()

    def _run(self) -> None:
        reached = _Reached()
        try:
            if self._turn is not None:
                self._turn.wait()
            while not self._closing:
                self._decode(reached)
                give_back()
                if self._finished or not self._wait_for_room():
                    return
        except UNREADABLE as problem:
            self.fault = f"{self.path.name} cannot be played: {problem}"
        finally:
            if self._turn is not None:
                self._turn.done()
            with self._changed:
                self._finished = True
                self._changed.notify_all()

    def _decode(self, reached: _Reached) -> None:
        """Round after round, until closed, finished, or enough for a reader that lets its decoder go."""
        with open_clip(self.path) as container:
            stream = pictures_of(container)
            decoded_by(stream)
            while self._round(container, stream, reached):
                length = self._length(reached)
                with self._changed:
                    self._round_ends.append(reached.base + length)
                    if not self.part.loop or length <= 0:
                        self._finished = True
                        self._changed.notify_all()
                        return
                reached.base += length
                reached.first = reached.last = None

    def _length(self, reached: _Reached) -> float:
        if reached.first is None:
            raise ValueError(f"it has no pictures from {self.part.start:g} s on")
        end = self.part.end
        return (end if end is not None and end < reached.last_end else reached.last_end) - reached.first

    def _round(self, container: InputContainer, stream: VideoStream, reached: _Reached) -> bool:
        """One pass from where it was to the part's end; False where it is to be left before."""
        part = self.part
        period = float(1 / stream.average_rate) if stream.average_rate else 0.0
        aspect = pixel_aspect(stream)
        for frame, media in self._frames(container, stream, part.start if reached.last is None else reached.last):
            if media < part.start - SAME_INSTANT or (reached.last is not None and media <= reached.last):
                continue
            if part.end is not None and media >= part.end - SAME_INSTANT:
                break
            if reached.first is None:
                reached.first = media
            self.shape = shape_of(frame, aspect)
            line = reached.base + media - reached.first
            reached.last = media
            lasts = float(frame.duration * frame.time_base) if frame.duration and frame.time_base else period
            reached.last_end = media + lasts
            if not self._too_late(line) and not self._offer(self._maker.picture(frame, media, line, aspect=aspect)):
                return False
        return True

    def _too_late(self, line: float) -> bool:
        """Whether a picture's time is over before it is made: a decoder that is behind catches up by leaving it out.

        Of several in a row one is made all the same, so that a film that is too heavy still moves.
        """
        with self._changed:
            in_time = self._ready or line >= self._asked - MOST_BEHIND
            self._left_out = 0 if in_time or self._left_out == MOST_LEFT_OUT else self._left_out + 1
            self._passed_over += self._left_out > 0
            return self._left_out > 0

    def _frames(
        self, container: InputContainer, stream: VideoStream, start: float
    ) -> Iterator[tuple[VideoFrame, float]]:
        """Frames with their media times, from the key frame before `start` on, over what is damaged."""
        time_base = stream.time_base
        if time_base is None:
            raise ValueError("its frames carry no times")
        zero = start_of(container)
        container.seek(int((start + zero) / time_base), stream=stream, backward=True)
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                at = "" if packet.pts is None else f" at {float(packet.pts * time_base) - zero:.1f} s"
                self.fault = f"{self.path.name} is damaged{at}"
                continue
            for frame in frames:
                if isinstance(frame, VideoFrame) and frame.pts is not None and frame.time_base:
                    yield frame, float(frame.pts * frame.time_base) - zero

    def _enough(self) -> bool:
        return len(self._ready) >= self._ahead.pictures

    def _offer(self, picture: Picture) -> bool:
        """Put a picture with the others; False where decoding is to end, or the decoder to be let go."""
        with self._changed:
            self._ready.append(picture)
            self._changed.notify_all()
            if not self._enough():
                return not self._closing
        return self._wait_for_room(unless_parked=True)

    def _wait_for_room(self, *, unless_parked: bool = False) -> bool:
        if self._turn is not None:
            self._turn.done()
        with self._changed:
            while not self._closing and self._enough():
                if unless_parked and not self._ahead.open:
                    return False
                self._changed.wait()
            return not self._closing
