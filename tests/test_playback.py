"""The film over a long time and over cuts at random, on a real window, read back from the framebuffer."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench.coded_films import cells_of, code_in, write_coded_film

WANDER = """
import gc, json, os, random, sys, threading
from pathlib import Path
from bench.armed import resident
from bench.cuts import Reel, judge
from bench.screening import screening
from range.core.scenario import Scene

folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
scenes = [Scene(f"{n} from {start}", f"{n}.mp4", start=start, at_end="loop") for n in range(3) for start in (0.0, 0.5)]
reels = {s.name: Reel(int(s.name[0]), round(30 * s.start), round(30 * (1 - s.start)), 30) for s in scenes}
choose = random.Random(5)

def wander(screen, seconds):
    until = screen.clock() + seconds
    while screen.clock() < until:
        now = screen.player.scene
        others = [scene.name for scene in scenes if scene is not now]
        screen.player.arm(tuple(others))
        screen.run(choose.uniform(0.05, 0.4), [(screen.clock() + choose.uniform(0.0, 0.2), choose.choice(others))])

def state():
    gc.collect()
    return {"memory": resident(), "handles": len(os.listdir("/proc/self/fd")), "threads": threading.active_count()}

with screening(folder, scenes) as screen:
    screen.start(scenes[0].name)
    wander(screen, max(3.0, seconds / 4))
    before = state()
    screen.refreshes.clear()
    wander(screen, seconds)
    after = state()
    verdict = judge(screen.refreshes, reels, screen.window.period)
    began = [refresh for refresh in screen.refreshes if refresh.began]
    wrong = sum(refresh.code != (reels[refresh.scene].clip, reels[refresh.scene].first) for refresh in began)
print(json.dumps({"before": before, "after": after, "cuts": len(began), "wrong": wrong, "black": verdict.black,
    "stale": verdict.stale, "out_of_order": verdict.out_of_order, "wrong_stamps": verdict.wrong_stamps}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("films")
    for clip in range(3):
        write_coded_film(made / f"{clip}.mp4", clip=clip, seconds=1.0, size=(640, 360))
    return made


def wander(folder: Path, seconds: float) -> dict[str, dict[str, int] | int]:
    words = [sys.executable, "-P", "-c", WANDER, str(folder), str(seconds)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=2 * seconds + 60)
    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, int] | int] = json.loads(done.stdout.splitlines()[-1])
    return told


def bears_wandering(folder: Path, seconds: float) -> None:
    told = wander(folder, seconds)
    before, after = told["before"], told["after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert after["threads"] <= before["threads"] + 2
    assert after["handles"] <= before["handles"] + 4
    assert after["memory"] < before["memory"] + (48 << 20)
    assert isinstance(told["cuts"], int)
    assert told["cuts"] > seconds / 2
    assert [told[what] for what in ("wrong", "black", "stale", "out_of_order", "wrong_stamps")] == [0] * 5


def test_random_branching_shows_each_scenes_first_picture_and_leaves_nothing_behind(folder: Path) -> None:
    bears_wandering(folder, 6.0)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_minute_of_random_branching_is_flat_in_memory_handles_and_threads(folder: Path) -> None:
    bears_wandering(folder, 60.0)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_ten_minutes_of_random_branching_are_flat_in_memory_handles_and_threads(folder: Path) -> None:
    bears_wandering(folder, 600.0)


@pytest.mark.parametrize(("clip", "frame"), [(0, 0), (1, 1), (7, 119), (15, 4095)])
def test_a_code_is_read_as_it_was_written_and_nothing_else_is_a_code(clip: int, frame: int) -> None:
    row = np.repeat(np.where(cells_of(clip, frame), 235, 16), 40)[:, None].repeat(3, axis=1).astype(np.uint8)
    assert code_in(row) == (clip, frame)
    assert code_in(np.zeros_like(row)) is None
    flipped = row.copy()
    flipped[40 * 8 : 40 * 9] = 251 - flipped[40 * 8 : 40 * 9]
    assert code_in(flipped) is None
