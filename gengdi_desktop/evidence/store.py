"""The only SQL of the evidence: attachments of plots and the files they name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.storage.tables import AttachmentRow, PlotRow, StoredFileRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.folder import StoredFile
    from gengdi_desktop.storage.unit_of_work import Work

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or paper of a plot.

    Args:
        id: Its number in the ledger.
        plot: The plot's own id.
        round: The round to which it belongs.
        stage: What it shows or proves.
        sha256: The hash under which the bytes are kept.
        name: The file's name as it came.
        media_type: As its bytes tell.
        size: In bytes.
        note: A remark.
    """

    id: int
    plot: str
    round: int
    stage: Stage
    sha256: str
    name: str
    media_type: str
    size: int
    note: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is in the folder already, about to be attached."""

    file: StoredFile
    name: str
    media_type: str


def rounds(session: Session, plots: Sequence[str]) -> dict[str, int]:
    """The current round of each plot, by id; unknown ids are left out."""
    found: dict[str, int] = {}
    for start in range(0, len(plots), _AT_ONCE):
        query = select(PlotRow.id, PlotRow.round).where(col(PlotRow.id).in_(plots[start : start + _AT_ONCE]))
        found |= dict(session.exec(query).all())
    return found


def attach(work: Work, plots: Sequence[str], new: Sequence[NewFile], stage: Stage, note: str) -> None:
    """Attach files to the current round of plots; what is attached there already stays as it is."""
    current = rounds(work.session, plots)
    hashes = {one.file.sha256 for one in new}
    there = {
        (row.plot_id, row.round, row.stage, row.file_id)
        for row in work.session.exec(select(AttachmentRow).where(col(AttachmentRow.file_id).in_(hashes))).all()
        if not row.removed
    }
    names = ("id", "plot_id", "round", "stage", "file_id", "name", "media_type", "note", "removed")
    rows = [
        (plot, current[plot], stage.value, one.file.sha256, one.name, one.media_type, note, 0)
        for plot in plots
        for one in new
        if (plot, current[plot], stage.value, one.file.sha256) not in there
    ]
    first = work.new_keys(AttachmentRow, len(rows))
    work.bulk(AttachmentRow, names, [(first + at, *row) for at, row in enumerate(rows)])


def attachments(session: Session, plot: str) -> tuple[Attachment, ...]:
    """The files of a plot in the order in which they came; those taken off are left out."""
    query = (
        select(AttachmentRow, StoredFileRow.size)
        .where(AttachmentRow.plot_id == plot, AttachmentRow.removed == 0)
        .where(col(StoredFileRow.id) == col(AttachmentRow.file_id))
        .order_by(col(AttachmentRow.id))
    )
    return tuple(_attachment(row, size) for row, size in session.exec(query).all())


def all_attachments(session: Session) -> tuple[tuple[Attachment, StoredFileRow], ...]:
    """Every attachment with its file."""
    query = (
        select(AttachmentRow, StoredFileRow)
        .where(AttachmentRow.removed == 0)
        .where(col(StoredFileRow.id) == col(AttachmentRow.file_id))
        .order_by(col(AttachmentRow.id))
    )
    return tuple((_attachment(row, file.size), file) for row, file in session.exec(query).all())


def stored_file(session: Session, sha256: str) -> StoredFileRow | None:
    """A file by its hash; None where the ledger has none."""
    return session.get(StoredFileRow, sha256)


def unknown(plots: Iterable[str], known: dict[str, int]) -> str | None:
    """The first plot that the ledger does not have."""
    return next((plot for plot in plots if plot not in known), None)


def _attachment(row: AttachmentRow, size: int) -> Attachment:
    return Attachment(
        id=row.id or 0,
        plot=row.plot_id,
        round=row.round,
        stage=Stage(row.stage),
        sha256=row.file_id,
        name=row.name,
        media_type=row.media_type,
        size=size,
        note=row.note,
    )
