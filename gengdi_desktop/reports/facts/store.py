"""The SQL of the snapshot: all facts of a ledger from one open read transaction."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlmodel import select

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import DisposalClass, Finding, HoldKind, ProblemKind, choice_of
from gengdi_desktop.domain.states import Bucket, DoneRule, Label, State, label_of, label_of_split
from gengdi_desktop.ledger import store as ledger_store
from gengdi_desktop.ledger.figures import OPEN_LINES, Tally, figures_of
from gengdi_desktop.reports.document import on_paper
from gengdi_desktop.reports.facts.snapshot import LabelSum, ListFact, OpenLine, PhaseFact, PlotFact, Snapshot
from gengdi_desktop.storage.tables import PlotListRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.campaigns import Campaign

_PLOTS = """
SELECT p.*, r.target, r.restored, r.proved, r.regularised, r.quota_offset, r.inout_offset, r.other,
       r.not_required_reason, r.disposal_class, r.measure, r.person, r.person_title, r.person_phone, r.deadline,
       r.crop, r.claimed_on, r.accepted_on, r.county_accepted_on, r.closed_on, r.returned_on
FROM plot p LEFT JOIN round r ON r.plot_id = p.id AND r.number = p.round
WHERE :townships IS NULL OR p.township IN (SELECT value FROM json_each(:townships))
ORDER BY p.entry, p.position, p.id
"""
_IDENTIFIERS = (
    "SELECT plot_id, kind, value FROM identifier WHERE kind IN ('bsm', 'clue_no', 'monitor_no') ORDER BY id DESC"
)
_HOLDS = "SELECT plot_id, kind, document_number, parties FROM hold WHERE released_on IS NULL ORDER BY id"
_CANCELLATIONS = "SELECT plot_id, document_number FROM cancellation WHERE restored_on IS NULL ORDER BY id"
_SINGLE = (
    "SELECT DISTINCT a.plot_id FROM acceptance a JOIN plot p ON p.id = a.plot_id "
    "WHERE a.single_handed = 1 AND a.round = p.round"
)
_FILES = (
    "SELECT a.plot_id, count(*) AS many FROM attachment a JOIN plot p ON p.id = a.plot_id "
    "WHERE a.removed = 0 AND a.round = p.round GROUP BY a.plot_id"
)
_OPEN_LINES = (
    "SELECT list_id, sheet, row, issued_area, coalesce(problem, '') AS problem FROM list_line "
    f"WHERE {OPEN_LINES} ORDER BY list_id, id"
)
_BACK_IN_WORK = frozenset({State.CHECKED, State.PLANNED, State.WORKING, State.WORKS_DONE})


def snapshot(session: Session, today: date, townships: Collection[str] | None = None) -> Snapshot:
    """All facts of a report from one open read transaction, with the journal head of that moment.

    Args:
        session: An open read transaction.
        today: The day on which overdue is judged.
        townships: Only the plots of these, as they are written; lists stay those of the whole ledger.
    """
    ledger = ledger_store.ledger_row(session)
    campaign = ledger_store.campaign(session)
    seq, head = ledger_store.head(session)
    return Snapshot(
        ledger=ledger.id,
        sample=bool(ledger.is_sample),
        unit=ledger.unit,
        unit_kind=ledger.unit_kind,
        county=ledger.county,
        campaign=campaign.name,
        document_number=campaign.document_number,
        issuer=campaign.issuer,
        issued_on=campaign.issued_on,
        hard_deadline=campaign.last_day,
        first_responsible=campaign.first_responsible,
        direct_responsible=campaign.direct_responsible,
        done_rule=campaign.rules.done_rule,
        as_of=today,
        head_seq=seq,
        head_hash=head,
        phases=tuple(
            PhaseFact(phase.code, phase.name, phase.window_start, phase.window_end, phase.hard_deadline)
            for phase in campaign.phases
        ),
        lists=_lists(session, ledger.unit, today),
        plots=_plots(session, campaign, today, townships),
        open_lines=tuple(
            OpenLine(row.list_id, row.sheet, row.row, Area(row.issued_area), row.problem)
            for row in session.connection().execute(text(_OPEN_LINES))
        ),
    )


def _lists(session: Session, unit: str, today: date) -> tuple[ListFact, ...]:
    numbers = {row.id: row.document_number for row in session.exec(select(PlotListRow))}
    return tuple(
        ListFact(
            id=one.id,
            name=one.name,
            kind=one.kind,
            document_number=numbers.get(one.id, ""),
            area_header=one.area_header,
            lines=_sum(one.lines),
            unentered=_sum(one.unentered),
            by_label={label: _sum(tally) for label, tally in one.by_label.items()},
            stated_count=one.stated_count,
            stated_area=one.stated_area,
        )
        for one in figures_of(session, unit=unit, today=today).lists
    )


def _sum(tally: Tally) -> LabelSum:
    return LabelSum(tally.count, tally.area)


def _plots(
    session: Session, campaign: Campaign, today: date, townships: Collection[str] | None
) -> tuple[PlotFact, ...]:
    asked = None if townships is None else json.dumps(list(townships))
    rows = session.connection().execute(text(_PLOTS), {"townships": asked}).all()
    rule = campaign.rules.done_rule
    beside = _Beside(session)
    labels = _labels(rows, rule)
    facts = [_plot(row, campaign, today, labels[row.id], beside) for row in rows]
    return tuple(_settable(_whole(fact, facts) if fact.state is State.SPLIT else fact) for fact in facts)


_TEXTS = tuple(one.name for one in fields(PlotFact) if one.type == "str" and one.name not in {"id", "parent"})


def _settable(fact: PlotFact) -> PlotFact:
    """The same facts with texts that can be set on one line."""
    cleaned: dict[str, Any] = {name: on_paper(text) for name in _TEXTS if (text := getattr(fact, name))}
    return replace(fact, **cleaned)


def _whole(parent: PlotFact, facts: Sequence[PlotFact]) -> PlotFact:
    """A split parent with what its children have to settle and have settled, late where one is; no cancelled ones."""
    mine = [fact for fact in facts if fact.parent == parent.id and fact.state is not State.CANCELLED]
    buckets = {bucket: Area.total(fact.buckets[bucket] for fact in mine) for bucket in Bucket}
    return replace(
        parent,
        target=Area.total(fact.target for fact in mine),
        buckets=Buckets.of(buckets),
        overdue=any(fact.overdue for fact in mine),
    )


def _labels(rows: Sequence[Any], rule: DoneRule) -> dict[str, Label]:
    children: dict[str, list[tuple[State, Area]]] = defaultdict(list)
    for row in rows:
        if row.split_parent:
            children[row.split_parent].append((State(row.state), _buckets(row).total))
    return {
        row.id: label_of_split(children[row.id], rule)
        if row.state == State.SPLIT
        else label_of(State(row.state), _buckets(row).total, rule)
        for row in rows
    }


class _Beside:
    """What stands in other tables, by plot."""

    def __init__(self, session: Session) -> None:
        connection = session.connection()
        self.identifiers: dict[tuple[str, str], str] = {
            (row.plot_id, row.kind): row.value for row in connection.execute(text(_IDENTIFIERS))
        }
        self.holds: dict[str, str] = {row.plot_id: _hold_words(row) for row in connection.execute(text(_HOLDS))}
        self.cancellations: dict[str, str] = {
            row.plot_id: row.document_number for row in connection.execute(text(_CANCELLATIONS))
        }
        self.single: set[str] = {row.plot_id for row in connection.execute(text(_SINGLE))}
        self.files: dict[str, int] = {row.plot_id: row.many for row in connection.execute(text(_FILES))}


def _hold_words(row: Any) -> str:
    kind = HoldKind(row.kind).label if row.kind in set(HoldKind) else row.kind
    beside = row.document_number or row.parties
    return f"{kind}（{beside}）" if beside else str(kind)


def _plot(row: Any, campaign: Campaign, today: date, label: Label, beside: _Beside) -> PlotFact:
    state = State(row.state)
    deadline = _day(row.deadline)
    return PlotFact(
        id=row.id,
        parent=row.split_parent or "",
        township=row.township,
        village=row.village,
        plot_no=row.plot_no,
        bsm=beside.identifiers.get((row.id, "bsm"), ""),
        clue=beside.identifiers.get((row.id, "clue_no"), "") or beside.identifiers.get((row.id, "monitor_no"), ""),
        outflow_year=row.outflow_year,
        kind=_code(ProblemKind, row.problem_kind or row.kind),
        class_after=row.class_after_name or row.class_after,
        issued=Area(row.issued_area),
        basic=Area(row.basic_area or 0),
        state=state,
        label=label,
        round=row.round,
        checked_on=_day(row.checked_on),
        finding=_code(Finding, row.finding),
        class_now=row.class_now_name or row.class_now,
        cause=row.cause,
        party=row.party,
        rectify=None if row.rectify is None else bool(row.rectify),
        target=Area(row.target or 0),
        buckets=_buckets(row),
        not_required_reason=row.not_required_reason or "",
        disposal=_code(DisposalClass, row.disposal_class or ""),
        measure=row.measure or "",
        person=row.person or "",
        person_title=row.person_title or "",
        person_phone=row.person_phone or "",
        leader=row.responsible_leader,
        deadline=deadline,
        crop=row.crop or "",
        claimed_on=_day(row.claimed_on),
        accepted_on=_day(row.accepted_on),
        county_accepted_on=_day(row.county_accepted_on),
        closed_on=_day(row.closed_on),
        held=beside.holds.get(row.id, "") if row.held else "",
        returned=bool(row.returned_on) and state in _BACK_IN_WORK,
        overdue=campaign.overdue(state, deadline, today),
        single_handed=row.id in beside.single,
        cancelled_by=beside.cancellations.get(row.id, "") if state is State.CANCELLED else "",
        files=beside.files.get(row.id, 0),
        remark=row.remark,
    )


def _code(choices: type[ProblemKind | Finding | DisposalClass], words: str) -> str:
    """The code of what a list or a person wrote; the words themselves where they are none of ours."""
    found = choice_of(choices, words)
    return found.value if found else words


def _buckets(row: Any) -> Buckets:
    return Buckets.of({bucket: Area(getattr(row, bucket.value) or 0) for bucket in Bucket})


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
