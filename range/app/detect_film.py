"""The clip that was on the wall during a recording, decoded along with it."""

from collections import deque
from collections.abc import Generator
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from calibration.mapping import Calibration
from hardware.laser.film_picture import OnWall, Shown
from media.container import UNREADABLE, decoded_by, open_clip, pictures_of, start_of
from media.picture import pixel_aspect, shape_of, turns_of
from range.app.film_view import size_worth_having

AROUND = 0.1
"""Seconds before and after a frame's time in which the pictures that it may hold were shown."""


class ClipError(Exception):
    """A clip that cannot be read; the text is one sentence with the remedy."""


class ProjectedClip:
    """A clip whose time 0 was on the wall at `offset` seconds of the recording's time.

    `shape` is width / height as it was shown, `size` (width, height) of the pictures given out: no larger than the
    camera can tell. Frames must be asked for in order of time. Raises ClipError where the clip is missing, damaged or
    no film.
    """

    def __init__(self, path: Path, calibration: Calibration, offset: float) -> None:
        self.offset = offset
        self._path = path
        self._calibration = calibration
        self._pictures = pictures(path)
        try:
            first, self.shape = next(self._pictures)
        except StopIteration:
            raise ClipError(f"{path} holds no picture; name the film that was shown") from None
        height, width = first.picture.shape[:2]
        self.size = size_worth_having(calibration, (width, height), self.shape)
        self._kept = deque([self._reduced(first)])
        self._ended = False
        self._step = 0.04

    def around(self, time: float) -> OnWall | None:
        """What may have been on the wall at a recording's `time`; None before the clip and after it."""
        self._read_to(time + AROUND)
        while len(self._kept) > 1 and self._kept[1].time <= time - AROUND:
            self._kept.popleft()
        if time < self._kept[0].time - AROUND:
            return None
        until = self._kept[-1].time + self._step if self._ended else float("inf")
        if time > until + AROUND:
            return None
        return OnWall([one for one in self._kept if one.time <= time + AROUND] or [self._kept[0]], time, until)

    def close(self) -> None:
        """Let go of the file."""
        self._pictures.close()

    def _read_to(self, time: float) -> None:
        while not self._ended and self._kept[-1].time <= time:
            following = next(self._pictures, None)
            if following is None:
                self._ended = True
                return
            picture = self._reduced(following[0])
            self._step = picture.time - self._kept[-1].time
            self._kept.append(picture)

    def _reduced(self, shown: Shown) -> Shown:
        picture: NDArray[np.uint8] = shown.picture
        if (picture.shape[1], picture.shape[0]) != self.size:
            picture = np.asarray(cv2.resize(picture, self.size, interpolation=cv2.INTER_AREA), np.uint8)
        return Shown(self.offset + shown.time, picture)


def pictures(path: Path) -> Generator[tuple[Shown, float]]:
    """A clip's pictures, BGR and upright, with their media times, and the shape (width / height) of each as shown.

    Raises ClipError.
    """
    if not path.exists():
        raise ClipError(f"{path} does not exist; check the clip's name and folder")
    try:
        with open_clip(path) as container:
            stream = pictures_of(container)
            decoded_by(stream)
            zero, aspect = start_of(container), pixel_aspect(stream)
            for frame in container.decode(stream):
                if isinstance(frame, VideoFrame) and frame.pts is not None and frame.time_base:
                    upright = np.rot90(frame.to_ndarray(format="bgr24"), -turns_of(frame))
                    picture = np.ascontiguousarray(upright, np.uint8)
                    yield Shown(float(frame.pts * frame.time_base) - zero, picture), shape_of(frame, aspect)
    except UNREADABLE as fault:
        raise ClipError(f"{path} cannot be read as a film ({fault}); name the film that was shown") from fault
