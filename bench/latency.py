"""From an instructor's key to the film and to the disk, through a real pseudo-terminal, window and database."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from bench.figures import Figure
from bench.silent_range import silent_plan
from hardware.keypad.twin import KeypadTwin
from range.app.journal import Journal
from range.app.live import LiveRange
from range.app.record import events
from range.app.status import StatusLine
from range.core.events import ActSeen

CUTS = 20


def measure() -> Iterator[Figure]:
    """Key press to the flip of the new scene's first picture, and fact to disk."""
    yield from _cuts()
    yield from _to_disk()


def _cuts() -> Iterator[Figure]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        keypad = stack.enter_context(KeypadTwin("plain"))
        line = StatusLine(stack.enter_context((folder / "status").open("w")))
        plan = silent_plan(folder, keypad=keypad.path, seconds=120.0)
        live = LiveRange(plan, clock=time.monotonic, status=line)
        live.run(_Presser(keypad))
        recorded = events(plan.record, 1)
    waits = []
    pressed: float | None = None
    for event in recorded:
        if event["kind"] == "key" and event["accepted"]:
            pressed = event["clock"]
        elif event["kind"] == "scene_shown" and pressed is not None:
            waits.append(1000 * (event["clock"] - pressed))
            pressed = None
    yield Figure("key to first picture, median", float(np.median(waits)), "ms", None, len(waits))
    yield Figure(
        "key to first picture, p95", float(np.percentile(waits, 95)), "ms", 40.0, len(waits), "VLC 209 ms cold"
    )
    yield Figure("cuts that waited for their scene", float(live.player.counts.late_cuts), "cuts", 0.0, len(waits))


class _Presser:
    """Turns the film to and fro, each time a second after the scene before was shown."""

    def __init__(self, keypad: KeypadTwin) -> None:
        self._keypad = keypad
        self._done = 0
        self._at: float | None = None

    def __call__(self, live: LiveRange) -> bool:
        state, now = live.runtime.state, time.monotonic()
        if state.cutting_to is not None or not live.keypad_is_live:
            self._at = None
        elif self._at is None:
            self._at = now + 1.0
        elif now >= self._at:
            self._at = None
            if self._done == CUTS:
                return False
            self._keypad.press("enter" if state.phase == "ready" else "1" if state.scene != "talk" else "3")
            self._done += 1
        return True


def print_to_stderr(sentence: str | None) -> None:
    """Trouble with the record, or its end, told."""
    sys.stderr.write((sentence or "the record is written again") + "\n")


def _to_disk() -> Iterator[Figure]:
    waits = []
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record.sqlite3"
        journal = Journal(record, print_to_stderr)
        log = journal.begin("bench", "Bench", 0.0)
        journal.settle(10.0)
        for number in range(50):
            began = time.perf_counter()
            log.write(ActSeen(clock=float(number), act="press"))
            while len(events(record, log.number)) <= number:
                time.sleep(0.0005)
            waits.append(1000 * (time.perf_counter() - began))
        journal.close()
    yield Figure("fact to disk, p95", float(np.percentile(waits, 95)), "ms", 100.0, len(waits))
