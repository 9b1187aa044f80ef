"""One cell put to another text, what holds for many of them, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from gengdi_desktop.domain.edits import EDITS
from gengdi_desktop.domain.outcomes import Outcome, Refusal, Refusals
from gengdi_desktop.ledger.words import shown

if TYPE_CHECKING:
    from gengdi_desktop.phases.plot_rows import LoadedPlot
    from gengdi_desktop.storage.journal import Item

REASON, DOCUMENT = "reason", "document_number"


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A text put into one cell.

    Args:
        plot: The plot's own id.
        key: The column, a key of :data:`gengdi_desktop.domain.edits.EDITS`.
        text: What was typed or pasted; empty clears.
        shown: What the cell held as it is stored (a code, an ISO date, an exact area), so that a change by somebody
            else in between is told; None where nobody looked.
    """

    plot: str
    key: str
    text: str
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Misfit:
    """A cell that keeps its value, and why.

    Args:
        edit: What was to be put there.
        code: Stable English code.
        message: One Chinese sentence.
        now: What the cell holds now as it is stored; for ``stale``.
    """

    edit: CellEdit
    code: str
    message: str
    now: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all cells of one edit.

    Args:
        on_date: The day of what is stated as progress.
        reason: Why; asked for corrections and for what others rely upon.
        document: The number of the document by which an issued fact is corrected.
        asking: Whether a lacking reason or document is only noted, as in a preview.
    """

    on_date: date
    reason: str = ""
    document: str = ""
    asking: bool = False


@dataclass(slots=True)
class Judged:
    """The outcome of judging.

    Attributes:
        fitting: The cells that change.
        unchanged: How many hold the same already.
        misfits: The cells that keep their value.
        asks: ``reason`` and ``document_number``, as far as they are asked and not given.
        items: Row changes of our own facts.
        done: What actions do, in order.
    """

    fitting: list[CellEdit] = field(default_factory=list)
    unchanged: int = 0
    misfits: list[Misfit] = field(default_factory=list)
    asks: set[str] = field(default_factory=set)
    items: list[Item] = field(default_factory=list)
    done: list[tuple[LoadedPlot, Outcome]] = field(default_factory=list)

    def refuse(self, edit: CellEdit, refusals: Refusals, now: str = "") -> None:
        """Let a cell keep its value."""
        said = "，".join(refusal.message for refusal in refusals)
        rule = EDITS.get(edit.key)
        message = f"{rule.label}没有改：{said}。" if rule else said
        self.misfits.append(Misfit(edit, refusals[0].code, message, now))


def stale(edit: CellEdit, now: str, table: str, name: str) -> Refusal | None:
    """The refusal for a cell that somebody else has changed since it was looked at; both values are told."""
    if edit.shown is None or edit.shown == now:
        return None
    before, present = (shown(table, name, value) for value in (edit.shown, now))
    return Refusal("stale", f"刚才是“{before}”，有人改成了“{present}”，您填的是“{edit.text.strip() or '（空）'}”")


def unknown(plot: str) -> Refusal:
    """The refusal for an id that the ledger does not have."""
    return Refusal("unknown_plot", f"台账里没有图斑“{plot}”")
