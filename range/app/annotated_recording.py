"""Writes a recording again with its hits drawn, and fainter what was turned down."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import av.error
import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.recording import Recording, RecordingError
from hardware.laser.spot import Rejection, Spot

TICKS = 90_000
"""Time stamps a second; the recording's own times are kept to this."""
HELD = 0.5
"""Seconds a hit stays drawn."""
MARK = {"red": (60, 60, 255), "green": (60, 230, 60), "infrared": (255, 120, 255), "unknown": (255, 255, 255)}
FAINT = (150, 150, 150)


class AnnotationError(Exception):
    """The drawing could not be written; the message is one sentence."""


def write_annotated(recording: Path, target: Path, spots: Sequence[Spot], rejections: Sequence[Rejection]) -> None:
    """Write an H.264 mp4 of a recording, as far as it can be read, with rings around hits and dots at rejections.

    Frames keep their times; a repeated time is moved on by one tick, for the format allows none. Raises AnnotationError
    where `target` cannot be written.
    """
    if target.exists() and target.resolve() == recording.resolve():
        raise AnnotationError(f"{target} is the recording itself; name another file to write to")
    turned_down: dict[int, list[Rejection]] = defaultdict(list)
    for rejection in rejections:
        turned_down[rejection.frame].append(rejection)
    try:
        with Recording(recording) as source, av.open(str(target), "w", format="mp4") as container:
            width, height = source.size
            stream = container.add_stream("libx264", rate=Fraction(source.rate).limit_denominator(1001))
            stream.width, stream.height = width + width % 2, height + height % 2
            stream.pix_fmt = "yuv420p"
            stream.codec_context.time_base = Fraction(1, TICKS)
            last = -1
            try:
                for frame in source.frames():
                    shown = [s for s in spots if s.frame <= frame.index and frame.time - s.time <= HELD]
                    draw(frame.pixels, shown, turned_down[frame.index])
                    picture = cv2.copyMakeBorder(frame.pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
                    image = av.VideoFrame.from_ndarray(np.asarray(picture, np.uint8), format="bgr24")
                    last = max(last + 1, round(frame.time * TICKS))
                    image.pts, image.time_base = last, Fraction(1, TICKS)
                    container.mux(stream.encode(image))
            except RecordingError:
                # Its damage has been told where it was searched; what came before it is drawn.
                pass
            container.mux(stream.encode(None))
    except (av.error.FFmpegError, OSError, ValueError) as fault:
        raise AnnotationError(
            f"{target} could not be written ({fault}); name a file in a folder you may write to"
        ) from fault


def draw(picture: NDArray[np.uint8], spots: Sequence[Spot], turned_down: Sequence[Rejection]) -> None:
    """Mark hits and rejections in a BGR picture, in place."""
    for rejection in turned_down:
        cv2.drawMarker(picture, at(rejection), FAINT, cv2.MARKER_TILTED_CROSS, 7, 1, cv2.LINE_AA)
    for spot in spots:
        x, y = at(spot)
        cv2.circle(picture, (x, y), 14, (0, 0, 0), 4, cv2.LINE_AA)
        cv2.circle(picture, (x, y), 14, MARK[spot.colour], 2, cv2.LINE_AA)
        text = f"{spot.colour} {spot.time:.2f} s"
        left, bottom = x + 18, y - 8
        (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.45, 1)
        cv2.rectangle(picture, (left - 3, bottom - high - 3), (left + wide + 3, bottom + 5), (0, 0, 0), cv2.FILLED)
        cv2.putText(picture, text, (left, bottom), cv2.FONT_HERSHEY_SIMPLEX, 0.45, MARK[spot.colour], 1, cv2.LINE_AA)


def at(mark: Spot | Rejection) -> tuple[int, int]:
    """Its nearest pixel."""
    return round(mark.x), round(mark.y)
