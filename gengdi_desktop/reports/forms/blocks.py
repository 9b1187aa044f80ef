"""What a form is made of: headings, framed rows, pictures, a sketch, places to sign; nothing about plots."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gengdi_desktop.reports.forms.sketch import SketchMap

SHARES = 12
"""A framed row is divided into twelve shares of the width."""


class CellLook(Enum):
    """How a cell of a framed row is set."""

    LABEL = "label"
    VALUE = "value"
    HEAD = "head"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a framed row.

    Args:
        text: May have several lines.
        share: Of the twelve shares of the width.
        look: Label (shaded, centred), value (left), head of a column, number (right).
        foot: A line at the lower right: where somebody signs.
    """

    text: str
    share: int
    look: CellLook = CellLook.VALUE
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """The form's name in the middle, with a line below it; ``code`` is drawn as a QR code at the upper right."""

    text: str
    below: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a part; stays with what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Framed:
    """A framed row; the shares of its cells are twelve.

    Args:
        cells: From left to right.
        least: Points it is high at least.
        repeat: Whether it is the head of the rows after it, repeated on the next page.
    """

    cells: tuple[Cell, ...]
    least: float = 0.0
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text without a frame."""

    text: str
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo with words below it.

    Args:
        sha256: By which the drawing asks for the picture; empty where there is none to show.
        caption: Below it.
        instead: What stands in its place where it cannot be shown: never silently blank.
    """

    sha256: str
    caption: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Up to two photos side by side."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sketch map; ``instead`` is said where there is nothing to draw."""

    sketch: SketchMap | None
    instead: str
    height: float


@dataclass(frozen=True, slots=True)
class Space:
    """Empty room of so many points."""

    height: float


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own."""


Block = Title | Heading | Framed | Line | Pictures | Drawn | Space | NewPage


@dataclass(frozen=True, slots=True)
class PlotForm:
    """The form of one plot.

    Args:
        plot: Own id.
        group: Under which it stands in the contents of the file: the village.
        name: As people call the plot.
        foot: At the foot of each page, before the page's number.
        blocks: From top to bottom.
    """

    plot: str
    group: str
    name: str
    foot: str
    blocks: tuple[Block, ...]


def label(text: str, share: int = 2) -> Cell:
    """A shaded cell that names what stands beside it."""
    return Cell(text, share, CellLook.LABEL)


def pairs(*named: tuple[str, str]) -> tuple[Framed, ...]:
    """Rows of two names with their values each; a last one alone takes the whole width."""
    rows = []
    for start in range(0, len(named), 2):
        two = named[start : start + 2]
        share = 4 if len(two) > 1 else SHARES - 2
        rows.append(Framed(tuple(cell for name, value in two for cell in (label(name), Cell(value, share)))))
    return tuple(rows)


def wide(name: str, value: str, *, least: float = 0.0) -> Framed:
    """A row whose value takes the whole width."""
    return Framed((label(name), Cell(value, SHARES - 2)), least)


def to_sign(name: str, words: str, foot: str, *, least: float = 78.0) -> Framed:
    """A high row for an opinion, with the line to sign on at its lower right."""
    return Framed((label(name), Cell(words, SHARES - 2, foot=foot)), least)
