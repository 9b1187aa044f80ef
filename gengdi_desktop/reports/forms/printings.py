"""In which order field sheets were printed: they come back, and are typed, in just this order.

Kept as drafts are, beside the journal: a printing says nothing about plots, and a sheet is found by its QR code too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gengdi_desktop.ledger import drafts

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

MOST = 40
"""So many printings are remembered."""
_PLACE = "printing/field_sheet/"
_NOBODY = ""
"""Whoever printed: all who type use the same order."""


@dataclass(frozen=True, slots=True)
class Printing:
    """One printing of field sheets.

    Args:
        place: Under which it is kept; a code that stays.
        at: When, aware.
        seq: The entry at the journal's end then; it stands at the foot of each sheet.
        plots: Own ids in the order of the sheets: the first is sheet 1.
    """

    place: str
    at: datetime
    seq: int
    plots: tuple[str, ...]


def keep_printing(ledger: Ledger, plots: Sequence[str]) -> Printing:
    """Remember that sheets of these plots were printed, in this order, just now; the oldest of very many go.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    at, seq = ledger.clock.now(), ledger.head().seq
    place = f"{_PLACE}{at.isoformat()}"
    drafts.keep_draft(ledger, place, {"seq": str(seq), "plots": " ".join(plots)}, member=_NOBODY)
    for old in printings(ledger)[MOST:]:
        drafts.forget_draft(ledger, old.place, member=_NOBODY)
    return Printing(place, at, seq, tuple(plots))


def printings(ledger: Ledger) -> tuple[Printing, ...]:
    """The printings that are remembered, newest first."""
    found = drafts.drafts_below(ledger, _PLACE, member=_NOBODY)
    return tuple(
        Printing(one.place, one.saved_at, int(one.values.get("seq") or 0), tuple(one.values.get("plots", "").split()))
        for one in found
    )
