"""The camera twin: what a camera would see of the projected picture, with the laser spots a participant fires.

Its frames go through the same process, finder, calibration and rules as a camera's.
"""

import os
import signal
import time
from collections.abc import Callable, Mapping
from multiprocessing.shared_memory import SharedMemory

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.messages import TwinRoom, TwinShot
from hardware.camera.source import CameraFrame, SourceLostError, SourceUnavailableError
from hardware.camera.twin_faults import TwinFault, TwinFaults
from range.core.fault_table import told
from range.core.geometry import Matrix, homography, project
from range.core.shown import ShownRing

# A spot's own light before clipping: brighter than the sensor can tell, as a laser is.
SPOT_PEAK = 420.0
SPOT_SIGMA = 1.7
PARTS = 8
"""In how many steps a rolling shutter is followed down the picture."""
EXPOSURES = (1.0, 5000.0)
USUAL_EXPOSURE = 1e4 / 60
GAINS = (25.0, 400.0)
USUAL_GAIN = 100.0
# How much of each colour's light the sensor's blue, green and red pixels catch.
RESPONSE = {
    "red": (0.16, 0.24, 1.0),
    "green": (0.22, 1.0, 0.2),
    "infrared": (0.9, 0.9, 0.95),
    "unknown": (0.8, 0.8, 0.8),
}

# How the twin misbehaves when it is told to.
HANG_STEP = 0.05
SLOW = 4
LATE = 2.5
SHAKEN = 3.0
MOVED = (11.0, -7.0)
BLINDING = 300.0


def screen_in_picture(room: TwinRoom) -> Matrix:
    """Screen pixel -> camera pixel of a room's twin."""
    width, height = room.screen
    return homography(((0.0, 0.0), (width, 0.0), (width, height), (0.0, height)), room.corners)


class TwinSource:
    """A camera source that films the shared ring of shown pictures, at the room's rate and with its delay."""

    def __init__(
        self, room: TwinRoom, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._room = room
        self._clock = clock
        self._sleep = sleep
        self._faults = TwinFaults(room.faults) if room.faults else None
        if self._has("unplug"):
            self._forget_faults()
            raise SourceUnavailableError(told("camera.absent", name="twin"), absent=True)
        self._memory = SharedMemory(name=room.ring)
        if self._memory.buf is None:
            raise SourceUnavailableError("the memory of shown pictures is closed: start the session again")
        self._ring = ShownRing(self._memory.buf, room.ring_shape)
        width, height = room.size
        self._to_picture = screen_in_picture(room)
        scale = np.diag([room.screen[0] / room.ring_shape.width, room.screen[1] / room.ring_shape.height, 1.0])
        # A warp between pixel centres: (0, 0) is a centre in both pictures here, half a pixel in on the screen.
        half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
        self._warp: Matrix = self._to_picture @ scale @ half
        # The room's light falls off towards the corners; noise is drawn once and shifted, which costs nothing.
        rows, columns = np.mgrid[0:height, 0:width]
        distance = np.hypot((columns - width / 2) / width, (rows - height / 2) / height)
        self._light = (room.light * (1.15 - 0.6 * distance))[..., None].astype(np.float32)
        self._random = np.random.default_rng(7)
        self._grain = self._random.normal(0.0, room.noise, (height + 64, width + 64, 3)).astype(np.float32)
        # What the projector makes of a grey level.
        self._projector = (255 * (np.arange(256) / 255) ** room.gamma).astype(np.float32)
        self._shots: list[TwinShot] = []
        self._exposure = room.exposure * USUAL_EXPOSURE
        self._gain = USUAL_GAIN
        self._next = clock()
        self._last: NDArray[np.uint8] | None = None

    def fire(self, shot: TwinShot) -> None:
        """Light the laser when its time comes."""
        self._shots.append(shot)

    def read(self) -> CameraFrame:
        """The next frame, when its time has come. Raises SourceLostError where it was unplugged."""
        if self._has("crash"):
            os.kill(os.getpid(), signal.SIGKILL)
        while self._has("hang"):
            self._sleep(HANG_STEP)
        if self._has("unplug"):
            raise SourceLostError(told("camera.unplugged", name="twin"), returns=True)
        self._next += (SLOW if self._has("slow") else 1) / self._room.rate
        wait = self._next - self._clock()
        if wait > 0:
            self._sleep(wait)
        else:
            self._next = self._clock()
        captured = self._next
        if self._has("jitter"):
            self._sleep(float(self._random.uniform(0, LATE)) / self._room.rate)
        if self._last is None or not self._has("freeze"):
            self._last = self._see(captured)
        return CameraFrame(captured, self._last)

    def set_controls(self, values: Mapping[str, float], /) -> dict[str, float]:
        """Take an exposure, in tenths of a millisecond, and a gain, in hundredths; the twin has no other settings."""
        self._exposure = float(np.clip(values.get("exposure", self._exposure), *EXPOSURES))
        self._gain = float(np.clip(values.get("gain", self._gain), *GAINS))
        return {"exposure": self._exposure, "gain": self._gain}

    def close(self) -> None:
        """Let go of the shared memory."""
        self._ring.release()
        self._memory.close()
        self._forget_faults()

    def _has(self, fault: TwinFault) -> bool:
        return self._faults is not None and self._faults.is_on(fault)

    def _forget_faults(self) -> None:
        if self._faults is not None:
            self._faults.close()
            self._faults = None

    def _see(self, captured: float) -> NDArray[np.uint8]:
        width, height = self._room.size
        if self._has("black"):
            return np.zeros((height, width, 3), np.uint8)
        room = self._room
        projected = self._shown(captured)
        light: NDArray[np.float32] = np.repeat(self._light, 3, axis=2)
        if projected is None:
            scene = light
        else:
            wall = cv2.warpPerspective(projected, self._shaken(), (width, height), flags=cv2.INTER_AREA)
            scene = np.asarray(np.multiply(wall, np.float32(0.72), dtype=np.float32) + light, np.float32)
            if room.interreflection:
                scene += np.float32(room.interreflection * projected.mean())
            if room.colour_wheel:
                scene *= self._bands(captured)
        for shot in self._lit(captured):
            self._add_spot(scene, shot)
        scene = np.multiply(
            cv2.GaussianBlur(scene, (0, 0), room.blur),
            np.float32(self._exposure / USUAL_EXPOSURE * self._gain / USUAL_GAIN),
            dtype=np.float32,
        )
        if self._has("blind"):
            scene += np.float32(BLINDING)  # the sun on the wall
        top, left = self._random.integers(0, 64, 2)
        noisy: NDArray[np.float32] = scene + self._grain[top : top + height, left : left + width]
        seen: NDArray[np.uint8] = np.clip(noisy, 0, 255).astype(np.uint8)
        return np.ascontiguousarray(seen[:, ::-1]) if room.mirrored else seen

    def _shown(self, captured: float) -> NDArray[np.float32] | None:
        """The light of the wall in this frame, whose shutter was open since the frame before; a rolling one reads its
        lower rows later.
        """
        parts = PARTS if self._room.rolling else 1
        seen: NDArray[np.float32] | None = None
        for part in range(parts):
            ended = captured - self._room.delay + self._room.rolling * part / parts
            pictures = self._ring.during(ended - 1.0 / self._room.rate, ended)
            if not pictures:
                continue
            rows = slice(pictures[0][1].shape[0] * part // parts, None)
            light = self._light_of(pictures[0][1][rows])
            gathered = pictures[0][0]
            for share, picture in pictures[1:]:
                gathered += share
                cv2.addWeighted(
                    light, 1 - share / gathered, self._light_of(picture[rows]), share / gathered, 0.0, dst=light
                )
            if seen is None:
                seen = light
            else:
                seen[rows] = light
        return seen

    def _light_of(self, shown: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What the projector makes of a picture, 0 to 255."""
        return np.asarray(cv2.LUT(shown, self._projector), np.float32)

    def _shaken(self) -> Matrix:
        vibration = SHAKEN if self._has("shake") else self._room.vibration
        dx, dy = MOVED if self._has("move") else (0.0, 0.0)
        if vibration:
            dx, dy = self._random.normal((dx, dy), vibration)
        if not (dx or dy):
            return self._warp
        shake = np.array([[1.0, 0.0, dx], [0.0, 1.0, dy], [0.0, 0.0, 1.0]])
        shaken: Matrix = shake @ self._warp
        return shaken

    def _bands(self, captured: float) -> NDArray[np.float32]:
        """Bands of the projector's colour wheel, which rolls a little faster than the camera takes frames."""
        rows = np.arange(self._room.size[1])[:, None] / 160 + captured * 7
        wave = 1 - self._room.colour_wheel * (0.5 + 0.5 * np.sin(2 * np.pi * (rows + np.array([[0, 1 / 3, 2 / 3]]))))
        bands: NDArray[np.float32] = wave[:, None, :].astype(np.float32)
        return bands

    def _lit(self, captured: float) -> list[TwinShot]:
        """The shots whose light falls into the exposure that ends at `captured`; spent ones are forgotten."""
        opened = captured - 1.0 / self._room.rate
        self._shots = [shot for shot in self._shots if shot.clock + shot.seconds > opened]
        return [shot for shot in self._shots if shot.clock < captured]

    def _add_spot(self, scene: NDArray[np.float32], shot: TwinShot) -> None:
        ((x, y),) = project(self._to_picture, np.array([[shot.x, shot.y]]))
        height, width = scene.shape[:2]
        reach = int(SPOT_SIGMA * 5)
        left, right = max(int(x) - reach, 0), min(int(x) + reach + 1, width)
        top, bottom = max(int(y) - reach, 0), min(int(y) + reach + 1, height)
        if left >= right or top >= bottom:
            return
        rows, columns = np.mgrid[top:bottom, left:right]
        spot = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * SPOT_SIGMA**2))
        response = np.array(RESPONSE[shot.colour], np.float32)
        scene[top:bottom, left:right] += (SPOT_PEAK * spot)[..., None].astype(np.float32) * response
