"""A street seen from a doorway, and a park."""

from dataclasses import replace

from media.animatic.brush import Brush
from media.animatic.palette import blend, light_of, rgb, times
from media.animatic.scenery import Scenery
from media.animatic.script import TimeOfDay
from media.animatic.skies import HOURS
from media.animatic.things import draw_standing
from media.animatic.youth_centre import houses

LAMP = rgb(0xFFDCA0)


def street_far(s: Scenery, time: TimeOfDay) -> None:
    hour = HOURS[time]
    s.sky(hour.top, hour.middle, hour.low)
    if time == "night":
        for i in range(40):
            x, y = ((i * 37) % 71) / 71 * 40 - 20, 8 + ((i * 53) % 47) / 47 * 12
            s.disc(x, y, 30.0, 0.035 + 0.02 * (i % 3), rgb(0xD5DEF5), 0.55)
    tree = hour.on(rgb(0x3F5248))
    for x, y, r in (
        (-13, 5.2, 2.6),
        (-10.5, 6.0, 3.0),
        (-7.6, 5.4, 2.4),
        (9, 5.6, 2.8),
        (12, 6.2, 3.2),
        (15.2, 5.2, 2.5),
    ):
        s.disc(x, y, 30.0, r, tree)


def street(s: Scenery, time: TimeOfDay) -> None:
    hour = HOURS[time]
    night = hour.lamps
    houses(s, hour, 16.0, -15.2, 16.0, 1, (9, 12, 18))
    # The far pavement, the road, the near pavement.
    s.floor([(hour.on(rgb(0x8A8580)), 1.0), (hour.on(rgb(0x8A8580)), 1.0)], near=1.7, far=16.0)
    s.shape(((-30, 0, 13.4), (30, 0, 13.4), (30, 0, 6.6), (-30, 0, 6.6)), hour.on(rgb(0x555A66)))
    s.line(((-30, 0, 13.4), (30, 0, 13.4)), hour.on(rgb(0xB9B2A6)), 3.0)
    s.line(((-30, 0, 6.6), (30, 0, 6.6)), hour.on(rgb(0xB9B2A6)), 6.0)
    for i in range(-5, 6):
        s.shape(
            ((i * 3.0, 0, 9.9), (i * 3.0 + 1.5, 0, 9.9), (i * 3.0 + 1.55, 0, 9.7), (i * 3.0, 0, 9.7)),
            hour.on(rgb(0xC9C4B8)),
            0.7,
        )
    for i in range(-8, 9):
        s.line(((i * 1.1, 0, 6.5), (i * 1.1, 0, 1.7)), hour.on(rgb(0x66625D)), 1.3, 0.55)
    for zz in (5.7, 5.0, 4.4, 3.85, 3.4, 3.0, 2.65, 2.35):
        s.line(((-12, 0, zz), (12, 0, zz)), hour.on(rgb(0x66625D)), 1.3, 0.55)
    for x in (-5.4, 5.0):
        s.wall(x, 0, x + 0.09, 5.0, 12.6, hour.on(rgb(0x343A47)))
        s.wall(x - 0.05, 4.94, x + 0.75, 5.02, 12.6, hour.on(rgb(0x343A47)))
        s.wall(x + 0.35, 4.84, x + 0.8, 4.95, 12.6, rgb(0xFFE9BE) if night > 0.3 else hour.on(rgb(0xB8B8B0)))
        s.glow(x + 0.55, 4.8, 12.6, 3.4, LAMP, 0.55 * night)
        s.glow(x + 0.55, 0.0, 12.0, 4.6, LAMP, 0.42 * night, 0.2)
    light = light_of("street", time)
    dim = replace(light, key=times(light.key, hour.tint), shade=times(light.shade, hour.tint)) if night else light
    brush = Brush(s.canvas, light.ink, max(0.8, 0.004 * s.camera.scale(12.0)))
    s.shade(6.3, 0.0, 12.7, 2.6, 0.5, 0.12)
    draw_standing(brush, s.camera, "car", 6.3, 12.8, dim)
    # Light from the doors behind us.
    s.glow(0.0, 0.0, 3.4, 3.2, rgb(0xFFC873), 0.36 * night, 0.30)
    s.shade(-7.5, 0.5, 4.5, 4.0, 0.45 * night)
    s.shade(7.5, 0.5, 4.5, 4.0, 0.45 * night)


def park(s: Scenery, time: TimeOfDay) -> None:
    hour = HOURS[time]
    night = hour.lamps
    grass = hour.on(rgb(0x6E8A62))
    s.floor([(blend(grass, hour.low, 0.25), 1.0), (grass, 1.0)], near=1.7, far=40.0)
    s.shape(((-0.6, 0, 30), (0.6, 0, 30), (3.2, 0, 1.7), (-3.2, 0, 1.7)), hour.on(rgb(0xB7A88C)))
    for x, z, h in (
        (-4.4, 11.0, 4.6),
        (4.8, 12.5, 5.2),
        (-7.5, 15.0, 5.6),
        (8.2, 9.5, 5.0),
        (-3.0, 20.0, 5.4),
        (3.6, 21.0, 5.8),
    ):
        s.wall(x - 0.16, 0, x + 0.16, h * 0.6, z, hour.on(rgb(0x5C4A3E)))
        for dx, dy, r in ((-0.8, 0.72, 1.2), (0.7, 0.74, 1.15), (0.0, 0.95, 1.4)):
            s.disc(x + dx, h * dy, z, r, hour.on(rgb(0x4B6B50)))
        for dx, dy, r in ((-0.95, 0.76, 0.8), (0.0, 1.02, 0.9)):
            s.disc(x + dx, h * dy, z, r, hour.on(rgb(0x628560)))
        s.shade(x, 0.0, z, 2.0, 0.35, 0.18)
    s.wall(2.5, 0, 2.58, 3.6, 8.4, hour.on(rgb(0x343A47)))
    s.disc(2.54, 3.7, 8.4, 0.17, rgb(0xFFE9BE) if night > 0.3 else hour.on(rgb(0xD8D4C8)))
    s.glow(2.54, 3.7, 8.4, 2.6, LAMP, 0.6 * night)
    s.glow(2.2, 0.0, 8.0, 3.0, LAMP, 0.4 * night, 0.22)
