"""The signing identities of this computer as the window needs them: those of a person, and the one that was wished."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.signing.certificates import Certificate
    from gengdi_desktop.signing.identity import Identity
    from gengdi_desktop.ui.dialogs.sign_dialog import SignWish


def identities_of(person: str) -> tuple[Certificate, ...]:
    """The identities of a person on this computer, newest first; those of everybody where *person* is empty."""
    from gengdi_desktop.signing.identity import identities
    from gengdi_desktop.signing.profile import identities_folder

    return tuple(one for one in identities(identities_folder()) if not person or one.person == person)


def open_identity(ledger: Ledger, wish: SignWish) -> Identity:
    """Open what was wished, making or importing the identity first where that is wished.

    Raises:
        RuleError: The passphrase is too short.
        SurroundingsError: It is wrong, a file cannot be read.
    """
    from gengdi_desktop.signing import identity
    from gengdi_desktop.signing.profile import identities_folder

    folder = identities_folder()
    if wish.p12:
        return identity.import_p12(folder, Path(wish.p12), passphrase=wish.passphrase)
    if wish.fingerprint:
        return identity.load(folder, wish.fingerprint, wish.passphrase)
    return identity.create(
        folder,
        unit=ledger.info.organ,
        person=wish.person,
        role=wish.role,
        passphrase=wish.passphrase,
        at=ledger.clock.now(),
        sample=ledger.info.sample,
    )
