"""Whom a ledger trusts: its own signing certificates and those a member confirmed; private keys are never in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.signing.certificates import Certificate, normal_fingerprint
from gengdi_desktop.signing.profile import own_list, trusted_here
from gengdi_desktop.signing.trust import read_certificate


class Relation(StrEnum):
    """Why a certificate is in the ledger; codes are stored."""

    OWN = "own"
    TRUSTED = "trusted"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return "本单位" if self is Relation.OWN else "已信任"


@dataclass(frozen=True, slots=True)
class KnownCertificate:
    """A certificate of the ledger and why it is there."""

    certificate: Certificate
    relation: Relation


def known(ledger: Ledger) -> tuple[KnownCertificate, ...]:
    """The certificates of the ledger with their relation, without those removed."""
    with ledger.reading() as session:
        rows = [(row.pem, row.relation) for row in store.certificate_rows(session)]
    return tuple(KnownCertificate(Certificate.from_bytes(pem.encode()), Relation(relation)) for pem, relation in rows)


def trusted(ledger: Ledger) -> tuple[Certificate, ...]:
    """Whom this ledger trusts: its own certificates and the confirmed ones."""
    return tuple(one.certificate for one in known(ledger))


def trust(ledger: Ledger, certificate: Certificate, *, by: Actor) -> Changes:
    """Trust a certificate whose fingerprint a person has compared; it enters the user's own list too.

    Trusting it again changes nothing.

    Raises:
        SurroundingsError: The ledger cannot be written, or the user's profile.
    """
    changes = _keep(ledger, certificate, Relation.TRUSTED, Operation.TRUST, by)
    own_list().add(certificate)
    return changes


def note_own(ledger: Ledger, certificate: Certificate, *, by: Actor) -> Changes:
    """Note that the unit of this ledger signs with this certificate; the key stays in the user's profile."""
    return _keep(ledger, certificate, Relation.OWN, Operation.IDENTITY, by)


def distrust(ledger: Ledger, fingerprint: str, *, by: Actor) -> Changes:
    """Trust a certificate no longer, in this ledger and in the user's own list. What it signed is judged anew.

    Args:
        ledger: Open for writing.
        fingerprint: As shown, groups and capitals allowed.
        by: Who acts.

    Raises:
        RuleError: ``certificate_unknown``: neither the ledger nor the user's own list has it.
    """
    wanted = normal_fingerprint(fingerprint)
    listed = any(certificate.fingerprint == wanted for certificate in own_list().certificates())
    with ledger.reading() as session:
        row = store.certificate_row(session, wanted)
        kept = row is not None and not row.removed
    if not kept and not listed:
        raise RuleError(
            "certificate_unknown", "信任名单里没有这个指纹的证书，名单没有变。", "请先列出名单，核对指纹后再试。"
        )
    changes = _remove(ledger, wanted, by) if kept else Changes()
    if listed:
        own_list().remove(wanted)
    return changes


def trusted_for(named: Sequence[Path] = (), ledger: Ledger | None = None) -> tuple[Certificate, ...]:
    """Whom a verification believes: the named files, else the list of the ledger, else this user's own list.

    A list that lies beside the file, and the mere opening of a ledger, trust nobody.

    Args:
        named: Certificate files given for this one verification; when there are any, nothing else counts.
        ledger: The ledger whose list is asked for.

    Raises:
        SurroundingsError: ``certificate_unreadable``, ``not_found``.
    """
    if named:
        return tuple(read_certificate(path) for path in named)
    return trusted(ledger) if ledger is not None else trusted_here()


def _keep(ledger: Ledger, certificate: Certificate, relation: Relation, operation: Operation, by: Actor) -> Changes:
    with ledger.begin(operation, by, reason=_named(certificate)) as work:
        row = store.certificate_row(work.session, certificate.fingerprint)
        if row is None:
            store.add_certificate(work.session, certificate, relation.value)
        else:
            row.removed = 0
            # What the unit signs with stays its own, also when somebody confirms it once more.
            row.relation = Relation.OWN.value if relation is Relation.OWN else row.relation
        return work.commit()


def _remove(ledger: Ledger, fingerprint: str, by: Actor) -> Changes:
    with ledger.reading() as session:
        row = store.certificate_row(session, fingerprint)
        name = _named(Certificate.from_bytes(row.pem.encode())) if row is not None else fingerprint
    with ledger.begin(Operation.DISTRUST, by, reason=name) as work:
        row = store.certificate_row(work.session, fingerprint)
        if row is not None:
            row.removed = 1
        return work.commit()


def _named(certificate: Certificate) -> str:
    """Subject and the beginning of the fingerprint, for the history; the whole of it is in the row."""
    return f"{certificate.subject}，指纹 {certificate.fingerprint_groups[:9]}…"
