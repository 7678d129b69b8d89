"""The twin room: what its camera sees of the wall, and that the real finder places its shots where they were fired."""

from collections.abc import Iterator
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import pytest

from calibration.corners import from_corners
from hardware.camera.messages import TwinRoom, TwinShot
from hardware.camera.twin import TwinSource, screen_in_picture
from hardware.laser.finder import Finder
from hardware.laser.settings import FinderSettings
from hardware.laser.spot import Spot
from range.app.aim import Aim
from range.core.attribution import Lane, Shooter
from range.core.events import Colour
from range.core.geometry import project
from range.core.shown import RingShape, ShownRing

SHAPE = RingShape(slots=4, width=640, height=360)
SCREEN = (1280, 720)


class Room:
    """A twin room whose time passes only when its camera is read."""

    def __init__(self) -> None:
        self._memory = SharedMemory(create=True, size=SHAPE.size)
        assert self._memory.buf is not None
        self.wall = ShownRing(self._memory.buf, SHAPE)
        self.room = TwinRoom(screen=SCREEN, ring=self._memory.name, ring_shape=SHAPE)
        self.time = 100.0
        self.camera = TwinSource(self.room, clock=lambda: self.time, sleep=self._pass)
        self._finder = Finder(FinderSettings())

    def shows(self, grey: int, at: float = 0.0) -> None:
        self.wall.write(at, np.full((SHAPE.height, SHAPE.width, 3), grey, np.uint8))

    def spots(self, frames: int) -> list[Spot]:
        found: list[Spot] = []
        for _ in range(frames):
            frame = self.camera.read()
            found += self._finder.find(frame.picture, frame.clock)
        return found

    def close(self) -> None:
        self.camera.close()
        self.wall.release()
        self._memory.close()
        self._memory.unlink()

    def _pass(self, seconds: float) -> None:
        self.time += seconds


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


@pytest.mark.parametrize("colour", ["red", "green"])
@pytest.mark.parametrize(("x", "y"), [(640.0, 360.0), (200.0, 150.0), (1100.0, 600.0)])
def test_a_shot_is_found_where_it_was_fired_with_its_colour(room: Room, x: float, y: float, colour: Colour) -> None:
    room.shows(90)
    room.spots(30)
    room.camera.fire(TwinShot(room.time + 0.1, x, y, colour))
    (spot,) = room.spots(20)
    calibration = from_corners(room.room.corners, SCREEN, latency=room.room.delay, made="")
    hit = Aim(calibration, SCREEN).hit(spot)
    assert hit.colour == colour
    assert (hit.x, hit.y) == pytest.approx((x, y), abs=1.5)


def test_a_shot_in_ones_lane_names_its_participant(room: Room) -> None:
    room.shows(90)
    room.spots(30)
    room.camera.fire(TwinShot(room.time + 0.1, 320.0, 360.0, "green"))
    (spot,) = room.spots(20)
    calibration = from_corners(room.room.corners, SCREEN, latency=room.room.delay, made="")
    lanes = (Shooter("Asha", lane=Lane(0, 0, 0.5, 1)), Shooter("Jonas", lane=Lane(0.5, 0, 1, 1)))
    # Lanes are parts of the screen, whatever its size.
    assert Aim(calibration, SCREEN, lanes).hit(spot).participant == "Asha"
    assert Aim(calibration, (1920, 1080), lanes).hit(spot).participant == "Asha"
    assert Aim(calibration, SCREEN).hit(spot).participant is None


def test_the_camera_sees_the_wall_one_projector_delay_later(room: Room) -> None:
    room.shows(30)
    middle = project(screen_in_picture(room.room), np.array([[640.0, 360.0]]))[0].round().astype(int)
    shown_at = room.time + 0.2
    room.shows(200, at=shown_at)
    seen: list[tuple[float, float]] = []
    for _ in range(20):
        frame = room.camera.read()
        seen.append((frame.clock, float(frame.picture[middle[1], middle[0]].mean())))
    first_bright = next(clock for clock, level in seen if level > 100)
    assert room.room.delay <= first_bright - shown_at <= room.room.delay + 1.51 / room.room.rate


def test_a_frame_gathers_the_light_of_both_pictures_that_its_shutter_saw(room: Room) -> None:
    room.shows(30)
    middle = project(screen_in_picture(room.room), np.array([[640.0, 360.0]]))[0].round().astype(int)
    period = 1 / room.room.rate
    room.shows(200, at=room.time + 4 * period - room.room.delay - 0.25 * period)
    levels = [float(room.camera.read().picture[middle[1], middle[0]].mean()) for _ in range(6)]
    assert (levels[3] - levels[2]) / (levels[5] - levels[2]) == pytest.approx(0.25, abs=0.03)


def test_a_dark_wall_in_a_dim_room_fires_nothing(room: Room) -> None:
    room.shows(12)
    assert room.spots(60) == []


def test_beyond_the_screen_the_camera_sees_the_room(room: Room) -> None:
    room.shows(200)
    picture = room.camera.read().picture
    left, right = picture[240, 5].mean(), picture[240, 320].mean()
    assert left < 40 < 120 < right
