"""Above the table: what of a block does not fit and why, and what an edit still asks; nothing covers the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Signal

from gengdi_desktop.ui import words
from gengdi_desktop.ui.editing.blocks import Unfit
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel, Shown
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import LineField
from gengdi_desktop.ui.widgets.growing_panel import GrowingPanel
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, mark, row, set_style
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

REASON, DOCUMENT = "reason", "document_number"
_ROWS_IN_SIGHT: Final = 6
_ASKED: Final = {REASON: "原因", DOCUMENT: "文号"}
_SHOWN: Final[tuple[Shown[Unfit], ...]] = (
    Shown(
        Column("row", "行", 48, "number", "none", sortable=False),
        lambda one: Cell(words.count(one.row + 1) if one.row >= 0 else words.NOTHING, ink="ink3"),
    ),
    Shown(
        Column("plot", "图斑", 120, "text", "none", sortable=False, limit=260), lambda one: one.plot or words.NOTHING
    ),
    Shown(Column("column", "列", 90, "text", "none", sortable=False), lambda one: one.column or words.NOTHING),
    Shown(
        Column("text", "要填的", 130, "text", "none", sortable=False, limit=220),
        lambda one: " ".join(one.text.split()) or "（清空）",
    ),
    Shown(Column("why", "为什么放不进去", 320, "text", "none", sortable=False), lambda one: one.why),
)


class EditPanel(GrowingPanel):
    """Empty it takes no room. Esc puts it away, and nothing is changed then. Signal: it has gone."""

    gone = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("message", "soil")
        self.setAccessibleName("改之前先看")
        self._asked: dict[str, LineField] = {}
        self._wrong = label("", "small", "seal", wrap=True)
        self._away: Callable[[], object] = _nothing
        self.hide()

    def show_misfits(
        self, what: str, unfit: Sequence[Unfit], asks: frozenset[str], verb: str, go: Callable[[dict[str, str]], object]
    ) -> None:
        """Show what does not fit, and what is still asked.

        Args:
            what: One sentence: how much fits, how much does not.
            unfit: The cells that keep their value.
            asks: ``reason`` and ``document_number`` as far as they are wanted.
            verb: The words of the main button; empty where nothing fits.
            go: Called with what was asked for.
        """
        self.clear()
        set_style(self, "message", "soil")
        self.setAccessibleName(what)
        head = row(mark("warn", "soil", 18), label(what, wrap=True), gap=10)
        head.setStretch(1, 1)
        self._lay.addLayout(head)
        if unfit:
            self._lay.addWidget(self._table(unfit))
        foot = row(gap=8)
        for key in (one for one in (REASON, DOCUMENT) if one in asks):
            field = LineField(_ASKED[key])
            field.setMinimumWidth(px(220 if key == REASON else 170))
            field.setMaximumWidth(px(480 if key == REASON else 170))
            field.returnPressed.connect(lambda: self._go(go))
            self._asked[key] = field
            foot.addWidget(label(_ASKED[key], "label"))
            foot.addWidget(field, 1 if key == REASON else 0)
        self._wrong = label("", "small", "seal")
        foot.addWidget(self._wrong, 1 if not asks else 0)
        foot.addStretch(0)
        leave = button("不改了", pressed=self.put_away)
        foot.addWidget(leave)
        main = button(verb, "main", pressed=lambda: self._go(go)) if verb else leave
        if verb:
            foot.addWidget(main)
        self._lay.addLayout(foot)
        self.show()
        next(iter(self._asked.values()), main).setFocus()

    def show_offer(
        self, what: str, more: str, accept: tuple[str, Callable[[], object]], away: Callable[[], object]
    ) -> None:
        """Offer something that was not saved: take it up, or let it go."""
        self.clear()
        set_style(self, "message", "sky")
        self.setAccessibleName(f"{what}{more}")
        self._away = away
        told = column(label(what, wrap=True), label(more, "label", "ink", wrap=True), gap=2)
        head = row(mark("info", "sky", 18), gap=10)
        head.addLayout(told, 1)
        head.addWidget(button(accept[0], "main", pressed=lambda: self._take(accept[1])))
        head.addWidget(button("不要了", pressed=self.put_away))
        self._lay.addLayout(head)
        self.show()

    @property
    def open(self) -> bool:
        """Whether something stands here."""
        return not self.isHidden()

    def put_away(self) -> None:
        """Go; what was offered is let go."""
        away = self._away
        self.clear()
        away()
        self.gone.emit()

    def clear(self) -> None:
        """Take everything out."""
        self._asked = {}
        self._away = _nothing
        clear(self._lay)
        self.hide()

    def _take(self, call: Callable[[], object]) -> None:
        self.clear()
        self.gone.emit()
        call()

    def _go(self, go: Callable[[dict[str, str]], object]) -> None:
        given = {key: field.text().strip() for key, field in self._asked.items()}
        lacking = [_ASKED[key] for key, text in given.items() if not text]
        if lacking:
            self._wrong.setText(f"还没有填{'和'.join(lacking)}。")
            return
        self.clear()
        self.gone.emit()
        go(given)

    @staticmethod
    def _table(unfit: Sequence[Unfit]) -> TableView:
        model: RowsModel[Unfit] = RowsModel(_SHOWN)
        model.show_rows(unfit)
        table = TableView("放不进去的格子", model, model.columns)
        model.setParent(table)
        table.fit_columns()
        table.setFixedHeight(px(28) + px(23) * min(len(unfit), _ROWS_IN_SIGHT) + 12)
        return table


def _nothing() -> None:
    """What putting the panel away does where nothing was offered."""
