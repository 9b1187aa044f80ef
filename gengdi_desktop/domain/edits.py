"""What may be typed straight into the ledger's table, how it is read, and what it becomes.

Own facts are changed in place. What the list issued is never overwritten: its correction stands beside it. Areas that
are settled and the target go through their actions, so that guards and states stay in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gengdi_desktop.domain.actions import ACTIONS, FieldKind
from gengdi_desktop.domain.corrections import CORRECTIONS, Correction, Place, Shape
from gengdi_desktop.domain.land_classes import LandClasses
from gengdi_desktop.domain.moves_check import read_class
from gengdi_desktop.domain.moves_standing import new_text
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import Refusal
from gengdi_desktop.domain.states import Bucket, Desk, State
from gengdi_desktop.domain.transitions import refuse_entry


class Asks(StrEnum):
    """When an edit asks for its reason."""

    CLAIMED = "claimed"
    """Once the plot is claimed: others have begun to rely on what it says."""
    CHANGED = "changed"
    """Also where something was recorded before: a finding is changed, not filled in."""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class EditRule:
    """One column that may be edited.

    Args:
        key: The column's name in the ledger's table.
        label: Its Chinese name.
        kind: What it holds, and with that which editor opens.
        entry: The action whose row in the action table says which plots let the edit in.
        operation: What the journal calls an entry of such edits alone.
        fact: The fact that changes; None for areas that go through an action.
        asks: When a reason is asked.
        clears: Whether it may be emptied.
    """

    key: str
    label: str
    kind: FieldKind
    entry: Operation
    operation: Operation
    fact: Correction | None = None
    asks: Asks = Asks.CLAIMED
    clears: bool = False

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Code and label of each choice; empty where the value is free."""
        listed = None if self.fact is None else self.fact.choices
        return tuple((one.value, one.label) for one in listed) if listed else ()

    @property
    def in_place(self) -> bool:
        """Whether the edit changes one of our own facts and nothing else."""
        return self.operation is Operation.EDIT

    def asks_reason(self, state: State, old: str) -> bool:
        """Whether a reason is asked for a plot in a state, where the field held *old*."""
        if self.asks is Asks.ALWAYS or state in RELIED_UPON:
            return True
        return self.asks is Asks.CHANGED and bool(old)


RELIED_UPON = frozenset({State.CLAIMED, State.ACCEPTED, State.COUNTY_ACCEPTED})
"""States in which a plot's facts have been vouched for: a change must say why."""

CORRECTED = "corrected_"
"""Begins the key of the column that stands beside an issued one."""

SETTLED = "settled"
"""The column of all that is settled: typing there states the area, what no other method claims was restored."""

_FOUND = frozenset({"checked_on", "finding", "problem_kind", "class_now"})
_AFTER_CHECK = frozenset({"checked_on", "finding"})
_KEPT = frozenset({"checked_on", "finding", "problem_kind"})
_REMARK = Correction("remark", "备注", Place.PLOT)


def _own(fact: Correction) -> EditRule:
    kind = FieldKind.CHOICE if fact.choices else FieldKind.DATE if fact.shape is Shape.DATE else FieldKind.TEXT
    asks = Asks.CHANGED if fact.key in _FOUND else Asks.CLAIMED
    entry = Operation.NOTE if fact is _REMARK else Operation.CORRECT
    return EditRule(fact.key, fact.label, kind, entry, Operation.EDIT, fact, asks, fact.key not in _KEPT)


def _beside(fact: Correction) -> EditRule:
    kind = FieldKind.AREA if fact.shape is Shape.AREA else FieldKind.TEXT
    return EditRule(
        f"{CORRECTED}{fact.key}", f"更正后{fact.label}", kind, Operation.CORRECT, Operation.CORRECT, fact, Asks.ALWAYS
    )


def _area(key: str, label: str, operation: Operation) -> EditRule:
    return EditRule(key, label, FieldKind.AREA, operation, operation)


EDITS: Mapping[str, EditRule] = {
    rule.key: rule
    for rule in (
        *(_own(fact) for fact in (*CORRECTIONS, _REMARK) if fact.place is not Place.ISSUED),
        _area("target", "应整改面积", Operation.PLAN),
        _area(SETTLED, "已落实", Operation.PROGRESS),
        *(_area(bucket.value, f"累计{bucket.label}", Operation.PROGRESS) for bucket in Bucket),
        *(_beside(fact) for fact in CORRECTIONS if fact.place is Place.ISSUED),
    )
}
"""Every column that may be edited, by key."""

_ISSUED = frozenset(fact.key for fact in CORRECTIONS if fact.place is Place.ISSUED) | {"issued_area", "kind"}


def is_issued(key: str) -> bool:
    """Whether a column holds an issued fact, which is corrected beside and never typed over."""
    return key in _ISSUED


def why_not(key: str) -> str:
    """Why a column cannot be typed into, in one sentence; empty where it can."""
    if key in EDITS:
        return ""
    if key in {"state", "label", "held", "rectify", "round"}:
        return "状态按步骤变，不能直接填。请用右边的按钮记这一步。"
    if is_issued(key):
        return "下发的内容不改。要更正，请用“更正”，原来的内容会留在旁边。"
    return "这一列由其他列得出，不用填。"


def refuse_edit(rule: EditRule, state: State, desk: Desk, *, held: bool) -> Refusal | None:
    """Why desk, state or hold do not let an edit in; None where they do."""
    closed_door = refuse_entry(ACTIONS[rule.entry.value], state, desk, held=held)
    if closed_door is None and rule.key in _AFTER_CHECK and state is State.ISSUED:
        return Refusal("not_checked", "还没有自查，请先记自查", rule.key)
    return closed_door


def read_fact(rule: EditRule, text: str, classes: LandClasses) -> Mapping[str, str | None] | Refusal:
    """What one of our own facts becomes, by column as it is stored; a refusal where the text cannot be read.

    Raises:
        KeyError: The rule is of no fact.
    """
    fact = rule.fact
    if fact is None:
        raise KeyError(rule.key)
    plain = text.strip()
    if not plain:
        if not rule.clears:
            return Refusal("not_cleared", f"{rule.label}不能清空", rule.key)
        return _nothing(fact)
    new = new_text(fact, plain, classes)
    if isinstance(new, Refusal):
        return Refusal(new.code, new.message, rule.key)
    if fact.key != "class_now":
        return {fact.key: new}
    read = read_class(plain, classes)
    system, code, name = ("", "", plain) if isinstance(read, Refusal) else read
    return {"class_now_system": system, "class_now": code, "class_now_name": name}


def _nothing(fact: Correction) -> Mapping[str, str | None]:
    if fact.key == "class_now":
        return {"class_now_system": "", "class_now": "", "class_now_name": ""}
    return {fact.key: None if fact.shape is Shape.DATE else ""}
