"""Writes a clip: H.264 with a key frame every second, BT.709 limited range; AAC, 48 kHz, stereo."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from numpy.typing import NDArray

from media.animatic.voice import RATE

FLAT_COLOURS = "bframes=2:ref=4:subme=8:aq-strength=0.8:psy-rd=0,0"  # large even areas under a slowly moving camera


class ClipWriter:
    """A clip being written; used as a context. Frames are (height, width, 4) BGRA, sound (2, samples) float32."""

    def __init__(self, out: Path, size: tuple[int, int], rate: int) -> None:
        self.container = av.open(str(out), "w", format="mp4", options={"movflags": "+faststart"})
        self.rate = rate
        self.count = 0
        self.video = self.container.add_stream(
            "libx264",
            rate=rate,
            options={
                "crf": "28",
                "preset": "medium",
                "x264-params": f"keyint={rate}:min-keyint={rate}:scenecut=0:open-gop=0:{FLAT_COLOURS}:threads=1",
            },
        )
        self.video.width, self.video.height = size
        self.video.pix_fmt = "yuv420p"
        context = self.video.codec_context
        context.time_base = Fraction(1, rate)
        context.colorspace = Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        self.audio = self.container.add_stream("aac", rate=RATE, layout="stereo")
        self.audio.bit_rate = 64_000

    def frame(self, pixels: NDArray[np.uint8]) -> None:
        """Adds the next frame."""
        picture = av.VideoFrame.from_ndarray(pixels, format="bgra").reformat(
            format="yuv420p",
            src_color_range=ColorRange.JPEG,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )
        picture.pts = self.count
        picture.time_base = Fraction(1, self.rate)
        self.count += 1
        self.container.mux(self.video.encode(picture))

    def sound(self, samples: NDArray[np.float32], first: int) -> None:
        """Adds the next samples; `first` is the number of the first of them, and a multiple of 1024."""
        for start in range(0, samples.shape[1], 1024):
            block = np.ascontiguousarray(samples[:, start : start + 1024])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate = RATE
            frame.pts = first + start
            frame.time_base = Fraction(1, RATE)
            self.container.mux(self.audio.encode(frame))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.container.mux(self.video.encode(None))
            self.container.mux(self.audio.encode(None))
        self.container.close()
