"""One action on one plot: the new facts, or everything that stands in the way. Pure: nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gengdi_desktop.domain import moves_acceptance as acceptance
from gengdi_desktop.domain import moves_check as checking
from gengdi_desktop.domain import moves_closing as closing
from gengdi_desktop.domain import moves_split as splitting
from gengdi_desktop.domain import moves_standing as standing
from gengdi_desktop.domain import moves_works as works
from gengdi_desktop.domain.actions import ACTIONS, ActionRule, possible, records
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import ActionContext, Outcome, Refusal, Refusals
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import Desk, State
from gengdi_desktop.domain.values import Value, Values, read_values

Guard = Callable[[PlotFacts, Values, ActionContext], Iterator[Refusal]]
Perform = Callable[[PlotFacts, Values, ActionContext], Outcome]


@dataclass(frozen=True, slots=True)
class Move:
    """What an action asks beyond its fields, and what it does once nothing is missing."""

    perform: Perform
    guard: Guard | None = None


MOVES: Mapping[Operation, Move] = {
    Operation.CHECK: Move(checking.check, checking.guard_check),
    Operation.PLAN: Move(checking.plan, checking.guard_plan),
    Operation.CONTEST: Move(checking.contest, checking.guard_contest),
    Operation.START: Move(works.start),
    Operation.PROGRESS: Move(works.progress, works.guard_progress),
    Operation.WORKS_DONE: Move(works.works_done),
    Operation.CLAIM: Move(works.claim, works.guard_claim),
    Operation.ACCEPT: Move(acceptance.accept, acceptance.guard_accept),
    Operation.COUNTY_ACCEPT: Move(acceptance.county_accept, acceptance.guard_areas),
    Operation.RETURN: Move(acceptance.send_back, acceptance.guard_return),
    Operation.CLOSE: Move(closing.close, closing.guard_close),
    Operation.SPOT_CHECK: Move(closing.spot_check),
    Operation.REVISIT: Move(closing.revisit),
    Operation.REOPEN: Move(closing.reopen, closing.guard_reopen),
    Operation.HOLD: Move(standing.hold, standing.guard_hold),
    Operation.RELEASE: Move(standing.release, standing.guard_release),
    Operation.SPLIT: Move(splitting.split, splitting.guard_split),
    Operation.UNSPLIT: Move(splitting.unsplit, splitting.guard_unsplit),
    Operation.CANCEL: Move(standing.cancel),
    Operation.RESTORE: Move(standing.restore),
    Operation.CORRECT: Move(standing.correct, standing.guard_correct),
    Operation.ATTACH: Move(standing.attach),
    Operation.NOTE: Move(standing.note),
}


@dataclass(frozen=True, slots=True)
class Request:
    """An action with its values, read once for any number of plots.

    Args:
        rule: The row of the table.
        values: What was given, typed.
        unread: What is wrong with it whatever the plot.
    """

    rule: ActionRule
    values: Values
    unread: Refusals = ()


def request(action: str, given: Mapping[str, Value | None]) -> Request:
    """Read what was given with an action.

    Raises:
        KeyError: The table has no such action.
    """
    rule = ACTIONS[action]
    values, unread = read_values(rule, given)
    return Request(rule, values, unread)


def apply(asked: Request, plot: PlotFacts, context: ActionContext) -> Outcome | Refusals:
    """Do an action on a plot.

    Returns:
        The outcome, or every reason against it: desk, state or hold alone, else all that is missing or wrong.
    """
    closed_door = refuse_entry(asked.rule, plot.state, context.desk, held=plot.held)
    if closed_door is not None:
        return (closed_door,)
    move = MOVES[asked.rule.code]
    refusals = [*asked.unread, *_refuse_unrecorded(asked, context)]
    if move.guard is not None:
        told = {refusal.field for refusal in refusals}
        refusals += [r for r in move.guard(plot, asked.values, context) if not r.field or r.field not in told]
    return tuple(refusals) or move.perform(plot, asked.values, context)


def refuse_entry(rule: ActionRule, state: State, desk: Desk, *, held: bool) -> Refusal | None:
    """Why desk, state or hold do not let an action in at all; None where they do."""
    if not records(rule, desk):
        owners = "、".join(other.label for other in Desk if other in rule.desks)
        return Refusal("wrong_desk", f"{desk.label}的台账不办这一项，由{owners}办理")
    if held and not rule.while_held:
        return Refusal("held", "在暂缓或有争议，先恢复办理")
    if state in rule.sources:
        return None
    can = "".join(f"“{other.label}”" for other in possible(state, desk, held=held))
    return Refusal("wrong_state", f"现在是“{state.label}”，可以办的有：{can}")


def _refuse_unrecorded(asked: Request, context: ActionContext) -> Iterator[Refusal]:
    """What team or county do is recorded by the township with the number of their document."""
    told = any(refusal.field == "document_number" for refusal in asked.unread)
    if context.desk not in asked.rule.desks and "document_number" not in asked.values and not told:
        owners = "、".join(desk.label for desk in Desk if desk in asked.rule.desks)
        yield Refusal("missing", f"缺文号（代录{owners}的事要写明文号）", "document_number")
