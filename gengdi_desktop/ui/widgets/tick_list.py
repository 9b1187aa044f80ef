"""A list of things to tick: a press or Space ticks, a box with an edge that can be seen in every look."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import LEFT, RIGHT, paint_text, text_width
from gengdi_desktop.ui.widgets.tick_box import draw_tick

CODE_ROLE: Final = Qt.ItemDataRole.UserRole
"""What an item stands for."""
WORD_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""Its words; the item's text has what stands at the right too, for those who have it read aloud."""
MORE_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""What stands at the right, such as a count."""
_ROW: Final = 24
_PAD: Final = 8


class TickList(QListWidget):
    """Signal of the base class: ``itemChanged`` where a tick was set or taken."""

    def __init__(self, name: str, rows: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setItemDelegate(_TickDelegate(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(px(_ROW) * rows + 2)
        self.itemClicked.connect(_turn)

    def add(self, code: str, word: str, more: str = "", *, ticked: bool) -> None:
        """Put one thing at the end."""
        item = QListWidgetItem(f"{word}　{more}".rstrip())
        item.setData(CODE_ROLE, code)
        item.setData(WORD_ROLE, word)
        item.setData(MORE_ROLE, more)
        item.setToolTip(word)
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.addItem(item)

    def ticked(self) -> list[QListWidgetItem]:
        """The ticked items, in the order of the list."""
        items = (self.item(at) for at in range(self.count()))
        return [one for one in items if one.checkState() == Qt.CheckState.Checked]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks; Enter and Esc are the owner's."""
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Space and item is not None:
            _turn(item)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _turn(item: QListWidgetItem) -> None:
    here = item.checkState() == Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if here else Qt.CheckState.Checked)


class _TickDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(px(80), px(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        box = QRect(option.rect)  # type: ignore[attr-defined]
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(box, theme.color("select"))
        side = px(14)
        square = QRectF(box.x() + _PAD, box.center().y() - side / 2 + 1, side, side)
        draw_tick(painter, square, ticked=index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value)
        more = str(index.data(MORE_ROLE) or "")
        words = QRectF(box).adjusted(2 * _PAD + side, 0, -_PAD, 0)
        paint_text(painter, words, more, "ink3", "table", RIGHT)
        words.setWidth(words.width() - (text_width(more, "table") + _PAD if more else 0))
        paint_text(painter, words, str(index.data(WORD_ROLE) or ""), "ink", "table", LEFT)
        painter.restore()
