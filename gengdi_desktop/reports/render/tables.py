"""Small tables in the text of a paper, as rows that repeat their heading on the next page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from gengdi_desktop.reports.document import CellKind, Column, Table, Value, shown
from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.ink import Ink, Stroke, moved, set_line, text_width
from gengdi_desktop.reports.render.line_breaking import Line, Measure, Span, break_lines
from gengdi_desktop.reports.render.rows import Row
from gengdi_desktop.reports.table_heads import head_cells, head_rows
from gengdi_desktop.reports.typefaces import FontRole

_WIDE = 7
"""Columns from which the type is 五号 and not 小四."""
_LEADING = 14.6
_PAD = 3.0
_LINE = 0.5
_NOTE_SIZE = 10.5
_UP = -(g.PITCH - g.EM) / 2
"""A strip of the grid begins at its glyphs' top; moved up by half the leading it lies around the line."""

_Box = tuple[float, float, float, float]


def table_rows(table: Table, measure: Measure) -> list[Row]:
    """Caption and unit, heading, rows, totals, notes; all heights are multiples of the pitch."""
    return _Setting(table, measure).rows()


def column_edges(columns: Sequence[Column], width: float) -> list[float]:
    """The left edge of each column and the right edge of the last, scaled to ``width`` points."""
    total = sum(column.width for column in columns)
    edges = [0.0]
    for column in columns:
        edges.append(edges[-1] + column.width / total * width)
    return edges


class _Setting:
    """One table being set."""

    def __init__(self, table: Table, measure: Measure) -> None:
        self._table = table
        self._measure = measure
        self._size = g.SIZE_SMALL_4 if len(table.columns) < _WIDE else _NOTE_SIZE
        self._edges = column_edges(table.columns, g.WIDTH)

    def rows(self) -> list[Row]:
        table = self._table
        head = _raised(self._head())
        top = _raised(self._caption())
        body = [self._row(cells) for cells in table.rows]
        if table.totals is not None:
            body.append(self._row(table.totals, FontRole.HEI))
        rows = [replace(row, glued=index > 0) for index, row in enumerate([*top, *head])]
        for index, row in enumerate(_raised(body)):
            alone = index in {0, len(body) - 1}  # never a heading without a row, never the totals alone
            rows.append(replace(row, glued=alone, head=tuple(head)))
        return rows + self._notes()

    def _caption(self) -> list[Row]:
        table = self._table
        if not table.caption and not table.unit:
            return []
        baseline = g.PITCH - 7
        middle = (g.WIDTH - text_width(table.caption, FontRole.HEI, g.SIZE_SMALL_4, self._measure)) / 2
        right = g.WIDTH - text_width(table.unit, FontRole.SONG, _NOTE_SIZE, self._measure)
        ink = self._one_line(table.caption, FontRole.HEI, g.SIZE_SMALL_4, middle, baseline)
        return [Row(g.PITCH, (*ink, *self._one_line(table.unit, FontRole.SONG, _NOTE_SIZE, right, baseline)))]

    def _head(self) -> list[Row]:
        """The heading as one unbreakable strip; each level takes what its longest cell needs."""
        cells = head_cells(self._table.columns)
        edges = self._edges
        lines = {cell: self._even(cell.text, edges[cell.right + 1] - edges[cell.left]) for cell in cells}
        heights = [
            max((_height(len(lines[cell])) for cell in cells if cell.top == cell.bottom == level), default=g.PITCH)
            for level in range(head_rows(self._table.columns))
        ]
        need = max(_height(len(lines[cell])) for cell in cells)
        heights[-1] += max(0.0, need - sum(heights))
        tops = [sum(heights[:level]) for level in range(len(heights) + 1)]
        ink: list[Ink] = []
        for cell in cells:
            box = (edges[cell.left], tops[cell.top], edges[cell.right + 1], tops[cell.bottom + 1])
            ink += [*_frame(box), *self._centred(lines[cell], box)]
        return [Row(tops[-1], tuple(ink))]

    def _row(self, cells: Sequence[Value], role: FontRole = FontRole.SONG) -> Row:
        edges = self._edges
        lines = [self._wrap(shown(cell), edges[i + 1] - edges[i], role) for i, cell in enumerate(cells)]
        height = max(_height(len(cell)) for cell in lines)
        ink: list[Ink] = []
        for i, (column, cell) in enumerate(zip(self._table.columns, lines, strict=True)):
            box = (edges[i], 0.0, edges[i + 1], height)
            ink += _frame(box)
            right = column.kind.right_aligned or column.kind is CellKind.CODE
            ink += self._right(cell, box) if right else self._centred(cell, box)
        return Row(height, tuple(ink))

    def _notes(self) -> list[Row]:
        """Small print under the table; two lines share a row of the grid."""
        notes = self._table.notes
        lines: list[Line] = []
        for index, note in enumerate(notes):
            number = f"{index + 1}." if len(notes) > 1 else ""
            text = f"{'注：' if index == 0 else '　　'}{number}{note}"
            lines += break_lines([Span(text, FontRole.SONG)], g.WIDTH / _NOTE_SIZE, self._measure, hang=2.0)
        rows = []
        for start in range(0, len(lines), 2):
            ink: list[Ink] = []
            for index, line in enumerate(lines[start : start + 2]):
                baseline, x = 11.5 + index * _LEADING, line.indent * _NOTE_SIZE
                ink += set_line(line, _NOTE_SIZE, x, baseline, self._measure, justify=True)
            rows.append(Row(g.PITCH, tuple(ink), glued=True))
        return rows

    def _wrap(self, text: str, width: float, role: FontRole) -> list[Line]:
        return break_lines([Span(text, role)], (width - 2 * _PAD) / self._size, self._measure)

    def _even(self, text: str, width: float) -> list[Line]:
        """A heading in as few lines as it needs, of about the same length."""
        lines = self._wrap(text, width, FontRole.HEI)
        narrow = 2 * _PAD + self._size * math.ceil(sum(line.width for line in lines) / max(len(lines), 1))
        even = self._wrap(text, min(narrow, width), FontRole.HEI)
        return even if len(even) == len(lines) else lines

    def _baselines(self, count: int, top: float, bottom: float) -> list[float]:
        block = (count - 1) * _LEADING + self._size
        first = top + (bottom - top - block) / 2 + self._size * g.ASCENT
        return [first + index * _LEADING for index in range(count)]

    def _centred(self, lines: Sequence[Line], box: _Box) -> list[Ink]:
        ink: list[Ink] = []
        for line, baseline in zip(lines, self._baselines(len(lines), box[1], box[3]), strict=True):
            x = (box[0] + box[2] - line.width * self._size) / 2
            ink += set_line(line, self._size, x, baseline, self._measure, justify=False)
        return ink

    def _right(self, lines: Sequence[Line], box: _Box) -> list[Ink]:
        ink: list[Ink] = []
        for line, baseline in zip(lines, self._baselines(len(lines), box[1], box[3]), strict=True):
            x = box[2] - _PAD - line.width * self._size
            ink += set_line(line, self._size, x, baseline, self._measure, justify=False)
        return ink

    def _one_line(self, text: str, role: FontRole, size: float, x: float, baseline: float) -> list[Ink]:
        lines = break_lines([Span(text, role)], g.WIDTH, self._measure)
        return [ink for line in lines[:1] for ink in set_line(line, size, x, baseline, self._measure, justify=False)]


def _raised(rows: Sequence[Row]) -> list[Row]:
    return [replace(row, ink=tuple(moved(ink, 0.0, _UP) for ink in row.ink)) for row in rows]


def _height(lines: int) -> float:
    """Rows of a table keep to the grid: two lines of small print fit one pitch."""
    return max(1, math.ceil((lines * _LEADING - 1) / g.PITCH)) * g.PITCH


def _frame(box: _Box) -> list[Ink]:
    left, top, right, bottom = box
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return [Stroke(*corners[i], *corners[i + 1], _LINE) for i in range(4)]
