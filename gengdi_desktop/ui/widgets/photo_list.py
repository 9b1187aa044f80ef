"""The files of a plot, or of the tray, as a list model: the line behind each row, and its words for readers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gengdi_desktop.ui.widgets.photo_tile import Tile

_Index = QModelIndex | QPersistentModelIndex
TILE_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 50


class PhotoListModel(QAbstractListModel):
    """Tiles that are all here; their pictures come from elsewhere when they are looked at."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tiles: tuple[Tile, ...] = ()
        self._at: dict[int, int] = {}

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show other files."""
        self.beginResetModel()
        self.tiles = tuple(tiles)
        self._at = {one.id: at for at, one in enumerate(self.tiles)}
        self.endResetModel()

    def row_of(self, file: int) -> int:
        """Where a file stands; -1 where it does not."""
        return self._at.get(file, -1)

    def rows_of_hash(self, sha256: str) -> tuple[int, ...]:
        """Where a picture stands; the same bytes may stand at several places."""
        return tuple(at for at, one in enumerate(self.tiles) if one.sha256 == sha256)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """All of them."""
        return 0 if parent.isValid() else len(self.tiles)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The tile, or its words."""
        if not index.isValid():
            return None
        tile = self.tiles[index.row()]
        if role == TILE_ROLE:
            return tile
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return str(tile)
        return None
