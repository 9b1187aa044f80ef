"""Read models of plots: filtered and ordered ids, rows for a window of a table, and the card of one plot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import DoneRule, Label, State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.figures import BUCKET_SUM, PLOTS_WITH_ROUND, overdue_condition
from gengdi_desktop.ledger.words import RECORD_TABLES, cell_shown, plot_name
from gengdi_desktop.storage.layout import layout

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.storage.journal import Value

REMAINING = f"CASE WHEN coalesce(r.target, 0) > 0 THEN r.target - {BUCKET_SUM} ELSE p.issued_area END"
_LIKE_ESCAPES = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_WINDOW = 500


class Match(StrEnum):
    """How a condition compares."""

    EQUAL = "="
    CONTAINS = "contains"
    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a field of :data:`FIELDS`; areas are given as texts in mu or as :class:`Area`."""

    field: str
    value: str | int | Area
    match: Match = Match.EQUAL


@dataclass(frozen=True, slots=True)
class PlotQuery:
    """Which plots, in which order. ``search`` looks in village, number, person, party, remark and identifiers."""

    conditions: tuple[Condition, ...] = ()
    search: str = ""
    order: str = "position"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PlotLine:
    """A plot as a table row shows it.

    Attributes:
        remaining: Target less what is settled; the issued area while there is no target.
        overdue_days: Days past the deadline; 0 where it is not late or already done.
        due_in: Days until the deadline while it is open and not late; None otherwise.
        returned: Whether it was sent back in this round and is open again.
        files: Number of attached files in this round.
    """

    id: str
    township: str
    village: str
    plot_no: str
    outflow_year: int | None
    kind: str
    class_before: str
    class_after: str
    state: State
    label: Label | None
    round: int
    issued_area: Area
    basic_area: Area | None
    target: Area
    settled: Area
    remaining: Area
    person: str
    deadline: date | None
    overdue_days: int
    due_in: int | None
    returned: bool
    held: bool
    files: int
    remark: str

    @property
    def name(self) -> str:
        """连桥村 0017."""
        return plot_name(self.village, self.plot_no)


FIELDS: Mapping[str, str] = {
    "id": "p.id",
    "position": "p.position",
    "township": "p.township",
    "village": "p.village",
    "group_name": "p.group_name",
    "plot_no": "p.plot_no",
    "outflow_year": "p.outflow_year",
    "kind": "coalesce(nullif(p.problem_kind, ''), p.kind)",
    "class_before": "p.class_before_name",
    "class_after": "p.class_after_name",
    "state": "p.state",
    "label": "label",
    "round": "p.round",
    "held": "p.held",
    "finding": "p.finding",
    "rectify": "p.rectify",
    "issued_area": "p.issued_area",
    "basic_area": "coalesce(p.basic_area, 0)",
    "target": "coalesce(r.target, 0)",
    "settled": BUCKET_SUM,
    "remaining": f"({REMAINING})",
    "person": "coalesce(r.person, '')",
    "deadline": "r.deadline",
    "disposal_class": "coalesce(r.disposal_class, '')",
    "difficulty": "coalesce(r.difficulty, '')",
    "grid_chief": "p.grid_chief",
    "responsible_leader": "p.responsible_leader",
    "remark": "p.remark",
    "overdue": "overdue",
    "returned": "returned",
}
"""Fields that conditions and orders may name; ``label``, ``overdue`` and ``returned`` are derived."""

_AREA_FIELDS = frozenset({"issued_area", "basic_area", "target", "settled", "remaining"})
_RETURNED = "(coalesce(r.returned_on, '') <> '' AND p.state IN ('checked', 'planned', 'working', 'works_done'))"


def _derived(rule: DoneRule) -> dict[str, str]:
    done = ", ".join(f"'{s}'" for s in State if s.counts_as(rule) == "done")
    label = (
        "CASE WHEN p.state = 'split' THEN NULL WHEN p.state IN ('cancelled', 'closed') THEN p.state "
        f"WHEN p.state IN ({done}) THEN '{Label.IN_PLACE}' WHEN p.state IN ('claimed', 'accepted') THEN "
        f"'{Label.AWAITING}' WHEN {BUCKET_SUM} > 0 THEN '{Label.PARTIAL}' ELSE '{Label.UNRECTIFIED}' END"
    )
    return {"label": label, "overdue": f"({overdue_condition(rule)})", "returned": _RETURNED}


def plot_ids(ledger: Ledger, query: PlotQuery = PlotQuery()) -> list[str]:
    """The own ids of all plots that meet the query, in its order.

    Raises:
        RuleError: ``unknown_field`` or a value that the field cannot have.
    """
    today = ledger.today()
    with ledger.reading() as session:
        campaign = store.campaign(session)
        derived = _derived(campaign.rules.done_rule)
        where, given = _where(query, derived)
        given |= {"today": today.isoformat(), "last_day": _iso(campaign.last_day)}
        direction = "DESC" if query.descending else "ASC"
        order = _expression(query.order, derived)
        statement = text(
            f"SELECT p.id FROM {PLOTS_WITH_ROUND} WHERE {where} ORDER BY {order} {direction}, p.position, p.id"
        )
        return [row.id for row in session.connection().execute(statement, given)]


def _expression(name: str, derived: Mapping[str, str]) -> str:
    if name not in FIELDS:
        raise RuleError(
            "unknown_field", f"没有“{name}”这一项，没有筛选。", "可用的有：" + "、".join(sorted(FIELDS)) + "。"
        )
    return derived.get(name, FIELDS[name])


def _where(query: PlotQuery, derived: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    parts: list[str] = ["1"]
    given: dict[str, Any] = {}
    for number, condition in enumerate(query.conditions):
        expression = _expression(condition.field, derived)
        name = f"v{number}"
        if condition.match is Match.CONTAINS:
            parts.append(f"{expression} LIKE :{name} ESCAPE '\\'")
            given[name] = f"%{str(condition.value).translate(_LIKE_ESCAPES)}%"
        else:
            parts.append(f"{expression} {condition.match.value} :{name}")
            given[name] = _value(condition)
    if query.search.strip():
        given["search"] = f"%{query.search.strip().translate(_LIKE_ESCAPES)}%"
        columns = ("p.village", "p.plot_no", "p.township", "r.person", "p.party", "p.remark", "p.class_after_name")
        likes = [f"{column} LIKE :search ESCAPE '\\'" for column in columns]
        likes.append("p.id IN (SELECT plot_id FROM identifier WHERE value LIKE :search ESCAPE '\\')")
        parts.append(f"({' OR '.join(likes)})")
    return " AND ".join(parts), given


def _value(condition: Condition) -> str | int:
    value = condition.value
    if isinstance(value, Area):
        return value.micro_mu
    if condition.field in _AREA_FIELDS:
        return Area.parse(str(value)).micro_mu
    if condition.field in {"held", "overdue", "returned", "rectify", "round", "outflow_year", "position"}:
        try:
            return int(value)
        except ValueError as error:
            raise RuleError("bad_value", f"“{condition.field}”要写成整数，没有筛选。", "是写 1，否写 0。") from error
    return str(value)


def plot_lines(ledger: Ledger, ids: Sequence[str]) -> list[PlotLine]:
    """The rows of these plots, in the order asked; ids that are gone are left out."""
    today = ledger.today()
    with ledger.reading() as session:
        campaign = store.campaign(session)
        found: dict[str, PlotLine] = {}
        for start in range(0, len(ids), _WINDOW):
            part = ids[start : start + _WINDOW]
            for row in _line_rows(session, part, campaign.rules.done_rule, _iso(campaign.last_day), today.isoformat()):
                found[row.id] = _line(row, today, campaign.last_day)
    return [found[one] for one in ids if one in found]


def _line_rows(session: Session, ids: Sequence[str], rule: DoneRule, last_day: str | None, today: str) -> Iterable[Any]:
    derived = _derived(rule)
    marks = ",".join(f":p{i}" for i in range(len(ids)))
    statement = text(
        f"""
        SELECT p.id, p.township, p.village, p.plot_no, p.outflow_year, {FIELDS["kind"]} AS kind,
               p.class_before_name, p.class_after_name, p.state, {derived["label"]} AS label, p.round,
               p.issued_area, p.basic_area, coalesce(r.target, 0) AS target, {BUCKET_SUM} AS settled,
               {REMAINING} AS remaining, coalesce(r.person, '') AS person, r.deadline, {derived["overdue"]} AS overdue,
               {_RETURNED} AS returned, p.held, p.remark,
               (SELECT count(*) FROM attachment a
                WHERE a.plot_id = p.id AND a.round = p.round AND a.removed = 0) AS files
        FROM {PLOTS_WITH_ROUND} WHERE p.id IN ({marks})
        """
    )
    given = {f"p{i}": one for i, one in enumerate(ids)} | {"last_day": last_day, "today": today}
    return session.connection().execute(statement, given)


def _line(row: Any, today: date, last_day: date | None) -> PlotLine:
    deadline = date.fromisoformat(row.deadline) if row.deadline else None
    until = deadline or last_day
    days = (today - until).days if until and row.overdue else 0
    open_now = row.label in {Label.PARTIAL, Label.UNRECTIFIED, Label.AWAITING}
    return PlotLine(
        id=row.id,
        township=row.township,
        village=row.village,
        plot_no=row.plot_no,
        outflow_year=row.outflow_year,
        kind=row.kind,
        class_before=row.class_before_name,
        class_after=row.class_after_name,
        state=State(row.state),
        label=Label(row.label) if row.label else None,
        round=row.round,
        issued_area=Area(row.issued_area),
        basic_area=None if row.basic_area is None else Area(row.basic_area),
        target=Area(row.target),
        settled=Area(row.settled),
        remaining=Area(row.remaining),
        person=row.person,
        deadline=deadline,
        overdue_days=days,
        due_in=(until - today).days if until and open_now and not days else None,
        returned=bool(row.returned),
        held=bool(row.held),
        files=row.files,
        remark=row.remark,
    )


# ------------------------------------------------------------------------------------------------------------- one plot


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """A row of an issued list that points to the plot: header and text, as issued."""

    list_name: str
    sheet: str
    row: int
    status: str
    issued_text: str
    issued_unit: str
    issued_area: Area
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlotCard:
    """All that the ledger knows of a plot; values as stored, words are the front end's (``ledger.words.shown``).

    Attributes:
        facts: Columns of the plot.
        rounds: Columns of each round, oldest first; the last is the current one.
        identifiers: Kind and value.
        records: By table name of :data:`ledger.words.RECORD_TABLES`: columns of each record, oldest first.
        corrections: Columns of each correction, oldest first.
    """

    line: PlotLine
    facts: Mapping[str, Value]
    rounds: tuple[Mapping[str, Value], ...]
    identifiers: tuple[tuple[str, str], ...]
    lines: tuple[IssuedLine, ...]
    records: Mapping[str, tuple[Mapping[str, Value], ...]] = field(default_factory=dict)
    corrections: tuple[Mapping[str, Value], ...] = ()


def plot_card(ledger: Ledger, plot: str) -> PlotCard:
    """The card of a plot.

    Raises:
        RuleError: ``unknown_plot``.
    """
    lines = plot_lines(ledger, [plot])
    if not lines:
        raise RuleError("unknown_plot", "台账里没有这个图斑。台账没有变。", "请刷新后再选。")
    with ledger.reading() as session:
        records = {table: _rows(session, table, plot) for table in RECORD_TABLES}
        return PlotCard(
            line=lines[0],
            facts=_rows(session, "plot", plot, "id")[0],
            rounds=tuple(sorted(_rows(session, "round", plot), key=lambda row: int(row["number"] or 0))),
            identifiers=tuple((str(r["kind"]), str(r["value"])) for r in _rows(session, "identifier", plot)),
            lines=_issued_lines(session, plot),
            records=records,
            corrections=_rows(session, "correction", plot),
        )


def _rows(session: Session, table: str, plot: str, column: str = "plot_id") -> tuple[Mapping[str, Value], ...]:
    names = [name for name in layout(table).names if name not in layout(table).private]
    statement = text(f'SELECT {",".join(names)} FROM "{table}" WHERE {column} = :plot ORDER BY 1')
    return tuple(dict(row._mapping) for row in session.connection().execute(statement, {"plot": plot}))  # noqa: SLF001


def _issued_lines(session: Session, plot: str) -> tuple[IssuedLine, ...]:
    statement = text(
        "SELECT l.*, g.name AS list_name, g.headers FROM list_line l JOIN plot_list g ON g.id = l.list_id "
        "WHERE l.plot_id = :plot ORDER BY l.id"
    )
    found = []
    for row in session.connection().execute(statement, {"plot": plot}):
        headers, cells = json.loads(row.headers or "[]"), json.loads(row.cells or "[]")
        found.append(
            IssuedLine(
                row.list_name,
                row.sheet,
                row.row,
                row.status,
                row.issued_text,
                row.issued_unit,
                Area(row.issued_area),
                tuple((str(h), cell_shown(str(c))) for h, c in zip(headers, cells, strict=False)),
            )
        )
    return tuple(found)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
