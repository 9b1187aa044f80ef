"""What the tables say of themselves: codes, keys, kinds of values, private columns, references."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer

from gengdi_desktop.storage.tables import JOURNALLED, UNJOURNALLED

if TYPE_CHECKING:
    from sqlalchemy import Table

    from gengdi_desktop.storage.columns import Row

CODES: dict[str, type[Row]] = {str(row.__tablename__): row for row in JOURNALLED}
"""Table code to row class, parents before children; codes are stored in the journal and never change."""

OUTSIDE = frozenset(str(row.__tablename__) for row in UNJOURNALLED)
"""The tables that the journal does not cover."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One journalled table.

    Attributes:
        code: Its name.
        key: The name of the one key column.
        names: All columns, the key first.
        integers: The columns that hold integers; all others hold texts.
        private: The columns that hold commitments instead of values.
        holds: What a column holds beyond its kind: ``area``, ``flag``, ``date`` or ``choice``.
        choices: The codes that a column of a closed list may hold.
        references: Column to the table whose key it holds.
        numbered: Whether keys are given out by SQLite, never twice.
        plot_column: The column that names the plot to which a row belongs; None where rows belong to none.
        named_by: For rows that belong to the plots of other rows which name their key: that table and its column.
    """

    code: str
    key: str
    names: tuple[str, ...]
    integers: frozenset[str]
    private: frozenset[str]
    holds: dict[str, str]
    choices: dict[str, frozenset[str]]
    references: dict[str, str]
    numbered: bool
    plot_column: str | None
    named_by: tuple[str, str] | None = None


_NAMED_BY = {"photo": ("attachment", "file_id")}
"""What is said of a photo concerns every plot at which it stands."""


@cache
def layout(code: str) -> Layout:
    """The layout of a journalled table.

    Raises:
        KeyError: No table of that code is journalled.
    """
    table: Table = CODES[code].__table__  # type: ignore[attr-defined]
    # The library's names are a kind of text of its own, which sends the journal's encoder down its slow way.
    key = str.__str__(next(iter(table.primary_key.columns)).name)
    names = (key, *(str.__str__(column.name) for column in table.columns if column.name != key))
    return Layout(
        code=code,
        key=key,
        names=names,
        integers=frozenset(str.__str__(column.name) for column in table.columns if isinstance(column.type, Integer)),
        private=frozenset(str.__str__(column.name) for column in table.columns if column.info.get("private")),
        holds={str.__str__(one.name): one.info["holds"] for one in table.columns if "holds" in one.info},
        choices={str.__str__(one.name): one.info["choices"] for one in table.columns if one.info.get("choices")},
        references={
            str.__str__(column.name): str.__str__(reference.column.table.name)
            for column in table.columns
            for reference in column.foreign_keys
        },
        numbered=bool(table.dialect_options["sqlite"].get("autoincrement")),
        plot_column=key if code == "plot" else ("plot_id" if "plot_id" in names else None),
        named_by=_NAMED_BY.get(code),
    )


def code_of(row: type[Row] | Any) -> str:
    """The table code of a row or its class."""
    return str(row.__tablename__)
