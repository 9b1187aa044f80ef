"""Voiding a frozen report that never went up: a reason, an entry in the journal, and its number stays used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports import store

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

VOID = "void"
"""The stored state of a report that was voided; it leads nowhere."""


@dataclass(frozen=True, slots=True)
class Voiding:
    """Who voided a report, when and why."""

    at: datetime
    by: str
    reason: str


def void(ledger: Ledger, report_id: int, *, reason: str, by: Actor) -> int:
    """Void a frozen or signed report; its files stay as they are, and so does its number.

    Args:
        ledger: Open for writing.
        report_id: The report's key.
        reason: Why; the list tells it for good.
        by: Who voids it.

    Returns:
        The number of the journal's entry.

    Raises:
        RuleError: ``unknown_report``, ``reason_missing``, ``report_void``; ``report_sent``: what went up is only
            superseded, by another version.
        SurroundingsError: The ledger cannot be written.
    """
    if not reason.strip():
        raise RuleError("reason_missing", "还没有写作废的原因，报告没有作废。", "请写一句，例如“签发前发现主送写错”。")
    with ledger.begin(Operation.VOID, by, reason=reason.strip()) as work:
        row = store.report_row(work.session, report_id)
        if row is None:
            raise unknown_report(report_id)
        require_in_force(row.state)
        if store.hand_in_rows(work.session, report_id):
            raise RuleError(
                "report_sent",
                "这份报告已经报送，不能作废，只能由新的一版代替。报告没有变。",
                "请另出一版：新的一版会写明代替哪一版，报送记录都留着。",
            )
        row.state = VOID
        seq = work.commit().seq
    return seq or 0


def unknown_report(report_id: int) -> RuleError:
    """The refusal of a key that no report has."""
    return RuleError("unknown_report", f"台账里没有编号为 {report_id} 的报告。", "请先看看定稿过哪些报告。")


def require_in_force(state: str) -> None:
    """Refuse to go on with a report that was voided.

    Raises:
        RuleError: ``report_void``.
    """
    if state == VOID:
        raise RuleError("report_void", "这份报告已经作废，不能再签名、报送或作废。报告没有变。", "要报就另出一版。")


def voidings(session: Session) -> Mapping[int, Voiding]:
    """Of every voided report who did it, when and why, as the journal says."""
    return {
        key: Voiding(datetime.fromisoformat(head.at).astimezone(UTC), head.actor, head.reason or "")
        for key, head in store.void_entries(session)
    }
