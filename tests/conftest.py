"""What several specifications need: a real display."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

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
