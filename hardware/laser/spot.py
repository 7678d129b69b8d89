"""A laser spot in the camera's picture, and a candidate that was turned down."""

from dataclasses import dataclass

from range.core.events import Colour


@dataclass(frozen=True, slots=True)
class Spot:
    """One pull of the trigger, at its first lit frame.

    `frame` is the 0-based number of that frame among those given to the finder, `time` its time in seconds as given;
    `x`, `y` the spot's centre in camera pixels (the centre of the top left pixel is (0, 0)). `rise` by how many grey
    levels its core rose in the strongest channel, `radius` the radius in pixels of the disc that has its core's area.
    """

    frame: int
    time: float
    x: float
    y: float
    colour: Colour
    rise: float
    radius: float


@dataclass(frozen=True, slots=True)
class Pulse:
    """A reported pull that has gone dark.

    `frame` and `time` as in its `Spot`; `until` the time of the last frame that showed it (the first, for a flash).
    """

    frame: int
    time: float
    until: float


@dataclass(frozen=True, slots=True)
class Rejection:
    """A candidate that was no hit: where and when it was seen, and why it was turned down.

    `frame`, `x`, `y` as in `Spot`; `reason` begins with one word of the family (size, shape, motion, light, life,
    contrast, colour, sharpness), then says it for a person.
    """

    frame: int
    x: float
    y: float
    reason: str
