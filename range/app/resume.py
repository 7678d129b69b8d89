"""An interrupted session, brought to the state it was cut off in."""

from pathlib import Path

from range.app.record import INTERRUPTED, RecordError
from range.app.recorded import read_runs, read_session
from range.app.runtime import Resumption, Story
from range.core.replay import replay


class ChangedScenarioError(Exception):
    """The scenario is another than the one that was played; the text says so."""


def resumption_of(record: Path, session: int, story: Story) -> Resumption:
    """The state of a session that was cut off, reached by its own record. Raises RecordError, ChangedScenarioError."""
    recorded = read_session(record, session)
    if recorded.ended != INTERRUPTED:
        raise RecordError(f"session {session} was not interrupted: it ended with {recorded.ended}")
    runs = read_runs(record, session)
    if recorded.graph != story.scenario:
        raise ChangedScenarioError(
            f"{story.folder} is not the scenario that session {session} played, or has been changed since: begin a new "
            "session"
        )
    again = replay(runs)
    if again.differences:
        raise RecordError(f"session {session} cannot be resumed: {again.differences[0]}")
    participants = tuple(person.name for person in recorded.people if person.part == "participant")
    return Resumption(session, participants, again.state)
