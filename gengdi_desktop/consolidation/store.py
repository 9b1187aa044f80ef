"""The only SQL of the county's desk: packages of townships, conflicts, photos, papers, what stands twice."""

from __future__ import annotations

import base64
from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson
from sqlalchemy import text
from sqlmodel import col, select

from gengdi_desktop.consolidation.hands import Touch
from gengdi_desktop.consolidation.records import BoardPaper, BoardSigner, Parcel, local_day
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.ledger import store as ledger_store
from gengdi_desktop.ledger.folder import StoredFile
from gengdi_desktop.ledger.turning_back import changes_of, entries_of
from gengdi_desktop.reports.frozen import ReportState
from gengdi_desktop.reports.made_files import FileRole
from gengdi_desktop.storage.tables import CertificateRow, PackageRow, ReceivedPaperRow, StoredFileRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.campaigns import Campaign

SNAPSHOT: Final = FileRole.SNAPSHOT.value
_BESIDE_PLOTS: Final = (
    *(Operation.CREATE, Operation.REBASE, Operation.MEMBER, Operation.CAMPAIGN, Operation.SETTINGS, Operation.MAPPING),
    *(Operation.REPORT, Operation.FREEZE, Operation.SIGN, Operation.HAND_IN, Operation.VOID, Operation.EXPORT),
    *(Operation.PACK, Operation.RECEIVE, Operation.IDENTITY, Operation.TRUST, Operation.DISTRUST, Operation.BACKUP),
)
"""Entries in which a township does nothing to a plot: about its ledger, its papers and its packages."""
_SIGNED: Final = (ReportState.SIGNED.value, ReportState.HANDED_IN.value)


class UnitCount(NamedTuple):
    """A number of something in a township, as its plots write it."""

    township: str
    code: str
    many: int
    area: int = 0


class PaperFile(NamedTuple):
    """A file of a report that came."""

    package: str
    report: tuple[str, str, int]
    paper: BoardPaper
    plots: int
    area: int
    head_seq: int
    role: str
    file: StoredFile


class Passage(NamedTuple):
    """A package with the township that it went to (``out``) or came from (``in``), as the package writes it."""

    direction: str
    kind: str
    unit: str
    code: str
    parcel: Parcel


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
    """Packages to and from townships, those of each way in the order in which they were written or taken in here."""
    query = (
        select(PackageRow)
        .where(PackageRow.peer_desk == Desk.TOWNSHIP.value)
        # The entry that took it in, where one did: a clock may be set back, and so may the sender and its numbers.
        .order_by(*(col(one) for one in (PackageRow.entry, PackageRow.settled_at, PackageRow.number, PackageRow.id)))
    )
    return [
        Passage(row.direction, row.kind, row.peer_unit, row.peer_unit_code, _parcel(row)) for row in session.exec(query)
    ]


def _parcel(row: PackageRow) -> Parcel:
    return Parcel(
        id=row.id,
        number=row.number,
        packed=datetime.fromisoformat(row.created_at),
        settled=(settled := datetime.fromisoformat(row.settled_at)),
        day=date.fromisoformat(row.settled_on) if row.settled_on else local_day(settled),
        plots=row.plots,
        area=Area(row.area),
        signer=row.signer,
        receipted=row.receipted_by is not None,
        proof=row.proof,
        proof_entries=tuple(int(seq) for seq in row.proof_entries.split(",") if seq),
        note=row.note,
        file_name=row.file_name,
    )


def open_conflicts(session: Session) -> dict[str, int]:
    """How many conflicts of each package wait for a decision."""
    query = text("SELECT package_id, count(*) FROM conflict WHERE status = 'open' GROUP BY package_id")
    return {row[0]: row[1] for row in session.connection().execute(query)}


def awaited_files(session: Session) -> list[UnitCount]:
    """How many files the plots of each township refer to whose bytes did not come yet."""
    query = text(
        "SELECT p.township, p.township_code, count(DISTINCT w.id) FROM awaited_file w "
        "JOIN attachment a ON a.file_id = w.id JOIN plot p ON p.id = a.plot_id WHERE a.removed = 0 "
        "GROUP BY p.township, p.township_code"
    )
    return [UnitCount(*row) for row in session.connection().execute(query)]


def received_papers(session: Session) -> list[tuple[str, BoardPaper]]:
    """Files of papers that came, each with its package, in the order in which they came."""
    query = select(ReceivedPaperRow).order_by(col(ReceivedPaperRow.id))
    return [(row.package_id, _paper(row)) for row in session.exec(query)]


def _paper(row: ReceivedPaperRow) -> BoardPaper:
    return BoardPaper(row.number, row.title, row.version, row.state, _day(row.document_date))


def signed_papers(session: Session) -> list[PaperFile]:
    """The files of reports that came signed, in the order in which they came."""
    query = (
        select(ReceivedPaperRow, StoredFileRow)
        .where(col(StoredFileRow.id) == col(ReceivedPaperRow.file_id))
        .where(col(ReceivedPaperRow.state).in_(_SIGNED))
        .order_by(col(ReceivedPaperRow.id))
    )
    return [
        PaperFile(
            row.package_id,
            (row.report_kind, row.number, row.version),
            _paper(row),
            row.plots,
            row.area,
            row.head_seq,
            row.role,
            StoredFile(file.id, file.size, file.folder, file.suffix),
        )
        for row, file in session.exec(query)
    ]


def local_plots(session: Session, peer: str) -> dict[str, str]:
    """Plots that another desk calls by an id of its own: its ids to ours."""
    query = text("SELECT key, local FROM foreign_row WHERE peer_ledger = :peer AND table_code = 'plot'")
    return {row[0]: row[1] for row in session.connection().execute(query, {"peer": peer})}


class LaterEntry(NamedTuple):
    """An entry that another desk made and reported to us."""

    actor: str
    day: date


def entries_after(session: Session, package: str, seq: int) -> list[LaterEntry]:
    """What the sender of a package did to plots after one of its entries, as far as it was reported, oldest first."""
    query = text(
        "SELECT actor, at FROM reported_entry WHERE seq > :seq AND peer_ledger = "
        "(SELECT peer_ledger FROM package WHERE id = :package) "
        "AND action NOT IN (SELECT value FROM json_each(:beside)) ORDER BY seq"
    )
    given = {"seq": seq, "package": package, "beside": _json(_BESIDE_PLOTS)}
    return [
        LaterEntry(row.actor, local_day(datetime.fromisoformat(row.at)))
        for row in session.connection().execute(query, given)
    ]


def arrival(session: Session, package: str) -> tuple[int, int]:
    """The entry that took a package in, and our last entry of which its sender knew when it packed it (0: none)."""
    query = text(
        "SELECT came.entry, coalesce(max(ours.head_seq), 0) FROM package came "
        "LEFT JOIN package told ON told.direction = 'in' AND told.peer_ledger = came.peer_ledger "
        "AND told.entry <= came.entry LEFT JOIN package ours ON ours.direction = 'out' AND ours.receipted_by = told.id "
        "WHERE came.id = :package"
    )
    row = session.connection().execute(query, {"package": package}).one()
    return (row[0] or 0, row[1])


def touches(session: Session, plots: Iterable[str], after: int, own: Container[str]) -> list[Touch]:
    """The entries in force above one of our entries that changed some plots or their rounds.

    A note, a photo or a package that brought nothing else changes nothing that a report says.

    Args:
        session: An open read transaction.
        plots: Our own ids of the plots.
        after: Only entries above this one.
        own: The packages of the township that is asked about, which are told apart from those of others.
    """
    query = text(
        "WITH asked(id) AS (SELECT value FROM json_each(:plots)), at(plot, seq) AS ("
        "SELECT h.plot_id, h.seq FROM asked JOIN plot_history h ON h.plot_id = asked.id WHERE h.seq > :after "
        "UNION SELECT p.id, p.entry FROM asked JOIN plot p ON p.id = asked.id WHERE p.entry > :after) "
        "SELECT at.seq, at.plot, e.action, e.actor, coalesce(k.settled_on, e.event_date) AS day, e.at, "
        "k.id AS package, k.kind, k.number, k.peer_unit "
        "FROM at JOIN journal_entry e ON e.seq = at.seq LEFT JOIN package k ON k.direction = 'in' AND k.entry = at.seq"
    )
    in_force = set(entries_of(session).later_in_force((after,)))
    rows = session.connection().execute(query, {"plots": _json(plots), "after": after})
    found = [row for row in rows if row.seq in in_force]
    changed = _changed(session, {row.seq for row in found})
    return [
        Touch(
            row.seq,
            row.plot,
            row.action,
            row.actor,
            _day(row.day or "") or local_day(datetime.fromisoformat(row.at)),
            f"{row.peer_unit}第 {row.number} 个{PackageKind(row.kind).label}" if row.package else "",
            row.package in own,
        )
        for row in found
        if (row.seq, row.plot) in changed
    ]


def _changed(session: Session, seqs: Iterable[int]) -> set[tuple[int, str]]:
    """Entries with the plots that each changed, or whose rounds it did."""
    return {
        (seq, str(key).partition(":")[0])
        for seq in seqs
        for _, table, key, _ in changes_of(session, [seq], bare=True)
        if table in {"plot", "round"}
    }


def ids_of(session: Session, townships: Iterable[str]) -> list[str]:
    """The plots of townships, as plots write them."""
    query = text("SELECT p.id FROM json_each(:names) n JOIN plot p ON p.township = n.value ORDER BY p.position, p.id")
    return list(session.connection().execute(query, {"names": _json(sorted(townships))}).scalars())


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


# ------------------------------------------------------------------------------------------------- what stands in two


class PlotFact(NamedTuple):
    """A plot as its lists wrote it."""

    id: str
    township: str
    code: str
    village: str
    plot_no: str
    year: int | None
    area: int
    state: str


class Village(NamedTuple):
    """A village as plots write it."""

    township: str
    code: str
    village: str


class PlacedPlot(NamedTuple):
    """Where a plot lies: the box of its outline in 10⁻⁹ degree, or its middle four times where it has none."""

    id: str
    township: str
    code: str
    west: int
    south: int
    east: int
    north: int
    outlined: int


class PhotoAtPlot(NamedTuple):
    """A picture at a plot."""

    plot: str
    stage: str
    attachment: int
    sha256: str
    file_name: str


_LIVE = "p.state <> 'cancelled' AND p.split_parent IS NULL"
"""Plots that may have a twin: a cancelled one is settled, and for the parts of a split one stands the whole."""
_FACTS = "p.id, p.township, p.township_code, p.village, p.plot_no, p.outflow_year, p.issued_area, p.state"


def shared_identifiers(session: Session, kinds: Sequence[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Identifiers of these kinds that several plots bear, with the plots, by kind and value."""
    query = text(
        "SELECT DISTINCT i.kind, i.value, i.plot_id FROM identifier i JOIN ("
        "SELECT kind, value FROM identifier WHERE kind IN (SELECT value FROM json_each(:kinds)) AND value <> '' "
        "GROUP BY kind, value HAVING count(*) > 1) d ON d.kind = i.kind AND d.value = i.value "
        "ORDER BY i.kind, i.value, i.plot_id"
    )
    found: dict[tuple[str, str], list[str]] = {}
    for kind, value, plot in session.connection().execute(query, {"kinds": _json(kinds)}):
        found.setdefault((kind, value), []).append(plot)
    return {key: tuple(plots) for key, plots in found.items() if len(plots) > 1}


def villages(session: Session) -> list[Village]:
    """The villages of all plots, as they are written."""
    query = text("SELECT DISTINCT township, township_code, village FROM plot WHERE village <> ''")
    return [Village(*row) for row in session.connection().execute(query)]


def numbered_plots(session: Session, places: Sequence[Village]) -> list[PlotFact]:
    """The plots of some villages that have a number."""
    query = text(
        f"SELECT {_FACTS} FROM json_each(:places) v JOIN plot p ON p.township = json_extract(v.value, '$[0]') "
        f"AND p.village = json_extract(v.value, '$[1]') WHERE p.plot_no <> '' AND {_LIVE} ORDER BY p.position, p.id"
    )
    wanted = sorted({(one.township, one.village) for one in places})
    return [PlotFact(*row) for row in session.connection().execute(query, {"places": _json(wanted)})]


def placed_plots(session: Session) -> list[PlacedPlot]:
    """The plots of which it is known where they lie."""
    query = text(
        "SELECT p.id, p.township, p.township_code, coalesce(s.west, p.centre_longitude), "
        "coalesce(s.south, p.centre_latitude), coalesce(s.east, p.centre_longitude), "
        "coalesce(s.north, p.centre_latitude), s.id IS NOT NULL FROM plot p LEFT JOIN plot_shape s ON s.id = p.id "
        "WHERE (s.id IS NOT NULL OR (p.centre_longitude IS NOT NULL AND p.centre_latitude IS NOT NULL)) "
        f"AND {_LIVE} ORDER BY p.position, p.id"
    )
    return [PlacedPlot(*row) for row in session.connection().execute(query)]


def outlines_of(session: Session, plots: Iterable[str]) -> dict[str, bytes]:
    """The outlines of some plots, as well-known bytes."""
    query = text("SELECT s.id, s.outline FROM json_each(:keys) k JOIN plot_shape s ON s.id = k.value")
    found = session.connection().execute(query, {"keys": _json(plots)})
    return {plot: base64.b64decode(outline) for plot, outline in found}


def uses_of_photos(session: Session, also: Iterable[str]) -> list[PhotoAtPlot]:
    """Where the pictures are used that stand at several plots, and those of the given hashes; papers aside."""
    query = text(
        "SELECT a.plot_id, a.stage, a.id, a.file_id, a.name FROM ("
        "SELECT file_id AS key FROM attachment GROUP BY file_id HAVING count(*) > 1 "
        "UNION SELECT value FROM json_each(:keys)) f JOIN attachment a ON a.file_id = f.key "
        "WHERE a.removed = 0 AND a.media_type LIKE 'image/%' AND a.stage <> 'paper' ORDER BY a.id"
    )
    return [PhotoAtPlot(*row) for row in session.connection().execute(query, {"keys": _json(also)})]


def plots(session: Session, ids: Iterable[str]) -> list[PlotFact]:
    """Plots by their own ids; cancelled ones and parts of split ones are left out."""
    query = text(f"SELECT {_FACTS} FROM json_each(:keys) k JOIN plot p ON p.id = k.value WHERE {_LIVE}")
    return [PlotFact(*row) for row in session.connection().execute(query, {"keys": _json(ids)})]


def _json(values: Iterable[object]) -> str:
    return orjson.dumps(list(values)).decode()
