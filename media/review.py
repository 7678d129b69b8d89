"""A clip gone through at leisure: from frame to frame both ways, to any place, slower and faster. For the debrief.

The window is the caller's: it asks `due` for the picture of the next flip and tells `flipped` when that was. Decoding
goes on a thread that keeps the pictures around the place that is looked at.
"""

import threading
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from media.container import UNREADABLE, decoded_by, open_clip, pictures_of, start_of
from media.decode import SAME_INSTANT
from media.flips import FlipMemory, Shown
from media.picture import Picture, PictureMaker, Size, pixel_aspect, shape_of
from range.core.events import Visible

SLOWEST, FASTEST = 0.1, 4.0
AROUND = 0.5
"""So many media seconds before and after the place that is looked at are kept decoded."""
REACH = 2.0
"""A place no further ahead than so many media seconds is decoded towards; beyond it a key frame is sought."""


class Review:
    """One clip under review, paused at its first frame. Used from the frame loop's thread alone.

    `scene` and `clip` are what `shown_at` calls it. `media` is where it stands, in seconds of the clip.
    """

    def __init__(self, path: Path, *, scene: str = "", fit: Size | None = None) -> None:
        self.media = 0.0
        self.speed = 1.0
        self._scene = scene
        self._clip = path.name
        self._frames = _Frames(path, fit)
        self._playing_since: tuple[float, float] | None = None
        self._drawn: Picture | None = None
        self._flips = FlipMemory()

    @property
    def playing(self) -> bool:
        """Whether it runs."""
        return self._playing_since is not None

    @property
    def shape(self) -> float:
        """Width / height of the clip; 16:9 before its first picture."""
        return self._frames.shape or 16 / 9

    @property
    def fault(self) -> str | None:
        """Why there are no pictures, if so."""
        return self._frames.fault

    def play(self, clock: float) -> None:
        """Run on from where it stands."""
        self._playing_since = clock, self.media

    def pause(self, clock: float) -> None:
        """Hold the picture."""
        self._follow(clock)
        self._playing_since = None

    def at_speed(self, speed: float, clock: float) -> None:
        """Run 0.1 to 4 times as fast as the film; what lies beyond is taken as the nearest."""
        self._follow(clock)
        self.speed = min(max(speed, SLOWEST), FASTEST)
        if self._playing_since is not None:
            self._playing_since = clock, self.media

    def jump(self, media: float, clock: float) -> None:
        """Go to a media time; while a person drags, the newest wish counts. It runs on if it ran."""
        self.media = max(0.0, media)
        if self._playing_since is not None:
            self._playing_since = clock, self.media
        self._frames.look_at(self.media)

    def step(self, frames: int, clock: float) -> bool:
        """Hold, and go so many frames on (or back, where negative); False where they are not decoded yet.

        At the clip's ends it stays at the last frame there is.
        """
        self.pause(clock)
        found = self._frames.beside(self.media, frames)
        if found is None:
            return False
        self.jump(found, clock)
        return True

    def due(self, flip: float) -> Picture | None:
        """The picture to draw for a flip at clock time `flip`; None: the one before stays."""
        self._follow(flip)
        picture = self._frames.at(self.media)
        if picture is None or picture is self._drawn:
            return None
        self._drawn = picture
        return picture

    def flipped(self, flip: float) -> None:
        """Note what the flip at clock time `flip` put on the wall."""
        picture = self._drawn
        shown = None if picture is None else Shown(Visible(self._scene, self._clip, picture.media), self.shape)
        self._flips.note(flip, shown)

    def shown_at(self, clock: float) -> Shown | None:
        """What was visible at a clock time; None before the first flip."""
        return self._flips.at(clock)

    def wait(self, seconds: float) -> bool:
        """Wait, at most so long, until the pictures around the place are decoded. Not for the frame loop."""
        return self._frames.wait(seconds)

    def close(self) -> None:
        """End the thread."""
        self._frames.close()

    def _follow(self, clock: float) -> None:
        if self._playing_since is None:
            return
        since, media = self._playing_since
        self.media = media + max(0.0, clock - since) * self.speed
        if self._frames.end is not None and self.media >= self._frames.end:
            self.media = self._frames.end
            self._playing_since = None
        self._frames.look_at(self.media)


class _Frames:
    """The pictures around a place of a clip, in the order of their times, decoded on a thread of their own."""

    def __init__(self, path: Path, fit: Size | None) -> None:
        self.fault: str | None = None
        self.shape: float | None = None
        self.end: float | None = None  # the media time of the clip's last frame, once it was met
        self._path = path
        self._maker = PictureMaker(fit)
        self._kept: list[Picture] = []
        self._from_start = False
        self._wanted = 0.0
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"review {path.name}", daemon=True)
        self._thread.start()

    def look_at(self, media: float) -> None:
        with self._changed:
            self._wanted = media
            self._changed.notify_all()

    def at(self, media: float) -> Picture | None:
        """The picture visible at a media time, if it is decoded."""
        with self._changed:
            index = self._index(media)
            return None if index is None else self._kept[index]

    def beside(self, media: float, frames: int) -> float | None:
        """The media time of the frame so many further; None where it is not decoded."""
        with self._changed:
            index = self._index(media)
            if index is None:
                return None
            wanted = index + frames
            if (wanted < 0 and not self._from_start) or (wanted >= len(self._kept) and not self._to_end()):
                return None
            return self._kept[min(max(wanted, 0), len(self._kept) - 1)].media

    def wait(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.fault is not None or self._enough(), seconds)

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def _index(self, media: float) -> int | None:
        """Which kept picture is visible at a media time; the first frame stands for times before it."""
        index = bisect_right(self._kept, media + SAME_INSTANT, key=lambda picture: picture.media) - 1
        if index < 0:
            return 0 if self._from_start and self._kept else None
        return index if index < len(self._kept) - 1 or self._to_end() else None

    def _to_end(self) -> bool:
        return bool(self._kept) and self.end is not None and self._kept[-1].media >= self.end - SAME_INSTANT

    def _behind(self, seconds: float) -> bool:
        return bool(self._kept) and (self._from_start or self._kept[0].media <= self._wanted - seconds + SAME_INSTANT)

    def _enough(self) -> bool:
        ahead = bool(self._kept) and (self._to_end() or self._kept[-1].media > self._wanted + AROUND)
        return ahead and self._behind(AROUND / 2)

    def _run(self) -> None:
        try:
            with open_clip(self._path) as container:
                self._serve(container)
        except UNREADABLE as problem:
            self.fault = f"{self._path.name} cannot be played: {problem}"
            with self._changed:
                self._changed.notify_all()

    def _serve(self, container: InputContainer) -> None:
        """Picture after picture, towards wherever the place is now."""
        stream = pictures_of(container)
        decoded_by(stream)
        coming: Iterator[Picture] = iter(())
        sought = 0.0
        while True:
            with self._changed:
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._closing or not self._enough())
                if self._closing:
                    return
                wanted = self._wanted
                in_reach = bool(self._kept) and wanted < max(self._kept[-1].media, sought) + REACH
                goes_on = in_reach and self._behind(AROUND / 2) and not self._to_end()
                if not goes_on:
                    self._kept.clear()
                    self._from_start = wanted - AROUND <= 0
            if not goes_on:
                sought = wanted
                coming = self._pictures(container, stream, wanted - AROUND)
            self._take(next(coming, None))

    def _take(self, picture: Picture | None) -> None:
        with self._changed:
            if picture is not None:
                self._kept.append(picture)
            elif self._kept:
                self.end = self._kept[-1].media
            else:
                raise ValueError("it holds no pictures")
            while len(self._kept) > 2 and self._kept[1].media < self._wanted - 2 * AROUND:
                self._kept.pop(0)
                self._from_start = False

    def _pictures(self, container: InputContainer, stream: VideoStream, begin: float) -> Iterator[Picture]:
        """The pictures from the one visible at media time `begin` on."""
        base = stream.time_base
        if base is None:
            raise ValueError("its frames carry no times")
        zero, aspect = start_of(container), pixel_aspect(stream)
        container.seek(int((max(begin, 0.0) + zero) / base), stream=stream, backward=True)
        before: tuple[VideoFrame, float] | None = None
        for frame in container.decode(stream):
            if frame.pts is None:
                continue
            media = float(frame.pts * base) - zero
            self.shape = shape_of(frame, aspect)
            if media <= begin + SAME_INSTANT:
                before = frame, media
                continue
            if before is not None:
                yield self._maker.picture(before[0], before[1], before[1], aspect=aspect)
                before = None
            yield self._maker.picture(frame, media, media, aspect=aspect)
        if before is not None:
            yield self._maker.picture(before[0], before[1], before[1], aspect=aspect)
