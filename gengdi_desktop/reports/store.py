"""The SQL of frozen reports: their rows, files, signature fields and hand-ins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlmodel import col, func, select

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.tables import HandInRow, ReportFileRow, ReportRow, ReportSignatureRow, StoredFileRow

if TYPE_CHECKING:
    from sqlmodel import Session


def report_rows(session: Session) -> Sequence[ReportRow]:
    """All reports, newest first."""
    return session.exec(select(ReportRow).order_by(col(ReportRow.id).desc())).all()


def report_row(session: Session, report: int) -> ReportRow | None:
    """One report."""
    return session.get(ReportRow, report)


def same_number(session: Session, number: str) -> Sequence[ReportRow]:
    """The reports that bear a number, oldest first."""
    return session.exec(select(ReportRow).where(ReportRow.number == number).order_by(col(ReportRow.id))).all()


def numbers(session: Session) -> Sequence[str]:
    """All numbers that were ever given."""
    return session.exec(select(ReportRow.number).distinct()).all()


def file_rows(session: Session, report: int) -> Sequence[tuple[ReportFileRow, StoredFileRow]]:
    """The files of a report with where they lie, in the order in which they came."""
    query = (
        select(ReportFileRow, StoredFileRow)
        .join(StoredFileRow, col(StoredFileRow.id) == col(ReportFileRow.file_id))
        .where(ReportFileRow.report_id == report)
        .order_by(col(ReportFileRow.id))
    )
    return session.exec(query).all()


def stored_file(session: Session, key: str) -> StoredFileRow | None:
    """A stored file by its hash."""
    return session.get(StoredFileRow, key)


def signature_rows(session: Session, report: int) -> Sequence[ReportSignatureRow]:
    """The signature fields of a report in their order."""
    query = select(ReportSignatureRow).where(ReportSignatureRow.report_id == report)
    return session.exec(query.order_by(col(ReportSignatureRow.position))).all()


def hand_in_rows(session: Session, report: int) -> Sequence[HandInRow]:
    """When a report went up."""
    return session.exec(select(HandInRow).where(HandInRow.report_id == report).order_by(col(HandInRow.id))).all()


def void_entries(session: Session) -> Iterator[tuple[int, Any]]:
    """Of every voiding the report's key and the head of its entry (``at``, ``actor``, ``reason``)."""
    query = text(
        "SELECT e.at, e.actor, e.reason, b.body FROM journal_entry e JOIN journal_block b ON b.seq = e.seq "
        "WHERE e.action = :action ORDER BY e.seq"
    )
    for head in session.connection().execute(query, {"action": Operation.VOID.value}):
        for _, table, key, _ in journal.single_changes(journal.decode_block(head.body)):
            if table == "report":
                yield int(key), head


def superseding(session: Session, report: int, *, but: str) -> ReportRow | None:
    """The version that took the place of a report and is not in the state *but*."""
    rows = select(ReportRow).where(ReportRow.supersedes == report, ReportRow.state != but)
    return session.exec(rows.order_by(col(ReportRow.id))).first()


def add_report(session: Session, values: Mapping[str, Any]) -> int:
    """Add a report's row; returns its key."""
    row = ReportRow(**values)
    session.add(row)
    session.flush()
    return _key(row.id)


def add_file(session: Session, values: Mapping[str, Any]) -> None:
    """Add a file of a report."""
    session.add(ReportFileRow(**values))


def add_signature(session: Session, values: Mapping[str, Any]) -> None:
    """Add a signature field of a report."""
    session.add(ReportSignatureRow(**values))


def add_hand_in(session: Session, values: Mapping[str, Any]) -> int:
    """Add a hand-in record; returns its key."""
    row = HandInRow(**values)
    session.add(row)
    session.flush()
    return _key(row.id)


def count_reports(session: Session) -> int:
    """How many reports there are."""
    return int(session.exec(select(func.count()).select_from(ReportRow)).one())


def _key(value: int | None) -> int:
    if value is None:
        message = "a row that was flushed has its key"
        raise ValueError(message)
    return value
