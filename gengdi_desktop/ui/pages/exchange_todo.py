"""What exchange puts on the workbench: conflicts that came in packages and wait for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.ui import words
from gengdi_desktop.ui.links import link
from gengdi_desktop.ui.widgets.todo import Todo

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ui.jobs import Progress


def read_exchange_todos(ledger: Ledger, _progress: Progress) -> tuple[Todo, ...]:
    """Rows for the list of what is next; a count of 0 is left out there."""
    from gengdi_desktop.handover import service

    conflicts = service.conflicts(ledger)
    names = [one.name for one in conflicts]
    return (
        Todo(
            len(conflicts), "两边都改过，等您定用哪个", words.some_of(names, "处"), "soil",
            link("exchange", section="conflicts"),
        ),
    )  # fmt: skip
