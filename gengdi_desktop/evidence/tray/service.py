"""The tray (待归位): files that were taken in and name no plot, until a person places or discards them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.records import TrayFile
from gengdi_desktop.evidence.service import stage_of
from gengdi_desktop.evidence.store import attach_each
from gengdi_desktop.evidence.tray import store

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.choices import Stage
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger


def waiting(ledger: Ledger) -> tuple[TrayFile, ...]:
    """The files that wait, in the order in which they came; what photos say is in ``service.photos``."""
    with ledger.reading() as session:
        return store.waiting(session)


def place(ledger: Ledger, ids: Sequence[int], plot: str, stage: Stage | str, *, by: Actor) -> Changes:
    """Attach waiting files to a plot's current round, as one entry; one that is attached there already only leaves.

    Raises:
        RuleError: ``not_waiting``, ``unknown_plot``, ``unknown_stage``.
    """
    at_stage = stage_of(stage)
    with ledger.begin(Operation.ATTACH, by) as work:
        rows = store.tray_rows(work.session, dict.fromkeys(ids))
        _require_all(rows, ids)
        new = store.as_new(work.session, rows)
        if attach_each(work, [(plot, at_stage, one) for one in new]) is not None:
            raise RuleError("unknown_plot", f"台账里没有图斑“{plot}”，文件还在待归位里。", "请核对编号。")
        store.settle(work, rows, store.PLACED, ledger.today().isoformat(), plot)
        return work.commit()


def discard(ledger: Ledger, ids: Sequence[int], *, by: Actor, reason: str) -> Changes:
    """Take waiting files out of the tray, as one entry that can be undone; their bytes stay in the folder.

    Raises:
        RuleError: ``not_waiting``, ``reason_missing``.
    """
    if not reason.strip():
        raise RuleError(
            "reason_missing", "还没有写不要的原因，文件还在待归位里。", "请写一句原因，例如“不是本专项的照片”。"
        )
    with ledger.begin(Operation.ATTACH, by, reason=reason.strip()) as work:
        rows = store.tray_rows(work.session, dict.fromkeys(ids))
        _require_all(rows, ids)
        store.settle(work, rows, store.DISCARDED, ledger.today().isoformat())
        return work.commit()


def _require_all(rows: Sequence[object], ids: Sequence[int]) -> None:
    if not rows or len(rows) != len(set(ids)):
        raise RuleError("not_waiting", "有的文件已经不在待归位里，什么都没有改。", "请刷新后再选。")
