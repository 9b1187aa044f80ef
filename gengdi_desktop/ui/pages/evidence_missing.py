"""Files of the ledger's folder that are gone or damaged: by plot and name, with what can be done about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel
from gengdi_desktop.ui.models.rows_model import Shown as ShownColumn
from gengdi_desktop.ui.pages.sections import Section
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button, label, row
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

_WHAT: Final = {"file_missing": "文件不见了", "file_damaged": "文件损坏"}
_AWAITED: Final = "file_awaited"


@dataclass(frozen=True)
class BadRow:
    """One file of a plot that cannot be used: the plot, its name, the stage, the file's name, what is wrong.

    ``awaited`` is from whom it is still to come: nothing is wrong with such a file.
    """

    plot: str
    village: str
    number: str
    stage: str
    name: str
    what: str
    awaited: str = ""


_COLUMNS: Final[tuple[ShownColumn[BadRow], ...]] = (
    ShownColumn(Column("village", "村", 180, "text", "none", sortable=False, limit=300), lambda one: one.village),
    ShownColumn(Column("number", "图斑编号", 110, "text", "none", sortable=False), lambda one: one.number),
    ShownColumn(Column("stage", "环节", 90, "text", "none", sortable=False), lambda one: one.stage),
    ShownColumn(Column("name", "文件名", 220, "text", "none", sortable=False, limit=420), lambda one: one.name),
    ShownColumn(
        Column("what", "怎么了", 120, "text", "none", sortable=False, limit=300),
        lambda one: Cell(one.what, ink="soil" if one.awaited else "seal"),
    ),
)  # fmt: skip


class EvidenceMissing(Section):
    """Every kept file is read to the end and compared with its hash: that takes a while, so it is asked for."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self._told = label("", wrap=True)
        self._go = button("逐个核对", sign="search", pressed=self.check)
        head = row(gap=8)
        head.addWidget(self._told, 1)
        head.addWidget(self._go)
        self.model: RowsModel[BadRow] = RowsModel(_COLUMNS, self)
        self.table = TableView("缺失和损坏的文件", self.model, self.model.columns)
        self.table.row_opened.connect(self._open)
        self.body.addLayout(head)
        self.body.addWidget(self.table, 1)
        self.body.addStretch(0)
        self.rows: tuple[BadRow, ...] = ()
        self._checked = False
        self._tell()

    def check(self) -> None:
        """Read every file; what is gone or changed is listed."""
        ledger = self.context.ledger

        def work(progress: Progress) -> tuple[BadRow, ...]:
            from gengdi_desktop.evidence import service as evidence
            from gengdi_desktop.evidence.records import awaited_told
            from gengdi_desktop.ledger import queries

            # What is damaged first: what is still to come needs nobody.
            found = sorted(evidence.missing_files(ledger, progress), key=lambda one: one.code == _AWAITED)
            plots = {one.id: one for one in queries.plot_lines(ledger, [one.attachment.plot for one in found])}
            return tuple(
                BadRow(
                    one.attachment.plot, plots[one.attachment.plot].village, plots[one.attachment.plot].plot_no,
                    one.attachment.stage.label, one.attachment.name,
                    awaited_told(one.awaited_from) if one.awaited_from else _WHAT.get(one.code, one.message),
                    one.awaited_from,
                )
                for one in found
            )  # fmt: skip

        self._go.setEnabled(False)
        self._told.setText("正在逐个核对台账文件夹里的照片和材料。")
        self.context.jobs.run(
            Lane.FILES, work, self._show, self.page.messages.show_error, owner=self, cancelled=self._stopped,
            shown=Shown("核对照片", "个", "只是核对，取消不影响任何文件。"),
        )  # fmt: skip

    def _stopped(self) -> None:
        self._go.setEnabled(True)
        self._tell()

    def _show(self, rows: tuple[BadRow, ...]) -> None:
        self.rows, self._checked = rows, True
        self.model.show_rows(rows)
        self.table.fit_columns()
        self._go.setEnabled(True)
        self.counted.emit(len(rows))
        self._tell()

    def _tell(self) -> None:
        self.table.setVisible(bool(self.rows))
        bad = sum(not one.awaited for one in self.rows)
        coming = len(self.rows) - bad
        if self.rows:
            told = f"有 {words.count(bad)} 个文件用不了。台账里的记录都在，请从备份里找回这些文件。" if bad else ""
            told += f"有 {words.count(coming)} 个待补：包里写着、文件还没送来，收下下一个包就有了。" if coming else ""
        elif self._checked:
            told = "照片和材料都在，内容和收下时一样。"
        else:
            told = "逐个读一遍台账文件夹里的照片和材料，看有没有少的、坏的。照片多时要几分钟。"
        self._told.setText(told)

    def _open(self, at: int) -> None:
        self.context.trail.follow([one.plot for one in self.rows], "缺失和损坏", "evidence")
        self.context.host.go("plot", {"plot": self.rows[at].plot})
