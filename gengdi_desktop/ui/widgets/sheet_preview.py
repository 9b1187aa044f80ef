"""A foreign table as it is: brackets at the left say what its rows are taken for, bad cells are tinted with a sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip

from gengdi_desktop.ui import icons, theme
from gengdi_desktop.ui.theme import Token, px
from gengdi_desktop.ui.widgets.canvas import LEFT, MIDDLE, RIGHT, Canvas, paint_text, text_width

RowKind = Literal["title", "header", "data", "total", "note", "gap"]
_WORDS: Final[dict[RowKind, str]] = {
    "title": "标题", "header": "表头", "data": "数据", "total": "合计", "note": "表尾", "gap": "",
}  # fmt: skip
_GROUNDS: Final[dict[RowKind, Token]] = {
    "title": "page", "header": "accent_soft", "data": "sheet", "total": "sky_soft", "note": "page", "gap": "sheet",
}  # fmt: skip
_INKS: Final[dict[RowKind, Token]] = {
    "title": "ink3", "header": "accent", "data": "ink2", "total": "sky", "note": "ink3", "gap": "ink3",
}  # fmt: skip
_WIDEST: Final = 230
_NARROWEST: Final = 48


@dataclass(frozen=True)
class PreviewRow:
    """One row of the table.

    Args:
        number: The file's own row number.
        kind: What it is taken for; ``gap`` stands for rows that are left out.
        cells: Texts by column.
        bad: Columns whose cells have a problem.
        figures: Columns whose cells are figures and stand right.
    """

    number: int
    kind: RowKind
    cells: tuple[str, ...] = ()
    bad: frozenset[int] = frozenset()
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Layout:
    """Where everything stands."""

    gutter: float = 0.0
    edges: tuple[float, ...] = (0.0,)
    row: int = 0


class SheetPreview(Canvas):
    """Painted cells; pressing a row number (or arrows and Enter) proposes it as part of the header."""

    def __init__(self, header_asked: Callable[[int], object]) -> None:
        super().__init__("表格")
        self._rows: tuple[PreviewRow, ...] = ()
        self._letters: tuple[str, ...] = ()
        self._asked = header_asked
        self._here = 0
        self._widths: tuple[float, ...] = ()
        self._layout = _Layout()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[PreviewRow], letters: Sequence[str]) -> None:
        """Show other rows under the letters of their columns."""
        self._rows, self._letters = tuple(rows), tuple(letters)
        self._here = 0
        self._measure()
        told = "，".join(f"第 {one.number} 行是{_WORDS[one.kind]}" for one in self._rows if one.kind == "header")
        self.setAccessibleName(f"表格，{len(self._rows)} 行可见，{told or '还没有认出表头'}")
        self.update()

    def row_top(self, number: int) -> int:
        """How far down a row of the file stands; -1 where it is not shown."""
        at = next((i for i, one in enumerate(self._rows) if one.number == number and one.kind != "gap"), -1)
        return -1 if at < 0 else self._layout.row * (at + 1)

    def _measure(self) -> None:
        step = px(20)
        gutter = text_width("数据", "table") + px(20)
        number = max((text_width(str(one.number)) for one in self._rows), default=20.0) + px(14)
        widths = []
        for column in range(len(self._letters)):
            rows = [one for one in self._rows if column < len(one.cells) and one.kind != "title"]
            sign = px(18)
            needs = [text_width(one.cells[column], "table") + (sign if column in one.bad else 0) for one in rows]
            widest = max(needs, default=0.0) + px(14)
            widths.append(min(max(widest, px(_NARROWEST)), px(_WIDEST)))
        self._widths = tuple(widths)
        self._layout = _Layout(gutter, (gutter + number,), step)
        self.setMinimumWidth(round(gutter + number + sum(widths)) + 2)
        self.setFixedHeight(step * (len(self._rows) + 1) + 2)
        self._spread()

    def _spread(self) -> None:
        """Widen the columns to the room there is; they never shrink below their words."""
        start = self._layout.edges[0]
        factor = max((self.width() - start - 2) / (sum(self._widths) or 1), 1.0)
        edges = [start]
        for width in self._widths:
            edges.append(edges[-1] + width * factor)
        self._layout = _Layout(self._layout.gutter, tuple(edges), self._layout.row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread the columns anew."""
        super().resizeEvent(event)
        self._spread()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Letters, rows, lines, brackets."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        layout = self._layout
        self._letters_row(painter, box)
        for at, row in enumerate(self._rows):
            self._row(painter, box, at, row)
        painter.setPen(QPen(theme.color("hair"), 1))
        bottom = layout.row * (len(self._rows) + 1)
        titles = next((at for at, one in enumerate(self._rows) if one.kind != "title"), 0)
        for at, edge in enumerate(layout.edges):
            top = layout.row * (titles + 1) if at else layout.row
            painter.drawLine(round(edge), top, round(edge), bottom)
        self._brackets(painter, box)
        if self.hasFocus() and self._rows:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            top = layout.row * (self._here + 1)
            painter.drawRect(QRectF(layout.gutter, top + 1, layout.edges[0] - layout.gutter, layout.row - 2))

    def _letters_row(self, painter: QPainter, box: QRectF) -> None:
        layout = self._layout
        painter.fillRect(QRectF(layout.gutter, 0, box.width() - layout.gutter, layout.row), theme.color("sunken"))
        for at, letter in enumerate(self._letters):
            cell = QRectF(layout.edges[at], 0, layout.edges[at + 1] - layout.edges[at], layout.row)
            paint_text(painter, cell, letter, "ink3", "small", MIDDLE)

    def _row(self, painter: QPainter, box: QRectF, at: int, row: PreviewRow) -> None:
        layout = self._layout
        top = layout.row * (at + 1)
        start = layout.edges[0]
        painter.fillRect(QRectF(start, top, box.width() - start, layout.row), theme.color(_GROUNDS[row.kind]))
        painter.fillRect(QRectF(layout.gutter, top, start - layout.gutter, layout.row), theme.color("sunken"))
        number = "…" if row.kind == "gap" else str(row.number)
        paint_text(
            painter,
            QRectF(layout.gutter, top, start - layout.gutter - px(6), layout.row),
            number,
            "ink3",
            "small",
            RIGHT,
        )
        for column, text in enumerate(row.cells[: len(self._letters)]):
            left, right = layout.edges[column], layout.edges[column + 1]
            if row.kind == "title" and text:
                right = max(right, self._free_until(row, column))
            cell = QRectF(left, top, right - left, layout.row)
            self._cell(painter, cell, text, row, column)
        painter.setPen(QPen(theme.color("hair"), 1))
        painter.drawLine(round(layout.gutter), top, round(box.width()), top)

    def _free_until(self, row: PreviewRow, column: int) -> float:
        """A title runs over the empty cells at its right."""
        taken = next((i for i in range(column + 1, len(row.cells)) if row.cells[i]), len(self._letters))
        return self._layout.edges[min(taken, len(self._letters))]

    @staticmethod
    def _cell(painter: QPainter, cell: QRectF, text: str, row: PreviewRow, column: int) -> None:
        bad = column in row.bad
        right = column in row.figures
        inner = cell.adjusted(px(6), 0, -px(6), 0)
        if bad:
            painter.fillRect(cell.adjusted(1, 1, 0, 0), theme.color("seal_soft"))
            side = px(13)
            left = cell.x() + px(5) if right else cell.right() - side - px(4)
            icons.draw(painter, QRectF(left, cell.center().y() - side / 2 + 1, side, side), "warn", "seal")
            inner.adjust(px(15) if right else 0, 0, 0 if right else -px(15), 0)
        if text:
            ink: Token = "seal" if bad else "ink2" if row.kind in ("title", "note") else "ink"
            paint_text(painter, inner, text, ink, "table", RIGHT if right else LEFT)

    def _brackets(self, painter: QPainter, box: QRectF) -> None:
        layout = self._layout
        for kind, first, last in _spans(self._rows):
            top, bottom = layout.row * (first + 1) + 2, layout.row * (last + 2) - 2
            painter.fillRect(QRectF(layout.gutter - px(5), top, 3, bottom - top), theme.color(_INKS[kind]))
            words = QRectF(0, top, layout.gutter - px(11), bottom - top)
            paint_text(painter, words, _WORDS[kind], _INKS[kind], "table", RIGHT)
            if kind == "header":
                painter.setPen(QPen(theme.color("accent"), 1))
                for y in (layout.row * (first + 1), layout.row * (last + 2)):
                    painter.drawLine(round(layout.gutter - px(5)), y, round(box.width()), y)

    # -- pressing

    def _at(self, down: float) -> int:
        return int(down // self._layout.row) - 1 if self._layout.row else -1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press on a row number proposes that row as header."""
        at = self._at(event.position().y())
        if 0 <= at < len(self._rows) and event.position().x() < self._layout.edges[0]:
            self._here = at
            self._propose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by arrows, propose by Enter."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if Qt.Key(event.key()) in steps and self._rows:
            self._here = min(max(self._here + steps[Qt.Key(event.key())], 0), len(self._rows) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._propose()
        else:
            super().keyPressEvent(event)

    def _propose(self) -> None:
        if self._rows and self._rows[self._here].kind != "gap":
            self._asked(self._rows[self._here].number)

    def event(self, event: QEvent) -> bool:
        """The whole text of a cell as tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self._at(event.pos().y())
            edges = self._layout.edges
            column = next((i for i in range(len(edges) - 1) if edges[i] <= event.pos().x() < edges[i + 1]), -1)
            if 0 <= at < len(self._rows) and 0 <= column < len(self._rows[at].cells):
                QToolTip.showText(event.globalPos(), self._rows[at].cells[column], self)
            elif 0 <= at < len(self._rows) and event.pos().x() < edges[0]:
                QToolTip.showText(event.globalPos(), "点行号，把这一行算作表头", self)
            return True
        return super().event(event)


@dataclass
class _Run:
    kind: RowKind
    first: int
    last: int = field(default=0)


def _spans(rows: Sequence[PreviewRow]) -> list[tuple[RowKind, int, int]]:
    """Neighbouring rows of one kind; a gap belongs to the rows around it."""
    runs: list[_Run] = []
    for at, row in enumerate(rows):
        kind: RowKind = "data" if row.kind == "gap" else row.kind
        if runs and runs[-1].kind == kind:
            runs[-1].last = at
        else:
            runs.append(_Run(kind, at, at))
    return [(one.kind, one.first, one.last) for one in runs]


def scrolled(preview: SheetPreview) -> QScrollArea:
    """The preview in a window of its own: the one part of a page that may be scrolled sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(preview)
    preview.setAutoFillBackground(False)
    return area
