"""What is drawn over the film or instead of it: slate, captions, hit marks, the demo's instruments. Drawn with Skia.

Every function returns a picture (height, width, 4) uint8, RGBA with premultiplied alpha.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

Bitmap = NDArray[np.uint8]
FONTS = "/usr/share/fonts"
FAMILIES = ("Inter", "Noto Sans", "DejaVu Sans")

NIGHT = skia.Color(17, 24, 32)
DUSK = skia.Color(38, 54, 66)
PAPER = skia.Color(244, 241, 234)
QUIET = skia.Color(168, 182, 190)
AMBER = skia.Color(242, 184, 92)
SAGE = skia.Color(134, 196, 160)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One key and what it does now; `open` where it can be taken."""

    key: str
    text: str
    open: bool = True


@dataclass(frozen=True, slots=True)
class Instruments:
    """The demo's strip below the film: a headline, whether it is good news, the keys, the latest event."""

    headline: str
    good: bool
    prompts: tuple[Prompt, ...]
    note: str


def slate(width: int, height: int) -> Bitmap:
    """The neutral slate: a still evening horizon, the same before, between and after scenes, without text."""
    canvas, surface = canvas_of(width, height)
    sky = skia.GradientShader.MakeLinear(
        [skia.Point(0, 0), skia.Point(0, height)],
        [NIGHT, DUSK, skia.Color(86, 98, 100), skia.Color(52, 62, 66)],
        [0.0, 0.52, 0.685, 1.0],
    )
    canvas.drawPaint(skia.Paint(Shader=sky))
    unit = height / 100
    centre = skia.Point(width / 2, height * 0.685)
    glow = skia.GradientShader.MakeRadial(
        centre, height * 0.75, [skia.Color(214, 190, 150, 92), skia.Color(214, 190, 150, 0)], [0.0, 1.0]
    )
    canvas.drawPaint(skia.Paint(Shader=glow))
    ground = skia.GradientShader.MakeLinear(
        [skia.Point(0, centre.y()), skia.Point(0, height)], [skia.Color(36, 46, 50), skia.Color(20, 27, 33)], [0.0, 1.0]
    )
    canvas.drawRect(skia.Rect.MakeLTRB(0, centre.y(), width, height), skia.Paint(Shader=ground))
    line = skia.Paint(Color=skia.Color(222, 206, 176, 96), StrokeWidth=unit * 0.16, AntiAlias=True)
    canvas.drawLine(0, centre.y(), width, centre.y(), line)
    return pixels_of(surface)


def caption(text: str, width: int, height: int) -> Bitmap:
    """A spoken line at the foot of a picture of this size; as wide as the picture, as high as its lines need."""
    size = height * 0.046
    font = font_of(size, bold=False)
    lines = [piece for line in text.splitlines() for piece in wrapped(line, font, width * 0.8)]
    leading = size * 1.36
    pad = size * 0.55
    canvas, surface = canvas_of(width, int(leading * len(lines) + 2 * pad))
    widest = max((font.measureText(line) for line in lines), default=0.0)
    box = skia.Rect.MakeXYWH((width - widest) / 2 - pad * 1.6, 0, widest + pad * 3.2, leading * len(lines) + 2 * pad)
    canvas.drawRoundRect(box, pad * 0.9, pad * 0.9, skia.Paint(Color=skia.Color(10, 14, 18, 190), AntiAlias=True))
    ink = skia.Paint(Color=PAPER, AntiAlias=True)
    for index, line in enumerate(lines):
        x = (width - font.measureText(line)) / 2
        canvas.drawString(line, x, pad + leading * index + size * 1.02, font, ink)
    return pixels_of(surface)


def mark(height: int) -> Bitmap:
    """A hit mark for a picture of this height: a ring that leaves the spot itself free."""
    radius = height * 0.02
    side = int(radius * 3)
    canvas, surface = canvas_of(side, side)
    for colour, stroke in ((skia.Color(10, 14, 18, 210), 0.42), (AMBER, 0.2)):
        ring = skia.Paint(Color=colour, AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=radius * stroke)
        canvas.drawCircle(side / 2, side / 2, radius, ring)
    return pixels_of(surface)


def instruments(shown: Instruments, width: int, height: int) -> Bitmap:
    """The demo's strip for a picture of this size, about an eighth of its height."""
    strip = int(height * 0.15)
    canvas, surface = canvas_of(width, strip)
    canvas.drawPaint(skia.Paint(Color=skia.Color(10, 14, 18, 214)))
    unit = strip / 100
    margin = unit * 22
    good = SAGE if shown.good else AMBER
    canvas.drawCircle(margin + unit * 7, unit * 24, unit * 6.5, skia.Paint(Color=good, AntiAlias=True))
    headline = font_of(unit * 24, bold=True)
    canvas.drawString(shown.headline, margin + unit * 24, unit * 32, headline, skia.Paint(Color=good, AntiAlias=True))
    note = font_of(unit * 19, bold=False)
    text = _cut(shown.note, note, width * 0.42)
    quiet = skia.Paint(Color=QUIET, AntiAlias=True)
    canvas.drawString(text, width - margin - note.measureText(text), unit * 32, note, quiet)
    _prompts(canvas, shown.prompts, margin, unit, width)
    return pixels_of(surface)


def _prompts(canvas: skia.Canvas, prompts: Sequence[Prompt], margin: float, unit: float, width: int) -> None:
    """A row of keys and their meanings; set smaller where it would be wider than the picture."""
    size = unit
    while _row(None, prompts, margin, unit, size) > width - margin and size > unit / 2:
        size *= 0.96
    _row(canvas, prompts, margin, unit, size)


def _row(canvas: skia.Canvas | None, prompts: Sequence[Prompt], margin: float, unit: float, size: float) -> float:
    """Draw the row, or only measure it where there is no canvas; the x at which it ends."""
    font, label = font_of(size * 22, bold=True), font_of(size * 20, bold=False)
    x = margin
    for prompt in prompts:
        cap = max(font.measureText(prompt.key) + size * 16, size * 34)
        if canvas is not None:
            ink = skia.Paint(Color=skia.ColorSetA(PAPER, 255 if prompt.open else 96), AntiAlias=True)
            frame = skia.Paint(ink)
            frame.setStyle(skia.Paint.kStroke_Style)
            frame.setStrokeWidth(unit * 1.8)
            box = skia.Rect.MakeXYWH(x, unit * 54, cap, unit * 34)
            canvas.drawRoundRect(box, unit * 7, unit * 7, frame)
            canvas.drawString(prompt.key, x + (cap - font.measureText(prompt.key)) / 2, unit * 79, font, ink)
            canvas.drawString(prompt.text, x + cap + size * 9, unit * 78, label, ink)
        x += cap + size * 9 + label.measureText(prompt.text) + size * 24
    return x - size * 24


def canvas_of(width: int, height: int) -> "tuple[skia.Canvas, skia.Surface]":
    """A clear canvas of this size in pixels, and its surface."""
    surface = skia.Surface.MakeRaster(
        skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    )
    return surface.getCanvas(), surface


def pixels_of(surface: skia.Surface) -> Bitmap:
    """What has been drawn."""
    image = surface.makeImageSnapshot()
    return np.ascontiguousarray(
        image.toarray(colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType), dtype=np.uint8
    )


def load_fonts() -> None:
    """Read the fonts now, which takes a fifth of a second, and not with the first line that is spoken."""
    _typeface(False)
    _typeface(True)


@cache
def _typeface(bold: bool) -> skia.Typeface:
    style = skia.FontStyle.Bold() if bold else skia.FontStyle.Normal()
    for family in FAMILIES:
        face = _fonts().matchFamilyStyle(family, style)
        if face is not None:
            return face
    return skia.Typeface("", style)


@cache
def _fonts() -> skia.FontMgr:
    """The system's fonts; read from their folder where it is, for Skia's own fontconfig complains to the terminal."""
    return skia.FontMgr.New_Custom_Directory(FONTS) if Path(FONTS).is_dir() else skia.FontMgr()


def font_of(size: float, *, bold: bool) -> skia.Font:
    """The program's typeface at a size in pixels."""
    font = skia.Font(_typeface(bold), size)
    font.setSubpixel(True)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    return font


def wrapped(line: str, font: skia.Font, width: float) -> list[str]:
    """A line broken at its spaces so that no piece is wider than `width` pixels, where that can be."""
    lines = [""]
    for word in line.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.measureText(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(text: str, font: skia.Font, width: float) -> str:
    if font.measureText(text) <= width:
        return text
    while text and font.measureText(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"
