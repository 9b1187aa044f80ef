"""The parts beside a package's head: whom to believe after a telephone call, and what taking in would do, by counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.models.rows_model import RowsModel, Shown
from gengdi_desktop.ui.pages.exchange_view import SaidGroup, SaidRow
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
    """Counts that can be pressed, and the rows of the one that was; a row that is opened leads to its plot."""

    def __init__(self, opened: Callable[[tuple[str, ...], str, str], object]) -> None:
        super().__init__("收下会怎样", "点一项看是哪些图斑")
        self._opened = opened
        self._groups: Sequence[SaidGroup] = ()
        self._buttons: QButtonGroup | None = None
        self._heads = column(gap=4)
        self._told = label("", "value", wrap=True)
        self._place = QVBoxLayout()
        self._nothing = label("", "small", wrap=True)
        self.body.addLayout(self._heads)
        self.body.addWidget(self._told)
        self.body.addLayout(self._place, 1)
        self.body.addStretch(0)
        self.body.addWidget(self._nothing)
        self.table: TableView | None = None
        self.group: SaidGroup | None = None

    def show_said(self, groups: Sequence[SaidGroup], nothing: str) -> None:
        """Show the counts; the gravest is open."""
        self._groups = groups
        clear(self._heads)
        self._buttons = QButtonGroup(self)
        across = row(gap=4)
        chosen = self.group.code if self.group is not None else ""
        for at, one in enumerate(groups):
            head = button(f"{one.word} {words.count(one.count)}", "tool", pressed=partial(self.choose, one.code))
            head.setCheckable(True)
            head.setAccessibleName(f"{one.word} {words.count(one.count)} {one.unit}")
            self._buttons.addButton(head, at)
            across.addWidget(head)
        across.addStretch(1)
        self._heads.addLayout(across)
        self._nothing.setText(nothing)
        self._nothing.setVisible(bool(nothing))
        codes = [one.code for one in groups]
        wanted = (
            chosen if chosen in codes else next((one.code for one in groups if one.tone), codes[0] if codes else "")
        )
        self.choose(wanted)

    def choose(self, code: str) -> None:
        """Open the rows of one count."""
        self.group = next((one for one in self._groups if one.code == code), None)
        clear(self._place)
        self.table = None
        self._told.setVisible(self.group is not None)
        if self.group is None or self._buttons is None:
            return
        self._buttons.button(self._groups.index(self.group)).setChecked(True)
        more = f"这里列出前 {words.count(len(self.group.rows))} 行。" if self.group.more else ""
        self._told.setText(f"{self.group.told}{more}")
        if self.group.rows:
            self._place.addWidget(self._table(self.group))

    def _table(self, group: SaidGroup) -> QWidget:
        columns = _columns(group)
        model: RowsModel[SaidRow] = RowsModel(columns)
        model.show_rows(group.rows)
        table = TableView(group.word, model, model.columns)
        model.setParent(table)
        table.setMinimumHeight(px(28) + px(23) * min(len(group.rows), _LEAST_ROWS) + 4)
        table.fit_columns()
        table.row_opened.connect(self._open)
        self.table = table
        return table

    def _open(self, at: int) -> None:
        group = self.group
        if group is None or not 0 <= at < len(group.rows) or not group.rows[at].plot:
            return
        plots = tuple(dict.fromkeys(one.plot for one in group.rows if one.plot))
        self._opened(plots, f"收包：{group.word}", group.rows[at].plot)


def _columns(group: SaidGroup) -> tuple[Shown[SaidRow], ...]:
    """A plot and a field; the two values where there are two, else why or how much."""
    name = Shown[SaidRow](Column("name", "图斑", 150, "text", "none", sortable=False, limit=260), lambda one: one.name)
    if group.code == "new":
        return (name,)
    if group.code == "photos":
        return (name, Shown(Column("field", "缺哪张", 200, "text", "none", sortable=False), lambda one: one.field))
    if group.code in ("refused", "deleted"):
        why = "为什么不收" if group.code == "refused" else "对方那里"
        reason = Column("theirs", why, 260, "text", "none", sortable=False, limit=620)
        return (name, Shown(reason, lambda one: one.theirs))
    return (
        name,
        Shown(Column("field", "哪一项", 96, "text", "none", sortable=False, limit=150), lambda one: one.field),
        Shown(Column("mine", "本台现在", 140, "text", "none", sortable=False, limit=260), lambda one: one.mine or "—"),
        Shown(
            Column("theirs", "对方的", 140, "text", "none", sortable=False, limit=260), lambda one: one.theirs or "—"
        ),
    )
