"""A laser spot in the camera's picture, and a candidate that was turned down."""

from dataclasses import dataclass

from range.core.events import Colour


@dataclass(frozen=True, slots=True)
class Spot:
    """One pull of the trigger, at its first lit frame.

    `frame` is the 0-based number of that frame among those given to the finder, `time` its time in seconds as given;
    `x`, `y` the spot's centre in camera pixels (the centre of the top left pixel is (0, 0)).
    """

    frame: int
    time: float
    x: float
    y: float
    colour: Colour


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
