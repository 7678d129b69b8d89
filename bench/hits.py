"""How long the finder takes for a frame of a real camera, beside the floor: one `absdiff` of the same frame.

One thread, frames decoded beforehand. Without recordings the frames are a noisy wall's.
"""

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure
from hardware.camera.recording import Recording
from hardware.laser.finder import Finder

FOOTAGE = Path(__file__).parents[2] / "shared" / "footage"
GOALS = {(640, 480): (0.5, "5 ms"), (1280, 720): (1.5, "15 ms"), (1920, 1080): (3.3, "33 ms")}
RECORDINGS = {(640, 480): "logitech-indoor-green.mp4", (1280, 720): "highres-green.mp4"}
MOST_TIMES_THE_FLOOR = {(640, 480): 0.5 / 0.03, (1280, 720): 1.5 / 0.09, (1920, 1080): 3.3 / 0.23}
MOST_FRAMES = 200
SETTLED = 5
A_MINUTE = 3600
MOST_GAIN = 5.0

Frame = NDArray[np.uint8]
Times = NDArray[np.float64]


def measure() -> Iterator[Figure]:
    """Median and 95th percentile a frame at three sizes, quiet and while a laser is lit, and the ratio to the floor."""
    cv2.setNumThreads(1)
    for (width, height), (goal, elsewhere) in GOALS.items():
        frames = _frames(width, height)
        size = f"{width}x{height}"
        finding, floor, lit = _times(frames)
        for state, values in (("quiet", finding[~lit]), ("with a hit", finding[lit])):
            if len(values):
                yield Figure(f"finder {size} {state}, median", _at(values, 50), "ms", goal, len(values), elsewhere)
                yield Figure(f"finder {size} {state}, p95", _at(values, 95), "ms", None, len(values))
        yield Figure(f"absdiff {size}, median", _at(floor, 50), "ms", None, len(floor))
        ratio, most = _at(finding, 50) / _at(floor, 50), MOST_TIMES_THE_FLOOR[width, height]
        yield Figure(f"finder over absdiff {size}", ratio, "times", most, len(floor))
    yield Figure("memory gained in a minute of 1920x1080 at 60 a second", _gained(frames), "MB", MOST_GAIN, A_MINUTE)


def _times(frames: list[Frame]) -> tuple[Times, Times, NDArray[np.bool_]]:
    """Milliseconds of finding and of the floor for each frame but the first, and whether a laser was lit in it."""
    finder = Finder()
    finding, floor = np.zeros(len(frames)), np.zeros(len(frames))
    lit = np.zeros(len(frames), bool)
    for index, frame in enumerate(frames):
        began = time.perf_counter()
        spots = finder.find(frame, index / 30)
        found = time.perf_counter()
        cv2.absdiff(frame, frames[index - 1])
        floor[index] = 1000 * (time.perf_counter() - found)
        finding[index] = 1000 * (found - began)
        for spot in spots:
            lit[spot.frame : index + 1] = True
    return finding[SETTLED:], floor[SETTLED:], lit[SETTLED:]


def _at(values: Times, percentile: float) -> float:
    return float(np.percentile(values, percentile))


def _gained(frames: list[Frame]) -> float:
    """Megabytes by which the process has grown after a minute of frames, beside what it took after a fifth of it."""
    finder = Finder()
    before = 0.0
    for index in range(A_MINUTE):
        finder.find(frames[index % len(frames)], index / 60)
        if index == A_MINUTE // 5:
            before = _resident()
    return _resident() - before


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _frames(width: int, height: int) -> list[Frame]:
    path = FOOTAGE / RECORDINGS.get((width, height), RECORDINGS[1280, 720])
    if not path.exists():
        noise = np.random.default_rng(1)
        return [noise.normal(90, 2, (height, width, 3)).astype(np.uint8) for _ in range(MOST_FRAMES // 4)]
    frames: list[Frame] = []
    with Recording(path) as recording:
        for frame in recording.frames():
            pixels = frame.pixels
            if pixels.shape[:2] != (height, width):
                pixels = np.asarray(cv2.resize(pixels, (width, height)), np.uint8)
            frames.append(pixels)
            if len(frames) == MOST_FRAMES * 640 * 480 // (width * height) + 60:
                break
    return frames
