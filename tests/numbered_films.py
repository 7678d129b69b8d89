"""Small real films whose frames carry their own number as black and white blocks, so that a test can read it back."""

from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

RATE = 30
BITS = 10


def numbered_picture(number: int, *, width: int = 320, height: int = 180, grey: int = 90) -> NDArray[np.uint8]:
    """A grey picture (height, width, 3) whose top row of blocks says `number` in binary."""
    picture = np.full((height, width, 3), grey, np.uint8)
    block = width // BITS
    for bit in range(BITS):
        picture[: height // 4, bit * block : (bit + 1) * block] = 235 if number >> bit & 1 else 16
    return picture


def number_in(picture: NDArray[np.uint8]) -> int:
    """The number that a picture of any size says."""
    height, width = picture.shape[:2]
    block = width / BITS
    row = picture[height // 8].reshape(width, -1).mean(axis=1)
    return sum(1 << bit for bit in range(BITS) if row[int((bit + 0.5) * block)] > 128)


def write_film(path: Path, *, seconds: float, first: int = 0, grey: int = 90, sound: bool = False) -> Path:
    """A film of numbered pictures, 30 a second, with a key frame every second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.options = {"g": str(RATE), "preset": "ultrafast", "crf": "12"}
        tone = container.add_stream("aac", rate=48000) if sound else None
        for index in range(round(seconds * RATE)):
            frame = av.VideoFrame.from_ndarray(numbered_picture(first + index, grey=grey), format="rgb24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if isinstance(tone, AudioStream):
            for start in range(0, round(seconds * 48000), 1024):
                wave = 0.1 * np.sin(2 * np.pi * 440 * np.arange(start, start + 1024) / 48000)
                samples = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
                samples.sample_rate, samples.pts = 48000, start
                container.mux(tone.encode(samples))
            container.mux(tone.encode())
    return path


def write_stills(path: Path, *, level: int, seconds: float) -> Path:
    """A film without loss whose every frame is the same grey, 30 a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "bgr0"
        for index in range(round(seconds * RATE)):
            frame = av.VideoFrame.from_ndarray(np.full((180, 320, 3), level, np.uint8), format="bgr24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
