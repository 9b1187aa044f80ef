"""Who is checked: the first of each stratum that can be visited, in the order of the draw."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gengdi_desktop.domain.sampling import FramePlot, Sample
from gengdi_desktop.phases.sampling.records import SampleRole


@dataclass(frozen=True, slots=True)
class Placed:
    """A plot of a sample: its place in its stratum from 1, how it came in, for which plot."""

    plot: FramePlot
    place: int
    role: SampleRole
    replaces: str | None


_NOTHING: Mapping[str, str] = {}


def line_up(
    sample: Sample, left_out: Collection[str] = (), settled: Mapping[str, str] = _NOTHING
) -> tuple[Placed, ...]:
    """The plots of a sample with replacements for those that cannot be visited.

    In each stratum as many as its share are checked: the first of its order that are not left out. Those that are left
    out stay in the line, and each has the next free plot as its replacement, as long as there are any. So an
    enlarged sample, lined up with the same plots left out, keeps all that were to be checked.

    Args:
        sample: What was drawn.
        left_out: Plots that cannot be visited.
        settled: Replacements that were taken before, each with the plot that it stands for.
    """
    drawn: dict[str, list[FramePlot]] = {stratum: [] for stratum in sorted(sample.shares)}
    for one in sample.drawn:
        drawn[one.stratum].append(one)
    return tuple(
        placed
        for stratum, first in drawn.items()
        for placed in _of_stratum([*first, *sample.reserve[stratum]], sample.shares[stratum], left_out, settled)
    )


def _of_stratum(
    ordered: list[FramePlot], share: int, left_out: Collection[str], settled: Mapping[str, str]
) -> Iterator[Placed]:
    free, waiting = 0, list[str]()
    for place, one in enumerate(ordered, start=1):
        if free == share:
            return
        if place <= share:
            yield Placed(one, place, SampleRole.DRAWN, None)
        else:
            earlier = _stood_for(one.plot, waiting, settled)
            waiting.remove(earlier)
            yield Placed(one, place, SampleRole.REPLACEMENT, earlier)
        if one.plot in left_out:
            waiting.append(one.plot)
        else:
            free += 1


def _stood_for(plot: str, waiting: Sequence[str], settled: Mapping[str, str]) -> str:
    """The plot for which a replacement stands; two desks may have settled it otherwise, then the first that waits."""
    earlier = settled.get(plot)
    if earlier is not None and earlier in waiting:
        return earlier
    return next((one for one in waiting if one not in settled.values()), waiting[0])
