"""How long the finder takes for a frame of a real camera, beside the floor: one `absdiff` of the same frame.

One thread, frames decoded beforehand. Without recordings the frames are a noisy wall's.
"""

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
MOST_FRAMES = 200

Frame = NDArray[np.uint8]


def measure() -> Iterator[Figure]:
    """Median and 95th percentile a frame at three sizes, and the ratio to the floor."""
    cv2.setNumThreads(1)
    for (width, height), (goal, elsewhere) in GOALS.items():
        frames = _frames(width, height)
        size = f"{width}x{height}"
        finding, floor = _times(frames)
        yield Figure(f"finder {size}, median", float(np.median(finding)), "ms", goal, len(finding), elsewhere)
        yield Figure(f"finder {size}, p95", float(np.percentile(finding, 95)), "ms", None, len(finding))
        yield Figure(f"absdiff {size}, median", float(np.median(floor)), "ms", None, len(floor))
        yield Figure(
            f"finder over absdiff {size}", float(np.median(finding) / np.median(floor)), "times", None, len(floor)
        )


def _times(frames: list[Frame]) -> tuple[list[float], list[float]]:
    finder = Finder()
    finding, floor = [], []
    for index, frame in enumerate(frames):
        began = time.perf_counter()
        finder.find(frame, index / 30)
        found = time.perf_counter()
        cv2.absdiff(frame, frames[index - 1])
        floor.append(1000 * (time.perf_counter() - found))
        finding.append(1000 * (found - began))
    return finding[5:], floor[5:]


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
            if len(frames) == MOST_FRAMES:
                break
    return frames
