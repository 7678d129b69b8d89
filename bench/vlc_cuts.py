"""The same cuts through libVLC alone, as a comparison: a player each, opened cold, or paused beforehand."""

import ctypes
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any

import numpy as np

from bench.coded_films import STRIP, Code, code_in

SIZE = (1280, 720)
OPTIONS = ("--quiet", "--no-audio", "--no-osd", "--no-spu", "--no-video-title-show")
PATIENCE = 3.0


@dataclass(slots=True)
class VlcCuts:
    """Waits in seconds from asking to the new film's first picture, and the pictures that were wrong around it."""

    waits: list[float] = field(default_factory=list)
    wrong_first: int = 0
    black_or_stale: int = 0


class _Screen:
    """What libVLC displays: each picture's code with the time it was handed over."""

    def __init__(self, vlc: Any) -> None:
        width, height = SIZE
        self._pixels = np.zeros((height, width, 4), np.uint8)
        self._row = round(height * STRIP / 2)
        self._lock = Lock()
        self.shown: list[tuple[float, int, Code | None]] = []
        decorators = vlc.CallbackDecorators

        def lock(_opaque: Any, planes: Any) -> None:
            ctypes.cast(planes, ctypes.POINTER(ctypes.c_void_p))[0] = self._pixels.ctypes.data

        def display(opaque: Any, _picture: Any) -> None:
            code = code_in(self._pixels[self._row, :, :3])
            with self._lock:
                self.shown.append((time.monotonic(), int(opaque or 0), code))

        self._callbacks = (
            decorators.VideoLockCb(lock),
            decorators.VideoUnlockCb(lambda *_: None),
            decorators.VideoDisplayCb(display),
        )

    def attach(self, player: Any, number: int) -> None:
        player.video_set_callbacks(*self._callbacks, ctypes.c_void_p(number))
        player.video_set_format("RV32", *SIZE, SIZE[0] * 4)


def vlc_cuts(films: Sequence[Path], count: int, *, warm: bool, seed: int = 7) -> VlcCuts | None:
    """Cut to and fro between films whose codes carry their index; None without libVLC."""
    try:
        import vlc

        instance = vlc.Instance(*OPTIONS)
    except (ImportError, OSError, NotImplementedError, NameError, AttributeError):
        return None
    if instance is None:
        return None
    result, random = VlcCuts(), Random(seed)
    screen = _Screen(vlc)
    playing, now = None, len(films) - 1
    numbers = iter(range(1, 10_000))
    ready: dict[int, tuple[int, Any]] = {}
    for _ in range(count + 1):
        following = random.choice([n for n in range(len(films)) if n != now])
        if warm:
            ready[following] = _opened(instance, screen, films[following], next(numbers), paused=True)
        time.sleep(0.6 + 0.3 * random.random())
        asked = time.monotonic()
        already = len(screen.shown)
        if warm:
            number, player = ready.pop(following)
            player.set_pause(0)
        else:
            number, player = _opened(instance, screen, films[following], next(numbers), paused=False)
        if playing is not None:
            playing.stop()
            playing.release()
            _take_note(result, screen, asked, already, number, following)
        playing, now = player, following
    if playing is not None:
        playing.stop()
        playing.release()
    instance.release()
    return result


def _opened(instance: Any, screen: _Screen, film: Path, number: int, *, paused: bool) -> tuple[int, Any]:
    media = instance.media_new_path(str(film))
    if paused:
        media.add_option(":start-paused")
    player = instance.media_player_new()
    player.set_media(media)
    media.release()
    screen.attach(player, number)
    player.play()
    return number, player


def _take_note(result: VlcCuts, screen: _Screen, asked: float, already: int, number: int, clip: int) -> None:
    while time.monotonic() - asked < PATIENCE:
        for at, player, code in screen.shown[already:]:
            if player == number and code is not None and code[0] == clip:
                result.waits.append(at - asked)
                result.wrong_first += code[1] != 0
                between = [shown for shown in screen.shown[already:] if asked < shown[0] < at]
                result.black_or_stale += sum(shown[2] is None or shown[1] != number for shown in between)
                return
        time.sleep(0.002)
    result.waits.append(PATIENCE)
    result.wrong_first += 1
