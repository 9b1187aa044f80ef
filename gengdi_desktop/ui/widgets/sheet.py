"""Sheets: white paper on the desk, the one container with a border; and the ruled strip of tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gengdi_desktop.ui.theme import Tone, px
from gengdi_desktop.ui.widgets.parts import column, label, line, mark, row


class Sheet(QFrame):
    """A title line, then content in :attr:`body`; sheets never stand in sheets."""

    def __init__(self, title: str = "", note: str = "", tool: QWidget | None = None, pad: int = 12) -> None:
        super().__init__()
        self.setProperty("sheet", "true")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(pad, 8 if title else pad, pad, pad)
        self.body.setSpacing(6)
        self.title_label: QLabel | None = None
        self.note_label: QLabel | None = None
        if not title:
            return
        self.title_label = label(title, "section")
        self.note_label = label(note, "small")
        head = row(self.title_label, self.note_label, None, gap=8)
        if tool is not None:
            head.addWidget(tool)
        self.body.addLayout(head)
        self.setAccessibleName(title)

    def set_note(self, note: str) -> None:
        """Change the small words beside the title."""
        if self.note_label is not None:
            self.note_label.setText(note)


class Block(QFrame):
    """A sunken block inside a sheet: what would otherwise be a sheet in a sheet."""

    def __init__(self, kind: Literal["sunken", "framed", "desk"] = "sunken", pad: int = 12) -> None:
        super().__init__()
        self.setProperty("sheet", kind)
        self.body = column(gap=6, margins=(pad, 8, pad, 10))
        self.setLayout(self.body)


@dataclass(frozen=True)
class Tile:
    """One cell of a tile strip: label, figure with unit, one line of meaning; toned only where someone must act."""

    name: str
    figure: str
    unit: str
    note: str
    tone: Tone | Literal[""] = ""
    sign: str = ""
    link: str = ""


class _TileCell(QPushButton):
    """A cell that can be pressed by mouse and keyboard and reads out as one sentence."""

    def __init__(self, tile: Tile) -> None:
        super().__init__()
        self.setProperty("kind", "tile")
        self.setFlat(True)
        self.setAccessibleName(f"{tile.name} {tile.figure} {tile.unit}，{tile.note}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tile.link else Qt.FocusPolicy.NoFocus)
        head = row(gap=5)
        if tile.sign:
            head.addWidget(mark(tile.sign, tile.tone or "ink2", 14))
        head.addWidget(label(tile.name, "label"))
        head.addStretch(1)
        unit = label(tile.unit, "label")
        unit.setContentsMargins(0, 0, 0, px(7))
        big = row(label(tile.figure, "figure", tile.tone), gap=4)
        big.addWidget(unit, 0, Qt.AlignmentFlag.AlignBottom)
        big.addStretch(1)
        note = label(tile.note, "small", wrap=True)
        self._inner = column(head, big, note, gap=0, margins=(16, 6, 12, 8))
        self.setLayout(self._inner)
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """The room of the words, not of an empty button."""
        return self._inner.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The same: a tile is never squeezed."""
        return self._inner.minimumSize()


_MOST_LINKS: Final = 2000
"""Longer is no chain of the focus."""


class TileStrip(Sheet):
    """One ruled strip of three to six cells; ``pressed`` gets the link of the cell."""

    def __init__(self, tiles: Sequence[Tile], pressed: Callable[[str], object] | None = None) -> None:
        super().__init__(pad=0)
        self._pressed = pressed
        self._tiles = tuple(tiles)
        self._across = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(1, 1, 1, 1)
        self._grid.setSpacing(0)
        self.body.addLayout(self._grid)
        self.lay_out(len(self._tiles))

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show other figures in the same arrangement."""
        self._tiles = tuple(tiles)
        across, self._across = self._across, 0
        self.lay_out(across or len(self._tiles))

    def lay_out(self, across: int) -> None:
        """Put so many cells side by side; the rest goes into further rows."""
        if across == self._across:
            return
        self._across = across
        while self._grid.count():
            gone = self._grid.takeAt(0).widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        cells = [self._cell(tile) for tile in self._tiles]
        for index, cell in enumerate(cells):
            at, down = 2 * (index % across), 2 * (index // across)
            if at:
                self._grid.addWidget(line("v"), down, at - 1)
            elif down:
                self._grid.addWidget(line(), down - 1, 0, 1, 2 * across)
            self._grid.addWidget(cell, down, at)
        for at in range(self._grid.columnCount()):
            self._grid.setColumnStretch(at, 0 if at % 2 or at >= 2 * across else 1)
        self._keep_tab_order(cells)

    def _keep_tab_order(self, cells: Sequence[QWidget]) -> None:
        """Cells made later would come last for the Tab key: they belong where the strip stands."""
        before: QWidget = self
        for _ in range(_MOST_LINKS):
            before = before.previousInFocusChain() or self
            stops = before.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
            if before is self or (stops and not self.isAncestorOf(before)):
                break
        for cell in cells:
            if before is self or before.window() is not cell.window():
                return
            QWidget.setTabOrder(before, cell)
            before = cell

    def _cell(self, tile: Tile) -> QWidget:
        made = _TileCell(tile)
        if tile.link and self._pressed is not None:
            pressed = self._pressed
            made.clicked.connect(lambda _checked=False, link=tile.link: pressed(link))
        return made


class PressRow(QFrame):
    """A row of a list that can be pressed: by mouse, Enter or Space."""

    def __init__(self, name: str, pressed: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("press", "true")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._pressed = pressed

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press when the left button is let go inside."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._pressed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press by Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pressed()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Keep the hover state of the style sheet in step."""
        super().enterEvent(event)
        self.update()
