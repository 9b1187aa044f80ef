"""The only SQL of the tray: files that wait, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col, select

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.evidence.records import TrayFile
from gengdi_desktop.evidence.store import NewFile, add_photos, parts, stored_files
from gengdi_desktop.ledger.folder import StoredFile
from gengdi_desktop.storage.tables import TrayFileRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.unit_of_work import Work

WAITING, PLACED, DISCARDED = "waiting", "placed", "discarded"
"""How a file of the tray stands."""


def waiting_hashes(session: Session) -> set[str]:
    """The hashes of the files that wait in the tray."""
    return set(session.exec(select(TrayFileRow.file_id).where(TrayFileRow.status == WAITING)).all())


def to_tray(work: Work, files: Sequence[tuple[NewFile, Stage | None, str]], *, arrived_on: str) -> None:
    """Put files into the tray, each with its stage where that is known, and why it waits."""
    there = waiting_hashes(work.session)
    rows: list[tuple[str | int, ...]] = []
    for new, stage, why in files:
        if new.file.sha256 not in there:
            there.add(new.file.sha256)
            known = stage.value if stage is not None else ""
            rows.append((new.file.sha256, new.name, new.source, new.media_type, known, why, arrived_on, WAITING))
    names = ("id", "file_id", "name", "source", "media_type", "stage", "why", "arrived_on", "status")
    first = work.new_keys(TrayFileRow, len(rows))
    work.bulk(TrayFileRow, names, [(first + at, *row) for at, row in enumerate(rows)])
    add_photos(work, {new.file.sha256: new.facts for new, _, _ in files if new.facts is not None})


def waiting(session: Session) -> tuple[TrayFile, ...]:
    """The files that wait, in the order in which they came."""
    query = select(TrayFileRow).where(TrayFileRow.status == WAITING).order_by(col(TrayFileRow.id))
    return tuple(
        TrayFile(
            row.id or 0,
            row.file_id,
            row.name,
            row.source,
            row.media_type,
            Stage(row.stage) if row.stage else None,
            row.why,
            date.fromisoformat(row.arrived_on),
        )
        for row in session.exec(query)
    )


def tray_rows(session: Session, ids: Iterable[int]) -> list[TrayFileRow]:
    """Files of the tray by number, those that no longer wait left out."""
    found: list[TrayFileRow] = []
    for some in parts(ids):
        query = select(TrayFileRow).where(TrayFileRow.status == WAITING, col(TrayFileRow.id).in_(some))
        found += session.exec(query.order_by(col(TrayFileRow.id))).all()
    return found


def settle(work: Work, rows: Iterable[TrayFileRow], status: str, on: str, plot: str | None = None) -> None:
    """Note what became of files of the tray."""
    for row in rows:
        row.status, row.settled_on, row.plot_id = status, on, plot
        work.session.add(row)


def as_new(session: Session, rows: Sequence[TrayFileRow]) -> list[NewFile]:
    """Files of the tray as they are attached."""
    kept = {row.id: row for row in stored_files(session, {row.file_id for row in rows})}
    return [
        NewFile(StoredFile(one.id, one.size, one.folder, one.suffix), row.name, row.media_type, source=row.source)
        for row in rows
        if (one := kept.get(row.file_id)) is not None
    ]
