"""What closing, spot check, re-visit and reopening ask for and do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gengdi_desktop.domain.choices import InPlace, ProblemKind, RevisitOutcome, SpotCheckOutcome
from gengdi_desktop.domain.moves_check import refuse_target
from gengdi_desktop.domain.outcomes import (
    ActionContext,
    ClosingRecord,
    Outcome,
    Refusal,
    RevisitRecord,
    SpotCheckRecord,
)
from gengdi_desktop.domain.plots import EvidenceCounts, PlotFacts, RoundFacts
from gengdi_desktop.domain.states import DoneRule, State
from gengdi_desktop.domain.values import Values

_THREE = {"demolished": "拆除", "confiscated": "没收", "referred": "移送"}


def guard_close(plot: PlotFacts, values: Values, context: ActionContext) -> Iterator[Refusal]:
    """Accepted by whom the campaign says; for 非农化 also the person handled and the three in place."""
    if plot.state is State.ACCEPTED and context.rules.close_rule is DoneRule.COUNTY_ACCEPTED:
        yield Refusal("wrong_state", "县级验收合格后才能销号")
    if plot.kind is not ProblemKind.NON_FARM:
        return
    if not (values.text("person_handled") or plot.person_handled):
        yield Refusal("missing", "缺人员处理情况（没有的填“不涉及”）", "person_handled")
    for key, label in _THREE.items():
        if key not in values and getattr(plot, key) is None:
            yield Refusal("missing", f"缺{label}是否到位", key)


def close(plot: PlotFacts, values: Values, _context: ActionContext) -> Outcome:
    """Strike the plot off."""
    on_date = values.day("date")
    closed = replace(
        plot,
        state=State.CLOSED,
        round=replace(plot.round, closed_on=on_date),
        person_handled=values.text("person_handled") or plot.person_handled,
        case_number=values.text("case_number") or plot.case_number,
        demolished=values.maybe_choice("demolished", InPlace) or plot.demolished,
        confiscated=values.maybe_choice("confiscated", InPlace) or plot.confiscated,
        referred=values.maybe_choice("referred", InPlace) or plot.referred,
    )
    record = ClosingRecord(on_date, values.text("document_number"), values.text("closer"))
    return Outcome(closed, (record,), on_date)


def spot_check(plot: PlotFacts, values: Values, _context: ActionContext) -> Outcome:
    """Record what the team found; a failed plot is then returned or reopened."""
    record = SpotCheckRecord(
        values.day("date"),
        values.text("checker"),
        values.choice("outcome", SpotCheckOutcome),
        values.maybe_area("measured_area"),
        values.text("document_number"),
        values.text("note"),
    )
    return Outcome(plot, (record,), record.on_date)


def revisit(plot: PlotFacts, values: Values, _context: ActionContext) -> Outcome:
    """Record what a re-visit found; a rebound plot is then reopened."""
    record = RevisitRecord(values.day("date"), values.choice("outcome", RevisitOutcome), values.text("note"))
    return Outcome(plot, (record,), record.on_date)


def guard_reopen(plot: PlotFacts, values: Values, _context: ActionContext) -> Iterator[Refusal]:
    """The new target lies between nothing and the issued area."""
    if "target" in values:
        yield from refuse_target(plot, values.area("target"))


def reopen(plot: PlotFacts, values: Values, _context: ActionContext) -> Outcome:
    """Begin the next round with empty buckets; who and how are taken over from the last plan."""
    on_date, target, last = values.day("date"), values.area("target"), plot.round
    begun = RoundFacts(
        number=last.number + 1,
        target=target,
        not_required_reason=values.text("reason") if target < plot.issued_area else "",
        disposal_class=last.disposal_class,
        difficulty=last.difficulty,
        measure=last.measure,
        plan_text=last.plan_text,
        plan_approver=last.plan_approver,
        plan_approved_on=last.plan_approved_on,
        planned_on=on_date,
        person=last.person,
        person_title=last.person_title,
        person_phone=last.person_phone,
        deadline=values.day("deadline"),
        reopened_on=on_date,
        reopen_reason=values.text("reason"),
    )
    return Outcome(
        replace(plot, state=State.WORKING, round=begun, statements=(), evidence=EvidenceCounts()), event_date=on_date
    )
