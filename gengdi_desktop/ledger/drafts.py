"""What was typed and not saved yet, by place and member: kept beside the journal, so that a kill loses nothing.

A draft says nothing about plots: nobody reads it but what it was typed in, or the window that goes on with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_BETWEEN = "\x1f"
_LIKE_ESCAPES = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True, slots=True)
class Draft:
    """Texts that were typed and not saved.

    Args:
        place: Where: a form or a cell.
        saved_at: When, aware.
        values: What stood there, by the names of the fields.
    """

    place: str
    saved_at: datetime
    values: Mapping[str, str]


def keep_draft(ledger: Ledger, place: str, values: Mapping[str, str], *, member: str) -> None:
    """Keep what is typed, in the place of what was kept there before; it stays until it is saved or let go.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    kept = {
        "name": _name(place, member),
        "saved_at": ledger.clock.now().isoformat(),
        "body": json.dumps(dict(values), ensure_ascii=False),
    }
    with ledger.database.unjournalled() as connection:
        connection.execute(
            text(
                "INSERT INTO form_draft (name, saved_at, body) VALUES (:name, :saved_at, :body) "
                "ON CONFLICT (name) DO UPDATE SET saved_at = :saved_at, body = :body"
            ),
            kept,
        )


def forget_draft(ledger: Ledger, place: str, *, member: str) -> None:
    """Let a draft go: it was saved, or is not wanted.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    with ledger.database.unjournalled() as connection:
        connection.execute(text("DELETE FROM form_draft WHERE name = :name"), {"name": _name(place, member)})


def find_draft(ledger: Ledger, place: str, *, member: str) -> Draft | None:
    """What was typed at a place and not saved; None where nothing was."""
    found = _found(ledger, "name = :name", {"name": _name(place, member)})
    return found[0] if found else None


def drafts_below(ledger: Ledger, beginning: str, *, member: str) -> tuple[Draft, ...]:
    """The drafts of all places that begin so, newest first."""
    like = f"{beginning.translate(_LIKE_ESCAPES)}%{_BETWEEN}{member.translate(_LIKE_ESCAPES)}"
    return _found(ledger, "name LIKE :like ESCAPE '\\' ORDER BY saved_at DESC", {"like": like})


def _name(place: str, member: str) -> str:
    return f"{place}{_BETWEEN}{member}"


def _found(ledger: Ledger, where: str, given: Mapping[str, Any]) -> tuple[Draft, ...]:
    query = text(f"SELECT name, saved_at, body FROM form_draft WHERE {where}")
    with ledger.reading() as session:
        rows = session.connection().execute(query, given).all()
    return tuple(_draft(*row) for row in rows)


def _draft(name: str, saved_at: str, body: str) -> Draft:
    values = {str(key): str(value) for key, value in json.loads(body).items()}
    return Draft(name.partition(_BETWEEN)[0], datetime.fromisoformat(saved_at), values)
