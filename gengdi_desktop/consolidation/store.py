"""The only SQL of the county's desk: packages of townships, conflicts, photos, papers, what stands twice."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text
from sqlmodel import col, select

from gengdi_desktop.consolidation.records import BoardPaper, BoardSigner, Parcel
from gengdi_desktop.domain.areas import Area
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


class Passage(NamedTuple):
    """A package with the township that it went to (``out``) or came from (``in``), as the package writes it."""

    direction: str
    kind: str
    unit: str
    code: str
    parcel: Parcel


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


def packages_of_townships(session: Session) -> list[Passage]:
    """Packages to and from townships in the order in which they were written or taken in here."""
    query = (
        select(PackageRow)
        .where(PackageRow.peer_desk == Desk.TOWNSHIP.value)
        .order_by(col(PackageRow.settled_at), col(PackageRow.number), col(PackageRow.id))
    )
    return [
        Passage(row.direction, row.kind, row.peer_unit, row.peer_unit_code, _parcel(row)) for row in session.exec(query)
    ]


def _parcel(row: PackageRow) -> Parcel:
    return Parcel(
        id=row.id,
        number=row.number,
        packed=datetime.fromisoformat(row.created_at),
        settled=datetime.fromisoformat(row.settled_at),
        plots=row.plots,
        area=Area(row.area),
        signer=row.signer,
        receipted=row.receipted_by is not None,
        proof=row.note,
        file_name=row.file_name,
    )


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


def received_papers(session: Session) -> list[tuple[str, BoardPaper]]:
    """Files of papers that came, each with its package, in the order in which they came."""
    query = select(ReceivedPaperRow).order_by(col(ReceivedPaperRow.id))
    return [
        (row.package_id, BoardPaper(row.number, row.title, row.version, row.state, _day(row.document_date)))
        for row in session.exec(query)
    ]


def signers(session: Session, today: date) -> list[BoardSigner]:
    """The certificates of the ledger, those removed too, as they stand on a day."""
    found = []
    for row in session.exec(select(CertificateRow)):
        until = _day(row.not_after)
        expired = until is not None and until < today
        found.append(BoardSigner(row.id, row.holder, until, trusted=not row.removed, expired=expired))
    return found


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None
