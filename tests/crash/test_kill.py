"""kill -9 at random instants of a busy session: the record reopens whole."""

from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from bench.busy_session import STORY, step
from bench.record import WITHIN, kill_in_a_loop, killed
from range.app.journal import Journal
from range.app.record import RecordError, events, sessions
from range.app.recorded import read_runs
from range.app.resume import ChangedScenarioError, resumption_of
from range.app.runtime import Story
from range.core.events import SessionEnded
from range.core.replay import replay
from range.core.resumption import resumed
from range.core.rules import State, decide


def test_killed_fifty_times_at_any_instant_the_record_reopens_whole(tmp_path: Path) -> None:
    lost, damaged = kill_in_a_loop(tmp_path / "record.sqlite3", times=50, longest=60)
    assert damaged == []
    # The worst of them is a figure of this machine and its load (`rangectl bench record`).
    assert median(lost) <= WITHIN


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_a_thousand_times_at_any_instant_the_record_reopens_whole(tmp_path: Path) -> None:
    lost, damaged = kill_in_a_loop(tmp_path / "record.sqlite3", times=1000, longest=150)
    assert damaged == []
    # The worst of them is a figure of this machine and its load (`rangectl bench record`).
    assert median(lost) <= WITHIN


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
