"""How a person looks: what the script says, and for the rest something that always belongs to that name."""

from dataclasses import dataclass
from typing import TypeVar

from media.animatic.motion import chance
from media.animatic.palette import CLOTH, HAIR, SKIN, Rgb, blend
from media.animatic.script import Build, Colour, Figure, Hair, HairColour, Skin, Top

T = TypeVar("T")
HEIGHTS = {"child": 1.32, "teen": 1.68, "adult": 1.75, "older": 1.69}
HEADS = {"child": 1.18, "teen": 1.03, "adult": 1.0, "older": 1.0}  # head size against the body's


@dataclass(frozen=True, slots=True)
class Look:
    """Looks in colours and proportions; `size` against a figure of 1.75 m, `girth` and `shoulders` against average."""

    size: float
    head: float
    girth: float
    shoulders: float
    hips: float
    top: Top
    top_colour: Rgb
    under: Rgb
    legs: str
    legs_colour: Rgb
    shoes: Rgb
    hair: Hair
    hair_colour: Rgb
    skin: Rgb
    jaw: float
    glasses: bool
    beard: bool
    aged: bool


def look_of(figure: Figure) -> Look:
    """The looks of a figure of a script."""

    def pick(written: T | None, choices: tuple[T, ...], about: str) -> T:
        """What is written, else one of the choices, always the same for a name."""
        if written is not None:
            return written
        return choices[min(len(choices) - 1, int(chance(figure.name, about) * len(choices)))]

    older = figure.age == "older"
    young = figure.age in ("child", "teen")
    tops: tuple[Top, ...] = ("hoodie", "jacket", "t_shirt") if young else ("jacket", "shirt", "coat", "cardigan")
    hairs: tuple[Hair, ...] = ("short", "curly", "bob", "long", "bun") if not older else ("short", "bun", "bob", "bald")
    greys: tuple[HairColour, ...] = ("grey", "white")
    hair = pick(figure.hair, hairs, "hair")
    long_haired = hair in ("long", "bun", "bob", "headscarf")
    builds: tuple[Build, ...] = ("slim", "average", "average", "broad")
    girth = {"slim": 0.92, "average": 1.0, "broad": 1.13}[pick(figure.build, builds, "build")]
    colours: tuple[Colour, ...] = (
        "ochre", "rust", "blue", "teal", "green", "plum", "wine", "olive", "sand", "navy",
    )  # fmt: skip
    navy: tuple[Colour, ...] = ("navy",)
    charcoal: tuple[Colour, ...] = ("charcoal",)
    dark: tuple[Colour, ...] = ("navy", "charcoal")
    top = pick(figure.top, tops, "top")
    uniformed = top == "uniform"
    colour = pick(figure.colour, navy if uniformed else colours, "colour")
    legs_colour = pick(figure.legs_colour, charcoal if uniformed else dark, "legs")
    skins: tuple[Skin, ...] = ("1", "2", "3", "4", "5", "6")
    natural: tuple[HairColour, ...] = greys if older else ("black", "brown", "auburn", "blond", "black")
    hair_colour = HAIR[pick(figure.hair_colour, natural, "hair colour")]
    if hair == "hood":
        hair_colour = CLOTH[colour]
    elif hair in ("headscarf", "beanie", "cap"):
        hair_colour = blend(CLOTH[pick(None, colours, "head")], CLOTH["charcoal"], 0.25)
    return Look(
        size=HEIGHTS[figure.age] / 1.75 * (1.0 if older else 0.985 + 0.03 * chance(figure.name, "height")),
        head=HEADS[figure.age],
        girth=girth,
        shoulders=(0.93 if long_haired else 1.0) * (0.95 if young else 1.0) * (1 + (girth - 1) * 0.5),
        hips=1.06 if long_haired else 1.0,
        top=top,
        top_colour=CLOTH[colour],
        under=CLOTH["sand"] if colour != "sand" else CLOTH["white"],
        legs=figure.legs or "trousers",
        legs_colour=CLOTH[legs_colour],
        shoes=CLOTH["black"] if uniformed or not young else CLOTH["white"],
        hair=hair,
        hair_colour=hair_colour,
        skin=SKIN[pick(figure.skin, skins, "skin")],
        jaw=0.86 if long_haired else (0.92 if young else 1.0),
        glasses=figure.glasses,
        beard=figure.beard,
        aged=older,
    )
