"""What several specifications need: a real display."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from range.app.record import RecordError, sessions
from range.app.recorded import read_runs
from range.core.replay import replay

SERVER = shutil.which("Xvfb")


@pytest.fixture
def display() -> Iterator[str]:
    if SERVER is None:
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    words = [SERVER, "-displayfd", str(write), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    with subprocess.Popen(words, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as said:
            number = said.readline().strip()
        yield f":{number}"
        server.terminate()


@pytest.fixture(autouse=True)
def every_recorded_session_replays(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever session a test has recorded, the rules must come to the same again."""
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    for record in folder.rglob("record.sqlite3") if folder is not None else ():
        try:
            numbers = [row.number for row in sessions(record)]
        except RecordError:
            continue  # a test's own damaged record
        for number in numbers:
            try:
                runs = read_runs(record, number)
            except RecordError:
                continue  # written by hand, without inputs
            assert replay(runs).differences == (), f"{record}: session {number}"
