"""What start, progress, finished works and claim ask for and do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.evidence import missing_evidence
from gengdi_desktop.domain.outcomes import ActionContext, Outcome, ProgressRecord, Refusal
from gengdi_desktop.domain.plots import PlotFacts, RoundFacts, Statement
from gengdi_desktop.domain.states import State
from gengdi_desktop.domain.values import Values


def start(plot: PlotFacts, values: Values, _context: ActionContext) -> Outcome:
    """Work begins."""
    on_date = values.day("date")
    return Outcome(
        replace(plot, state=State.WORKING, round=replace(plot.round, started_on=on_date)), event_date=on_date
    )


def stated(plot: PlotFacts, on_date: date, given: Values) -> Buckets:
    """The whole statement for a day: what is given, and for the other methods what stood on that day."""
    return standing_on(plot, on_date).with_areas(given.buckets())


def guard_progress(plot: PlotFacts, values: Values, _context: ActionContext) -> Iterator[Refusal]:
    """Something must be stated, and not more than the target."""
    if not values.buckets():
        yield Refusal("missing", "缺累计面积，各项至少填一项", "restored")
    on_date = values.maybe_day("date")
    if on_date is None:
        return
    total = stated(plot, on_date, values).total
    if total > plot.round.target:
        yield Refusal("over_target", f"合计 {total.spoken()} 亩超过应整改 {plot.round.target.spoken()} 亩", "restored")


def progress(plot: PlotFacts, values: Values, _context: ActionContext) -> Outcome:
    """Record a statement; the latest event date counts, entry order breaks ties."""
    on_date = values.day("date")
    buckets = stated(plot, on_date, values)
    latest = on_date >= last_stated(plot)
    facts = with_ground_facts(plot.round, values, overwrite=latest)
    if latest:
        facts = with_buckets(facts, buckets)
    record = ProgressRecord(on_date, buckets, values.text("crop"), values.maybe_day("sown_on"), values.text("note"))
    working = replace(
        plot,
        state=State.WORKING,
        round=facts if facts.started_on else replace(facts, started_on=on_date),
        statements=with_statement(plot.statements, Statement(on_date, buckets)),
    )
    return Outcome(working, (record,), on_date)


def works_done(plot: PlotFacts, values: Values, _context: ActionContext) -> Outcome:
    """Earthworks are finished, nothing is planted: still a gap."""
    on_date = values.day("date")
    return Outcome(
        replace(plot, state=State.WORKS_DONE, round=replace(plot.round, works_done_on=on_date)), event_date=on_date
    )


def guard_claim(plot: PlotFacts, values: Values, context: ActionContext) -> Iterator[Refusal]:
    """Nothing may remain, and the evidence of the kind must be there."""
    if plot.round.remaining != Area.ZERO:
        yield Refusal("remaining", f"剩余 {plot.round.remaining.spoken()} 亩")
    told = replace(plot, round=with_ground_facts(plot.round, values, overwrite=True))
    for requirement in missing_evidence(told, context.evidence):
        yield Refusal("evidence", f"缺{requirement.label}", requirement.field or requirement.code)


def claim(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """The clerk says: in place."""
    on_date = values.maybe_day("date") or context.today
    facts = with_ground_facts(plot.round, values, overwrite=True)
    claimed = replace(facts, claimed_on=on_date, claimed_by=context.actor)
    return Outcome(replace(plot, state=State.CLAIMED, round=claimed), event_date=on_date)


def last_stated(plot: PlotFacts) -> date:
    """The event date of the statement that counts; the beginning of time where there is none."""
    return plot.statements[-1].event_date if plot.statements else date.min


def with_statement(statements: tuple[Statement, ...], new: Statement) -> tuple[Statement, ...]:
    """The statements with a new one in its place: after all of its day, since it was entered last."""
    return tuple(sorted((*statements, new), key=lambda statement: statement.event_date))


def with_buckets(facts: RoundFacts, buckets: Buckets) -> RoundFacts:
    """The round with other buckets; an open contest never holds more than its bucket does."""
    if facts.contest_bucket is None:
        return replace(facts, buckets=buckets)
    return replace(facts, buckets=buckets, contest_area=min(facts.contest_area, buckets[facts.contest_bucket]))


def with_ground_facts(facts: RoundFacts, values: Values, *, overwrite: bool) -> RoundFacts:
    """The round with crop, sowing date and demolition record where they are given."""
    given: dict[str, str | date] = {key: values.text(key) for key in ("crop", "demolition_record") if key in values}
    if "sown_on" in values:
        given["sown_on"] = values.day("sown_on")
    changes = {key: value for key, value in given.items() if overwrite or not getattr(facts, key)}
    return replace(facts, **changes) if changes else facts  # type: ignore[arg-type]


def standing_on(plot: PlotFacts, on_date: date) -> Buckets:
    """What was settled on a day: now, or as stated last before it."""
    if on_date >= last_stated(plot):
        return plot.round.buckets
    earlier = [statement.buckets for statement in plot.statements if statement.event_date <= on_date]
    return earlier[-1] if earlier else Buckets()
