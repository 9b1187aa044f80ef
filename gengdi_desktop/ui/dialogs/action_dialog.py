"""One action on one plot or on many: its form, who acts, and what refuses in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gengdi_desktop.domain.actions import ACTIONS, ActionRule
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.acceptor import Acceptor
from gengdi_desktop.ui.dialogs.phase_form import PhaseForm
from gengdi_desktop.ui.editing.drafts import FormDraft, action_place
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label

if TYPE_CHECKING:
    from gengdi_desktop.phases.service import ActOutcome

_SHOWN_REFUSALS = 5
_VERBS = {
    Operation.PLAN: "定下措施",
    Operation.CLAIM: "申报到位",
    Operation.ACCEPT: "验收合格",
    Operation.COUNTY_ACCEPT: "县级验收合格",
    Operation.RETURN: "退回",
    Operation.CLOSE: "销号",
    Operation.REOPEN: "重开",
    Operation.HOLD: "暂缓办理",
    Operation.RELEASE: "恢复办理",
    Operation.CANCEL: "核减",
    Operation.RESTORE: "撤销核减",
    Operation.CORRECT: "更正",
    Operation.ATTACH: "加附件",
}
"""Words of the main button where “记” before the name of the action does not read well."""


@dataclass(frozen=True)
class Known:
    """What the ledger knows before the form is filled: values to begin with, who claimed."""

    values: Mapping[str, str]
    claimed_by: str = ""


class ActionDialog(DialogSheet):
    """Stays open while something is missing; closes when the action is done on at least one plot."""

    def __init__(self, context: UiContext, code: str, plots: Sequence[str], name: str) -> None:
        rule = ACTIONS[code]
        many = len(plots) > 1
        super().__init__(f"{rule.label}　{name}" if name else rule.label, f"{len(plots)} 个图斑" if many else "")
        self.help_topic = "自查整改验收"
        self._context, self._rule, self._plots = context, rule, tuple(plots)
        self._who: Acceptor | None = None
        if rule.code is Operation.ACCEPT:
            self._who = Acceptor(context.facts.active_members, context.member)
            self.content.addWidget(self._who)
        self._form = PhaseForm(rule.fields, context.facts.today, context.prompts)
        self.content.addWidget(self._form)
        if many:
            told = "填一次，记到每个图斑上，作为一条记录，可以一次撤销。不合规定的图斑会跳过，并说明原因。"
            self.content.addWidget(label(told, "small", wrap=True))
        self.first = self._form.first
        self._do = button(verb_of(rule), "main", pressed=self._act)
        self.set_buttons([], [button("取消", pressed=self.close_sheet), self._do])
        self._draft: FormDraft | None = None
        if many:
            self._begin_draft()
        else:
            self._read_known()

    def _begin_draft(self) -> None:
        """What is typed from now on outlives a kill; what an earlier run left is offered."""
        place = action_place(self._rule.code, self._plots)
        private = [rule.label for rule in self._rule.fields if rule.private]
        self._draft = FormDraft(
            self._context,
            place,
            self._form,
            self.messages,
            self,
            leave_out=private,
            shown=lambda: self._form.unfold(self._form.typed()),
        )
        self.closed.connect(self._draft.leave)
        self._draft.look()

    def _read_known(self) -> None:
        ledger, plot, rule = self._context.ledger, self._plots[0], self._rule

        def work(_progress: Progress) -> Known:
            from gengdi_desktop.ledger import queries
            from gengdi_desktop.phases import service

            card = queries.plot_card(ledger, plot)
            claimed_by = str(card.rounds[-1].get("claimed_by") or "") if card.rounds else ""
            return Known(service.prefilled(ledger, plot, rule.code.value), claimed_by)

        self._context.jobs.read(work, self._show_known, self.messages.show_error, owner=self)

    def _show_known(self, known: Known) -> None:
        self._form.fill(known.values)
        if self._who is not None:
            self._who.avoid(known.claimed_by)
        self._begin_draft()

    def _actor(self) -> Actor:
        return self._who.actor if self._who is not None else self._context.actor

    def _act(self) -> None:
        self.messages.clear()
        try:
            values, by = self._form.values(), self._actor()
        except RuleError as error:
            if error.code == "who":
                self.messages.show_error(error)
            return
        ledger, rule, plots = self._context.ledger, self._rule, self._plots

        def work(_progress: Progress) -> ActOutcome:
            from gengdi_desktop.phases import service

            return service.act(ledger, rule.code.value, plots, values, by=by)

        self._do.setEnabled(False)
        self._context.jobs.write(work, self._done, self._refused, owner=self)

    def _refused(self, error: GengdiError) -> None:
        self._do.setEnabled(True)
        self.messages.show_error(error)

    def _done(self, outcome: ActOutcome) -> None:
        self._do.setEnabled(True)
        self._context.bus.tell(outcome.changes)
        if outcome.changed and self._draft is not None:
            self._draft.saved()
        if outcome.changed and not outcome.refused:
            self.close_sheet()
            return
        if len(self._plots) == 1:
            reasons = outcome.refused[0].reasons if outcome.refused else ()
            rest = self._form.show_refusals(reasons)
            what = f"还不能{self._rule.label}：{'，'.join(rest)}。" if rest else "还有几项没填好，见下面红字。"
            self.messages.show_message("stop", what, "已填的都在。")
            return
        sentences = [one.message for one in outcome.refused[:_SHOWN_REFUSALS]]
        left = len(outcome.refused) - len(sentences)
        more = "\n".join(dict.fromkeys(sentences)) + (f"\n还有 {left} 个。" if left > 0 else "")
        what = f"{len(outcome.changed)} 个图斑办好了，{len(outcome.refused)} 个没有办。"
        self.messages.show_message("warn" if outcome.changed else "stop", what, more)
        if outcome.changed:
            refused = {one.plot for one in outcome.refused}
            self._plots = tuple(one for one in self._plots if one in refused)


def verb_of(rule: ActionRule) -> str:
    """What the main button says it will do."""
    return _VERBS.get(rule.code, f"记{rule.label}")
