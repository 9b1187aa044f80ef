"""The only SQL of the county's desk: packages of townships, conflicts, photos, papers, what stands twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text
from sqlmodel import col, select

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger import store as ledger_store
from gengdi_desktop.storage.tables import CertificateRow, PackageRow, ReceivedPaperRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.campaigns import Campaign


class UnitCount(NamedTuple):
    """A number of something in a township, as its plots write it."""

    township: str
    code: str
    many: int
    area: int = 0


class PhotoUse(NamedTuple):
    """An evidence file that plots of a township refer to."""

    township: str
    code: str
    name: str


def campaign(session: Session) -> Campaign:
    """The campaign with its phases."""
    return ledger_store.campaign(session)


def plots_by_township(session: Session) -> list[UnitCount]:
    """Plots and issued areas of each township; a split plot counts once."""
    query = text(
        "SELECT township, township_code, count(*), sum(issued_area) FROM plot "
        "WHERE split_parent IS NULL GROUP BY township, township_code ORDER BY township_code, township"
    )
    return [UnitCount(*row) for row in session.connection().execute(query)]


def packages_of_townships(session: Session) -> Sequence[PackageRow]:
    """Packages to and from townships in the order in which they were written or taken in here."""
    query = (
        select(PackageRow)
        .where(PackageRow.peer_desk == Desk.TOWNSHIP.value)
        .order_by(col(PackageRow.settled_at), col(PackageRow.number), col(PackageRow.id))
    )
    return session.exec(query).all()


def open_conflicts(session: Session) -> dict[str, int]:
    """How many conflicts of each package wait for a decision."""
    query = text("SELECT package_id, count(*) FROM conflict WHERE status = 'open' GROUP BY package_id")
    return {row[0]: row[1] for row in session.connection().execute(query)}


def evidence_files(session: Session) -> list[PhotoUse]:
    """The files that plots of each township refer to, each once for each township."""
    query = text(
        "SELECT DISTINCT p.township, p.township_code, f.folder || '/' || f.id || f.suffix "
        "FROM attachment a JOIN plot p ON p.id = a.plot_id JOIN stored_file f ON f.id = a.file_id WHERE a.removed = 0"
    )
    return [PhotoUse(*row) for row in session.connection().execute(query)]


def received_papers(session: Session) -> Sequence[ReceivedPaperRow]:
    """Papers that came with packages, in the order in which they came."""
    return session.exec(select(ReceivedPaperRow).order_by(col(ReceivedPaperRow.id))).all()


def certificates(session: Session) -> dict[str, CertificateRow]:
    """The certificates of the ledger by fingerprint, those removed too."""
    return {row.id: row for row in session.exec(select(CertificateRow)).all()}
