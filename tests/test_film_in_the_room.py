"""The bundled film, seen by the camera twin: the film itself is no hit, a laser on it is."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from hardware.camera.messages import TwinRoom, TwinShot
from hardware.camera.twin import TwinSource, screen_in_picture
from hardware.laser.film import Film
from hardware.laser.film_picture import OnWall, Shown
from hardware.laser.film_view import FilmView
from hardware.laser.finder import Finder
from hardware.laser.spot import Spot
from media.scenario_file import BUNDLED
from range.core.geometry import project
from range.core.shown import RingShape, ShownRing

CLIPS = sorted((BUNDLED / "noise-after-ten").glob("*.mp4"))
SHAPE = RingShape(slots=4, width=640, height=360)
SCREEN = (1280, 720)
SLATE = (66, 54, 38)
SLATE_FRAMES = 20
SHOT_EVERY = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """What the finder made of a clip: its spots, and where shots were fired in the camera's picture."""

    spots: tuple[Spot, ...]
    fired: tuple[tuple[float, float], ...]

    def false(self) -> list[Spot]:
        return [spot for spot in self.spots if not any(_near(spot, place) for place in self.fired)]

    def found(self) -> int:
        return sum(any(_near(spot, place) and spot.colour == "red" for spot in self.spots) for place in self.fired)


def _near(spot: Spot, place: tuple[float, float]) -> bool:
    return float(np.hypot(spot.x - place[0], spot.y - place[1])) < 2


def pictures(clip: Path) -> Iterator[np.ndarray]:
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            yield cv2.resize(
                frame.to_ndarray(format="bgr24"), (SHAPE.width, SHAPE.height), interpolation=cv2.INTER_AREA
            )


def view_of(room: TwinRoom) -> FilmView:
    """Where the twin's pixels look in the pictures it is shown."""
    scale = np.diag([SHAPE.width / room.screen[0], SHAPE.height / room.screen[1], 1.0])
    half = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])
    to_shown = half @ scale @ np.linalg.inv(screen_in_picture(room))
    width, height = room.size
    rows, columns = np.mgrid[:height, :width]
    places = project(to_shown, np.column_stack([columns.ravel(), rows.ravel()]).astype(float))
    return FilmView(places.reshape(height, width, 2).astype(np.float32), (SHAPE.width, SHAPE.height))


def watched(clip: Path, *, shots: bool, stutter: float = 0.0, frames: int = 10_000, predicted: bool = False) -> Seen:
    """The clip on the wall after a slate; `stutter` is the share of refreshes that show the picture before again.

    `predicted`: the finder is told what was on the wall.
    """
    memory = SharedMemory(create=True, size=SHAPE.size)
    assert memory.buf is not None
    wall = ShownRing(memory.buf, SHAPE)
    time = [100.0]

    def sleep(seconds: float) -> None:
        time[0] += seconds

    room = TwinRoom(screen=SCREEN, ring=memory.name, ring_shape=SHAPE)
    camera = TwinSource(room, clock=lambda: time[0], sleep=sleep)
    finder = Finder(film=Film(view_of(room)) if predicted else None)
    shown: deque[Shown] = deque(maxlen=12)
    chance = np.random.default_rng(3)
    spots: list[Spot] = []
    places: list[tuple[float, float]] = []
    slate = np.full((SHAPE.height, SHAPE.width, 3), SLATE, np.uint8)
    wall.write(0.0, slate)
    shown.append(Shown(0.0, slate))

    def look() -> None:
        frame = camera.read()
        middle = frame.clock - room.delay - 0.5 / room.rate
        spots.extend(finder.find(frame.picture, frame.clock, OnWall(tuple(shown), middle) if predicted else None))

    try:
        for _ in range(SLATE_FRAMES):
            look()
        for number, picture in enumerate(pictures(clip)):
            if number == frames:
                break
            if chance.random() >= stutter:
                wall.write(time[0], picture)
                shown.append(Shown(time[0], picture))
            if shots and number % SHOT_EVERY == SHOT_EVERY // 2:
                x, y = 100 + (number * 37) % 1080, 80 + (number * 53) % 560
                camera.fire(TwinShot(time[0] + 0.01, x, y))
                ((seen_x, seen_y),) = project(screen_in_picture(room), np.array([[x, y]]))
                places.append((float(seen_x), float(seen_y)))
            look()
    finally:
        camera.close()
        wall.release()
        memory.close()
        memory.unlink()
    return Seen(tuple(spots), tuple(places))


@pytest.mark.parametrize("name", ["arrival", "dispute"])
def test_the_first_seconds_of_a_scene_fire_nothing_and_hide_no_shot(name: str) -> None:
    seen = watched(BUNDLED / "noise-after-ten" / f"{name}.mp4", shots=True, frames=100)
    assert seen.false() == []
    assert seen.found() == len(seen.fired)


@pytest.mark.slow
@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.stem)
def test_no_clip_is_a_hit_and_a_shot_on_it_is_found(clip: Path) -> None:
    seen = watched(clip, shots=True, predicted=True)
    assert seen.false() == []
    # Missed are shots at the very place and moment where somebody moves through the spot.
    assert seen.found() >= 0.8 * len(seen.fired)


@pytest.mark.slow
@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.stem)
def test_a_film_that_stutters_fires_next_to_nothing(clip: Path) -> None:
    seen = watched(clip, shots=False, stutter=0.35, predicted=True)
    assert len(seen.false()) <= 1
