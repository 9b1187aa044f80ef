"""How columns are declared: every value is an integer, a text or null, so that the journal can hold it as it is.

Every column that must be there has a default in the schema too: bulk rows may leave it out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel


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
    return integer()


def maybe_area() -> Any:
    """An area in 10⁻⁶ mu or nothing."""
    return maybe_integer()


def flag() -> Any:
    """0 or 1."""
    return integer()


def maybe_flag() -> Any:
    """0, 1 or not said."""
    return maybe_integer()


def date() -> Any:
    """An ISO date ``YYYY-MM-DD`` as text, or nothing."""
    return maybe_text()


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
