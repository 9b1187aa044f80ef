"""Small tables in the text of a paper, as rows that repeat their heading on the next page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from gengdi_desktop.reports.document import CellKind, Column, Table, Value, shown
from gengdi_desktop.reports.font_search import FontRole
from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.ink import Ink, Stroke, moved, set_line, text_width
from gengdi_desktop.reports.render.line_breaking import Line, Measure, Span, break_lines
from gengdi_desktop.reports.render.rows import Row
from gengdi_desktop.reports.table_heads import head_cells, head_rows

SIZE = g.SIZE_SMALL_4
_LEADING = 14.6
_PAD = 3.0
_LINE = 0.5
_NOTE_SIZE = 10.5
_NOTE_LEADING = 14.6
_UP = -(g.PITCH - g.EM) / 2


def table_rows(table: Table, measure: Measure) -> list[Row]:
    """Caption and unit, heading, rows, totals, notes; all heights are multiples of the pitch."""
    edges = column_edges(table.columns, g.WIDTH)
    head = _head(table.columns, edges, measure)
    top = [*_caption(table, measure), *head]
    body = [_row(table.columns, edges, cells, measure) for cells in table.rows]
    if table.totals is not None:
        body.append(_row(table.columns, edges, table.totals, measure, role=FontRole.HEI))
    repeat = tuple(replace(row, ink=tuple(moved(ink, 0.0, _UP) for ink in row.ink)) for row in head)
    rows = [replace(row, glued=index > 0) for index, row in enumerate(top)]
    for index, row in enumerate(body):
        alone = index == 0 or index == len(body) - 1  # never a heading without a row, never the totals alone
        rows.append(replace(row, glued=alone, head=repeat))
    # a line's strip begins at its glyphs' top: half the leading up, the strip lies around the line
    rows = [replace(row, ink=tuple(moved(ink, 0.0, _UP) for ink in row.ink)) for row in rows]
    return rows + _notes(table.notes, measure)


def column_edges(columns: Sequence[Column], width: float) -> list[float]:
    """The left edge of each column and the right edge of the last, scaled to ``width`` points."""
    total = sum(column.width for column in columns)
    edges = [0.0]
    for column in columns:
        edges.append(edges[-1] + column.width / total * width)
    return edges


def _caption(table: Table, measure: Measure) -> list[Row]:
    if not table.caption and not table.unit:
        return []
    ink: list[Ink] = []
    baseline = g.PITCH - 7
    if table.caption:
        x = (g.WIDTH - text_width(table.caption, FontRole.HEI, SIZE, measure)) / 2
        ink += _one_line(table.caption, FontRole.HEI, SIZE, x, baseline, measure)
    if table.unit:
        x = g.WIDTH - text_width(table.unit, FontRole.SONG, _NOTE_SIZE, measure)
        ink += _one_line(table.unit, FontRole.SONG, _NOTE_SIZE, x, baseline, measure)
    return [Row(g.PITCH, tuple(ink))]


def _head(columns: Sequence[Column], edges: Sequence[float], measure: Measure) -> list[Row]:
    """The heading as one unbreakable strip; each level takes what its longest cell needs."""
    cells = head_cells(columns)
    depth = head_rows(columns)
    lines = {cell: _wrap(cell.text, edges[cell.right + 1] - edges[cell.left], FontRole.HEI, measure) for cell in cells}
    heights = [
        max((_height(len(lines[cell])) for cell in cells if cell.top == cell.bottom == level), default=0.0)
        for level in range(depth)
    ]
    need = max((_height(len(lines[cell])) for cell in cells), default=g.PITCH)
    heights = [height or g.PITCH for height in heights]
    heights[-1] += max(0.0, need - sum(heights))
    tops = [sum(heights[:level]) for level in range(depth + 1)]
    ink: list[Ink] = []
    for cell in cells:
        box = (edges[cell.left], tops[cell.top], edges[cell.right + 1], tops[cell.bottom + 1])
        ink += _box(*box)
        ink += _centred(lines[cell], box, measure)
    return [Row(sum(heights), tuple(ink))]


def _row(
    columns: Sequence[Column],
    edges: Sequence[float],
    cells: Sequence[Value],
    measure: Measure,
    role: FontRole = FontRole.SONG,
) -> Row:
    texts = [shown(cell) for cell in cells]
    lines = [_wrap(text, edges[i + 1] - edges[i], role, measure) for i, text in enumerate(texts)]
    height = max(_height(len(cell)) for cell in lines)
    ink: list[Ink] = []
    for i, (column, cell) in enumerate(zip(columns, lines, strict=True)):
        box = (edges[i], 0.0, edges[i + 1], height)
        ink += _box(*box)
        if column.kind.right_aligned or column.kind is CellKind.CODE:
            ink += _right(cell, box, measure)
        else:
            ink += _centred(cell, box, measure)
    return Row(height, tuple(ink))


def _notes(notes: Sequence[str], measure: Measure) -> list[Row]:
    """Small print under the table; two lines share a row of the grid."""
    lines: list[Line] = []
    room = g.WIDTH / _NOTE_SIZE
    for index, note in enumerate(notes):
        text = f"注：{note}" if len(notes) == 1 else f"{'注：' if index == 0 else '　　'}{index + 1}.{note}"
        lines += break_lines([Span(text, FontRole.SONG)], room, measure, hang=2.0)
    rows = []
    for start in range(0, len(lines), 2):
        ink: list[Ink] = []
        for index, line in enumerate(lines[start : start + 2]):
            baseline = 11.5 + index * _NOTE_LEADING
            ink += set_line(line, _NOTE_SIZE, line.indent * _NOTE_SIZE, baseline, measure, justify=True)
        rows.append(Row(g.PITCH, tuple(ink), glued=True))
    return rows


def _wrap(text: str, width: float, role: FontRole, measure: Measure) -> list[Line]:
    return break_lines([Span(text, role)], (width - 2 * _PAD) / SIZE, measure)


def _height(lines: int) -> float:
    """Rows of a table keep to the grid: two lines of small print fit one pitch."""
    return max(1, math.ceil((lines * _LEADING - 1) / g.PITCH)) * g.PITCH


def _box(left: float, top: float, right: float, bottom: float) -> list[Ink]:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return [Stroke(*corners[i], *corners[i + 1], _LINE) for i in range(4)]


def _baselines(count: int, top: float, bottom: float) -> list[float]:
    block = (count - 1) * _LEADING + SIZE
    first = top + (bottom - top - block) / 2 + SIZE * g.ASCENT
    return [first + index * _LEADING for index in range(count)]


def _centred(lines: Sequence[Line], box: tuple[float, float, float, float], measure: Measure) -> list[Ink]:
    ink: list[Ink] = []
    for line, baseline in zip(lines, _baselines(len(lines), box[1], box[3]), strict=True):
        x = (box[0] + box[2] - line.width * SIZE) / 2
        ink += set_line(line, SIZE, x, baseline, measure, justify=False)
    return ink


def _right(lines: Sequence[Line], box: tuple[float, float, float, float], measure: Measure) -> list[Ink]:
    ink: list[Ink] = []
    for line, baseline in zip(lines, _baselines(len(lines), box[1], box[3]), strict=True):
        ink += set_line(line, SIZE, box[2] - _PAD - line.width * SIZE, baseline, measure, justify=False)
    return ink


def _one_line(text: str, role: FontRole, size: float, x: float, baseline: float, measure: Measure) -> list[Ink]:
    line = break_lines([Span(text, role)], g.WIDTH, measure)[0]
    return [*set_line(line, size, x, baseline, measure, justify=False)]
