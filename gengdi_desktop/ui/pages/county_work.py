"""What the county's page asks of the services, in lanes: board and sums, twins, a whole stick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.triggers import TriggerLimits
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui.pages.county_view import CountyView, TwinRow, twin_rows, view_of

if TYPE_CHECKING:
    from gengdi_desktop.consolidation.inbox import Inbox
    from gengdi_desktop.consolidation.service import Named
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]
_MOST_POINTS = 100


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
    sums = roll_up.roll_up(ledger)
    try:
        named = service.triggers(ledger, sums)
    except RuleError as error:  # limits that cannot be read keep nobody from the rest of the page
        named = service.Triggers(TriggerLimits(), (), (f"{error.message}{error.hint}",))
    return view_of(service.board(ledger), sums, received, named)


def read_evidence(ledger: Ledger, named: Named) -> tuple[str, ...]:
    """The plots for which a unit is named."""
    from gengdi_desktop.ledger.queries import plot_ids

    return tuple(plot_ids(ledger, named.evidence))


def limits_typed(points: str, outflow: Area | None, unlawful: Area | None, source: str) -> TriggerLimits:
    """The limits as they are typed; an empty field is not judged.

    Raises:
        RuleError: ``bad_limits``: the points are no whole number from 0 to 100.
    """
    told = points.strip().removesuffix("%").strip()
    if told and not (told.isdecimal() and len(told) <= len(str(_MOST_POINTS)) and int(told) <= _MOST_POINTS):
        wrong = f"“{points.strip()}”不是 0 到 {_MOST_POINTS} 的整数，限值没有存。"
        raise RuleError("bad_limits", wrong, "请写几个百分点，如 20。")
    if any(area is not None and area < Area.ZERO for area in (outflow, unlawful)):
        raise RuleError("bad_limits", "面积写成了负数，限值没有存。", "请写几亩，如 66.6；不判的空着。")
    return TriggerLimits(int(told) if told else None, outflow, unlawful, source.strip())


def set_limits(ledger: Ledger, limits: TriggerLimits, by: Actor) -> Changes:
    """Put other limits in force."""
    from gengdi_desktop.consolidation import service

    return service.set_limits(ledger, limits, by=by)


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
