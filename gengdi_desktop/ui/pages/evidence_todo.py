"""What photos put on the workbench: those that wait for their plot, and what is asked of those that have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.ui.links import link
from gengdi_desktop.ui.widgets.todo import Todo

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ui.jobs import Progress


def read_evidence_todos(ledger: Ledger, progress: Progress) -> tuple[Todo, ...]:
    """Rows for the list of what is next; a count of 0 is left out there. Runs in a file hand."""
    from gengdi_desktop.evidence.questions.service import counts
    from gengdi_desktop.evidence.tray import service as tray

    asked = counts(ledger, progress)
    most = max(asked, key=lambda code: asked[code], default=None)
    where = f"最多的是{most.label}" if most is not None else ""
    return (
        Todo(len(tray.waiting(ledger)), "照片等着归位", "", "soil", link("evidence", section="tray")),
        Todo(sum(asked.values()), "照片疑问，请您看一眼", where, "", link("evidence", section="questions")),
    )
