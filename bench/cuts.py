"""What a log of refreshes says: cuts, and pictures that were black, stale, repeated, left out or out of order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.screening import Refresh


@dataclass(slots=True)
class Verdict:
    """Counts over a log; `waits` and `refreshes` are those from each press to its scene's first picture."""

    waits: list[float] = field(default_factory=list)
    refreshes: list[int] = field(default_factory=list)
    wrong_first: int = 0
    black: int = 0
    stale: int = 0
    repeated: int = 0
    dropped: int = 0
    out_of_order: int = 0
    wrong_stamps: int = 0
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Reel:
    """A scene's place in its film: the clip's number, its first frame, how many, frames a second, whether it loops."""

    clip: int
    first: int
    count: int
    rate: int
    loop: bool = True


def judge(
    log: Sequence[Refresh], reels: dict[str, Reel], period: float, presses: Sequence[tuple[float, str]] = ()
) -> Verdict:
    """Judge a log by what the framebuffer said. `period` is the screen's, in seconds."""
    verdict = Verdict()
    for press, scene in presses:
        _cut(verdict, log, reels[scene], press, scene)
    for before, now in zip([None, *log], log, strict=False):
        _stamp(verdict, now, reels)
        if now.code is None:
            verdict.black += 1
        elif before is not None and not now.began and before.code is not None:
            _order(verdict, before.code, now.code, reels[now.scene or ""])
    _held_too_long(verdict, log, reels, period)
    return verdict


def _cut(verdict: Verdict, log: Sequence[Refresh], reel: Reel, press: float, scene: str) -> None:
    after = [refresh for refresh in log if refresh.flip > press]
    for count, refresh in enumerate(after, 1):
        if refresh.code is not None and refresh.code[0] == reel.clip and refresh.began and refresh.scene == scene:
            verdict.waits.append(refresh.flip - press)
            verdict.refreshes.append(count)
            verdict.wrong_first += refresh.code[1] != reel.first
            return
    raise AssertionError(f"the cut to {scene} was never shown")


def _stamp(verdict: Verdict, now: Refresh, reels: dict[str, Reel]) -> None:
    if now.code is None or now.scene is None or now.stamp is None:
        verdict.wrong_stamps += 1
        return
    reel = reels[now.scene]
    verdict.stale += now.code[0] != reel.clip
    verdict.wrong_stamps += abs(now.stamp - now.code[1] / reel.rate) > 0.001


def _order(verdict: Verdict, before: tuple[int, int], now: tuple[int, int], reel: Reel) -> None:
    if now == before:
        return
    verdict.pictures += 1
    step = now[1] - before[1]
    if reel.loop:
        step %= reel.count
    if step < 0 or step > reel.count // 2:
        verdict.out_of_order += 1
    else:
        verdict.dropped += step - 1


def _held_too_long(verdict: Verdict, log: Sequence[Refresh], reels: dict[str, Reel], period: float) -> None:
    """Pictures that stood a whole refresh longer than their time, the last one before a cut apart."""
    since = 0
    for index in range(1, len(log)):
        if log[index].code == log[since].code and not log[index].began:
            continue
        reel = reels[log[since].scene or ""]
        stood = log[index].flip - log[since].flip
        if not log[index].began and stood > 1 / reel.rate + 1.5 * period:
            verdict.repeated += 1
        since = index
