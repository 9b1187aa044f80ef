"""Which row of the table is which plot: a plain list, or groups that can be folded, each under a row of its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import PlotGroup, PlotSums


@dataclass(frozen=True)
class GroupRow:
    """The row above the plots of a group."""

    key: str
    title: str
    plots: int
    folded: bool
    sums: PlotSums | None = None


@dataclass
class PlotRows:
    """Plots in order and the groups among them.

    Attributes:
        plots: Own ids in order, group by group.
        groups: Empty where plots stand in one list.
        folded: Keys of groups whose plots are out of sight.
    """

    plots: Sequence[str] = ()
    groups: Sequence[PlotGroup] = ()
    folded: set[str] = field(default_factory=set)
    _heads: list[int] = field(default_factory=list)
    _firsts: list[int] = field(default_factory=list)
    _count: int = 0
    _places: dict[str, int] | None = None

    def __post_init__(self) -> None:
        self.place()

    def place(self) -> None:
        """Count anew after groups were folded or unfolded."""
        self._heads, self._firsts = [], []
        row = first = 0
        for group in self.groups:
            self._heads.append(row)
            self._firsts.append(first)
            row += 1 + (0 if group.key in self.folded else group.plots)
            first += group.plots
        self._count = row if self.groups else len(self.plots)

    def __len__(self) -> int:
        """Rows in sight."""
        return self._count

    def head_at(self, row: int) -> int:
        """The group whose own row this is; -1 for a plot's row."""
        if not self.groups or not 0 <= row < self._count:
            return -1
        at = bisect_right(self._heads, row) - 1
        return at if self._heads[at] == row else -1

    def place_of(self, row: int) -> int:
        """Where the plot of a row stands in :attr:`plots`; -1 for none."""
        if not 0 <= row < self._count:
            return -1
        if not self.groups:
            return row
        at = bisect_right(self._heads, row) - 1
        inside = row - self._heads[at] - 1
        return self._firsts[at] + inside if inside >= 0 else -1

    def row_at(self, place: int) -> int:
        """The row of a place in :attr:`plots`; -1 where its group is folded."""
        if not self.groups:
            return place
        at = bisect_right(self._firsts, place) - 1
        if self.groups[at].key in self.folded:
            return -1
        return self._heads[at] + 1 + place - self._firsts[at]

    def row_of(self, plot: str) -> int:
        """The row of a plot; -1 where it is not in sight."""
        if self._places is None:
            self._places = {one: at for at, one in enumerate(self.plots)}
        place = self._places.get(plot, -1)
        return -1 if place < 0 else self.row_at(place)

    def head_row(self, group: int) -> int:
        """The own row of a group."""
        return self._heads[group]

    def ids(self) -> Sequence[str]:
        """The plot of each row in sight; empty for the row of a group."""
        if not self.groups:
            return self.plots
        found: list[str] = []
        for group, first in zip(self.groups, self._firsts, strict=True):
            found.append("")
            if group.key not in self.folded:
                found += self.plots[first : first + group.plots]
        return found
