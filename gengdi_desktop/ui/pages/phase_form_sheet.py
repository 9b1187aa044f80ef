"""The sheet of one plot on a phase page: who it is, what it lacks, the form of its next action, the keys to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from gengdi_desktop.domain.actions import ActionRule
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import Refusal
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.acceptor import Acceptor
from gengdi_desktop.ui.dialogs.action_dialog import verb_of
from gengdi_desktop.ui.dialogs.phase_form import PhaseForm
from gengdi_desktop.ui.editing.drafts import FormDraft, action_place
from gengdi_desktop.ui.pages.phase_work import WorkPlot
from gengdi_desktop.ui.widgets.badge import badge_line
from gengdi_desktop.ui.widgets.field_walk import FieldWalk
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.method_bar import REMAINING, MethodBar
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, line, row
from gengdi_desktop.ui.widgets.scan_keys import ScanKeys
from gengdi_desktop.ui.widgets.sheet import Sheet

_FIRST_FACTS: Final = 6


@dataclass(frozen=True)
class FormDeeds:
    """What the sheet can ask for."""

    save: Callable[[], object]
    copy: Callable[[], object]
    skip: Callable[[], object]
    open: Callable[[], object]
    attach: Callable[[], object]


class PhaseFormSheet(Sheet):
    """Shows one plot and takes what is typed; Enter goes from field to field and, in the last, saves."""

    def __init__(self, context: UiContext, deeds: FormDeeds, scans: ScanKeys | None = None) -> None:
        """Make it empty; with *scans* it is a form to type paper sheets into: boxes to tick, and codes are heard."""
        super().__init__(pad=0)
        self._scans = scans
        self.setAccessibleName("要填的")
        self._context, self._deeds = context, deeds
        self.work: WorkPlot | None = None
        self.saving = False
        self._fields: PhaseForm | None = None
        self._acceptor: Acceptor | None = None
        self._begun: dict[str, str] = {}
        self._name = label("", "title", wrap=True)
        self._task = label("", "value", "accent")
        self._badges = QVBoxLayout()
        self._facts = label("", "small", "ink2", wrap=True)
        self._bar = MethodBar()
        self._bar.setFixedHeight(self._bar.height() // 2)
        self._lacks = MessageSlot()
        self.messages = MessageSlot()
        self._offer = MessageSlot()
        self._draft: FormDraft | None = None
        self._place = QVBoxLayout()
        self._save = button("记下，下一个", "main", key="Ctrl+Enter", pressed=deeds.save)
        self._copy = button("和上一个一样", sign="copy", key="Ctrl+D", pressed=deeds.copy)
        self._skip = button("跳过", key="F6", pressed=deeds.skip)
        self._open = button("打开图斑", "link", "right", pressed=deeds.open)
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        head = row(gap=10, margins=(16, 10, 12, 0))
        head.addWidget(self._name, 1)
        head.addWidget(self._open)
        about = row(gap=16)
        about.addLayout(self._badges)
        about.addWidget(self._task)
        about.addStretch(1)
        inner = column(
            about, self._facts, self._bar, self._lacks, line(), self._offer, self._place, None, gap=8,
            margins=(16, 4, 16, 12),
        )  # fmt: skip
        held = QWidget()
        held.setLayout(inner)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(held)
        held.setAutoFillBackground(False)
        self._area.viewport().setAutoFillBackground(False)
        foot = row(self._save, self._copy, self._skip, None, gap=8, margins=(16, 8, 16, 10))
        self._keys = label("Enter 下一项　Ctrl+Enter 记下", "small")
        foot.addWidget(self._keys)
        self._walk = FieldWalk(self, self._fields_now, self._area, self._deeds.save)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addWidget(self._area, 1)
        self.body.addLayout(column(self.messages, gap=0, margins=(16, 0, 16, 0)))
        self.body.addWidget(line("rule"))
        self.body.addLayout(foot)

    def _fields_now(self) -> tuple[QWidget, ...]:
        return self._fields.fields if self._fields is not None else ()

    # -- what the page asks

    @property
    def plot(self) -> str:
        """The plot in front; empty where there is none."""
        return self.work.view.id if self.work is not None else ""

    def show_nothing(self) -> None:
        """No plot is in front."""
        self.work = None
        self._drop_form()
        for one in (self._name, self._area, self._save, self._copy, self._skip, self._open):
            one.setVisible(False)

    def show_work(self, work: WorkPlot, typed: Mapping[str, str] | None, *, can_copy: bool) -> None:
        """Show a plot with its form; *typed* is what was begun before."""
        same = self.work is not None and (self.work.view.id, self.work.rule) == (work.view.id, work.rule)
        view = work.view
        self.work = work
        for one in (self._name, self._area, self._save, self._copy, self._skip, self._open):
            one.setVisible(True)
        self._name.setText(view.name)
        self._task.setText(f"要办：{work.rule.label}" if work.rule.fields else "")
        clear(self._badges)
        self._badges.addWidget(badge_line(view.state, view.flags))
        self._facts.setText("　".join(f"{name} {value}" for name, value in view.facts[:_FIRST_FACTS]))
        self._bar.setVisible(any(one.code != REMAINING for one in view.parts))  # nothing done yet is no picture
        self._bar.set_parts(view.parts)
        self._show_lacks(work)
        self._save.setText(f"{verb_of(work.rule)}，下一个")
        self._save.setAccessibleName(self._save.text())
        self._copy.setEnabled(can_copy)
        self._copy.setToolTip("和上一个一样（Ctrl+D）" if can_copy else "办好一个以后，可以照着填")
        for one in (self._save, self._copy):
            one.setVisible(self._context.writable and bool(work.rule.fields))
        if not same or self._fields is None:
            self.messages.clear()
            self._build(work.rule)
            assert self._fields is not None  # noqa: S101  (just built)
            self._fields.fill(work.values)
            self._fields.unfold(work.wanted)
            self._begun = self._fields.typed()
            self._begin_draft(work, self._fields)
            if typed is not None:
                self._fields.put_back(typed)
            elif self._draft is not None:
                self._draft.look()
            if self._acceptor is not None:
                self._acceptor.avoid(work.claimed_by)
            self._area.verticalScrollBar().setValue(0)

    def values(self) -> dict[str, str]:
        """What was typed, read; a slip is told under its field, and the focus goes there.

        Raises:
            RuleError: A field holds what it cannot hold.
        """
        assert self._fields is not None  # noqa: S101  (asked only while a plot is in front)
        try:
            return self._fields.values()
        finally:
            self._to_wrong()

    def actor(self) -> Actor:
        """Who does it.

        Raises:
            RuleError: Nobody was chosen, though there are several.
        """
        return self._acceptor.actor if self._acceptor is not None else self._context.actor

    def typed(self) -> dict[str, str]:
        """What stands in the fields that neighbouring plots have in common."""
        if self._fields is None:
            return {}
        shared = self._fields.copyable()
        return {key: text for key, text in self._fields.typed().items() if key in shared}

    def kept(self) -> tuple[str, str, dict[str, str]] | None:
        """Plot, action and what was typed beyond what the form began with; None where nothing was."""
        if self.work is None or self._fields is None or self._fields.typed() == self._begun:
            return None
        return self.work.view.id, self.work.rule.code.value, self._fields.typed()

    def forget(self) -> None:
        """What is typed was saved: nothing of it is kept, and the next look builds the form anew."""
        if self._draft is not None:
            self._draft.saved()
            self._draft = None
        self._drop_form()

    def put_down(self) -> None:
        """Keep what is typed without waiting: the page is left, or the window closes."""
        if self._draft is not None:
            self._draft.leave()

    def copy(self, values: Mapping[str, str]) -> None:
        """Fill in what another plot was given; what this one has of its own stays."""
        if self._fields is None:
            return
        shared = self._fields.copyable()
        filled = {key: text for key, text in values.items() if key in shared and text}
        self._fields.put_back({**self._fields.typed(), **self._fields.as_typed(filled)})
        self.focus_first()

    def show_refusals(self, reasons: Iterable[Refusal]) -> None:
        """Say under the fields what is missing, the rest above the buttons; what is typed stays."""
        if self._fields is None or self.work is None:
            return
        rest = self._fields.show_refusals(reasons)
        what = f"还不能{self.work.rule.label}：{'，'.join(rest)}。" if rest else "还有几项没填好，见红字。"
        self.messages.show_message("stop", what, "已填的都在。")
        self._to_wrong()

    def set_narrow(self, *, narrow: bool) -> None:
        """Without room the keys are told by the tooltips alone."""
        self._keys.setVisible(not narrow)

    def set_saving(self, *, saving: bool) -> None:
        """While the action runs it cannot be asked for again."""
        self.saving = saving
        self._save.setEnabled(not saving)

    def focus_first(self) -> None:
        """Into the first field that is still empty; where all are filled, into the first."""
        fields = self._walk.open
        empty = [one for one in fields if not _filled(one)]
        for one in (empty or fields)[:1]:
            one.setFocus(Qt.FocusReason.TabFocusReason)

    # -- inside

    def _show_lacks(self, work: WorkPlot) -> None:
        self._lacks.clear()
        if not work.lacks:
            return
        add = button("加附件", sign="attach", pressed=self._deeds.attach)
        told = "，".join(work.lacks)
        self._lacks.show_message("warn", f"{told}。", "补上以后再办，填了的会留着。", (add,))

    def _build(self, rule: ActionRule) -> None:
        self._drop_form()
        if rule.code is Operation.ACCEPT:
            people = self._context.facts.active_members
            self._acceptor = Acceptor(people, self._context.member)
            self._place.addWidget(self._acceptor)
        self._fields = PhaseForm(
            rule.fields, self._context.facts.today, self._context.prompts, ticks=self._scans is not None
        )
        self._place.addWidget(self._fields)
        # Shown at once, not with the next turn of the loop: what is not shown yet cannot take the focus.
        self._fields.show()
        self._walk.watch(self._fields.fields)
        if self._scans is not None:
            self._scans.watch(self._fields.fields)  # after our own watching: the last to come hears first

    def _begin_draft(self, work: WorkPlot, fields: PhaseForm) -> None:
        """What is typed from now on outlives a kill; the dialog of the same action shares the place."""
        private = [rule.label for rule in work.rule.fields if rule.private]
        place = action_place(work.rule.code, [work.view.id])
        self._draft = FormDraft(
            self._context, place, fields, self._offer, fields, leave_out=private,
            shown=lambda: fields.unfold(fields.typed()),
        )  # fmt: skip

    def _drop_form(self) -> None:
        if self._draft is not None:
            self._draft.leave()
            self._draft = None
        self._offer.clear()
        clear(self._place)
        self._fields = self._acceptor = None

    def _to_wrong(self) -> None:
        self._walk.to(self._fields.wrong if self._fields is not None else None)


def _filled(field: QWidget) -> bool:
    if isinstance(field, QPlainTextEdit):
        return bool(field.toPlainText().strip())
    code = getattr(field, "code", None)
    if callable(code):
        return bool(code())
    text = getattr(field, "text", None)
    return bool(text().strip()) if callable(text) else True
