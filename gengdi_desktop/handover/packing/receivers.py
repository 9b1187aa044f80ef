"""Who sends and who receives: the townships of a county, a team, the county; as far as packages made them known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.county_units import CountyUnits, Unit
from gengdi_desktop.domain.divisions import UnitKind, organ_name
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange.manifest import PackageKind, Party
from gengdi_desktop.handover.packing import store
from gengdi_desktop.handover.packing.store import Peer
from gengdi_desktop.system.reference import divisions

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.handover.packages import PackOptions
    from gengdi_desktop.ledger.handle import Ledger, LedgerInfo

TEAM: Final = "抽查组"
"""A team that nobody named."""


@dataclass(frozen=True, slots=True)
class DueUnit:
    """A township of a county's ledger.

    Attributes:
        key: By which it is asked for: its code, or its name where it has none.
        name: As the division table writes it, else as plots do.
        code: Nine digits, or empty.
        organ: Who stands on its papers.
        plots: How many plots the ledger has of it; a split one counts once.
        area: Their issued area.
    """

    key: str
    name: str
    code: str
    organ: str
    plots: int
    area: Area


def units_due(ledger: Ledger) -> tuple[DueUnit, ...]:
    """The townships of a county's ledger: all of the county by the division table, then those that only plots name."""
    with ledger.reading() as session:
        return due_units(session, ledger.info)


def due_units(session: Session, info: LedgerInfo) -> tuple[DueUnit, ...]:
    """The townships of a county's ledger, within a snapshot."""
    known = CountyUnits(divisions(), info.county_code, info.county)
    rows = store.townships(session)
    keys = known.keys_of((name, code) for name, code, *_ in rows)
    found: dict[str, list[tuple[str, str, int, int]]] = {one.key: [] for one in known.all()}
    for row in rows:
        found[keys[row[:2]]].append(row)
    return tuple(_due(one, found[one.key]) for one in known.all())


def _due(unit: Unit, rows: list[tuple[str, str, int, int]]) -> DueUnit:
    return DueUnit(
        key=unit.key,
        name=unit.name,
        code=unit.code,
        organ=_organ_of(unit),
        plots=sum(row[2] for row in rows),
        area=Area(sum(row[3] for row in rows)),
    )


def _organ_of(unit: Unit) -> str:
    division = divisions().by_code(unit.code) if unit.in_table else None
    return organ_name(unit.name, division.kind if division is not None else None)


def sender(info: LedgerInfo) -> Party:
    """Whose desk this is."""
    return Party(info.id, Desk(info.desk), info.county, info.county_code, info.unit, info.unit_code, info.organ)


def unit_asked(session: Session, info: LedgerInfo, asked: str) -> Unit:
    """The township that is meant by its key or name; its plots are not counted.

    Raises:
        RuleError: ``unknown_unit``.
    """
    known = CountyUnits(divisions(), info.county_code, info.county)
    found = known.asked(asked)
    if found is None:
        # Of all plots only where the table does not tell: a large county has many.
        known.keys_of((name, code) for name, code, *_ in store.townships(session))
        found = known.asked(asked)
    if found is None:
        listed = "、".join(one.name for one in known.all())
        raise RuleError("unknown_unit", f"本县没有“{asked}”这个乡镇，没有打包。", f"有：{listed}。")
    return found


def plots_of(session: Session, info: LedgerInfo, unit: Unit) -> tuple[str, ...]:
    """The plots of a township, under whatever name and code they have it; the other townships' are not looked at."""
    known = CountyUnits(divisions(), info.county_code, info.county)
    told = {name: known.named(name) for name in store.township_names(session)}
    codes = [(name, code) for name, found in told.items() if found is None for code in store.codes_of(session, name)]
    # As due_units asks: of several codes of a name the first gives the key.
    keys = known.keys_of(sorted(codes, key=lambda one: (one[1], one[0])))
    own: list[str] = []
    for name, found in told.items():
        own += store.plots_of_township(session, name) if found is not None and found.key == unit.key else ()
    for name, code in codes:
        own += store.plots_of_township(session, name, code) if keys[name, code] == unit.key else ()
    return tuple(own)


def receiver(session: Session, info: LedgerInfo, kind: PackageKind, options: PackOptions, unit: Unit | None) -> Party:
    """Who a package is for; the ledger is known once a package of it was taken in here."""
    if kind in {PackageKind.SUBMISSION, PackageKind.CHECK_RESULT}:
        return _party(info, _county(session, info))
    if kind is PackageKind.CHECK_TASK or options.team or unit is None:
        name = options.team or TEAM
        return _party(info, store.peer(session, Desk.TEAM, name) or Peer(None, Desk.TEAM, name, "", name))
    known = store.peer(session, Desk.TOWNSHIP, unit_code=unit.code) if unit.code else None
    known = known or store.peer(session, Desk.TOWNSHIP, unit.name)
    return _party(info, Peer(known.ledger if known else None, Desk.TOWNSHIP, unit.name, unit.code, _organ_of(unit)))


def _county(session: Session, info: LedgerInfo) -> Peer:
    known = store.peer(session, Desk.COUNTY)
    organ = organ_name(info.county, UnitKind.COUNTY)
    return known or Peer(None, Desk.COUNTY, info.county, info.county_code, organ)


def _party(info: LedgerInfo, peer: Peer) -> Party:
    return Party(
        peer.ledger, Desk(peer.desk), info.county, info.county_code, peer.unit, peer.unit_code, peer.organ or peer.unit
    )
