"""Which plot a reported row means: by the surest name it has; two names for two plots refuse the row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from gengdi_desktop.domain.divisions import normalise_village
from gengdi_desktop.phases.progress.reported import Reported, Trouble

_SURE_KINDS = ("bsm", "clue_no", "monitor_no", "local_no")


class KnownPlot(NamedTuple):
    """What the ledger calls a plot beside its identifiers."""

    id: str
    township: str
    village: str
    plot_no: str
    year: int | None


@dataclass(slots=True)
class PlotIndex:
    """All plots of a ledger by their names."""

    ids: set[str] = field(default_factory=set)
    by_identifier: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    by_village: defaultdict[tuple[str, str], list[KnownPlot]] = field(default_factory=lambda: defaultdict(list))
    by_township: defaultdict[tuple[str, str], list[KnownPlot]] = field(default_factory=lambda: defaultdict(list))

    def add(self, plot: KnownPlot) -> None:
        """Know a plot by its place and number."""
        self.ids.add(plot.id)
        if plot.plot_no:
            self.by_village[normalise_village(plot.village), plot.plot_no].append(plot)
            self.by_township[plot.township, plot.plot_no].append(plot)

    def add_identifier(self, kind: str, value: str, plot: str) -> None:
        """Know a plot by a name that somebody gave it."""
        self.by_identifier[kind, value].add(plot)

    def match(self, said: Reported) -> str | Trouble:
        """The plot that a row means, or why that cannot be told."""
        own = said.identity.get("own_id", "")
        if own and own not in self.ids:
            return self._trouble(
                said, "own_id", "unknown_plot", f"本台账里没有编号为“{own}”的图斑。请核对是不是别的台账的表。"
            )
        sure = {own} if own else set()
        for kind in _SURE_KINDS:
            value = said.identity.get(kind, "")
            found = self.by_identifier.get((kind, value), set()) if value else set()
            if len(found) == 1:
                sure |= found
        if len(sure) > 1:
            return Trouble(-1, "identity_conflict", "这一行的几个编号指向不同的图斑。请核对编号。")
        return sure.pop() if sure else self._by_number(said)

    def _by_number(self, said: Reported) -> str | Trouble:
        number = said.identity.get("plot_no", "")
        if not number:
            named = "、".join(said.identity.values())
            told = f"台账里没有编号为“{named}”的图斑。" if named else "没有图斑编号，不知道是哪个图斑。"
            return Trouble(-1, "unknown_plot", f"{told}请核对编号。")
        place = said.place
        if place.village:
            found = self.by_village[normalise_village(place.village), number]
            found = [plot for plot in found if not place.township or plot.township == place.township]
        else:
            found = self.by_township[place.township, number]
        if said.year is not None:
            found = [plot for plot in found if plot.year in {None, said.year}]
        if len(found) == 1:
            return found[0].id
        where = f"{place.village}的" if place.village else ""
        if not found:
            return self._trouble(
                said, "plot_no", "unknown_plot", f"台账里没有{where}图斑“{number}”。请核对村名和编号。"
            )
        told = f"{where}图斑“{number}”在台账里有 {len(found)} 个（{_listed(found)}），不知道是哪一个。请写明村和年度。"
        return self._trouble(said, "plot_no", "ambiguous_plot", told)

    @staticmethod
    def _trouble(said: Reported, name: str, code: str, message: str) -> Trouble:
        return Trouble(said.columns.get(name, -1), code, message)


def _listed(plots: Iterable[KnownPlot]) -> str:
    return "、".join(f"{plot.village}{f'{plot.year}年' if plot.year else ''}" for plot in plots)
