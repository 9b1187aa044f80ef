"""Pages of paper under one another, white at once, drawn as soon as they come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, paint_text

Fetch = Callable[[int, int, Callable[[QImage], None]], None]
"""Asks for a page (number, width in dots) and gets the picture later, on the GUI thread."""

_GAP: Final = 16
_KEPT: Final = 24


class PaperSheets(QWidget):
    """Pages under one another; asks for the pictures of those in sight only."""

    pressed = Signal(int)

    def __init__(self, name: str, *, numbered: bool) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._numbered = numbered
        self._sizes: tuple[QSizeF, ...] = ()
        self._fetch: Fetch | None = None
        self._pictures: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._asked: set[tuple[int, int]] = set()
        self._places: list[QRect] = []
        self._turn = 0
        self.here = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pages(self, sizes: tuple[QSizeF, ...], fetch: Fetch | None) -> None:
        """Show another document."""
        self._turn += 1
        self._sizes, self._fetch, self.here = sizes, fetch, 0
        self._pictures.clear()
        self._asked.clear()

    def lay_out(self, width: int, room: int) -> None:
        """Put the pages down, each *width* wide, in a column *room* wide."""
        self._places = []
        top = px(_GAP) // 2
        below = px(20) if self._numbered else px(_GAP)
        for size in self._sizes:
            height = round(width * size.height() / size.width())
            self._places.append(QRect(max((room - width) // 2, 1), top, width, height))
            top += height + below
        self.setFixedHeight(max(top, 1))
        self.update()

    def place(self, page: int) -> QRect:
        """Where a page lies."""
        return self._places[page]

    def page_at(self, down: int) -> int:
        """The page at a height; the last one below all."""
        return next((at for at, one in enumerate(self._places) if one.bottom() >= down), max(len(self._places) - 1, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        """White paper at once, the picture as soon as it is drawn."""
        painter = QPainter(self)
        for page, place in enumerate(self._places):
            if not place.adjusted(0, 0, 0, px(20)).intersects(event.rect()):
                continue
            picture = self._picture(page, round(place.width() * self.devicePixelRatioF()))
            if picture is None:
                painter.fillRect(place, Qt.GlobalColor.white)
            else:
                painter.drawImage(place, picture)
            here = self._numbered and page == self.here
            painter.setPen(QPen(theme.color("accent" if here else "rule"), 2 if here else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(0, 0, -1, -1))
            if self._numbered:
                words = QRectF(place.x(), place.bottom() + 1, place.width(), px(18))
                paint_text(painter, words, str(page + 1), "ink" if here else "ink3", "small", MIDDLE)
        painter.end()

    def _picture(self, page: int, width: int) -> QImage | None:
        key = (page, width)
        if key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key]
        if key not in self._asked and self._fetch is not None:
            self._asked.add(key)
            turn = self._turn
            self._fetch(page, width, lambda picture: self._keep(turn, key, picture))
        return None

    def _keep(self, turn: int, key: tuple[int, int], picture: QImage) -> None:
        if turn != self._turn:
            return
        self._asked.discard(key)
        self._pictures[key] = picture
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the page that is pressed."""
        self.pressed.emit(self.page_at(event.position().toPoint().y()))
