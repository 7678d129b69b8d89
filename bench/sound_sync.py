"""Whether sound and picture leave together: beeps in the sink's recording against the codes in the framebuffer.

A process of its own, run where a null sink is the sound device: `python -m bench.sound_sync FOLDER CLIP CUTS`
prints one JSON object.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.null_sink import RATE, recording
from bench.screening import Refresh, screening
from media.sound import Sound, Source
from range.core.scenario import Scene

EVERY = 0.5
"""A beep begins at each multiple of so many media seconds."""
STARTS = (0.0, 1.25)
NEAR = 0.2
IN_TIME = 0.01
FILM_RATE = 30


def main(folder: Path, clip: str, cuts: int) -> None:
    """Cut to and fro between the clip's start and a place within it; each beep's offset from its picture."""
    scenes = [Scene(_name(start), clip, start=start) for start in STARTS]
    with recording(dict(os.environ)) as heard, screening(folder, scenes) as screen:
        sound = Sound(on=True, volume=100, device="", on_trouble=_complain)
        sources = {scene.name: Source(folder / clip, scene.start, None, False) for scene in scenes}
        screen.on_first = lambda name: sound.cut(name, sources[name])
        for number in range(cuts):
            scene = scenes[number % len(scenes)]
            screen.player.arm((scene.name,))
            sound.arm({scene.name: sources[scene.name]})
            screen.run(1.0)
            screen.player.cut(scene.name)
            screen.turning = True
            screen.run(1.7)
        sound.close()
        samples, first = heard.end()
        log = screen.refreshes
    onsets = first + _onsets(samples) / RATE
    offsets = {f"{start:g}": _offsets(log, start, onsets) for start in STARTS}
    sys.stdout.write(json.dumps(offsets) + "\n")


def _complain(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def _onsets(samples: NDArray[np.float64]) -> NDArray[np.int64]:
    """Where a beep begins: loud after a tenth of a second without."""
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    return loud[np.diff(loud, prepend=-RATE) > RATE // 10] if len(loud) else loud


def _offsets(log: list[Refresh], start: float, onsets: NDArray[np.float64]) -> list[float]:
    """Milliseconds from the flip of a picture at which a beep is due to the beep; positive: the sound is late.

    Pictures that were themselves late are passed over: what they are late by says nothing of the sound.
    """
    found: list[float] = []
    origin = 0.0
    before: Refresh | None = None
    for refresh in log:
        if refresh.code is None or refresh.scene != _name(start):
            continue
        origin = refresh.flip if refresh.began else origin
        media = refresh.code[1] / FILM_RATE
        beeps = refresh.code[1] % round(FILM_RATE * EVERY) == 0
        in_time = abs(refresh.flip - origin - (media - start)) < IN_TIME
        if beeps and in_time and (refresh.began or before is None or before.code != refresh.code):
            near = onsets[np.argmin(np.abs(onsets - refresh.flip))] if len(onsets) else np.inf
            if abs(near - refresh.flip) < NEAR:
                found.append(1000 * float(near - refresh.flip))
        before = refresh
    return found


def _name(start: float) -> str:
    return f"from {start:g}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
