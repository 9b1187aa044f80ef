"""Editing in the table: many cells at once, one journal entry, one step back; each cell that does not fit says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.edits import EDITS
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.phases import store
from gengdi_desktop.phases.context import action_context
from gengdi_desktop.phases.editing import store as cells_store
from gengdi_desktop.phases.editing.cells import CellEdit, Judged, Misfit, Terms
from gengdi_desktop.phases.editing.judging import judge

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

__all__ = ["CellEdit", "EditOutcome", "EditPreview", "Misfit", "apply", "preview"]

_SAME_STEP = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class EditPreview:
    """What edits would do.

    Args:
        fitting: The cells that would change.
        unchanged: How many hold the same already.
        misfits: The cells that would keep their value.
        asks: ``reason`` and ``document_number``, as far as some fitting cell asks for them.
    """

    fitting: tuple[CellEdit, ...]
    unchanged: int
    misfits: tuple[Misfit, ...]
    asks: frozenset[str]


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """What edits did.

    Args:
        changed: The cells that changed.
        unchanged: How many held the same already.
        misfits: The cells that kept their value; all of them where the edit was to be whole or not at all.
        asks: As in :class:`EditPreview`.
        changes: The one journal entry; ``nothing`` where no cell changed.
    """

    changed: tuple[CellEdit, ...]
    unchanged: int
    misfits: tuple[Misfit, ...]
    asks: frozenset[str]
    changes: Changes


def preview(ledger: Ledger, edits: Sequence[CellEdit], *, by: Actor, on_date: date | None = None) -> EditPreview:
    """Say what edits would do, and what they still ask; writes nothing.

    Raises:
        RuleError: ``viewer``: the actor may only look.
    """
    context = action_context(ledger, by)
    terms = Terms(on_date or context.today, asking=True)
    with ledger.reading() as session:
        judged = judge(session, edits, terms, context)
    return EditPreview(tuple(judged.fitting), judged.unchanged, tuple(judged.misfits), frozenset(judged.asks))


def apply(
    ledger: Ledger,
    edits: Sequence[CellEdit],
    *,
    by: Actor,
    reason: str | None = None,
    document: str | None = None,
    on_date: date | None = None,
    atomic: bool = False,
) -> EditOutcome:
    """Put texts into cells: one entry for all of them.

    An edit of the same cell by the same person within a minute goes on with the entry before: history tells both in
    one sentence and undo takes them back as one step.

    Args:
        ledger: An open ledger.
        edits: Of two for the same cell the last counts.
        by: Who edits.
        reason: Why; asked for corrections, and for facts that others rely upon.
        document: The number of the document by which issued facts are corrected.
        on_date: The day of what is stated as progress; today where not given.
        atomic: Whether one misfit means that nothing is done.

    Raises:
        RuleError: ``viewer``: the actor may only look.
        SurroundingsError: The ledger cannot be written.
    """
    context = action_context(ledger, by)
    terms = Terms(on_date or context.today, (reason or "").strip(), (document or "").strip())
    operations = {EDITS[edit.key].operation for edit in edits if edit.key in EDITS}
    operation = operations.pop() if len(operations) == 1 else Operation.EDIT
    event_date = terms.on_date if operation is Operation.PROGRESS else None
    continues = _continued(ledger, edits, by)
    with ledger.begin(operation, by, reason=terms.reason or None, event_date=event_date, continues=continues) as work:
        judged = judge(work.session, edits, terms, context, settle=work.apply)
        if not judged.fitting or (atomic and judged.misfits):
            return _outcome(judged, (), Changes())
        store.write(work, judged.done)
        return _outcome(judged, tuple(judged.fitting), work.commit())


def _outcome(judged: Judged, changed: tuple[CellEdit, ...], changes: Changes) -> EditOutcome:
    return EditOutcome(changed, judged.unchanged, tuple(judged.misfits), frozenset(judged.asks), changes)


def _continued(ledger: Ledger, edits: Sequence[CellEdit], by: Actor) -> int | None:
    """The entry that this edit goes on with."""
    if len(edits) != 1 or edits[0].key not in EDITS or not EDITS[edits[0].key].in_place:
        return None
    rule, plot = EDITS[edits[0].key], edits[0].plot
    fact = rule.fact
    if fact is None or fact.key == "class_now":
        return None
    since = ledger.clock.now() - _SAME_STEP
    with ledger.reading() as session:
        standing = cells_store.standings(session, [plot], ()).get(plot)
        if standing is None:
            return None
        key = cells_store.round_key(standing) if fact.place.value == "round" else plot
        return cells_store.entry_to_continue(session, by.name, since, fact.place.value, key, fact.key)
