"""``--where``: conditions on plots as the command line writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gengdi_desktop.cli.arguments import UsageError
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.states import Label, State

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import Condition

_MATCHES = {">=": "at_least", "<=": "at_most", "~": "contains", "=": "equal"}


def conditions(said: str | None) -> tuple[Condition, ...]:
    """``village=白圩村,state=整改中``: fields of the plot table; words of states and labels are understood."""
    from gengdi_desktop.ledger.queries import Condition, Match

    found = []
    for part in (said or "").replace("，", ",").split(","):
        if not part.strip():
            continue
        mark = next((mark for mark in _MATCHES if mark in part), None)
        if mark is None:
            raise UsageError(f"条件“{part}”要写成 名称=值，例如 village=白圩村。")
        field, _mark, value = part.partition(mark)
        found.append(Condition(field.strip(), _code_of(field.strip(), value.strip()), Match[_MATCHES[mark].upper()]))
    return tuple(found)


def _code_of(field: str, value: str) -> str:
    words: dict[str, Iterable[State | Label | ProblemKind]] = {"state": State, "label": Label, "kind": ProblemKind}
    return next((str(code) for code in words.get(field, ()) if code.label == value), value)
