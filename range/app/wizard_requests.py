"""What a step of the wizard can ask for, one thing at a time, and the answer it is given.

A step is a generator: it yields a request and is sent the answer. `show`, `take`, `want`, `collect`, `watch`, `fix` and
`ask` are requests to `yield from`, with the answer's own type.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from calibration.latency import Sample
from hardware.camera.messages import ControlsRead, PictureTaken
from hardware.laser.spot import Spot
from media.paint import Prompt
from media.paint_page import Page

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Show:
    """Show a grey picture of the screen's size; the answer is the clock time of the flip."""

    picture: Grey


@dataclass(frozen=True, slots=True)
class Tell:
    """Show a page and go on; the answer is the clock time of the flip."""

    page: Page


@dataclass(frozen=True, slots=True)
class Ask:
    """Show a page, with the live camera picture in it where `live`, until one of `keys` is pressed: the answer."""

    page: Page
    keys: Sequence[str]
    live: bool = False


@dataclass(frozen=True, slots=True)
class Pointed:
    """An answer to `Ask`: the mouse was clicked at (x, y) screen pixels, or drawn there while `dragging`."""

    x: float
    y: float
    dragging: bool = False


@dataclass(frozen=True, slots=True)
class Want:
    """Have the first camera picture stamped at clock time `after` or later kept; the answer is its number."""

    after: float


@dataclass(frozen=True, slots=True)
class Collect:
    """The answer is a picture that was wanted, as soon as it has come."""

    number: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep on showing the same until clock time `until`; the answer is that time."""

    until: float


@dataclass(frozen=True, slots=True)
class Watch:
    """Watch the brightness for so many seconds more; the answer is every sample since the first `Watch`.

    0 seconds: no longer.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class Set:
    """Fix these camera settings; the answer is what the camera then tells."""

    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Shoot:
    """Show a page until a laser is fired at its mark (x, y): the answer is the spot, or a key of `keys`."""

    page: Page
    x: float
    y: float
    keys: Sequence[str]


Request = Show | Tell | Ask | Want | Collect | Keep | Watch | Set | Shoot
Answer = int | float | str | Pointed | PictureTaken | list[Sample] | ControlsRead | Spot
T = TypeVar("T")
Steps = Generator[Request, Answer, T]


class StoppedError(Exception):
    """The person has stopped the wizard."""


GO_ON, RETRY, BACK, BY_HAND, STOP = "enter", "r", "b", "h", "s"
PROMPTS = {
    GO_ON: Prompt("Enter", "go on"),
    RETRY: Prompt("R", "again"),
    BACK: Prompt("B", "back"),
    BY_HAND: Prompt("H", "by hand"),
    STOP: Prompt("S", "stop"),
}


def prompted(page: Page, keys: Sequence[str]) -> Page:
    """The page with the keys that can be pressed before it."""
    return replace(page, prompts=[PROMPTS[key] for key in keys])


def show(picture: Grey) -> Steps[float]:
    """Show a picture; the clock time of its flip."""
    return cast(float, (yield Show(picture)))


def take(after: float) -> Steps[PictureTaken]:
    """The first camera picture stamped at or after a clock time."""
    return (yield from collect((yield from want(after))))


def want(after: float) -> Steps[int]:
    """The number under which to collect the first camera picture stamped at or after a clock time."""
    return cast(int, (yield Want(after)))


def collect(number: int) -> Steps[PictureTaken]:
    """A picture that was wanted."""
    return cast(PictureTaken, (yield Collect(number)))


def watch(seconds: float) -> Steps[list[Sample]]:
    """The brightness seen since the first watch, after so many seconds more."""
    return cast(list[Sample], (yield Watch(seconds)))


def fix(values: dict[str, float]) -> Steps[dict[str, float]]:
    """Fix camera settings; what the camera then tells."""
    return dict(cast(ControlsRead, (yield Set(values))).values)


def ask(page: Page, keys: Sequence[str], *, live: bool = False) -> Steps[str]:
    """One of the keys, pressed by the person before the page. Raises StoppedError."""
    while True:
        answer = yield from ask_or_point(page, keys, live=live)
        if isinstance(answer, str):
            return answer


def ask_or_point(page: Page, keys: Sequence[str], *, live: bool = False) -> Steps[str | Pointed]:
    """One of the keys, or a click on the page."""
    return cast("str | Pointed", (yield Ask(prompted(page, keys), keys, live)))


def shoot(page: Page, x: float, y: float, keys: Sequence[str]) -> Steps[Spot | str]:
    """The spot that was fired at the page's mark (x, y), or a key."""
    return cast("Spot | str", (yield Shoot(prompted(page, keys), x, y, keys)))
