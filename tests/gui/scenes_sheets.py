"""Scenes of field sheets that are typed back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.ledger.queries import PlotQuery, plot_ids
from gengdi_desktop.reports.forms.printings import keep_printing, printings
from gengdi_desktop.ui.pages.sheets_page import SheetsPage
from tests.gui.sample_desk import make_desk
from tests.gui.window_stage import Stage
from tests.helpers.clock import FixedClock

Bring = Callable[[Stage, Path], None]
PRINTED = 12


def sheets_page(stage: Stage) -> SheetsPage:
    """The page of sheets of an open window."""
    page = stage.window.page
    assert isinstance(page, SheetsPage)
    return page


def unchecked_desk(folder: Path) -> Path:
    """A ledger in which nothing was looked at yet."""
    made = folder / "白圩乡2023整改台账待自查"
    return made if made.exists() else make_desk(made, FixedClock(), walked=False, long_names=True)


def print_some(stage: Stage) -> tuple[str, ...]:
    """Let the first plots be printed in turned order, as after sorting the table; returns them so."""
    ledger = stage.context.ledger
    known = printings(ledger)
    if known:
        return known[0].plots
    return keep_printing(ledger, plot_ids(ledger, PlotQuery(), limit=PRINTED)[::-1]).plots


def sheet_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Name and bringer of each scene; *open_desk* opens a ledger."""

    def typing(stage: Stage, desk: Path) -> None:
        open_desk(stage, unchecked_desk(desk.parent))
        print_some(stage)
        stage.go("sheets")
        fields = sheets_page(stage).form._fields
        assert fields is not None
        typed = {"finding": "true", "problem_kind": "non_grain", "class_now": "0301", "party": "白圩村张家坊组"}
        fields.put_back({**fields.typed(), **typed, "rectify": "yes"})

    def over(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("sheets")

    return (("sheets", typing), ("sheets-over", over))
