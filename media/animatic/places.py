"""The places a scene can be set in, each painted in two layers: what is far, and what is near."""

from collections.abc import Callable
from dataclasses import dataclass

from media.animatic.interiors import hall, room
from media.animatic.outdoors import park, street, street_far
from media.animatic.scenery import Scenery
from media.animatic.script import Place, TimeOfDay
from media.animatic.youth_centre import youth_centre, youth_centre_far

Painter = Callable[[Scenery, TimeOfDay], None]


@dataclass(frozen=True, slots=True)
class Layer:
    """A painter and the distance at which its movement belongs, in metres."""

    paint: Painter
    z: float


PLACES: dict[Place, tuple[Layer, ...]] = {
    "youth_centre": (Layer(youth_centre_far, 24.0), Layer(youth_centre, 7.4)),
    "street": (Layer(street_far, 30.0), Layer(street, 9.0)),
    "hall": (Layer(hall, 7.5),),
    "room": (Layer(room, 6.5),),
    "park": (Layer(street_far, 30.0), Layer(park, 9.0)),
}
