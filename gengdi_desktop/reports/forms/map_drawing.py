"""The sketch map on the page: outlines to scale, numbers, north, a scale bar."""

from __future__ import annotations

from typing import Any

from gengdi_desktop.reports.forms.sketch import Point, SketchMap, SketchShape, bar_metres, fitting_scale
from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.ink import label
from gengdi_desktop.reports.render.pdf import Sheet
from gengdi_desktop.reports.typefaces import FontRole

Box = tuple[float, float, float, float]
_METRE = g.MM * 1000
"""Points of a metre of paper."""
_SIZE = 9.0
_NUMBER_SIZE = 7.5
_OWN_SHADE = 0.85
_FOOT = 16.0


def draw_sketch(sheet: Sheet, sketch: SketchMap, box: Box) -> None:
    """Draw a sketch into a frame (left, top, width, height in points from the upper left corner of the page)."""
    left, top, width, height = box
    scale = fitting_scale(sketch, width / _METRE, (height - _FOOT) / _METRE)
    drawing = _Drawing(sheet, scale, (left + width / 2, top + (height - _FOOT) / 2))
    canvas = sheet.canvas
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(left, g.PAGE_HEIGHT - top - height + _FOOT, width, height - _FOOT)
    canvas.clipPath(path, stroke=0, fill=0)
    for shape in sketch.shapes:
        drawing.shape(shape)
    for point, words in sketch.dots:
        drawing.dot(point, words)
    canvas.restoreState()
    _foot(sheet, sketch, scale, box)
    _north(sheet, left + width - 16, top + 12)


class _Drawing:
    """Metres east and north onto the page."""

    def __init__(self, sheet: Sheet, scale: int, middle: Point) -> None:
        self._sheet = sheet
        self._canvas: Any = sheet.canvas
        self._points = _METRE / scale
        self._middle = middle

    def shape(self, shape: SketchShape) -> None:
        """An outline with its number; the plot's own is shaded and heavier, so that it is told without colour."""
        canvas = self._canvas
        canvas.setStrokeGray(0 if shape.own else 0.35)
        canvas.setFillGray(_OWN_SHADE)
        canvas.setLineWidth(1.4 if shape.own else 0.5)
        path = canvas.beginPath()
        for ring in shape.rings:
            for place, point in enumerate(ring):
                x, y = self._at(point)
                (path.moveTo if place == 0 else path.lineTo)(x, g.PAGE_HEIGHT - y)
            path.close()
        canvas.drawPath(path, stroke=1, fill=int(shape.own), fillMode=0)
        if shape.words and shape.rings:
            self._words(shape.words, _middle(shape.rings[0]))

    def dot(self, point: Point, words: str) -> None:
        """A plot of which only the middle is known."""
        x, y = self._at(point)
        self._canvas.setFillGray(0)
        self._canvas.circle(x, g.PAGE_HEIGHT - y, 2, stroke=0, fill=1)
        if words:
            self._sheet.draw((label(words, FontRole.SONG, _NUMBER_SIZE, x + 4, y + 3),))

    def _at(self, point: Point) -> Point:
        return self._middle[0] + point[0] * self._points, self._middle[1] - point[1] * self._points

    def _words(self, words: str, point: Point) -> None:
        x, y = self._at(point)
        width = sum(self._sheet.fonts.measure(one, FontRole.SONG) for one in words) * _NUMBER_SIZE
        self._sheet.draw((label(words, FontRole.SONG, _NUMBER_SIZE, x - width / 2, y + 3),))


def _middle(ring: tuple[Point, ...]) -> Point:
    """The middle of a ring's box: where a number is looked for."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _foot(sheet: Sheet, sketch: SketchMap, scale: int, box: Box) -> None:
    """Place in words, scale in figures and as a bar."""
    left, top, width, height = box
    baseline = top + height - 5
    metres = bar_metres(scale, 0.04)
    length = metres / scale * _METRE
    right = left + width - 8
    told = f"1:{scale}　{metres} 米"
    wide = sum(sheet.fonts.measure(one, FontRole.SONG) for one in told) * _SIZE
    sheet.draw((label(sketch.place, FontRole.SONG, _SIZE, left + 6, baseline),))
    sheet.draw((label(told, FontRole.SONG, _SIZE, right - length - 6 - wide, baseline),))
    canvas = sheet.canvas
    canvas.setStrokeGray(0)
    canvas.setLineWidth(0.4)
    edge = g.PAGE_HEIGHT - (top + height - _FOOT)
    canvas.line(left, edge, left + width, edge)
    canvas.setLineWidth(1.2)
    y = g.PAGE_HEIGHT - baseline
    canvas.line(right - length, y, right, y)
    for x in (right - length, right):
        canvas.line(x, y, x, y + 4)


def _north(sheet: Sheet, x: float, top: float) -> None:
    """An arrow up and the word."""
    canvas = sheet.canvas
    y = g.PAGE_HEIGHT - top
    canvas.setFillGray(1)
    canvas.rect(x - 9, y - 36, 18, 42, stroke=0, fill=1)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(0.8)
    canvas.line(x, y - 22, x, y)
    canvas.line(x - 4, y - 8, x, y)
    canvas.line(x + 4, y - 8, x, y)
    sheet.draw((label("北", FontRole.HEI, _SIZE, x - _SIZE / 2, top + 32),))
