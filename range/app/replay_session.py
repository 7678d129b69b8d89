"""`rangectl replay`: a recorded session through the same rules again."""

import json
from pathlib import Path
from typing import TextIO

from range.app.record import RecordError
from range.app.recorded import read_runs
from range.core.replay import replay

SHOWN = 20


def replay_session(record: Path, session: int, *, out: TextIO, err: TextIO, as_json: bool) -> int:
    """Replay a session; 0 where it comes out the same, 1 where it does not, 2 where it cannot be replayed."""
    try:
        again = replay(read_runs(record, session))
    except RecordError as problem:
        err.write(f"{problem}\n")
        return 2
    if as_json:
        result = {"session": session, "inputs": again.inputs, "same": not again.differences}
        out.write(json.dumps({**result, "differences": again.differences}, ensure_ascii=False) + "\n")
    for difference in again.differences[:SHOWN]:
        err.write(f"{difference}\n")
    if len(again.differences) > SHOWN:
        err.write(f"and {len(again.differences) - SHOWN} more differences\n")
    if again.differences:
        err.write(
            f"Session {session} does not come out as recorded: the rules have changed, or the record is damaged.\n"
        )
        return 1
    where = again.state.scene or "the slate"
    err.write(f"Session {session}: {again.inputs} inputs through the rules again, the same facts, ending in {where}.\n")
    return 0
