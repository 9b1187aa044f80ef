"""One row of a list as it was read: what it says, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.intake.places import Place

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


@dataclass(slots=True)
class Reading:
    """One row as it was read; ``refusals`` keep it out of the ledger, ``notes`` do not."""

    sheet: int
    row: int
    place: Place
    own_id: str = ""
    bsm: str = ""
    clue_no: str = ""
    monitor_no: str = ""
    local_no: str = ""
    plot_no: str = ""
    year: int | None = None
    kind: str = ""
    classes: tuple[str, str, str, str] = ("", "", "", "")
    issued_text: str = ""
    issued_unit: AreaUnit | None = None
    issued_area: int | None = None
    areas: tuple[int | None, ...] = (None, None, None, None)
    restore: str = ""
    split: str = ""
    parent_no: str = ""
    centre: tuple[int | None, int | None, str] = (None, None, "")
    built_on: date | None = None
    texts: tuple[str, ...] = ("", "", "", "", "")
    contact: str = ""
    plan: Plan | None = None
    refusals: list[Trouble] = field(default_factory=list)
    notes: list[Trouble] = field(default_factory=list)
    blank: bool = False
