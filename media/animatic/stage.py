"""One clip's pictures: the camera's moves, the painted place, the people in it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import skia
from numpy.typing import NDArray

from media.animatic.brush import Brush
from media.animatic.figure import FigurePainter
from media.animatic.looks import HEIGHTS, look_of
from media.animatic.motion import Performance, metres_across, metres_away
from media.animatic.palette import light_of
from media.animatic.places import PLACES, Layer
from media.animatic.scenery import Scenery
from media.animatic.script import View
from media.animatic.space import Camera, eased
from media.animatic.things import draw_standing

MARGIN = 0.08  # of the picture, painted beyond its edges for the camera's moves
Mouth = Callable[[str, float], float]


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A painted layer, the one before it, and the part of it (in its own pixels) that can be seen through."""

    image: skia.Image
    z: float
    before: "Backdrop | None"
    opening: skia.Rect | None


class Stage:
    """Draws any moment of a view. `mouth(name, t)` says how open a speaker's mouth is."""

    def __init__(self, view: View, seconds: float, size: tuple[int, int], *, loop: bool, mouth: Mouth) -> None:
        self.view = view
        self.seconds = seconds
        self.loop = loop
        self.width, self.height = size
        self.surface = skia.Surface(self.width, self.height)
        self.light = light_of(view.place, view.time)
        heads = {f.name: metres_across(f.x) for f in view.figures}
        self.people = [
            (
                FigurePainter(look_of(figure), self.light),
                Performance(figure, seconds, loop=loop, speech=partial(mouth, figure.name), heads=heads),
            )
            for figure in view.figures
        ]
        self.still = self._framed()
        self.margins = round(self.width * MARGIN), round(self.height * MARGIN)
        self.backdrops = self._painted()
        self.shadow = soft_shadow()
        self.cast = cast_shadow()
        self.blue = blue_wash(size)
        self.buffer = np.zeros((self.height, self.width, 4), np.uint8)
        self.format = skia.ImageInfo.Make(size[0], size[1], skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType)

    # --- the camera ---

    def _framed(self) -> Camera:
        """The camera at rest for the view's framing."""
        unit = self.height / 720
        focus = next((f for f in self.view.figures if f.name == self.view.focus), None) or next(
            iter(self.view.figures), None
        )
        if self.view.framing == "wide" or focus is None:
            return Camera(0.0, 1.45, 0.0, 1150 * unit, self.width / 2, self.height * 0.39)
        x, z = metres_across(focus.x), metres_away(focus.distance)
        middle = sum(metres_across(f.x) for f in self.view.figures) / len(self.view.figures)
        x += 0.3 * max(-0.6, min(0.6, middle - x))
        size = HEIGHTS[focus.age] / 1.75
        low = {"crouching": 0.44, "sitting": 0.46}.get(focus.pose, 0.0)
        if self.view.framing == "medium":
            return Camera(x, 1.46 * size - low, 0.0, 545 * unit * z, self.width / 2, self.height * 0.455)
        return Camera(x, 1.52 * size - low, 0.0, 960 * unit * z, self.width / 2, self.height * 0.49)

    def camera(self, t: float) -> Camera:
        """The camera at a moment; in a loop it comes back to where it began."""
        share = (1 - math.cos(2 * math.pi * t / self.seconds)) / 2 if self.loop else eased(t / self.seconds)
        still = self.still
        x, z, y = still.x, still.z, still.y
        move = self.view.move
        if move == "push_in":
            z += 0.30 * share
        elif move == "pull_back":
            z += 0.30 * (1 - share)
        elif move in ("drift_left", "drift_right"):
            x += 0.16 * (share - 0.5) * (1 if move == "drift_right" else -1)
        elif move == "handheld":
            turn = 2 * math.pi * t / self.seconds
            n = max(1, round(self.seconds / 5))
            x += 0.018 * math.sin(n * turn) + 0.008 * math.sin((2 * n + 1) * turn + 1)
            y += 0.010 * math.sin((n + 1) * turn + 2) + 0.006 * math.sin((3 * n) * turn)
        return Camera(x, y, z, still.focal, still.centre, still.horizon)

    # --- the place ---

    def _painted(self) -> list[Backdrop]:
        """The place's layers; of each, only the part is drawn that the layers before it leave open."""
        drops: list[Backdrop] = []
        for layer in reversed(PLACES[self.view.place]):
            image = self._paint(layer)
            drops.insert(0, Backdrop(image, layer.z, drops[0] if drops else None, opening_of(image)))
        return drops

    def _paint(self, layer: Layer) -> skia.Image:
        mx, my = self.margins
        width, height = self.width + 2 * mx, self.height + 2 * my
        surface = skia.Surface(width, height)
        c = self.still
        camera = Camera(c.x, c.y, c.z, c.focal, c.centre + mx, c.horizon + my)
        blur = {"wide": 0.0, "medium": 3.2, "close": 6.0}[self.view.framing] * self.height / 720
        if blur:
            soft = skia.Paint(ImageFilter=skia.ImageFilters.Blur(blur, blur))
            surface.getCanvas().saveLayer(None, soft)
        layer.paint(Scenery(surface.getCanvas(), camera, width, height), self.view.time)
        if blur:
            surface.getCanvas().restore()
        return surface.makeImageSnapshot()

    def _placing(self, z: float, camera: Camera) -> skia.Matrix:
        """How a layer that was painted for the camera at rest lies in the picture now."""
        still = self.still
        mx, my = self.margins
        grown = (z - still.z) / (z - camera.z)
        k = camera.scale(z)
        left = camera.centre - (camera.x - still.x) * k - (still.centre + mx) * grown
        top = camera.horizon + (camera.y - still.y) * k - (still.horizon + my) * grown
        return skia.Matrix.MakeAll(grown, 0, left, 0, grown, top, 0, 0, 1)

    def _draw_backdrop(self, canvas: skia.Canvas, drop: Backdrop, camera: Camera) -> None:
        canvas.save()
        if drop.before is not None:
            if drop.before.opening is None:
                canvas.restore()
                return
            opening = self._placing(drop.before.z, camera).mapRect(drop.before.opening)
            canvas.clipRect(opening.makeOutset(2, 2))
        canvas.concat(self._placing(drop.z, camera))
        moved = self.view.move != "still"
        sampling = skia.SamplingOptions(skia.FilterMode.kLinear if moved else skia.FilterMode.kNearest)
        canvas.drawImage(drop.image, 0, 0, sampling)
        canvas.restore()

    # --- a frame ---

    def draw(self, t: float) -> None:
        """Draws the moment `t` onto the stage's surface."""
        canvas = self.surface.getCanvas()
        camera = self.camera(t)
        for drop in self.backdrops:
            self._draw_backdrop(canvas, drop, camera)
        items: list[tuple[float, Callable[[], None]]] = []
        for prop in self.view.props:
            if t < prop.start or (prop.until is not None and t >= prop.until):
                continue
            x, z = metres_across(prop.x), metres_away(prop.distance)
            self._shadow(canvas, camera, x, z, {"car": 2.2, "bench": 1.1, "bicycle": 0.8}.get(prop.what, 0.34))
            brush = Brush(canvas, self.light.ink, max(0.9, 0.0052 * camera.scale(z)))
            items.append((z, partial(draw_standing, brush, camera, prop.what, x, z, self.light)))
        for painter, performance in self.people:
            moment = performance.at(t)
            self._shadow(canvas, camera, moment.x, moment.z, 0.40)
            items.append((moment.z, partial(painter.draw, canvas, camera, moment)))
        for _, paint in sorted(items, key=lambda item: -item[0]):
            paint()
        if self.view.blue_light:
            self._blue(canvas, t)

    def _shadow(self, canvas: skia.Canvas, camera: Camera, x: float, z: float, radius: float) -> None:
        px, py = camera.at(x, 0.0, z)
        if py > self.height * 1.25:
            return
        r = radius * camera.scale(z)
        flat = r * 0.24
        if self.view.place == "youth_centre" and self.view.time != "day":
            # The light is behind: the shadow falls toward us.
            far, near = camera.at(x, 0.0, z + 0.05), camera.at(x, 0.0, max(z - 1.5, 2.0))
            wide = 0.40 * camera.scale(z) * (radius / 0.40)
            canvas.drawImageRect(
                self.cast, skia.Rect.MakeLTRB(px - wide, far[1], px + wide, near[1]),
                skia.SamplingOptions(skia.FilterMode.kLinear), skia.Paint(Alphaf=0.62),
            )  # fmt: skip
        paint = skia.Paint(Alphaf=self.light.floor_shadow)
        canvas.drawImageRect(
            self.shadow,
            skia.Rect.MakeLTRB(px - r, py - flat, px + r, py + flat),
            skia.SamplingOptions(skia.FilterMode.kLinear),
            paint,
        )

    def _blue(self, canvas: skia.Canvas, t: float) -> None:
        """A slow blue wash, never a flash: well under one change a second, and soft."""
        rounds = max(1, round(self.seconds / 2.4))
        strength = 0.5 - 0.5 * math.cos(2 * math.pi * rounds * t / self.seconds)
        paint = skia.Paint(Alphaf=0.10 + 0.34 * strength, BlendMode=skia.BlendMode.kScreen)
        canvas.drawImage(self.blue, 0, 0, skia.SamplingOptions(), paint)

    def pixels(self) -> NDArray[np.uint8]:
        """The picture as (height, width, 4) BGRA; the same array each time, filled anew."""
        self.surface.readPixels(self.format, self.buffer, self.width * 4, 0, 0)
        return self.buffer


def opening_of(image: skia.Image) -> skia.Rect | None:
    """The smallest rectangle outside which a layer hides all behind it."""
    clear = np.asarray(image.toarray())[:, :, 3] < 255
    rows, columns = np.flatnonzero(clear.any(axis=1)), np.flatnonzero(clear.any(axis=0))
    if len(rows) == 0:
        return None
    return skia.Rect.MakeLTRB(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))


def soft_shadow() -> skia.Image:
    surface = skia.Surface(128, 128)
    stops = [0xFF060914, 0xB0060914, 0x00060914]
    shader = skia.GradientShader.MakeRadial(skia.Point(64, 64), 64, stops, [0.0, 0.5, 1.0])
    surface.getCanvas().drawCircle(64, 64, 64, skia.Paint(AntiAlias=True, Shader=shader))
    return surface.makeImageSnapshot()


def cast_shadow() -> skia.Image:
    """A long soft shadow from the feet (top) toward us (bottom)."""
    surface = skia.Surface(128, 128)
    canvas = surface.getCanvas()
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(0, 0), skia.Point(0, 128)], [0xD0060914, 0x60060914, 0x00060914]
    )
    path = skia.Path.Polygon([skia.Point(*p) for p in ((44, 6), (84, 6), (106, 124), (22, 124))], True)
    canvas.drawPath(
        path, skia.Paint(AntiAlias=True, Shader=shader, MaskFilter=skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 6))
    )
    return surface.makeImageSnapshot()


def blue_wash(size: tuple[int, int]) -> skia.Image:
    """Light from the right, out of the picture."""
    width, height = size
    surface = skia.Surface(width, height)
    stops = [0xFF3A6BE0, 0xFF1B3674, 0xFF03060E]
    shader = skia.GradientShader.MakeRadial(skia.Point(width * 1.03, height * 0.55), width, stops, [0.0, 0.45, 1.0])
    surface.getCanvas().drawPaint(skia.Paint(Shader=shader))
    return surface.makeImageSnapshot()
