"""How columns are declared: every value is an integer, a text or null, so that the journal can hold it as it is.

Every column that must be there has a default in the schema too: bulk rows may leave it out.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

AREA: Final = "area"
FLAG: Final = "flag"
DATE: Final = "date"
CHOICE: Final = "choice"


class Row(SQLModel):
    """Base of all tables; ``storage.tables`` lists which of them the journal covers."""


NUMBERED = {"sqlite_autoincrement": True}
"""For ``__table_args__``: integer keys of this table are never given out twice."""


def number_key() -> Any:
    """An integer primary key that SQLite never gives out twice."""
    return Field(default=None, sa_column=Column("id", Integer, primary_key=True, autoincrement=True))


def text_key(name: str = "id") -> Any:
    """A text primary key made by the program."""
    return Field(sa_column=Column(name, Text, primary_key=True, nullable=False))


def text(*, index: bool = False) -> Any:
    """A text that must be there; may be empty."""
    return Field(default="", sa_type=Text, nullable=False, index=index, sa_column_kwargs={"server_default": ""})


def maybe_text(*, index: bool = False) -> Any:
    """A text or nothing."""
    return Field(default=None, sa_type=Text, nullable=True, index=index)


def integer(default: int = 0) -> Any:
    """An integer that must be there."""
    return Field(default=default, sa_type=Integer, nullable=False, sa_column_kwargs={"server_default": str(default)})


def maybe_integer() -> Any:
    """An integer or nothing."""
    return Field(default=None, sa_type=Integer, nullable=True)


def area() -> Any:
    """An area in 10⁻⁶ mu that must be there."""
    return _holding(AREA, sa_type=Integer, default=0)


def maybe_area() -> Any:
    """An area in 10⁻⁶ mu or nothing."""
    return _holding(AREA, sa_type=Integer)


def flag() -> Any:
    """0 or 1."""
    return _holding(FLAG, sa_type=Integer, default=0)


def maybe_flag() -> Any:
    """0, 1 or not said."""
    return _holding(FLAG, sa_type=Integer)


def date() -> Any:
    """An ISO date ``YYYY-MM-DD`` as text, or nothing."""
    return _holding(DATE, sa_type=Text)


def day() -> Any:
    """An ISO date ``YYYY-MM-DD`` as text that must be there."""
    return _holding(DATE, sa_type=Text, default="")


def choice(choices: type[StrEnum]) -> Any:
    """The code of a member of a closed list, which must be there. A new member is a new version of the schema."""
    return _holding(CHOICE, sa_type=Text, default="", choices=frozenset(one.value for one in choices))


def maybe_choice(choices: type[StrEnum]) -> Any:
    """The code of a member of a closed list, or an empty text."""
    return _holding(CHOICE, sa_type=Text, default="", choices=frozenset(("", *(one.value for one in choices))))


def _holding(
    what: str, *, sa_type: Any, default: int | str | None = None, choices: frozenset[str] = frozenset()
) -> Any:
    """A column that says more of its values than their kind: ``layout`` tells it."""
    there: dict[str, Any] = {"info": {"holds": what, "choices": choices}}
    if default is not None:
        there["server_default"] = str(default)
    return Field(default=default, sa_type=sa_type, nullable=default is None, sa_column_kwargs=there)


def private() -> Any:
    """A private text: the table holds its commitment, the opening stands in ``private_value``."""
    return Field(default=None, sa_type=Text, nullable=True, sa_column_kwargs={"info": {"private": True}})


def blob() -> Any:
    """Bytes; only in tables outside the journal."""
    return Field(sa_column=Column(LargeBinary, nullable=False))


def reference(target: str, *, key_type: Any = Text, index: bool = True, optional: bool = False) -> Any:
    """A foreign key to ``table.column``, checked at commit, so that the order of writing within an action is free."""
    key = ForeignKey(target, deferrable=True, initially="DEFERRED")
    column: Any = Column(key_type, key, nullable=optional, index=index)
    return Field(default=None, sa_column=column) if optional else Field(sa_column=column)
