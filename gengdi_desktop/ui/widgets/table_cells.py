"""How one column of a table looks and answers, and the delegate that paints its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import icons, theme
from gengdi_desktop.ui.theme import Token, px
from gengdi_desktop.ui.widgets.badge import Flag, draw_flag, draw_state_word
from gengdi_desktop.ui.widgets.canvas import LEFT, RIGHT, paint_text, text_width

VALUE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""What a cell holds: a text, a :class:`State`, flags; never a formatted figure."""
INK_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""Token in which the text of a cell is painted; nothing means ink."""

GROUP_ROLE: Final = Qt.ItemDataRole.UserRole + 3
"""A :class:`GroupHead` in every cell of a row that stands above a group; nothing elsewhere."""

CELL_ROLE: Final = Qt.ItemDataRole.UserRole + 4
"""Text, value and ink at once (:class:`CellLike`), from models whose tables are painted often; nothing elsewhere."""

Look = Literal["text", "number", "state", "flags"]
Filter = Literal["none", "text", "number", "date", "list"]
_FIFTH = 5
_STATES: Final = frozenset(State)
_PAD = 6


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        key: What the column is called in queries and layouts; never shown.
        title: Its head.
        width: At text scale 1.
        look: How its cells are painted; numbers stand right.
        filter: What stands under its head.
        options: For a list filter: pairs of code and word, without “全部”.
        sortable: Whether pressing the head sorts.
        limit: How far the column may widen by itself to what it holds; 0 where it keeps its width.
        field: What questions call it where that is not its key.
    """

    key: str
    title: str
    width: int
    look: Look = "text"
    filter: Filter = "text"
    options: tuple[tuple[str, str], ...] = ()
    sortable: bool = True
    limit: int = 0
    field: str = ""

    @property
    def asked(self) -> str:
        """What questions call it."""
        return self.field or self.key

    @property
    def right(self) -> bool:
        """Whether head and cells stand right."""
        return self.look == "number"


@dataclass(frozen=True)
class GroupHead:
    """What stands in the row above a group, over the columns without a sum."""

    words: str
    folded: bool = False


class CellLike(Protocol):
    """What a cell shows."""

    @property
    def text(self) -> str:
        """Its words."""
        ...

    @property
    def value(self) -> object:
        """What stands behind them."""
        ...

    @property
    def ink(self) -> Token:
        """The token of their ink."""
        ...


class CellDelegate(QStyledItemDelegate):
    """Paints cells as an account book has them: hairlines, every fifth row heavier, the current row marked at the left.

    ``marks_row`` is set for the frozen part, where row number and current row live.
    """

    def __init__(self, view: QAbstractItemView, columns: tuple[Column, ...], *, marks_row: bool = False) -> None:
        super().__init__(view)
        self._view, self._columns, self._marks_row = view, columns, marks_row

    def set_columns(self, columns: tuple[Column, ...]) -> None:
        """Paint other columns."""
        self._columns = columns

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground, content, rules, and the frame of the current cell."""
        box = QRect(option.rect)  # type: ignore[attr-defined]
        painter.save()
        model = index.model()
        cell: CellLike | None = model.data(index, CELL_ROLE)
        group = model.data(index, GROUP_ROLE) if cell is None else None
        if isinstance(group, GroupHead):
            painter.fillRect(box, theme.color("sunken"))
        self._ground(painter, box, option, index)
        inner = QRectF(box.adjusted(_PAD, 0, -_PAD, -1))
        if isinstance(group, GroupHead):
            self._group(painter, box, index, group)
        elif cell is not None:
            self._content(painter, inner, self._columns[index.column()], cell.text, cell.value, cell.ink)
        else:
            text = str(model.data(index, Qt.ItemDataRole.DisplayRole) or "")
            ink: Token = model.data(index, INK_ROLE) or "ink"
            self._content(painter, inner, self._columns[index.column()], text, model.data(index, VALUE_ROLE), ink)
        heavy = isinstance(group, GroupHead) or index.row() % _FIFTH == _FIFTH - 1
        painter.setPen(QPen(theme.color("rule" if heavy else "hair"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if index == self._view.currentIndex() and index.column() > 0:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(box.adjusted(1, 0, -1, -2))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The width that the words of a cell need."""
        del option
        extra = px(21) if self._columns[index.column()].look in ("state", "flags") else 0
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        return QSize(round(text_width(text, "table")) + 2 * _PAD + extra + 2, px(theme.TABLE_ROW))

    def _ground(
        self,
        painter: QPainter,
        box: QRect,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(box, theme.color("select"))
        elif self._marks_row and index.row() == self._view.currentIndex().row():
            painter.fillRect(box, theme.color("accent_soft"))
        if self._marks_row and index.column() == 0 and index.row() == self._view.currentIndex().row():
            painter.fillRect(QRect(box.topLeft(), QSize(3, box.height())), theme.color("accent"))

    def _group(
        self, painter: QPainter, box: QRect, index: QModelIndex | QPersistentModelIndex, group: GroupHead
    ) -> None:
        """The words of a group run over its cells up to the first sum; each cell paints its part of them."""
        column = self._columns[index.column()]
        side = px(12)
        if index.column() == 0:
            sign = QRectF(box.right() - side - 4, box.center().y() - side / 2, side, side)
            icons.draw(painter, sign, "right" if group.folded else "down", "ink2")
        elif column.right:
            text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
            paint_text(painter, QRectF(box.adjusted(_PAD, 0, -_PAD, -1)), text, "ink", "button", RIGHT)
        elif self._marks_row:
            end = next((at for at, one in enumerate(self._columns) if at and one.right), len(self._columns))
            if index.column() < end:
                left = self._view.columnViewportPosition(1)  # type: ignore[attr-defined]
                painter.setClipRect(box)
                run = QRectF(left + _PAD, box.y(), self._view.width() - left - 2 * _PAD, box.height() - 1)
                paint_text(painter, run, group.words, "ink", "button", LEFT)
                painter.setClipping(False)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """The whole text of a cell that is too narrow for it; nothing where one can read it anyway."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        told = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        short = self.sizeHint(option, index).width() > view.visualRect(index).width() + 1
        QToolTip.showText(event.globalPos(), told if short and index.data(GROUP_ROLE) is None else "", view)
        return True

    def _content(self, painter: QPainter, box: QRectF, column: Column, text: str, value: Any, ink: Token) -> None:
        if column.look == "state" and value in _STATES:
            draw_state_word(painter, box, State(value))  # Qt hands a text enumeration back as a plain text
        elif column.look == "flags" and value:
            self._flags(painter, box, value)
        else:
            paint_text(painter, box, text, ink, "table", RIGHT if column.right else LEFT)

    @staticmethod
    def _flags(painter: QPainter, box: QRectF, flags: tuple[Flag, ...]) -> None:
        left = box.x()
        for flag in flags:
            draw_flag(painter, QRectF(left, box.y(), box.right() - left, box.height()), flag)
            left += px(19) + text_width(flag.words, "table") + px(10)
            if left >= box.right():
                return


class TotalsRow(QWidget):
    """The last line of a table, always in sight: words under their columns."""

    def __init__(self, view: QAbstractItemView, columns: tuple[Column, ...], shown: range) -> None:
        super().__init__()
        self._view, self._columns, self._shown = view, columns, shown
        self._texts: dict[str, str] = {}
        self.setFixedHeight(px(26))
        self.setAccessibleName("合计")

    def set_columns(self, columns: tuple[Column, ...], shown: range) -> None:
        """Stand under other columns."""
        self._columns, self._shown = columns, shown
        self.update()

    def set_texts(self, texts: dict[str, str]) -> None:
        """Words by key of column; a text may run over empty columns at its right."""
        self._texts = texts
        told = "，".join(f"{one.title} {texts[one.key]}".strip() for one in self._columns if one.key in texts)
        self.setAccessibleName(f"合计：{told}")
        self.update()

    def paintEvent(self, _event: object) -> None:
        """Words on a sunken ground, aligned as their columns."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("sunken"))
        painter.setPen(QPen(QColor(theme.color("rule")), 1))
        painter.drawLine(QPoint(0, 0), QPoint(self.width(), 0))
        for at in self._shown:
            column = self._columns[at]
            text = self._texts.get(column.key, "")
            if not text or self._view.isColumnHidden(at):  # type: ignore[attr-defined]
                continue
            left = self._view.columnViewportPosition(at)  # type: ignore[attr-defined]
            width = self._view.columnWidth(at)  # type: ignore[attr-defined]
            box = QRectF(left + _PAD, 1, width - 2 * _PAD, self.height() - 1)
            if column.right:
                lack = text_width(text, "table") - box.width()
                box.adjust(-max(lack + 2, 0), 0, 0, 0)
                paint_text(painter, box, text, "ink", "table", RIGHT)
            else:
                box.setWidth(max(box.width(), self.width() - box.x()))
                paint_text(painter, box, text, "ink", "table", LEFT)
        painter.end()
