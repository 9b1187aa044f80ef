"""Reads what the papers of county and team need beside the plots, inside the snapshot's own transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gengdi_desktop.domain.county_units import CountyUnits
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.roll_up import roll_up_of
from gengdi_desktop.phases.sampling import reading, store
from gengdi_desktop.phases.sampling.records import percent
from gengdi_desktop.reports.document import on_paper
from gengdi_desktop.reports.facts.county_facts import CheckFact, Need, SampleFact, StratumFact, TieOutFact, UnitFact
from gengdi_desktop.system.reference import divisions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger, LedgerInfo
    from gengdi_desktop.ledger.roll_up import Node
    from gengdi_desktop.phases.sampling.records import SampledPlot, SampleInfo
    from gengdi_desktop.reports.facts.snapshot import Snapshot


def completed(
    snapshot: Snapshot, session: Session, ledger: Ledger, needs: Collection[Need], sample: str = ""
) -> Snapshot:
    """The snapshot with what a kind of report needs beside the plots, from the same read transaction.

    Args:
        snapshot: The plots and lists.
        session: The transaction in which it was read.
        ledger: The open ledger.
        needs: What the kind needs.
        sample: Which sample; empty for the newest with results.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``.
    """
    if Need.UNITS in needs:
        units, ties = _units_and_sums(session, ledger, snapshot.as_of)
        snapshot = replace(snapshot, units=units, tie_outs=ties)
    if Need.SAMPLE in needs:
        snapshot = replace(snapshot, sample_check=_sample_fact(session, ledger, sample.strip()))
    return snapshot


def has_results(session: Session) -> bool:
    """Whether somebody was at a plot of any sample."""
    return any(one.checked for one in store.lines(session))


def _units_and_sums(
    session: Session, ledger: Ledger, today: date
) -> tuple[tuple[UnitFact, ...], tuple[TieOutFact, ...]]:
    """All units of the division table and those beside it, and how the whole ties out with them and the lists."""
    found = roll_up_of(session, ledger.info, today)
    units = tuple(UnitFact(one.name, one.listed, _spelled(one)) for one in found.units)
    ties = [TieOutFact(one.label, one.holds, on_paper(one.told)) for one in found.comparisons]
    ties += [TieOutFact(f"“{one.name}”所列合计", one.tie.holds, on_paper(one.told)) for one in found.stated]
    return units, tuple(ties)


def _spelled(unit: Node) -> tuple[str, ...]:
    if not unit.sums.all.count:
        return ()
    value = unit.conditions[0].value
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _sample_fact(session: Session, ledger: Ledger, key: str) -> SampleFact | None:
    """The sample that is asked for; the newest with results where none is named, None where there is none."""
    if not key:
        newest = next((one.id for one in store.lines(session) if one.checked), None)
        if newest is None:
            return None
        key = newest
    found = reading.info(ledger, session, reading.find(session, key))
    if not found.seed:
        raise RuleError("not_drawn", f"“{found.name}”还没有抽，没有可以写的。", "请先填随机种子，抽出图斑。")
    smaller = store.find(session, found.enlarges) if found.enlarges else None
    return _fact(_in_order_of_units(found, ledger.info), smaller.name if smaller else "")


def _in_order_of_units(found: SampleInfo, info: LedgerInfo) -> SampleInfo:
    """Strata that each lie in one unit stand in the order of the division table, as units do in every other table.

    The draw has them in the order of their names; the order of plots within a stratum is the draw's in any case.
    """
    units = CountyUnits(divisions(), info.county_code, info.county)
    at_home: dict[str, set[str]] = {}
    for one in found.plots:
        at_home.setdefault(one.stratum, set()).add(units.key_of(one.township, ""))
    if any(len(keys) > 1 for keys in at_home.values()):
        return found
    order = {unit.key: at for at, unit in enumerate(units.all())}
    places = {stratum: order[key] for stratum, keys in at_home.items() for key in keys}
    last = len(order)
    return replace(
        found,
        strata=tuple(sorted(found.strata, key=lambda one: places.get(one.name, last))),
        plots=tuple(sorted(found.plots, key=lambda one: places[one.stratum])),
    )


def _fact(found: SampleInfo, smaller: str) -> SampleFact:
    again = found.enlargement
    return SampleFact(
        id=found.id,
        name=on_paper(found.name),
        framed_on=found.framed_on,
        drawn_on=found.drawn_on,
        scope=on_paper(found.scope),
        grouped_by="、".join(one.label for one in found.strata_fields),
        frame_hash=found.frame_hash,
        frame_plots=found.frame_plots,
        frame_area=found.frame_area,
        seed=on_paper(found.seed),
        seed_source=found.seed_source.label if found.seed_source else "",
        wanted=found.wanted,
        fail_limit=percent(found.fail_limit),
        enlarges=on_paper(smaller),
        reason=on_paper(found.reason),
        due_again=on_paper(again.sentence).replace(" ", "") if again else "",
        strata=tuple(
            StratumFact(on_paper(one.name), one.plots, one.places, one.checked, one.failed) for one in found.strata
        ),
        checks=tuple(_check(one) for one in found.plots),
    )


def _check(one: SampledPlot) -> CheckFact:
    result = one.result
    return CheckFact(
        plot=one.plot,
        stratum=on_paper(one.stratum),
        place=one.place,
        area=one.area,
        replaces=one.replaces or "",
        replaced=one.replaced,
        reason=on_paper(one.reason),
        outcome=result.outcome.value if result else "",
        on_date=result.on_date if result else None,
        measured=result.measured_area if result else None,
        found=on_paper(result.finding) if result else "",
        checkers=on_paper(f"{result.checker}、{result.second_checker}") if result else "",
        sent_back=bool(result and result.sent_back),
    )
