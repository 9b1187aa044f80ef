"""Import: see the sheet, agree on head and columns, clear the problems, tie out the totals; only then write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QWidget

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import prompts
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dropping import is_shapes
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.models.recurrence_pairs import pairs_wish
from gengdi_desktop.ui.pages import intake_work
from gengdi_desktop.ui.pages.intake_lists import CompareSheet, KnownLists, ListStrip
from gengdi_desktop.ui.pages.intake_parts import MappingSheet, ProblemSheet, TotalSheet
from gengdi_desktop.ui.pages.intake_view import STEPS, IntakeView, IntakeWish, main_words, moved_header
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.empty_state import FieldsPicture
from gengdi_desktop.ui.widgets.page import Arrangement, Page, Place, scrolling
from gengdi_desktop.ui.widgets.parts import CENTRE, ElidedLabel, boxed, button, column, label, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.sheet_preview import PreviewRow, SheetPreview, scrolled
from gengdi_desktop.ui.widgets.steps import Steps

_PREVIEW_ROWS: Final = 10
_READ: Final = Shown("读清单", "行", "取消后台账和原来一样。")
_WRITE: Final = Shown("导入清单", "行", "取消后一行也不会留下。")


class IntakePage(Page):
    """Two faces: which file; then what is in it."""

    scrolls: ClassVar[bool] = False
    shows: ClassVar[frozenset[str]] = frozenset({"plot_list", "list_line"})

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("导入")
        self._context = context
        self._wish: IntakeWish | None = None
        self._work: intake_work.Preview | None = None
        self._view: IntakeView | None = None
        self._file = ElidedLabel("", "label")
        head = row(label("导入清单", "title"), gap=10)
        head.addWidget(self._file, 1)
        head.addWidget(label("到最后一步才写入台账", "small"))
        self._steps = Steps(STEPS)
        self._known = KnownLists(self._take_back, writable=context.writable)
        self._faces = (self._first_face(), self._second_face())
        area = scrolling(boxed(column(*self._faces, gap=0)))
        area.widget().setAutoFillBackground(False)
        self.body.addLayout(head)
        self.body.addWidget(self._steps)
        self.body.addWidget(area, 1)
        self.body.addWidget(self._make_foot())
        self.body.setContentsMargins(16, 12, 16, 0)
        self._show_face(0)

    # -- faces

    def _first_face(self) -> QWidget:
        choose = button("选清单文件", "main", "import", pressed=self._choose)
        choose.setEnabled(self._context.writable)
        told = "Excel、WPS 的表和 CSV 都行。标题行、合并表头、小计行不用先整理，程序会认，认得不对您再改。"
        box = column(gap=8)
        box.addStretch(1)
        box.addWidget(FieldsPicture())
        box.addWidget(label("把县里下发的清单导进来", "title", align=CENTRE))
        box.addWidget(label(told, "body", align=CENTRE, wrap=True))
        box.addSpacing(8)
        box.addLayout(row(None, choose, None))
        box.addSpacing(8)
        box.addWidget(label("也可以把文件直接拖到这里。导入前会先给您看。", "small", align=CENTRE, wrap=True))
        box.addStretch(2)
        box.addWidget(self._known)
        more = row(None, gap=16)
        for word, page in (("已有台账，只补边界", "outlines"), ("和以前销号的图斑比（反弹）", "recurrence")):
            more.addWidget(button(word, "link", "right", pressed=partial(self._context.host.go, page, {})))
        more.addStretch(1)
        box.addLayout(more)
        box.addSpacing(16)
        return boxed(box)

    def _second_face(self) -> QWidget:
        self._preview = SheetPreview(self._header_asked)
        self._table = Sheet("表格", " ")
        self._preview_area = scrolled(self._preview)
        self._table.body.addWidget(self._preview_area)
        self._strip = ListStrip()
        self._strip.chosen.connect(self._list_chosen)
        self._table.body.insertWidget(1, self._strip)
        self._compared = CompareSheet()
        self._mapping = MappingSheet(self._remember)
        self._mapping.corrected.connect(self._column_corrected)
        self._problems = ProblemSheet(self._save_problems)
        self._problems.row_asked.connect(self._row_asked)
        self._problems.cell_said.connect(self._cell_said)
        self._problems.again_asked.connect(self._again_asked)
        self._totals = TotalSheet()
        self._totals.expected.connect(self._expectation_changed)
        self._parts = Arrangement()
        whole = column(self._table, self._compared, gap=px(10))
        whole.addWidget(self._parts, 1)
        whole.addSpacing(2)
        return boxed(whole)

    def _make_foot(self) -> QFrame:
        self._foot = QFrame()
        self._foot.setProperty("bar", "foot")
        self._promise = label("", "small", wrap=True)
        self._promise.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._do = button("", "main", pressed=self._run)
        lay = row(gap=8, margins=(0, 10, 0, 10))
        lay.addWidget(button("换一个文件", pressed=self._choose))
        lay.addWidget(button("放弃导入", "link", pressed=self._give_up))
        lay.addWidget(self._promise, 1)
        lay.addWidget(button("改好再读一遍", pressed=self._read))
        lay.addWidget(self._do)
        self._foot.setLayout(lay)
        return self._foot

    def _show_face(self, face: int) -> None:
        for at, one in enumerate(self._faces):
            one.setVisible(at == face)
        self._foot.setVisible(face == 1)
        if face == 0:
            self._steps.set_now(0)
            self._file.set_words("")

    # -- what the window asks

    def arrange(self, shape: Shape) -> None:
        """Columns beside problems and totals, or all under one another."""
        parts: tuple[tuple[QWidget, Place], ...]
        if shape.compact:
            parts = ((self._problems, (0, 0, 1, 1)), (self._totals, (1, 0, 1, 1)), (self._mapping, (2, 0, 1, 1)))
            self._parts.place(parts, columns=(1,))
        else:
            parts = ((self._mapping, (0, 0, 2, 1)), (self._problems, (0, 1, 1, 1)), (self._totals, (1, 1, 1, 1)))
            self._parts.place(parts, columns=(50, 50), rows=(1, 0))

    def shown(self) -> None:
        """Look which lists are there."""
        ledger, today = self._context.ledger, self._context.facts.today
        self._context.jobs.read(
            lambda _progress: intake_work.known_lists(ledger, today), self._known.show_lists, self.refused, owner=self
        )

    def wish(self, filters: Mapping[str, str]) -> None:
        """A file from elsewhere: dropped on another page, or chosen at the start."""
        if filters.get("file"):
            self.open_file(Path(filters["file"]))

    # -- the file

    def _choose(self) -> None:
        start = self._context.preferences.start_folder()
        chosen = self._context.prompts.open_file("选清单文件", prompts.LISTS, start)
        if chosen is not None:
            self._context.preferences.used_folder(chosen)
            self.open_file(chosen)

    def open_file(self, path: Path) -> None:
        """Read a file and show what is in it."""
        self._wish = IntakeWish(path)
        self._totals.forget()
        self._read()

    def files_go(self, _at: QPoint) -> str:
        """Whatever is let go here is read as a list; tables and shapes the window knows itself."""
        return "松开，读这份清单" if self._context.writable else ""

    def take_files(self, paths: Sequence[Path], _at: QPoint) -> None:
        """Read the file."""
        self.open_file(paths[0])

    def _read(self) -> None:
        wish, ledger = self._wish, self._context.ledger
        if wish is None:
            return
        self.messages.clear()
        self._file.set_words(f"正在读 {wish.path.name}")
        self._context.jobs.run(
            Lane.FILES,
            lambda progress: intake_work.preview(ledger, wish, progress),
            self._show_preview,
            self._not_read,
            owner=self,
            shown=_READ,
            cancelled=self._give_up,
            newest="intake",
        )

    def _not_read(self, error: GengdiError) -> None:
        self._file.set_words(self._wish.path.name if self._wish else "")
        if self._view is None:
            self._show_face(0)
        self.messages.show_error(error)

    def _give_up(self) -> None:
        self._drop_work()
        self.messages.clear()
        self._show_face(0)

    def _drop_work(self) -> None:
        work, self._work = self._work, None
        self._wish, self._view = None, None
        if work is not None:
            self._context.jobs.run(Lane.FILES, lambda _progress: work.close())

    # -- what is in it

    def _show_preview(self, work: intake_work.Preview) -> None:
        before, self._work = self._work, work
        if before is not None:
            self._context.jobs.run(Lane.FILES, lambda _progress: before.close())
        self.show_view(work.view, work.fields)

    def show_view(self, view: IntakeView, fields: tuple[tuple[str, str], ...]) -> None:
        """Show a preview; *fields* are the codes and labels that a column can be."""
        self._view = view
        self._show_face(1)
        self._file.set_words(view.title)
        self._steps.set_now(view.step)
        first, last = view.header
        where = f"表头在第 {first} 行" if first == last else f"表头在第 {first} 行到第 {last} 行"
        self._table.set_note(f"{where}，点行号可改" if first else "没有认出表头，请点表头的行号")
        self._strip.show_list(view, self._wish.sheet if self._wish else "")
        self._compared.show_compared(view.compared)
        self._show_rows(view.rows)
        self._mapping.show_columns(view.columns, fields)
        self._problems.show_problems(view)
        self._totals.show_ties(view.ties)
        self._do.setText(main_words(view))
        self._do.setEnabled(view.may_import)
        self._promise.setText(_promise(view))
        self._offer_outlines(view)

    def _offer_outlines(self, view: IntakeView) -> None:
        """Shapes that bring no plot may still bring outlines."""
        path = self._wish.path if self._wish is not None else None
        if path is None or not is_shapes((path,)) or view.may_import:
            return
        what = "这份图形没有可以导入的新图斑。" if not view.questions else "这份图形还不能当作清单导入。"
        go = button("去补边界", pressed=partial(self._context.host.go, "outlines", {"file": str(path)}))
        self.messages.show_message("info", what, "台账里已有的图斑，可以只补边界。", (go,))

    def _show_rows(self, rows: tuple[PreviewRow, ...]) -> None:
        if self._view is not None:
            self._preview.show_rows(rows, self._view.letters)
            self._preview_area.setFixedHeight(px(20) * (min(len(rows), _PREVIEW_ROWS) + 1) + 12)

    # -- corrections

    def _list_chosen(self, sheet: str, name: str, reissue_of: str) -> None:
        if self._wish is None:
            return
        wish = replace(self._wish, sheet=sheet, name=name or self._wish.name, reissue_of=reissue_of)
        if wish != self._wish:
            self._wish = wish
            self._read()

    def _row_asked(self, number: int) -> None:
        """Show a row of the file among the visible ones."""
        work = self._work
        if work is None:
            return

        def show(rows: tuple[PreviewRow, ...]) -> None:
            if self._work is work:
                self._show_rows(rows)
                down = self._preview.row_top(number)
                self._preview_area.verticalScrollBar().setValue(max(0, down - self._preview_area.height() // 2))

        jobs = self._context.jobs
        jobs.run(
            Lane.FILES, lambda _progress: intake_work.rows_with(work, number), show, self.refused, owner=self,
            newest="intake-row",
        )  # fmt: skip

    def _cell_said(self, cell: tuple[str, int, str], text: str) -> None:
        if self._wish is not None:
            self._wish = replace(self._wish, cells={**self._wish.cells, cell: text})
            self._read()

    def _again_asked(self, at: int) -> None:
        """The earlier file beside the new plot."""
        if self._view is not None:
            self._context.host.go("recurrence", pairs_wish(self._view.again, at, "intake"))

    def _save_problems(self) -> None:
        work = self._work
        if work is None or self._wish is None:
            return
        start = str(self._wish.path.with_name(f"{self._wish.path.stem}_问题清单.xlsx"))
        path = self._context.prompts.save_file("存成问题清单", prompts.WORKBOOK, start)
        if path is None:
            return

        def done(number: int) -> None:
            self.messages.show_message("check", f"问题清单存好了，{number} 处。", f"在 {path}，可以发给下发清单的人。")

        self._context.jobs.run(
            Lane.FILES, lambda _progress: intake_work.save_problems(work, path), done, self.refused, owner=self
        )

    def _header_asked(self, number: int) -> None:
        if self._view is None or self._wish is None:
            return
        header = moved_header(self._view.header, number) if self._view.header[0] else (number, number)
        self._wish = replace(self._wish, header=header)
        self._read()

    def _column_corrected(self, letters: str, choice: str) -> None:
        if self._wish is not None:
            self._wish = replace(self._wish, columns={**self._wish.columns, letters: choice})
            self._read()

    def _expectation_changed(self, count: int | None, area: str) -> None:
        if self._wish is None:
            return
        wish = replace(self._wish, expected_count=count, expected_area=area)
        if wish != self._wish:
            self._wish = wish
            self._read()

    def _remember(self) -> None:
        work, context, by = self._work, self._context, self._context.actor_or(self.refused)
        if work is None or by is None:
            return

        def done(_changes: object) -> None:
            self.messages.show_message("check", "记住了，下次表头一样的清单就照这样对列。")

        context.jobs.write(
            lambda _progress: intake_work.remember(context.ledger, work, by), done, self.refused, owner=self
        )

    # -- writing

    def _run(self) -> None:
        work, view, context, by = self._work, self._view, self._context, self._context.actor_or(self.refused)
        if work is None or view is None or by is None:
            return
        partial = view.partial
        self.hold_focus()
        self._do.setEnabled(False)

        def write(progress: Progress) -> intake_work.Done:
            return intake_work.run(context.ledger, work, by, partial=partial, progress=progress)

        context.jobs.run(
            Lane.WRITE, write, self._imported, self._not_imported, owner=self, shown=_WRITE, cancelled=self._stopped
        )

    def _stopped(self) -> None:
        self._do.setEnabled(True)
        self.go_on(self._do)
        self.messages.show_message("info", "停下了，清单没有导入。台账和原来一样。")

    def _not_imported(self, error: GengdiError) -> None:
        self._do.setEnabled(True)
        self.go_on(self._do)
        self.messages.show_error(error)

    def _imported(self, done: intake_work.Done) -> None:
        self._drop_work()
        self._show_face(0)
        self._context.bus.tell(done.changes)
        look = button("看图斑", pressed=lambda: self._context.host.go("ledger", {}))
        back = button("撤回这次导入", "link", tone="seal", pressed=lambda: self._take_back(done.seq))
        self.messages.show_message("check", done.sentence, done.more, (look, back) if done.seq else (look,))
        self.go_on(look)

    def _take_back(self, seq: int, *, untouched: bool = False) -> None:
        context, by = self._context, self._context.actor_or(self.refused)
        if by is None:
            return

        def done(told: intake_work.TakenBack) -> None:
            context.bus.tell(told.changes)
            self.messages.show_message("check", told.sentence, "要再导入，重新选文件就行。")

        def refused(error: GengdiError) -> None:
            free = intake_work.untouched_plots(error)
            rest = button(f"撤回没改过的 {free} 个", pressed=lambda: self._take_back(seq, untouched=True))
            self.messages.show_error(error, (rest,) if free else ())

        def work(_progress: Progress) -> intake_work.TakenBack:
            return intake_work.take_back(context.ledger, seq, by, untouched=untouched)

        context.jobs.write(work, done, refused, owner=self)


def _promise(view: IntakeView) -> str:
    if view.questions:
        return "先把列对好，才能导入。"
    if view.seems_reissued:
        return "有图斑台账里已有，数不同。是重新下发的，请在上面选“……的重新下发”。"
    if view.blocked:
        return "和通知上的数对不上，先核对。"
    if not view.good:
        return "没有可以导入的行。"
    if view.refused:
        return f"{view.refused:,} 行留作“未入账”，总数仍按全部行核对。"
    return "导入后可以整个撤回。"
