"""The SQL of progress sheets and village forms: plots by their names, and the plots that a form lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import State
from gengdi_desktop.intake.matching import KnownIdentifier, KnownPlot, KnownPlots
from gengdi_desktop.phases import store
from gengdi_desktop.phases.plot_rows import LoadedPlot
from gengdi_desktop.phases.progress.locked import IssuedFacts
from gengdi_desktop.storage.tables import IdentifierRow, PlotRow

if TYPE_CHECKING:
    from sqlmodel import Session


_ANY_LIST = 0
_NUMBERS = select(PlotRow.id, PlotRow.plot_no, PlotRow.outflow_year)
_PLACES = select(PlotRow.id, PlotRow.township, PlotRow.village)
_NAMES = select(IdentifierRow.kind, IdentifierRow.value, IdentifierRow.plot_id)


@dataclass(frozen=True, slots=True)
class FormPlot:
    """A plot as a village's form shows it.

    Args:
        facts: What the rules know.
        township: Where it lies.
        village: Where it lies.
        group: Villagers' group.
        plot_no: Its number within the village.
        bsm: Its survey identifier; empty where it has none.
        year: The year of outflow.
        kind: The issued kind as people read it.
        remark: The plot's remark.
    """

    facts: PlotFacts
    township: str
    village: str
    group: str
    plot_no: str
    bsm: str
    year: int | None
    kind: str


def known_plots(session: Session) -> KnownPlots:
    """All plots by their names; clue numbers count whichever list gave them."""
    numbered = {plot: (number, year) for plot, number, year in session.exec(_NUMBERS).all()}
    plots = [
        KnownPlot(plot, township, village, *numbered[plot], state="", target=0, issued={})
        for plot, township, village in session.exec(_PLACES).all()
    ]
    identifiers = [KnownIdentifier(plot, kind, value, _ANY_LIST) for kind, value, plot in session.exec(_NAMES).all()]
    return KnownPlots.of(plots, identifiers, frozenset({_ANY_LIST}))


def issued_facts(loaded: LoadedPlot, bsm: str) -> IssuedFacts:
    """A plot as the list gave it."""
    row = loaded.plot
    areas = (row[name] for name in ("issued_area", "plot_area", "cultivated_area", "outflow_area"))
    return IssuedFacts(
        village=row["village"],
        plot_no=row["plot_no"],
        bsm=bsm,
        year=row["outflow_year"],
        areas=frozenset(Area(area) for area in areas if area is not None),
    )


def villages(session: Session) -> tuple[str, ...]:
    """The villages of the ledger, each once, in the order of the list."""
    return tuple(dict.fromkeys(session.exec(select(PlotRow.village).order_by(col(PlotRow.position))).all()))


def form_plots(session: Session) -> tuple[FormPlot, ...]:
    """The plots that are still to be worked on, village by village in the order of the list."""
    over = (State.CLOSED, State.CANCELLED, State.SPLIT)
    query = select(PlotRow.id).where(col(PlotRow.state).not_in([state.value for state in over]))
    ids = session.exec(query.order_by(col(PlotRow.township), col(PlotRow.village), col(PlotRow.position))).all()
    numbers = dict(
        session.exec(select(IdentifierRow.plot_id, IdentifierRow.value).where(IdentifierRow.kind == "bsm")).all()
    )
    loaded = store.load(session, ids)
    return tuple(_form_plot(loaded[plot], numbers.get(plot, "")) for plot in ids)


def _form_plot(loaded: LoadedPlot, bsm: str) -> FormPlot:
    row, facts = loaded.plot, loaded.facts
    return FormPlot(
        facts=facts,
        township=row["township"],
        village=row["village"],
        group=row["group_name"],
        plot_no=row["plot_no"],
        bsm=bsm,
        year=row["outflow_year"],
        kind=facts.kind.label if facts.kind else row["kind"],
    )
