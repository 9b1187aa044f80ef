"""Keys that the county speaks of: what it strikes off is believed no longer, and what it signs with is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.changes import ChangedField, TableChanges
from gengdi_desktop.handover.receiving.incoming import Incoming
from gengdi_desktop.ledger.trust import Relation
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.storage.journal import Value

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context

_COLUMNS: Final = ("id", "relation", "subject", "holder", "not_after", "pem", "removed")


def merge_certificates(context: Context, incoming: Incoming) -> TableChanges:
    """Rows of certificates that come in.

    A county that is trusted says of itself with what it signs, and whose keys are lost. Whom else it trusts is its own
    affair; other desks say nothing about keys. A key that was struck off here never comes back by a package.
    """
    changes = TableChanges("certificate", _COLUMNS)
    if context.heading.sender.desk is not Desk.COUNTY:
        return changes
    here = store.certificates(context.session)
    new: list[tuple[Value, ...]] = []
    for row in incoming.rows:
        said = dict(zip(incoming.fields, row, strict=True))
        key = str(said["id"])
        known = here.get(key)
        if known is not None:
            if said["removed"] and not known[1]:
                changes.items.append(["~", "certificate", key, {"removed": [0, 1]}])
                _tell(context, str(said["subject"]), "已信任", "已取消")
        elif said["removed"] or said["relation"] == Relation.OWN:
            found = _row(str(said["pem"]), key, 1 if said["removed"] else 0)
            if found is not None:
                new.append(found)
                _tell(context, str(found[2]), "（没有）", "已取消" if said["removed"] else "已信任")
    changes.new = new
    return changes


def _row(pem: str, key: str, removed: int) -> tuple[Value, ...] | None:
    """The row of a certificate, from the certificate itself; None where it is not what it is called."""
    try:
        found = Certificate.from_bytes(pem.encode())
    except SurroundingsError:
        return None
    if found.fingerprint != key:
        return None
    return (
        key,
        Relation.TRUSTED.value,
        found.subject,
        found.person,
        found.not_after.date().isoformat(),
        found.pem,
        removed,
    )


def _tell(context: Context, subject: str, mine: str, theirs: str) -> None:
    if context.tally.changes(None):
        context.tally.fields.append(ChangedField(None, subject, "certificate", "relation", mine, theirs))
