"""Which plot a reported row means, by the same order of names as in lists; a row never makes a new plot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gengdi_desktop.intake.matching import FileIdentities, KnownPlots
from gengdi_desktop.intake.readings import Reading
from gengdi_desktop.phases.progress.reported import Reported, Trouble


class RowMatcher:
    """Finds the plots of the rows of one file.

    Args:
        known: The plots of the ledger by their names.
        rows: All rows of the file: a number counts by itself only where it stands in the file once.
    """

    def __init__(self, known: KnownPlots, rows: Iterable[Reported]) -> None:
        self._known = known
        self._readings = {id(said): _reading(said) for said in rows}
        self._file = FileIdentities(list(self._readings.values()))

    def match(self, said: Reported) -> str | Trouble:
        """The plot that a row means, or why that cannot be told; a plot's second row is refused."""
        reading = self._readings[id(said)]
        twice = self._file.twice(reading)
        if twice is not None:
            return Trouble(*twice)
        found = self._known.match(reading, alone=self._file.alone(reading))
        if found.trouble is not None:
            return Trouble(*found.trouble)
        if found.plot is None:
            return Trouble(_column(said), "unknown_plot", _unknown(said))
        return found.plot


def _reading(said: Reported) -> Reading:
    reading = Reading(0, said.row, said.place, year=said.year)
    for name, value in said.identity.items():
        setattr(reading, name, value)
    return reading


def _column(said: Reported) -> int:
    return next((said.columns[name] for name in said.identity if name in said.columns), -1)


def _unknown(said: Reported) -> str:
    names: Sequence[str] = list(said.identity.values())
    if not names:
        return "没有图斑编号，不知道是哪个图斑。请补上编号。"
    where = f"{said.place.village}的" if said.place.village else ""
    return f"台账里没有{where}图斑“{'、'.join(names)}”。请核对村名和编号，新图斑要先导入清单。"
