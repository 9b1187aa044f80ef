"""What the page of typed sheets asks of the ledger, in lanes: printings, the list of sheets, one sheet, its saving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.actions import ACTIONS, ActionRule
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import words
from gengdi_desktop.ui.editing.drafts import action_place
from gengdi_desktop.ui.pages.phase_work import WorkPlot
from gengdi_desktop.ui.pages.plot_facts import read_plot
from gengdi_desktop.ui.widgets.queue_list import QueueRow

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.phases.service import ActOutcome

ALL: Final = ""
"""The order of a printing of the whole ledger, village by village: for sheets that no printing here tells of."""
_AS_PRINTED: Final = (
    "finding",
    "problem_kind",
    "class_now",
    "party",
    "rectify",
    "disposal_class",
    "cause",
    "site_note",
    "date",
)
_LATER: Final = "disposal_class"
"""Ticked on the sheet, but part of the plan: it waits there as a draft."""


@dataclass(frozen=True)
class PrintingView:
    """A printing: a code, what it is called, its plots in the order of the sheets."""

    code: str
    label: str
    plots: tuple[str, ...]


@dataclass(frozen=True)
class SheetsView:
    """All printings that can be typed, and of the one in front where its plots stand and which are still open."""

    printings: tuple[PrintingView, ...]
    chosen: PrintingView
    places: Mapping[str, int]
    open: frozenset[str]


def sheet_rule() -> ActionRule:
    """The self-check with its fields as they stand on the printed sheet; what the sheet does not ask comes last."""
    check, plan = ACTIONS[Operation.CHECK.value], ACTIONS[Operation.PLAN.value]
    later = plan.field(_LATER)
    assert later is not None  # noqa: S101  (a column of the action table)
    known = {one.key: one for one in check.fields} | {_LATER: replace(later, required=False, needs="留到定措施时用")}
    rest = [one for one in check.fields if one.key not in _AS_PRINTED]
    return replace(check, fields=(*(known[key] for key in _AS_PRINTED), *rest))


def read_sheets(ledger: Ledger, wanted: str | None, today: date) -> SheetsView:
    """The printings, and which sheets of one are still to be typed; None takes the newest printing.

    Runs in a file hand: in a large ledger it takes a moment.
    """
    from gengdi_desktop.ledger.queries import Condition, PlotQuery, plot_ids
    from gengdi_desktop.reports.forms.printings import printings

    every = tuple(plot_ids(ledger, PlotQuery(group="village")))
    known = frozenset(every)
    found = [
        PrintingView(one.place, _label(one.at, len(one.plots), one.seq, today), one.plots)
        for one in printings(ledger)
        if known & frozenset(one.plots)
    ]
    whole = PrintingView(ALL, f"全部 {words.count(len(every))} 张，按村排", every)
    offered = (*found, whole)
    chosen = next((one for one in offered if one.code == wanted), offered[0])
    issued = frozenset(plot_ids(ledger, PlotQuery((Condition("state", State.ISSUED.value),))))
    places = {plot: at for at, plot in enumerate(chosen.plots)}
    return SheetsView(offered, chosen, places, issued)


def read_rows(ledger: Ledger, plots: Sequence[str], places: Mapping[str, int]) -> dict[str, QueueRow]:
    """The lines of a portion of the list; a plot that is gone keeps the place of its sheet."""
    from gengdi_desktop.ledger.queries import plot_lines

    found = {
        one.id: QueueRow(
            one.id, f"{places[one.id] + 1}　{one.name}", one.state, f"{words.mu(one.issued_area)} 亩",
            "待录入" if one.state is State.ISSUED else "录过了，可以改" if one.state is State.CHECKED else "不用再录",
        )
        for one in plot_lines(ledger, plots)
    }  # fmt: skip
    gone = {
        one: QueueRow(one, f"{places[one] + 1}　不在台账里了", State.CANCELLED, "", "导入被撤回了")
        for one in plots
        if one not in found
    }
    return found | gone


def read_sheet(ledger: Ledger, plot: str, today: date, warning_days: int, member: str) -> WorkPlot:
    """One plot with the form of its sheet; the form is without fields where the self-check is over.

    Raises:
        RuleError: ``unknown_plot``.
    """
    from gengdi_desktop.phases import service

    rule = sheet_rule()
    view = read_plot(ledger, plot, today, warning_days)
    if not any(one.code is Operation.CHECK for one in service.possible_actions(ledger, plot)):
        return WorkPlot(view, replace(rule, fields=()), {}, (), frozenset(), "", "")
    values = dict(service.prefilled(ledger, plot, Operation.CHECK.value))
    reasons = service.missing_for(ledger, plot, Operation.CHECK.value, values, by=Actor(member)) if member else ()
    wanted = frozenset(one.field for one in reasons if rule.field(one.field or "") is not None)
    return WorkPlot(view, rule, values, (), wanted, "", "")


def save_sheet(ledger: Ledger, plot: str, values: Mapping[str, str], by: Actor) -> ActOutcome:
    """Save one sheet as one entry; what belongs to the plan waits in the plan's form.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    from gengdi_desktop.ledger import drafts
    from gengdi_desktop.phases import service

    given = {key: text for key, text in values.items() if key != _LATER}
    outcome = service.act(ledger, Operation.CHECK.value, [plot], given, by=by)
    later = values.get(_LATER, "")
    if later and not outcome.refused:
        label = ACTIONS[Operation.PLAN.value].field(_LATER)
        assert label is not None  # noqa: S101  (a column of the action table)
        place = action_place(Operation.PLAN, [plot])
        before = drafts.find_draft(ledger, place, member=by.name)
        drafts.keep_draft(ledger, place, {**(before.values if before else {}), label.label: later}, member=by.name)
    return outcome


def _label(at: datetime, count: int, seq: int, today: date) -> str:
    return f"{words.moment(at, today)} 印的 {words.count(count)} 张（台账第 {words.count(seq)} 条）"
