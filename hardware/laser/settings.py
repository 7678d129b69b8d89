"""What the finder may assume of lasers and lenses. Everything else follows from the picture."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FinderSettings:
    """Bounds of a laser spot's physics; the defaults serve every camera.

    `largest_share` is the largest lit area as a share of the picture, `largest_radius` the largest radius in pixels
    that is allowed at any picture size (the greater of both holds). `smallest_sigma` is the blur of the sharpest lens
    in pixels: anything sharper is no light that came through it. `drag` is how far a held laser may move from one
    frame to the next, as a share of the picture's width. `noise_factor` is how many standard deviations of the pixel
    noise a rise must have. The brightest frame of a pull must rise by `least_rise` grey levels, or else fill
    `least_filling` of what the wall leaves up to white; its strongest channel must use `least_reach` of that in any
    case, `least_reach_at_side` where the spot touches the picture's side. `sway` is how far the camera may shake
    between frames, in pixels. `longest_streak` is how many times as long as wide recoil
    may draw a spot. `longest_pull` is how long a laser may be held, in seconds, before the light counts as
    part of the room. `kept_rejections` bounds the list of rejections a finder keeps.
    """

    largest_share: float = 0.008
    largest_radius: float = 34.0
    smallest_sigma: float = 0.55
    drag: float = 0.12
    noise_factor: float = 5.0
    least_rise: float = 28.0
    least_filling: float = 0.7
    least_reach: float = 0.2
    least_reach_at_side: float = 0.5
    sway: int = 2
    longest_streak: float = 12.0
    longest_pull: float = 10.0
    kept_rejections: int = 4000

    def bounds(self, size: tuple[int, int]) -> "Bounds":
        """What these settings allow in a picture of (width, height)."""
        width, height = size
        area = max(self.largest_share * width * height, math.pi * self.largest_radius**2)
        drag = self.drag * width
        return Bounds(size, area, max(2 * self.largest_radius + 8, drag + 16), drag)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is allowed in a picture of `size` (width, height): a spot's `area`, its `length`, its `drag` from one frame
    to the next; in pixels."""

    size: tuple[int, int]
    area: float
    length: float
    drag: float
