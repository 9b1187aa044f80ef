"""What acceptance by township and county, and sending back, ask for and do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import AcceptanceLevel
from gengdi_desktop.domain.moves_works import last_stated, with_buckets, with_statement
from gengdi_desktop.domain.outcomes import (
    AcceptanceRecord,
    ActionContext,
    Outcome,
    ProgressRecord,
    Record,
    Refusal,
    ReturnRecord,
)
from gengdi_desktop.domain.plots import PlotFacts, RoundFacts, Statement
from gengdi_desktop.domain.states import Bucket, Desk, State
from gengdi_desktop.domain.values import Values


def guard_areas(plot: PlotFacts, values: Values, _context: ActionContext) -> Iterator[Refusal]:
    """Each method that was claimed has its accepted area, none of them more than was claimed."""
    given, claimed = values.buckets(), plot.round.buckets
    for bucket, area in claimed:
        if area > Area.ZERO and bucket not in given and not values.flag("as_claimed"):
            yield Refusal("missing", f"缺{bucket.label}验收面积", bucket.value)
        if given.get(bucket, Area.ZERO) > area:
            yield Refusal(
                "over_claim", f"{bucket.label}验收 {given[bucket].spoken()} 亩大于申报 {area.spoken()} 亩", bucket.value
            )


def guard_accept(plot: PlotFacts, values: Values, context: ActionContext) -> Iterator[Refusal]:
    """Four eyes: who claimed does not accept, or alone says why."""
    yield from guard_areas(plot, values, context)
    if context.actor != plot.round.claimed_by:
        return
    others = sorted(context.members - {context.actor})
    if others:
        yield Refusal("four_eyes", f"这个图斑是您申报的，要由别人验收，可以交给{'、'.join(others)}")
    elif not values.text("reason"):
        yield Refusal("missing", "缺一人经办的原因（台账只有一名成员，自己验收自己申报的）", "reason")


def accept(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Accept for the township; less than claimed sends the plot back to work."""
    record = replace(
        _record(plot, values, context, AcceptanceLevel.TOWNSHIP),
        single_handed=context.actor == plot.round.claimed_by,
        reason=values.text("reason"),
    )
    accepted = replace(plot.round, accepted_on=record.on_date)
    return _accepted(plot, record, State.ACCEPTED, accepted)


def county_accept(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Accept for the county, by its document; less than accepted before sends the plot back to work."""
    record = _record(plot, values, context, AcceptanceLevel.COUNTY)
    accepted = replace(plot.round, county_accepted_on=record.on_date)
    return _accepted(plot, record, State.COUNTY_ACCEPTED, accepted)


def guard_return(plot: PlotFacts, values: Values, context: ActionContext) -> Iterator[Refusal]:
    """A new deadline, unless the clerk takes back an own claim."""
    if values.flag("withdraw"):
        if not _own(plot, context):
            yield Refusal("not_own", "只能撤回自己申报或举证的，别的用退回并写明新的时限", "withdraw")
    elif "deadline" not in values and not _withdrawn(plot, values, context):
        yield Refusal("missing", "缺新的整改时限", "deadline")


def send_back(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Take a claim, a contest or an acceptance back; what the open contest settled remains to be done again."""
    on_date, deadline = values.maybe_day("date") or context.today, values.maybe_day("deadline")
    record = ReturnRecord(
        on_date,
        values.text("reason"),
        plot.state,
        deadline,
        values.text("document_number"),
        withdrawn=_withdrawn(plot, values, context),
    )
    back = replace(_without_contest(plot.round), returned_on=on_date, deadline=deadline or plot.round.deadline)
    if back.planned_on is not None:
        return Outcome(replace(plot, state=State.WORKING, round=_unclaimed(back)), (record,), on_date)
    if back.buckets.total == Area.ZERO:
        back = replace(back, target=Area.ZERO)  # the contest had fixed it; the plan is still to be made
    return Outcome(replace(plot, state=State.CHECKED, round=_unclaimed(back)), (record,), on_date)


def _record(plot: PlotFacts, values: Values, context: ActionContext, level: AcceptanceLevel) -> AcceptanceRecord:
    base = plot.round.buckets if values.flag("as_claimed") else Buckets()
    accepted = base.with_areas(values.buckets())
    return AcceptanceRecord(
        level,
        values.day("date"),
        values.text("group"),
        context.actor,
        accepted,
        values.text("document_number"),
        cut=accepted != plot.round.buckets,
    )


def _accepted(plot: PlotFacts, record: AcceptanceRecord, state: State, accepted: RoundFacts) -> Outcome:
    if not record.cut:
        return Outcome(replace(plot, state=state, round=accepted), (record,), record.on_date)
    # The cut is the last word on what is done, so it also stands among the statements, never before the latest.
    stated_on: date = max(record.on_date, last_stated(plot))
    records: tuple[Record, ...] = (record, ProgressRecord(stated_on, record.buckets, source="acceptance"))
    cut = replace(
        plot,
        state=State.WORKING,
        round=_unclaimed(with_buckets(plot.round, record.buckets)),
        statements=with_statement(plot.statements, Statement(stated_on, record.buckets)),
    )
    return Outcome(cut, records, record.on_date)


def _own(plot: PlotFacts, context: ActionContext) -> bool:
    claimed_here = plot.state is State.CLAIMED and plot.round.claimed_by == context.actor
    return context.desk is Desk.TOWNSHIP and (claimed_here or plot.state is State.CONTESTED)


def _withdrawn(plot: PlotFacts, values: Values, context: ActionContext) -> bool:
    """Whether the clerk takes back an own claim: said so, or without a new deadline."""
    said = values.flag("withdraw")
    return _own(plot, context) and (said if said is not None else "deadline" not in values)


def _unclaimed(facts: RoundFacts) -> RoundFacts:
    return replace(facts, claimed_on=None, claimed_by="", accepted_on=None, county_accepted_on=None)


def _without_contest(facts: RoundFacts) -> RoundFacts:
    bucket: Bucket | None = facts.contest_bucket
    if bucket is None:
        return facts
    return replace(
        facts,
        buckets=facts.buckets.with_areas({bucket: facts.buckets[bucket] - facts.contest_area}),
        contested_on=None,
        proof_kind=None,
        proof_statement="",
        proof_document="",
        contest_bucket=None,
        contest_area=Area.ZERO,
    )
