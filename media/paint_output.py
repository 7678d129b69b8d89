"""An output's own name, as large as it fits, so that it is read from across the room."""

import skia

from media.paint import AMBER, NIGHT, PAPER, QUIET, Bitmap, canvas_of, font_of, pixels_of

WIDE = 0.86


def output_name(number: int, name: str, size: str, width: int, height: int) -> Bitmap:
    """Number, name and size in words of an output of (width, height) pixels, centred in a frame at its very edge."""
    canvas, surface = canvas_of(width, height)
    canvas.drawPaint(skia.Paint(Color=NIGHT))
    unit = min(height, width * 9 / 16) / 100
    edge = skia.Paint(Color=AMBER, Style=skia.Paint.kStroke_Style, StrokeWidth=max(2.0, unit))
    half = edge.getStrokeWidth() / 2
    canvas.drawRect(skia.Rect.MakeLTRB(half, half, width - half, height - half), edge)
    rows = ((f"display {number}", 6, QUIET, False), (name, 26, PAPER, True), (size, 6, QUIET, False))
    fonts = [_fitting(text, large * unit, WIDE * width, bold=bold) for text, large, _, bold in rows]
    gap = 5 * unit
    y = (height - sum(font.getSize() for font in fonts) - gap * (len(rows) - 1)) / 2
    for (text, _, colour, _), font in zip(rows, fonts, strict=True):
        y += font.getSize() * 0.8
        canvas.drawString(text, (width - font.measureText(text)) / 2, y, font, skia.Paint(Color=colour, AntiAlias=True))
        y += font.getSize() * 0.2 + gap
    return pixels_of(surface)


def _fitting(text: str, size: float, width: float, *, bold: bool) -> skia.Font:
    """A font of this size, or of the largest in which the text is no wider than `width` pixels."""
    font = font_of(size, bold=bold)
    wide = font.measureText(text)
    return font if wide <= width else font_of(size * width / wide, bold=bold)
