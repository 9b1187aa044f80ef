"""Questions about plots: which fit and in which order, their sums, their groups, the values that a field takes.

Ids come as plain lists, since a table asks for two hundred thousand of them; lines and cards are read by id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import DoneRule, Label, State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import search, store
from gengdi_desktop.ledger.figures import BUCKET_SUM, PLOTS_WITH_ROUND
from gengdi_desktop.ledger.first_plots import Held, first_ids
from gengdi_desktop.ledger.plot_card import IssuedLine, PlotCard, plot_card
from gengdi_desktop.ledger.plot_fields import (
    AREAS,
    FIELDS,
    INTEGERS,
    MARKS,
    REMAINING,
    field_in,
    fields_of,
    iso,
    label_among,
)
from gengdi_desktop.ledger.plot_lines import PlotLine, plot_lines
from gengdi_desktop.storage.stopping import rows, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

__all__ = [
    "FIELDS",
    "GROUPS",
    "Condition",
    "FieldValues",
    "IssuedLine",
    "Match",
    "PlotCard",
    "PlotGroup",
    "PlotLine",
    "PlotQuery",
    "PlotSums",
    "count_views",
    "field_values",
    "plot_card",
    "plot_groups",
    "plot_ids",
    "plot_lines",
    "plot_sums",
    "sums_of",
]

Progress = Callable[[int, int], None]
_PLOTS: Final = "plot p"
_LIKE_ESCAPES: Final = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_STATE_ORDER: Final = " ".join(f"WHEN '{state}' THEN {at}" for at, state in enumerate(State))

GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "village": ("p.township || '/' || p.village", "p.township || '/' || p.village"),
    "township": ("p.township", "p.township"),
    "kind": (FIELDS["kind"], FIELDS["kind"]),
    "state": ("p.state", f"CASE p.state {_STATE_ORDER} END"),
    "person": (FIELDS["person"], FIELDS["person"]),
}
"""By what plots can stand together: the key of a group (a village's is ``township/village``) and the groups' order."""


class Match(StrEnum):
    """How a condition compares."""

    EQUAL = "="
    CONTAINS = "contains"
    AT_LEAST = ">="
    AT_MOST = "<="
    ONE_OF = "in"


_CHOSEN: Final = frozenset({Match.EQUAL, Match.ONE_OF})


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a field of :data:`FIELDS`.

    Args:
        field: Its name.
        value: Areas as texts in mu or as :class:`Area`; several values for ``ONE_OF``, where the empty text also
            stands for nothing. ``marks`` takes names of marks: plots that bear one of them.
        match: How it compares.
    """

    field: str
    value: str | int | Area | tuple[str | int | Area, ...]
    match: Match = Match.EQUAL


@dataclass(frozen=True, slots=True)
class PlotQuery:
    """Which plots, in which order.

    Args:
        conditions: All must hold.
        search: Words of a search box, all of which must be found somewhere (``ledger.search``).
        order: A field.
        descending: The order turned round; equal plots keep the ledger's own order.
        group: A key of :data:`GROUPS` by which plots stand together first; empty for none.
    """

    conditions: tuple[Condition, ...] = ()
    search: str = ""
    order: str = "position"
    descending: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class PlotGroup:
    """Plots that stand together: the value that they share, and how many they are."""

    key: str
    plots: int


@dataclass(frozen=True, slots=True)
class PlotSums:
    """Sums over plots: all of them are counted; areas leave out split parents, since their parts stand beside them.

    Attributes:
        remaining: Without cancelled plots, of which nothing is left to do.
    """

    plots: int = 0
    issued: Area = Area.ZERO
    target: Area = Area.ZERO
    settled: Area = Area.ZERO
    remaining: Area = Area.ZERO

    def __add__(self, other: PlotSums) -> PlotSums:
        return PlotSums(
            self.plots + other.plots,
            self.issued + other.issued,
            self.target + other.target,
            self.settled + other.settled,
            self.remaining + other.remaining,
        )


@dataclass(frozen=True, slots=True)
class FieldValues:
    """The values of a field over some plots, with how many plots have each; ``more`` are left out."""

    values: tuple[tuple[str, int], ...]
    more: int = 0


def plot_ids(
    ledger: Ledger, query: PlotQuery = PlotQuery(), *, limit: int | None = None, progress: Progress | None = None
) -> list[str]:
    """The own ids of the plots that meet the query, in its order.

    Args:
        ledger: The open ledger.
        query: Which, and in which order.
        limit: Only the first so many; much quicker than all where an order must be made.
        progress: Asked now and then as (0, 0), and may raise ``Cancelled``.

    Raises:
        RuleError: ``unknown_field`` or a value that the field cannot have.
    """
    with _asked(ledger, query) as asked:
        if limit and not (query.search.strip() or query.group):
            held = {"held": Held(asked.where, asked.given)} if query.conditions else {}
            first = first_ids(
                asked.session, query.order, descending=query.descending, limit=limit, progress=progress, **held
            )
            if first is not None:
                return first
        direction = "DESC" if query.descending else "ASC"
        order = [f"{field_in(asked.known, query.order)} {direction}", "p.position", "p.id"]
        if query.group:
            order.insert(0, GROUPS[query.group][1])
        if query.order == "position":
            order.remove("p.position")
        ends = "" if limit is None else f" LIMIT {int(limit)}"
        return asked.texts("p.id", f"ORDER BY {', '.join(order)}{ends}", progress)


def plot_groups(ledger: Ledger, query: PlotQuery, progress: Progress | None = None) -> tuple[PlotGroup, ...]:
    """The groups of the query's plots, in the order in which :func:`plot_ids` gives them."""
    with _asked(ledger, query) as asked:
        key, order = GROUPS[query.group]
        ends = f"GROUP BY {key} ORDER BY min({order})"
        return tuple(PlotGroup(str(name), many) for name, many in asked.rows(f"{key}, count(*)", ends, progress))


def plot_sums(ledger: Ledger, query: PlotQuery, progress: Progress | None = None) -> dict[str, PlotSums]:
    """The sums of the query's plots by group; under the empty key where the query has no groups."""
    key = GROUPS[query.group][0] if query.group else "''"
    with _asked(ledger, query) as asked:
        found = asked.rows(f"{key}, {_SUMS}", f"GROUP BY {key}", progress)
    return {str(name): _sums(*parts) for name, *parts in found}


def sums_of(ledger: Ledger, ids: Sequence[str], progress: Progress | None = None) -> PlotSums:
    """The sums of these plots."""
    import orjson

    statement = f"SELECT {_SUMS} FROM {PLOTS_WITH_ROUND} WHERE p.id IN (SELECT value FROM json_each(:ids))"
    with ledger.reading() as session:
        return _sums(*rows(session, statement, {"ids": orjson.dumps(list(ids)).decode()}, progress)[0])


def field_values(
    ledger: Ledger, query: PlotQuery, field: str, *, most: int = 2000, progress: Progress | None = None
) -> FieldValues:
    """The values that a field takes over the query's plots, in their order, with counts: for lists to choose from.

    ``marks`` gives the marks that occur, each with its plots. Conditions on the field itself are left out, so that
    what was not chosen can be chosen too.
    """
    asked_for = replace(query, conditions=tuple(one for one in query.conditions if one.field != field), group="")
    with _asked(ledger, asked_for) as asked:
        if field == "marks":
            sums = ", ".join(f"sum({asked.known[mark]})" for mark in MARKS)
            counts = asked.rows(sums, "", progress)[0]
            return FieldValues(tuple((mark, int(many)) for mark, many in zip(MARKS, counts, strict=True) if many))
        value = f"coalesce({field_in(asked.known, field)}, '')"
        found = asked.rows(f"{value}, count(*)", "GROUP BY 1 ORDER BY 1", progress)
    return FieldValues(tuple((str(one), many) for one, many in found[:most]), max(len(found) - most, 0))


def count_views(
    ledger: Ledger, views: Mapping[str, tuple[Condition, ...]], progress: Progress | None = None
) -> dict[str, int]:
    """How many plots of the whole ledger each of some sets of conditions holds, in one look at the ledger."""
    with _asked(ledger, PlotQuery()) as asked:
        given: dict[str, Any] = {}
        parts = []
        for at, (_name, conditions) in enumerate(views.items()):
            held, more = _held(conditions, asked.known, asked.rule, f"w{at}_")
            parts.append(f"count(CASE WHEN {held} THEN 1 END)")
            given |= more
        asked.given |= given
        found = asked.rows(", ".join(parts), "", progress)[0]
    return dict(zip(views, found, strict=True))


# ------------------------------------------------------------------------------------------------------ how it is asked

_WHOLE = "CASE WHEN p.state = 'split' THEN 0 ELSE {} END"
_SUMS = ", ".join(
    (
        "count(*)",
        f"coalesce(sum({_WHOLE.format('p.issued_area')}), 0)",
        f"coalesce(sum({_WHOLE.format('coalesce(r.target, 0)')}), 0)",
        f"coalesce(sum({_WHOLE.format(BUCKET_SUM)}), 0)",
        f"coalesce(sum(CASE WHEN p.state IN ('split', 'cancelled') THEN 0 ELSE {REMAINING} END), 0)",
    )
)


def _sums(plots: int, issued: int, target: int, settled: int, remaining: int) -> PlotSums:
    return PlotSums(plots, Area(issued), Area(target), Area(settled), Area(remaining))


@dataclass
class _Asked:
    """A query on its way: a snapshot, the fields in SQL under a rule, what must hold, and what fills the places."""

    session: Session
    known: Mapping[str, str]
    rule: DoneRule
    where: str
    given: dict[str, Any]

    def rows(self, columns: str, ends: str, progress: Progress | None) -> list[tuple[Any, ...]]:
        """Rows as plain tuples."""
        return rows(self.session, self._statement(columns, ends), self.given, progress)

    def texts(self, column: str, ends: str, progress: Progress | None) -> list[str]:
        """One column of keys."""
        return texts(self.session, self._statement(f"{column} AS one", ends), self.given, progress)

    def _statement(self, columns: str, ends: str) -> str:
        """The rounds are looked up only where a field of theirs is named."""
        needs_round = "r." in columns or "r." in self.where or "r." in ends
        tables = PLOTS_WITH_ROUND if needs_round else _PLOTS
        return f"SELECT {columns} FROM {tables} WHERE {self.where} {ends}"


@contextmanager
def _asked(ledger: Ledger, query: PlotQuery) -> Iterator[_Asked]:
    today = ledger.today()
    with ledger.reading() as session:
        campaign = store.campaign(session)
        rule = campaign.rules.done_rule
        known = fields_of(rule)
        where, given = _held(query.conditions, known, rule, "v")
        given |= {
            "today": today.isoformat(),
            "last_day": iso(campaign.last_day),
            "soon": iso(today + timedelta(days=campaign.rules.warning_days)),
        }
        if query.search.strip():
            said, words = search.found_by(ledger, session, query.search)
            where, given = f"{where} AND {said}", given | words
        yield _Asked(session, known, rule, where, given)


def _held(
    conditions: Sequence[Condition], known: Mapping[str, str], rule: DoneRule, mark: str
) -> tuple[str, dict[str, Any]]:
    parts: list[str] = ["1"]
    given: dict[str, Any] = {}
    for number, condition in enumerate(conditions):
        expression = field_in(known, condition.field)
        name = f"{mark}{number}"
        if condition.field == "state":
            # The sign keeps SQLite from gathering the plots of a state from all over the ledger: it goes through the
            # narrow index of the ledger's order instead, and has the first ones soon.
            expression = f"+{expression}"
        if condition.field == "label" and condition.match in _CHOSEN:
            parts.append(label_among(rule, [label for label in Label if label in _values_of(condition)]))
        elif condition.match is Match.ONE_OF:
            said, more = _one_of(condition, expression, known, name)
            parts.append(said)
            given |= more
        elif condition.match is Match.CONTAINS:
            parts.append(f"{expression} LIKE :{name} ESCAPE '\\'")
            given[name] = f"%{str(condition.value).translate(_LIKE_ESCAPES)}%"
        else:
            parts.append(f"{expression} {condition.match.value} :{name}")
            given[name] = _value(condition.field, condition.value)
    return " AND ".join(parts), given


def _values_of(condition: Condition) -> tuple[str | int | Area, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _one_of(condition: Condition, expression: str, known: Mapping[str, str], name: str) -> tuple[str, dict[str, Any]]:
    values = _values_of(condition)
    if condition.field == "marks":
        wrong = [one for one in values if one not in MARKS]
        if wrong:
            raise RuleError("bad_value", f"没有“{wrong[0]}”这种提示，没有筛选。", f"可用的有：{'、'.join(MARKS)}。")
        return "(" + (" OR ".join(f"coalesce({known[str(mark)]}, 0) = 1" for mark in values) or "0") + ")", {}
    given = {f"{name}_{at}": _value(condition.field, one) for at, one in enumerate(values) if one != ""}
    held = f"{expression} IN ({', '.join(f':{one}' for one in given)})"
    if "" in values:
        held = f"({held} OR {expression} IS NULL OR {expression} = '')"
    return held, given


def _value(field: str, value: str | int | Area | tuple[str | int | Area, ...]) -> str | int:
    if isinstance(value, Area):
        return value.micro_mu
    if field in AREAS:
        return Area.parse(str(value)).micro_mu
    if field in INTEGERS:
        try:
            return int(str(value))
        except ValueError as error:
            raise RuleError("bad_value", f"“{field}”要写成整数，没有筛选。", "是写 1，否写 0。") from error
    return str(value)
