"""Paper on the desk: the pages of a report as they will be printed, to be walked through and looked at from near."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.paper_sheets import Fetch, PaperSheets
from gengdi_desktop.ui.widgets.parts import boxed, button, column, label, row

_THUMB: Final = 82
_READABLE: Final = 0.55
_DOTS_AN_INCH: Final = 96 / 72
ZOOMS: Final = (25, 50, 72, 100, 125, 150, 200, 300)


class Fit(StrEnum):
    """How large the pages are: as well as they can be read, as wide as the desk, whole, or by a percentage."""

    READ = "read"
    WIDTH = "width"
    PAGE = "page"
    PERCENT = "percent"


_FITS: Final = ((Fit.READ, "合适大小"), (Fit.WIDTH, "适合宽度"), (Fit.PAGE, "看整页"))


class PaperView(QFrame):
    """The desk with the paper; :attr:`turned` tells the page that is read.

    Page up and down turn pages, Home and End go to the first and the last; Ctrl with plus, minus or the wheel zooms,
    Ctrl+E fits the width, and once more shows whole pages.
    """

    turned = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("sheet", "desk")
        self._sizes: tuple[QSizeF, ...] = ()
        self._zoom, self._fit = 72, Fit.READ
        self._small = PaperSheets("各页", numbered=True)
        self._large = PaperSheets("版面", numbered=False)
        self._small_area, self._large_area = _area(self._small), _area(self._large)
        self._small_area.setFixedWidth(px(_THUMB) + px(34))
        self._large_area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._large_area.setAccessibleName("报告版面，上下键翻动，PageUp、PageDown 翻页")
        self._large_area.installEventFilter(self)
        self._large_area.viewport().installEventFilter(self)
        self._small.pressed.connect(self.go)
        self._large_area.verticalScrollBar().valueChanged.connect(self._scrolled)
        pages = row(gap=8)
        pages.addWidget(self._small_area)
        pages.addWidget(self._large_area, 1)
        whole = column(self._make_bar(), gap=4, margins=(8, 4, 8, 8))
        whole.addLayout(pages, 1)
        self.setLayout(whole)

    def _make_bar(self) -> QWidget:
        self._before = button("", "tool", "left", name="上一页", key="PageUp", pressed=lambda: self.turn(-1))
        self._after = button("", "tool", "right", name="下一页", key="PageDown", pressed=lambda: self.turn(1))
        self._where = label("", "label")
        self._percent = label("", "label")
        self._percent.setMinimumWidth(px(40))
        self._chosen_fit = ChoiceField("版面大小", _FITS, small=True)
        self._chosen_fit.setToolTip("适合宽度、看整页（Ctrl+E）")
        self._chosen_fit.activated.connect(lambda _at: self.fit(Fit(self._chosen_fit.code())))
        smaller = button("", "tool", "zoomout", name="缩小", key="Ctrl+-", pressed=lambda: self.step_zoom(-1))
        larger = button("", "tool", "zoomin", name="放大", key="Ctrl++", pressed=lambda: self.step_zoom(1))
        return boxed(
            row(self._before, self._where, self._after, None, smaller, self._percent, larger, self._chosen_fit, gap=4)
        )

    # -- what is shown

    @property
    def pages(self) -> int:
        """How many pages are shown."""
        return len(self._sizes)

    @property
    def page(self) -> int:
        """The page that is read, from 0."""
        return self._small.here

    @property
    def zoom(self) -> int:
        """Percent of the real size."""
        return self._zoom

    def show_pages(self, sizes: tuple[QSizeF, ...], fetch: Fetch | None) -> None:
        """Show a document: page sizes in points, and who draws its pages; the page that was read stays in sight."""
        here = min(self._small.here, max(len(sizes) - 1, 0))
        self._sizes = sizes
        for sheets in (self._small, self._large):
            sheets.show_pages(sizes, fetch)
        self._lay_out()
        self.go(here)
        self._show_where(here)

    def set_thumbs(self, *, shown: bool) -> None:
        """Small pages beside the large one, where there is room."""
        self._small_area.setVisible(shown)

    # -- zoom

    def fit(self, how: Fit) -> None:
        """Let the pages follow the size of the desk."""
        self._fit = how
        self._chosen_fit.choose(how.value)
        self._lay_out()

    def step_zoom(self, by: int) -> None:
        """Larger or smaller by one step; what stands in the middle stays there."""
        wanted = [one for one in ZOOMS if (one > self._zoom if by > 0 else one < self._zoom)]
        if wanted:
            self._zoom = wanted[0] if by > 0 else wanted[-1]
        self._fit = Fit.PERCENT
        self._lay_out()

    def _lay_out(self) -> None:
        if not self._sizes:
            return
        bar, view = self._large_area.verticalScrollBar(), self._large_area.viewport()
        middle = (bar.value() + view.height() / 2) / max(self._large.height(), 1)
        room = view.width()
        real = max(one.width() for one in self._sizes) * _DOTS_AN_INCH
        self._zoom = self._fitting(room, view.height(), real)
        width = round(real * self._zoom / 100)
        if self._fit is not Fit.PERCENT:
            width = min(width, max(room - 4, 40))
        self._large.setMinimumWidth(width + 4)
        self._large.lay_out(width, max(room, width + 4))
        self._small.lay_out(px(_THUMB), self._small_area.viewport().width())
        self._percent.setText(f"{self._zoom}%")
        bar.setValue(round(middle * self._large.height() - view.height() / 2))

    def _fitting(self, room: int, height: int, real: float) -> int:
        """The percentage that follows from how the pages are to fit."""
        wide = room - px(24)
        whole = min(wide, round((height - px(16)) * self._ratio()))
        # A low window shows the upper part of a page that can be read rather than a whole one that cannot.
        readable = min(wide, round(real * _READABLE))
        width = {Fit.WIDTH: wide, Fit.PAGE: whole, Fit.READ: max(whole, readable)}.get(self._fit)
        return self._zoom if width is None else max(20, int(100 * width / real))

    def _ratio(self) -> float:
        return self._sizes[0].width() / self._sizes[0].height()

    # -- walking

    def go(self, page: int) -> None:
        """Bring a page to the top."""
        if 0 <= page < len(self._sizes):
            self._large_area.verticalScrollBar().setValue(self._large.place(page).top() - px(4))
            self._mark(page)

    def turn(self, by: int) -> None:
        """Go on or back by pages."""
        self.go(min(max(self._small.here + by, 0), len(self._sizes) - 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pages follow the desk until somebody zooms."""
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of zooming and turning."""
        if not self.take_key(event):
            super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key of zooming or turning asks; whether it was one."""
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
            if key in steps:
                self.step_zoom(steps[key])
            elif key == Qt.Key.Key_E:
                self.fit(Fit.PAGE if self._fit is Fit.WIDTH else Fit.WIDTH)
            return key in steps or key == Qt.Key.Key_E
        turns = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Home: -10_000, Qt.Key.Key_End: 10_000}
        if key in turns:
            self.turn(turns[key])
        return key in turns

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Zoom by Ctrl and the wheel; the area itself would take the keys of turning for scrolling."""
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self._large_area:
            return self.take_key(event)
        return super().eventFilter(watched, event)

    def _scrolled(self, down: int) -> None:
        if self._sizes:
            self._mark(self._large.page_at(down + self._large_area.viewport().height() // 3))

    def _mark(self, page: int) -> None:
        if page != self._small.here:
            self._small.here = page
            self._small.update()
            place = self._small.place(page)
            self._small_area.ensureVisible(place.center().x(), place.center().y(), 0, place.height())
        self._show_where(page)
        self.turned.emit(page)

    def _show_where(self, page: int) -> None:
        self._where.setText(f"第 {page + 1} 页，共 {len(self._sizes)} 页" if self._sizes else "")
        self._before.setEnabled(page > 0)
        self._after.setEnabled(page < len(self._sizes) - 1)


def _area(held: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setWidget(held)
    held.setAutoFillBackground(False)
    return made
