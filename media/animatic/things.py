"""Things: held in a hand, or standing about."""

from media.animatic.brush import Brush, limb, polygon, smooth
from media.animatic.hands import Hand
from media.animatic.palette import Light, Rgb, rgb
from media.animatic.script import Standing, Thing
from media.animatic.space import V3, Camera, Turned, add, scaled, unit


def draw_held(brush: Brush, turned: Turned, hand: Hand, thing: Thing | str, light: Light) -> None:
    """Draws what a hand holds, to be drawn before the hand."""

    def station(p: V3, radius: float) -> V3:
        x, y, k = turned.screen(p)
        return x, y, radius * k

    def spot(p: V3) -> tuple[float, float]:
        x, y, _ = turned.screen(p)
        return x, y

    grip = hand.grip_centre()
    if thing == "phone":
        up, wide = hand.on, hand.thumb
        middle = add(hand.point(0.118, 0.004), scaled(hand.palm, 0.018))
        corners = [add(middle, add(scaled(up, h), scaled(wide, w))) for h, w in
                   ((0.09, -0.045), (0.09, 0.045), (-0.085, 0.045), (-0.085, -0.045))]  # fmt: skip
        brush.inked(smooth([spot(c) for c in corners], closed=True, tension=0.22), rgb(0x20242E))
        inner = [add(middle, add(scaled(up, h), scaled(wide, w))) for h, w in
                 ((0.081, -0.038), (0.081, 0.038), (-0.076, 0.038), (-0.076, -0.038))]  # fmt: skip
        if turned.view(hand.palm)[2] > 0.1:
            brush.fill(polygon([spot(c) for c in inner]), rgb(0xBFD8E6))
        else:
            brush.fill(smooth([spot(c) for c in inner], closed=True, tension=0.2), rgb(0x3A4150))
            lens = add(middle, add(scaled(up, 0.058), scaled(wide, 0.020)))
            x, y, r = station(lens, 0.0105)
            brush.disc(x, y, r * 1.5, rgb(0x161A22))
            brush.disc(x, y, r * 0.7, rgb(0x8FB4D8))
    elif thing == "bottle":
        # Held by the neck: it stands on a fist held up, and hangs from a hand that hangs.
        axis = unit(add(hand.thumb, scaled(hand.on, 3.0 * max(0.0, -hand.on[1] - 0.2))))
        glass = rgb(0x3F7A55)
        low, high = add(grip, scaled(axis, -0.045)), add(grip, scaled(axis, 0.02))
        body = limb(
            station(add(grip, scaled(axis, 0.09)), 0.026),
            station(add(grip, scaled(axis, 0.13)), 0.037),
            station(add(grip, scaled(axis, 0.26)), 0.037),
        )
        body.addPath(limb(station(low, 0.0145), station(high, 0.015), station(add(grip, scaled(axis, 0.09)), 0.026)))
        brush.inked(body, light.dark(glass))
        shine = limb(station(add(grip, scaled(axis, 0.12)), 0.018), station(add(grip, scaled(axis, 0.25)), 0.018))
        brush.fill(shine, light.lit(rgb(0x5FA377)))
    elif thing == "cup":
        brush.inked(
            limb(station(add(grip, (0, 0.055, 0)), 0.038), station(add(grip, (0, -0.045, 0)), 0.029)),
            light.lit(rgb(0xE8E2D4)),
        )
    elif thing == "paper":
        sheet = [add(grip, (dx, dy, 0.01)) for dx, dy in ((-0.07, -0.02), (0.08, 0.0), (0.075, 0.2), (-0.075, 0.18))]
        brush.inked(polygon([spot(c) for c in sheet]), light.lit(rgb(0xEDE9DF)))
    elif thing == "torch":
        on = hand.on
        brush.inked(
            limb(
                station(add(grip, scaled(on, -0.05)), 0.017),
                station(add(grip, scaled(on, 0.09)), 0.017),
                station(add(grip, scaled(on, 0.13)), 0.026),
            ),
            rgb(0x2A2C33),
        )
    elif thing == "bag":
        top = add(grip, (0, -0.02, 0))
        for dx in (-0.06, 0.06):
            brush.stroke(smooth([spot(top), spot(add(top, (dx, -0.14, 0)))], closed=False), brush.ink, brush.line * 2)
        bag = [add(top, (dx, dy, 0)) for dx, dy in ((-0.15, -0.13), (0.15, -0.13), (0.17, -0.42), (-0.17, -0.42))]
        brush.inked(smooth([spot(c) for c in bag], closed=True, tension=0.35), light.lit(rgb(0x5C6670)))
    elif thing == "speaker":
        top = add(grip, (0, 0.0, 0))
        case = [add(top, (dx, dy, 0.03)) for dx, dy in ((-0.11, -0.04), (0.11, -0.04), (0.11, -0.30), (-0.11, -0.30))]
        brush.inked(smooth([spot(c) for c in case], closed=True, tension=0.18), light.lit(rgb(0x3C4250)))
        x, y, r = station(add(top, (0, -0.19, 0.05)), 0.07)
        brush.disc(x, y, r, rgb(0x1E222C))
        brush.disc(x, y, r * 0.5, light.lit(rgb(0x596274)))
        brush.stroke(
            smooth(
                [
                    spot(add(top, (-0.08, -0.04, 0.03))),
                    spot(add(top, (0, 0.012, 0.0))),
                    spot(add(top, (0.08, -0.04, 0.03))),
                ],
                closed=False,
            ),
            brush.ink,
            brush.line * 2.4,
        )


def draw_standing(brush: Brush, camera: Camera, what: Standing, x: float, z: float, light: Light) -> None:
    """Draws a thing that stands on the floor at (x, z) metres."""
    k = camera.scale(z)

    def at(dx: float, y: float) -> tuple[float, float]:
        px, py = camera.at(x + dx, y, z)
        return px, py

    def box(x0: float, y0: float, x1: float, y1: float, colour: Rgb, rounding: float = 0.15) -> None:
        brush.inked(smooth([at(x0, y1), at(x1, y1), at(x1, y0), at(x0, y0)], closed=True, tension=rounding), colour)

    if what == "speaker":
        case = smooth([at(-0.17, 0.44), at(0.17, 0.44), at(0.17, 0.0), at(-0.17, 0.0)], closed=True, tension=0.12)
        brush.inked(case, light.dark(rgb(0x586273)))
        brush.within(
            case, polygon([at(-0.2, 0.5), at(0.105, 0.5), at(0.105, -0.1), at(-0.2, -0.1)]), light.lit(rgb(0x4A5262))
        )
        for y, r in ((0.15, 0.105), (0.33, 0.06)):
            px, py = at(0, y)
            brush.disc(px, py, r * k, rgb(0x1B1F2A))
            brush.disc(px, py, r * 0.68 * k, rgb(0x303644))
            brush.disc(px, py, r * 0.3 * k, light.lit(rgb(0x77839A)))
    elif what == "bottle":
        body = limb(
            (*at(0, 0.035), 0.035 * k), (*at(0, 0.16), 0.035 * k), (*at(0, 0.20), 0.016 * k), (*at(0, 0.27), 0.014 * k)
        )
        brush.inked(body, light.dark(rgb(0x3F7A55)))
        brush.fill(limb((*at(-0.01, 0.04), 0.017 * k), (*at(-0.01, 0.16), 0.017 * k)), light.lit(rgb(0x5FA377)))
    elif what == "phone":
        brush.inked(
            smooth([at(-0.05, 0.012), at(0.08, 0.03), at(0.10, 0.012), at(-0.03, -0.01)], closed=True, tension=0.2),
            rgb(0x20242E),
        )
        brush.fill(
            smooth([at(-0.03, 0.012), at(0.075, 0.026), at(0.088, 0.012), at(-0.02, -0.004)], closed=True, tension=0.2),
            rgb(0xA9CBE0),
        )
    elif what == "bag":
        box(-0.2, 0.0, 0.2, 0.3, light.lit(rgb(0x5C6670)), 0.45)
        brush.stroke(smooth([at(-0.1, 0.3), at(0.0, 0.42), at(0.1, 0.3)], closed=False), brush.ink, brush.line * 2)
    elif what == "bench":
        for dx in (-0.65, 0.65):
            box(dx - 0.04, 0.0, dx + 0.04, 0.44, light.dark(rgb(0x4A4E58)), 0.1)
        box(-0.85, 0.42, 0.85, 0.50, light.lit(rgb(0x8A6A4A)), 0.08)
        for y in (0.62, 0.76):
            box(-0.85, y, 0.85, y + 0.09, light.lit(rgb(0x8A6A4A)), 0.08)
    elif what == "bicycle":
        frame = light.lit(rgb(0x3F7F8C))
        for dx in (-0.5, 0.5):
            px, py = at(dx, 0.33)
            ring = smooth(
                [
                    (px + 0.33 * k * c, py + 0.33 * k * s)
                    for c, s in (
                        (1, 0),
                        (0.707, 0.707),
                        (0, 1),
                        (-0.707, 0.707),
                        (-1, 0),
                        (-0.707, -0.707),
                        (0, -1),
                        (0.707, -0.707),
                    )
                ],
                closed=True,
            )
            brush.stroke(ring, rgb(0x20242E), 0.035 * k)
        for line in (
            ((-0.5, 0.33), (-0.15, 0.78), (0.38, 0.80), (0.0, 0.33), (-0.5, 0.33)),
            ((-0.15, 0.78), (0.0, 0.33)),
            ((0.38, 0.92), (0.5, 0.33)),
        ):
            brush.stroke(
                polygon([at(*p) for p in line]) if len(line) > 3 else smooth([at(*p) for p in line], closed=False),
                frame,
                0.035 * k,
            )
        brush.stroke(smooth([at(0.28, 0.97), at(0.38, 0.93), at(0.47, 0.95)], closed=False), rgb(0x20242E), 0.035 * k)
        brush.stroke(smooth([at(-0.27, 0.86), at(-0.06, 0.86)], closed=False), rgb(0x20242E), 0.05 * k)
    elif what == "bin":
        box(-0.25, 0.0, 0.25, 0.85, light.lit(rgb(0x4F5B55)), 0.12)
        box(-0.28, 0.83, 0.28, 0.93, light.dark(rgb(0x4F5B55)), 0.2)
    elif what == "planter":
        for dx, dy, r in ((-0.22, 0.62, 0.2), (0.2, 0.6, 0.22), (0.0, 0.78, 0.24)):
            px, py = at(dx, dy)
            brush.disc(px, py, r * k + brush.line, brush.ink)
        for dx, dy, r in ((-0.22, 0.62, 0.2), (0.2, 0.6, 0.22), (0.0, 0.78, 0.24)):
            px, py = at(dx, dy)
            brush.disc(px, py, r * k, light.dark(rgb(0x4F7A58)))
            brush.disc(px + light.side * 0.05 * k, py - 0.04 * k, r * 0.66 * k, light.lit(rgb(0x5F8C66)))
        box(-0.42, 0.0, 0.42, 0.46, light.lit(rgb(0x8C7460)), 0.08)
    elif what == "car":
        box(-1.9, 0.28, 1.9, 0.86, light.lit(rgb(0x55677C)), 0.3)
        cabin = smooth([at(-1.25, 0.84), at(-0.85, 1.36), at(0.75, 1.36), at(1.3, 0.84)], closed=True, tension=0.3)
        brush.inked(cabin, light.dark(rgb(0x55677C)))
        brush.fill(
            smooth([at(-1.05, 0.86), at(-0.76, 1.28), at(0.68, 1.28), at(1.08, 0.86)], closed=True, tension=0.25),
            rgb(0x2A3442),
        )
        for dx in (-1.2, 1.2):
            px, py = at(dx, 0.32)
            brush.disc(px, py, 0.33 * k, rgb(0x181A20))
            brush.disc(px, py, 0.17 * k, rgb(0x7D848E))
