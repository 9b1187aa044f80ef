"""What a desk does first while its ledger holds no plot: take in a list, or the package that the county gave."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtWidgets import QPushButton

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.parts import button

_BEGIN: Final[Mapping[Desk, str]] = {
    Desk.TOWNSHIP: "县里给了任务包的，收任务包；给了清单的，导入清单。Excel、WPS 的表都行，不用先整理。",
    Desk.TEAM: "先收下县里的抽查任务包。有清单的也可以直接导进来，Excel、WPS 的表都行。",
    Desk.COUNTY: "先把全县的清单导进来，再在“交换”页给各乡镇打任务包。Excel、WPS 的表都行，合并表头不用先整理。",
}
_COMFORT: Final = "写入之前都会先给您看。"
_TAKES: Final = {Desk.TOWNSHIP: PackageKind.TASK, Desk.TEAM: PackageKind.CHECK_TASK}


def empty_ledger(context: UiContext) -> EmptyState:
    """The face of a page while the ledger is empty: the ways in that this desk has, the usual one first."""
    return EmptyState("台账还是空的", _BEGIN[Desk(context.facts.desk)], ways_in(context), _COMFORT)


def ways_in(context: UiContext) -> tuple[QPushButton, ...]:
    """Buttons to the list and, where the county sends packages, to its package; the usual one is the main one."""
    desk = Desk(context.facts.desk)
    kind, go = _TAKES.get(desk), context.host.go
    by_package = desk == Desk.TEAM
    listed = button("导入下发清单", "" if by_package else "main", "import", pressed=partial(go, "intake"))
    if kind is None:
        return (listed,)
    wish = {"section": "take", "kind": kind.value}
    taken = button(f"收{kind.label}", "main" if by_package else "", "drive", pressed=partial(go, "exchange", wish))
    return (taken, listed) if by_package else (listed, taken)
