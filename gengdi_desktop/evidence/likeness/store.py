"""The only SQL of likeness: the cache of prints, and which photos it still lacks.

A row's bytes are the print, then for each photo that is alike: 32 bytes of its hash, one of its score, one that says
whether it is mirrored. A row is written once its photo was compared with all rows there were, and both are told of each
other, so that what is alike can be read without comparing anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, text
from sqlmodel import col, select

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.evidence.likeness.index import Match
from gengdi_desktop.evidence.likeness.prints import PRINT_BYTES, VERSION
from gengdi_desktop.evidence.store import parts
from gengdi_desktop.storage.tables import AttachmentRow, PhotoPrintRow

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlmodel import Session

_HASH_BYTES = 32
_MATCH_BYTES = _HASH_BYTES + 2


def without_print(session: Session) -> list[str]:
    """The hashes of pictures at plots that have no print of this version, papers aside, oldest first."""
    known = select(PhotoPrintRow.id).where(PhotoPrintRow.version == VERSION)
    query = (
        select(AttachmentRow.file_id)
        .where(AttachmentRow.removed == 0, AttachmentRow.stage != Stage.PAPER.value)
        .where(col(AttachmentRow.media_type).like("image/%"), col(AttachmentRow.file_id).not_in(known))
        .order_by(col(AttachmentRow.id))
    )
    return list(dict.fromkeys(session.exec(query).all()))


def all_prints(session: Session) -> dict[str, bytes]:
    """Every print of this version, by hash."""
    query = select(PhotoPrintRow.id, PhotoPrintRow.prints).where(PhotoPrintRow.version == VERSION)
    return {key: body[:PRINT_BYTES] for key, body in session.exec(query)}


def prints_of(session: Session, keys: Iterable[str]) -> dict[str, bytes]:
    """The prints of some photos."""
    return {key: body[:PRINT_BYTES] for key, body in _bodies(session, keys)}


def alike(session: Session, keys: Iterable[str]) -> dict[str, tuple[Match, ...]]:
    """Which photos were found to be alike, by hash; photos that were not compared yet are left out."""
    return {key: _matches(body) for key, body in _bodies(session, keys)}


def all_alike(session: Session) -> dict[str, tuple[Match, ...]]:
    """The photos that were found to be alike to others, each with those, by hash."""
    query = (
        select(PhotoPrintRow.id, PhotoPrintRow.prints)
        .where(PhotoPrintRow.version == VERSION)
        .where(func.length(PhotoPrintRow.prints) > PRINT_BYTES)
    )
    return {key: _matches(body) for key, body in session.exec(query)}


def keep(connection: Connection, made: Mapping[str, bytes], found: Mapping[str, Sequence[Match]]) -> None:
    """Write new rows, and tell the older ones of the photos that are alike."""
    bodies = {key: one + b"".join(map(_body, found.get(key, ()))) for key, one in made.items()}
    connection.execute(
        text("INSERT OR REPLACE INTO photo_print (id, version, prints) VALUES (:id, :version, :prints)"),
        [{"id": key, "version": VERSION, "prints": body} for key, body in bodies.items()],
    )
    told = [
        {"id": match.key, "more": _body(Match(key, match.score, match.mirrored))}
        for key, matches in found.items()
        for match in matches
    ]
    if told:
        # In SQLite || makes a text of two blobs unless it is told otherwise.
        connection.execute(text("UPDATE photo_print SET prints = CAST(prints || :more AS BLOB) WHERE id = :id"), told)


def _bodies(session: Session, keys: Iterable[str]) -> Iterable[tuple[str, bytes]]:
    for some in parts(keys):
        query = select(PhotoPrintRow.id, PhotoPrintRow.prints).where(
            PhotoPrintRow.version == VERSION, col(PhotoPrintRow.id).in_(some)
        )
        yield from session.exec(query).all()


def _body(match: Match) -> bytes:
    return bytes.fromhex(match.key) + bytes((match.score, match.mirrored))


def _matches(body: bytes) -> tuple[Match, ...]:
    rows = (body[at : at + _MATCH_BYTES] for at in range(PRINT_BYTES, len(body), _MATCH_BYTES))
    return tuple(Match(row[:_HASH_BYTES].hex(), row[_HASH_BYTES], bool(row[_HASH_BYTES + 1])) for row in rows)
