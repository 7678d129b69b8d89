"""Colours: of cloth, skin and hair, and what a place's light makes of them."""

from dataclasses import dataclass
from functools import lru_cache

from media.animatic.script import Place, TimeOfDay

Rgb = tuple[float, float, float]


def rgb(code: int) -> Rgb:
    """0xRRGGBB -> 0-1 each."""
    return ((code >> 16) & 255) / 255, ((code >> 8) & 255) / 255, (code & 255) / 255


@lru_cache(maxsize=4096)
def argb(colour: Rgb, alpha: float = 1.0) -> int:
    """0-1 each -> 0xAARRGGBB."""
    r, g, b = (round(min(1.0, max(0.0, c)) * 255) for c in colour)
    return round(alpha * 255) << 24 | r << 16 | g << 8 | b


def blend(a: Rgb, b: Rgb, share: float) -> Rgb:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share


def times(a: Rgb, b: Rgb) -> Rgb:
    return a[0] * b[0], a[1] * b[1], a[2] * b[2]


CLOTH: dict[str, Rgb] = {
    "white": rgb(0xE6E2D8), "sand": rgb(0xCDB894), "ochre": rgb(0xD39E45), "orange": rgb(0xD67C43),
    "rust": rgb(0xA9563A), "rose": rgb(0xC98286), "wine": rgb(0x7E3444), "plum": rgb(0x6D4B72),
    "blue": rgb(0x4F7FA8), "navy": rgb(0x33476B), "teal": rgb(0x2F8084), "green": rgb(0x5A8A62),
    "olive": rgb(0x77794E), "grey": rgb(0x8C9196), "charcoal": rgb(0x4A4E58), "black": rgb(0x33353D),
}  # fmt: skip
SKIN: dict[str, Rgb] = {
    "1": rgb(0xF0CDB4), "2": rgb(0xE3B391), "3": rgb(0xCC956E), "4": rgb(0xAC7550), "5": rgb(0x8A5A3C),
    "6": rgb(0x684331),
}  # fmt: skip
HAIR: dict[str, Rgb] = {
    "black": rgb(0x3B3640), "brown": rgb(0x5A4032), "auburn": rgb(0x86492F), "blond": rgb(0xC9A566),
    "grey": rgb(0x8E8F93), "white": rgb(0xD8D6D0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Light:
    """What light does to a colour on the lit and the turned-away side; `side` is -1 where it comes from the left."""

    key: Rgb
    shade: Rgb
    rim: Rgb
    ink: Rgb
    side: float
    floor_shadow: float
    glow: float  # how much of the light from behind an edge catches

    def lit(self, base: Rgb) -> Rgb:
        return times(base, self.key)

    def dark(self, base: Rgb) -> Rgb:
        return times(base, self.shade)

    def edge(self, base: Rgb) -> Rgb:
        """The thin edge that catches light from behind."""
        return blend(times(base, self.key), self.rim, self.glow)


INDOORS: frozenset[Place] = frozenset({"hall", "room"})


def light_of(place: Place, time: TimeOfDay) -> Light:
    """The light on figures in a place at a time of day."""
    if place in INDOORS:
        if time == "day":
            return Light((1.0, 0.98, 0.94), (0.68, 0.69, 0.78), rgb(0xFFF6E0), rgb(0x2A2D3A), -1, 0.30, 0.30)
        return Light((1.0, 0.93, 0.82), (0.60, 0.57, 0.66), rgb(0xFFE3B0), rgb(0x261F2C), -1, 0.36, 0.42)
    if place == "street" and time == "night":  # lit from the front, by the doors and lamps behind us
        return Light((1.0, 0.93, 0.84), (0.50, 0.53, 0.70), rgb(0xFFD8A0), rgb(0x151828), -1, 0.50, 0.22)
    if time == "day":
        return Light((1.04, 1.02, 0.97), (0.66, 0.71, 0.82), rgb(0xFFFBEA), rgb(0x2A3040), -1, 0.34, 0.30)
    if time == "evening":
        return Light((1.04, 0.93, 0.80), (0.60, 0.57, 0.72), rgb(0xFFD9A0), rgb(0x272338), -1, 0.36, 0.50)
    return Light((0.98, 0.92, 0.86), (0.50, 0.53, 0.70), rgb(0xFFD08A), rgb(0x151828), -1, 0.50, 0.50)
