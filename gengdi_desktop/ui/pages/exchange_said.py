"""The parts beside a package's head: whom to believe after a telephone call, and what taking in would do, by counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, get_args

from PySide6.QtWidgets import QButtonGroup, QPushButton

from gengdi_desktop.ui import words
from gengdi_desktop.ui.models.rows_model import RowsModel, Shown
from gengdi_desktop.ui.pages.exchange_view import GroupCode, SaidGroup, SaidRow
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fingerprint import fingerprint_block
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, row
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView
from gengdi_desktop.ui.widgets.tick_box import TickBox

if TYPE_CHECKING:
    from gengdi_desktop.signing.certificates import Certificate

_LEAST_ROWS: Final = 7


class TrustSheet(Sheet):
    """Two steps without a dialog: tick that all groups are the same, then press."""

    def __init__(self, trusted: Callable[[], object], *, writable: bool) -> None:
        super().__init__("核对指纹", "有一组对不上就不要信任")
        self._writable = writable
        self._told = label("", "value", wrap=True)
        self._groups = column(gap=0)
        self.tick = TickBox("十六组都和对方念的一样")
        self.tick.setAccessibleName(self.tick.text())
        self.press = button("已核对一致，信任", sign="key", pressed=trusted)
        self.press.setToolTip("先勾上“十六组都一样”")
        self.tick.toggled.connect(lambda same: self.press.setEnabled(same and self._writable))
        self.body.addWidget(self._told)
        self.body.addLayout(self._groups)
        self.body.addLayout(row(self.tick, None, self.press, gap=8))

    def ask(self, certificate: Certificate) -> None:
        """Show the groups of a certificate; nothing is ticked yet."""
        self.tick.setChecked(False)
        self.press.setEnabled(False)
        clear(self._groups)
        self._groups.addWidget(fingerprint_block(certificate.fingerprint_groups))
        who = certificate.person
        self._told.setText(
            f"打包的是{certificate.subject}。请用您自己知道的号码打给{who}，请{who}从左到右、从上到下一组一组念，您对着看。"
        )


class SaidSheet(Sheet):
    """Counts that can be pressed, and the rows of the one that was; a row that is opened leads to its plot.

    All controls are made once and filled for each package: those made later would come last for the Tab key.
    """

    def __init__(self, opened: Callable[[tuple[str, ...], str, str], object]) -> None:
        super().__init__("收下会怎样", " ")
        self._opened = opened
        self._groups: Sequence[SaidGroup] = ()
        self.group: SaidGroup | None = None
        self.table: TableView | None = None
        self.heads: dict[str, QPushButton] = {}
        across = row(gap=4)
        together = QButtonGroup(self)
        for code in get_args(GroupCode):
            head = button(code, "tool", pressed=partial(self.choose, code))
            head.setCheckable(True)
            together.addButton(head)
            self.heads[code] = head
            across.addWidget(head)
        across.addStretch(1)
        self._told = label("", "value", wrap=True)
        self._nothing = label("", "small", wrap=True)
        self.body.addLayout(across)
        self.body.addWidget(self._told)
        self._models: dict[tuple[str, ...], RowsModel[SaidRow]] = {}
        self._tables: dict[tuple[str, ...], TableView] = {}
        for codes, columns in _TABLES.items():
            model: RowsModel[SaidRow] = RowsModel(columns, self)
            table = TableView("收下会怎样", model, model.columns)
            table.row_opened.connect(self._open)
            self._models[codes], self._tables[codes] = model, table
            self.body.addWidget(table, 1)
        self.body.addStretch(0)
        self.body.addWidget(self._nothing)
        self.show_said((), "")

    def show_said(self, groups: Sequence[SaidGroup], nothing: str) -> None:
        """Show the counts; the one that was open stays so, else the gravest is."""
        self._groups = groups
        self.set_note("点一项看是哪些图斑" if groups else "")
        told = {one.code: one for one in groups}
        for code, head in self.heads.items():
            one = told.get(code)  # type: ignore[call-overload]
            head.setVisible(one is not None)
            if one is not None:
                head.setText(f"{one.word} {words.count(one.count)}")
                head.setAccessibleName(f"{one.word} {words.count(one.count)} {one.unit}")
        self._nothing.setText(nothing)
        self._nothing.setVisible(bool(nothing))
        before = self.group.code if self.group is not None else ""
        gravest = next((one.code for one in groups if one.tone), groups[0].code if groups else "")
        self.choose(before if before in told else gravest)

    def choose(self, code: str) -> None:
        """Open the rows of one count."""
        group = self.group = next((one for one in self._groups if one.code == code), None)
        self._told.setVisible(group is not None)
        self.table = None
        for codes, table in self._tables.items():
            here = group is not None and bool(group.rows) and code in codes
            table.setVisible(here)
            if group is not None and here:
                self._models[codes].show_rows(group.rows)
                table.right.setAccessibleName(group.word)
                table.setMinimumHeight(px(28) + px(23) * min(len(group.rows), _LEAST_ROWS) + 4)
                table.fit_columns()
                self.table = table
        if group is not None:
            self.heads[code].setChecked(True)
            more = f"这里列出前 {words.count(len(group.rows))} 行。" if group.more else ""
            self._told.setText(f"{group.told}{more}")

    def _open(self, at: int) -> None:
        group = self.group
        if group is None or not 0 <= at < len(group.rows) or not group.rows[at].plot:
            return
        plots = tuple(dict.fromkeys(one.plot for one in group.rows if one.plot))
        self._opened(plots, f"收包：{group.word}", group.rows[at].plot)


def _text(key: str, title: str, width: int, limit: int, cell: Callable[[SaidRow], str]) -> Shown[SaidRow]:
    return Shown(Column(key, title, width, "text", "none", sortable=False, limit=limit), cell)


_NAME: Final = _text("name", "图斑", 150, 260, lambda one: one.name)
_TABLES: Final[Mapping[tuple[str, ...], tuple[Shown[SaidRow], ...]]] = {
    ("new",): (_NAME,),
    ("changed", "conflicts"): (
        _NAME,
        _text("field", "哪一项", 96, 150, lambda one: one.field),
        _text("mine", "本台现在", 140, 260, lambda one: one.mine or words.NOTHING),
        _text("theirs", "对方的", 140, 260, lambda one: one.theirs or words.NOTHING),
    ),
    ("photos",): (_NAME, _text("field", "缺哪张", 200, 420, lambda one: one.field)),
    ("deleted", "refused"): (_NAME, _text("theirs", "为什么", 260, 620, lambda one: one.theirs)),
}
"""By the counts that they are for: the columns of a table."""
