"""The debrief on the projector: a browser without borders on the range's display, steered by page and keypad."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TextIO

from media.outputs import NoOutputError, Output, Outputs, find_output
from range.app.config import Config
from range.app.devices import Devices
from range.app.web.server import WebServer
from range.core import events as e

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "brave-browser")
ROUND_SECONDS = 0.5


def steer(server: WebServer, config: Config) -> None:
    """Hand the keypad's keys, and this terminal's, to the page on the wall, until the server ends or Ctrl-C."""
    inbox: SimpleQueue[e.Input] = SimpleQueue()
    devices = Devices(config, camera=None, keypad=config.keypad.port, aim=None, inbox=inbox, clock=time.monotonic)
    devices.start()
    try:
        while server.is_alive:
            try:
                event = inbox.get(timeout=ROUND_SECONDS)
            except Empty:
                continue
            if isinstance(event, e.KeyPressed):
                server.press(event.key)
    finally:
        devices.close()


@contextmanager
def on_the_wall(address: str, config: Config, *, err: TextIO) -> Iterator[None]:
    """Show a page full screen on the configured display; where that cannot be, say how a person can."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    display = _display(config)
    if browser is None or display is None:
        why = "no Chromium, Chrome or Edge is installed" if browser is None else "no display was found"
        err.write(f"Open {address} on the projector's screen and press F11 ({why}).\n")
        yield
        return
    with tempfile.TemporaryDirectory(prefix="common-ground-wall-", ignore_cleanup_errors=True) as profile:
        window = subprocess.Popen(
            browser_words(browser, address, display, Path(profile)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            window.terminate()
            try:
                window.wait(5)
            except subprocess.TimeoutExpired:
                window.kill()
                window.wait()


def browser_words(browser: str, address: str, display: Output, profile: Path) -> list[str]:
    """The command that shows a page alone on a display, with sound, and with nothing kept of it."""
    return [
        browser,
        f"--app={address}",
        "--kiosk",
        "--start-fullscreen",
        f"--window-position={display.x},{display.y}",
        f"--window-size={display.width},{display.height}",
        f"--user-data-dir={profile}",
        "--autoplay-policy=no-user-gesture-required",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-session-crashed-bubble",
        # As root a browser has no box to lock itself in; this one shows only our own pages.
        *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]


def _display(config: Config) -> Output | None:
    try:
        with Outputs() as outputs:
            return find_output(config.screen.display, outputs.now())
    except NoOutputError:
        return None
