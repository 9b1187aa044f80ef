"""The SQL of packing: rows of one snapshot as they stand, what is known of the receiver, the row of a package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import text

from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import travelling
from gengdi_desktop.handover.travelling import CHECK_STAGE, FOREIGN, Carried, Named, Rows
from gengdi_desktop.ledger import store as ledger_store
from gengdi_desktop.ledger.folder import StoredFile
from gengdi_desktop.phases.sampling.store import REPLACED
from gengdi_desktop.storage.layout import layout
from gengdi_desktop.storage.tables import PackageFileRow, PackageRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from gengdi_desktop.domain.campaigns import Campaign
    from gengdi_desktop.signing.certificates import Certificate
    from gengdi_desktop.storage.journal import Value
    from gengdi_desktop.storage.unit_of_work import Work

_FETCHED: Final = 500
_VOID: Final = "void"
OUT: Final = "out"
"""The ``direction`` of a package that was written here; ``in`` was taken in."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows a package is about.

    Attributes:
        kind: Of the package.
        plots: Own ids; None for all of the ledger.
        samples: Ids of the sample and of those that it contains; empty where the kind has none.
        lists: Keys of the lists that were made here and of which the package speaks.
        files: Hashes of the files that rows of the package name.
    """

    kind: PackageKind
    plots: tuple[str, ...] | None
    samples: tuple[str, ...] = ()
    lists: tuple[int, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """What the conditions are asked with: one text for each, so that it does not matter how many there are."""
        given = {"plots": self.plots or (), "lists": self.lists, "files": self.files, "samples": self.samples}
        return {name: orjson.dumps(one).decode() for name, one in given.items()} | {"stage": CHECK_STAGE}


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of the ledger that a package may hold: where it lies, and what people call it.

    ``removed`` is not 0 where no row in force names it: what lies in the bin is told of, its bytes stay at home.
    """

    id: str
    folder: str
    suffix: str
    size: int
    plot: str = ""
    name: str = ""
    stage: str = ""
    removed: int = 0

    @property
    def stored(self) -> StoredFile:
        """Where it lies."""
        return StoredFile(self.id, self.size, self.folder, self.suffix)


_PLOTS: Final = "(SELECT value FROM json_each(:plots))"
_LISTS: Final = "(SELECT value FROM json_each(:lists))"
_SAMPLES: Final = "(SELECT value FROM json_each(:samples))"
_REPORTS: Final = f"(SELECT id FROM report WHERE state <> '{_VOID}')"


def condition(one: Carried, scope: Scope, alias: str = "t") -> str:
    """The rows of a table that the package carries, as SQL about ``alias``; asked with ``scope.values``."""
    of_plots = "1" if scope.plots is None else f"{alias}.{_plot_column(one.table)} IN {_PLOTS}"
    if one.rows is Rows.ON_LISTS:
        on_lists = f"{alias}.list_id IN {_LISTS}"
        if one.table == "identifier":
            on_lists = f"({alias}.list_id IS NULL OR {on_lists})"
        return f"{on_lists} AND {of_plots}"
    return {
        Rows.ALL: "1",
        Rows.OF_PLOTS: of_plots,
        Rows.OF_STAGE: f"{of_plots} AND {alias}.stage = :stage",
        Rows.OF_LISTS: f"{alias}.id IN {_LISTS}",
        Rows.OF_SAMPLE: f"{alias}.{'id' if one.table == 'sample' else 'sample_id'} IN {_SAMPLES}",
        Rows.NAMED: f"{alias}.id IN (SELECT value FROM json_each(:files))",
        Rows.OWN: f"{alias}.relation = 'own'",
        Rows.IN_FORCE: f"{alias}.{'id' if one.table == 'report' else 'report_id'} IN {_REPORTS}",
    }[one.rows]


def _plot_column(table: str) -> str:
    return layout(table).plot_column or "id"


class Snapshot:
    """Rows as the driver gives them, out of one snapshot; a package of 200,000 plots is never in memory."""

    def __init__(self, session: Session) -> None:
        self._driver: Any = session.connection().connection.driver_connection

    def count(self, one: Carried, scope: Scope) -> int:
        """How many rows :meth:`rows` gives."""
        query = f"SELECT count(*) FROM {one.table} t WHERE {condition(one, scope)}"
        return int(self._ask(query, scope.values).fetchone()[0])

    def rows(self, one: Carried, scope: Scope, asked: Callable[[], None]) -> Iterator[Sequence[Value]]:
        """The rows of a table that the package carries, by their keys; ``asked`` is called now and then."""
        names = ", ".join(f't."{name}"' for name in one.fields)
        query = f"SELECT {names} FROM {one.table} t WHERE {condition(one, scope)} ORDER BY t.{one.fields[0]}"
        return _streamed(self._ask(query, scope.values), asked)

    def pairs(self, tables: Iterable[Carried], scope: Scope, asked: Callable[[], None]) -> Iterator[Sequence[Value]]:
        """The pairs that are known of the rows that the package carries, by their keys."""
        columns = ", ".join(f"f.{name}" for name in layout(FOREIGN).names)
        parts = [
            f"SELECT {columns} FROM {one.table} t CROSS JOIN {FOREIGN} f "
            f"WHERE f.table_code = '{one.table}' AND f.local = CAST(t.id AS TEXT) AND {condition(one, scope)}"
            for one in tables
            if travelling.named(one.table) is Named.MADE or one.table in {"plot", "plot_list"}
        ]
        if not parts or self._ask(f"SELECT 1 FROM {FOREIGN} LIMIT 1", {}).fetchone() is None:
            return iter(())
        return _streamed(self._ask(f"{' UNION '.join(parts)} ORDER BY 1", scope.values), asked)

    def heads(self, since: int) -> Iterator[Mapping[str, Any]]:
        """The headers of the journal after an entry, each with its ``hash``."""
        asked = self._ask("SELECT * FROM journal_entry WHERE seq > :since ORDER BY seq", {"since": since})
        names = [one[0] for one in asked.description]
        while some := asked.fetchmany(_FETCHED):
            for row in some:
                yield dict(zip(names, row, strict=True))

    def blocks(self, seq: int) -> tuple[int, Iterator[bytes]]:
        """How many blocks an entry has, and each as it is stored."""
        given = {"seq": seq}
        count = int(self._ask("SELECT count(*) FROM journal_block WHERE seq = :seq", given).fetchone()[0])
        asked = self._ask("SELECT body FROM journal_block WHERE seq = :seq ORDER BY part", given)
        return count, (row[0] for row in asked)

    def _ask(self, query: str, given: Mapping[str, Any]) -> Any:
        return self._driver.cursor().execute(query, given)


def _streamed(asked_of: Any, asked: Callable[[], None]) -> Iterator[Sequence[Value]]:
    while some := asked_of.fetchmany(_FETCHED):
        asked()
        yield from some


# ------------------------------------------------------------------------------------------------- what it is about


def campaign(session: Session) -> Campaign:
    """The campaign; one without a name where none was set."""
    return ledger_store.campaign(session)


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the last entry."""
    return ledger_store.head(session)


def hash_of(session: Session, seq: int) -> str:
    """The hash of an entry."""
    found = ledger_store.entry(session, seq)
    return found.hash if found is not None else ""


def townships(session: Session) -> list[tuple[str, str, int, int]]:
    """Townships as plots write them: name, code, how many plots and their issued area; a split plot counts once."""
    query = text(
        "SELECT township, township_code, sum(split_parent IS NULL), "
        "sum(CASE WHEN split_parent IS NULL THEN issued_area ELSE 0 END) "
        "FROM plot GROUP BY township, township_code ORDER BY township_code, township"
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.connection().execute(query)]


def township_names(session: Session) -> list[str]:
    """The names of townships as plots write them."""
    return [
        row[0] for row in session.connection().execute(text("SELECT DISTINCT township FROM plot ORDER BY township"))
    ]


def codes_of(session: Session, township: str) -> list[str]:
    """The codes that plots of a township's name write beside it."""
    query = text("SELECT DISTINCT township_code FROM plot WHERE township = :name ORDER BY township_code")
    return [row[0] for row in session.connection().execute(query, {"name": township})]


def plots_of_township(session: Session, name: str, code: str | None = None) -> list[str]:
    """The plots that write a township so; whatever its code where none is named."""
    query = text("SELECT id FROM plot WHERE township = :name AND (:code IS NULL OR township_code = :code)")
    return [row[0] for row in session.connection().execute(query, {"name": name, "code": code})]


def sample_status(session: Session, sample: str) -> str | None:
    """Whether a sample is framed, drawn or further; None where there is none of that id."""
    query = text("SELECT status FROM sample WHERE id = :sample")
    found = session.connection().execute(query, {"sample": sample}).scalar()
    return None if found is None else str(found)


def chain_of(session: Session, sample: str) -> tuple[str, ...]:
    """A sample and those that it contains."""
    query = text(
        "WITH RECURSIVE chain(id) AS (SELECT :sample UNION "
        "SELECT s.enlarges FROM sample s JOIN chain ON s.id = chain.id WHERE s.enlarges IS NOT NULL) "
        "SELECT id FROM chain"
    )
    return tuple(row[0] for row in session.connection().execute(query, {"sample": sample}))


def drawn_plots(session: Session, samples: tuple[str, ...]) -> set[str]:
    """The plots of samples, replaced ones too."""
    query = text(f"SELECT plot_id FROM sample_plot WHERE sample_id IN {_SAMPLES}")
    given = {"samples": orjson.dumps(samples).decode()}
    return {row[0] for row in session.connection().execute(query, given)}


def unchecked_plots(session: Session, samples: tuple[str, ...]) -> set[str]:
    """The plots of samples that have no result, without those that could not be visited."""
    of_samples = f"WHERE sample_id IN {_SAMPLES}"
    query = text(
        f"SELECT plot_id FROM sample_plot {of_samples} EXCEPT SELECT plot_id FROM sample_result {of_samples} "
        f"EXCEPT SELECT plot_id FROM sample_plot {of_samples} AND status = '{REPLACED}'"
    )
    given = {"samples": orjson.dumps(samples).decode()}
    return {row[0] for row in session.connection().execute(query, given)}


def with_parents(session: Session, plots: Iterable[str]) -> tuple[str, ...]:
    """Some plots, and the split ones of which they are a part."""
    own = tuple(plots)
    query = text(f"SELECT split_parent FROM plot WHERE id IN {_PLOTS} AND split_parent IS NOT NULL")
    given = {"plots": orjson.dumps(own).decode()}
    return tuple(sorted({*own, *(row[0] for row in session.connection().execute(query, given))}))


def own_lists(session: Session, plots: tuple[str, ...] | None) -> tuple[int, ...]:
    """The lists that were made here: all of them, or those on which some of these plots stand."""
    query = (
        "SELECT id FROM plot_list t WHERE NOT EXISTS (SELECT 1 FROM foreign_row f "
        "WHERE f.table_code = 'plot_list' AND f.local = CAST(t.id AS TEXT))"
    )
    if plots is None:
        return tuple(row[0] for row in session.connection().execute(text(f"{query} ORDER BY id")))
    query += (
        f" AND (id IN (SELECT list_id FROM list_line WHERE plot_id IN {_PLOTS}) "
        f"OR id IN (SELECT list_id FROM identifier WHERE plot_id IN {_PLOTS})) ORDER BY id"
    )
    given = {"plots": orjson.dumps(plots).decode()}
    return tuple(row[0] for row in session.connection().execute(text(query), given))


def counted(session: Session, scope: Scope) -> tuple[int, int]:
    """How many plots a package is about, and their issued area; a split plot counts once."""
    if scope.kind is PackageKind.CHECK_RESULT:
        of_package = f"id IN (SELECT plot_id FROM sample_result WHERE sample_id IN {_SAMPLES})"
    elif scope.kind is PackageKind.CHECK_TASK:
        of_package = f"id IN (SELECT plot_id FROM sample_plot WHERE sample_id IN {_SAMPLES})"
    else:
        of_package = f"+split_parent IS NULL AND {'1' if scope.plots is None else f'id IN {_PLOTS}'}"
    query = text(f"SELECT count(*), coalesce(sum(issued_area), 0) FROM plot WHERE {of_package}")
    names = {name: value for name, value in scope.values.items() if f":{name}" in of_package}
    found = session.connection().execute(query, names).one()
    return int(found[0]), int(found[1])


def files(session: Session, tables: Iterable[Carried], scope: Scope) -> list[NamedFile]:
    """The files that rows of the package name, each once, with the plot and name under which it stands first.

    An answer about a photo does not keep it in force: its bytes go where an attachment in force names it.
    """
    names: dict[str, NamedFile] = {}
    for one in tables:
        column = _FILE_COLUMNS.get(one.table)
        if column is None:
            continue
        where = condition(one, scope)
        told = (
            "coalesce((SELECT trim(p.village || ' ' || p.plot_no) FROM plot p WHERE p.id = t.plot_id), ''), "
            "t.name, t.stage, t.removed"
            if one.table == "attachment"
            else f"'', {'t.name' if one.table != 'photo_answer' else repr('')}, '', {one.table == 'photo_answer':d}"
        )
        query = (
            f"SELECT s.id, s.folder, s.suffix, s.size, {told} FROM {one.table} t JOIN stored_file s "
            f"ON s.id = t.{column} WHERE {where} ORDER BY t.id"
        )
        given = {name: value for name, value in scope.values.items() if f":{name}" in where}
        for row in session.connection().execute(text(query), given):
            found = NamedFile(*row)
            known = names.setdefault(found.id, found)
            if known.removed and not found.removed:
                names[found.id] = found
    return [names[key] for key in sorted(names)]


_FILE_COLUMNS: Final[Mapping[str, str]] = {
    "attachment": "file_id",
    "photo_answer": "file_id",
    "report_file": "file_id",
    "sample": "frame_file",
}


def own_rules(session: Session) -> list[tuple[str, str]]:
    """The rules that the county set, as code and settings text."""
    found = session.connection().execute(text("SELECT code, value FROM rule ORDER BY id"))
    return [(row[0], row[1]) for row in found]


def pems(session: Session, *, own: bool) -> list[str]:
    """The certificates of the ledger, those struck off too; or those with which it signs."""
    query = f"SELECT pem FROM certificate {'WHERE relation = :own' if own else ''} ORDER BY id"
    return [row[0] for row in session.connection().execute(text(query), {"own": "own"} if own else {})]


# ------------------------------------------------------------------------------------------- what is known of others


@dataclass(frozen=True, slots=True)
class Peer:
    """Another desk as its newest package named it."""

    ledger: str | None
    desk: str
    unit: str
    unit_code: str
    organ: str


def peer(session: Session, desk: str, unit: str = "", unit_code: str = "") -> Peer | None:
    """The desk of a unit as the newest package that was taken in from it says; None where none was."""
    query = text(
        "SELECT peer_ledger, peer_desk, peer_unit, peer_unit_code, peer_organ FROM package WHERE direction = 'in' "
        "AND peer_desk = :desk AND (:unit = '' OR peer_unit = :unit) AND (:code = '' OR peer_unit_code = :code) "
        "ORDER BY settled_at DESC, id LIMIT 1"
    )
    found = session.connection().execute(query, {"desk": desk, "unit": unit, "code": unit_code}).first()
    return Peer(*found) if found is not None else None


def receipts(session: Session, ledger: str | None) -> list[tuple[Value, ...]]:
    """What we have of a ledger, as rows of the pseudo table ``receipt``, by id."""
    query = text(
        "SELECT id, kind, number, manifest_sha256, head_seq, head_hash, settled_at FROM package "
        "WHERE direction = 'in' AND peer_ledger = :ledger ORDER BY id"
    )
    return [tuple(row) for row in session.connection().execute(query, {"ledger": ledger})]


def receipted_head(session: Session, ledger: str | None) -> int:
    """The last entry of ours that a ledger has, as far as it told us; 0 where it told nothing."""
    query = text(
        "SELECT max(head_seq) FROM package WHERE direction = 'out' AND since_seq IS NOT NULL "
        "AND receipted_by IS NOT NULL AND peer_ledger = :ledger"
    )
    return int(session.connection().execute(query, {"ledger": ledger}).scalar() or 0)


def receipted_files(session: Session, ledger: str | None) -> set[str]:
    """The files that a ledger has from us, as far as it told us."""
    query = text(
        "SELECT DISTINCT f.file_id FROM package_file f JOIN package p ON p.id = f.package_id "
        "WHERE p.direction = 'out' AND p.receipted_by IS NOT NULL AND p.peer_ledger = :ledger"
    )
    return {row[0] for row in session.connection().execute(query, {"ledger": ledger})}


def newest_from(session: Session, ledger: str | None, kind: PackageKind) -> str | None:
    """Id of the package of a kind that was taken in last from a ledger: an older one would not have come in."""
    query = text(
        "SELECT id FROM package WHERE direction = 'in' AND peer_ledger = :ledger AND kind = :kind "
        "ORDER BY entry DESC, number DESC LIMIT 1"
    )
    found = session.connection().execute(query, {"ledger": ledger, "kind": str(kind)}).scalar()
    return None if found is None else str(found)


def next_number(session: Session, kind: PackageKind, peer: Peer) -> int:
    """The number of the next package of a kind to a receiver: from 1, without gaps."""
    query = text(
        "SELECT max(number) FROM package WHERE direction = 'out' AND kind = :kind AND peer_desk = :desk "
        "AND peer_unit = :unit AND peer_unit_code = :code"
    )
    given = {"kind": str(kind), "desk": peer.desk, "unit": peer.unit, "code": peer.unit_code}
    return int(session.connection().execute(query, given).scalar() or 0) + 1


# ------------------------------------------------------------------------------------------------ packages themselves


def add_package(work: Work, values: Mapping[str, Any], files: Sequence[str]) -> None:
    """Note a package that was written, and which photos it holds."""
    row = PackageRow(**values)
    work.session.add(row)
    work.session.flush()
    work.bulk(PackageFileRow, ("id", "package_id", "file_id"), ((f"{row.id}:{one}", row.id, one) for one in files))


def add_own_certificate(session: Session, certificate: Certificate) -> None:
    """Note with what this unit signs, where that is not known yet."""
    if ledger_store.certificate_row(session, certificate.fingerprint) is None:
        ledger_store.add_certificate(session, certificate, "own")


def package_rows(session: Session) -> list[Mapping[str, Any]]:
    """All packages, the newest first, with how many photos we sent in each."""
    query = text(
        "SELECT p.*, (SELECT count(*) FROM package_file f WHERE f.package_id = p.id) AS photos FROM package p "
        "ORDER BY settled_at DESC, id"
    )
    return [dict(row) for row in session.connection().execute(query).mappings()]
