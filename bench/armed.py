"""What scenes kept ready cost: memory and idle processor time, measured in a process of their own.

`python -m bench.armed FOLDER CLIP...` prints one JSON object.
"""

import json
import sys
import threading
import time
from pathlib import Path

from bench.screening import Screening
from media.arming import DEFAULT_LIMIT
from media.player import Player
from media.window import Window
from range.core.scenario import Scenario, Scene

ARMED = 32
OUTPUT = (1920, 1080)
SECONDS = 6.0
BETWEEN_STARTS = 0.25


def main(folder: Path, clips: list[str]) -> None:
    """Play one scene, arm 32 others beside it, at an output of 1920x1080; what these have added."""
    scenes = {"playing": Scene("playing", clips[0], at_end="loop")}
    for number in range(ARMED):
        start = BETWEEN_STARTS * (number // len(clips))
        scenes[f"armed {number}"] = Scene(f"armed {number}", clips[number % len(clips)], start=start)
    window = Window(mode="offscreen", size=(320, 180))
    player = Player(Scenario("Armed", "playing", scenes), folder, size=OUTPUT, memory=DEFAULT_LIMIT)
    screening = Screening(window, player)
    screening.start("playing")
    screening.run(1.0)
    memory = resident()
    playing = _decoding()
    player.arm(tuple(name for name in scenes if name != "playing"))
    until = time.monotonic() + 240.0
    while not all(reader.wait_until_ahead(0.0) for reader in player.readers[1:]) and time.monotonic() < until:
        screening.run(0.2)
    ready = sum(reader.ready > 0 for reader in player.readers[1:])
    screening.run(1.0)
    used = _used(screening, _decoding() - playing)
    grown = resident() - memory
    player.close()
    window.close()
    told = {"ready": ready, "mebibytes": grown / (1 << 20), "idle": 100 * used}
    sys.stdout.write(json.dumps(told) + "\n")


def _decoding() -> set[int]:
    """The threads that decode now, by the system's numbers."""
    return {t.native_id for t in threading.enumerate() if t.name.startswith("decode") and t.native_id is not None}


def _used(screening: Screening, threads: set[int]) -> float:
    """Processor seconds a second that threads take while the film plays."""
    before, began = _processor(threads), time.monotonic()
    screening.run(SECONDS)
    return (_processor(threads) - before) / (time.monotonic() - began)


def _processor(threads: set[int]) -> float:
    """Processor seconds that threads have taken so far."""
    told = (Path(f"/proc/self/task/{thread}/schedstat").read_text() for thread in threads)
    return sum(int(line.split()[0]) for line in told) / 1e9


def resident() -> int:
    """Bytes of memory in use."""
    words = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(words["VmRSS"].split()[0]) << 10


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
