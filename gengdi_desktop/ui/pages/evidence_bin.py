"""What was taken off plots: since when, why, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.models.rows_model import RowsModel, Shown
from gengdi_desktop.ui.pages.sections import Section
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button, label, row
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView


@dataclass(frozen=True)
class BinRow:
    """A file in the bin: its number, plot, stage, name, the day, the reason."""

    id: int
    plot: str
    stage: str
    name: str
    on: str
    reason: str


_COLUMNS: Final[tuple[Shown[BinRow], ...]] = (
    Shown(Column("plot", "图斑", 180, "text", "none", sortable=False, limit=320), lambda one: one.plot),
    Shown(Column("stage", "环节", 80, "text", "none", sortable=False), lambda one: one.stage),
    Shown(Column("name", "文件名", 200, "text", "none", sortable=False, limit=360), lambda one: one.name),
    Shown(Column("on", "拿下日期", 90, "text", "none", sortable=False), lambda one: one.on),
    Shown(Column("reason", "原因", 220, "text", "none", sortable=False, limit=420), lambda one: one.reason),
)


class EvidenceBin(Section):
    """The bytes are never thrown away here: what was taken off can always be put back."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.rows: tuple[BinRow, ...] = ()
        self._told = label("", wrap=True)
        self._back = button("放回", sign="restore", pressed=self.put_back)
        head = row(gap=8)
        head.addWidget(self._told, 1)
        head.addWidget(self._back)
        self.model: RowsModel[BinRow] = RowsModel(_COLUMNS, self)
        self.table = TableView("回收站", self.model, self.model.columns)
        self.body.addLayout(head)
        self.body.addWidget(self.table, 1)
        self.body.addStretch(0)

    def look(self) -> None:
        """Read what lies here."""
        ledger, today = self.context.ledger, self.context.facts.today

        def work(_progress: Progress) -> tuple[BinRow, ...]:
            from gengdi_desktop.evidence.bin import service as evidence_bin
            from gengdi_desktop.ledger import queries

            found = evidence_bin.removed(ledger)
            plots = {one.id: one for one in queries.plot_lines(ledger, [one.attachment.plot for one in found])}
            return tuple(
                BinRow(
                    one.attachment.id,
                    f"{plots[one.attachment.plot].village} {plots[one.attachment.plot].plot_no}",
                    one.attachment.stage.label, one.attachment.name, words.short_day(one.on, today), one.reason,
                )
                for one in found
            )  # fmt: skip

        self.context.jobs.read(work, self._show, self.page.messages.show_error, owner=self, newest="bin")

    def put_back(self) -> None:
        """Put the chosen files back to their plots."""
        by = self.context.actor_or(self.page.messages.show_error)
        rows = self.table.selected_rows() or ((0,) if self.rows else ())
        ids = [self.rows[at].id for at in rows if at < len(self.rows)]
        if by is None or not ids:
            return
        ledger = self.context.ledger

        def work(_progress: Progress) -> Changes:
            from gengdi_desktop.evidence.bin import service as evidence_bin

            return evidence_bin.put_back(ledger, ids, by=by)

        def done(changes: Changes) -> None:
            self.page.messages.show_message("check", f"已放回 {len(ids)} 个文件。", "按 Ctrl+Z 可以撤销。")
            self.context.bus.tell(changes)

        self.context.jobs.write(work, done, self.page.messages.show_error, owner=self)

    def _show(self, rows: tuple[BinRow, ...]) -> None:
        self.rows = rows
        self.model.show_rows(rows)
        self.table.fit_columns()
        self.table.setVisible(bool(rows))
        self._back.setVisible(bool(rows) and self.context.writable)
        self.counted.emit(len(rows))
        nothing = "回收站是空的。从图斑上拿下的照片会放在这里，随时可以放回。"
        self._told.setText("这些文件从图斑上拿下来了，原件还在台账文件夹里，选中后可以放回。" if rows else nothing)
        if rows and self.table.current_row() < 0:
            self.table.choose_row(0)
