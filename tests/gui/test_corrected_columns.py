"""A correction beside an issued fact is read with the line of the table, the newest of several, and goes with undo."""

from __future__ import annotations

from pathlib import Path

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ledger.plot_lines import plot_lines
from gengdi_desktop.ledger.queries import PlotQuery, plot_ids
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.phases.editing import service
from gengdi_desktop.phases.editing.cells import CellEdit
from gengdi_desktop.ui.editing.cell_values import stored_text
from tests.helpers.clock import FixedClock

CLERK = Actor("吴小琴")


def test_the_newest_correction_is_read_with_the_line_and_goes_with_undo(desk_folder: Path, clock: FixedClock) -> None:
    with open_ledger(desk_folder, clock) as ledger:
        (plot,) = plot_ids(ledger, PlotQuery(), limit=1)
        before = plot_lines(ledger, [plot])[0]
        for name in ("岚湖村", "岚湖新村"):
            edits = [CellEdit(plot, "corrected_village", name)]
            assert service.apply(ledger, edits, by=CLERK, reason="实地核实", document="更1号").misfits == ()
        after = plot_lines(ledger, [plot])[0]
        assert (before.corrected, dict(after.corrected), after.village) == ({}, {"village": "岚湖新村"}, before.village)
        assert (stored_text(before, "corrected_village"), stored_text(after, "corrected_village")) == ("", "岚湖新村")
        undo(ledger, by=CLERK)
        assert plot_lines(ledger, [plot])[0].corrected == {"village": "岚湖村"}
        undo(ledger, by=CLERK)
        assert plot_lines(ledger, [plot])[0].corrected == {}
