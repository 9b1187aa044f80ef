"""Issued facts that a returned sheet says otherwise: the ledger's stand, and each row is told of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.divisions import normalise_village
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.intake.matching import number_key
from gengdi_desktop.phases.progress.reported import Reported, Trouble

CODE = "locked_differs"
_KEPT = "台账里的没有改。要改请用“更正”，或等重新下发的清单。"


@dataclass(frozen=True, slots=True)
class IssuedFacts:
    """What the ledger holds of a plot as issued.

    Args:
        village: As the list writes it; may be empty.
        plot_no: Its number within the village; may be empty.
        bsm: Its survey identifier; may be empty.
        year: The year of outflow; None where the list says none.
        areas: Every area that the list gave it; a sheet may head any of them 图斑面积.
    """

    village: str
    plot_no: str
    bsm: str
    year: int | None
    areas: frozenset[Area]


def altered(said: Reported, known: IssuedFacts, facts: PlotFacts) -> tuple[Trouble, ...]:
    """What a row says otherwise than the ledger of facts that no progress sheet may change.

    Args:
        said: The row.
        known: The plot as issued.
        facts: The plot after the row, whose problem kind a self-check of the row may have set.
    """
    return tuple(_differences(said, known, facts))


def _differences(said: Reported, known: IssuedFacts, facts: PlotFacts) -> Iterator[Trouble]:
    for column, title, area in said.issued_areas:
        if known.areas and not _among(area, known.areas):
            issued = facts.issued_area.spoken()
            yield Trouble(column, CODE, f"“{title}”写的是 {area.spoken()} 亩，台账是 {issued} 亩。{_KEPT}")
    number, bsm = said.identity.get("plot_no", ""), said.identity.get("bsm", "")
    kind = said.kind.label if said.kind else ""
    texts = (
        ("village_name", "村", said.place.village, known.village, normalise_village),
        ("plot_no", "图斑编号", number, known.plot_no, number_key),
        ("bsm", "标识码", bsm, known.bsm, str),
        ("outflow_year", "流出年度", str(said.year or ""), str(known.year or ""), str),
        ("outflow_type", "问题类型", kind, facts.kind.label if facts.kind else "", str),
    )
    for field, label, stated, held, key in texts:
        if stated and held and key(stated) != key(held):
            column = said.columns.get(field, -1)
            yield Trouble(column, CODE, f"“{label}”写的是“{stated}”，台账是“{held}”。{_KEPT}")


def _among(area: Area, known: Iterable[Area]) -> bool:
    """Whether a sheet means one of these areas, as issued or as its two decimals."""
    return any(area == one or area.exact() == one.display() for one in known)
