"""What the page of recurrences asks, in lanes: the pairs of a ledger, and both plots of one pair with their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.states import State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.models.map_shapes import map_shape
from gengdi_desktop.ui.models.photo_lines import PhotoLine, read_photo_lines
from gengdi_desktop.ui.models.recurrence_pairs import AgainPair
from gengdi_desktop.ui.pages.plot_facts import read_plot
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.photo_map import MapPlot

if TYPE_CHECKING:
    from gengdi_desktop.intake.same_ground import Recurrence
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.plot_card import PlotCard
    from gengdi_desktop.storage.journal import Value
    from gengdi_desktop.system.clock import Clock

_CLOSING: Final = (
    ("on_date", "销号日期"),
    ("document_number", "文号"),
    ("closer", "销号人"),
    ("person_handled", "人员处理"),
)


@dataclass(frozen=True)
class SideView:
    """One of the two plots.

    Args:
        plot: Own id; empty while it stands in a list that is not taken in yet.
        state: Where it stands; None where it is in no ledger yet.
        facts: Names and values.
        closing: What its last closing said; empty where it was never closed.
        files: Its photos and papers.
    """

    plot: str
    name: str
    state: State | None
    flags: tuple[Flag, ...]
    facts: tuple[tuple[str, str], ...]
    closing: tuple[tuple[str, str], ...] = ()
    files: tuple[PhotoLine, ...] = ()


@dataclass(frozen=True)
class BothView:
    """A pair with all that is shown of it."""

    pair: AgainPair
    old: SideView
    new: SideView
    shapes: tuple[MapPlot, ...]


@dataclass(frozen=True)
class Compared:
    """The pairs of a ledger, and the other ledger that was looked into; None where it was this one alone."""

    pairs: tuple[AgainPair, ...]
    earlier: Ledger | None
    earlier_name: str = ""


def compare(ledger: Ledger, other: Path | None, clock: Clock, progress: Progress) -> Compared:
    """The live plots of a ledger beside those that were closed before, here or in another ledger.

    The other one is opened for reading only and stays open; whoever asked closes it.

    Raises:
        SurroundingsError: The other ledger cannot be opened.
    """
    from gengdi_desktop.intake.recurrence import recurrences
    from gengdi_desktop.ledger.service import open_ledger

    if other is None or other.resolve() == ledger.folder.root.resolve():
        return Compared(pairs_of(recurrences(ledger)), None)
    earlier = open_ledger(other, clock, write=False)
    try:
        progress(0, 0)
        return Compared(pairs_of(recurrences(ledger, earlier)), earlier, earlier.info.name)
    except BaseException:
        earlier.close()
        raise


def pair_of(ledger: Ledger, plot: str) -> AgainPair | None:
    """The pair of one plot with one that this ledger has closed before; None where there is none."""
    from gengdi_desktop.intake.recurrence import recurrence_of

    found = recurrence_of(ledger, plot)
    return None if found is None else pairs_of((found,))[0]


def pairs_of(found: tuple[Recurrence, ...]) -> tuple[AgainPair, ...]:
    """What the intake stage found, as the page walks through it."""
    return tuple(AgainPair(one.plot, one.earlier, one.name, one.sentence) for one in found)


def read_both(ledger: Ledger, earlier: Ledger, pair: AgainPair, today: date, warning_days: int) -> BothView:
    """Both plots of a pair; runs in the reading lane.

    Raises:
        RuleError: ``unknown_plot``: one of them is gone.
    """
    new = _side(ledger, pair.plot, today, warning_days) if pair.plot else SideView("", pair.name, None, (), pair.facts)
    old = _side(earlier, pair.earlier, today, warning_days)
    return BothView(pair, old, new, _shapes(ledger, earlier, pair))


def _side(ledger: Ledger, plot: str, today: date, warning_days: int) -> SideView:
    from gengdi_desktop.ledger import queries

    view = read_plot(ledger, plot, today, warning_days)
    card = queries.plot_card(ledger, plot)
    return SideView(plot, view.name, view.state, view.flags, view.facts, _closing(card), read_photo_lines(ledger, plot))


def _closing(card: PlotCard) -> tuple[tuple[str, str], ...]:
    """The last closing, in words."""
    from gengdi_desktop.ledger.words import shown

    closings = sorted(card.records.get("closing", ()), key=lambda row: str(row["on_date"]))
    last: Mapping[str, Value] = closings[-1] if closings else {}
    facts = ((name, last.get(key), key) for key, name in _CLOSING)
    return tuple((name, shown("closing", key, value)) for name, value, key in facts if value not in (None, ""))


def _shapes(ledger: Ledger, earlier: Ledger, pair: AgainPair) -> tuple[MapPlot, ...]:
    """Both outlines over one another, as far as there are any; one that is damaged is told by the ledger's check."""
    from gengdi_desktop.ledger.outlines import outlines

    made: list[MapPlot] = []
    sides: tuple[tuple[Ledger, str, str, Tone], ...] = (
        (earlier, pair.earlier, "原来的", "stone"),
        (ledger, pair.plot, "这次的", "soil"),
    )
    for where, plot, word, tone in sides:
        found = outlines(where, [plot]).get(plot) if plot else None
        if found is None:
            continue
        try:
            shape = found.shape()
        except RuleError:
            continue
        if shape is None:
            middle = (found.centre.longitude / 10**9, found.centre.latitude / 10**9)
            made.append(MapPlot(plot, f"{word}中心点", ((middle,),), tone))
        else:
            made.append(map_shape(plot, f"{word}{found.name}", shape, tone))
    return tuple(made)


def counted(at: int, of: int) -> str:
    """``第 1 对，共 3 对``."""
    return f"第 {words.count(at + 1)} 对，共 {words.count(of)} 对" if of > 1 else ""
