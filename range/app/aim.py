"""From a spot in the camera's picture to a hit on the screen."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from calibration.mapping import Calibration
from calibration.solved import SolvedCalibration, why_not_fitting
from hardware.laser.spot import Spot
from media.player import Shown
from range.core.attribution import Shooter, who_fired
from range.core.events import HitSeen
from range.core.geometry import Placement, Point

DECIMALS = 3  # a thousandth of a pixel: far below what any camera can tell


class Aim:
    """Places spots on a screen of `screen` (width, height) pixels.

    A calibration for a screen of another size but the same shape is scaled: the projector shows the same picture on the
    same wall, only with other pixels. `shooters` say whose a hit is.
    """

    def __init__(self, calibration: Calibration, screen: tuple[int, int], shooters: Sequence[Shooter] = ()) -> None:
        self.latency = calibration.latency
        self.outline: tuple[Point, ...] = calibration.corners
        """The screen's corners in camera pixels."""
        self.controls = dict(calibration.camera.settings) if isinstance(calibration, SolvedCalibration) else {}
        """The camera's settings when it was calibrated."""
        self._calibration = calibration
        self._screen = screen
        self._shooters = tuple(shooters)

    def hit(self, spot: Spot) -> HitSeen:
        """The hit, with its place on the screen; what was visible is attached later."""
        ((x, y),) = self._calibration.to_screen(np.array([[spot.x, spot.y]]))
        width, height = self._calibration.screen
        participant = who_fired(self._shooters, spot.colour, float(x) / width, float(y) / height)
        x *= self._screen[0] / width
        y *= self._screen[1] / height
        return HitSeen(
            clock=spot.time,
            x=round(float(x), DECIMALS),
            y=round(float(y), DECIMALS),
            u=None,
            v=None,
            colour=spot.colour,
            camera_x=round(spot.x, DECIMALS),
            camera_y=round(spot.y, DECIMALS),
            participant=participant,
        )

    def misfit(self, camera: str, size: tuple[int, int]) -> str | None:
        """Why the calibration does not serve this camera with pictures of (width, height); None where it does."""
        return why_not_fitting(self._calibration, camera=camera, size=size, flip="none", screen=self._screen)

    def with_visible(self, hit: HitSeen, shown_at: Callable[[float], Shown | None]) -> HitSeen:
        """The hit with the scene, media time and clip position that were visible when the camera saw it."""
        shown = shown_at(hit.clock - self.latency)
        if shown is None:
            return hit
        u, v = Placement.letterbox(self._screen, shown.shape).to_clip(hit.x, hit.y)
        if not (0 <= u <= 1 and 0 <= v <= 1):
            return replace(hit, visible=shown.visible)
        return replace(hit, visible=shown.visible, u=round(u, 5), v=round(v, 5))
