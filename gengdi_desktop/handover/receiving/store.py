"""The only SQL of receiving: what stands here, asked table by table, and the rows that a package leaves behind."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlmodel import col, select

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import CampaignName
from gengdi_desktop.handover.receiving.merging import Status
from gengdi_desktop.handover.receiving.proof import ProofKind, Reported
from gengdi_desktop.handover.receiving.succession import Taken
from gengdi_desktop.storage.journal import Value
from gengdi_desktop.storage.layout import CODES, layout
from gengdi_desktop.storage.tables import CampaignRow, CertificateRow, ConflictRow, PackageRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.county_units import CountyUnits
    from gengdi_desktop.exchange.manifest import Heading


class CameWith(NamedTuple):
    """A package that was taken in: who sent it, which it was, when they packed it, and the entry that took it in."""

    sender: str
    kind: str
    number: int
    packed: str
    entry: int


def _raw(session: Session, query: str, *values: Value) -> Any:
    # Through the driver: tuples as they are, which hundreds of thousands of rows need.
    return session.connection().exec_driver_sql(query, values).cursor


def _json(keys: Iterable[int | str]) -> str:
    return json.dumps(list(keys))


# ---------------------------------------------------------------------------------------------------------- the journal


def block_heads(session: Session, seq: int) -> list[tuple[int, bytes]]:
    """Number and first packed bytes of each block of an entry."""
    query = "SELECT part, substr(body, 1, 1024) FROM journal_block WHERE seq = ? ORDER BY part"
    return list(_raw(session, query, seq))


def block(session: Session, seq: int, part: int) -> bytes:
    """One packed block."""
    found = _raw(session, "SELECT body FROM journal_block WHERE seq = ? AND part = ?", seq, part).fetchone()
    return bytes(found[0])


def hash_at(session: Session, seq: int) -> str | None:
    """The hash of an entry; None where there is none."""
    found = _raw(session, "SELECT hash FROM journal_entry WHERE seq = ?", seq).fetchone()
    return str(found[0]) if found else None


def last_touch(session: Session, plots: Iterable[str]) -> dict[str, int]:
    """The newest entry that touched each of these plots, also of plots that are gone; others are left out."""
    query = (
        "SELECT plot_id, max(seq) FROM plot_history WHERE plot_id IN (SELECT value FROM json_each(?)) GROUP BY plot_id"
    )
    return dict(_raw(session, query, _json(plots)))


# ----------------------------------------------------------------------------------------------------------- packages


def campaign_name(session: Session) -> CampaignName | None:
    """The campaign of this ledger; None where none was set."""
    row = session.exec(select(CampaignRow).order_by(col(CampaignRow.id))).first()
    return CampaignName(row.name, row.document_number) if row is not None and row.name else None


def other_ledgers(session: Session, heading: Heading, units: CountyUnits) -> bool:
    """Whether the sender's unit handed in from another ledger before."""
    return not ledgers_of(session, heading, units) <= {heading.sender.ledger}


def ledgers_of(session: Session, heading: Heading, units: CountyUnits) -> frozenset[str]:
    """The ledgers from which the sender's unit ever handed in, however it wrote itself, this one among them."""
    sender = heading.sender
    query = (
        "SELECT DISTINCT peer_ledger, peer_unit, peer_unit_code FROM package WHERE direction = 'in' AND peer_desk = ?"
    )
    found = {sender.ledger} if sender.ledger else set()
    for ledger, unit, code in _raw(session, query, sender.desk.value):
        same = (unit, code) == (sender.unit, sender.unit_code)
        if sender.desk is Desk.TOWNSHIP and not same:
            same = units.key_of(unit, code) == units.key_of(sender.unit, sender.unit_code)
        if same and ledger:
            found.add(ledger)
    return frozenset(found)


def entries_from(session: Session, ledger: str) -> frozenset[int]:
    """The entries by which packages of a ledger were taken in."""
    query = select(PackageRow.entry).where(PackageRow.direction == "in", PackageRow.peer_ledger == ledger)
    return frozenset(session.exec(query))


def removed_certificates(session: Session) -> frozenset[str]:
    """Fingerprints that were struck off."""
    return frozenset(session.exec(select(CertificateRow.id).where(CertificateRow.removed == 1)))


def certificates(session: Session) -> dict[str, tuple[str, int]]:
    """Relation and mark of removal by fingerprint."""
    return {row.id: (row.relation, row.removed) for row in session.exec(select(CertificateRow))}


def reported(session: Session, ledger: str) -> dict[int, Reported]:
    """What another ledger reported before, by number."""
    query = "SELECT seq, hash, at, actor, action FROM reported_entry WHERE peer_ledger = ?"
    return {row[0]: Reported(*row) for row in _raw(session, query, ledger)}


def papers_from(session: Session, ledger: str, names: Sequence[str]) -> list[tuple[Value, ...]]:
    """The papers that came from a ledger, as these columns."""
    wanted = ",".join(f"r.{name}" for name in names)
    query = f"SELECT {wanted} FROM received_paper r JOIN package p ON p.id = r.package_id WHERE p.peer_ledger = ?"
    return list(_raw(session, query, ledger))


def unreceipted(session: Session, packages: Iterable[str]) -> list[str]:
    """Those of these packages that we wrote and that no package has receipted yet."""
    query = (
        "SELECT id FROM package WHERE direction = 'out' AND receipted_by IS NULL "
        "AND id IN (SELECT value FROM json_each(?))"
    )
    return [row[0] for row in _raw(session, query, _json(packages))]


def receipted_no_more(session: Session, ledger: str, named: Iterable[str]) -> list[tuple[str, str]]:
    """Packages of ours that a ledger receipted and now does not name, each with who receipted it."""
    query = (
        "SELECT id, receipted_by FROM package WHERE direction = 'out' AND receipted_by IS NOT NULL AND peer_ledger = ? "
        "AND id NOT IN (SELECT value FROM json_each(?))"
    )
    return list(_raw(session, query, ledger, _json(named)))


class Sent(NamedTuple):
    """A package that we wrote: its kind, our last entry in it, and for whom it was."""

    kind: str
    head: int
    ledger: str | None
    desk: str
    unit: str
    unit_code: str


def sent(session: Session, packages: Iterable[str]) -> dict[str, Sent]:
    """Those of these packages that we wrote, by id."""
    query = (
        "SELECT id, kind, head_seq, peer_ledger, peer_desk, peer_unit, peer_unit_code FROM package "
        "WHERE direction = 'out' AND id IN (SELECT value FROM json_each(?))"
    )
    return {row[0]: Sent(*row[1:]) for row in _raw(session, query, _json(packages))}


def taken_from(session: Session, ledger: str | None) -> tuple[Taken, ...]:
    """The packages of all kinds that were taken in from a ledger."""
    query = (
        "SELECT id, kind, number, sample, head_seq, head_hash, entry, proof FROM package "
        "WHERE direction = 'in' AND peer_ledger = ?"
    )
    return tuple(
        Taken(key, kind, number, sample, seq, digest, entry, proof == ProofKind.REWRITTEN)
        for key, kind, number, sample, seq, digest, entry, proof in _raw(session, query, ledger)
    )


# -------------------------------------------------------------------------------------------------------- what is here


def pairs(session: Session, table: str, ledgers: Collection[str]) -> dict[tuple[str, str], str]:
    """Our pairs for rows of a table that were made in some ledgers: ledger and key there to our key."""
    found: dict[tuple[str, str], str] = {}
    query = "SELECT peer_ledger, key, local FROM foreign_row WHERE id >= ? AND id < ?"
    for ledger in _makers(session).intersection(ledgers):
        for peer, key, local in _raw(session, query, f"{ledger}/{table}/", f"{ledger}/{table}0"):
            found[peer, key] = local
    return found


def _makers(session: Session) -> frozenset[str]:
    """The ledgers of which a row is known: a package may name any number of others, of which nothing is asked."""
    query = (
        "WITH RECURSIVE maker(id) AS (SELECT min(id) FROM foreign_row UNION ALL "
        "SELECT (SELECT min(f.id) FROM foreign_row f WHERE f.id >= substr(m.id, 1, instr(m.id, '/') - 1) || '0') "
        "FROM maker m WHERE m.id IS NOT NULL) "
        "SELECT substr(id, 1, instr(id, '/') - 1) FROM maker WHERE id IS NOT NULL"
    )
    return frozenset(row[0] for row in _raw(session, query))


def pair_ids(session: Session, table: str, locals_: Iterable[int | str]) -> list[tuple[Value, ...]]:
    """The whole rows of ``foreign_row`` that lead to these keys of ours."""
    query = (
        "SELECT id, peer_ledger, table_code, key, local FROM foreign_row WHERE table_code = ? "
        "AND local IN (SELECT CAST(value AS TEXT) FROM json_each(?))"
    )
    return list(_raw(session, query, table, _json(locals_)))


def rows(
    session: Session, table: str, names: Sequence[str], *, where: str = "", keys: Iterable[int | str] = ()
) -> Iterator[tuple[Value, ...]]:
    """Rows of a table: of all, or those in which a column has one of some values."""
    wanted = ",".join(f'"{name}"' for name in names)
    if not where:
        return iter(_raw(session, f'SELECT {wanted} FROM "{table}"'))
    query = f'SELECT {wanted} FROM "{table}" WHERE "{where}" IN (SELECT value FROM json_each(?))'
    return iter(_raw(session, query, _json(keys)))


def plots_of_unit(session: Session, known: CountyUnits, key: str) -> set[str]:
    """The plots of a township, under whatever name and code they have it."""
    written = list(_raw(session, "SELECT DISTINCT township, township_code FROM plot ORDER BY township_code, township"))
    query = "SELECT id FROM plot WHERE township = ? AND township_code = ?"
    return {row[0] for one in written if known.key_of(*one) == key for row in _raw(session, query, *one)}


def sample_plots(session: Session, samples: Iterable[str]) -> set[str]:
    """The plots that some samples drew."""
    query = "SELECT plot_id FROM sample_plot WHERE sample_id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in _raw(session, query, _json(samples))}


def last_position(session: Session) -> int:
    """The last place in the ledger's own order; -1 where there is no plot."""
    return int(_raw(session, "SELECT coalesce(max(position), -1) FROM plot").fetchone()[0])


def naming_plots(session: Session, plots: Collection[str]) -> dict[str, list[tuple[str, int | str, str]]]:
    """Every row that names one of some plots, by plot: table, key and column."""
    found: dict[str, list[tuple[str, int | str, str]]] = {}
    wanted = _json(plots)
    for table in CODES:
        known = layout(table)
        for column in (name for name, target in known.references.items() if target == "plot"):
            query = (
                f'SELECT "{column}", "{known.key}" FROM "{table}" WHERE "{column}" IN (SELECT value FROM json_each(?))'
            )
            for plot, key in _raw(session, query, wanted):
                found.setdefault(plot, []).append((table, key, column))
    return found


def whole_rows(session: Session, table: str, keys: Iterable[int | str]) -> dict[int | str, dict[str, Value]]:
    """Rows with all their fields, by key."""
    known = layout(table)
    return {
        row[0]: dict(zip(known.names, row, strict=True))
        for row in rows(session, table, known.names, where=known.key, keys=keys)
        if row[0] is not None
    }


def may_be_nothing(table: str) -> frozenset[str]:
    """The columns of a table that may be null."""
    columns = CODES[table].__table__.columns  # type: ignore[attr-defined]
    return frozenset(str.__str__(column.name) for column in columns if column.nullable)


# ----------------------------------------------------------------------------------------------------------- conflicts


def questions(session: Session) -> list[ConflictRow]:
    """The questions that are open or decided, oldest first."""
    wanted = (Status.OPEN.value, Status.DECIDED.value)
    query = select(ConflictRow).where(col(ConflictRow.status).in_(wanted)).order_by(col(ConflictRow.id))
    return list(session.exec(query).all())


def statuses(session: Session, keys: Iterable[int]) -> dict[int, str]:
    """The status of some questions."""
    return {
        int(key or 0): str(status) for key, status in rows(session, "conflict", ("id", "status"), where="id", keys=keys)
    }


def conflict_rows(session: Session) -> list[ConflictRow]:
    """All questions that ever were, oldest first."""
    return list(session.exec(select(ConflictRow).order_by(col(ConflictRow.id))).all())


def conflict_row(session: Session, key: int) -> ConflictRow | None:
    """One question."""
    return session.get(ConflictRow, key)


def add_package(session: Session, row: dict[str, Any]) -> None:
    """Add the row of a package."""
    session.add(PackageRow(**row))


def rounds_of(session: Session, plot: str) -> list[dict[str, Value]]:
    """All rounds of a plot with all their fields."""
    names = layout("round").names
    found = rows(session, "round", names, where="plot_id", keys=[plot])
    return [dict(zip(names, row, strict=True)) for row in found]


def came_with(session: Session, packages: Iterable[str]) -> dict[str, CameWith]:
    """What is known of packages that were taken in, by id."""
    names = ("id", "peer_organ", "peer_unit", "kind", "number", "created_at", "entry")
    found: Iterator[Any] = rows(session, "package", names, where="id", keys=packages)
    return {key: CameWith(organ or unit, *facts) for key, organ, unit, *facts in found}


def entries_of_plots(session: Session, plots: Iterable[str]) -> dict[str, list[int]]:
    """The entries that touched some plots; those that brought them in with a list are left out."""
    query = "SELECT plot_id, seq FROM plot_history WHERE plot_id IN (SELECT value FROM json_each(?))"
    found: dict[str, list[int]] = {}
    for plot, seq in _raw(session, query, _json(plots)):
        found.setdefault(plot, []).append(seq)
    return found


def newest_entries(session: Session, before: int, most: int) -> list[int]:
    """The newest entries below a number."""
    query = "SELECT seq FROM journal_entry WHERE seq < ? ORDER BY seq DESC LIMIT ?"
    return [row[0] for row in _raw(session, query, before, most)]


def headers(session: Session, seqs: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """When, by whom and what, of some entries."""
    query = "SELECT seq, at, actor, action FROM journal_entry WHERE seq IN (SELECT value FROM json_each(?))"
    return {seq: (at, actor, action) for seq, at, actor, action in _raw(session, query, _json(seqs))}
