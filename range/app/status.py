"""What the operator must know at every moment: whether hits are counted, and if not why."""

import sys
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from hardware.camera.messages import CameraHealth, CameraState, RejectionsSeen
from range.app.config import Keys
from range.core.events import OperatorKey
from range.core.rules import State

GOOD = "bold green"
BAD = "bold yellow"
ALL_CAUGHT = 0.995
BRIGHT = 0.05
"""A share of the screen that is worth a word when it is too bright."""


@dataclass(frozen=True, slots=True)
class Status:
    """`not_counted` is the reason in words, None while hits are counted; `details` the rest of the line."""

    not_counted: str | None
    details: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The words that matter."""
        return "HITS COUNTED" if self.not_counted is None else f"NOT COUNTED: {self.not_counted}"


def why_not_counted(
    state: State, camera: CameraState, calibration_fault: str | None, go_on_key: str, why_blind: str | None = None
) -> str | None:
    """Why a hit would not count now, in words with a remedy; None where it would.

    `why_blind` says why no hit can be seen in the pictures of a live camera, where that is so.
    """
    if camera.condition == "opening":
        return "the camera is opening"
    if camera.condition != "live":
        return camera.reason
    if why_blind is not None:
        return why_blind
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


def details(
    state: State,
    media: float | None,
    health: CameraHealth | None,
    hits: int,
    session: int,
    laser: str | None = None,
    keypad: str = "live",
) -> tuple[str, ...]:
    """The parts of the line behind the headline; `laser`: what is to be said of the test shot; `keypad`: its state."""
    where = "slate" if state.scene is None or media is None else f"{state.scene} {media:.1f} s"
    camera = () if health is None else health_words(health)
    shot = () if laser is None else (laser,)
    keys = () if keypad in ("live", "none") else (f"keypad {keypad}",)
    return (*keys, *shot, where, f"{hits} hit{'' if hits == 1 else 's'}", *camera, f"session {session}")


def health_words(health: CameraHealth) -> tuple[str, ...]:
    """The camera's facts in words: always its rate and the finder's time, the others where they matter."""
    slow = f" instead of {health.wanted:.0f}" if health.picture == "slow" else ""
    rate = f"{health.frames_a_second:.0f}/s{slow}"
    words = [f"camera {health.width}x{health.height} {rate}, {health.finding_ms:.1f} ms a frame"]
    if health.dropped:
        words.append(f"{health.dropped} frame{'' if health.dropped == 1 else 's'} dropped in the last second")
    if health.caught < ALL_CAUGHT:
        least = "" if health.exposure_known else "at least "
        words.append(f"this camera catches {least}{100 * health.caught:.0f} % of laser pulses")
    if health.saturated > BRIGHT:
        words.append(f"{100 * health.saturated:.0f} % of the screen too bright to see a laser")
    return tuple(words)


def explained(seen: RejectionsSeen, *, since: float) -> tuple[str, ...]:
    """A line for each candidate that was no hit, and one for those not told; times run from clock time `since`."""
    lines = [
        f"No hit at {one.x:.1f} {one.y:.1f} in the camera's picture, {one.clock - since:.2f} s: {one.reason}"
        for one in seen.rejections
    ]
    if seen.more:
        lines.append(f"No hit at {seen.more} more place{'' if seen.more == 1 else 's'} in that second")
    return tuple(lines)


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
