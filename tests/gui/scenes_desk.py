"""Scenes of the plot page and of the phase pages, with their states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.ui.pages.phase_page import PhasePage
from tests.gui.window_stage import Stage

Bring = Callable[[Stage, Path], None]
_STATES = ("working", "closed", "planned", "contested")


def desk_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Name and bringer of each scene; *open_desk* opens the sample ledger."""

    def page(code: str, **wish: str) -> Bring:
        def bring(stage: Stage, desk: Path) -> None:
            open_desk(stage, desk)
            stage.go(code, wish)

        return bring

    def plot(state: str, at: int = 0) -> Bring:
        def bring(stage: Stage, desk: Path) -> None:
            open_desk(stage, desk)
            show_plot(stage, state, at)

        return bring

    def refused(stage: Stage, desk: Path) -> None:
        page("rectification", queue="progress")(stage, desk)
        form = phase_page(stage).form
        form.copy({"note": "已翻耕"})
        phase_page(stage).save()

    return (
        ("plot", plot("working")),
        ("plot-closed", plot("closed", 3)),
        ("plot-contested", plot("contested")),
        ("plot-none", page("plot")),
        ("phase-self-check", page("self_check")),
        ("phase-rectification", page("rectification")),
        ("phase-claim", page("rectification", queue="claim")),
        ("phase-refused", refused),
        ("phase-acceptance", page("acceptance")),
        ("phase-summary", page("summary")),
    )


def phase_page(stage: Stage) -> PhasePage:
    """The phase page in front."""
    page = stage.window.page
    assert isinstance(page, PhasePage)
    return page


def show_plot(stage: Stage, state: str, at: int = 0) -> None:
    """Open the page of a plot in a state, from a list of all such."""
    from gengdi_desktop.ledger.queries import Condition, PlotQuery, plot_ids

    ids = plot_ids(stage.context.ledger, PlotQuery((Condition("state", state),)))
    stage.context.trail.follow(ids, "", "ledger")
    stage.go("plot", {"plot": ids[at]})
