"""What the county's page asks of the services, in lanes: board and sums, twins, a whole stick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.ui.pages.county_view import CountyView, TwinRow, twin_rows, view_of

if TYPE_CHECKING:
    from gengdi_desktop.consolidation.inbox import Inbox
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class TwinsFound:
    """What stands in two townships, and how many photos were not compared yet."""

    rows: tuple[TwinRow, ...]
    not_compared: int


@dataclass(frozen=True)
class Taken:
    """What became of a stick, and what it changed."""

    inbox: Inbox
    changes: Changes


def read_county(ledger: Ledger) -> CountyView:
    """Who has handed in, and how far each is."""
    from gengdi_desktop.consolidation import service
    from gengdi_desktop.handover.service import packages
    from gengdi_desktop.ledger import roll_up

    received = frozenset(one.id for one in packages(ledger) if not one.sent)
    return view_of(service.board(ledger), roll_up.roll_up(ledger), received)


def read_twins(ledger: Ledger, progress: Progress) -> TwinsFound:
    """What stands in two townships; photos are compared by what is known of them already."""
    from gengdi_desktop.consolidation import service

    found = service.twins(ledger, progress=progress)
    return TwinsFound(twin_rows(found), found.not_compared)


def take_in(ledger: Ledger, places: Sequence[Path], by: Actor, progress: Progress) -> Taken:
    """Take in every package of a stick."""
    from gengdi_desktop.consolidation import service

    before = ledger.head().seq
    taken = service.take_in(ledger, places, by=by, progress=progress)
    after = ledger.head().seq
    return Taken(taken, Changes(after if after != before else None, frozenset({"package"})))
