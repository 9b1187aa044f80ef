"""What edits of the table's cells would do: which fit, which do not and why, and what is still asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from gengdi_desktop.domain.edits import EDITS, EditRule, why_not
from gengdi_desktop.domain.outcomes import ActionContext
from gengdi_desktop.phases.editing.cells import CellEdit, Judged, Misfit, Terms
from gengdi_desktop.phases.editing.own_facts import OwnFacts
from gengdi_desktop.phases.editing.through_actions import PLAN_CELLS, ThroughActions

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.journal import Item


def judge(
    session: Session,
    edits: Iterable[CellEdit],
    terms: Terms,
    context: ActionContext,
    settle: Callable[[Sequence[Item]], object] | None = None,
) -> Judged:
    """Judge cells: our own facts first, then what goes through actions, plot by plot.

    Args:
        session: Where the plots are read.
        edits: Of two for the same cell the last counts.
        terms: What holds for all of them.
        context: What guards ask.
        settle: Writes the row changes of own facts, so that the actions meet them; None where nothing is written.
    """
    wanted = list({(edit.plot, edit.key): edit for edit in edits}.values())
    judged = Judged()
    in_place = [edit for edit in wanted if _rule(edit, judged) is not None and EDITS[edit.key].in_place]
    pending = OwnFacts(judged, terms, context).judge(session, in_place)
    if settle is not None and judged.items:
        settle(judged.items)
    through = [edit for edit in wanted if edit.key in EDITS and not EDITS[edit.key].in_place]
    actions = ThroughActions(judged, terms, context, pending)
    if through:
        actions.judge(session, through)
    if settle is not None:
        actions.conclude_plans(session, {plot for plot, new in pending.items() if PLAN_CELLS & set(new)})
    return judged


def _rule(edit: CellEdit, judged: Judged) -> EditRule | None:
    rule = EDITS.get(edit.key)
    if rule is None:
        judged.misfits.append(Misfit(edit, "read_only", why_not(edit.key)))
    return rule
