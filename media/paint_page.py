"""A page of the calibration wizard: a title, a few lines, a picture, the keys. Legible from a ladder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from media.paint import AMBER, NIGHT, PAPER, QUIET, SAGE, Bitmap, Prompt, canvas_of, font_of, pixels_of, wrapped

Tone = Literal["plain", "good", "poor", "quiet"]
INK = {"plain": PAPER, "good": SAGE, "poor": AMBER, "quiet": QUIET}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, and how it is meant."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the page where somebody is to aim, in screen pixels, and where a shot fell."""

    x: float
    y: float
    hit: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """What the wizard shows: `picture` is (height, width, 3) BGR or (height, width), `dragged` corners in it."""

    step: str
    title: str
    lines: Sequence[Line] = ()
    prompts: Sequence[Prompt] = ()
    picture: NDArray[np.uint8] | None = None
    dragged: Sequence[tuple[float, float]] = ()
    marks: Sequence[Mark] = ()


def picture_place(page: Page, width: int, height: int) -> tuple[float, float, float]:
    """Left and top of a page's picture on a screen of this size, and screen pixels to one of its pixels."""
    assert page.picture is not None
    rows, columns = page.picture.shape[:2]
    scale = min(width * 0.44 / columns, height * 0.62 / rows)
    return width * 0.95 - columns * scale, height * 0.17, scale


def draw_page(page: Page, width: int, height: int) -> Bitmap:
    """The page for a screen of this size."""
    canvas, surface = canvas_of(width, height)
    canvas.drawPaint(skia.Paint(Color=NIGHT))
    unit = min(height, width * 9 / 16) / 100
    left = width * 0.05
    canvas.drawString(page.step, left, unit * 9, font_of(unit * 3.4, bold=False), _ink(QUIET))
    column = width * (0.42 if page.picture is not None else 0.9)
    y = unit * 20
    title = font_of(unit * 7, bold=True)
    for piece in wrapped(page.title, title, column):
        canvas.drawString(piece, left, y, title, _ink(PAPER))
        y += unit * 8.4
    y += unit * 2
    text = font_of(unit * 4, bold=False)
    for line in page.lines:
        for index, piece in enumerate(wrapped(line.text, text, column - unit * 4)):
            if index == 0:
                canvas.drawCircle(left + unit, y - unit * 1.4, unit * 0.9, _ink(INK[line.tone]))
            canvas.drawString(piece, left + unit * 4, y, text, _ink(PAPER if line.tone != "quiet" else QUIET))
            y += unit * 5.4
        y += unit
    if page.picture is not None:
        _picture(canvas, page, width, height, unit)
    for mark in page.marks:
        _mark(canvas, mark, unit)
    _keys(canvas, page.prompts, left, height - unit * 7, unit)
    return pixels_of(surface)


def _picture(canvas: skia.Canvas, page: Page, width: int, height: int, unit: float) -> None:
    picture = page.picture
    assert picture is not None
    left, top, scale = picture_place(page, width, height)
    rows, columns = picture.shape[:2]
    colours = picture[:, :, ::-1] if picture.ndim == 3 else np.repeat(picture[:, :, None], 3, axis=2)
    opaque = np.dstack([colours, np.full((rows, columns), 255, np.uint8)])
    image = skia.Image.fromarray(np.ascontiguousarray(opaque), colorType=skia.kRGBA_8888_ColorType)
    place = skia.Rect.MakeXYWH(left, top, columns * scale, rows * scale)
    canvas.drawImageRect(image, place, skia.SamplingOptions(skia.FilterMode.kLinear))
    edge = _ink(QUIET)
    edge.setStyle(skia.Paint.kStroke_Style)
    edge.setStrokeWidth(unit * 0.3)
    canvas.drawRect(place, edge)
    if page.dragged:
        path = skia.Path()
        path.addPoly([skia.Point(left + x * scale, top + y * scale) for x, y in page.dragged], True)
        line = _ink(AMBER)
        line.setStyle(skia.Paint.kStroke_Style)
        line.setStrokeWidth(unit * 0.4)
        canvas.drawPath(path, line)
        for number, (x, y) in enumerate(page.dragged, start=1):
            centre = skia.Point(left + x * scale, top + y * scale)
            canvas.drawCircle(centre, unit * 1.6, line)
            canvas.drawString(
                str(number), centre.x() + unit * 2, centre.y() - unit, font_of(unit * 4, bold=True), _ink(AMBER)
            )


def _mark(canvas: skia.Canvas, mark: Mark, unit: float) -> None:
    line = _ink(PAPER)
    line.setStyle(skia.Paint.kStroke_Style)
    line.setStrokeWidth(unit * 0.5)
    canvas.drawCircle(mark.x, mark.y, unit * 3, line)
    canvas.drawLine(mark.x - unit * 4.5, mark.y, mark.x + unit * 4.5, mark.y, line)
    canvas.drawLine(mark.x, mark.y - unit * 4.5, mark.x, mark.y + unit * 4.5, line)
    if mark.hit is not None:
        canvas.drawCircle(*mark.hit, unit * 0.8, _ink(SAGE))


def _keys(canvas: skia.Canvas, prompts: Sequence[Prompt], left: float, y: float, unit: float) -> None:
    key, text = font_of(unit * 4, bold=True), font_of(unit * 3.6, bold=False)
    x = left
    for prompt in prompts:
        cap = max(key.measureText(prompt.key) + unit * 3, unit * 6)
        frame = _ink(PAPER)
        frame.setStyle(skia.Paint.kStroke_Style)
        frame.setStrokeWidth(unit * 0.35)
        canvas.drawRoundRect(skia.Rect.MakeXYWH(x, y - unit * 4.6, cap, unit * 6.4), unit * 1.2, unit * 1.2, frame)
        canvas.drawString(prompt.key, x + (cap - key.measureText(prompt.key)) / 2, y, key, _ink(PAPER))
        canvas.drawString(prompt.text, x + cap + unit * 1.6, y, text, _ink(PAPER))
        x += cap + unit * 5 + text.measureText(prompt.text)


def _ink(colour: int) -> skia.Paint:
    return skia.Paint(Color=colour, AntiAlias=True)


def pattern_page(picture: NDArray[np.uint8]) -> Bitmap:
    """A grey pattern (height, width) as a bitmap."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGBA), np.uint8)
