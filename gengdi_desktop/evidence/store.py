"""The only SQL of the evidence: attachments of plots, what their photos say, and the files they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import text
from sqlmodel import col, select

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.evidence.naming import PlotName
from gengdi_desktop.evidence.photo_facts import PhotoFacts, PlaceGap, TimeGap
from gengdi_desktop.evidence.records import Attachment, KnownPhoto, Saying
from gengdi_desktop.ledger.folder import StoredFile
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.storage.tables import AttachmentRow, IdentifierRow, PhotoRow, PlotRow, StoredFileRow

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlmodel import Session

    from gengdi_desktop.storage.unit_of_work import Work

_AT_ONCE = 500
_Key = TypeVar("_Key", int, str)
READER = 1
"""Grows when photos are read better, so that rows of an older reading can be told."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is in the folder already, about to be attached."""

    file: StoredFile
    name: str
    media_type: str
    facts: PhotoFacts | None = None
    source: str = ""


def rounds(session: Session, plots: Sequence[str]) -> dict[str, int]:
    """The current round of each plot, by id; unknown ids are left out."""
    found: dict[str, int] = {}
    for start in range(0, len(plots), _AT_ONCE):
        query = select(PlotRow.id, PlotRow.round).where(col(PlotRow.id).in_(plots[start : start + _AT_ONCE]))
        found |= dict(session.exec(query).all())
    return found


def attachments(session: Session, plot: str) -> tuple[Attachment, ...]:
    """The files of a plot in the order in which they came; those taken off are left out."""
    query = (
        select(AttachmentRow, StoredFileRow.size)
        .where(AttachmentRow.plot_id == plot, AttachmentRow.removed == 0)
        .where(col(StoredFileRow.id) == col(AttachmentRow.file_id))
        .order_by(col(AttachmentRow.id))
    )
    return tuple(attachment_of(row, size) for row, size in session.exec(query).all())


def all_attachments(session: Session) -> tuple[tuple[Attachment, StoredFileRow], ...]:
    """Every attachment with its file."""
    query = (
        select(AttachmentRow, StoredFileRow)
        .where(AttachmentRow.removed == 0)
        .where(col(StoredFileRow.id) == col(AttachmentRow.file_id))
        .order_by(col(AttachmentRow.id))
    )
    return tuple((attachment_of(row, file.size), file) for row, file in session.exec(query).all())


def stored_file(session: Session, sha256: str) -> StoredFileRow | None:
    """A file by its hash; None where the ledger has none."""
    return session.get(StoredFileRow, sha256)


def awaited_from(session: Session) -> dict[str, str]:
    """Files that packages named without their bytes, which are still to come: by hash the unit that has them."""
    query = text("SELECT w.id, p.peer_organ, p.peer_unit FROM awaited_file w JOIN package p ON p.id = w.package_id")
    return {row[0]: row[1] or row[2] for row in session.connection().execute(query)}


def unknown(plots: Iterable[str], known: dict[str, int]) -> str | None:
    """The first plot that the ledger does not have."""
    return next((plot for plot in plots if plot not in known), None)


def attachment_of(row: AttachmentRow, size: int) -> Attachment:
    """A row of the table as front ends receive it."""
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
        source=row.source,
    )


def attachment_rows(session: Session, ids: Iterable[int], *, removed: bool) -> list[AttachmentRow]:
    """Attachments by number that lie in the bin, or those that do not."""
    found: list[AttachmentRow] = []
    for some in parts(ids):
        query = select(AttachmentRow).where(AttachmentRow.removed == int(removed), col(AttachmentRow.id).in_(some))
        found += session.exec(query.order_by(col(AttachmentRow.id))).all()
    return found


def is_attached_like(session: Session, row: AttachmentRow) -> bool:
    """Whether the same file was attached anew to the same plot, round and stage."""
    query = select(AttachmentRow.id).where(
        AttachmentRow.removed == 0,
        AttachmentRow.plot_id == row.plot_id,
        AttachmentRow.round == row.round,
        AttachmentRow.stage == row.stage,
        AttachmentRow.file_id == row.file_id,
    )
    return session.exec(query).first() is not None


# -------------------------------------------------------------------------------------------------------------- photos


def parts(keys: Iterable[_Key]) -> Iterator[list[_Key]]:
    """Keys in lots that one question can hold."""
    every = list(keys)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def add_photos(work: Work, facts: Mapping[str, PhotoFacts]) -> None:
    """Note what photos say of themselves, by hash; those that are noted already, and scans, are left out."""
    there: set[str] = set()
    for some in parts(facts):
        there.update(work.session.exec(select(PhotoRow.id).where(col(PhotoRow.id).in_(some))).all())
    new = {key: one for key, one in facts.items() if key not in there and one.width}
    work.bulk(PhotoRow, ("id", *_PHOTO_FIELDS, "reader"), [(key, *_columns(one), READER) for key, one in new.items()])


def photos(session: Session, keys: Iterable[str]) -> dict[str, KnownPhoto]:
    """What the ledger knows of photos, by hash; files that it knows nothing of are left out."""
    found: dict[str, KnownPhoto] = {}
    for some in parts(keys):
        for row in session.exec(select(PhotoRow).where(col(PhotoRow.id).in_(some))):
            found[row.id] = _known(row)
    return found


def pictures_without_photo(session: Session) -> tuple[tuple[StoredFileRow, str], ...]:
    """Pictures that are attached, of which nothing is noted: file and a name under which it came."""
    query = (
        select(StoredFileRow, AttachmentRow.name)
        .where(col(AttachmentRow.file_id) == col(StoredFileRow.id), col(AttachmentRow.media_type).like("image/%"))
        .where(col(StoredFileRow.id).not_in(select(PhotoRow.id)))
        .order_by(col(AttachmentRow.id))
    )
    return tuple({row.id: (row, name) for row, name in session.exec(query).all()}.values())


_PHOTO_FIELDS = (
    "width",
    "height",
    "orientation",
    "taken_at",
    "taken_offset",
    "longitude",
    "latitude",
    "direction",
    "direction_reference",
    "device",
    "software",
    "place_gap",
    "time_gap",
)


def _columns(facts: PhotoFacts) -> tuple[str | int | None, ...]:
    return tuple(
        value.isoformat() if isinstance(value, datetime) else "" if value is None and name.endswith("_gap") else value
        for name, value in ((name, getattr(facts, name)) for name in _PHOTO_FIELDS)
    )


def _known(row: PhotoRow) -> KnownPhoto:
    facts = PhotoFacts(
        media_type="",
        width=row.width,
        height=row.height,
        orientation=row.orientation,
        taken_at=_time(row.taken_at),
        taken_offset=row.taken_offset,
        longitude=row.longitude,
        latitude=row.latitude,
        direction=row.direction,
        direction_reference=row.direction_reference,
        device=row.device,
        software=row.software,
        place_gap=PlaceGap(row.place_gap) if row.place_gap else None,
        time_gap=TimeGap(row.time_gap) if row.time_gap else None,
    )
    said = Saying(_time(row.said_at), row.said_longitude, row.said_latitude, row.said_direction)
    return KnownPhoto(row.id, facts, said, row.said_reason)


def _time(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


# ----------------------------------------------------------------------------------------------------------- taking in


def stored_files(session: Session, keys: Iterable[str]) -> list[StoredFileRow]:
    """The files that are kept already, of these hashes."""
    found: list[StoredFileRow] = []
    for some in parts(keys):
        found += session.exec(select(StoredFileRow).where(col(StoredFileRow.id).in_(some))).all()
    return found


def plot_names(session: Session) -> Iterator[PlotName]:
    """All plots by what they may be called."""
    numbers: dict[str, list[str]] = {}
    kinds = ("bsm", "clue_no", "monitor_no", "local_no")
    query = select(IdentifierRow.plot_id, IdentifierRow.value).where(col(IdentifierRow.kind).in_(kinds))
    for plot, value in session.exec(query).all():
        numbers.setdefault(plot, []).append(value)
    columns = select(PlotRow.id, PlotRow.township, PlotRow.village, PlotRow.plot_no)
    for plot, township, village, number in session.exec(columns).all():
        yield PlotName(plot, township, village, number, tuple(numbers.get(plot, ())))


def attached_places(session: Session, keys: Iterable[str]) -> set[tuple[str, str, str]]:
    """Where files of these hashes are attached in the current round of a plot: plot, stage, hash."""
    found: set[tuple[str, str, str]] = set()
    for some in parts(keys):
        query = (
            select(AttachmentRow.plot_id, AttachmentRow.stage, AttachmentRow.file_id)
            .where(col(PlotRow.id) == col(AttachmentRow.plot_id), col(PlotRow.round) == col(AttachmentRow.round))
            .where(AttachmentRow.removed == 0, col(AttachmentRow.file_id).in_(some))
        )
        found.update(session.exec(query).all())
    return found


def plots_of_hashes(session: Session, keys: Iterable[str]) -> dict[str, set[str]]:
    """The plots to which files of these hashes are attached."""
    found: dict[str, set[str]] = {}
    for some in parts(keys):
        query = select(AttachmentRow.file_id, AttachmentRow.plot_id).where(
            AttachmentRow.removed == 0, col(AttachmentRow.file_id).in_(some)
        )
        for key, plot in session.exec(query).all():
            found.setdefault(key, set()).add(plot)
    return found


def judge_anew(connection: Connection, files: Iterable[str]) -> None:
    """Let go what is kept of the verdicts on the plots at which these files stand, so that they are judged anew.

    For what is learned of photos without an entry; what entries change is found in the journal.
    """
    at_files = "SELECT plot_id FROM attachment WHERE file_id = :file"
    lost = [{"file": key} for key in files]
    if lost:
        connection.execute(text(f"DELETE FROM plot_evidence WHERE plot_id IN ({at_files})"), lost)
        connection.execute(text("UPDATE kept_until SET gaps = gaps + 1 WHERE name = 'evidence'"))


def attach_each(work: Work, files: Sequence[tuple[str, Stage, NewFile]], note: str = "") -> str | None:
    """Attach each file to its own plot and stage; what is there already stays as it is.

    Returns:
        The first plot that the ledger does not have, with nothing attached; None where all are known.
    """
    current: dict[str, int] = {}
    current.update(rounds(work.session, list(dict.fromkeys(plot for plot, _, _ in files))))
    missing = unknown((plot for plot, _, _ in files), current)
    if missing is not None:
        return missing
    there = attached_places(work.session, {new.file.sha256 for _, _, new in files})
    rows: list[tuple[str | int, ...]] = []
    for plot, stage, new in files:
        place = (plot, stage.value, new.file.sha256)
        if place not in there:
            there.add(place)
            rows.append((plot, current[plot], *place[1:], new.name, new.source, new.media_type, note, 0))
    first = work.new_keys(AttachmentRow, len(rows))
    work.bulk(AttachmentRow, _ATTACHED, [(first + at, *row) for at, row in enumerate(rows)])
    add_photos(work, {new.file.sha256: new.facts for _, _, new in files if new.facts is not None})
    return None


_ATTACHED = ("id", "plot_id", "round", "stage", "file_id", "name", "source", "media_type", "note", "removed")


# ------------------------------------------------------------------------------------------------------------- sayings


def set_said(work: Work, key: str, said: Saying, reason: str) -> None:
    """Note what a person says of a photo beside what its file says."""
    row = work.session.exec(select(PhotoRow).where(PhotoRow.id == key)).one()
    row.said_at = said.at.isoformat() if said.at else None
    row.said_longitude, row.said_latitude, row.said_direction = said.longitude, said.latitude, said.direction
    row.said_reason = reason
    work.session.add(row)


# ------------------------------------------------------------------------------------------------------------- sending


@dataclass(frozen=True, slots=True)
class Belonging:
    """An attachment with its plot as people call it, and the file that is kept of it."""

    township: str
    village: str
    plot_no: str
    attachment: Attachment
    file: StoredFile

    @property
    def name(self) -> str:
        """白圩村 0012."""
        return plot_name(self.village, self.plot_no)


def belongings(session: Session, plots: Sequence[str] | None) -> list[Belonging]:
    """The attachments of plots, all where None, in the ledger's order of plots and in that in which they came."""
    query = (
        select(AttachmentRow, StoredFileRow, PlotRow)
        .where(AttachmentRow.removed == 0, col(StoredFileRow.id) == col(AttachmentRow.file_id))
        .where(col(PlotRow.id) == col(AttachmentRow.plot_id))
    )
    lots = [query] if plots is None else [query.where(col(AttachmentRow.plot_id).in_(some)) for some in parts(plots)]
    found = [row for lot in lots for row in session.exec(lot).all()]
    return [
        Belonging(
            plot.township,
            plot.village,
            plot.plot_no,
            attachment_of(row, file.size),
            StoredFile(file.id, file.size, file.folder, file.suffix),
        )
        for row, file, plot in sorted(found, key=lambda one: (one[2].position, one[2].id, one[0].id or 0))
    ]
