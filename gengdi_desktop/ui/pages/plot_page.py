"""The page of one plot: everything that is known of it, what may be done, and the next one a key away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.pages.plot_again import PlotAgain
from gengdi_desktop.ui.pages.plot_card_view import OwnRow, PlotPageView, read_plot_page
from gengdi_desktop.ui.pages.plot_facts import PlotView, ordered, verb
from gengdi_desktop.ui.pages.plot_photos import PlotPhotos
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.badge import badge_line
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.form import FactGrid
from gengdi_desktop.ui.widgets.journal_list import JournalList
from gengdi_desktop.ui.widgets.method_bar import REMAINING, MethodBar, Swatch
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import RIGHT, ElidedLabel, LabelTone, button, clear, label, line, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet

_BACK_WORDS: Final[Mapping[str, str]] = {
    "ledger": "图斑台账",
    "home": "工作台",
    "self_check": "自查",
    "rectification": "整改",
    "acceptance": "验收",
    "summary": "总结",
    "reports": "报告",
    "recurrence": "疑似反弹",
    "sheets": "录入核查表",
}
_FACT_COLUMNS: Final = (112, 120, 0, 96)
_SWATCH, _WAY_WIDTH, _AREA_WIDTH = 16, 88, 56
_OWN_COLUMNS: Final = (84, 0, 100)


class PlotPage(Page):
    """Opened from the table, the workbench or a queue; Esc goes back there."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("图斑")
        self._context = context
        self._plot = ""
        self.view: PlotPageView | None = None
        self._back = button("", "link", "left", key="Esc", pressed=self.go_back)
        self._name = ElidedLabel("", "title")
        self._badges = QVBoxLayout()
        self._until = label("", "label", "ink")
        self._place_words = label("", "small")
        self._again = PlotAgain(context, self)
        self._deeds = row(gap=8)
        up = button("", "tool", "up", name="上一个图斑", key="Ctrl+↑", pressed=partial(self.step, -1))
        down = button("", "tool", "down", name="下一个图斑", key="Ctrl+↓", pressed=partial(self.step, 1))
        self._steps = (up, down)
        self._make_head()
        self._make_sheets()
        self._left, self._right, self._parts = Arrangement(), Arrangement(), Arrangement()
        go = button("去图斑台账", "main", pressed=lambda: context.host.go("ledger"))
        self._empty = EmptyState("还没有选图斑", "在台账里双击一行，或按回车，就到这一页。", (go,))
        self.body.addWidget(self._head)
        self.body.addWidget(self._files.taking)
        self.body.addWidget(self._parts)
        self.body.addWidget(self._empty, 1)
        self.body.addStretch(0)
        self._head.hide()
        self._parts.hide()
        self.arrange(self.shape)
        self._make_keys()

    def _make_head(self) -> None:
        first = row(self._back, self._name, gap=10)
        first.setStretch(1, 1)
        first.addLayout(self._deeds)
        second = row(gap=10)
        second.addLayout(self._badges)
        second.addWidget(self._until)
        second.addWidget(self._again)
        second.addStretch(1)
        for one in (self._place_words, *self._steps):
            second.addWidget(one)
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addLayout(first)
        head.addLayout(second)

    def _make_sheets(self) -> None:
        self._facts = Sheet("图斑情况", "左边是下发的，永远不改；改动另记在右边")
        self._methods = Sheet("按方式落实", "单位：亩")
        self._plan = Sheet("措施", "")
        self._people = Sheet("人", "")
        self._files = PlotPhotos(self._context, self.messages)
        note = button("写备注", "link", "pen", pressed=partial(self.act, "note"))
        self._notes = Sheet("备注", "", note)
        self._journal_sheet = Sheet("经过", "")
        self._journal = JournalList(self._restore if self._context.writable else None)
        self._journal_sheet.body.addWidget(self._journal)
        self._journal_sheet.body.addStretch(1)
        self._places: dict[Sheet, QVBoxLayout] = {}
        for sheet in (self._facts, self._methods, self._plan, self._people, self._notes):
            place = QVBoxLayout()
            place.setSpacing(6)
            self._places[sheet] = place
            sheet.body.addLayout(place)
            sheet.body.addStretch(1)
        note.setVisible(self._context.writable)

    # -- what the window asks

    def wish(self, filters: Mapping[str, str]) -> None:
        """Show the plot of the key ``plot``; the trail says through which others one can walk."""
        plot = filters.get("plot", "")
        if plot:
            self._show(plot)

    def shown(self) -> None:
        """Read the plot anew."""
        if self._plot:
            self._read()

    def ledger_changed(self, _changes: Changes) -> None:
        """Something was done; other plots do not matter here."""
        if not _changes.plots or self._plot in _changes.plots or not _changes.tables:
            self.shown()

    def arrange(self, shape: Shape) -> None:
        """Two columns, or one under the other."""
        left = (self._facts, self._methods, self._plan, self._people)
        right = (self._files, self._notes, self._journal_sheet)
        self._left.place([(one, (at, 0, 1, 1)) for at, one in enumerate(left)], rows=(0, 0, 0, 1))
        self._right.place([(one, (at, 0, 1, 1)) for at, one in enumerate(right)], rows=(0, 0, 1))
        if shape.compact:
            self._parts.place(((self._left, (0, 0, 1, 1)), (self._right, (1, 0, 1, 1))))
        else:
            self._parts.place(((self._left, (0, 0, 1, 1)), (self._right, (0, 1, 1, 1))), columns=(1, 1))

    def files_go(self, _at: QPoint) -> str:
        """Files let go anywhere on the page belong to its plot."""
        shown = self.view is not None and self._context.writable
        return f"松开，收到 {self.view.view.name}" if shown and self.view is not None else ""

    def take_files(self, paths: Sequence[Path], _at: QPoint) -> None:
        """Look at them for this plot."""
        self._files.take(paths)

    # -- walking

    def step(self, by: int) -> None:
        """The next or the previous plot of the list; at its end nothing happens."""
        ids = self._context.trail.ids
        at = ids.index(self._plot) + by if self._plot in ids else -1
        if 0 <= at < len(ids):
            self._show(ids[at])

    def go_back(self) -> None:
        """Back to the list, at this plot's row."""
        self._context.trail.plot = self._plot
        self._context.host.go(self._context.trail.back)

    def _make_keys(self) -> None:
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Up", partial(self.step, -1)),
            ("Ctrl+Down", partial(self.step, 1)),
            ("Alt+Left", partial(self.step, -1)),
            ("Alt+Right", partial(self.step, 1)),
            ("Ctrl+J", partial(self.act, "progress")),
            ("Ctrl+V", self._files.paste),
            ("Esc", self.go_back),
        )
        for key, call in keys:
            made = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(call)

    # -- showing

    def _show(self, plot: str) -> None:
        self._plot = plot
        self._context.trail.plot = plot
        self.messages.clear()
        self._read()

    def _read(self) -> None:
        context, plot = self._context, self._plot
        ledger, today, warning = context.ledger, context.facts.today, context.facts.campaign.rules.warning_days
        context.jobs.read(
            lambda _progress: read_plot_page(ledger, plot, today, warning), self.show_view, self._gone, owner=self,
            newest="plot-page",
        )  # fmt: skip

    def _gone(self, error: GengdiError) -> None:
        self.view = None
        self._head.hide()
        self._parts.hide()
        self._empty.show()
        self.messages.show_error(error)

    def show_view(self, view: PlotPageView) -> None:
        """Put a plot on the page."""
        if view.view.id != self._plot:
            return
        self.view = view
        self._empty.hide()
        self._head.show()
        self._parts.show()
        self.setAccessibleName(f"图斑 {view.view.name}")
        self._show_head(view)
        self._again.look(self._plot)
        self._show_facts(view)
        self._show_methods(view)
        self._show_own(self._plan, view.plan, "还没有定措施。")
        self._show_own(self._people, view.people, "还没有落实责任人。")
        self._files.show_lines(self._plot, view.view.name, view.files)
        self._show_notes(view.notes)
        self._journal_sheet.set_note(f"共 {len(view.history)} 条")
        self._journal.show_entries(view.history)

    def _show_head(self, view: PlotPageView) -> None:
        trail = self._context.trail
        self._back.setText(f"\u2005{_BACK_WORDS.get(trail.back, '返回')}")
        self._back.setAccessibleName(f"回到{_BACK_WORDS.get(trail.back, '上一页')}")
        self._name.set_words(view.view.name)
        clear(self._badges)
        self._badges.addWidget(badge_line(view.view.state, view.view.flags))
        self._until.setText(view.until)
        at = trail.ids.index(self._plot) + 1 if self._plot in trail.ids else 0
        told = f"第 {words.count(at)} 个，共 {words.count(len(trail.ids))} 个" if at else ""
        self._place_words.setText("，".join(filter(None, (trail.title, told))) if at else "")
        self._steps[0].setEnabled(at > 1)
        self._steps[1].setEnabled(0 < at < len(trail.ids))
        clear(self._deeds)
        if self._context.writable:
            for one in self._buttons(view.view):
                self._deeds.addWidget(one)

    def _buttons(self, view: PlotView) -> list[QPushButton]:
        """The rest behind “更多”, then what one does next but one, then the main action."""
        main, rest = view.action(view.main), ordered(view.actions, view.main)
        made: list[QPushButton] = []
        if len(rest) > 1:
            more = button("更多", sign="down")
            menu = QMenu(more)
            for rule in rest[1:]:
                menu.addAction(verb(rule)).triggered.connect(partial(self._chosen, rule.code.value))
            more.setMenu(menu)
            made.append(more)
        made += [button(verb(rule), pressed=partial(self.act, rule.code.value)) for rule in rest[:1]]
        if main is not None:
            made.append(button(verb(main), "main", pressed=partial(self.act, main.code.value)))
        return made

    def _show_facts(self, view: PlotPageView) -> None:
        place = self._empty_place(self._facts)
        grid = FactGrid(_FACT_COLUMNS)
        heads = (label("", "small"), label("下发", "small"), label("更正和核实", "small"))
        grid.add(*heads, label("依据", "small", align=RIGHT))
        for one in view.facts:
            changed = one.now not in ("同下发", "都要整改", words.NOTHING)
            grid.add(
                label(one.name, "label"),
                label(one.issued, "value", "stone" if changed and one.issued != words.NOTHING else "", wrap=True),
                label(one.now, "value" if changed else "label", wrap=True),
                label(one.ground, "small", align=RIGHT, wrap=True),
            )
        place.addWidget(grid)
        told = "　".join(f"{name} {value}" for name, value in view.identifiers)
        if told:
            place.addWidget(label(told, "small", wrap=True))

    def _show_methods(self, view: PlotPageView) -> None:
        place = self._empty_place(self._methods)
        parts, target = view.view.parts, view.view.target
        if not parts:
            place.addWidget(label("还没有要落实的面积：先自查、定措施。", "small", wrap=True))
            return
        place.addWidget(MethodBar(parts))
        for one in parts:
            open_part = one.code == REMAINING
            tone: LabelTone = "seal" if open_part else ""
            told = view.statements.get(one.code, "落实完才能申报到位" if open_part else "")
            place.addLayout(_method_line(Swatch(one.code, one.word), one.word, words.mu(one.area), told, tone))
        if target.micro_mu > 0:
            place.addWidget(line())
            gap = QWidget()
            gap.setFixedWidth(px(_SWATCH))
            told = f"{len(parts)} 项相加正好等于应整改面积" if len(parts) > 1 else ""
            place.addLayout(_method_line(gap, "应整改", words.mu(target), told, ""))

    def _show_own(self, sheet: Sheet, rows: tuple[OwnRow, ...], nothing: str) -> None:
        place = self._empty_place(sheet)
        if not rows:
            place.addWidget(label(nothing, "small", wrap=True))
            return
        grid = FactGrid(_OWN_COLUMNS)
        for one in rows:
            grid.add(label(one.name, "label"), label(one.value, "value", wrap=True), self._restore_cell(one))
        place.addWidget(grid)

    def _restore_cell(self, one: OwnRow) -> QWidget:
        if not one.restore or not self._context.writable:
            return label("", "small")
        made = button(
            "恢复这个值", "link", name=f"恢复{one.name}：{one.before}", pressed=partial(self._restore, one.restore)
        )
        made.setToolTip(f"{one.name}改回“{one.before}”")
        return made

    def _show_notes(self, notes: tuple[tuple[str, str], ...]) -> None:
        place = self._empty_place(self._notes)
        for day, told in notes:
            place.addLayout(_note_line(day, told))
        if not notes:
            place.addWidget(label("没有备注。", "small"))

    def _empty_place(self, sheet: Sheet) -> QVBoxLayout:
        clear(self._places[sheet])
        return self._places[sheet]

    # -- deeds

    def _chosen(self, code: str, _checked: bool = False) -> None:  # noqa: FBT002  (what the signal gives)
        self.act(code)

    def act(self, code: str) -> None:
        """Open the form of an action for this plot."""
        view = self.view
        if view is None or not self._context.writable or view.view.action(code) is None:
            return
        self._context.host.open_dialog(ActionDialog(self._context, code, (view.view.id,), view.view.name))

    def _restore(self, field: str) -> None:
        """Put the earlier value of a field back; one entry, one undo."""
        ledger, plot = self._context.ledger, self._plot
        by = self._context.actor_or(self.messages.show_error)
        if by is None:
            return

        def work(_progress: Progress) -> Changes:
            from gengdi_desktop.ledger import undo

            return undo.restore_field(ledger, plot, field, by=by)

        self._context.jobs.write(work, self._restored, self.messages.show_error, owner=self)

    def _restored(self, changes: Changes) -> None:
        self.messages.show_message("check", "已恢复，按 Ctrl+Z 可以再改回来。")
        self._context.bus.tell(changes)


def _method_line(sign: QWidget, word: str, area: str, told: str, tone: LabelTone) -> QHBoxLayout:
    """A way, its area, when and how: words and areas stand under one another."""
    name, amount = label(word, "value", tone), label(area, "value", tone, align=RIGHT)
    name.setMinimumWidth(px(_WAY_WIDTH))
    amount.setMinimumWidth(px(_AREA_WIDTH))
    cells = row(sign, name, amount, gap=8)
    cells.addWidget(label(told, "small", wrap=True), 1)
    return cells


def _note_line(day: str, told: str) -> QVBoxLayout:
    lay = QVBoxLayout()
    lay.setSpacing(0)
    lay.addWidget(label(day, "small"))
    lay.addWidget(label(told, "value", wrap=True))
    return lay
