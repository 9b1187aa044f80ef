"""What the county's desk puts on the workbench: townships that have not reported, and that still wait for feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.ui import words
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.todo import Todo

if TYPE_CHECKING:
    from gengdi_desktop.consolidation.service import BoardLine
    from gengdi_desktop.ledger.handle import Ledger


def read_county_todos(ledger: Ledger, _progress: Progress | None = None) -> tuple[Todo, ...]:
    """Rows for the list of what is next; a count of 0 is left out there."""
    from gengdi_desktop.consolidation.service import Standing, board

    found = board(ledger)
    late = [one for one in found.lines if one.standing is Standing.DUE and one.days_late]
    due = [one for one in found.lines if one.standing is Standing.DUE and not one.days_late]
    silent = [one for one in found.lines if one.newest is not None and not one.answered]
    rows: tuple[tuple[list[BoardLine], str, Tone], ...] = (
        (late, "单位超期还没报", "seal"),
        (due, "单位该报还没报", "soil"),
        (silent, "单位报了，还没有回反馈包", "sky"),
    )
    return tuple(
        Todo(len(lines), sentence, words.some_of([one.unit.name for one in lines], "个单位"), tone, "county")
        for lines, sentence, tone in rows
    )
