"""The only SQL of the phases: plots as the rules see them, and what an action writes; always many plots at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import case, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from gengdi_desktop.domain import outcomes
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import (
    Choice,
    DisposalClass,
    Finding,
    InPlace,
    ProblemKind,
    ProofKind,
    Stage,
    choice_of,
)
from gengdi_desktop.domain.corrections import CORRECTIONS, Place, Shape
from gengdi_desktop.domain.plots import EvidenceCounts, PlotFacts, RoundFacts, Statement
from gengdi_desktop.domain.states import Bucket, State
from gengdi_desktop.storage.tables import (
    AcceptanceRow,
    AttachmentRow,
    CancellationRow,
    ClosingRow,
    CorrectionRow,
    HoldRow,
    NoteRow,
    PlotRow,
    ProgressRow,
    ReturnRow,
    RevisitRow,
    RoundRow,
    SpotCheckRow,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.columns import Row
    from gengdi_desktop.storage.unit_of_work import Work

_AT_ONCE = 500
_ISSUED = tuple(correction for correction in CORRECTIONS if correction.place is Place.ISSUED)
_ROUND_TEXTS = (
    "not_required_reason",
    "difficulty",
    "measure",
    "plan_text",
    "plan_approver",
    "person",
    "person_title",
    "person_phone",
    "crop",
    "demolition_record",
    "proof_statement",
    "proof_document",
    "claimed_by",
    "reopen_reason",
)
_ROUND_DAYS = (
    "plan_approved_on",
    "planned_on",
    "deadline",
    "started_on",
    "works_done_on",
    "sown_on",
    "contested_on",
    "claimed_on",
    "accepted_on",
    "county_accepted_on",
    "closed_on",
    "returned_on",
    "reopened_on",
)
_PLOT_FACTS = (
    "state",
    "held",
    "checked_on",
    "finding",
    "problem_kind",
    "class_now_system",
    "class_now",
    "class_now_name",
    "cause",
    "party",
    "rectify",
    "built_on",
    "case_number",
    "person_handled",
    "demolished",
    "confiscated",
    "referred",
    "responsible_leader",
    "grid_chief",
)
_ROUND_FACTS = tuple(field.name for field in fields(RoundFacts) if field.name != "buckets")
_TABLES: Mapping[type[object], type[Row]] = {
    outcomes.ProgressRecord: ProgressRow,
    outcomes.AcceptanceRecord: AcceptanceRow,
    outcomes.ReturnRecord: ReturnRow,
    outcomes.SpotCheckRecord: SpotCheckRow,
    outcomes.RevisitRecord: RevisitRow,
    outcomes.ClosingRecord: ClosingRow,
    outcomes.HoldRecord: HoldRow,
    outcomes.CancellationRecord: CancellationRow,
    outcomes.CorrectionRecord: CorrectionRow,
    outcomes.NoteRecord: NoteRow,
}
_MAYBE: Mapping[type[PlotRow | RoundRow], frozenset[str]] = {
    PlotRow: frozenset({"checked_on", "rectify", "built_on"}),
    RoundRow: frozenset(_ROUND_DAYS),
}
_WITHOUT_ROUND = (HoldRow, CancellationRow, CorrectionRow, NoteRow)
T = TypeVar("T")
ChoiceType = TypeVar("ChoiceType", bound=Choice)


@dataclass(slots=True)
class LoadedPlot:
    """A plot with its rows, ready to be changed in the session that loaded it.

    ``round`` is None where nothing of the first round has been written yet.
    """

    facts: PlotFacts
    plot: PlotRow
    round: RoundRow | None


# ------------------------------------------------------------------------------------------------------------- reading


def load(session: Session, plots: Sequence[str]) -> dict[str, LoadedPlot]:
    """The plots of these own ids as the rules see them, by id; unknown ids are left out.

    Five queries for each 500 plots, whatever the rules will ask.
    """
    loaded: dict[str, LoadedPlot] = {}
    for some in _portions(plots):
        rows = session.exec(select(PlotRow).where(col(PlotRow.id).in_(some))).all()
        current = {row.id: row.round for row in rows}
        rounds = _rounds(session, current)
        statements = _statements(session, current)
        evidence = _evidence(session, current)
        before = _states_before(session, [row.id for row in rows if row.state == State.CANCELLED])
        for row in rows:
            found = rounds.get(row.id)
            facts = _facts(
                row,
                RoundFacts(number=row.round) if found is None else _round_facts(found),
                tuple(statements[row.id]),
                evidence[row.id],
                before.get(row.id),
            )
            loaded[row.id] = LoadedPlot(facts, row, found)
    return loaded


def buckets_of(row: RoundRow | ProgressRow) -> Buckets:
    """The six areas of a row."""
    return Buckets(*(Area(getattr(row, bucket.value)) for bucket in Bucket))


def _rounds(session: Session, current: Mapping[str, int]) -> dict[str, RoundRow]:
    keys = [_round_key(plot, number) for plot, number in current.items()]
    return {row.plot_id: row for row in session.exec(select(RoundRow).where(col(RoundRow.id).in_(keys))).all()}


def _round_key(plot: str, number: int) -> str:
    return f"{plot}:{number}"


def _statements(session: Session, current: Mapping[str, int]) -> defaultdict[str, list[Statement]]:
    query = select(ProgressRow).where(col(ProgressRow.plot_id).in_(current))
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    for row in session.exec(query.order_by(col(ProgressRow.event_date), col(ProgressRow.id))).all():
        if row.round == current[row.plot_id]:
            found[row.plot_id].append(Statement(date.fromisoformat(row.event_date), buckets_of(row)))
    return found


def _evidence(session: Session, current: Mapping[str, int]) -> defaultdict[str, EvidenceCounts]:
    """How many files each plot's current round has, by stage; taken-off files do not count."""
    plot, number, stage = col(AttachmentRow.plot_id), col(AttachmentRow.round), col(AttachmentRow.stage)
    picture = case((col(AttachmentRow.media_type).like("image/%"), 1), else_=0)
    query = select_columns(plot, number, stage, func.count(), func.sum(picture)).where(
        plot.in_(current), col(AttachmentRow.removed) == 0
    )
    counts: defaultdict[str, EvidenceCounts] = defaultdict(EvidenceCounts)
    for key, round_number, code, files, photos in session.connection().execute(query.group_by(plot, number, stage)):
        if round_number == current[key]:
            old = counts[key]
            counts[key] = EvidenceCounts({**old.photos, Stage(code): photos}, {**old.files, Stage(code): files})
    return counts


def _states_before(session: Session, cancelled: Sequence[str]) -> dict[str, State]:
    if not cancelled:
        return {}
    found = _open_rows(session, CancellationRow, "restored_on", cancelled)
    return {plot: State(row.state_before) for plot, row in found.items() if row.state_before}


def _open_rows(session: Session, table: type[T], ended: str, plots: Sequence[str]) -> dict[str, T]:
    """The row of each plot that has begun and not ended; the newest where there are several."""
    columns: Any = table
    query = select(table).where(col(columns.plot_id).in_(plots), col(columns.__table__.c[ended]).is_(None))
    rows: Sequence[Any] = session.exec(query.order_by(col(columns.id))).all()
    return {row.plot_id: row for row in rows}


def _facts(
    row: PlotRow, current: RoundFacts, statements: tuple[Statement, ...], evidence: EvidenceCounts, before: State | None
) -> PlotFacts:
    return PlotFacts(
        id=row.id,
        issued_area=Area(row.issued_area),
        state=State(row.state),
        round=current,
        held=bool(row.held),
        listed_kind=choice_of(ProblemKind, row.kind),
        state_before=before,
        issued={fact.key: _issued_text(getattr(row, fact.key), fact.shape) for fact in _ISSUED},
        statements=statements,
        evidence=evidence,
        checked_on=_day(row.checked_on),
        finding=_choice(Finding, row.finding),
        problem_kind=_choice(ProblemKind, row.problem_kind),
        class_now_system=row.class_now_system,
        class_now=row.class_now,
        class_now_name=row.class_now_name,
        cause=row.cause,
        party=row.party,
        rectify=None if row.rectify is None else bool(row.rectify),
        built_on=_day(row.built_on),
        case_number=row.case_number,
        person_handled=row.person_handled,
        demolished=_choice(InPlace, row.demolished),
        confiscated=_choice(InPlace, row.confiscated),
        referred=_choice(InPlace, row.referred),
        responsible_leader=row.responsible_leader,
        grid_chief=row.grid_chief,
    )


def _round_facts(row: RoundRow) -> RoundFacts:
    plain: dict[str, Any] = {key: getattr(row, key) for key in _ROUND_TEXTS}
    plain |= {key: _day(getattr(row, key)) for key in _ROUND_DAYS}
    return RoundFacts(
        number=row.number,
        target=Area(row.target),
        buckets=buckets_of(row),
        disposal_class=_choice(DisposalClass, row.disposal_class),
        proof_kind=_choice(ProofKind, row.proof_kind),
        contest_bucket=Bucket(row.contest_bucket) if row.contest_bucket else None,
        contest_area=Area(row.contest_area),
        **plain,
    )


def _issued_text(value: str | int | None, shape: Shape) -> str:
    if value is None:
        return ""
    return Area(int(value)).exact() if shape is Shape.AREA else str(value)


def _choice(choices: type[ChoiceType], code: str) -> ChoiceType | None:
    """A code as stored; a text that some list brought and that is none of ours counts as not said."""
    return choice_of(choices, code) if code else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _portions(items: Iterable[T]) -> Iterator[list[T]]:
    source = iter(items)
    while portion := list(islice(source, _AT_ONCE)):
        yield portion


# ------------------------------------------------------------------------------------------------------------- writing


def write(work: Work, done: Sequence[tuple[LoadedPlot, outcomes.Outcome]]) -> None:
    """Write what an action has done to plots: changed facts in place, records as new rows, in the order given."""
    added: defaultdict[type[object], list[tuple[PlotFacts, outcomes.Record]]] = defaultdict(list)
    ended: defaultdict[type[object], dict[str, outcomes.Record]] = defaultdict(dict)
    for loaded, outcome in done:
        _write_facts(work, loaded, outcome)
        for record in outcome.records:
            if type(record) in _TABLES:
                added[type(record)].append((loaded.facts, record))
            else:
                ended[type(record)][loaded.facts.id] = record
        loaded.facts = outcome.plot
    for kind, records in added.items():
        _add_rows(work, _TABLES[kind], records)
    _end(work.session, HoldRow, "released_on", ended[outcomes.ReleaseRecord])
    _end(work.session, CancellationRow, "restored_on", ended[outcomes.RestorationRecord])


def _write_facts(work: Work, loaded: LoadedPlot, outcome: outcomes.Outcome) -> None:
    old, new, row = loaded.facts, outcome.plot, loaded.plot
    for key in _PLOT_FACTS:
        _set(row, key, getattr(new, key))
    for key, text in new.issued.items():
        if text != old.issued[key]:
            fact = next(fact for fact in _ISSUED if fact.key == key)
            _set(row, key, _issued_value(text, fact.shape))
    for key, text in outcome.private.items():
        setattr(row, key, work.private(f"plot.{key}", text))
    if new.round == old.round and loaded.round is not None:
        return
    if new.round.number != old.round.number or loaded.round is None:
        if new.round == RoundFacts(number=new.round.number):
            return  # nothing of it has been said yet
        loaded.round = RoundRow(id=_round_key(new.id, new.round.number), plot_id=new.id)
        row.round = new.round.number
        work.session.add(loaded.round)
    for key in _ROUND_FACTS:
        _set(loaded.round, key, getattr(new.round, key))
    for bucket, area in new.round.buckets:
        _set(loaded.round, bucket.value, area)


def _set(row: PlotRow | RoundRow, key: str, value: object) -> None:
    cell = _cell(row, key, value)
    if getattr(row, key) != cell:
        setattr(row, key, cell)


def _cell(row: PlotRow | RoundRow, key: str, value: object) -> str | int | None:
    """A fact as its column holds it: an empty choice is an empty text where the column must be there."""
    return plain(value) if value is not None or key in _MAYBE[type(row)] else ""


def plain(value: object) -> str | int | None:
    """A value as tables hold it: areas 10⁻⁶ mu, days ISO, flags 0 and 1, choices their codes."""
    if isinstance(value, Area):
        return value.micro_mu
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"no column holds {type(value).__name__}")


def _issued_value(text: str, shape: Shape) -> str | int:
    if shape is Shape.AREA:
        return Area.parse(text).micro_mu
    return int(text) if shape is Shape.YEAR else text


def _add_rows(work: Work, table: type[Row], records: Sequence[tuple[PlotFacts, outcomes.Record]]) -> None:
    first = work.new_keys(table, len(records))
    cells = [_record_cells(table, plot, record) for plot, record in records]
    names = list(cells[0])
    work.bulk(table, ["id", *names], [[first + at, *row.values()] for at, row in enumerate(cells)])


def _record_cells(table: type[Row], plot: PlotFacts, record: outcomes.Record) -> dict[str, str | int | None]:
    cells: dict[str, str | int | None] = {"plot_id": plot.id}
    if table not in _WITHOUT_ROUND:
        cells["round"] = plot.round.number
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Buckets):
            cells |= {bucket.value: area.micro_mu for bucket, area in value}
        else:
            cells[field.name] = plain(value)
    return cells


def _end(session: Session, table: type[T], ended: str, records: Mapping[str, outcomes.Record]) -> None:
    for some in _portions(records):
        for plot, row in _open_rows(session, table, ended, some).items():
            for field in fields(records[plot]):
                setattr(row, field.name, plain(getattr(records[plot], field.name)))
