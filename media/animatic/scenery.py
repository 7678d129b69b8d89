"""What a place is painted with: flat shapes, soft washes and pools of light in metres. Painted once for a clip."""

from collections.abc import Sequence

import skia

from media.animatic.palette import Rgb, argb
from media.animatic.space import Camera

Corner = tuple[float, float, float]


class Scenery:
    """A canvas on which places are painted through a camera."""

    def __init__(self, canvas: skia.Canvas, camera: Camera, width: int, height: int) -> None:
        self.canvas = canvas
        self.camera = camera
        self.width = width
        self.height = height

    def point(self, x: float, y: float, z: float) -> skia.Point:
        return skia.Point(*self.camera.at(x, y, z))

    def shape(self, corners: Sequence[Corner], colour: Rgb, alpha: float = 1.0) -> None:
        path = skia.Path.Polygon([self.point(*c) for c in corners], True)
        self.canvas.drawPath(path, skia.Paint(AntiAlias=True, Color=argb(colour, alpha)))

    def wall(self, x0: float, y0: float, x1: float, y1: float, z: float, colour: Rgb, alpha: float = 1.0) -> None:
        """An upright rectangle that faces us."""
        self.shape(((x0, y1, z), (x1, y1, z), (x1, y0, z), (x0, y0, z)), colour, alpha)

    def washed(
        self,
        corners: Sequence[Corner],
        start: Corner,
        end: Corner,
        colours: Sequence[tuple[Rgb, float]],
        soft: float = 0.0,
    ) -> None:
        """A shape with an even passage of colours (each with its alpha) between two points; its edges `soft` pixels."""
        path = skia.Path.Polygon([self.point(*c) for c in corners], True)
        shader = skia.GradientShader.MakeLinear(
            [self.point(*start), self.point(*end)], [argb(c, a) for c, a in colours]
        )
        paint = skia.Paint(AntiAlias=True, Shader=shader)
        if soft:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, soft))
        self.canvas.drawPath(path, paint)

    def floor(self, colours: Sequence[tuple[Rgb, float]], near: float = 1.9, far: float = 40.0, y: float = 0.0) -> None:
        w = 40.0
        self.washed(((-w, y, far), (w, y, far), (w, y, near), (-w, y, near)), (0, y, far), (0, y, near), colours)

    def line(self, corners: Sequence[Corner], colour: Rgb, width: float, alpha: float = 1.0) -> None:
        path = skia.Path.Polygon([self.point(*c) for c in corners], False)
        paint = skia.Paint(
            AntiAlias=True, Color=argb(colour, alpha), Style=skia.Paint.kStroke_Style, StrokeWidth=width,
            StrokeCap=skia.Paint.kRound_Cap,
        )  # fmt: skip
        self.canvas.drawPath(path, paint)

    def disc(self, x: float, y: float, z: float, radius: float, colour: Rgb, alpha: float = 1.0) -> None:
        p = self.point(x, y, z)
        self.canvas.drawCircle(p, radius * self.camera.scale(z), skia.Paint(AntiAlias=True, Color=argb(colour, alpha)))

    def glow(
        self, x: float, y: float, z: float, radius: float, colour: Rgb, strength: float, flat: float = 1.0
    ) -> None:
        """Light in the air or on a floor (`flat` squeezes it upright)."""
        p = self.point(x, y, z)
        r = radius * self.camera.scale(z)
        stops = [argb(colour, strength), argb(colour, strength * 0.42), argb(colour, 0.0)]
        self.canvas.save()
        self.canvas.translate(p.x(), p.y())
        self.canvas.scale(1.0, flat)
        shader = skia.GradientShader.MakeRadial(skia.Point(0, 0), r, stops, [0.0, 0.42, 1.0])
        self.canvas.drawCircle(0, 0, r, skia.Paint(AntiAlias=True, Shader=shader, BlendMode=skia.BlendMode.kScreen))
        self.canvas.restore()

    def shade(self, x: float, y: float, z: float, radius: float, strength: float, flat: float = 1.0) -> None:
        """A soft darkness."""
        p = self.point(x, y, z)
        r = radius * self.camera.scale(z)
        dark: Rgb = (0.02, 0.03, 0.08)
        self.canvas.save()
        self.canvas.translate(p.x(), p.y())
        self.canvas.scale(1.0, flat)
        shader = skia.GradientShader.MakeRadial(skia.Point(0, 0), r, [argb(dark, strength), argb(dark, 0.0)])
        self.canvas.drawCircle(0, 0, r, skia.Paint(AntiAlias=True, Shader=shader))
        self.canvas.restore()

    def sky(self, top: Rgb, middle: Rgb, low: Rgb) -> None:
        horizon = self.camera.horizon
        shader = skia.GradientShader.MakeLinear(
            [skia.Point(0, horizon - self.height * 0.62), skia.Point(0, horizon)],
            [argb(top), argb(middle), argb(low)],
            [0.0, 0.55, 1.0],
        )
        self.canvas.drawRect(skia.Rect.MakeWH(self.width, self.height), skia.Paint(Shader=shader))
