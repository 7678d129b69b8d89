"""Opening a clip: as a local film of a known kind and nothing else, whatever the file claims to be."""

import os
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.video.stream import VideoStream

# Films alone. Play lists and lists of pictures, which FFmpeg opens too, name other files and addresses.
KINDS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,ogg,flv,asf,mxf,nut,ivf,dv,wav,mp3,aac,flac"
MOST_PIXELS = 8192 * 4608
UNREADABLE = (av.error.FFmpegError, OSError, ValueError, IndexError)
"""What opening and decoding a file that is no sound film raises."""


class TooLargeError(ValueError):
    """The film's pictures are larger than any output; the text says how large."""


def open_clip(path: Path) -> InputContainer:
    """A clip's container, to be closed by the caller. Raises one of UNREADABLE."""
    guards = {"protocol_whitelist": "file", "format_whitelist": KINDS}
    container = av.open(f"file:{path.absolute()}", options=guards)
    for stream in container.streams.video:
        if stream.width * stream.height > MOST_PIXELS:
            container.close()
            raise TooLargeError(f"its pictures are {stream.width} x {stream.height} pixels, more than any screen shows")
    return container


def pictures_of(container: InputContainer) -> VideoStream:
    """The stream of a container that is the film, not its cover. Raises ValueError where there is none."""
    if not container.streams.video:
        raise ValueError("it holds no pictures")
    best = container.streams.best("video")
    return best if isinstance(best, VideoStream) else container.streams.video[0]


def decoded_by(stream: VideoStream) -> None:
    """Decode on as few threads as keep up: each holds pictures of its own, and the first picture waits for all."""
    context = stream.codec_context
    small = stream.width * stream.height <= 1920 * 1088 and float(stream.average_rate or 0) <= 31
    context.thread_count = 1 if small else min(4, os.cpu_count() or 1)
    stream.thread_type = "AUTO"


def start_of(container: InputContainer) -> float:
    """The time, by a container's own clock, at which media time 0 lies: transport streams begin anywhere."""
    return container.start_time / av.time_base if container.start_time is not None else 0.0
