"""Edits that go through an action: corrections beside what was issued, the target, settled areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from gengdi_desktop.domain.actions import FieldKind
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.edits import EDITS, SETTLED, EditRule
from gengdi_desktop.domain.moves_works import standing_on
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import ActionContext, Outcome, Refusal, Refusals
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.domain.transitions import apply, request
from gengdi_desktop.errors import RuleError
from gengdi_desktop.phases import store
from gengdi_desktop.phases.editing import store as cells_store
from gengdi_desktop.phases.editing.cells import DOCUMENT, REASON, CellEdit, Judged, Terms, stale, unknown

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.plots import PlotFacts
    from gengdi_desktop.domain.values import Value as Given
    from gengdi_desktop.phases.editing.store import Cell
    from gengdi_desktop.phases.plot_rows import LoadedPlot
    from gengdi_desktop.storage.journal import Value

_PLANNED = ("disposal_class", "measure", "person", "deadline", "not_required_reason")
PLAN_CELLS = frozenset(("round", key) for key in _PLANNED[:4])
"""The cells that make up a plan: once all are filled, it is made."""


class ThroughActions:
    """Judges edits plot by plot, each upon what those before it have made of the plot."""

    def __init__(
        self, judged: Judged, terms: Terms, context: ActionContext, pending: Mapping[str, Mapping[Cell, Value]]
    ) -> None:
        self._judged, self._terms, self._context, self._pending = judged, terms, context, pending
        self._corrected: Mapping[tuple[str, str], str] = {}
        # The same text goes into thousands of cells: it is read once.
        self._request = cache(lambda code, given: request(code, dict(given)))

    def judge(self, session: Session, edits: Sequence[CellEdit]) -> None:
        """Gathers what the actions do, and what refuses."""
        of_plot: defaultdict[str, list[CellEdit]] = defaultdict(list)
        for edit in edits:
            of_plot[edit.plot].append(edit)
        loaded = store.load(session, list(of_plot))
        facts = [rule.fact.key for edit in edits if (rule := EDITS[edit.key]).fact]
        self._corrected = cells_store.newest_corrections(session, list(of_plot), set(facts)) if facts else {}
        for plot, own in of_plot.items():
            one = loaded.get(plot)
            if one is None:
                for edit in own:
                    self._judged.refuse(edit, (unknown(plot),))
            else:
                self._judge_plot(one, own)

    def conclude_plans(self, session: Session, plots: Iterable[str]) -> None:
        """Plots whose plan has become complete by these cells are planned: who filled them all has said so.

        A plot of which an action has been judged already is left to it.
        """
        done = {loaded.facts.id for loaded, _ in self._judged.done}
        ready = [plot for plot in cells_store.planned_but_not_said(session, plots) if plot not in done]
        for loaded in store.load(session, ready).values():
            known = loaded.facts.round
            given = {
                "date": self._terms.on_date,
                "disposal_class": known.disposal_class.value if known.disposal_class else "",
                "measure": known.measure,
                "person": known.person,
                "deadline": known.deadline,
            }
            result = apply(self._request(Operation.PLAN.value, tuple(given.items())), loaded.facts, self._context)
            if isinstance(result, Outcome):
                self._judged.done.append((loaded, result))

    def _judge_plot(self, loaded: LoadedPlot, edits: Sequence[CellEdit]) -> None:
        facts = loaded.facts
        for operation in (Operation.CORRECT, Operation.PLAN, Operation.PROGRESS):
            own = [edit for edit in edits if EDITS[edit.key].operation is operation and self._worth(edit, facts)]
            if operation is Operation.PROGRESS and own:
                facts = self._do(loaded, facts, own, operation, self._progress(facts, own))
            for edit in () if operation is Operation.PROGRESS else own:
                given = self._plan(facts, edit) if operation is Operation.PLAN else self._correction(edit)
                facts = self._do(loaded, facts, [edit], operation, given)

    def _worth(self, edit: CellEdit, facts: PlotFacts) -> bool:
        """Whether the cell is to change: not stale, not empty, and not what it holds already."""
        rule = EDITS[edit.key]
        now = self._now(rule, facts)
        table, name = ("plot", rule.fact.key) if rule.fact else ("round", "target")
        refusal = stale(edit, now, table, name)
        if refusal is None and not edit.text.strip():
            refusal = Refusal("not_cleared", "不能清空" if rule.fact else "不能清空，没有就填 0", edit.key)
        if refusal is not None:
            self._judged.refuse(edit, (refusal,), now=now)
            return False
        if _same(rule, edit.text, now):
            self._judged.unchanged += 1
            return False
        return True

    def _now(self, rule: EditRule, facts: PlotFacts) -> str:
        if rule.fact is not None:
            return self._corrected.get((facts.id, rule.fact.key), "")
        if rule.key == "target":
            return facts.round.target.exact()
        buckets = facts.round.buckets
        return (buckets.total if rule.key == SETTLED else buckets[Bucket(rule.key)]).exact()

    def _do(
        self,
        loaded: LoadedPlot,
        facts: PlotFacts,
        edits: Sequence[CellEdit],
        operation: Operation,
        given: Mapping[str, Given | None] | Refusal,
    ) -> PlotFacts:
        judged = self._judged
        result: Outcome | Refusals = (
            (given,)
            if isinstance(given, Refusal)
            else apply(self._request(operation.value, tuple(given.items())), facts, self._context)
        )
        if isinstance(result, Outcome):
            judged.fitting += edits
            judged.done.append((loaded, result))
            return result.plot
        asked = {refusal.field for refusal in result} & {REASON, DOCUMENT}
        judged.asks |= asked
        if self._terms.asking and asked == {refusal.field for refusal in result}:
            judged.fitting += edits
            return facts
        for edit in edits:
            own = tuple(refusal for refusal in result if refusal.field in {"", edit.key})
            judged.refuse(edit, own or result)
        return facts

    def _correction(self, edit: CellEdit) -> Mapping[str, Given | None]:
        fact = EDITS[edit.key].fact
        return {
            "field": fact.key if fact else "",
            "value": edit.text,
            "reason": self._terms.reason,
            "document_number": self._terms.document,
        }

    def _plan(self, facts: PlotFacts, edit: CellEdit) -> Mapping[str, Given | None]:
        """The plan again with another target; what is put into cells beside it belongs to it."""
        given: dict[str, Given | None] = {"date": self._terms.on_date, "target": edit.text}
        beside = self._pending.get(facts.id, {})
        for key in _PLANNED:
            known = getattr(facts.round, key)
            value = beside.get(("round", key), known.value if key == "disposal_class" and known else known)
            given[key] = value if isinstance(value, date) else str(value or "")
        return given

    def _progress(self, facts: PlotFacts, edits: Sequence[CellEdit]) -> Mapping[str, Given | None] | Refusal:
        """The statement of a day; what is typed as settled in all, less the other methods, was restored."""
        given: dict[str, Given | None] = {"date": self._terms.on_date}
        given |= {edit.key: edit.text for edit in edits if edit.key != SETTLED}
        whole = next((edit for edit in edits if edit.key == SETTLED), None)
        if whole is None:
            return given
        try:
            said = {Bucket(edit.key): _area(edit.text) for edit in edits if edit is not whole}
            stated = standing_on(facts, self._terms.on_date).with_areas(said)
            others = stated.total - stated[Bucket.RESTORED]
            settled = _area(whole.text)
        except RuleError as found:
            return Refusal(found.code, found.message.removesuffix("。"))
        if settled < others:
            told = f"填的 {settled.spoken()} 亩小于其他方式已有的 {others.spoken()} 亩，请改各方式的面积"
            return Refusal("below_methods", told)
        return given | {Bucket.RESTORED.value: settled - others}


@lru_cache(maxsize=1024)
def _area(text: str) -> Area:
    return Area.parse(text)


def _same(rule: EditRule, text: str, now: str) -> bool:
    if rule.kind is not FieldKind.AREA:
        return text.strip() == now
    try:
        return bool(now) and _area(text) == _area(now)
    except RuleError:
        return False  # what is no area is refused by the action, in its own words
