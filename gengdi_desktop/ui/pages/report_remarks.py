"""What keeps no report from being frozen, but stands in it as it is: told on the workbench and beside the paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gengdi_desktop.ui.links import link
from gengdi_desktop.ui.widgets.todo import Todo

if TYPE_CHECKING:
    from gengdi_desktop.ledger.figures import Figures
    from gengdi_desktop.ledger.worklists import QueueTally


def remarks_of(figures: Figures, queues: Mapping[str, QueueTally]) -> tuple[Todo, ...]:
    """Each with the way to exactly those plots; least work first."""
    found = (
        Todo(queues["claim"].count, "已落实还没申报，报了才算数", "", "sky", link("rectification", queue="claim")),
        Todo(queues["accept"].count, "已申报等验收，不计入已整改", "", "sky", link("acceptance", queue="accept")),
        Todo(figures.unentered.count, "清单里的行没有入账，会写成未入账", "", "soil", "intake"),
        Todo(queues["check"].count, "还没有自查结论", "", "soil", link("self_check", queue="check")),
        Todo(queues["returned"].count, "退回后还没改好", "", "seal", link("rectification", queue="returned")),
        Todo(figures.overdue, "超期，会逐个列出，附上原因更好", "", "seal", link("ledger", view="overdue")),
    )
    return tuple(one for one in found if one.count)
