"""How a figure is made: a count, an area, a share, or count and issued area of some plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.reports.facts.snapshot import FigureFact, PlotFact

ISSUED_SUM: Final = "按下发面积相加，拆分后的子图斑不重复计入"


def pair_figures(key: str, name: str, plots: Iterable[PlotFact], basis: str) -> Iterator[FigureFact]:
    """Count and issued area of some plots."""
    mine = tuple(plots)
    yield count_figure(f"{key}.count", f"{name}个数", len(mine), basis)
    yield area_figure(f"{key}.area", f"{name}面积", issued_of(mine), f"{basis}；{ISSUED_SUM}")


def issued_of(plots: Iterable[PlotFact]) -> Area:
    """Their issued area."""
    return Area.total(plot.issued for plot in plots)


def count_figure(key: str, name: str, value: int, basis: str) -> FigureFact:
    """A number of plots or of other things."""
    return FigureFact(key, name, str(value), str(value), "个", basis)


def area_figure(key: str, name: str, value: Area, basis: str) -> FigureFact:
    """An area in mu."""
    return FigureFact(key, name, value.display(), value.exact(), "亩", basis)


def share_figure(key: str, name: str, text: str, basis: str) -> FigureFact:
    """A share in percent, from its text without the sign; ``—`` where there is nothing to share."""
    shown = text if text == "—" else f"{text}%"
    return FigureFact(key, name, shown, text, "%", basis)
