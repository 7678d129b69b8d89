"""A question put to a library in a process of its own: a driver that crashes or hangs there takes nothing with it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `value` as JSON has it, or None and the `trouble` in a few words."""

    value: Any
    trouble: str = ""


def ask(program: str, *, seconds: float) -> Answer:
    """Run a Python program that prints one JSON value last; wait for it at most so long (seconds)."""
    command = [sys.executable, "-P", "-c", program]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL, env=_environment()
        )
    except subprocess.TimeoutExpired:
        return Answer(None, f"no answer within {seconds:g} s")
    except OSError as problem:
        return Answer(None, str(problem.strerror))
    if done.returncode < 0:
        return Answer(None, f"it crashed (signal {-done.returncode})")
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        complaint = done.stderr.strip().splitlines()
        return Answer(None, complaint[-1] if complaint else "it ended without an answer")
    try:
        return Answer(json.loads(lines[-1]))
    except json.JSONDecodeError:
        return Answer(None, "its answer cannot be read")


def _environment() -> dict[str, str]:
    # The libraries asked here are installed ones; the checkout's packages must not stand in their way.
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
