"""What was packed: which file to hand to whom, its hash to compare, and the folder it lies in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gengdi_desktop.ui.models.rows_model import RowsModel, Shown
from gengdi_desktop.ui.pages.exchange_view import PackedAll, PackedView, gigabytes, groups_of
from gengdi_desktop.ui.widgets.folder_button import folder_button
from gengdi_desktop.ui.widgets.form import FactGrid
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, mark, row
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

_COLUMNS: Final[tuple[Shown[PackedView], ...]] = (
    Shown(Column("receiver", "交给", 140, "text", "none", sortable=False, limit=220), lambda one: one.receiver),
    Shown(Column("name", "文件", 220, "text", "none", sortable=False, limit=420), lambda one: one.name),
    Shown(Column("size", "大小", 72, "number", "none", sortable=False), lambda one: gigabytes(one.size)),
    Shown(Column("told", "说明", 120, "text", "none", sortable=False, limit=320), lambda one: one.told or "—"),
)


class PackedSheet(Sheet):
    """One package in full, several as a list; then again from the start."""

    def __init__(self, again: Callable[[], object]) -> None:
        super().__init__("包已经写好", "")
        self._content = column(gap=8)
        self._open = row(gap=0)
        self._hash = label("")
        self.again = button("再打一个包", sign="plus", pressed=again)
        self.body.addLayout(self._content, 1)
        self.body.addLayout(row(self._open, self.again, None, gap=8))

    def show_packed(self, made: PackedAll) -> None:
        """Show what was written."""
        clear(self._content)
        clear(self._open)
        several = len(made.packed) > 1
        what = (
            f"{len(made.packed)} 个包都写好、读回来核对过了。每个乡镇交它自己的那一个。"
            if several
            else f"写好、读回来核对过了。把这个文件交给{made.packed[0].receiver}。"
            if made.packed
            else "没有写成一个包。"
        )
        head = row(gap=8)
        head.addWidget(mark("check" if made.packed else "stop", "land" if made.packed else "seal", 18))
        head.addWidget(label(what, "body", wrap=True), 1)
        self._content.addLayout(head)
        if several:
            self._content.addWidget(self._table(made), 1)
            self._content.addWidget(self._hash)
        elif made.packed:
            self._content.addWidget(_facts(made, made.packed[0]))
            self._content.addStretch(1)
        told = "拔 U 盘前先弹出。对方收到后，可以在电话里核对文件名和 SHA-256；改文件名没有关系，内容不能动。"
        self._content.addWidget(label(told, "small", wrap=True))
        self._open.addWidget(folder_button(made.folder))
        self.setAccessibleName(what)

    def _table(self, made: PackedAll) -> TableView:
        """The list; under it the hash of the one that is chosen, whole."""
        model: RowsModel[PackedView] = RowsModel(_COLUMNS)
        model.show_rows(made.packed)
        table = TableView("写好的包", model, model.columns)
        model.setParent(table)
        table.fit_columns()
        self._hash = hashed = label("", "value", wrap=True)

        def chosen(at: int) -> None:
            if 0 <= at < len(made.packed):
                hashed.setText(f"{made.packed[at].name}　SHA-256　{groups_of(made.packed[at].sha256)}")

        table.row_chosen.connect(chosen)
        table.choose_row(0)
        return table


def _facts(made: PackedAll, one: PackedView) -> FactGrid:
    grid = FactGrid()
    facts = [
        ("文件", one.name),
        ("放在", str(made.folder)),
        ("大小", gigabytes(one.size)),
        ("交给", one.receiver),
        ("SHA-256", groups_of(one.sha256)),
    ]
    grid.show_facts([*facts, ("说明", one.told)] if one.told else facts)
    return grid
