"""What self-check, plan and contest ask for and do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind, ProofKind, Stage
from gengdi_desktop.domain.land_classes import ClassSystem, LandClasses, PairProblem, split_pair
from gengdi_desktop.domain.outcomes import ActionContext, NoteRecord, Outcome, Refusal
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import Bucket, State
from gengdi_desktop.domain.values import Values


def read_class(text: str, classes: LandClasses) -> tuple[str, str, str] | Refusal:
    """System, code and name of a class as clerks write it; a use that is no class of the table stays a name.

    A code that the table does not know, or that contradicts the name beside it, is a refusal.
    """
    code, name = split_pair(text)
    reading = classes.read(code, name)
    if reading.land_class is not None:
        return ClassSystem.THIRD_SURVEY.value, reading.land_class.code, reading.land_class.name
    if not code and reading.problem is not PairProblem.EMPTY:
        return "", "", text.strip()
    return Refusal("class_now", reading.message.removesuffix("。") or f"“{text}”不是地类", "class_now")


def guard_check(plot: PlotFacts, values: Values, context: ActionContext) -> Iterator[Refusal]:
    """A kind that neither the list nor the clerk names is missing; the class must be one."""
    if "problem_kind" not in values and plot.kind is None:
        yield Refusal("missing", "缺问题类型", "problem_kind")
    if "class_now" in values:
        read = read_class(values.text("class_now"), context.classes)
        if isinstance(read, Refusal):
            yield read


def check(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Record what was found on the ground."""
    read = read_class(values.text("class_now"), context.classes)
    system, code, name = ("", "", "") if isinstance(read, Refusal) else read
    checked = replace(
        plot,
        state=State.CHECKED,
        checked_on=values.day("date"),
        finding=values.choice("finding", Finding),
        problem_kind=values.maybe_choice("problem_kind", ProblemKind) or plot.kind,
        class_now_system=system,
        class_now=code,
        class_now_name=name,
        cause=values.text("cause"),
        party=values.text("party"),
        rectify=values.flag("rectify"),
        built_on=values.maybe_day("built_on") or plot.built_on,
        case_number=values.text("case_number") or plot.case_number,
        responsible_leader=values.text("responsible_leader") or plot.responsible_leader,
        grid_chief=values.text("grid_chief") or plot.grid_chief,
    )
    contact = values.text("party_contact")
    said = values.text("site_note")
    # What the sheet of the field asks beside the facts: kept as it was written, dated as the visit.
    noted = (NoteRecord(values.day("date"), said),) if said else ()
    return Outcome(checked, noted, checked.checked_on, private={"party_contact": contact} if contact else {})


def planned_target(plot: PlotFacts, values: Values) -> Area:
    """The area to be settled: as given, else as fixed before, else as issued."""
    return values.area("target") if "target" in values else fixed_target(plot)


def fixed_target(plot: PlotFacts) -> Area:
    """The round's target; the issued area where neither plan nor contest has fixed one."""
    return plot.round.target if plot.round.target > Area.ZERO else plot.issued_area


def guard_plan(plot: PlotFacts, values: Values, _context: ActionContext) -> Iterator[Refusal]:
    """Only what must be rectified is planned; the target lies between what is settled and what was issued."""
    if plot.rectify is not True:
        yield Refusal("rectify_no", "自查结论不是需要整改，可以举证，或重新自查")
    target, settled = planned_target(plot, values), plot.round.buckets.total
    yield from refuse_target(plot, target)
    if target < settled:
        yield Refusal("target_settled", f"应整改 {target.spoken()} 亩小于已整改 {settled.spoken()} 亩", "target")
    if target < plot.issued_area and not (values.text("not_required_reason") or plot.round.not_required_reason):
        yield Refusal("missing", "缺不需整改部分的理由", "not_required_reason")


def refuse_target(plot: PlotFacts, target: Area) -> Iterator[Refusal]:
    """A target is more than nothing and no more than the issued area."""
    if target <= Area.ZERO:
        yield Refusal("target_zero", "应整改面积要大于 0", "target")
    if target > plot.issued_area:
        yield Refusal(
            "target_issued", f"应整改 {target.spoken()} 亩大于下发面积 {plot.issued_area.spoken()} 亩", "target"
        )


def plan(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Fix measure, person, deadline and target; a plot whose work has begun goes on working."""
    old, on_date = plot.round, values.maybe_day("date") or context.today
    target = planned_target(plot, values)
    kept: dict[str, Any] = {
        key: values.text(key) or getattr(old, key)
        for key in ("difficulty", "plan_text", "plan_approver", "person_title", "person_phone")
    }
    planned = replace(
        old,
        target=target,
        not_required_reason=(values.text("not_required_reason") or old.not_required_reason)
        if target < plot.issued_area
        else "",
        disposal_class=values.choice("disposal_class", DisposalClass),
        measure=values.text("measure"),
        person=values.text("person"),
        deadline=values.day("deadline"),
        plan_approved_on=values.maybe_day("plan_approved_on") or old.plan_approved_on,
        planned_on=on_date,
        **kept,
    )
    return Outcome(
        replace(
            plot,
            state=State.WORKING if plot.state is State.WORKING else State.PLANNED,
            round=planned,
            responsible_leader=values.text("responsible_leader") or plot.responsible_leader,
            grid_chief=values.text("grid_chief") or plot.grid_chief,
        ),
        event_date=on_date,
    )


def guard_contest(plot: PlotFacts, values: Values, _context: ActionContext) -> Iterator[Refusal]:
    """Something must remain, and something must prove it."""
    if fixed_target(plot) <= plot.round.buckets.total:
        yield Refusal("nothing_left", "没有剩余面积可以举证")
    papers = plot.evidence.files.get(Stage.PAPER, 0)
    if not (values.text("statement") or values.text("document_number") or papers):
        yield Refusal("missing", "缺情况说明、证明文件文号或书面材料附件", "statement")


def contest(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Put the whole remainder into the bucket of the contest, and remember how much; no plan: all that was issued."""
    old, on_date = plot.round, values.maybe_day("date") or context.today
    bucket, target = values.choice("bucket", Bucket), fixed_target(plot)
    remainder = target - old.buckets.total
    put_before = old.contest_area if old.contest_bucket is bucket else Area.ZERO
    contested = replace(
        old,
        target=target,
        buckets=old.buckets.with_areas({bucket: old.buckets[bucket] + remainder}),
        contested_on=on_date,
        proof_kind=values.choice("proof_kind", ProofKind),
        proof_statement=values.text("statement"),
        proof_document=values.text("document_number"),
        contest_bucket=bucket,
        contest_area=put_before + remainder,
    )
    return Outcome(replace(plot, state=State.CONTESTED, round=contested), event_date=on_date)
