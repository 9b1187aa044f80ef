"""Paper on the desk: the pages of a report as they will be printed, with small ones at the left to walk by."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, paint_text
from gengdi_desktop.ui.widgets.parts import row

Fetch = Callable[[int, int, Callable[[QImage], None]], None]
"""Asks for a page (number, width in dots) and gets the picture later, on the GUI thread."""

_GAP: Final = 16
_KEPT: Final = 24
_THUMB: Final = 82
_READABLE: Final = 0.55
ZOOMS: Final = (50, 72, 100, 125, 150, 200)


class _Sheets(QWidget):
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


class PaperView(QFrame):
    """The desk with the paper; :attr:`turned` tells the page that is read."""

    turned = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("sheet", "desk")
        self._sizes: tuple[QSizeF, ...] = ()
        self._zoom = 72
        self._fits = True
        self._small = _Sheets("各页", numbered=True)
        self._large = _Sheets("版面", numbered=False)
        self._small_area, self._large_area = _area(self._small), _area(self._large)
        self._small_area.setFixedWidth(px(_THUMB) + px(34))
        self._large_area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._large_area.setAccessibleName("报告版面，上下键翻动")
        self._small.pressed.connect(self.go)
        self._large_area.verticalScrollBar().valueChanged.connect(self._scrolled)
        lay = row(gap=8, margins=(8, 8, 8, 8))
        lay.addWidget(self._small_area)
        lay.addWidget(self._large_area, 1)
        self.setLayout(lay)

    @property
    def pages(self) -> int:
        """How many pages are shown."""
        return len(self._sizes)

    @property
    def zoom(self) -> int:
        """Percent of the real size."""
        return self._zoom

    def show_pages(self, sizes: tuple[QSizeF, ...], fetch: Fetch | None) -> None:
        """Show a document: page sizes in points, and who draws its pages."""
        self._sizes = sizes
        for sheets in (self._small, self._large):
            sheets.show_pages(sizes, fetch)
        self._lay_out()
        self.go(0)

    def set_thumbs(self, *, shown: bool) -> None:
        """Small pages beside the large one, where there is room."""
        self._small_area.setVisible(shown)

    def step_zoom(self, by: int) -> None:
        """Larger or smaller by one step."""
        at = min(range(len(ZOOMS)), key=lambda i: abs(ZOOMS[i] - self._zoom))
        self._zoom = ZOOMS[min(max(at + by, 0), len(ZOOMS) - 1)]
        self._fits = False
        self._lay_out()

    def go(self, page: int) -> None:
        """Bring a page to the top."""
        if 0 <= page < len(self._sizes):
            self._large_area.verticalScrollBar().setValue(self._large.place(page).top() - px(4))
            self._mark(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pages fit the width until somebody zooms."""
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl and plus or minus zoom."""
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and Qt.Key(event.key()) in steps:
            self.step_zoom(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        if not self._sizes:
            return
        room = self._large_area.viewport().width()
        real = self._sizes[0].width() * 96 / 72
        if self._fits:
            fit = min(room - px(24), round((self._large_area.viewport().height() - px(16)) * self._ratio()))
            # A low window shows the upper part of a page that can be read rather than a whole one that cannot.
            readable = min(room - px(24), round(real * _READABLE))
            self._zoom = max(25, round(100 * max(fit, readable) / real))
        width = min(round(real * self._zoom / 100), max(room - 4, 40)) if self._fits else round(real * self._zoom / 100)
        self._large.setMinimumWidth(width + 4)
        self._large.lay_out(width, max(room, width + 4))
        self._small.lay_out(px(_THUMB), self._small_area.viewport().width())

    def _ratio(self) -> float:
        return self._sizes[0].width() / self._sizes[0].height()

    def _scrolled(self, down: int) -> None:
        if self._sizes:
            self._mark(self._large.page_at(down + self._large_area.viewport().height() // 3))

    def _mark(self, page: int) -> None:
        if page != self._small.here:
            self._small.here = page
            self._small.update()
            place = self._small.place(page)
            self._small_area.ensureVisible(place.center().x(), place.center().y(), 0, place.height())
        self.turned.emit(page)


def _area(held: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setWidget(held)
    held.setAutoFillBackground(False)
    return made
