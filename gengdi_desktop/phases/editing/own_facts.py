"""Edits of our own facts: changed in place, the same text read once however many cells it goes into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from gengdi_desktop.domain.actions import FieldKind
from gengdi_desktop.domain.corrections import Place
from gengdi_desktop.domain.days import read_cell_day
from gengdi_desktop.domain.edits import EDITS, EditRule, read_fact, refuse_edit
from gengdi_desktop.domain.outcomes import ActionContext, Refusal
from gengdi_desktop.errors import RuleError
from gengdi_desktop.phases.editing import store as cells_store
from gengdi_desktop.phases.editing.cells import REASON, CellEdit, Judged, Terms, stale, unknown

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.phases.editing.store import Cell, Standing
    from gengdi_desktop.storage.journal import Value


def cells_of(rule: EditRule) -> tuple[Cell, ...]:
    """The columns that one of our own facts stands in, the one that is shown first."""
    fact = rule.fact
    if fact is None or fact.place is Place.ISSUED:
        return ()
    names = ("class_now", "class_now_name", "class_now_system") if fact.key == "class_now" else (fact.key,)
    return tuple((fact.place.value, name) for name in names)


class OwnFacts:
    """Judges edits of our own facts, and gathers the row changes of those that fit."""

    def __init__(self, judged: Judged, terms: Terms, context: ActionContext) -> None:
        self._judged, self._terms, self._context = judged, terms, context
        self._read = cache(self._read_once)
        self._entry = cache(
            lambda key, state, held: refuse_edit(EDITS[key], state, context.desk, held=held),
        )

    def judge(self, session: Session, edits: Sequence[CellEdit]) -> Mapping[str, Mapping[Cell, Value]]:
        """Returns what each plot's columns become."""
        pending: defaultdict[str, dict[Cell, Value]] = defaultdict(dict)
        if not edits:
            return pending
        keys = dict.fromkeys(edit.key for edit in edits)
        cells = [cell for key in keys for cell in cells_of(EDITS[key])]
        found = cells_store.standings(session, list(dict.fromkeys(edit.plot for edit in edits)), cells)
        for edit in edits:
            standing = found.get(edit.plot)
            if standing is None:
                self._judged.refuse(edit, (unknown(edit.plot),))
            else:
                pending[edit.plot] |= self._judge_one(edit, standing)
        for plot, new in pending.items():
            self._judged.items += cells_store.row_changes(found[plot], new)
        return pending

    def _judge_one(self, edit: CellEdit, standing: Standing) -> Mapping[Cell, Value]:
        rule, judged = EDITS[edit.key], self._judged
        cells = cells_of(rule)
        old = _first_text(standing.values[cell] for cell in cells[:2])
        read = self._read(edit.key, edit.text)
        refusal = (
            self._entry(edit.key, standing.state, standing.held)
            or stale(edit, old, *cells[0])
            or (read if isinstance(read, Refusal) else None)
        )
        if refusal is not None or isinstance(read, Refusal):
            judged.refuse(edit, (refusal,) if refusal else (), now=old)
            return {}
        new = {cell: read[cell[1]] for cell in cells if (standing.values[cell] or "") != (read[cell[1]] or "")}
        if not new:
            judged.unchanged += 1
        elif rule.asks_reason(standing.state, old) and not self._terms.reason:
            judged.asks.add(REASON)
            if not self._terms.asking:
                judged.refuse(edit, (Refusal("reason_missing", "要写明原因", REASON),), now=old)
                return {}
            judged.fitting.append(edit)
        else:
            judged.fitting.append(edit)
        return new

    def _read_once(self, key: str, text: str) -> Mapping[str, str | None] | Refusal:
        rule = EDITS[key]
        try:
            plain = read_cell_day(text).isoformat() if rule.kind is FieldKind.DATE and text.strip() else text
        except RuleError as found:
            return Refusal(found.code, f"{found.message.removesuffix('。')}，{found.hint.removesuffix('。')}", key)
        return read_fact(rule, plain, self._context.classes)


def _first_text(values: Iterable[Value]) -> str:
    return next((str(value) for value in values if value not in {None, ""}), "")
