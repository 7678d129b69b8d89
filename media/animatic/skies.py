"""How the air and the ground look at a time of day."""

from dataclasses import dataclass

from media.animatic.palette import Rgb, rgb
from media.animatic.script import TimeOfDay


@dataclass(frozen=True, slots=True)
class Hour:
    """Colours of the sky from top to horizon, a tint on all that is painted, and how much lamps count."""

    top: Rgb
    middle: Rgb
    low: Rgb
    tint: Rgb
    lamps: float

    def on(self, colour: Rgb) -> Rgb:
        return colour[0] * self.tint[0], colour[1] * self.tint[1], colour[2] * self.tint[2]


HOURS: dict[TimeOfDay, Hour] = {
    "day": Hour(rgb(0x86AFCB), rgb(0xB4CFDA), rgb(0xE0E6E0), (1.0, 1.0, 1.0), 0.0),
    "evening": Hour(rgb(0x4D5F86), rgb(0x9A7F92), rgb(0xE6B088), (0.80, 0.70, 0.72), 0.6),
    "night": Hour(rgb(0x10182E), rgb(0x1D2A48), rgb(0x3A4867), (0.36, 0.40, 0.56), 1.0),
}
