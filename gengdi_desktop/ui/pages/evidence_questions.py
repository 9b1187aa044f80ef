"""The questions of the whole ledger by kind: how many, what is asked, one press to exactly those photos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.models.rows_model import RowsModel
from gengdi_desktop.ui.models.rows_model import Shown as ShownColumn
from gengdi_desktop.ui.pages.sections import Section
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import boxed, button, clear, column, label, row
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

_KINDS: Final = 210


@dataclass(frozen=True)
class AskedRow:
    """An open question: the kind's code and word, the plot and its name, the attachment, what is asked.

    ``twin`` is another use of the same picture: the attachment and how its place is called; 0 and empty for none.
    """

    code: str
    word: str
    plot: str
    name: str
    attachment: int
    sentence: str
    twin: tuple[int, str] = (0, "")


@dataclass(frozen=True)
class AskedView:
    """All open questions, and how many photos were not compared yet with the others."""

    rows: tuple[AskedRow, ...]
    waiting: int


_COLUMNS: Final[tuple[ShownColumn[AskedRow], ...]] = (
    ShownColumn(Column("name", "图斑", 150, "text", "none", sortable=False, limit=260), lambda one: one.name),
    ShownColumn(Column("word", "疑问", 130, "text", "none", sortable=False, limit=200), lambda one: one.word),
    ShownColumn(
        Column("sentence", "说的是什么", 380, "text", "none", sortable=False, limit=900), lambda one: one.sentence
    ),
)


class EvidenceQuestions(Section):
    """Kinds at the left, their photos at the right; Enter opens the photo with its field for the answer."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.view = AskedView((), 0)
        self.kind = ""
        self._told = label("", wrap=True)
        self._compare = button("比对照片", sign="copy", pressed=self.compare)
        self._beside = button("并排看", "link", "columns", pressed=self.compare_pair)
        self._beside.hide()
        head = row(gap=8)
        head.addWidget(self._told, 1)
        head.addWidget(self._beside)
        head.addWidget(self._compare)
        self._kinds = column(gap=2)
        kinds = boxed(column(self._kinds, None, gap=0))
        kinds.setFixedWidth(px(_KINDS))
        self.model: RowsModel[AskedRow] = RowsModel(_COLUMNS, self)
        self.table = TableView("照片的疑问", self.model, self.model.columns)
        self.table.row_opened.connect(self.open)
        self.table.row_chosen.connect(lambda _row: self._offer_pair())
        parts = row(gap=12)
        parts.addWidget(kinds)
        parts.addWidget(self.table, 1)
        self._parts = boxed(parts)
        self.body.addLayout(head)
        self.body.addWidget(self._parts, 1)
        self.body.addStretch(0)
        key = QShortcut(QKeySequence("F6"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(lambda: self.table.choose_row((self.table.current_row() + 1) % max(len(self.shown), 1)))

    def look(self) -> None:
        """Ask the whole ledger: that takes seconds in a large one, so it does not stand in the reading lane."""
        ledger = self.context.ledger

        def work(progress: Progress) -> AskedView:
            from gengdi_desktop.evidence.likeness.service import waiting
            from gengdi_desktop.evidence.questions.service import questions
            from gengdi_desktop.ledger import queries

            found = [one for one in questions(ledger, progress=progress) if one.open]
            plots = {one.id: one for one in queries.plot_lines(ledger, list(dict.fromkeys(one.plot for one in found)))}
            names = {plot: f"{one.village} {one.plot_no}" for plot, one in plots.items()}
            rows = (
                AskedRow(
                    one.code.value,
                    one.code.label,
                    one.plot,
                    names[one.plot],
                    one.attachment,
                    one.sentence,
                    next(((twin.attachment, twin.name) for twin in one.beside), (0, "")),
                )
                for one in found
            )
            return AskedView(tuple(rows), waiting(ledger))

        self.context.jobs.run(
            Lane.FILES, work, self.show_view, self.page.messages.show_error, owner=self, newest="questions"
        )

    @property
    def shown(self) -> tuple[AskedRow, ...]:
        """The rows of the kind in front, or all."""
        return tuple(one for one in self.view.rows if self.kind in ("", one.code))

    def show_view(self, view: AskedView) -> None:
        """Show what is asked."""
        self.view = view
        self.counted.emit(len(view.rows))
        counts = Counter(one.code for one in view.rows)
        if self.kind not in counts:
            self.kind = ""
        self._show_kinds(counts, {one.code: one.word for one in view.rows})
        self._parts.setVisible(bool(view.rows))
        self._compare.setVisible(bool(view.waiting) and self.context.writable)
        told = "这些是请您看一眼的地方，不是结论。打开照片，写一句情况就行。" if view.rows else "照片没有要问的。"
        if view.waiting:
            told += f"有 {words.count(view.waiting)} 张还没有和别的照片比对过。"
        self._told.setText(told)
        self._show_rows()

    def choose(self, kind: str) -> None:
        """Only the questions of one kind; empty shows all."""
        self.kind = kind
        self.show_view(self.view)

    def open(self, at: int) -> None:
        """The photo with its question."""
        rows = self.shown
        if 0 <= at < len(rows):
            plots = list(dict.fromkeys(one.plot for one in rows))
            self.context.trail.follow(plots, "照片疑问", "evidence")
            self._go(rows[at])

    def compare_pair(self) -> None:
        """The photo of the current row beside the other use of the same picture."""
        at = self.table.current_row()
        if 0 <= at < len(self.shown):
            self._go(self.shown[at], twin=str(self.shown[at].twin[0]))

    def _go(self, one: AskedRow, **more: str) -> None:
        wish = {"plot": one.plot, "photo": str(one.attachment), "back": "evidence", **more}
        self.context.host.go("photo", wish)

    def _offer_pair(self) -> None:
        """Where the same picture stands elsewhere, one press lays both side by side."""
        at = self.table.current_row()
        name = self.shown[at].twin[1] if 0 <= at < len(self.shown) else ""
        self._beside.setText(f"\u2005和“{name}”并排看")
        self._beside.setAccessibleName(f"和“{name}”的那张并排看")
        self._beside.setVisible(bool(name))

    def compare(self) -> None:
        """Compare the photos that were not compared yet; cancelling keeps what is done."""
        ledger = self.context.ledger

        def work(progress: Progress) -> None:
            from gengdi_desktop.evidence.likeness.service import compare

            compare(ledger, progress)

        self._compare.setEnabled(False)
        self.context.jobs.run(
            Lane.FILES, work, lambda _none: self._compared(), self._refused, owner=self, cancelled=self._compared,
            shown=Shown("比对照片", "张", "已经比对的都留着，下次接着比。"),
        )  # fmt: skip

    def _refused(self, error: GengdiError) -> None:
        self._compare.setEnabled(True)
        self.page.messages.show_error(error)

    def _compared(self) -> None:
        self._compare.setEnabled(True)
        self.look()

    def _show_kinds(self, counts: Mapping[str, int], named: Mapping[str, str]) -> None:
        clear(self._kinds)
        total = sum(counts.values())
        for code, word, count in (("", "全部", total), *((code, named[code], counts[code]) for code in counts)):
            press = button(f"{word} {words.count(count)}", "nav", pressed=partial(self.choose, code))
            press.setCheckable(True)
            press.setChecked(code == self.kind)
            self._kinds.addWidget(press)

    def _show_rows(self) -> None:
        self.model.show_rows(self.shown)
        self.table.fit_columns()
        if self.shown and self.table.current_row() < 0:
            self.table.choose_row(0)
        self._offer_pair()
