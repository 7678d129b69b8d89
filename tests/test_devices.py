"""What is plugged in: a real camera process and a real keypad line, and what the range hears of them."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from hardware.camera.messages import CameraSpec
from hardware.keypad.twin import KeypadTwin
from range.app.config import load_config
from range.app.devices import Devices
from range.core import events as e
from tests.numbered_films import write_film, write_stills


class Plugged:
    """Devices under test and everything they put into the inbox."""

    def __init__(self, *, camera: Path | None = None, keypad: str = "") -> None:
        self.heard: list[e.Input] = []
        self._inbox: SimpleQueue[e.Input] = SimpleQueue()
        spec = CameraSpec(str(camera)) if camera is not None else None
        self.devices = Devices(
            load_config(None), camera=spec, keypad=keypad, aim=None, inbox=self._inbox, clock=time.monotonic
        )
        self.devices.start()

    def until(self, come_true: Callable[[], bool]) -> None:
        """Go on as the frame loop would; pytest's time limit ends what never comes true."""
        while not come_true():
            try:
                self.heard.append(self._inbox.get(timeout=0.02))
            except Empty:
                continue

    def reported(self, device: str) -> list[str]:
        return [event.state for event in self.heard if isinstance(event, e.DeviceReported) and event.device == device]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("camera") / "long.mp4", seconds=30)


@pytest.fixture
def plugged(film: Path) -> Iterator[Plugged]:
    made = Plugged(camera=film)
    yield made
    made.devices.close()


def camera_process() -> int:
    (process,) = (child for child in multiprocessing.active_children() if child.name == "camera")
    assert process.pid is not None
    return process.pid


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGKILL])
def test_a_camera_process_that_hangs_or_dies_is_replaced_and_its_camera_returns(
    plugged: Plugged, how: signal.Signals
) -> None:
    plugged.until(lambda: plugged.devices.camera_state.condition == "live")
    before = camera_process()
    os.kill(before, how)
    plugged.until(lambda: "live" in plugged.reported("camera"))
    assert plugged.reported("camera") == ["lost", "live"]
    assert camera_process() != before


@pytest.mark.parametrize(("level", "state", "says"), [(120, "frozen", "repeats")])
def test_a_camera_in_whose_picture_nothing_can_be_seen_is_told_once(
    tmp_path: Path, level: int, state: str, says: str
) -> None:
    plugged = Plugged(camera=write_stills(tmp_path / "still.mkv", level=level, seconds=3))
    plugged.until(lambda: plugged.devices.why_blind is not None)
    assert says in str(plugged.devices.why_blind)
    plugged.until(lambda: "lost" in plugged.reported("camera"))
    plugged.devices.close()
    assert plugged.reported("camera") == [state, "lost"]
    assert plugged.devices.why_blind is None, "the loss is what matters now"


def test_a_recording_comes_to_its_end_and_is_lost_once(tmp_path: Path) -> None:
    plugged = Plugged(camera=write_film(tmp_path / "short.mp4", seconds=1))
    plugged.until(lambda: "lost" in plugged.reported("camera"))
    plugged.devices.close()
    assert plugged.reported("camera") == ["lost"]


def test_a_keypads_presses_arrive_with_their_meaning_and_its_coming_and_going_is_told() -> None:
    with KeypadTwin() as keypad:
        plugged = Plugged(keypad=keypad.path)
        plugged.until(lambda: plugged.devices.keypad_is_live)
        keypad.press("1")
        plugged.until(lambda: any(isinstance(event, e.KeyPressed) for event in plugged.heard))
        keypad.unplug()
        plugged.until(lambda: "lost" in plugged.reported("keypad"))
        keypad.plug_in()
        plugged.until(lambda: plugged.reported("keypad")[-1] == "live")
        plugged.devices.close()
    (press,) = [event for event in plugged.heard if isinstance(event, e.KeyPressed)]
    assert (press.key, press.source, press.meaning) == ("1", "keypad", e.Intent("calm"))


def test_without_a_camera_the_reason_says_where_to_name_one() -> None:
    plugged = Plugged()
    assert plugged.devices.camera_state.condition == "none"
    assert "camera.device" in plugged.devices.camera_state.reason
    plugged.devices.close()
