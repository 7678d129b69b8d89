"""Small real films for tests."""

from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream


def make_film(path: Path, *, seconds: float = 1.0, rate: int = 30, size: tuple[int, int] = (160, 90)) -> Path:
    """An H.264 film of `seconds` at `rate`, its index at the front, a key frame every second."""
    width, height = size
    noise = np.random.default_rng(1)
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"movflags": "faststart"} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=rate)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"g": str(rate), "preset": "ultrafast"}
        for number in range(round(seconds * rate)):
            picture = np.full((height, width, 3), number % 200, np.uint8)
            picture[: height // 2] = noise.integers(0, 255, (height // 2, width, 3))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path
