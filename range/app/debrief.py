"""`rangectl debrief`: the review in the browser, on the wall too, or as files."""

import os
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

from range.app.config import ConfigFaults, load_config
from range.app.debrief_export import export_debrief
from range.app.debrief_wall import on_the_wall, steer
from range.app.fault_report import report_faults
from range.app.record import RecordError
from range.app.recorded import read_session
from range.app.web.server import WebServer, WebServerError

DONE, FOUND, WRONG = 0, 1, 2
ENDING = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))


def debrief(
    record: Path,
    session: int,
    *,
    export: Path | None,
    wall: bool,
    config_file: Path | None,
    port: int,
    err: TextIO,
) -> int:
    """Open a session's review until Ctrl-C, or write it into a folder; the contract's exit code."""
    try:
        config = load_config(config_file)
        read_session(record, session)
        if export is not None:
            page = export_debrief(record, session, export)
            err.write(f"Open {page} in a browser; the folder can be copied anywhere. It holds names and films.\n")
            return DONE
    except ConfigFaults as problem:
        report_faults(problem.faults, out=sys.stdout, err=err)
        return WRONG
    except RecordError as problem:
        err.write(f"{problem}\n")
        return WRONG
    except OSError as problem:
        err.write(f"The debrief cannot be written into {export} ({problem.strerror}): name another folder\n")
        return WRONG
    try:
        server = WebServer(record, port=port, wall=session if wall else None)
    except WebServerError as problem:
        err.write(f"{problem}\n")
        return FOUND
    address = f"{server.address}/debrief/{session}"
    err.write(f"The debrief is at {address} on this computer. End it with Ctrl-C.\n")
    err.flush()
    with ExitStack() as parts:
        parts.callback(server.close)
        parts.enter_context(suppress(KeyboardInterrupt))
        parts.enter_context(ended_by_signals())
        if wall:
            parts.enter_context(on_the_wall(f"{server.address}/wall/{session}", config, err=err))
        if _has_desktop():
            webbrowser.open(address)
        if wall:
            steer(server, config)
        server.wait()
    return DONE


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Whatever asks this program to end does it as Ctrl-C does, so that what it has opened is closed."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _has_desktop() -> bool:
    """Whether a browser can be expected to show a window."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
