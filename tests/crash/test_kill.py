"""kill -9 at random instants of a busy session: the record reopens whole."""

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from range.app.journal import Journal
from range.app.record import RecordError, events, sessions
from range.app.recorded import read_runs
from range.app.resume import ChangedScenarioError, resumption_of
from range.app.runtime import Story
from range.core.events import SessionEnded
from range.core.replay import replay
from range.core.resumption import resumed
from range.core.rules import State, decide
from tests.crash.busy_session import PACE, STORY, play, step

# A hundred milliseconds, told by the session's own pace: so many inputs were handed over since. A machine under load
# makes the session slower, never the promise weaker.
WITHIN = round(0.1 / PACE)


def killed(record: Path, inputs: int) -> int:
    """Play until so many inputs have been handed over, kill; how many had been told to us."""
    context = multiprocessing.get_context("forkserver")  # each process begins alike, in milliseconds
    context.set_forkserver_preload(["tests.crash.busy_session"])
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


def is_whole(record: Path, session: int, told: int) -> None:
    """Nothing is missing but the last 100 ms, nothing is there twice, and the rules come to the same."""
    (run,) = read_runs(record, session)
    recorded = events(record, session)
    assert told - WITHIN <= len(run.inputs)
    assert replay((run,)).differences == ()
    assert set(Counter(_key(event) for event in recorded).values()) <= {1}
    hits = [event["x"] for event in recorded if event["kind"] == "hit"]
    assert hits == sorted(hits)


def _key(event: Mapping[str, Any]) -> tuple[Any, ...]:
    return event["kind"], event["clock"], event.get("x"), event.get("key")


def in_a_loop(record: Path, *, times: int, longest: int) -> None:
    chance = random.Random(9)
    for _ in range(times):
        told = killed(record, chance.randrange(1, longest))
        last = sessions(record)
        if not last:
            assert told <= WITHIN  # cut off before the session itself was on disk
            continue
        assert last[-1].ended == "interrupted"
        is_whole(record, last[-1].number, told)


def test_killed_fifty_times_at_any_instant_the_record_reopens_whole(tmp_path: Path) -> None:
    in_a_loop(tmp_path / "record.sqlite3", times=50, longest=60)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_a_thousand_times_at_any_instant_the_record_reopens_whole(tmp_path: Path) -> None:
    in_a_loop(tmp_path / "record.sqlite3", times=1000, longest=150)


def test_the_next_start_marks_what_was_cut_off_and_takes_it_up_only_when_asked(tmp_path: Path) -> None:
    record = tmp_path / "record.sqlite3"
    killed(record, 200)
    Journal(record, print).close()
    (row,) = sessions(record)
    assert (row.ended, row.runs) == ("interrupted", 1)


def test_a_resumed_session_opens_its_next_run_stopped_at_the_scene_it_was_in(tmp_path: Path) -> None:
    record = tmp_path / "record.sqlite3"
    killed(record, 200)
    resumption = resumption_of(record, 1, Story("busy", STORY, tmp_path))
    before = events(record, 1)
    opened = resumed(resumption.state).state
    cut_off = resumption.state
    assert (opened.stopped, opened.cutting_to) == (True, cut_off.cutting_to or cut_off.scene)
    journal = Journal(record, print)
    log = journal.resume(1, 5000.0, opened)
    state: State = opened
    for number in (1, 2, 3):
        event = step(number, state)
        decision = decide(state, event)
        log.decided(event, decision)
        state = decision.state
    journal.close()
    after = events(record, 1)
    assert after[: len(before)] == before
    assert {event["run"] for event in after[len(before) :]} == {2}
    assert replay(read_runs(record, 1)).differences == ()


def test_a_session_that_ended_or_another_story_is_not_resumed(tmp_path: Path) -> None:
    record = tmp_path / "record.sqlite3"
    killed(record, 60)
    with pytest.raises(ChangedScenarioError, match="begin a new session"):
        resumption_of(record, 1, Story("busy", replace(STORY, title="Another"), tmp_path))
    journal = Journal(record, print)
    log = journal.resume(1, 0.0, State(STORY))
    log.write(SessionEnded(clock=1.0, reason="completed"))
    journal.close()
    with pytest.raises(RecordError, match="it ended with completed"):
        resumption_of(record, 1, Story("busy", STORY, tmp_path))
    with pytest.raises(RecordError, match="no session 7"):
        resumption_of(record, 7, Story("busy", STORY, tmp_path))
