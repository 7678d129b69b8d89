"""Which mode a camera is asked for, and whether it keeps its settings, judged by what it answers."""

import cv2
import pytest

from hardware.camera.modes import Mode, astray, settle_mode

RAW, COMPRESSED = cv2.VideoWriter.fourcc(*"YUYV"), cv2.VideoWriter.fourcc(*"MJPG")


class Webcam:
    """Behaves as a driver does: takes what it knows, else the nearest, and tells what it really set."""

    def __init__(self, modes: dict[int, dict[tuple[int, int], float]]) -> None:
        self._modes = modes
        self._format = next(iter(modes))
        self._size = next(iter(modes[self._format]))
        self._asked = list(self._size)

    def set(self, setting: int, value: float) -> bool:
        if setting == cv2.CAP_PROP_FOURCC:
            if int(value) not in self._modes:
                return False
            self._format = int(value)
        elif setting in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT):
            self._asked[setting - cv2.CAP_PROP_FRAME_WIDTH] = int(value)
        width, height = self._asked
        self._size = min(self._modes[self._format], key=lambda size: abs(size[0] - width) + abs(size[1] - height))
        return True

    def get(self, setting: int) -> float:
        known = {
            cv2.CAP_PROP_FOURCC: float(self._format),
            cv2.CAP_PROP_FRAME_WIDTH: float(self._size[0]),
            cv2.CAP_PROP_FRAME_HEIGHT: float(self._size[1]),
            cv2.CAP_PROP_FPS: self._modes[self._format][self._size],
        }
        return known.get(setting, -1.0)

    @property
    def is_raw(self) -> bool:
        return self._format == RAW


def usual() -> Webcam:
    return Webcam({
        RAW: {(640, 480): 30.0, (1280, 720): 10.0},
        COMPRESSED: {(640, 480): 30.0, (1280, 720): 30.0, (1920, 1080): 30.0},
    })  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "settled", "raw"),
    [
        (Mode(0, 0, 0), Mode(640, 480, 30), True),
        (Mode(640, 480, 30), Mode(640, 480, 30), True),
        (Mode(1280, 720, 0), Mode(1280, 720, 30), False),
        (Mode(1280, 720, 10), Mode(1280, 720, 10), True),
        (Mode(1920, 1080, 0), Mode(1920, 1080, 30), False),
        (Mode(3840, 2160, 0), Mode(1920, 1080, 30), False),
    ],
)
def test_raw_where_it_is_fast_enough_and_compressed_where_it_is_not(wanted: Mode, settled: Mode, raw: bool) -> None:
    camera = usual()
    assert settle_mode(camera, wanted) == settled
    assert camera.is_raw == raw


def test_a_camera_without_compression_keeps_what_it_has() -> None:
    camera = Webcam({RAW: {(1280, 720): 10.0}})
    assert settle_mode(camera, Mode(1280, 720, 0)) == Mode(1280, 720, 10)
    assert camera.is_raw


def test_where_compression_is_no_faster_the_picture_stays_raw() -> None:
    camera = Webcam({RAW: {(1280, 720): 10.0}, COMPRESSED: {(1280, 720): 10.0}})
    assert settle_mode(camera, Mode(1280, 720, 0)) == Mode(1280, 720, 10)
    assert camera.is_raw


def test_settings_that_are_not_kept_are_named_with_what_the_camera_says() -> None:
    wanted = {"exposure": 100.0, "gain": 10.0, "focus": 30.0}
    assert astray(wanted, {"exposure": 156.0, "gain": 10.3, "focus": 30.0}) == "exposure 100 (it says 156)"
    assert astray(wanted, {"exposure": 101.0, "gain": 10.0}) == "focus 30 (it does not know it)"
    assert astray(wanted, wanted) == ""
