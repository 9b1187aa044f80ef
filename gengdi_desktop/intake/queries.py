"""The SQL of matching: of the ledger's plots only those that the rows of a file may mean are read.

SQLite hands them over as a few long texts: a row at a time, two hundred thousand plots would keep the interpreter, and
with it the window, busy for seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import text

from gengdi_desktop.domain.states import State
from gengdi_desktop.intake.matching import ISSUED_COLUMNS, CalledBy, IssuedRow, KnownIdentifier, KnownPlot, KnownPlots
from gengdi_desktop.ledger.words import plot_name

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.intake.view import LedgerView

Progress = Callable[[int, int], None]

_AT_ONCE: Final = 1_000
_YEAR: Final = ISSUED_COLUMNS.index("outflow_year")
_GIVEN: Final = "(SELECT value FROM json_each(:ids))"
_NAMED: Final = (
    "SELECT plot_id AS one FROM identifier WHERE kind = :kind AND value IN (SELECT value FROM json_each(:ids))"
)
# What ``number_key`` makes of a number, as far as SQLite can: what it cannot is read too, and judged there.
_NUMBERED: Final = (
    "SELECT id AS one FROM plot WHERE township IN (SELECT value FROM json_each(:townships)) AND plot_no <> '' "
    f"AND (ltrim(upper(plot_no), '0') IN {_GIVEN} OR plot_no GLOB '*[^!-~]*' "
    "OR ltrim(plot_no, '0') = '')"
)
_PLOTS: Final = (
    "SELECT json_group_array(json_array(p.id, p.township, p.village, p.plot_no, p.state, coalesce(r.target, 0), "
    f"{', '.join(f'p.{name}' for name in ISSUED_COLUMNS)})) "
    f"FROM plot p LEFT JOIN round r ON r.plot_id = p.id AND r.number = p.round WHERE p.id IN {_GIVEN}"
)
_LINES: Final = f"SELECT json_group_array(json_array(plot_id, list_id)) FROM list_line WHERE plot_id IN {_GIVEN}"
_AREA_FIELDS: Final = "SELECT json_group_array(json_array(id, area_field)) FROM plot_list"
_IDENTIFIERS: Final = (
    "SELECT json_group_array(json_array(plot_id, kind, value, list_id)) FROM "
    f"(SELECT plot_id, kind, value, list_id FROM identifier WHERE plot_id IN {_GIVEN} ORDER BY id)"
)


@dataclass(frozen=True)
class StoredPlots:
    """The plots of a ledger, read from it when they are asked for.

    Args:
        reading: Opens a snapshot.
        progress: Asked now and then as (0, 0); may raise Cancelled.
    """

    reading: Callable[[], AbstractContextManager[Session]]
    progress: Progress | None = None

    def called(self, names: CalledBy, scope: frozenset[int]) -> KnownPlots:
        """The plots that may be meant by these names, with all names that they have themselves."""
        with self.reading() as session:
            ids = self._meant(session, names)
            # Of the same snapshot as the plots: another list may have come in since the file was begun.
            lists = _Lists(dict(_rows(session, _AREA_FIELDS)))
            plots: list[KnownPlot] = []
            identifiers: list[KnownIdentifier] = []
            for part in self._parts(sorted(ids)):
                lists.add(_rows(session, _LINES, ids=part))
                plots += map(lists.plot, _rows(session, _PLOTS, ids=part))
                identifiers += (KnownIdentifier(*row) for row in _rows(session, _IDENTIFIERS, ids=part))
        return KnownPlots.of(plots, identifiers, scope)

    def in_lists(self, lists: Collection[int]) -> frozenset[str]:
        """The plots that have a line in one of these lists."""
        statement = f"SELECT DISTINCT plot_id AS one FROM list_line WHERE plot_id IS NOT NULL AND list_id IN {_GIVEN}"
        with self.reading() as session:
            return frozenset(_texts(session, statement, ids=_json(lists)))

    def cancelled(self) -> frozenset[str]:
        """The plots that are cancelled."""
        with self.reading() as session:
            statement = "SELECT id AS one FROM plot WHERE state = :state"
            return frozenset(_texts(session, statement, state=State.CANCELLED.value))

    def names_of(self, plots: Collection[str], most: int) -> tuple[str, ...]:
        """The first so many of these plots in the ledger's order, for people."""
        statement = (
            "SELECT json_group_array(json_array(id, village, plot_no)) FROM "
            f"(SELECT id, village, plot_no FROM plot WHERE id IN {_GIVEN} ORDER BY rowid LIMIT :most)"
        )
        with self.reading() as session:
            found = _rows(session, statement, ids=_json(plots), most=most)
        return tuple(plot_name(village, number, plot) for plot, village, number in found)

    def _meant(self, session: Session, names: CalledBy) -> set[str]:
        found = set(names.own_ids)
        for kind, values in names.identifiers.items():
            for part in self._parts(sorted(values)):
                found.update(_texts(session, _NAMED, kind=kind, ids=part))
        if names.numbers:
            given = {"townships": _json(names.townships), "ids": _json(names.numbers)}
            found.update(_texts(session, _NUMBERED, **given))
        return found

    def _parts(self, values: list[str]) -> Iterator[str]:
        for start in range(0, len(values), _AT_ONCE):
            if self.progress is not None:
                self.progress(0, 0)
            yield _json(values[start : start + _AT_ONCE])


def with_plots(
    view: LedgerView, reading: Callable[[], AbstractContextManager[Session]], progress: Progress | None = None
) -> LedgerView:
    """The view, with the plots of the ledger to be asked; the first list of a ledger need not ask for any."""
    with reading() as session:
        if session.connection().execute(text("SELECT id FROM plot LIMIT 1")).first() is None:
            return view
    return replace(view, plots=StoredPlots(reading, progress))


class _Lists:
    """Makes plots of rows; plots in the same lists share one set, and texts that many have are one object."""

    def __init__(self, area_fields: Mapping[int, str]) -> None:
        self._areas = area_fields
        self._of: dict[str, frozenset[int]] = {}
        self._together: dict[tuple[frozenset[int], int], frozenset[int]] = {}
        self._same: dict[str, str] = {}

    def add(self, lines: list[Any]) -> None:
        """Take up in which lists plots have a line."""
        for plot, list_id in lines:
            key = self._of.get(plot, _NOWHERE), list_id
            self._of[plot] = self._together.get(key) or self._together.setdefault(key, key[0] | {list_id})

    def plot(self, row: list[Any]) -> KnownPlot:
        """A plot of a row of :data:`_PLOTS`."""
        plot, township, village, number, state, target, *values = row
        same, mine = self._same.setdefault, self._of.get(plot, _NOWHERE)
        return KnownPlot(
            plot,
            same(township, township),
            same(village, village),
            number,
            values[_YEAR],
            same(state, state),
            target,
            IssuedRow(same(value, value) if isinstance(value, str) else value for value in values),
            mine,
            # The first list that has a plot brought it, and says which area its issued one is.
            self._areas[min(mine)] if mine else "",
        )


_NOWHERE: Final[frozenset[int]] = frozenset()


def _json(values: Collection[Any]) -> str:
    return orjson.dumps(list(values)).decode()


def _rows(session: Session, statement: str, **given: Any) -> list[Any]:
    """The rows of a question that gives them as one JSON text."""
    found: list[Any] = orjson.loads(session.connection().execute(text(statement), given).scalar_one())
    return found


def _texts(session: Session, statement: str, **given: Any) -> list[Any]:
    return _rows(session, f"SELECT json_group_array(one) FROM ({statement})", **given)
