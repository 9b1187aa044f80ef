"""What the county's desk knows of packages, papers and certificates, as front ends receive it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from gengdi_desktop.domain.areas import Area

CLOCKS_APART: Final = 3
"""So many days between the sender's clock and ours are said: the stick lay about, or one of the clocks is wrong."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package to or from a township.

    Attributes:
        id: Its own id.
        number: Which one of its kind between the two desks.
        packed: When it was written, by the sender's clock; aware.
        settled: When it was written or taken in here, by ours; aware.
        day: The ledger's own day then.
        plots: How many plots it carried.
        area: Their issued area.
        signer: Fingerprint of the certificate that signed it; empty where that is not known.
        receipted: Of a package of ours: whether the receiver said to have taken it in.
        proof: What it proves of the sender's ledger: ``first contained gap rewritten``; empty where it tells nothing.
        proof_entries: The entries that were rewritten, or the first and the last of those that are away.
        note: What was refused of it, for people.
        file_name: How the file was called.
    """

    id: str
    number: int
    packed: datetime
    settled: datetime
    day: date
    plots: int
    area: Area
    signer: str
    receipted: bool
    proof: str
    proof_entries: tuple[int, ...]
    note: str
    file_name: str

    @property
    def apart(self) -> int:
        """Days from packing, by the sender's clock, to taking in, by ours; negative where its clock is ahead."""
        return (local_day(self.settled) - local_day(self.packed)).days


@dataclass(frozen=True, slots=True)
class BoardPaper:
    """A report that came with a submission.

    Attributes:
        number: Its document number.
        title: As printed.
        version: Which version.
        state: ``frozen``, ``signed`` or ``handed_in`` at the sender.
        document_date: The day printed on it.
    """

    number: str
    title: str
    version: int
    state: str
    document_date: date | None


@dataclass(frozen=True, slots=True)
class BoardSigner:
    """Whose certificate signed a submission.

    Attributes:
        fingerprint: SHA-256 in hex.
        holder: Whom it names; empty where this ledger does not have it.
        until: Its last day; None where this ledger does not have it.
        trusted: Whether this ledger believes it now.
        expired: Whether it is over.
    """

    fingerprint: str
    holder: str
    until: date | None
    trusted: bool
    expired: bool


def local_day(moment: datetime) -> date:
    """The day of an aware moment where this computer stands: deadlines are days of the office."""
    return moment.astimezone().date()
