"""Questions about plots that name the evidence, also where the answers that are kept are behind the ledger.

They are those of ``ledger.queries``, with the plots that ``bring_up`` still owes an answer: these are judged at once,
nothing is kept, and of all others what is kept is believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from gengdi_desktop.evidence.verdicts.judging import verdicts
from gengdi_desktop.ledger import queries
from gengdi_desktop.ledger.plot_fields import KEPT
from gengdi_desktop.ledger.queries import Condition, FieldValues, Match, PlotGroup, PlotLine, PlotQuery, PlotSums

if TYPE_CHECKING:
    from gengdi_desktop.domain.evidence import EvidenceVerdict
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]
_AT_ONCE: Final = 5_000
_MOST: Final = 2_000


def plot_ids(
    ledger: Ledger,
    query: PlotQuery,
    owing: Collection[str],
    *,
    limit: int | None = None,
    progress: Progress | None = None,
) -> list[str]:
    """The own ids of the plots that meet the query, in its order, which is none of the evidence.

    Raises:
        RuleError: ``unknown_field`` or a value that the field cannot have.
    """
    if not owing or not names_evidence(query):
        return queries.plot_ids(ledger, query, limit=limit, progress=progress)
    return list(islice((one for _key, some in _by_group(ledger, query, owing, progress) for one in some), limit))


def plot_groups(
    ledger: Ledger, query: PlotQuery, owing: Collection[str], progress: Progress | None = None
) -> tuple[PlotGroup, ...]:
    """The groups of the query's plots, in the order in which :func:`plot_ids` gives them."""
    if not owing or not names_evidence(query):
        return queries.plot_groups(ledger, query, progress)
    return tuple(PlotGroup(key, len(some)) for key, some in _by_group(ledger, query, owing, progress))


def plot_sums(
    ledger: Ledger, query: PlotQuery, owing: Collection[str], progress: Progress | None = None
) -> dict[str, PlotSums]:
    """The sums of the query's plots by group; under the empty key where the query has no groups."""
    if not owing or not names_evidence(query):
        return queries.plot_sums(ledger, query, progress)
    found = _by_group(ledger, query, owing, progress)
    return {key: queries.sums_of(ledger, some, progress) for key, some in found}


def field_values(
    ledger: Ledger, query: PlotQuery, field: str, owing: Collection[str], progress: Progress | None = None
) -> FieldValues:
    """The values that a field takes over the query's plots, with counts; conditions on the field are left out."""
    asked = replace(query, conditions=tuple(one for one in query.conditions if one.field != field), group="")
    if not owing or not (field in KEPT or names_evidence(asked)):
        return queries.field_values(ledger, query, field, progress=progress)
    ids = plot_ids(ledger, asked, owing, progress=progress)
    judged = [plot for plot in ids if plot in owing] if field in KEPT else []
    counts = Counter(_said(field, one) for one in verdicts(ledger, judged, progress).values())
    kept = [plot for plot in ids if plot not in owing] if field in KEPT else ids
    for start in range(0, len(kept), _AT_ONCE):
        these = PlotQuery((Condition("id", tuple(kept[start : start + _AT_ONCE]), Match.ONE_OF),))
        some = queries.field_values(ledger, these, field, most=_AT_ONCE, progress=progress)
        counts.update(dict(some.values))
    if field in KEPT:
        order = sorted(counts)
    else:
        wide = queries.field_values(ledger, _without_evidence(asked), field, most=len(ids) + _MOST, progress=progress)
        order = [value for value, _many in wide.values if value in counts]
    return FieldValues(tuple((one, counts[one]) for one in order[:_MOST]), max(len(order) - _MOST, 0))


def plot_lines(ledger: Ledger, ids: Sequence[str], owing: Collection[str]) -> list[PlotLine]:
    """The lines of some plots."""
    lines = queries.plot_lines(ledger, ids)
    judged = [plot for plot in ids if plot in owing]
    told = verdicts(ledger, judged) if judged else {}
    return [_told(line, told[line.id]) if line.id in told else line for line in lines]


def names_evidence(query: PlotQuery) -> bool:
    """Whether a query asks for some evidence."""
    return any(one.field in KEPT for one in query.conditions)


def _without_evidence(query: PlotQuery) -> PlotQuery:
    return replace(query, conditions=tuple(one for one in query.conditions if one.field not in KEPT))


def _by_group(
    ledger: Ledger, query: PlotQuery, owing: Collection[str], progress: Progress | None
) -> Iterator[tuple[str, list[str]]]:
    """The plots that fit, group after group; under the empty key where the query has no groups."""
    others = _without_evidence(query)
    ids = queries.plot_ids(ledger, others, progress=progress)
    fits = _fitting(ledger, query, ids, owing, progress)
    groups = queries.plot_groups(ledger, others, progress) if query.group else (PlotGroup("", len(ids)),)
    start = 0
    for group in groups:
        # Groups come in the order of their plots: each cuts off its own.
        some = [plot for plot in ids[start : start + group.plots] if plot in fits]
        start += group.plots
        if some:
            yield group.key, some


def _fitting(
    ledger: Ledger, query: PlotQuery, ids: Sequence[str], owing: Collection[str], progress: Progress | None
) -> set[str]:
    """The plots that meet the query: by what is kept, or judged where an answer is owed."""
    asked = [one for one in query.conditions if one.field in KEPT]
    told = verdicts(ledger, [plot for plot in ids if plot in owing], progress)
    judged = {plot for plot, one in told.items() if all(_holds(condition, one) for condition in asked)}
    plain = replace(query, group="", order="position", descending=False)
    return judged.union(plot for plot in queries.plot_ids(ledger, plain, progress=progress) if plot not in owing)


def _said(field: str, verdict: EvidenceVerdict) -> str:
    return {"evidence": verdict.verdict.value, "evidence_brief": verdict.brief}.get(field, verdict.sentence)


def _told(line: PlotLine, verdict: EvidenceVerdict) -> PlotLine:
    return replace(line, evidence=verdict.verdict.value, evidence_brief=verdict.brief, evidence_told=verdict.sentence)


def _holds(condition: Condition, verdict: EvidenceVerdict) -> bool:
    said = _said(condition.field, verdict)
    if condition.match is Match.CONTAINS:
        return str(condition.value) in said
    if condition.match is Match.ONE_OF:
        return isinstance(condition.value, tuple) and said in condition.value
    return said == condition.value
