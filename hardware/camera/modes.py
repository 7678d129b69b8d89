"""Which mode to ask a camera for, and whether it keeps its settings: by what the driver answers, never by what was set.

Raw pictures of a USB camera do not fit through its cable at every size: many give 10 a second where their MJPEG gives
30. Raw is better where both serve, for it has no compression's noise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import cv2

USUAL_RATE = 25.0
"""Pictures a second that are enough where none were asked for."""
KEPT_SHARE = 0.05
"""Drivers round settings to their steps; more than this share is another setting."""
COMPRESSED = "MJPG"


class Tunable(Protocol):
    """The part of an opened `cv2.VideoCapture` that modes are asked of and read back from."""

    def set(self, setting: int, value: float, /) -> bool: ...
    def get(self, setting: int, /) -> float: ...


@dataclass(frozen=True, slots=True)
class Mode:
    """Width, height and pictures a second; asked for, 0 leaves a figure to the camera; told, it is the driver's."""

    width: int
    height: int
    rate: float


def settle_mode(camera: Tunable, wanted: Mode) -> Mode:
    """Ask for a mode raw, then compressed where raw is too slow or too small; keep the better: what the driver says."""
    usual = int(camera.get(cv2.CAP_PROP_FOURCC))
    raw = _ask(camera, wanted)
    if _serves(raw, wanted):
        return raw
    camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*COMPRESSED))
    compressed = _ask(camera, wanted)
    if _is_better(compressed, raw, wanted):
        return compressed
    camera.set(cv2.CAP_PROP_FOURCC, usual)
    return _ask(camera, wanted)


def _ask(camera: Tunable, wanted: Mode) -> Mode:
    for setting, value in (
        (cv2.CAP_PROP_FRAME_WIDTH, wanted.width),
        (cv2.CAP_PROP_FRAME_HEIGHT, wanted.height),
        (cv2.CAP_PROP_FPS, wanted.rate),
    ):
        if value:
            camera.set(setting, float(value))
    width, height = (round(camera.get(side)) for side in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    return Mode(width, height, max(0.0, camera.get(cv2.CAP_PROP_FPS)))


def _has_size(told: Mode, wanted: Mode) -> bool:
    return wanted.width in (0, told.width) and wanted.height in (0, told.height)


def _serves(told: Mode, wanted: Mode) -> bool:
    # A driver that tells no rate cannot be told slow by it.
    return _has_size(told, wanted) and (told.rate == 0 or told.rate >= 0.9 * (wanted.rate or USUAL_RATE))


def _is_better(one: Mode, other: Mode, wanted: Mode) -> bool:
    return (_has_size(one, wanted), one.rate) > (_has_size(other, wanted), other.rate)


def astray(wanted: Mapping[str, float], told: Mapping[str, float]) -> str:
    """The settings a camera was to keep and does not, in words; empty where it keeps them all."""
    words = []
    for name, value in wanted.items():
        if name not in told:
            words.append(f"{name} {value:g} (it does not know it)")
        elif abs(told[name] - value) > max(KEPT_SHARE * abs(value), 1e-6):
            words.append(f"{name} {value:g} (it says {told[name]:g})")
    return ", ".join(words)
