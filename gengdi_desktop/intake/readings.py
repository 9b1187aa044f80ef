"""One row of a list as it was read: what it says, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.intake.places import Place
from gengdi_desktop.ledger.words import plot_name

SPLIT_PARENT = "parent"
SPLIT_CHILD = "child"


class Trouble(NamedTuple):
    """What is wrong with a cell or a row.

    ``column`` counts from 0; −1 where the row is meant.
    """

    column: int
    code: str
    message: str


class Plan(NamedTuple):
    """What a list already says of the work to be done."""

    person: str
    title: str
    phone: str
    measure: str
    deadline: date | None


class Reading:
    """One row as it was read; ``refusals`` keep it out of the ledger, ``notes`` do not.

    A list may have a hundred thousand of them: what most rows do not say stays with the class.

    Args:
        sheet: Position of the sheet.
        row: Number of the row.
        place: Where the plot lies.
        year: Outflow year.
    """

    own_id = ""
    bsm = ""
    clue_no = ""
    monitor_no = ""
    local_no = ""
    plot_no = ""
    kind = ""
    classes: tuple[str, str, str, str] = ("", "", "", "")
    issued_text = ""
    issued_unit: AreaUnit | None = None
    issued_area: int | None = None
    areas: tuple[int | None, ...] = (None, None, None, None)
    restore = ""
    split = ""
    parent_no = ""
    centre: tuple[int | None, int | None, str] = (None, None, "")
    built_on: date | None = None
    texts: tuple[str, ...] = ("", "", "", "", "")
    contact = ""
    plan: Plan | None = None
    refusals: tuple[Trouble, ...] = ()
    notes: tuple[Trouble, ...] = ()
    blank = False

    def __init__(self, sheet: int, row: int, place: Place, *, year: int | None = None) -> None:
        self.sheet = sheet
        self.row = row
        self.place = place
        self.year = year

    @property
    def called(self) -> str:
        """The row's plot as people call it: 白圩村 0012, or by another of its numbers; empty where it has none."""
        number = self.plot_no or self.bsm or self.clue_no or self.monitor_no or self.local_no
        return plot_name(self.place.village, number, "")

    def refuse(self, trouble: Trouble) -> None:
        """Keep the row out, and say why."""
        self.refusals = (*self.refusals, trouble)

    def note(self, trouble: Trouble) -> None:
        """Say something that a person should read."""
        self.notes = (*self.notes, trouble)
