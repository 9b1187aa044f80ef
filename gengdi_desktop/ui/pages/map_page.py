"""The map: where plots lie and how they stand, photos where they were taken; from there to the row and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.pages.map_grounds import MapGrounds
from gengdi_desktop.ui.pages.map_pane import MapPane
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import text_width
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.map_canvas import MapCanvas
from gengdi_desktop.ui.widgets.map_drawing import MapPicture
from gengdi_desktop.ui.widgets.page import Page, scrolling
from gengdi_desktop.ui.widgets.parts import button, label, row
from gengdi_desktop.ui.widgets.shape import Shape

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import PlotLine

_ZOOM: Final = 1.6
_WIDEST_PLACE: Final = "东经 000.00000°　北纬 00.00000°"
_SHOWS: Final = frozenset({"plot", "plot_shape", "photo", "attachment"})


class MapPage(Page):
    """The canvas, and at its right what the chosen plot is; the outlines are read and packed in a lane."""

    scrolls: ClassVar[bool] = False
    shows: ClassVar[frozenset[str]] = _SHOWS

    def __init__(self, context: UiContext) -> None:
        super().__init__(pad=0)
        self.setAccessibleName("地图")
        self._context = context
        self._only: tuple[str, ...] | None = None
        self._wanted = ""
        self._read_once = False
        self._picture: MapPicture | None = None
        self.canvas = MapCanvas()
        self.pane = MapPane(self._open, self._row_of)
        self._told = label("", "small")
        self._place = label("", "small")
        self._place.setFixedWidth(
            round(text_width(_WIDEST_PLACE)) + px(8)
        )  # else each move would lay the head out anew
        self._every = button("看全部图斑", "link", "cross", pressed=partial(self.wish, {}))
        self.grounds = MapGrounds(context, self.canvas, self.messages)
        self._lay_out()
        self.canvas.chosen.connect(self._chosen)
        self.canvas.opened.connect(lambda at: self._open(self._id(at)))
        self.canvas.photo_chosen.connect(self._open_photo)
        self.canvas.pointed.connect(lambda east, north: self._place.setText(f"东经 {east:.5f}°　北纬 {north:.5f}°"))
        for key, by in (("Ctrl+Up", -1), ("Ctrl+Down", 1)):
            made = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(partial(self._step, by))

    # -- what the window asks

    def shown(self) -> None:
        """Read where plots lie; what was in sight stays in sight."""
        trail = self._context.trail
        self._wanted = trail.plot or self._wanted
        ledger, only = self._context.ledger, self._only

        def work(_progress: Progress) -> MapPicture:
            from gengdi_desktop.ledger.plot_map import read_plot_map
            from gengdi_desktop.ui.widgets.map_paths import map_squares

            plots = read_plot_map(ledger, only)
            return MapPicture(plots, tuple(map_squares(plots)))

        self._context.jobs.run(
            Lane.FILES, work, self._show, self.messages.show_error, owner=self, shown=Shown("画地图"), newest="map"
        )
        self.canvas.setFocus()

    def wish(self, filters: Mapping[str, str]) -> None:
        """``only=trail`` shows the plots of the list that led here; ``plot`` looks at one."""
        only = tuple(self._context.trail.ids) if filters.get("only") == "trail" else None
        if only != self._only:
            self._read_once = False
        self._only = only
        self._wanted = filters.get("plot", "")
        self.shown()

    def arrange(self, shape: Shape) -> None:
        """In a narrow window the pane is thinner."""
        self.pane.set_narrow(narrow=shape.compact)
        self._place.setHidden(shape.compact)

    # -- parts

    def _lay_out(self) -> None:
        head = row(label("地图", "title"), 8, self._told, gap=6, margins=(16, 8, 12, 6))
        head.addWidget(self._every)
        head.addStretch(1)
        head.addWidget(self._place)
        head.addWidget(self.grounds.none_button)
        head.addWidget(self.grounds.choose_button)
        for sign, name, key, call in (
            ("zoomin", "放大", "+", lambda: self.canvas.zoom(_ZOOM)),
            ("zoomout", "缩小", "-", lambda: self.canvas.zoom(1 / _ZOOM)),
        ):
            head.addWidget(button("", "tool", sign, name=name, key=key, pressed=call))
        head.addWidget(button("看全图", "tool", key="Home", pressed=self.canvas.fit))
        self.body.setSpacing(0)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.insertLayout(0, head)
        side = QHBoxLayout()
        side.setSpacing(0)
        side.addWidget(self.canvas, 1)
        side.addWidget(self.pane)
        whole = QWidget()
        whole.setLayout(side)
        self._stack = QStackedWidget()
        self._stack.addWidget(whole)
        self._stack.addWidget(scrolling(self._nothing()))
        self.body.addWidget(self._stack, 1)

    def _nothing(self) -> EmptyState:
        go = button("导入带图形的清单", "main", "import", pressed=lambda: self._context.host.go("intake"))
        return EmptyState(
            "还不知道图斑在哪里",
            "清单里有中心点坐标，或者导入过图形（.shp、.gpkg、.kml、.geojson），图斑就会画在这里。不用联网。",
            (go,),
            "没有图形也不影响自查、整改和报告。",
        )

    # -- what came

    def _show(self, picture: MapPicture) -> None:
        plots = picture.plots
        self._stack.setCurrentIndex(0 if len(plots.ids) else 1)
        drawn = len(set(plots.ring_plots.tolist()))
        told = f"{words.count(len(plots.ids))} 个图斑，有边界的 {words.count(drawn)} 个"
        self._told.setText(told if len(plots.photos) == 0 else f"{told}，照片 {words.count(len(plots.photos))} 张")
        self._every.setVisible(self._only is not None)
        counts = Counter(tuple(State)[at] for at in plots.states.tolist())
        self.pane.show_legend(counts)
        self._picture = picture
        self.canvas.show_picture(picture, keep_view=self._read_once)
        self._read_once = True
        self.grounds.show(plots)
        if self._wanted in set(plots.ids):
            self.canvas.choose(list(plots.ids).index(self._wanted))
        elif self._wanted:
            self.messages.show_message("info", "这个图斑没有中心点坐标，也没有图形，画不出来。")
        self._wanted = ""

    def _chosen(self, at: int) -> None:
        plot = self._id(at)
        if not plot:
            self.pane.show_nothing()
            return
        ledger = self._context.ledger

        def work(_progress: Progress) -> PlotLine | None:
            from gengdi_desktop.ledger.queries import plot_lines

            return next(iter(plot_lines(ledger, [plot])), None)

        def done(found: PlotLine | None) -> None:
            if found is not None and found.id == self._id(self.canvas.current):
                self.pane.show_plot(found)

        self._context.jobs.read(work, done, self.refused, owner=self, newest="map-plot")

    def _id(self, at: int) -> str:
        return str(self._picture.plots.ids[at]) if at >= 0 and self._picture is not None else ""

    def _step(self, by: int) -> None:
        count = len(self._picture.plots.ids) if self._picture is not None else 0
        if count:
            self.canvas.choose((self.canvas.current + by) % count if self.canvas.current >= 0 else 0)

    # -- to the row and back

    def _open(self, plot: str) -> None:
        if plot and self._picture is not None:
            self._context.trail.follow(self._picture.plots.ids, "地图", "map")
            self._context.host.go("plot", {"plot": plot})

    def _row_of(self, plot: str) -> None:
        """The row of the table; coming back, the map looks at the plot again."""
        self._context.trail.plot = plot
        self._context.host.go("ledger", {})

    def _open_photo(self, at: int) -> None:
        if self._picture is None:
            return
        plot, attachment = self._picture.plots.photos[at]
        self._context.trail.plot = plot
        self._context.host.go("photo", {"plot": plot, "photo": str(attachment), "back": "map"})
