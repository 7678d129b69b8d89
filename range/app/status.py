"""What the operator must know at every moment: whether hits are counted, and if not why."""

import sys
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from hardware.camera.messages import CameraHealth, CameraState
from range.app.config import Keys
from range.core.events import OperatorKey
from range.core.rules import State

GOOD = "bold green"
BAD = "bold yellow"


@dataclass(frozen=True, slots=True)
class Status:
    """`not_counted` is the reason in words, None while hits are counted; `details` the rest of the line."""

    not_counted: str | None
    details: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The words that matter."""
        return "HITS COUNTED" if self.not_counted is None else f"NOT COUNTED: {self.not_counted}"


def why_not_counted(state: State, camera: CameraState, calibration_fault: str | None, go_on_key: str) -> str | None:
    """Why a hit would not count now, in words with a remedy; None where it would."""
    if camera.condition == "opening":
        return "the camera is opening"
    if camera.condition != "live":
        return camera.reason
    if calibration_fault is not None:
        return calibration_fault
    if state.stopped:
        return f"stopped, press {go_on_key} to go on"
    match state.phase:
        case "ready":
            return f"the session has not begun, press {go_on_key} to start"
        case "paused":
            return f"paused, press {go_on_key} to go on"
        case "ended":
            return f"the scenario has ended, press {go_on_key} for the next participant"
        case "playing":
            return None


def details(state: State, media: float | None, health: CameraHealth | None, hits: int, session: int) -> tuple[str, ...]:
    """The parts of the line behind the headline."""
    where = "slate" if state.scene is None or media is None else f"{state.scene} {media:.1f} s"
    camera = (
        ()
        if health is None
        else (
            f"camera {health.width}x{health.height} {health.frames_a_second:.0f}/s, {health.finding_ms:.1f} ms a frame",
        )
    )
    return (where, f"{hits} hit{'' if hits == 1 else 's'}", *camera, f"session {session}")


def key_for(keys: Keys, action: OperatorKey) -> str:
    """The first key that the configuration gives an operator's action, or the action's name where it gives none."""
    return next((key for key, meaning in keys.operator.items() if meaning == action), action.replace("_", " "))


class StatusLine:
    """The terminal's last line. On a terminal it is rewritten in place; elsewhere each new headline is a line."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._console = Console(file=stream, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False) if stream.isatty() else None
        self._last: Status | None = None

    def __enter__(self) -> "StatusLine":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.update("", refresh=True)
            self._live.stop()

    def show(self, status: Status) -> None:
        """Say how things stand; saying the same again costs nothing."""
        if status == self._last:
            return
        if self._live is not None:
            line = Text(
                status.headline, style=GOOD if status.not_counted is None else BAD, no_wrap=True, overflow="ellipsis"
            )
            line.append("  " + "  ·  ".join(status.details), style="dim")
            self._live.update(line, refresh=True)
        elif self._last is None or status.headline != self._last.headline:
            self._console.print(status.headline, soft_wrap=True)
        self._last = status

    def say(self, text: str) -> None:
        """A sentence above the line."""
        self._console.print(text, soft_wrap=True)
