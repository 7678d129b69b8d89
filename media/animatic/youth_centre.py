"""The entrance of a youth centre, seen from the pavement: lit doors, windows, a mural, the street beyond."""

from dataclasses import replace

import skia

from media.animatic.brush import Brush
from media.animatic.palette import Rgb, blend, light_of, rgb, times
from media.animatic.scenery import Scenery
from media.animatic.script import TimeOfDay
from media.animatic.skies import HOURS, Hour
from media.animatic.things import draw_standing

WALL_Z = 7.4
CORNER = 2.75  # where the building ends and the street begins
WARM = rgb(0xFFC873)
WHITE = rgb(0xFFF4D8)


def houses(s: Scenery, hour: Hour, z: float, x0: float, x1: float, seed: int, lit: tuple[int, ...]) -> None:
    """A row of houses with gables and windows; `lit` windows have somebody at home."""
    wall = hour.on(rgb(0x7C7480))
    roof = hour.on(rgb(0x55566B))
    width = 4.4
    x, i = x0, 0
    while x < x1:
        high = 5.4 + ((seed * 7 + i * 13) % 5) * 0.22
        tone = blend(wall, hour.on(rgb(0x8A6B62)), ((seed + i) % 3) / 2.5)
        s.wall(x, 0, x + width, high, z, tone)
        s.shape(((x - 0.15, high, z), (x + width / 2, high + 1.9, z), (x + width + 0.15, high, z)), roof)
        s.wall(x + 0.6, high + 0.8, x + 1.05, high + 2.0, z, roof)
        s.wall(x + 2.65, 0, x + 3.75, 2.25, z, hour.on(rgb(0xA9A29C)))
        s.wall(x + 2.75, 0, x + 3.65, 2.15, z, hour.on((rgb(0x3F6F72), rgb(0x7A4A44), rgb(0x4A5A7C))[(seed + i) % 3]))
        s.wall(x + 2.85, 1.65, x + 3.55, 2.05, z, hour.on(rgb(0x55657A)))
        if (seed + i) % 3 != 1 and hour.lamps > 0.3:  # a lamp over the door
            s.disc(x + 3.2, 2.52, z, 0.09, rgb(0xFFE9BE))
            s.glow(x + 3.2, 2.45, z, 1.7, WARM, 0.45 * hour.lamps)
        for j, (wx, wy) in enumerate(((0.7, 3.3), (2.6, 3.3), (0.7, 1.0))):
            on = (i * 4 + j) in lit
            glass = blend(WARM, rgb(0xFFFFFF), 0.12) if on and hour.lamps > 0.3 else hour.on(rgb(0x4A5B73))
            s.wall(x + wx - 0.07, wy - 0.07, x + wx + 1.17, wy + 1.47, z, hour.on(rgb(0xA9A29C)))
            s.wall(x + wx, wy, x + wx + 1.1, wy + 1.4, z, glass)
            if on and j == 0:  # somebody is at this window
                s.disc(x + wx + 0.36, wy + 0.78, z, 0.12, blend(rgb(0x4A3A34), hour.low, 0.2))
                s.wall(x + wx + 0.16, wy, x + wx + 0.50, wy + 0.62, z, blend(rgb(0x4A3A34), hour.low, 0.2))
            s.wall(x + wx + 0.52, wy, x + wx + 0.58, wy + 1.4, z, hour.on(rgb(0x8A8680)))
            if on:
                s.glow(x + wx + 0.55, wy + 0.7, z, 2.4, WARM, 0.30 * hour.lamps)
        x += width
        i += 1


def youth_centre_far(s: Scenery, time: TimeOfDay) -> None:
    hour = HOURS[time]
    s.sky(hour.top, hour.middle, hour.low)
    if time == "night":
        for i in range(26):
            x, y = ((i * 37) % 71) / 71 * 26 - 6, 8 + ((i * 53) % 47) / 47 * 12
            s.disc(x, y, 30.0, 0.035 + 0.02 * (i % 3), rgb(0xD5DEF5), 0.55)
    houses(s, hour, 17.0, 2.3, 24.0, 3, (4,))


def brick(s: Scenery, hour: Hour, x0: float, y0: float, x1: float, y1: float, z: float, tone: Rgb) -> None:
    """A wall with courses just seen and a few stones of another tone."""
    s.wall(x0, y0, x1, y1, z, tone)
    course = 0.115
    rows = int((y1 - y0) / course)
    k = s.camera.scale(z)
    for row in range(rows):
        y = y0 + row * course
        s.line(((x0, y, z), (x1, y, z)), blend(tone, (0, 0, 0), 0.30), max(0.6, 0.006 * k), 0.35)
        for n in range(7):
            code = (row * 131 + n * 71) % 997
            x = x0 + (code / 997) * (x1 - x0 - 0.3)
            lighter = blend(tone, hour.on(rgb(0xC79A84)), 0.22 + 0.1 * (code % 3))
            s.wall(x, y + 0.008, x + 0.23, y + course - 0.008, z, lighter, 0.45)


def youth_centre(s: Scenery, time: TimeOfDay) -> None:
    hour = HOURS[time]
    night = hour.lamps
    z = WALL_Z
    # Ground: the street beyond, the pavement before the doors.
    s.floor([(hour.on(rgb(0x5C6270)), 1.0), (hour.on(rgb(0x6B6D76)), 1.0)], near=1.7, far=30.0)
    s.shape(((-9, 0, z), (CORNER + 0.4, 0, z), (CORNER + 1.7, 0, 1.7), (-9, 0, 1.7)), hour.on(rgb(0x8D8781)))
    for i in range(-7, 5):
        s.line(((i * 0.95, 0, z), (i * 0.95, 0, 1.7)), hour.on(rgb(0x6A655F)), 1.3, 0.6)
    for zz in (6.6, 5.75, 5.0, 4.4, 3.9, 3.45, 3.05, 2.7, 2.4):
        s.line(((-9, 0, zz), (CORNER + 0.4 + 1.3 * (z - zz) / 5.7, 0, zz)), hour.on(rgb(0x6A655F)), 1.3, 0.6)
    s.line(((CORNER + 0.4, 0, z), (CORNER + 1.7, 0, 1.7)), hour.on(rgb(0xB9B2A6)), 5.0)
    # A street lamp at the corner.
    s.wall(5.54, 0, 5.62, 4.0, 10.5, hour.on(rgb(0x2C3240)))
    s.wall(5.04, 3.94, 5.62, 4.00, 10.5, hour.on(rgb(0x2C3240)))
    s.wall(4.98, 3.86, 5.34, 3.95, 10.5, rgb(0xFFE7B8) if night > 0.3 else hour.on(rgb(0xB8B8B0)))
    s.glow(5.16, 3.85, 10.5, 2.1, rgb(0xFFDCA0), 0.60 * night)
    s.glow(5.2, 0.0, 10.2, 2.6, rgb(0xFFD08A), 0.42 * night, 0.22)
    # The building.
    brick(s, hour, -9, 0, CORNER, 5.2, z, hour.on(rgb(0x9A6656)))
    s.wall(-9, 0, CORNER, 0.32, z, hour.on(rgb(0x6C625E)))
    # A painted band above doors and windows.
    s.wall(-9, 2.98, CORNER, 3.42, z, hour.on(rgb(0x2F7D80)))
    s.wall(-9, 2.94, CORNER, 2.99, z, hour.on(rgb(0x215A60)))
    mural(s, hour, z)
    window(s, hour, -7.4, -4.75, z)
    window(s, hour, -4.35, -1.75, z)
    doors(s, hour, z)
    notice_board(s, hour, z)
    festoon(s, hour)
    light = light_of("youth_centre", time)
    brush = Brush(s.canvas, light.ink, max(0.9, 0.0045 * s.camera.scale(7.0)))
    dim = replace(light, key=times(light.key, hour.tint), shade=times(light.shade, hour.tint)) if night else light
    draw_standing(brush, s.camera, "bicycle", -3.55, 7.05, dim)
    draw_standing(brush, s.camera, "planter", -1.95, 6.95, dim)
    draw_standing(brush, s.camera, "planter", 3.05, 6.9, dim)
    # Light that falls out of the doors.
    s.washed(
        ((-1.15, 0, z), (1.15, 0, z), (2.5, 0, 2.4), (-2.5, 0, 2.4)), (0, 0, z), (0, 0, 2.6),
        [(WARM, 0.50 * night), (WARM, 0.20 * night), (WARM, 0.0)],
        soft=14.0,
    )  # fmt: skip
    s.glow(0.0, 0.0, 5.9, 2.9, WARM, 0.34 * night, 0.33)
    s.glow(0.0, 1.3, z, 3.2, WARM, 0.30 * night)
    s.glow(-4.2, 1.6, z, 2.4, WARM, 0.20 * night)
    s.shade(-7.5, 1.0, 4.5, 4.5, 0.5 * night)
    s.shade(4.8, -0.4, 3.4, 3.6, 0.35 * night)


def doors(s: Scenery, hour: Hour, z: float) -> None:
    night = hour.lamps
    inside_top = blend(hour.on(rgb(0xB79A72)), rgb(0xFFE0A0), night)
    inside_low = blend(hour.on(rgb(0x8E7658)), rgb(0xE9AE63), night)
    s.wall(-1.32, 0, 1.32, 2.66, z, hour.on(rgb(0x38414F)))
    s.washed(
        ((-1.2, 2.55, z), (1.2, 2.55, z), (1.2, 0.04, z), (-1.2, 0.04, z)),
        (0, 2.55, z),
        (0, 0, z),
        [(inside_top, 1), (inside_low, 1)],
    )
    # What is seen inside: a corridor with a floor, a ceiling and its lamps, pictures on the walls, a table for games.
    deep = blend(inside_low, rgb(0x8A5A38), 0.35)
    far = (-0.46, 0.42, 0.42, 1.98)
    s.shape(((-1.2, 0.04, z), (1.2, 0.04, z), (far[1], far[2], z), (far[0], far[2], z)), blend(inside_low, deep, 0.75))
    s.shape(((-1.2, 2.55, z), (1.2, 2.55, z), (far[1], far[3], z), (far[0], far[3], z)), blend(inside_top, WHITE, 0.35))
    s.shape(((1.2, 0.04, z), (1.2, 2.55, z), (far[1], far[3], z), (far[1], far[2], z)), blend(inside_low, deep, 0.22))
    s.wall(far[0], far[2], far[1], far[3], z, blend(inside_top, WHITE, 0.55))
    s.wall(-0.16, far[2], 0.14, 1.62, z, blend(inside_top, deep, 0.35))
    for high, half in ((2.46, 0.22), (2.24, 0.13), (2.10, 0.08)):
        s.shape(
            ((-half, high, z), (half, high, z), (half * 0.72, high - 0.05, z), (-half * 0.72, high - 0.05, z)), WHITE
        )
    picture = blend(deep, rgb(0x4F8B8C), 0.6)
    s.shape(((-1.12, 1.98, z), (-0.70, 1.86, z), (-0.70, 1.28, z), (-1.12, 1.18, z)), picture)
    s.shape(((-1.06, 1.86, z), (-0.92, 1.82, z), (-0.92, 1.60, z), (-1.06, 1.60, z)), rgb(0xF2E3BE), 0.85)
    s.shape(((-0.86, 1.72, z), (-0.75, 1.70, z), (-0.75, 1.40, z), (-0.86, 1.38, z)), rgb(0xE8B07A), 0.85)
    s.shape(((1.12, 1.98, z), (0.70, 1.86, z), (0.70, 1.28, z), (1.12, 1.18, z)), blend(deep, rgb(0xC6604A), 0.5))
    s.disc(0.90, 1.57, z, 0.15, rgb(0xF4D9A0), 0.8)
    s.shape(((0.52, 0.66, z), (1.16, 0.74, z), (1.16, 0.62, z), (0.52, 0.58, z)), blend(deep, rgb(0x5A3A26), 0.35))
    s.wall(0.56, 0.30, 0.60, 0.60, z, blend(deep, rgb(0x5A3A26), 0.35))
    s.wall(1.08, 0.05, 1.13, 0.64, z, blend(deep, rgb(0x5A3A26), 0.35))
    # Frames and handles.
    frame = hour.on(rgb(0x2C3440))
    for x in (-1.24, -0.05, 1.16):
        s.wall(x, 0, x + 0.10, 2.58, z, frame)
    s.wall(-1.24, 2.02, 1.24, 2.10, z, frame)
    s.wall(-1.24, 0.0, 1.24, 0.12, z, frame)
    s.wall(-1.24, 0.88, 1.24, 0.93, z, frame)
    for x in (-0.16, 0.12):
        s.wall(x, 0.85, x + 0.035, 1.35, z, hour.on(rgb(0xC9C2B4)))
    # The canopy and its lamps.
    s.shape(
        ((-1.75, 2.72, z), (1.75, 2.72, z), (1.95, 2.66, z - 1.1), (-1.95, 2.66, z - 1.1)),
        blend(hour.on(rgb(0x6A6660)), WARM, 0.35 * night),
    )
    s.wall(-1.95, 2.66, 1.95, 2.86, z - 1.1, hour.on(rgb(0x29636A)))
    s.wall(-1.95, 2.84, 1.95, 2.88, z - 1.1, hour.on(rgb(0x7FA7A6)))
    for x in (-1.0, 0.0, 1.0):
        s.disc(x, 2.69, z - 0.55, 0.06, rgb(0xFFF2CF) if night > 0.3 else hour.on(rgb(0xD8D4C8)))
        s.glow(x, 2.66, z - 0.55, 0.9, WARM, 0.5 * night)
    # A step.
    s.shape(
        ((-1.6, 0.0, z - 0.45), (1.6, 0.0, z - 0.45), (1.5, 0.07, z), (-1.5, 0.07, z)),
        blend(hour.on(rgb(0xA39B90)), WARM, 0.35 * night),
    )


def window(s: Scenery, hour: Hour, x0: float, x1: float, z: float) -> None:
    """A wide window: a room with shelves, a plant and hanging lamps."""
    night = hour.lamps
    y0, y1 = 0.95, 2.55
    s.wall(x0 - 0.08, y0 - 0.1, x1 + 0.08, y1 + 0.08, z, hour.on(rgb(0x38414F)))
    top, low = (
        blend(hour.on(rgb(0x8AA0AA)), rgb(0xFFDB98), night),
        blend(hour.on(rgb(0x6E838E)), rgb(0xDDA05C), night),
    )
    s.washed(((x0, y1, z), (x1, y1, z), (x1, y0, z), (x0, y0, z)), (x0, y1, z), (x0, y0, z), [(top, 1), (low, 1)])
    shelf = blend(low, rgb(0x7A5236), 0.45)
    books = ((0.26, 0x3F7F80), (0.30, 0xB8553F), (0.22, 0xE2B866), (0.28, 0x55688C), (0.24, 0x7E9A62), (0.29, 0x8C5A6E))
    for row, y in enumerate((y0 + 0.30, y0 + 0.78)):
        s.wall(x0 + 0.12, y, x0 + 1.05, y + 0.04, z, shelf)
        for i in range(6):
            h, c = books[(i + 2 * row) % 6]
            if (i + row) % 5 != 4:
                s.wall(
                    x0 + 0.18 + i * 0.135, y + 0.04, x0 + 0.29 + i * 0.135, y + 0.04 + h, z, blend(rgb(c), low, 0.40)
                )
    for dx, dy, r in ((-0.12, 0.0, 0.16), (0.10, 0.05, 0.17), (-0.02, 0.20, 0.17)):
        s.disc(x1 - 0.45 + dx, y0 + 0.46 + dy, z, r, blend(rgb(0x55794F), low, 0.42))
    s.wall(x1 - 0.57, y0, x1 - 0.33, y0 + 0.30, z, blend(rgb(0xA55A3E), low, 0.3))
    for x in (x0 + 1.35, x0 + 1.95):
        s.wall(x - 0.01, y1 - 0.42, x + 0.01, y1, z, shelf)
        high, deep = y1 - 0.40, y1 - 0.56
        shade = ((x - 0.07, high, z), (x + 0.07, high, z), (x + 0.17, deep, z), (x - 0.17, deep, z))
        s.shape(shade, blend(rgb(0x2F7D80), low, 0.45))
        s.glow(x, deep, z, 0.7, WHITE, 0.5 * night)
    for i in (1, 2):
        x = x0 + (x1 - x0) * i / 3
        s.wall(x - 0.025, y0, x + 0.025, y1, z, hour.on(rgb(0x2C3440)))
    s.wall(x0 - 0.12, y0 - 0.14, x1 + 0.12, y0 - 0.06, z, hour.on(rgb(0x9B9186)))


def mural(s: Scenery, hour: Hour, z: float) -> None:
    """Calm painted arcs on the wall beside the doors."""
    x0, x1, y0, y1 = 1.72, 2.62, 0.34, 2.6
    s.wall(x0, y0, x1, y1, z, hour.on(rgb(0x3F6F80)))
    canvas = s.canvas
    canvas.save()
    canvas.clipPath(
        skia.Path.Polygon([s.point(x0, y1, z), s.point(x1, y1, z), s.point(x1, y0, z), s.point(x0, y0, z)], True)
    )
    for radius, colour in ((1.75, 0xD9A860), (1.42, 0xC8705A), (1.10, 0xE7D7B4), (0.80, 0x4F9690), (0.48, 0x2F4F6B)):
        s.disc(x1 + 0.1, y0 - 0.1, z, radius, hour.on(rgb(colour)))
    s.disc(x0 + 0.28, y1 - 0.42, z, 0.17, hour.on(rgb(0xF0D9A6)))
    canvas.restore()


def notice_board(s: Scenery, hour: Hour, z: float) -> None:
    s.wall(-2.62 + 4.0, 1.2, -2.62 + 4.22, 1.5, z, hour.on(rgb(0x2C3440)))
    s.wall(1.40, 1.22, 1.58, 1.48, z, hour.on(rgb(0xDAD3C4)))


def festoon(s: Scenery, hour: Hour) -> None:
    """A string of small lamps before the wall."""
    z = WALL_Z - 1.3
    points = []
    for i in range(25):
        t = i / 24
        span = (t * 3) % 1
        points.append((-4.6 + t * 7.6, 3.25 - 0.42 * 4 * span * (1 - span), z))
    s.line(points, hour.on(rgb(0x20242E)), 1.6, 0.9)
    for x, y, zz in points[1::2]:
        s.disc(x, y - 0.06, zz, 0.045, rgb(0xFFE9B4) if hour.lamps > 0.3 else hour.on(rgb(0xE8E0CC)))
        s.glow(x, y - 0.06, zz, 0.42, WARM, 0.55 * hour.lamps)
