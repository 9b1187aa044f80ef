"""Who made a township's report and this ledger differ: the county's own entries, and packages that came since; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.reports.document import day_text

_MOST_TOLD: Final = 6
_FROM_A_LIST: Final = frozenset({Operation.IMPORT.value, Operation.REISSUE.value})
_NO_DEED: Final = frozenset({Operation.FRAME.value, Operation.DRAW.value, Operation.REPLACE.value})
"""That a plot was drawn changes nothing of it; what was found there does."""


class Hand(StrEnum):
    """Whose doing something is, as the county sees it."""

    COUNTY = "county"
    UNIT = "unit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Touch:
    """An entry of this ledger's journal that touched a plot.

    Attributes:
        seq: The entry's number.
        plot: The plot.
        action: The entry's stored code.
        actor: Who made it here.
        day: When it happened, or was taken in.
        sender: Of an entry that took a package in: from whom, as people say it; empty for our own entries.
        of_unit: Whether that sender is the township that is asked about.
    """

    seq: int
    plot: str
    action: str
    actor: str
    day: date
    sender: str = ""
    of_unit: bool = False

    @property
    def hand(self) -> Hand:
        """Whose doing it is."""
        if not self.sender:
            return Hand.COUNTY
        return Hand.UNIT if self.of_unit else Hand.OTHER


@dataclass(frozen=True, slots=True)
class Deed:
    """What one hand did to plots of which a report says otherwise.

    Attributes:
        hand: Whose doing it is.
        who: The person here, or whose package it was.
        label: What was done: 销号, 收包.
        first: The first day.
        last: The last day.
        plots: Which of the plots, by id.
        seqs: The entries of this ledger's journal, the oldest first.
    """

    hand: Hand
    who: str
    label: str
    first: date
    last: date
    plots: tuple[str, ...]
    seqs: tuple[int, ...]

    @property
    def told(self) -> str:
        """县里王玥2023年8月21日销号3个."""
        days = day_text(self.first) + (f"至{day_text(self.last)}" if self.last != self.first else "")
        if self.hand is Hand.COUNTY:
            return f"县里{self.who}{days}{self.label} {len(self.plots)} 个"
        return f"{days}收到的{self.who}改动 {len(self.plots)} 个"


def deeds(touches: Iterable[Touch], *, arrived: int) -> tuple[Deed, ...]:
    """The touches by hand, person and deed, in the order in which each began.

    Args:
        touches: Entries in force of which the township knew nothing when it packed its report.
        arrived: The entry that took the report in. What came from the township by then, it had reported; and what a
            list said by then is a beginning that nobody did.
    """
    found: dict[tuple[Hand, str, str], list[Touch]] = {}
    for one in sorted(touches, key=lambda one: (one.seq, one.plot)):
        known = one.seq <= arrived and (one.hand is Hand.UNIT or one.action in _FROM_A_LIST)
        if not known and one.action not in _NO_DEED:
            found.setdefault((one.hand, one.sender or one.actor, one.action), []).append(one)
    return tuple(
        Deed(
            hand,
            who,
            Operation(action).label,
            min(one.day for one in mine),
            max(one.day for one in mine),
            tuple(dict.fromkeys(one.plot for one in mine)),
            tuple(dict.fromkeys(one.seq for one in mine)),
        )
        for (hand, who, action), mine in found.items()
    )


def deeds_told(done: Sequence[Deed]) -> str:
    """The deeds in one part of a sentence; empty where there are none."""
    more = f"，另有 {len(done) - _MOST_TOLD} 项" if len(done) > _MOST_TOLD else ""
    return "、".join(deed.told for deed in done[:_MOST_TOLD]) + more
