"""A laser spot in the camera's picture."""

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
