"""What a reported row does to a plot: check, plan and progress in this order, as far as it says something new."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import DisposalClass
from gengdi_desktop.domain.moves_check import read_class
from gengdi_desktop.domain.moves_works import last_stated, standing_on
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import ActionContext, Outcome, ProgressRecord, Refusal, sentence
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import Bucket, State
from gengdi_desktop.domain.transitions import apply, request
from gengdi_desktop.domain.values import Value
from gengdi_desktop.phases.progress.reported import Reported, Trouble

NOT_IN_SHEET = "表内未列"
"""Stands for a cause or a reason that the sheet has no column for, so that it is seen and filled in later."""

DATE_MISSING = "date_missing"
_DATE_MISSING = Trouble(-1, DATE_MISSING, "表上没有填报日期，不知道是哪一天的情况。请补上填报日期。")
_SHORT_DAYS, _MEDIUM_DAYS = 30, 180
_CHECKABLE = frozenset({State.ISSUED, State.CHECKED})
_FIELD_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("verify_date", "report_date"),
    "finding": ("is_true",),
    "problem_kind": ("outflow_type",),
    "class_now": ("field_class", "occupy_use"),
    "cause": ("outflow_reason",),
    "party": ("party_name",),
    "rectify": ("need_rectify",),
    "target": ("rect_target_area",),
    "measure": ("rect_measure",),
    "person": ("responsible_person",),
    "deadline": ("plan_deadline",),
    "disposal_class": ("verify_class",),
    "restored": ("restored_area",),
}


@dataclass(slots=True)
class RowDeeds:
    """What a row does.

    Args:
        facts: The plot afterwards.
        outcomes: The actions in order; empty where the row says nothing new.
        refusals: Why the row is refused; nothing of it is done then.
        notes: What was put in by rule and should be looked at.
    """

    facts: PlotFacts
    outcomes: list[Outcome]
    refusals: list[Trouble]
    notes: list[Trouble]


@dataclass(frozen=True, slots=True)
class SheetRules:
    """What holds for all rows of a sheet.

    Args:
        on_date: The day of the sheet; None where it names none and none was given.
        accept_smaller: Whether a person has confirmed that settled areas may become smaller.
        source: Where progress comes from, for its record.
    """

    on_date: date | None
    accept_smaller: bool = False
    source: str = "sheet"


def deeds(said: Reported, plot: PlotFacts, context: ActionContext, rules: SheetRules) -> RowDeeds:
    """Do with a plot what a row says; the row is refused whole where one of its actions is."""
    row = RowDeeds(plot, [], [*said.refusals], [*said.notes])
    if row.refusals:
        return row
    day = said.report_date or rules.on_date
    _do(said, row, Operation.CHECK, _check_values(said, row, day, context), context, rules)
    _do(said, row, Operation.PLAN, _plan_values(said, row, day, context), context, rules)
    _do(said, row, Operation.PROGRESS, _progress_values(said, row, day, rules), context, rules)
    if row.refusals:
        row.outcomes = []
        row.facts = plot
    return row


def _do(
    said: Reported,
    row: RowDeeds,
    operation: Operation,
    given: Mapping[str, Value | None] | None,
    context: ActionContext,
    rules: SheetRules,
) -> None:
    if given is None or row.refusals:
        return
    asked = request(operation.value, given)
    result = apply(asked, row.facts, context)
    if not isinstance(result, Outcome):
        first = result[0]
        row.refusals.append(Trouble(_column(said, first.field), first.code, sentence(asked.rule, result)))
        return
    records = tuple(
        replace(record, source=rules.source) if isinstance(record, ProgressRecord) else record
        for record in result.records
    )
    row.outcomes.append(replace(result, records=records))
    row.facts = result.plot


def _column(said: Reported, field: str) -> int:
    return next((said.columns[name] for name in _FIELD_COLUMNS.get(field, ()) if name in said.columns), -1)


# --------------------------------------------------------------------------------------------------------------- check


def _check_values(
    said: Reported, row: RowDeeds, day: date | None, context: ActionContext
) -> Mapping[str, Value | None] | None:
    """The self-check of a row, what it leaves out taken from the plot; None where nothing differs."""
    plot = row.facts
    differing = _check_differences(said, plot, context)
    if not differing:
        return None
    if plot.state not in _CHECKABLE:
        told = f"自查情况与台账不同（{'、'.join(differing)}），现在是“{plot.state.label}”，要改请用“更正”。"
        row.refusals.append(Trouble(-1, "check_differs", told))
        return None
    date_of_check = said.check_date or plot.checked_on or day
    if date_of_check is None:
        row.refusals.append(_DATE_MISSING)
        return None
    cause = said.cause or plot.cause
    if not cause and "outflow_reason" not in said.columns:
        cause = NOT_IN_SHEET
        row.notes.append(Trouble(-1, "cause_not_in_sheet", f"表里没有“成因”一列，成因记为“{NOT_IN_SHEET}”，请以后补。"))
    return {
        "date": date_of_check,
        "finding": said.finding or plot.finding,
        "problem_kind": said.kind or plot.kind,
        "class_now": said.class_now or plot.class_now or plot.class_now_name,
        "cause": cause,
        "party": said.party or plot.party,
        "rectify": said.rectify if said.rectify is not None else plot.rectify,
        "built_on": said.built_on,
        "responsible_leader": said.responsible_leader,
        "grid_chief": said.grid_chief,
    }


def _check_differences(said: Reported, plot: PlotFacts, context: ActionContext) -> list[str]:
    """The names of what the row says otherwise than the ledger."""
    pairs = (
        ("是否属实", said.finding, plot.finding),
        ("是否需整改", said.rectify, plot.rectify),
        ("自查日期", said.check_date, plot.checked_on),
        ("占用主体", said.party or None, plot.party),
        ("成因", said.cause or None, plot.cause),
    )
    differing = [label for label, value, known in pairs if _new(value, known)]
    if said.class_now:
        read = read_class(said.class_now, context.classes)
        known = (plot.class_now_system, plot.class_now, plot.class_now_name)
        if isinstance(read, Refusal) or any(map(_new, read, known)):
            differing.append("现状用途")
    return differing


# ---------------------------------------------------------------------------------------------------------------- plan


def _plan_values(
    said: Reported, row: RowDeeds, day: date | None, context: ActionContext
) -> Mapping[str, Value | None] | None:
    """The plan of a row, what it leaves out taken from the round; None where nothing new is planned."""
    plot, plan = row.facts, row.facts.round
    if not _plans(said, plot):
        return None
    deadline = said.deadline or plan.deadline
    given: dict[str, Value | None] = {
        "date": day or context.today,
        "disposal_class": said.disposal_class or plan.disposal_class,
        "measure": said.measure or plan.measure,
        "person": said.person or plan.person,
        "person_title": said.person_title,
        "person_phone": said.person_phone,
        "deadline": deadline,
        "responsible_leader": said.responsible_leader,
        "grid_chief": said.grid_chief,
    }
    if said.target is not None:
        given["target"] = said.target
        if said.target < plot.issued_area and not plan.not_required_reason:
            given["not_required_reason"] = said.remark or NOT_IN_SHEET
    if given["disposal_class"] is None and deadline is not None and "verify_class" not in said.columns:
        by_time = _class_by_time((deadline - (day or context.today)).days)
        given["disposal_class"] = by_time
        told = f"表里没有“处置分类”一列，按时限记为“{by_time.label}”，请核对。"
        row.notes.append(Trouble(-1, "class_by_time", told))
    return given


def _new(value: object, known: object) -> bool:
    """Whether a cell says something else than the ledger; width and blanks are no difference."""
    if isinstance(value, str) and isinstance(known, str):
        return _bare(value) != _bare(known)
    return value is not None and value != known


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _plans(said: Reported, plot: PlotFacts) -> bool:
    """Whether the row plans: it says something of the plan that is new, or that no plan has taken up yet."""
    plan = plot.round
    told = (
        (said.disposal_class, plan.disposal_class),
        (said.measure or None, plan.measure),
        (said.person or None, plan.person),
        (said.deadline, plan.deadline),
    )
    differs = any(_new(value, known) for value, known in told)
    if plan.planned_on is not None:
        beside = (
            (said.target, plan.target),
            (said.person_title or None, plan.person_title),
            (said.person_phone or None, plan.person_phone),
            (said.responsible_leader or None, plot.responsible_leader),
            (said.grid_chief or None, plot.grid_chief),
        )
        return differs or any(_new(value, known) for value, known in beside)
    # What the issued list itself said of the plan becomes one as soon as the plot is checked.
    ready = plot.state is State.CHECKED and plot.rectify is True
    return differs or (ready and all(value is not None for value, _ in told[1:]))


def _class_by_time(days: int) -> DisposalClass:
    if days <= _SHORT_DAYS:
        return DisposalClass.SHORT_TERM
    return DisposalClass.MEDIUM_TERM if days <= _MEDIUM_DAYS else DisposalClass.LONG_TERM


# ------------------------------------------------------------------------------------------------------------ progress


def _progress_values(
    said: Reported, row: RowDeeds, day: date | None, rules: SheetRules
) -> Mapping[str, Value | None] | None:
    """The statement of a row; None where the ledger says the same already."""
    plot = row.facts
    standing = standing_on(plot, day) if day is not None else plot.round.buckets
    stated = _stated(said, standing, row)
    if stated is None:
        return None
    ground = {"crop": said.crop, "sown_on": said.sown_on}
    new_ground = any(value and _new(value, getattr(plot.round, key)) for key, value in ground.items())
    if stated == standing and not new_ground:
        return None
    if day is None:
        row.refusals.append(_DATE_MISSING)
        return None
    if stated.total < standing.total and day >= last_stated(plot) and not rules.accept_smaller:
        told = (
            f"已整改 {stated.total.spoken()} 亩，比台账里的 {standing.total.spoken()} 亩小。确实要减少，请确认后再录。"
        )
        row.refusals.append(Trouble(_column(said, "restored"), "smaller", told))
        return None
    return {"date": day, **{bucket.value: area for bucket, area in stated}, **ground, "note": said.remark}


def _stated(said: Reported, standing: Buckets, row: RowDeeds) -> Buckets | None:
    """All methods as the row states them: 已整改面积 is the sum, and what no method claims of it was restored."""
    if said.done is None and not said.by_method:
        says_ground = bool(said.crop or said.sown_on)
        return standing if says_ground and standing.total > Area.ZERO else None
    stated = standing.with_areas(said.by_method)
    if said.done is None or said.done == stated.total:
        return stated
    bucket = said.method or Bucket.RESTORED
    others = stated.total - stated[bucket]
    if said.done < others:
        if said.by_method:
            told = f"已整改面积 {said.done.spoken()} 亩小于各方式之和 {others.spoken()} 亩。请核对。"
            row.refusals.append(Trouble(_column(said, "restored"), "done_below_methods", told))
            return None
        return Buckets.of({bucket: said.done})
    return stated.with_areas({bucket: said.done - others})
