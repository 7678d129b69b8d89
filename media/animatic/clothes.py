"""Garments: how a top falls, what its sleeves are, and the details that tell one from another."""

from dataclasses import dataclass

from media.animatic.brush import Brush, limb, polygon, smooth
from media.animatic.looks import Look
from media.animatic.palette import Light, blend, rgb
from media.animatic.trunk import Ring, Trunk

SHOULDERS: tuple[Ring, ...] = (
    (1.125, 0.066, 0.060),
    (1.09, 0.092, 0.070),
    (1.035, 0.150, 0.085),
    (0.975, 0.182, 0.095),
    (0.86, 0.188, 0.108),
)
FALLS: dict[str, tuple[Ring, ...]] = {
    "hoodie": (
        (0.58, 0.178, 0.122),
        (0.30, 0.168, 0.122),
        (0.06, 0.172, 0.124),
        (-0.10, 0.178, 0.126),
        (-0.17, 0.168, 0.120),
    ),
    "jacket": ((0.58, 0.176, 0.118), (0.30, 0.164, 0.116), (0.0, 0.176, 0.122), (-0.15, 0.180, 0.124)),
    "coat": (
        (0.58, 0.180, 0.122),
        (0.30, 0.172, 0.120),
        (0.0, 0.190, 0.130),
        (-0.40, 0.205, 0.140),
        (-0.72, 0.215, 0.145),
    ),
    "shirt": ((0.58, 0.168, 0.112), (0.30, 0.154, 0.108), (0.02, 0.164, 0.114), (-0.08, 0.166, 0.114)),
    "t_shirt": ((0.58, 0.168, 0.112), (0.30, 0.156, 0.108), (0.02, 0.166, 0.114), (-0.10, 0.170, 0.116)),
    "cardigan": ((0.58, 0.170, 0.116), (0.30, 0.158, 0.112), (0.0, 0.172, 0.120), (-0.22, 0.182, 0.126)),
    "uniform": ((0.58, 0.176, 0.122), (0.30, 0.162, 0.114), (0.05, 0.166, 0.116), (-0.10, 0.172, 0.118)),
}


def stack_of(look: Look) -> tuple[Ring, ...]:
    """The rings of a top, from the neck down."""
    return SHOULDERS + FALLS[look.top]


@dataclass(frozen=True, slots=True)
class Sleeve:
    """Radii in metres at shoulder, elbow and cuff."""

    shoulder: float
    elbow: float
    cuff: float
    bare: bool = False
    ribbed: bool = False


SLEEVES = {
    "hoodie": Sleeve(0.068, 0.055, 0.041, ribbed=True),
    "jacket": Sleeve(0.066, 0.052, 0.043),
    "coat": Sleeve(0.069, 0.056, 0.046),
    "shirt": Sleeve(0.060, 0.046, 0.036, ribbed=True),
    "t_shirt": Sleeve(0.060, 0.054, 0.036, bare=True),
    "cardigan": Sleeve(0.062, 0.050, 0.040, ribbed=True),
    "uniform": Sleeve(0.064, 0.050, 0.038, ribbed=True),
}


def sleeve_of(look: Look) -> Sleeve:
    return SLEEVES[look.top]


def draw_details(brush: Brush, trunk: Trunk, look: Look, light: Light) -> None:
    """What is on the front of a top; a back has a seam at most."""
    if trunk.turned.cosine < 0.2:
        return
    brush.canvas.save()
    brush.canvas.clipPath(trunk.path)
    painters = {
        "hoodie": hoodie,
        "jacket": jacket,
        "coat": jacket,
        "shirt": shirt,
        "t_shirt": t_shirt,
        "cardigan": cardigan,
        "uniform": uniform,
    }
    painters[look.top](brush, trunk, look, light)
    brush.canvas.restore()


def seam(brush: Brush, trunk: Trunk, points: list[tuple[float, float]], width: float = 0.9, alpha: float = 0.7) -> None:
    brush.stroke(smooth([trunk.on(u, s) for u, s in points], closed=False), brush.ink, brush.line * width, alpha)


def hoodie(brush: Brush, trunk: Trunk, look: Look, light: Light) -> None:
    k = trunk.scale
    pocket = [(-0.52, 0.06), (-0.34, 0.34), (0.34, 0.34), (0.52, 0.06)]
    seam(brush, trunk, pocket[:2])
    seam(brush, trunk, [pocket[1], (0.0, 0.345), pocket[2]])
    seam(brush, trunk, pocket[2:])
    hem = smooth([trunk.on(u, -0.085) for u in (-1.0, -0.5, 0.0, 0.5, 1.0)], closed=False)
    brush.stroke(hem, brush.ink, brush.line * 0.8, 0.6)
    for side in (-1, 1):
        cord = [trunk.on(side * 0.14, 0.88), trunk.on(side * 0.17, 0.72), trunk.on(side * 0.15, 0.58)]
        brush.stroke(smooth(cord, closed=False), brush.ink, 0.012 * k + brush.line, 0.6)
        brush.stroke(smooth(cord, closed=False), light.lit(look.under), 0.012 * k)


def jacket(brush: Brush, trunk: Trunk, look: Look, light: Light) -> None:
    k = trunk.scale
    low = trunk.rings[-1][0]
    front = [(-0.13, 1.03), (-0.155, 0.88), (-0.18, 0.5), (-0.19, low - 0.1)]
    back = [(0.19, low - 0.1), (0.18, 0.5), (0.155, 0.88), (0.13, 1.03)]
    strip = smooth([trunk.on(u, s) for u, s in (*front, *back)], closed=True, tension=0.5)
    brush.inked(strip, light.lit(look.under), brush.line * 0.9)
    shade = smooth(
        [trunk.on(u, s) for u, s in ((0.05, 1.03), (0.05, 0.5), (0.05, low - 0.1), *back)], closed=True, tension=0.5
    )
    brush.within(strip, shade, light.dark(look.under))
    for side in (-1, 1):
        lapel = [
            (side * 0.62, 1.09),
            (side * 0.16, 1.08),
            (side * 0.13, 0.90),
            (side * 0.19, 0.66),
            (side * 0.44, 0.90),
        ]
        tone = light.lit(look.top_colour) if side == light.side else light.dark(look.top_colour)
        brush.inked(polygon([trunk.on(u, s, 0.004) for u, s in lapel]), blend(tone, (1, 1, 1), 0.06), brush.line * 0.8)
        seam(brush, trunk, [(side * 0.42, 0.22), (side * 0.58, 0.02)], 0.9, 0.6)
        if look.top == "coat":
            x, y = trunk.on(side * 0.25, 0.36)
            brush.disc(x, y, 0.011 * k, brush.ink, 0.8)


def shirt(brush: Brush, trunk: Trunk, look: Look, light: Light) -> None:
    k = trunk.scale
    seam(brush, trunk, [(0.0, 0.96), (0.01, 0.5), (0.01, -0.1)], 0.8, 0.55)
    for share in (0.82, 0.62, 0.42, 0.22):
        x, y = trunk.on(0.035, share)
        brush.disc(x, y, 0.0075 * k, brush.ink, 0.6)
    collar(brush, trunk, look, light)


def collar(brush: Brush, trunk: Trunk, look: Look, light: Light) -> None:
    for side in (-1, 1):
        flap = [(side * 0.72, 1.12), (side * 0.10, 1.02), (0.0, 0.965), (side * 0.30, 0.90), (side * 0.62, 1.05)]
        tone = light.lit(look.top_colour) if side == light.side else light.dark(look.top_colour)
        brush.inked(polygon([trunk.on(u, s, 0.006) for u, s in flap]), blend(tone, (1, 1, 1), 0.08), brush.line * 0.8)


def t_shirt(brush: Brush, trunk: Trunk, look: Look, light: Light) -> None:
    places = ((-0.72, 1.10), (-0.36, 1.015), (0.0, 0.985), (0.36, 1.015), (0.72, 1.10))
    ring = smooth([trunk.on(u, s) for u, s in places], closed=False)
    brush.stroke(ring, brush.ink, 0.022 * trunk.scale + brush.line)
    brush.stroke(ring, light.lit(look.top_colour), 0.022 * trunk.scale)


def cardigan(brush: Brush, trunk: Trunk, look: Look, light: Light) -> None:
    k = trunk.scale
    under = [(-0.6, 1.13), (-0.34, 0.98), (-0.06, 0.55), (0.0, 0.48), (0.06, 0.55), (0.34, 0.98), (0.6, 1.13)]
    brush.inked(
        smooth([trunk.on(u, s) for u, s in under], closed=True, tension=0.4), light.lit(look.under), brush.line * 0.9
    )
    seam(brush, trunk, [(0.0, 0.48), (0.0, 0.1), (0.0, -0.3)], 0.9, 0.7)
    for share in (0.40, 0.22, 0.04):
        x, y = trunk.on(0.05, share)
        brush.disc(x, y, 0.010 * k, brush.ink, 0.7)


def uniform(brush: Brush, trunk: Trunk, look: Look, light: Light) -> None:
    k = trunk.scale
    seam(brush, trunk, [(0.0, 0.96), (0.0, 0.5), (0.0, -0.1)], 0.8, 0.6)
    band = [trunk.on(u, s) for u, s in ((-1, 0.60), (-0.5, 0.585), (0, 0.58), (0.5, 0.585), (1, 0.60))]
    band += [trunk.on(u, s) for u, s in ((1, 0.70), (0.5, 0.685), (0, 0.68), (-0.5, 0.685), (-1, 0.70))]
    brush.fill(smooth(band, closed=True, tension=0.6), light.lit(rgb(0xC9D2C4)), 0.92)
    belt = smooth([trunk.on(u, 0.03) for u in (-1.0, -0.5, 0.0, 0.5, 1.0)], closed=False)
    brush.stroke(belt, blend(light.dark(look.top_colour), (0, 0, 0), 0.45), 0.045 * k)
    for u in (-0.62, 0.58):
        x, y = trunk.on(u, 0.02)
        brush.inked(limb((x, y - 0.02 * k, 0.024 * k), (x, y + 0.02 * k, 0.024 * k)), rgb(0x22242E), brush.line * 0.7)
    x, y = trunk.on(-0.46, 0.86)
    brush.inked(limb((x, y - 0.022 * k, 0.017 * k), (x, y + 0.026 * k, 0.017 * k)), rgb(0x22242E), brush.line * 0.7)
    collar(brush, trunk, look, light)
