"""What was sent and taken in so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover.packages import PackageLine
from gengdi_desktop.handover.packing import store

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger


def packages(ledger: Ledger) -> tuple[PackageLine, ...]:
    """What was sent and taken in, the newest first."""
    with ledger.reading() as session:
        rows = store.package_rows(session)
    return tuple(_line(row) for row in rows)


def _line(row: Mapping[str, Any]) -> PackageLine:
    return PackageLine(
        id=row["id"],
        sent=row["direction"] == store.OUT,
        kind=PackageKind(row["kind"]),
        number=row["number"],
        desk=Desk(row["peer_desk"]),
        unit=row["peer_unit"],
        unit_code=row["peer_unit_code"],
        organ=row["peer_organ"],
        peer_ledger=row["peer_ledger"],
        created=row["created_at"],
        settled=row["settled_at"],
        day=row["settled_on"] or row["settled_at"][:10],
        signer=row["signer"],
        head_seq=row["head_seq"],
        plots=row["plots"],
        area=Area(row["area"]),
        photos=row["photos"],
        file_name=row["file_name"],
        receipted=row["receipted_by"] is not None,
        answers=row["answers"],
        note=row["note"],
        proof=row["proof"],
        proof_entries=tuple(int(one) for one in row["proof_entries"].split(",") if one),
    )
