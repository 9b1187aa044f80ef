"""What becomes of each row, and what the rows together say: imported, changed, known already, skipped or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gengdi_desktop.intake.diff import RowOutcome, differences, obstacle
from gengdi_desktop.intake.matching import FileIdentities, KnownPlots
from gengdi_desktop.intake.previews import Decision
from gengdi_desktop.intake.readings import Reading, Trouble

_ROW = -1
_NEW = Decision(RowOutcome.IMPORTED)
_TAKEN = frozenset({RowOutcome.IMPORTED, RowOutcome.CHANGED, RowOutcome.DUPLICATE})


@dataclass(slots=True)
class Decided:
    """The decisions, and the plots of the ledger that the file names, whatever became of their rows."""

    decisions: list[Decision] = field(default_factory=list)
    named: set[str] = field(default_factory=set)


def decide_rows(readings: Sequence[Reading], known: KnownPlots, area_field: str, *, reissue: bool) -> Decided:
    """Decide on all rows of a file; refusals are added to the readings.

    Args:
        readings: The rows in the order of the file.
        known: The plots of the ledger.
        area_field: The area that is the task of this list.
        reissue: Whether the file is a new issue, which may say other values.
    """
    here = [reading for reading in readings if not reading.place.skipped and not reading.blank]
    identities = FileIdentities(here)
    decided = Decided()
    by_plot: dict[str, Reading] = {}
    for reading in readings:
        if reading.place.skipped or reading.blank:
            reason = reading.place.skipped or "blank_row"
            decided.decisions.append(Decision(RowOutcome.SKIPPED, reason=reason))
            continue
        decision = _decide(reading, identities, known, by_plot, area_field, reissue=reissue)
        if decision.plot is not None:
            decided.named.add(decision.plot)
        decided.decisions.append(decision)
    return decided


def refuse_after(readings: Sequence[Reading], decided: Decided) -> None:
    """Turn rows into refused ones whose readings have got refusals since they were decided."""
    decisions = decided.decisions
    for position, reading in enumerate(readings):
        if reading.refusals and decisions[position].outcome in _TAKEN:
            decisions[position] = replace(decisions[position], outcome=RowOutcome.REFUSED)


def _decide(
    reading: Reading,
    identities: FileIdentities,
    known: KnownPlots,
    by_plot: dict[str, Reading],
    area_field: str,
    *,
    reissue: bool,
) -> Decision:
    twice = identities.twice(reading)
    if twice is not None:
        reading.refuse(twice)
    plot, trouble = known.match(reading, alone=bool(known.plots) and identities.alone(reading))
    if trouble is not None:
        reading.refuse(trouble)
    if plot is not None:
        earlier = by_plot.setdefault(plot, reading)
        if earlier is not reading and twice is None:
            text = f"和第 {earlier.row} 行是台账里的同一个图斑，重复算会多出面积。请在原表删掉一行，或改正编号。"
            reading.refuse(Trouble(_ROW, "twice_in_file", text))
    if reading.refusals:
        return Decision(RowOutcome.REFUSED, plot)
    if plot is None:
        return _NEW
    return _compare(reading, known, plot, area_field, reissue=reissue)


def _compare(reading: Reading, known: KnownPlots, plot: str, area_field: str, *, reissue: bool) -> Decision:
    there = known.plots[plot]
    changed = differences(reading, there, same_area=there.area_field == area_field)
    if not changed:
        return Decision(RowOutcome.DUPLICATE, plot)
    if not reissue:
        told = "、".join(difference.told() for difference in changed)
        text = f"台账里已有这个图斑，数不同：{told}。是重新下发的清单，请说明是哪份清单的重新下发。"
        reading.refuse(Trouble(_ROW, "changed", text))
        return Decision(RowOutcome.REFUSED, plot, differences=changed)
    hindered = obstacle(there, changed)
    if hindered is not None:
        reading.refuse(hindered)
        return Decision(RowOutcome.REFUSED, plot, differences=changed)
    return Decision(RowOutcome.CHANGED, plot, differences=changed)
