"""Playback as the wall shows it: cuts, steady film, exact stamps, armed scenes; and the same cuts through libVLC.

What was shown is read back from the framebuffer, from a code in every picture; the player's own account is only what
is held against it. Without a graphics card the window is 1280x720.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np

from bench.coded_films import write_coded_film
from bench.cuts import Reel, Verdict, judge
from bench.figures import Figure
from bench.null_sink import can_record, null_sink
from bench.screening import Screening, has_graphics_card, screening
from bench.vlc_cuts import vlc_cuts
from range.core.scenario import Scene

CUTS = 100
VLC_CUTS = 25
SOUND_CUTS = 20
CLIPS = 4
CLIP_SECONDS = 4.0
LATER = 1.0
"""A scene that begins within a clip does so here, in media seconds."""
STEADY = 10.0
FULL = (1920, 1080)
ROOT = Path(__file__).parents[1]


def measure() -> Iterator[Figure]:
    """Every figure of playback; a film is made for each of them first."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        films = [write_coded_film(folder / f"{n}.mp4", clip=n, seconds=CLIP_SECONDS, size=FULL) for n in range(CLIPS)]
        yield from _cuts(folder)
        yield from _steady(folder)
        yield from _armed(folder, films)
        yield from _vlc(films)
        yield from _sound(folder)


def _cuts(folder: Path) -> Iterator[Figure]:
    frames = round(30 * CLIP_SECONDS)
    reels = {f"clip {n}": Reel(n, 0, frames, 30) for n in range(CLIPS)}
    reels["later"] = Reel(0, round(30 * LATER), frames - round(30 * LATER), 30)
    scenes = [
        Scene(name, f"{reel.clip}.mp4", start=reel.first / reel.rate, at_end="loop") for name, reel in reels.items()
    ]
    presses: list[tuple[float, str]] = []
    with screening(folder, scenes) as screen:
        screen.start("clip 0")
        period = screen.window.period
        for moment, scene in _moments(list(reels), CUTS):
            _arm_all_but(screen, scenes)
            screen.run(moment)
            press = time.monotonic() + 0.05
            presses.append((press, scene))
            screen.run(0.1, [(press, scene)])
        verdict = judge(screen.refreshes, reels, period, presses)
        late, flips = screen.player.counts.late_cuts, len(screen.refreshes)
    waits = 1000 * np.array(verdict.waits)
    n = len(waits)
    yield Figure("cut: press to first picture, median", float(np.median(waits)), "ms", None, n)
    yield Figure("cut: press to first picture, p95", float(np.percentile(waits, 95)), "ms", 40.0, n, "VLC 209 ms cold")
    yield Figure("cut: press to first picture, most", float(waits.max()), "ms", None, n)
    yield Figure("cut: refreshes, median", float(np.median(verdict.refreshes)), "refreshes", None, n)
    yield Figure("cut: refreshes, p95", float(np.percentile(verdict.refreshes, 95)), "refreshes", 2.0, n)
    yield Figure("cut: refreshes, most", float(max(verdict.refreshes)), "refreshes", None, n)
    yield Figure("cut: first pictures that were not the scene's first", float(verdict.wrong_first), "cuts", 0.0, n)
    yield Figure("cut: waited for the scene", float(late), "cuts", 0.0, n)
    yield from _whole("cuts", verdict, flips)


def _moments(scenes: Sequence[str], count: int) -> Iterator[tuple[float, str]]:
    """How long to play on, and which scene comes then: never the one that plays."""
    random, now = Random(11), scenes[0]
    for _ in range(count):
        now = random.choice([scene for scene in scenes if scene != now])
        yield random.uniform(0.3, 0.9), now


def _arm_all_but(screen: Screening, scenes: Sequence[Scene]) -> None:
    playing = screen.player.scene
    screen.player.arm(tuple(scene.name for scene in scenes if scene is not playing))


def _whole(what: str, verdict: Verdict, flips: int) -> Iterator[Figure]:
    pictures = verdict.pictures
    yield Figure(f"{what}: black or torn", float(verdict.black), "flips", 0.0, flips)
    yield Figure(f"{what}: stale", float(verdict.stale), "flips", 0.0, flips)
    yield Figure(f"{what}: repeated", float(verdict.repeated), "pictures", 0.0, pictures)
    yield Figure(f"{what}: dropped", float(verdict.dropped), "pictures", 0.0, pictures)
    yield Figure(f"{what}: out of order", float(verdict.out_of_order), "pictures", 0.0, pictures)
    right = 100.0 * (flips - verdict.wrong_stamps) / flips
    yield Figure(f"{what}: stamps that differ from the number in the picture", 100.0 - right, "%", 0.0, flips)


def _steady(folder: Path) -> Iterator[Figure]:
    kinds = [((1280, 720), 30), (FULL, 30), *([(FULL, 60)] if has_graphics_card() else [])]
    for number, (size, rate) in enumerate(kinds, 8):
        name = f"{size[1]}p{rate}"
        write_coded_film(folder / f"{name}.mp4", clip=number, seconds=STEADY + 1, size=size, rate=rate)
        with screening(folder, [Scene(name, f"{name}.mp4")]) as screen:
            screen.start(name)
            screen.run(STEADY)
            period, log = screen.window.period, screen.refreshes
        verdict = judge(log, {name: Reel(number, 0, round(rate * (STEADY + 1)), rate, loop=False)}, period)
        yield Figure(f"{STEADY:g} s of {name}: shown", float(verdict.pictures + 1), "pictures", None, len(log))
        yield from _whole(f"{STEADY:g} s of {name}", verdict, len(log))


def _armed(folder: Path, films: Sequence[Path]) -> Iterator[Figure]:
    if not Path("/proc/self/status").exists():
        return
    words = [sys.executable, "-P", "-m", "bench.armed", str(folder), *(film.name for film in films)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    told = json.loads(done.stdout)
    ready = told["ready"]
    yield Figure("32 armed scenes at 1080p: not ready", float(32 - ready), "scenes", 0.0, 32)
    yield Figure("32 armed scenes at 1080p: memory", told["mebibytes"], "MiB", 1024.0, ready, "VLC 55 MB each")
    yield Figure("32 armed scenes at 1080p: idle processor time", told["idle"], "%", 2.0, ready, "VLC 13 %")


def _vlc(films: Sequence[Path]) -> Iterator[Figure]:
    for warm in (False, True):
        cuts = vlc_cuts(films, VLC_CUTS, warm=warm)
        if cuts is None:
            return
        name = f"libVLC alone, {'opened beforehand' if warm else 'cold'}"
        waits, n = 1000 * np.array(cuts.waits), len(cuts.waits)
        yield Figure(f"{name}: asked to first picture, median", float(np.median(waits)), "ms", None, n)
        yield Figure(f"{name}: asked to first picture, p95", float(np.percentile(waits, 95)), "ms", None, n)
        yield Figure(f"{name}: first pictures that were not frame 0", float(cuts.wrong_first), "cuts", None, n)
        yield Figure(f"{name}: black or stale pictures before it", float(cuts.black_or_stale), "pictures", None, n)


def _sound(folder: Path) -> Iterator[Figure]:
    """Beeps in what a null sink was played, against the codes of the pictures they belong to."""
    if not can_record():
        return
    film = write_coded_film(folder / "beeps.mp4", clip=7, seconds=6.0, size=(1280, 720), beep_every=0.5)
    with null_sink() as environment:
        words = [sys.executable, "-P", "-m", "bench.sound_sync", str(folder), film.name, str(SOUND_CUTS)]
        environment["PYTHONPATH"] = str(ROOT)
        done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    for start, offsets in json.loads(done.stdout).items():
        if offsets:
            late, n, where = np.array(offsets), len(offsets), "clip's start" if float(start) == 0 else "place within"
            yield Figure(f"sound after picture, from a {where}, median", float(np.median(late)), "ms", None, n)
            away = np.abs(late)
            yield Figure(f"sound away from picture, from a {where}, median", float(np.median(away)), "ms", None, n)
            yield Figure(f"sound away from picture, from a {where}, p95", float(np.percentile(away, 95)), "ms", None, n)
