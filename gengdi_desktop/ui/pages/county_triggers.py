"""Which units the county names for a talk, by its own limits; each leads to exactly the plots it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel, Shown
from gengdi_desktop.ui.pages import county_work
from gengdi_desktop.ui.pages.county_sections import CountySection, open_plots
from gengdi_desktop.ui.pages.county_view import CountyView
from gengdi_desktop.ui.pages.evidence_taking import undo_entry
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.fields import AreaField, LineField
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button, label, row
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from gengdi_desktop.consolidation.service import Named
    from gengdi_desktop.domain.triggers import TriggerLimits

_POINTS_WIDTH: Final = 64
_NAMED: Final[tuple[Shown[Named], ...]] = (
    Shown(Column("unit", "单位", 110, "text", "none", sortable=False, limit=180), lambda one: one.unit),
    Shown(Column("trigger", "情形", 120, "flags", "none", sortable=False, limit=150),
          lambda one: Cell(one.trigger.label, (Flag("warn", one.trigger.label, "soil"),))),
    Shown(Column("value", "现在", 110, "number", "none", sortable=False, limit=160),
          lambda one: words.figures(one.value)),
    Shown(Column("limit", "限值", 100, "number", "none", sortable=False, limit=160),
          lambda one: words.figures(one.limit)),
    Shown(Column("plots", "图斑", 60, "number", "none", sortable=False), lambda one: words.count(one.plots)),
    Shown(Column("sentence", "怎么算的", 420, "text", "none", sortable=False, limit=900),
          lambda one: words.figures(one.sentence)),
)  # fmt: skip


class TriggersSection(CountySection):
    """The limits above, as the county sets them; below, the units that are over one."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.rows: tuple[Named, ...] = ()
        self._limits: TriggerLimits | None = None
        self.points = LineField("进度落后多少个百分点")
        self.points.setFixedWidth(px(_POINTS_WIDTH))
        self.points.setAlignment(AreaField("").alignment())
        self.outflow, self.unlawful = AreaField("新流出多少亩"), AreaField("违法占耕多少亩")
        self.source = LineField("依据的文件", hint="哪个文件定的，可以不写")
        self.save = button("存下限值", pressed=self.set_limits)
        sheet = Sheet("限值", "县里定，通知里没有写数；超过的列在下面，空着的不判")
        line = row(gap=8)
        for name, field, unit in (
            ("进度落后", self.points, "个百分点"),
            ("新流出", self.outflow, "亩"),
            ("违法占耕", self.unlawful, "亩"),
        ):
            for part in (label(name, "label"), field, label(unit, "label")):
                line.addWidget(part)
            line.addSpacing(px(8))
        line.addWidget(self.source, 1)
        line.addWidget(self.save)
        sheet.body.addLayout(line)
        for field in (self.points, self.outflow, self.unlawful, self.source):
            field.setReadOnly(not context.writable)
            field.returnPressed.connect(self.set_limits)
        self.save.setVisible(context.writable)
        self._told = label("", "value", "ink", wrap=True)
        self.model: RowsModel[Named] = RowsModel(_NAMED, self)
        self.table = TableView("达到约谈情形的单位", self.model, self.model.columns)
        self.table.row_opened.connect(self.open)
        self.table.row_chosen.connect(self._tell)
        self._sheet = Sheet(pad=1)
        self._sheet.body.addWidget(self.table, 1)
        self._whole = label("", "value", "ink", wrap=True)
        self._go = button("看这些图斑", "link", "right", pressed=lambda: self.open(self.table.current_row()))
        self._foot = row(gap=8)
        self._foot.addWidget(self._whole, 1)
        self._foot.addWidget(self._go)
        self.body.addWidget(sheet)
        self.body.addWidget(self._told)
        self.body.addWidget(self._sheet, 1)
        self.body.addLayout(self._foot)
        self.body.addStretch(0)
        for hidden in (self._sheet, self._go):
            hidden.hide()

    # -- what is shown

    def show_view(self, view: CountyView) -> None:
        """Show who is named now; what is half typed in the limits stays."""
        found = view.triggers
        if found is None:
            return
        if found.limits != self._limits:
            self._limits = found.limits
            self._show_limits(found.limits)
        told = "三项都没有定限值，没有判。" if not found.limits.judged else words.figures(found.sentence)
        self._told.setText(told + "".join(found.unjudged))
        here = self.table.current_row()
        self.rows = found.named
        self.model.show_rows(self.rows)
        self.table.fit_columns()
        for part in (self._sheet, self._go, self._whole):
            part.setVisible(bool(self.rows))
        self.counted.emit(len({one.unit for one in self.rows}))
        if self.rows:
            self.table.choose_row(min(max(here, 0), len(self.rows) - 1))
            self._tell(self.table.current_row())

    def _show_limits(self, limits: TriggerLimits) -> None:
        self.points.setText("" if limits.behind_points is None else str(limits.behind_points))
        for field, area in ((self.outflow, limits.new_outflow), (self.unlawful, limits.unlawful)):
            field.setText("" if area is None else area.spoken())
        self.source.setText(limits.source)

    def _tell(self, at: int) -> None:
        if 0 <= at < len(self.rows):
            one = self.rows[at]
            self._whole.setText(words.figures(f"{one.unit}：{one.trigger.label}。{one.sentence}"))

    # -- what is done

    def open(self, at: int) -> None:
        """The first of its plots; the others are one step away."""
        if not 0 <= at < len(self.rows):
            return
        one, ledger = self.rows[at], self.context.ledger

        def show(plots: tuple[str, ...]) -> None:
            if plots:
                open_plots(self.context, plots, plots[0], f"{one.unit} {one.trigger.label}")

        self.context.jobs.read(
            lambda _progress: county_work.read_evidence(ledger, one), show, self.page.refused, owner=self
        )

    def set_limits(self) -> None:
        """Put other limits in force, as one entry."""
        by, ledger = self.context.actor_or(self.page.refused), self.context.ledger
        if by is None:
            return
        try:
            given = county_work.limits_typed(
                self.points.text(), self._area(self.outflow), self._area(self.unlawful), self.source.text()
            )
        except RuleError as error:
            self.page.refused(error)
            return

        def done(changes: Changes) -> None:
            undo = button("撤销", pressed=lambda: undo_entry(self.context, self.page.messages, changes, "限值已撤回。"))
            self.page.messages.show_message("check", "限值存下了。", "", (undo,))
            self.context.bus.tell(changes)

        self.page.hold_focus()
        self.context.jobs.write(
            lambda _progress: county_work.set_limits(ledger, given, by), done, self.page.refused, owner=self
        )

    def _area(self, field: AreaField) -> Area | None:
        try:
            return field.area()
        except RuleError:
            field.setFocus()
            raise
