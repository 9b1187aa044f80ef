"""What guards ask beside a plot: who acts, at which desk, on which day, by which rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.domain.outcomes import ActionContext
from gengdi_desktop.domain.people import Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.rules.service import rules_in_force
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.system.reference import land_classes

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger


def action_context(ledger: Ledger, by: Actor) -> ActionContext:
    """What guards ask beside the plot.

    Raises:
        RuleError: ``viewer``: the actor may only look.
    """
    active = {member.name: member.role for member in ledgers.members(ledger) if member.active}
    if active.get(by.name) is Role.VIEWER:
        raise RuleError("viewer", f"{by.name}只能查看，不能办理。台账没有变。", "请换经办人来办。")
    return ActionContext(
        today=ledger.today(),
        desk=Desk(ledger.info.desk),
        actor=by.name,
        members=frozenset(name for name, role in active.items() if role is not Role.VIEWER),
        rules=ledgers.campaign(ledger).rules,
        evidence=rules_in_force(ledger),
        classes=land_classes(),
    )
