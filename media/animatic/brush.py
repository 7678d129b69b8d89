"""Flat shapes with one ink line: the handwriting of all that moves.

A group of shapes is inked by stroking them all and then filling them all, so that the line runs round the group.
"""

from collections.abc import Sequence
from itertools import pairwise

import skia

from media.animatic.palette import Rgb, argb
from media.animatic.space import V3

Spot2 = tuple[float, float]


def smooth(points: Sequence[Spot2], *, closed: bool, tension: float = 1.0, path: skia.Path | None = None) -> skia.Path:
    """A curve through all points, or a straight line on to them where a path is continued.

    Source: Catmull-Rom splines as cubic Bezier curves.
    """
    n = len(points)
    if path is None:
        path = skia.Path()
        path.moveTo(*points[0])
    else:
        path.lineTo(*points[0])
    k = tension / 6
    for i in range(n if closed else n - 1):
        if closed:
            p0, p1, p2, p3 = points[i - 1], points[i], points[(i + 1) % n], points[(i + 2) % n]
        else:
            p0, p1, p2, p3 = points[max(0, i - 1)], points[i], points[i + 1], points[min(n - 1, i + 2)]
        path.cubicTo(
            p1[0] + (p2[0] - p0[0]) * k,
            p1[1] + (p2[1] - p0[1]) * k,
            p2[0] - (p3[0] - p1[0]) * k,
            p2[1] - (p3[1] - p1[1]) * k,
            p2[0],
            p2[1],
        )
    if closed:
        path.close()
    return path


def polygon(points: Sequence[Spot2]) -> skia.Path:
    return skia.Path.Polygon([skia.Point(*p) for p in points], True)


def tapered(path: skia.Path, a: V3, b: V3, *, cut: bool = False) -> None:
    """Adds a limb from (X, Y, radius) to (X, Y, radius), round at both ends or cut straight at the second."""
    ax, ay, ra = a
    bx, by, rb = b
    path.addCircle(ax, ay, ra)
    if not cut:
        path.addCircle(bx, by, rb)
    dx, dy = bx - ax, by - ay
    length = (dx * dx + dy * dy) ** 0.5
    if length <= abs(ra - rb) + 1e-6:
        return
    # The outer tangents touch where the circles' normals lean by the taper.
    lean = (ra - rb) / length
    aside = (1 - lean * lean) ** 0.5
    ux, uy = dx / length, dy / length
    n1 = (ux * lean + uy * aside, uy * lean - ux * aside)
    n2 = (ux * lean - uy * aside, uy * lean + ux * aside)
    path.moveTo(ax + n1[0] * ra, ay + n1[1] * ra)
    path.lineTo(bx + n1[0] * rb, by + n1[1] * rb)
    path.lineTo(bx + n2[0] * rb, by + n2[1] * rb)
    path.lineTo(ax + n2[0] * ra, ay + n2[1] * ra)
    path.close()


def limb(*stations: V3, cut: bool = False) -> skia.Path:
    """One path of tapered pieces through (X, Y, radius) stations; `cut` ends it straight, as cloth does."""
    path = skia.Path()
    last = len(stations) - 2
    for i, (a, b) in enumerate(pairwise(stations)):
        tapered(path, a, b, cut=cut and i == last)
    return path


def grown(stations: Sequence[V3], width: float, *, cut: bool = False) -> skia.Path:
    """The limb of stations whose radii are larger by a width."""
    larger = [(x, y, r + width) for x, y, r in stations]
    if cut:
        (ax, ay, _), (bx, by, r) = larger[-2:]
        length = max(1e-6, ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)
        larger[-1] = (bx + (bx - ax) / length * width, by + (by - ay) / length * width, r)
    return limb(*larger, cut=cut)


def moved(path: skia.Path, dx: float, dy: float) -> skia.Path:
    """A copy of a path elsewhere."""
    copy = skia.Path(path)
    copy.transform(skia.Matrix.Translate(dx, dy))
    return copy


class Brush:
    """A canvas and its paints; `line` is the width of the ink in pixels."""

    def __init__(self, canvas: skia.Canvas, ink: Rgb, line: float) -> None:
        self.canvas = canvas
        self.ink = ink
        self.line = line

    def fill(self, path: skia.Path, colour: Rgb, alpha: float = 1.0) -> None:
        self.canvas.drawPath(path, skia.Paint(AntiAlias=True, Color=argb(colour, alpha)))

    def stroke(self, path: skia.Path, colour: Rgb, width: float, alpha: float = 1.0) -> None:
        self.canvas.drawPath(
            path,
            skia.Paint(
                AntiAlias=True,
                Color=argb(colour, alpha),
                Style=skia.Paint.kStroke_Style,
                StrokeWidth=width,
                StrokeCap=skia.Paint.kRound_Cap,
                StrokeJoin=skia.Paint.kRound_Join,
            ),
        )

    def inked(self, path: skia.Path, colour: Rgb, width: float | None = None) -> None:
        """Ink round a group, then its fill."""
        self.stroke(path, self.ink, 2 * (self.line if width is None else width))
        self.fill(path, colour)

    def inked_limb(self, stations: Sequence[V3], colour: Rgb, width: float | None = None, *, cut: bool = False) -> None:
        """A limb with ink round it: the limb grown by the line's width, then itself."""
        self.fill(grown(stations, self.line if width is None else width, cut=cut), self.ink)
        self.fill(limb(*stations, cut=cut), colour)

    def clipped(self, clips: Sequence[skia.Path], path: skia.Path, colour: Rgb, alpha: float = 1.0) -> None:
        """Fills `path` only inside all of `clips`."""
        self.canvas.save()
        for clip in clips:
            self.canvas.clipPath(clip, skia.ClipOp.kIntersect, True)
        self.fill(path, colour, alpha)
        self.canvas.restore()

    def within(self, clip: skia.Path, path: skia.Path, colour: Rgb, alpha: float = 1.0) -> None:
        """Fills `path` only inside `clip`."""
        self.canvas.save()
        self.canvas.clipPath(clip, skia.ClipOp.kIntersect, True)
        self.fill(path, colour, alpha)
        self.canvas.restore()

    def disc(self, x: float, y: float, radius: float, colour: Rgb, alpha: float = 1.0) -> None:
        self.canvas.drawCircle(x, y, radius, skia.Paint(AntiAlias=True, Color=argb(colour, alpha)))
