"""What this user has on this computer: identities made here, and certificates confirmed here."""

from __future__ import annotations

from pathlib import Path

from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.identity import identities
from gengdi_desktop.signing.trust import TrustList
from gengdi_desktop.system.paths import profile_folder


def identities_folder() -> Path:
    """Where the identities of this user are; it may not exist yet."""
    return profile_folder() / "identities"


def own_list() -> TrustList:
    """The certificates that this user has confirmed on this computer."""
    return TrustList(profile_folder() / "trusted")


def trusted_here() -> tuple[Certificate, ...]:
    """Whom this user trusts without any ledger: the identities made here and the certificates confirmed here."""
    found = {one.fingerprint: one for one in (*identities(identities_folder()), *own_list().certificates())}
    return tuple(found.values())
