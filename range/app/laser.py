"""`rangectl laser learn`: five test shots, and what they had in common kept in the data directory."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TextIO

import numpy as np

from hardware.camera.messages import (
    CameraHealth,
    CameraMessage,
    CameraSpec,
    CameraState,
    PulsesSeen,
    SpotsSeen,
    TwinShot,
)
from hardware.camera.process import CameraProcess
from range.app.calibrate import utc_now
from range.app.camera_standing import BLIND
from range.app.config import Config
from range.app.laser_file import LearntLaser, write_laser
from range.app.laser_lesson import Shot, ShotsDisagreeError, learn
from range.app.twin_wall import SHAPE, SharedMemoryError, TwinWall

DONE, FOUND = 0, 1
SHOTS = 5
GO_DARK = 11.0
"""Seconds a held laser may take to go dark: a little more than the finder follows one."""
TWIN_GREY = 90


class NotLearntError(Exception):
    """Nothing has been learnt; the text says why and what to do."""


def learn_laser(config: Config, data: Path, *, name: str, wait: float, err: TextIO) -> int:
    """Learn the laser before the configured camera: 0, or 1 with one sentence on `err`.

    `wait` is for how many seconds the camera, and then each shot, is waited for. The camera twin fires by itself.
    """
    try:
        with ExitStack() as parts:
            lesson = _Lesson(config, parts, clock=time.monotonic, wait=wait, err=err)
            laser = lesson.learnt(name)
        path = write_laser(laser, data)
    except (NotLearntError, SharedMemoryError, ShotsDisagreeError) as problem:
        err.write(f"Nothing has been learnt: {problem}\n")
        return FOUND
    except OSError as problem:
        err.write(f"The laser cannot be kept ({problem.strerror}): name another data directory with --data\n")
        return FOUND
    err.write(
        f"Learnt {laser.name}: {laser.colour}, rises by {laser.rise:.0f} grey levels, {laser.radius:.1f} pixels "
        f"in radius, lit for {laser.pulse:.3f} s, give or take {laser.resolution:.3f} (one frame). Kept as {path}\n"
    )
    return DONE


class _Lesson:
    """The camera, from its opening to the last shot's end."""

    def __init__(
        self, config: Config, parts: ExitStack, *, clock: Callable[[], float], wait: float, err: TextIO
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._err = err
        self._twin = TwinWall(config.screen.size) if config.camera.device == "twin" else None
        if self._twin is not None:
            parts.callback(self._twin.close)
            self._twin.publish(np.full((SHAPE.height, SHAPE.width, 3), TWIN_GREY, np.uint8), clock())
        camera = config.camera
        room = self._twin.room if self._twin is not None else None
        self._heard: SimpleQueue[CameraMessage] = SimpleQueue()
        self._camera = CameraProcess(
            CameraSpec(camera.device, camera.width, camera.height, camera.fps, room), self._heard.put
        )
        self._camera.start()
        parts.callback(self._camera.close)
        self._shots: list[Shot] = []
        self._period = 0.0
        self._blind = ""
        self._ended: CameraState | None = None

    def learnt(self, name: str) -> LearntLaser:
        """The laser. Raises NotLearntError and ShotsDisagreeError."""
        self._go_on_until(lambda: self._period > 0 or bool(self._shots), self._wait, "the camera gave no picture")
        for number in range(1, SHOTS + 1):
            if len(self._shots) >= number:
                continue
            if self._ended is None:
                self._err.write(f"Fire test shot {number} of {SHOTS} at the screen.\n")
                self._err.flush()
                if self._twin is not None:
                    width, height = self._twin.room.screen
                    self._camera.fire(TwinShot(self._clock(), width * number / (SHOTS + 1), height / 2))
            seen = f"{len(self._shots)} of {SHOTS} shots were seen, and then none"
            self._go_on_until(partial(self._has_seen, number), self._wait, seen)
            # The next pull can only be told from this one once this one is dark.
            self._go_on_until(self._all_dark, GO_DARK, None)
        self._go_on_until(lambda: self._period > 0, self._wait, "the camera gave no picture")
        return learn(self._shots[:SHOTS], name=name, resolution=self._period, made=utc_now())

    def _has_seen(self, shots: int) -> bool:
        return len(self._shots) >= shots

    def _all_dark(self) -> bool:
        return all(shot.lit is not None for shot in self._shots)

    def _go_on_until(self, come: Callable[[], bool], wait: float, otherwise: str | None) -> None:
        """Hear the camera until something has come; where it does not, raise with `otherwise`, or leave it at that."""
        until = self._clock() + wait
        while not come():
            left = until - self._clock()
            if self._ended is not None or left <= 0:
                break
            try:
                self._hear(self._heard.get(timeout=left))
            except Empty:
                continue
        if come() or otherwise is None:
            return
        if self._ended is not None:
            seen = f" after {len(self._shots)} of {SHOTS} shots" if self._period or self._shots else ""
            # A fault's remedy stands behind the last colon; how far the lesson had come belongs before it.
            trouble, colon, remedy = self._ended.reason.rpartition(": ")
            raise NotLearntError(f"{trouble}{seen}{colon}{remedy}" if colon else f"{remedy}{seen}")
        blind = f"; {self._blind}" if self._blind else ""
        raise NotLearntError(f"{otherwise} for {wait:g} s{blind}")

    def _hear(self, message: CameraMessage) -> None:
        match message:
            case CameraState("missing" | "lost"):
                self._ended = message
            case CameraHealth():
                self._period = 1 / max(message.frames_a_second, 1e-3)
                blind = BLIND.get(message.picture, "")
                if blind and blind != self._blind:
                    self._err.write(f"{blind[:1].upper()}{blind[1:]}\n")
                self._blind = blind
            case SpotsSeen(spots):
                for spot in spots:
                    self._shots.append(Shot(spot))
                    self._err.write(
                        f"Shot {len(self._shots)}: {spot.colour}, rises by {spot.rise:.0f} grey levels, "
                        f"{spot.radius:.1f} pixels in radius, at {spot.x:.0f} {spot.y:.0f} in the camera's picture.\n"
                    )
            case PulsesSeen(pulses):
                for pulse in pulses:
                    for at, shot in enumerate(self._shots):
                        if shot.lit is None and (shot.spot.frame, shot.spot.time) == (pulse.frame, pulse.time):
                            self._shots[at] = Shot(shot.spot, pulse.until - pulse.time)
                            self._err.write(f"Shot {at + 1} was lit for {pulse.until - pulse.time:.3f} s.\n")
                            break
            case _:
                pass
