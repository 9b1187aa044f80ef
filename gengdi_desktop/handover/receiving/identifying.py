"""Plots that both desks took from lists themselves: told by BSM, else by clue number, village and number together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from gengdi_desktop.domain.divisions import normalise_village
from gengdi_desktop.intake.matching import number_key

BSM: Final = "bsm"
CLUES: Final = frozenset({"clue_no", "monitor_no"})


@dataclass(frozen=True, slots=True)
class Called:
    """What a plot is called at one desk: id, village and number, and its identifiers by kind."""

    id: str
    township: str
    village: str
    plot_no: str
    names: Mapping[str, Collection[str]]


@dataclass(slots=True)
class Matched:
    """Which plot of theirs is which of ours, and which of theirs could be several."""

    same: dict[str, str] = field(default_factory=dict)
    unclear: dict[str, tuple[str, ...]] = field(default_factory=dict)


def match(theirs: Iterable[Called], ours: Iterable[Called]) -> Matched:
    """Tell plots that have an id of their own at each desk; each of ours is taken once.

    Args:
        theirs: Plots of the package that we do not have by id.
        ours: Plots here that the package does not name by id.
    """
    bsm: defaultdict[str, list[str]] = defaultdict(list)
    clues: defaultdict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for one in ours:
        for value in one.names.get(BSM, ()):
            bsm[value].append(one.id)
        for place in _places(one):
            clues[place].append(one.id)
    found = Matched()
    taken: dict[str, str] = {}
    for one in theirs:
        plots = {plot for value in one.names.get(BSM, ()) for plot in bsm.get(value, ())}
        plots = plots or {plot for place in _places(one) for plot in clues.get(place, ())}
        if len(plots) == 1 and (plot := next(iter(plots))) not in taken:
            found.same[one.id] = plot
            taken[plot] = one.id
        elif plots:
            found.unclear[one.id] = tuple(sorted(plots))
    return found


def _places(one: Called) -> list[tuple[str, str, str, str]]:
    """Clue number with township, village and plot number: one alone may mean another plot in another list."""
    if not one.plot_no:
        return []
    where = (one.township, normalise_village(one.village), number_key(one.plot_no))
    return [(value, *where) for kind in CLUES for value in one.names.get(kind, ())]
