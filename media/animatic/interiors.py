"""An entrance hall and a living room."""

from media.animatic.palette import Rgb, blend, rgb
from media.animatic.scenery import Scenery
from media.animatic.script import TimeOfDay

LAMP = rgb(0xFFD898)


def tint_of(time: TimeOfDay) -> tuple[Rgb, float]:
    return {
        "day": ((1.0, 1.0, 1.0), 0.25),
        "evening": ((0.86, 0.78, 0.74), 0.8),
        "night": ((0.66, 0.60, 0.64), 1.0),
    }[time]


def hall(s: Scenery, time: TimeOfDay) -> None:
    tint, lamps = tint_of(time)

    def on(code: int) -> Rgb:
        c = rgb(code)
        return c[0] * tint[0], c[1] * tint[1], c[2] * tint[2]

    z = 7.5
    s.wall(-12, -2, 12, 6, 8.0, on(0xC9BFAE))
    s.washed(
        ((-12, 3.1, z), (12, 3.1, z), (12, 0, z), (-12, 0, z)),
        (0, 3.1, z),
        (0, 0, z),
        [(on(0xD6CCB8), 1), (on(0xBFB29C), 1)],
    )
    s.wall(-12, 0, 12, 1.05, z, on(0x7F9A98))
    s.wall(-12, 1.03, 12, 1.10, z, on(0x5E7B7B))
    s.floor([(on(0x8F8577), 1), (on(0xA79B8A), 1)], near=1.7, far=z)
    for i in range(-9, 10):
        s.line(((i * 0.9, 0, z), (i * 0.9, 0, 1.7)), on(0x7C7264), 1.2, 0.5)
    for zz in (6.6, 5.8, 5.1, 4.5, 4.0, 3.5, 3.1, 2.7, 2.4):
        s.line(((-9, 0, zz), (9, 0, zz)), on(0x7C7264), 1.2, 0.5)
    s.shape(((-12, 3.1, z), (12, 3.1, z), (12, 3.1, 1.5), (-12, 3.1, 1.5)), on(0xE2DACA))
    # A door, a stair's foot, letter boxes, a lamp.
    s.wall(-2.45, 0, -1.15, 2.35, z, on(0x4C5866))
    s.wall(-2.35, 0.0, -1.25, 2.25, z, on(0x6E7E88))
    s.wall(-2.2, 1.2, -1.4, 2.1, z, blend(on(0xB7C7C9), LAMP, 0.2))
    s.wall(-1.42, 1.0, -1.34, 1.12, z, on(0xD8D0BC))
    for row in range(3):
        for column in range(4):
            x, y = 1.4 + column * 0.36, 1.25 + row * 0.3
            s.wall(x, y, x + 0.33, y + 0.26, z, on(0x8C6F55))
            s.wall(x + 0.05, y + 0.16, x + 0.28, y + 0.20, z, on(0x3E332C))
    for i in range(6):
        s.wall(3.6 + i * 0.28, 0, 7, 0.18 * (i + 1), z - 0.2, blend(on(0x9B8E7C), on(0x6F6456), i / 7))
    for x in (-1.8, 1.8):
        s.wall(x - 0.4, 2.98, x + 0.4, 3.06, 6.0, rgb(0xFFF3D8))
        s.glow(x, 2.95, 6.0, 2.6, LAMP, 0.45 * lamps)
        s.glow(x, 0.0, 5.4, 2.4, LAMP, 0.22 * lamps, 0.3)


def room(s: Scenery, time: TimeOfDay) -> None:
    tint, lamps = tint_of(time)

    def on(code: int) -> Rgb:
        c = rgb(code)
        return c[0] * tint[0], c[1] * tint[1], c[2] * tint[2]

    z = 6.5
    s.washed(
        ((-12, 4, z), (12, 4, z), (12, 0, z), (-12, 0, z)), (0, 4, z), (0, 0, z), [(on(0xB9C0B4), 1), (on(0xA6AC9F), 1)]
    )
    s.floor([(on(0x8A6C52), 1), (on(0x9C7C60), 1)], near=1.7, far=z)
    for i in range(-14, 15):
        s.line(((i * 0.5, 0, z), (i * 0.5, 0, 1.7)), on(0x6F553F), 1.1, 0.5)
    s.wall(-12, 0, 12, 0.12, z, on(0xDCD6C8))
    glass = {"day": rgb(0xCFE3EA), "evening": rgb(0xD79A7C), "night": rgb(0x24304E)}[time]
    s.wall(-2.9, 0.85, -0.9, 2.35, z, on(0xE6E0D2))
    s.wall(-2.8, 0.95, -1.0, 2.25, z, glass)
    s.wall(-1.93, 0.95, -1.87, 2.25, z, on(0xE6E0D2))
    for x in (-3.25, -0.95):
        s.wall(x, 0.2, x + 0.42, 2.6, z, on(0x9A6A5E))
    s.wall(0.7, 0.0, 2.1, 2.1, z, on(0x7A5C46))
    for row in range(4):
        y = 0.15 + row * 0.5
        s.wall(0.8, y, 2.0, y + 0.42, z, on(0x54402F))
        for i in range(7):
            code = (row * 31 + i * 17) % 11
            colour = (0xA9563A, 0x4F7FA8, 0xD39E45, 0x5A8A62, 0xCDB894, 0x6D4B72)[code % 6]
            s.wall(0.86 + i * 0.15, y, 0.97 + i * 0.15, y + 0.24 + (code % 4) * 0.03, z, on(colour))
    s.shape(((-2.2, 0, 5.6), (2.2, 0, 5.6), (3.0, 0, 3.0), (-3.0, 0, 3.0)), on(0x8C5A52))
    s.shade(-2.5, 0.0, 5.5, 1.7, 0.35, 0.16)
    s.wall(-3.6, 0.12, -1.45, 0.95, 6.0, on(0x6C8290))
    s.shape(((-3.4, 0.50, 6.0), (-1.6, 0.50, 6.0), (-1.55, 0.44, 5.4), (-3.5, 0.44, 5.4)), on(0x7B92A0))
    s.wall(-3.5, 0.10, -1.55, 0.44, 5.4, on(0x5A6F7B))
    for x in (-3.62, -1.62):
        s.wall(x, 0.10, x + 0.24, 0.66, 5.4, on(0x647985))
        s.shape(((x, 0.66, 5.4), (x + 0.24, 0.66, 5.4), (x + 0.22, 0.68, 5.9), (x, 0.68, 5.9)), on(0x82998F))
    s.wall(2.55, 0, 2.6, 1.55, 6.2, on(0x3C3A3C))
    s.shape(((2.3, 1.5, 6.2), (2.85, 1.5, 6.2), (2.72, 1.95, 6.2), (2.43, 1.95, 6.2)), rgb(0xFFE7B8))
    s.glow(2.57, 1.7, 6.2, 2.4, LAMP, 0.6 * lamps)
    s.glow(2.57, 0.0, 5.8, 1.8, LAMP, 0.3 * lamps, 0.3)
