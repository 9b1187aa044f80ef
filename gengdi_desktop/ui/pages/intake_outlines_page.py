"""Outlines for plots that are there: what the file's coordinates are, which plots are meant; only then written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import prompts, words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dropping import is_shapes
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.models.recurrence_pairs import AgainPair, pairs_wish
from gengdi_desktop.ui.pages import intake_outlines_work
from gengdi_desktop.ui.pages.evidence_taking import undo_entry
from gengdi_desktop.ui.pages.intake_outlines_parts import FeatureSheet, LayerSheet, OutlineMapSheet
from gengdi_desktop.ui.pages.intake_outlines_view import OutlinesView, OutlineWish, main_words, promise
from gengdi_desktop.ui.pages.intake_parts import MappingSheet
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.page import Arrangement, Page, Place, scrolling
from gengdi_desktop.ui.widgets.parts import ElidedLabel, boxed, button, column, label, row
from gengdi_desktop.ui.widgets.photo_map import MapPlot
from gengdi_desktop.ui.widgets.shape import Shape

_READ: Final = Shown("读图形", "行", "取消后台账和原来一样。")
_WRITE: Final = Shown("补边界", "个", "取消后一个边界也不会留下。")


class OutlinesPage(Page):
    """Two faces: which file; then what is in it."""

    scrolls: ClassVar[bool] = False
    shows: ClassVar[frozenset[str]] = frozenset({"plot", "plot_shape"})

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("补边界")
        self._context = context
        self._wish: OutlineWish | None = None
        self._work: intake_outlines_work.OutlineWork | None = None
        self._unsure = False
        self._back = button("导入", "link", "left", name="回到导入", pressed=lambda: context.host.go("intake"))
        self._file = ElidedLabel("", "label")
        head = row(self._back, label("补边界", "title"), gap=10)
        head.addWidget(self._file, 1)
        head.addWidget(label("到最后一步才写入台账", "small"))
        self.layers, self.features, self.map = LayerSheet(), FeatureSheet(), OutlineMapSheet()
        self.columns = MappingSheet(self._remember)
        self._parts = Arrangement()
        self._first = self._first_face()
        self._second = scrolling(boxed(column(self._parts)))
        self._second.widget().setAutoFillBackground(False)
        self.body.insertLayout(0, head)
        self.body.addWidget(self._first, 1)
        self.body.addWidget(self._second, 1)
        self.body.addWidget(self._make_foot())
        self.body.setContentsMargins(16, 12, 16, 0)
        self._connect()
        self.arrange(self.shape)
        self._show_face(0)

    def _connect(self) -> None:
        self.layers.chosen.connect(lambda layer: self._again(layer=layer))
        self.columns.corrected.connect(self._column_corrected)
        self.features.chosen.connect(self._show_shapes)
        self.features.again_asked.connect(self._show_recurrence)

    def _first_face(self) -> QWidget:
        choose = button("选图形文件", "main", "map", pressed=self._choose)
        choose.setEnabled(self._context.writable)
        return EmptyState(
            "给台账里的图斑补边界",
            "县里后来才给图形的，在这里补。.shp（或装着它的 .zip）、.gpkg、.geojson、.kml、.kmz、.gdb 都行，"
            "按标识码或村和编号对上图斑。",
            (choose,),
            "也可以把文件直接拖进窗口。只写边界，面积和状态都不动；写以前先给您看。",
        )

    def _make_foot(self) -> QFrame:
        self._foot = QFrame()
        self._foot.setProperty("bar", "foot")
        self._promise = label("", "small", wrap=True)
        self._promise.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._do = button("", "main", pressed=self._run)
        lay = row(gap=8, margins=(0, 10, 0, 10))
        lay.addWidget(button("换一个文件", pressed=self._choose))
        lay.addWidget(button("不补了", "link", pressed=self._give_up))
        self._match = button("对列", "tool", "columns", name="看哪一列对成了什么", pressed=self._fit_columns)
        self._match.setCheckable(True)
        lay.addWidget(self._match)
        lay.addWidget(self._promise, 1)
        lay.addWidget(self._do)
        self._foot.setLayout(lay)
        return self._foot

    def _show_face(self, face: int) -> None:
        self._first.setVisible(face == 0)
        self._second.setVisible(face == 1)
        self._foot.setVisible(face == 1)
        if face == 0:
            self._file.set_words("")

    # -- what the window asks

    def arrange(self, shape: Shape) -> None:
        """The table at the left, the rest at the right of it, or all under one another."""
        parts: tuple[tuple[QWidget, Place], ...]
        if shape.compact:
            parts = tuple(
                (one, (at, 0, 1, 1)) for at, one in enumerate((self.layers, self.features, self.map, self.columns))
            )
            self._parts.place(parts, columns=(1,))
        else:
            right = (self.layers, self.map, self.columns)
            parts = ((self.features, (0, 0, 3, 1)), *((one, (at, 1, 1, 1)) for at, one in enumerate(right)))
            self._parts.place(parts, columns=(58, 42), rows=(0, 1, 1))
        self._fit_columns()

    def wish(self, filters: Mapping[str, str]) -> None:
        """``file`` is read; with ``ask`` one that is rather a list goes on to the import page."""
        if filters.get("file"):
            self._unsure = bool(filters.get("ask"))
            self.open_file(Path(filters["file"]))

    def files_go(self, _at: QPoint) -> str:
        """Shapes that are let go here are read here; the window asks only where it does not know them itself."""
        return "松开，读这份图形" if self._context.writable else ""

    def take_files(self, paths: Sequence[Path], _at: QPoint) -> None:
        """Read the file."""
        self.open_file(paths[0])

    def leave(self) -> None:
        """What is still read is let go; what was read stays."""
        self._context.jobs.let_go(self, also_asked=True)

    # -- the file

    def _choose(self) -> None:
        preferences = self._context.preferences
        chosen = self._context.prompts.open_file("选图形文件", prompts.SHAPES, preferences.start_folder())
        if chosen is not None:
            preferences.used_folder(chosen)
            self._unsure = False
            self.open_file(chosen)

    def open_file(self, path: Path) -> None:
        """Read a file of shapes and show which plots it means."""
        self._wish = OutlineWish(path)
        self._read()

    def _again(self, **said: str) -> None:
        if self._wish is not None:
            self._wish = replace(self._wish, **said)  # type: ignore[arg-type]  # the keys are those of the wish
            self._read()

    def _column_corrected(self, letters: str, choice: str) -> None:
        if self._wish is not None:
            self._wish = replace(self._wish, columns={**self._wish.columns, letters: choice})
            self._read()

    def _read(self) -> None:
        wish, ledger = self._wish, self._context.ledger
        if wish is None:
            return
        self.messages.clear()
        self._file.set_words(f"正在读 {wish.path.name}")
        self._context.jobs.run(
            Lane.FILES, lambda progress: intake_outlines_work.preview(ledger, wish, progress), self._show_work,
            self._not_read, owner=self, shown=_READ, cancelled=self._stopped_reading, newest="outlines",
        )  # fmt: skip

    def _stopped_reading(self) -> None:
        self._give_up()
        self.messages.show_message("info", "停下了，图形没有读完。台账和原来一样。")

    def _not_read(self, error: GengdiError) -> None:
        wish = self._wish
        self._file.set_words(wish.path.name if wish else "")
        if self._work is None:
            self._show_face(0)
        actions = (self._list_button(),) if wish is not None and not is_shapes((wish.path,)) else ()
        self.messages.show_error(error, actions)

    def _give_up(self) -> None:
        self._drop_work()
        self._wish = None
        self.messages.clear()
        self._show_face(0)

    def _drop_work(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            self._context.jobs.run(Lane.FILES, lambda _progress: work.close())

    # -- what is in it

    def _show_work(self, work: intake_outlines_work.OutlineWork) -> None:
        self._drop_work()
        view, wish = work.view, self._wish
        if wish is not None and self._unsure and not view.matched and view.newcomers:
            # Nothing of it is known, and it says areas: a list. The person let it go anywhere on the window.
            self._context.jobs.run(Lane.FILES, lambda _progress: work.close())
            self._give_up()
            self._context.host.go("intake", {"file": str(wish.path)})
            return
        self._work = work
        self.show_view(view, work.fields)
        self._ask_which(view)

    def show_view(self, view: OutlinesView, fields: Sequence[tuple[str, str]]) -> None:
        """Show a preview; *fields* are the codes and labels that a column can be."""
        self._show_face(1)
        self._file.set_words(view.title)
        self.layers.show_layers(view.layers, view.layer_names, self._wish.layer if self._wish else "")
        self.columns.show_columns(view.columns, fields)
        doubtful = any(one.tone != "land" for one in view.columns) or not view.matched
        self._match.setChecked(doubtful or self._match.isChecked())
        self._fit_columns()
        self.map.show_shapes(())
        self.features.show_features(view)
        self._do.setText(main_words(view))
        self._do.setAccessibleName(main_words(view))
        self._do.setVisible(view.writes > 0)
        self._do.setEnabled(self._context.writable)
        self._promise.setText(promise(view))

    def _fit_columns(self) -> None:
        """The columns take room only where something may be wrong with them, or somebody asks."""
        self.columns.setVisible(self._match.isChecked())

    def _ask_which(self, view: OutlinesView) -> None:
        """Both would make sense: said here, decided by a press."""
        if not view.newcomers:
            return
        many = words.count(view.newcomers)
        if view.matched:
            what = f"文件里有 {words.count(view.matched)} 个图斑台账里已有，另有 {many} 个台账里没有。"
            more = "已有的在这里补边界；要把没有的也收进台账，就当作清单导入。"
        else:
            what, more = f"文件里的 {many} 个图斑台账里都没有。", "它写着面积，可以当作清单导入。"
        only = button("只补边界", pressed=self.messages.clear)
        actions = (only, self._list_button()) if view.matched else (self._list_button(),)
        self.messages.show_message("info", what, more, actions)

    def _list_button(self) -> QPushButton:
        return button("当作清单导入", pressed=self._as_list)

    def _as_list(self) -> None:
        if self._wish is not None:
            file = str(self._wish.path)
            self._give_up()
            self._context.host.go("intake", {"file": file})

    def _show_shapes(self, plot: str) -> None:
        work, ledger = self._work, self._context.ledger
        if work is None or not plot:
            self.map.show_shapes(())
            return

        def show(shapes: tuple[MapPlot, ...]) -> None:
            if self._work is work:
                self.map.show_shapes(shapes)

        self._context.jobs.read(
            lambda _progress: intake_outlines_work.shapes_of(ledger, work, plot), show, self.refused, owner=self,
            newest="outline-shapes",
        )  # fmt: skip

    def _show_recurrence(self, plot: str) -> None:
        work = self._work
        if work is None:
            return
        pairs = [AgainPair(one.plot, one.earlier, one.name, one.sentence) for one in work.handle.again]
        at = next((at for at, one in enumerate(pairs) if one.plot == plot), 0)
        self._context.host.go("recurrence", pairs_wish(pairs, at, "outlines"))

    def _remember(self) -> None:
        work, context, by = self._work, self._context, self._context.actor_or(self.refused)
        if work is None or by is None:
            return

        def done(_changes: object) -> None:
            self.messages.show_message("check", "记住了，下次表头一样的图形就照这样对列。")

        context.jobs.write(
            lambda _progress: intake_outlines_work.remember(context.ledger, work, by), done, self.refused, owner=self
        )

    # -- writing

    def _run(self) -> None:
        work, context, by = self._work, self._context, self._context.actor_or(self.refused)
        if work is None or by is None:
            return
        self.hold_focus()
        self._do.setEnabled(False)

        def write(progress: Progress) -> Changes:
            return intake_outlines_work.add(context.ledger, work, by, progress)

        context.jobs.run(
            Lane.WRITE, write, lambda changes: self._written(changes, work.view), self._not_written, owner=self,
            shown=_WRITE, cancelled=self._stopped_writing,
        )  # fmt: skip

    def _stopped_writing(self) -> None:
        self._do.setEnabled(True)
        self.go_on(self._do)
        self.messages.show_message("info", "停下了，一个边界也没有写。台账和原来一样。")

    def _not_written(self, error: GengdiError) -> None:
        self._do.setEnabled(True)
        self.go_on(self._do)
        self.messages.show_error(error)

    def _written(self, changes: Changes, view: OutlinesView) -> None:
        self._give_up()
        self._context.bus.tell(changes)
        told = [
            f"{word} {words.count(many)} 个" for word, many in (("补上", view.added), ("换掉", view.replaced)) if many
        ]
        look = button("看地图", pressed=lambda: self._context.host.go("map", {}))
        undo = button("撤销", "link", tone="seal", pressed=lambda: self._undo(changes))
        self.messages.show_message("check", f"边界{'，'.join(told)}。", "面积和状态都没有动。", (look, undo))
        self.go_on(look)

    def _undo(self, changes: Changes) -> None:
        undo_entry(self._context, self.messages, changes, "已撤销，边界和原来一样。")
