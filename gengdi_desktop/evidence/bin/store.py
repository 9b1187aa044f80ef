"""The only SQL of the bin: attachments that were taken off, since when and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col, select

from gengdi_desktop.evidence.records import Removed
from gengdi_desktop.evidence.store import attachment_of
from gengdi_desktop.storage.tables import AttachmentRow, StoredFileRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.unit_of_work import Work


def set_removed(work: Work, rows: Iterable[AttachmentRow], on: str | None, reason: str) -> None:
    """Lay attachments into the bin since a day, or take them out (None)."""
    for row in rows:
        row.removed, row.removed_on, row.removed_reason = int(on is not None), on, reason
        work.session.add(row)


def removed(session: Session) -> tuple[Removed, ...]:
    """What lies in the bin, the latest first."""
    query = (
        select(AttachmentRow, StoredFileRow.size)
        .where(AttachmentRow.removed == 1, col(StoredFileRow.id) == col(AttachmentRow.file_id))
        .order_by(col(AttachmentRow.removed_on).desc(), col(AttachmentRow.id).desc())
    )
    return tuple(
        Removed(
            attachment_of(row, size),
            date.fromisoformat(row.removed_on) if row.removed_on else None,
            row.removed_reason,
        )
        for row, size in session.exec(query).all()
    )
