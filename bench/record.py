"""The record under kill -9: a busy session is killed at random instants, again and again, and reopened."""

import multiprocessing
import os
import random
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.busy_session import PACE, play
from bench.figures import Figure
from range.app.record import INTERRUPTED, events, sessions
from range.app.recorded import read_runs
from range.core.replay import replay

TIMES = 1000
LONGEST = 60
# A hundred milliseconds, told by the session's own pace: so many inputs were handed over since. A machine under load
# makes the session slower, never the promise weaker.
WITHIN = round(0.1 / PACE)


def measure() -> Iterator[Figure]:
    """How many of a thousand killed sessions did not reopen whole, and how many inputs the worst of them had lost."""
    with tempfile.TemporaryDirectory() as folder:
        lost, damaged = kill_in_a_loop(Path(folder) / "record.sqlite3", times=TIMES, longest=LONGEST)
    yield Figure("killed sessions not reopened whole", float(len(damaged)), "", 0.0, TIMES)
    yield Figure("lost at kill -9, worst", 1000 * PACE * max(lost), "ms", 100.0, TIMES)


def kill_in_a_loop(record: Path, *, times: int, longest: int, seed: int = 9) -> tuple[list[int], list[str]]:
    """Kill so many sessions after 1 to `longest` inputs; how many inputs each had lost, and every damage in words."""
    chance = random.Random(seed)
    losses: list[int] = []
    damages: list[str] = []
    for _ in range(times):
        before = len(sessions(record))
        told = killed(record, chance.randrange(1, longest))
        known = sessions(record)
        if len(known) == before:
            losses.append(told)  # cut off before the session itself was on disk
            continue
        lost, found = damage(record, known[-1].number, told)
        losses.append(lost)
        damages += found
        if known[-1].ended != INTERRUPTED:
            damages.append(f"session {known[-1].number} is called {known[-1].ended}")
    return losses, damages


def killed(record: Path, inputs: int) -> int:
    """Play a session until so many inputs have been handed over, kill it; how many had been told to us."""
    context = multiprocessing.get_context("forkserver")  # each process begins alike, in milliseconds
    context.set_forkserver_preload(["bench.busy_session"])
    near, far = context.Pipe(duplex=False)
    program = context.Process(target=play, args=(record, far))
    program.start()
    far.close()
    told = 0
    with suppress(EOFError):
        while True:
            told = near.recv()
            if told == inputs and program.pid is not None:
                os.kill(program.pid, signal.SIGKILL)
    program.join()
    near.close()
    return told


def damage(record: Path, session: int, told: int) -> tuple[int, list[str]]:
    """How many of the inputs told are missing from a killed session, and what is wrong with the rest, in words."""
    (run,) = read_runs(record, session)
    recorded = events(record, session)
    found = [f"session {session}: {difference}" for difference in replay((run,)).differences]
    twice = [key for key, count in Counter(_key(event) for event in recorded).items() if count > 1]
    found += [f"session {session}: twice {key}" for key in twice]
    hits = [event["x"] for event in recorded if event["kind"] == "hit"]
    if hits != sorted(hits):
        found.append(f"session {session}: out of order")
    return max(told - len(run.inputs), 0), found


def _key(event: Mapping[str, Any]) -> tuple[Any, ...]:
    return event["kind"], event["clock"], event.get("x"), event.get("key")
