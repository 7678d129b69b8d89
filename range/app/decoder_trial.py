"""Whether films can be decoded here: a tiny one is made, in memory, and read again."""

import io
from dataclasses import dataclass

import av
import av.error
import numpy as np
from av.video.stream import VideoStream

FRAMES = 12
ENCODERS = ("libx264", "mpeg4")  # the second where the first is not built in


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found; `trouble` where films cannot be decoded."""

    found: str = ""
    trouble: str = ""


def try_decoder() -> Trial:
    """Make a film of a few frames and decode it."""
    encoder = next((name for name in ENCODERS if name in av.codecs_available), None)
    if encoder is None:
        return Trial(trouble="no encoder to make a film with")
    if "h264" not in av.codecs_available:
        return Trial(trouble="H.264 cannot be decoded")
    try:
        film = _film(encoder)
        with av.open(io.BytesIO(film), "r") as container:
            times = [frame.time for frame in container.decode(video=0)]
    except (av.error.FFmpegError, ValueError, OSError) as problem:
        return Trial(trouble=f"a film that was just made cannot be decoded ({problem})")
    if len(times) != FRAMES or None in times:
        return Trial(trouble=f"only {len(times)} of {FRAMES} frames were decoded")
    return Trial(found=f"FFmpeg {av.ffmpeg_version_info} decodes every frame of a film made with {encoder}")


def _film(encoder: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream(encoder, rate=30)
        if not isinstance(stream, VideoStream):
            raise ValueError(f"{encoder} makes no pictures")
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        picture = np.full((64, 64, 3), 128, np.uint8)
        for _ in range(FRAMES):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()
