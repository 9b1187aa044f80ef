"""Who answers for the plots of each village: leaders and field chiefs, as the plots themselves name them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_LIVE: Final = "state NOT IN ('split', 'cancelled')"


@dataclass(frozen=True, slots=True)
class VillagePeople:
    """A village with its live plots and the people that they name.

    Attributes:
        plots: How many; split parents and cancelled plots do not count.
        open_plots: Those that are not closed yet: only these can get other people.
        leaders: Each 责任领导 with the number of plots, most plots first; plots that name nobody are left out.
        chiefs: Each 田长或网格长, likewise.
    """

    township: str
    village: str
    plots: int
    open_plots: int
    leaders: tuple[tuple[str, int], ...]
    chiefs: tuple[tuple[str, int], ...]


@dataclass
class _Tally:
    plots: int = 0
    open_plots: int = 0
    leaders: dict[str, int] = field(default_factory=dict)
    chiefs: dict[str, int] = field(default_factory=dict)


def village_people(ledger: Ledger) -> tuple[VillagePeople, ...]:
    """All villages that have live plots, in the order of township and village."""
    query = text(
        "SELECT township, village, responsible_leader, grid_chief, count(*), sum(state <> 'closed') FROM plot"
        f" WHERE {_LIVE} GROUP BY township, village, responsible_leader, grid_chief ORDER BY township, village"
    )
    found: dict[tuple[str, str], _Tally] = {}
    with ledger.reading() as session:
        for township, village, leader, chief, count, still_open in session.connection().execute(query):
            tally = found.setdefault((township, village), _Tally())
            tally.plots += count
            tally.open_plots += still_open
            for name, counts in ((leader, tally.leaders), (chief, tally.chiefs)):
                if name:
                    counts[name] = counts.get(name, 0) + count
    return tuple(
        VillagePeople(*names, tally.plots, tally.open_plots, _most_first(tally.leaders), _most_first(tally.chiefs))
        for names, tally in found.items()
    )


def open_plots_of(ledger: Ledger, township: str, village: str) -> tuple[str, ...]:
    """The ids of a village's live plots that are not closed, in the ledger's order."""
    query = text(
        f"SELECT id FROM plot WHERE township = :township AND village = :village AND {_LIVE} AND state <> 'closed'"
        " ORDER BY position, id"
    )
    with ledger.reading() as session:
        rows = session.connection().execute(query, {"township": township, "village": village})
        return tuple(plot for (plot,) in rows)


def _most_first(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
