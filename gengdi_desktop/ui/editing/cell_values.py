"""What a cell holds as it is stored, as it is shown in an editor, and what a typed text means there."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.actions import FieldKind
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.edits import CORRECTED
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import words

if TYPE_CHECKING:
    from gengdi_desktop.domain.edits import EditRule
    from gengdi_desktop.ledger.queries import PlotLine

_KINDS: Final = {one.value: one.label for one in ProblemKind}


def stored_text(line: PlotLine, key: str) -> str | None:
    """What a line holds in a column, as the ledger stores it; None where the line does not tell it."""
    if key.startswith(CORRECTED):
        return line.corrected.get(key.removeprefix(CORRECTED), "")
    if not hasattr(line, key):
        return None
    value = getattr(line, key)
    if isinstance(value, Area):
        return value.exact()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return "" if value is None else str(value)


def copied_text(line: PlotLine, key: str, shown: str) -> str:
    """What a cell gives to other programs: exact areas, whole days, words for codes; else what it shows."""
    value = getattr(line, key, None)
    if isinstance(value, Area):
        return value.exact()
    if isinstance(value, date):
        return value.isoformat()
    if key == "kind":
        return _KINDS.get(str(value), str(value or ""))
    label = getattr(value, "label", None)
    if isinstance(label, str):
        return label
    if isinstance(value, str):
        return value
    return "" if shown == words.NOTHING else shown


def editor_text(rule: EditRule, stored: str) -> str:
    """What an editor begins with when a cell is gone on with."""
    if rule.kind is FieldKind.CHOICE:
        return dict(rule.choices).get(stored, stored)
    return stored


def typed_text(rule: EditRule, text: str, today: date) -> str:
    """What a typed text means, as services read it: days whole, areas as written, choices as codes; empty clears.

    Raises:
        RuleError: It cannot stand in this column; message and hint are for the person who types.
    """
    plain = text.strip()
    if not plain:
        if not rule.clears:
            hint = "没有就填 0。" if rule.kind is FieldKind.AREA else "按 Esc 恢复原来的内容。"
            raise RuleError("not_cleared", f"{rule.label}不能清空。", hint)
        return ""
    if rule.kind is FieldKind.DATE:
        return _day(plain, today)
    if rule.kind is FieldKind.AREA:
        return Area.parse(plain).exact()
    if rule.kind is FieldKind.CHOICE:
        return _choice(rule, plain)
    return plain


def _day(text: str, today: date) -> str:
    found = words.read_day(text, today)
    if found is None:
        raise RuleError("bad_date", f"“{text}”不是日期。", "可以写成 8-17，也可以写成 2023年8月17日。")
    return found.isoformat()


def _choice(rule: EditRule, text: str) -> str:
    plain = "".join(text.split())
    exact = next((code for code, label in rule.choices if plain in {code, label}), "")
    if exact:
        return exact
    begun = [code for code, label in rule.choices if label.startswith(plain)]
    if len(begun) == 1:
        return begun[0]
    raise RuleError("not_a_choice", f"没有“{text}”。", f"可以选：{'、'.join(label for _, label in rule.choices)}。")
