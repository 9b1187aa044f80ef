"""The sheets of the page of outlines: the coordinate system, every feature with its plot, the chosen one on a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from gengdi_desktop.ui.models.rows_model import Cell, RowsModel, Shown
from gengdi_desktop.ui.pages.intake_outlines_view import FeatureView, LayerView, OutlinesView
from gengdi_desktop.ui.theme import TABLE_HEAD, TABLE_ROW, px
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.photo_map import MapPlot, PhotoMap
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

_LEAST_ROWS: Final = 7
_MAP: Final = 170
_EVERY: Final = ""


class LayerSheet(Sheet):
    """In which system the coordinates come, and what is to be said of them. Signal: the layer that is to be read."""

    chosen = Signal(str)

    def __init__(self) -> None:
        self._which = ChoiceField("图层", ((_EVERY, "表头一样的都读"),))
        super().__init__("坐标系", "", self._which)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.body.addLayout(self._rows)
        self._which.activated.connect(lambda _at: self.chosen.emit(self._which.code()))

    def show_layers(self, layers: Sequence[LayerView], names: Sequence[str], chosen: str) -> None:
        """Show other layers; *names* are all that the file has."""
        self._which.set_options([(_EVERY, "表头一样的都读"), *((one, one) for one in names)], chosen)
        self._which.setVisible(len(names) > 1)
        clear(self._rows)
        for one in layers:
            sign, tone = ("stop", "seal") if one.stopped else ("warn", "soil") if one.remarks else ("check", "land")
            told = f"“{one.name}”：{one.system}" if len(layers) > 1 else one.system
            head = row(mark(sign, "seal" if tone == "seal" else "soil" if tone == "soil" else "land", 14), gap=6)
            head.addWidget(label(f"{told}。", "value", wrap=True), 1)
            self._rows.addLayout(head)
            for sentence in one.remarks:
                self._rows.addWidget(label(sentence, "small", wrap=True))


class FeatureSheet(Sheet):
    """Every feature and its plot, what must be looked at first; below, in full, what is told of the chosen one.

    Signals: the plot of the chosen feature (empty where it means none); the plot whose earlier file is to be seen.
    """

    chosen = Signal(str)
    again_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("图形和图斑", "面积单位：亩")
        self._view: OutlinesView | None = None
        self._model: RowsModel[FeatureView] = RowsModel(
            (
                Shown(Column("row", "行号", 52, "number", "none"), lambda one: Cell(str(one.row), ink="ink2")),
                Shown(Column("plot", "图斑", 150, "text", "none", limit=240), lambda one: one.name),
                Shown(Column("stated", "台账面积", 84, "number", "none"), lambda one: one.stated),
                Shown(Column("measured", "边界面积", 84, "number", "none"), lambda one: one.measured),
                Shown(Column("apart", "相差", 64, "number", "none"), _apart_cell),
                Shown(Column("what", "结果", 112, "flags", "none"), _what_cell),
            ),
            self,
        )
        self.table = TableView("图形和图斑", self._model, self._model.columns)
        self.table.setMinimumHeight(px(TABLE_HEAD + _LEAST_ROWS * TABLE_ROW))
        self.table.row_chosen.connect(self._chosen)
        self._told = label("", "value", wrap=True)
        self._again = button("看原来的档案和照片", pressed=self._ask_again)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(row(column(self._told), 8, self._again, gap=0))

    def show_features(self, view: OutlinesView) -> None:
        """Show other features."""
        self._view = view
        self.set_note(f"{view.summary}　面积单位：亩")
        self._model.show_rows(view.features)
        self.table.fit_columns()
        self._told.hide()
        self._again.hide()
        if view.features:
            self.table.choose_row(0, 0)

    def current(self) -> FeatureView | None:
        """The feature with the cursor."""
        at = self.table.current_row()
        return self._model.row(at) if self._view is not None and 0 <= at < len(self._view.features) else None

    def _chosen(self, _at: int) -> None:
        one = self.current()
        if one is None or self._view is None:
            return
        self._told.setText(one.told)
        self._told.setVisible(bool(one.told))
        self._again.setVisible(one.plot in self._view.again)
        self.chosen.emit(one.plot)

    def _ask_again(self) -> None:
        one = self.current()
        if one is not None:
            self.again_asked.emit(one.plot)


class OutlineMapSheet(Sheet):
    """The chosen outline, over the one that the plot has."""

    def __init__(self) -> None:
        super().__init__("这一个的边界", "")
        self.map = PhotoMap("文件里的边界")
        self.map.setMinimumHeight(px(_MAP))
        self._nothing = label("这一个没有边界可看。", "small")
        self.body.addWidget(line())
        self.body.addWidget(self.map, 1)
        self.body.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignTop)

    def show_shapes(self, shapes: Sequence[MapPlot]) -> None:
        """Show other shapes."""
        self.map.setVisible(bool(shapes))
        self._nothing.setVisible(not shapes)
        self.set_note("灰线是台账里原来的" if len(shapes) > 1 else "")
        self.map.show_all((), shapes)


def _what_cell(one: FeatureView) -> Cell:
    return Cell(one.what, (Flag(one.sign, one.what, one.tone),))


def _apart_cell(one: FeatureView) -> Cell:
    return Cell(one.apart, ink="soil" if one.differs else "ink2")
