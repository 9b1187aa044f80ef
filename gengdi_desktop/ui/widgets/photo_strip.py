"""Files side by side as tiles: one tab stop, arrows walk, Enter opens, pictures come as they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gengdi_desktop.ui.photo_pictures import Pictures
from gengdi_desktop.ui.widgets.photo_list import TILE_ROLE, PhotoListModel
from gengdi_desktop.ui.widgets.photo_tile import Tile, paint_tile, tile_size

_Index = QModelIndex | QPersistentModelIndex
_AHEAD: Final = 4
_LEFT_OVER: Final = 2


class _Painter(QStyledItemDelegate):
    """Asks the strip for the picture of what it paints."""

    def __init__(self, strip: PhotoStrip, pictures: Pictures) -> None:
        super().__init__(strip)
        self._strip, self._pictures = strip, pictures

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """All tiles take the same room."""
        return tile_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Picture above, words below."""
        tile = index.data(TILE_ROLE)
        if not isinstance(tile, Tile):
            return
        state = option.state  # type: ignore[attr-defined]
        current = self._strip.hasFocus() and index.row() == self._strip.currentIndex().row()
        paint_tile(
            painter, QRectF(option.rect),  # type: ignore[attr-defined]
            tile, self._pictures.image(tile.sha256), self._pictures.fault(tile.sha256),
            chosen=bool(state & QStyle.StateFlag.State_Selected), current=current,
        )  # fmt: skip


class PhotoStrip(QListView):
    """Tiles of files.

    Signals: a file is wanted large; files are to be taken away; a menu is wanted at a point; another file is in front.
    """

    opened = Signal(int)
    remove_asked = Signal(list)
    menu_asked = Signal(QPoint)
    chosen = Signal(int)

    def __init__(
        self, name: str, pictures: Pictures, parent: QWidget | None = None, *, grows: bool = True, most_rows: int = 2
    ) -> None:
        """Make an empty strip.

        Args:
            name: Accessible name.
            pictures: Where pictures come from.
            parent: As usual.
            grows: Whether it takes the height of its rows, up to *most_rows*; else it fills its place.
            most_rows: More rows are scrolled.
        """
        super().__init__(parent)
        self.files = PhotoListModel(self)
        self._pictures, self._grows, self._most_rows = pictures, grows, most_rows
        self.setModel(self.files)
        self.setItemDelegate(_Painter(self, pictures))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_asked)
        self.activated.connect(lambda index: self.opened.emit(self.files.tiles[index.row()].id))
        self.selectionModel().currentChanged.connect(self._moved)
        self.verticalScrollBar().valueChanged.connect(self.look)
        pictures.came.connect(self._came)

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show other files; who was chosen stays chosen, where it is still there."""
        kept, current = self.chosen_ids(), self.current_id()
        self.files.show_tiles(tiles)
        for one in kept:
            if self.files.row_of(one) >= 0:
                index = self.files.index(self.files.row_of(one))
                self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)
        at = self.files.row_of(current)
        if at < 0 and tiles:
            at = 0
        if at >= 0:
            no_update = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self.files.index(at), no_update)
        self._fit()
        self.look()

    def current_id(self) -> int:
        """The file in front; 0 where there is none."""
        at = self.currentIndex().row()
        return self.files.tiles[at].id if 0 <= at < len(self.files.tiles) else 0

    def chosen_ids(self) -> tuple[int, ...]:
        """The files that are chosen, in their order."""
        rows = sorted(one.row() for one in self.selectionModel().selectedIndexes())
        return tuple(self.files.tiles[at].id for at in rows if at < len(self.files.tiles))

    def choose(self, file: int) -> bool:
        """Bring a file to front; False where it is not here."""
        at = self.files.row_of(file)
        if at < 0:
            return False
        self.setCurrentIndex(self.files.index(at))
        self.scrollTo(self.files.index(at))
        return True

    def look(self) -> None:
        """Ask for the pictures in sight, and a few ahead; those out of sight need not come any more."""
        if not self.isVisible() or not self.files.tiles:
            return
        size, port = tile_size(), self.viewport()
        across = max(1, port.width() // size.width())
        first = max(0, self.verticalOffset() // size.height() * across)
        rows = port.height() // size.height() + 2
        seen = self.files.tiles[first : first + rows * across + _AHEAD]
        self._pictures.want([one.sha256 for one in seen if one.picture])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete takes away; the rest is the list's own."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_id():
            self.opened.emit(self.current_id())
        elif key == Qt.Key.Key_Delete and (self.chosen_ids() or self.current_id()):
            self.remove_asked.emit(list(self.chosen_ids() or (self.current_id(),)))
        elif key == Qt.Key.Key_Menu:
            self.menu_asked.emit(self.visualRect(self.currentIndex()).center())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width holds other rows."""
        super().resizeEvent(event)
        self._fit()
        self.look()

    def showEvent(self, event: QShowEvent) -> None:
        """What is seen for the first time asks for its pictures."""
        super().showEvent(event)
        self.look()

    def _fit(self) -> None:
        if not self._grows:
            return
        size = tile_size()
        across = max(1, self.viewport().width() // size.width())
        rows = -(-len(self.files.tiles) // across)
        self.setFixedHeight(min(max(rows, 1), self._most_rows) * size.height() + _LEFT_OVER)

    def _moved(self, now: _Index, _before: _Index) -> None:
        if now.isValid() and now.row() < len(self.files.tiles):
            self.chosen.emit(self.files.tiles[now.row()].id)

    def _came(self, sha256: str) -> None:
        for at in self.files.rows_of_hash(sha256):
            self.update(self.files.index(at))
