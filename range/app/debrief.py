"""`rangectl debrief`: the review in the browser, or as files."""

import os
import sys
import webbrowser
from pathlib import Path
from typing import TextIO

from range.app.debrief_export import export_debrief
from range.app.record import RecordError
from range.app.recorded import read_session
from range.app.web.server import WebServer, WebServerError

DONE, FOUND, WRONG = 0, 1, 2


def debrief(record: Path, session: int, *, export: Path | None, port: int, err: TextIO) -> int:
    """Open a session's review until Ctrl-C, or write it into a folder; the contract's exit code."""
    try:
        read_session(record, session)
        if export is not None:
            page = export_debrief(record, session, export)
            err.write(f"Open {page} in a browser; the folder can be copied anywhere. It holds names and films.\n")
            return DONE
    except RecordError as problem:
        err.write(f"{problem}\n")
        return WRONG
    except OSError as problem:
        err.write(f"The debrief cannot be written into {export} ({problem.strerror}): name another folder\n")
        return WRONG
    try:
        server = WebServer(record, port=port)
    except WebServerError as problem:
        err.write(f"{problem}\n")
        return FOUND
    address = f"{server.address}/debrief/{session}"
    err.write(f"The debrief is at {address} on this computer. End it with Ctrl-C.\n")
    err.flush()
    if _has_desktop():
        webbrowser.open(address)
    try:
        server.wait()
    except KeyboardInterrupt:
        err.write("\n")
    finally:
        server.close()
    return DONE


def _has_desktop() -> bool:
    """Whether a browser can be expected to show a window."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
