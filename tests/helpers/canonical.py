"""What a ledger says, so that two desks can be compared: keys that mean nothing elsewhere by where rows were made."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import text

from gengdi_desktop.handover.travelling import RECORDS, Named, named
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.layout import layout

TABLES = ("campaign", "phase", "plot_list", "plot", "list_line", "identifier", "round", *RECORDS, "sample_result")
AT_HOME = {
    "plot": {"entry", "position"},
    "plot_list": {"file_id", "stated_count", "stated_area", "expected_count", "expected_area"},
}
State = dict[str, list[tuple[Any, ...]]]


def canonical_state(ledger: Ledger, township: str = "", tables: Collection[str] = TABLES) -> State:
    """The rows that travel, of the plots of a township or of all, in an order that is the same everywhere.

    A key that is a number stands as ledger and key where the row was made, in references too.
    """
    with ledger.reading() as session:
        connection = session.connection()
        pairs = {
            (row.table_code, row.local): (row.peer_ledger, row.key)
            for row in connection.execute(text("SELECT peer_ledger, table_code, key, local FROM foreign_row"))
        }
        query = "SELECT id FROM plot" + (" WHERE township = :township" if township else "")
        plots = {row[0] for row in connection.execute(text(query), {"township": township} if township else {})}
        found: State = {}
        for table in tables:
            known = layout(table)
            names = [name for name in known.names if name not in AT_HOME.get(table, ())]
            rows = connection.execute(text(f'SELECT {",".join(names)} FROM "{table}"')).all()
            found[table] = sorted(
                (_told(ledger.info.id, table, names, row, pairs) for row in rows if _wanted(table, names, row, plots)),
                key=repr,
            )
        return found


def _wanted(table: str, names: list[str], row: Any, plots: set[str]) -> bool:
    column = layout(table).plot_column
    return column is None or row[names.index(column)] in plots


def _told(own: str, table: str, names: list[str], row: Any, pairs: dict[tuple[str, str], Any]) -> tuple[Any, ...]:
    known = layout(table)

    def origin(of: str, key: Any) -> Any:
        return key if key is None or not layout(of).numbered else pairs.get((of, str(key)), (own, str(key)))

    told = []
    for name, value in zip(names, row, strict=True):
        if name == known.key:
            # What is told by what it says has a key at home only.
            told.append(None if named(table) is Named.SAID and table != "plot_list" else origin(table, value))
        elif name in known.references:
            target = known.references[name]
            told.append(None if named(target) is Named.SAID and target != "plot_list" else origin(target, value))
        else:
            told.append(value)
    return tuple(told)
