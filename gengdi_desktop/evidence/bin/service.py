"""The bin: attachments taken off a plot with a day and a reason; their bytes stay, and they can be put back.

What a frozen report counted stays counted there: a report keeps its snapshot, and later ones count what is in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.bin import store
from gengdi_desktop.evidence.records import Removed
from gengdi_desktop.evidence.store import attachment_rows, is_attached_like

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger


def remove(ledger: Ledger, attachment_ids: Sequence[int], *, by: Actor, reason: str) -> Changes:
    """Lay attachments into the bin, as one entry.

    Raises:
        RuleError: ``reason_missing``, ``unknown_attachment``.
    """
    if not reason.strip():
        raise RuleError("reason_missing", "还没有写删除的原因，没有删除。", "请写一句原因，例如“附错了图斑”。")
    with ledger.begin(Operation.ATTACH, by, reason=reason.strip()) as work:
        rows = attachment_rows(work.session, dict.fromkeys(attachment_ids), removed=False)
        _require_all(rows, attachment_ids, "附件里", "没有删除")
        store.set_removed(work, rows, ledger.today().isoformat(), reason.strip())
        return work.commit()


def removed(ledger: Ledger) -> tuple[Removed, ...]:
    """What lies in the bin, the latest first."""
    with ledger.reading() as session:
        return store.removed(session)


def put_back(ledger: Ledger, attachment_ids: Sequence[int], *, by: Actor) -> Changes:
    """Take attachments out of the bin again, as one entry.

    Raises:
        RuleError: ``unknown_attachment``; ``already_attached``: the same file was attached there anew.
    """
    with ledger.begin(Operation.ATTACH, by, reason="从回收站放回") as work:
        rows = attachment_rows(work.session, dict.fromkeys(attachment_ids), removed=True)
        _require_all(rows, attachment_ids, "回收站里", "没有放回")
        for row in rows:
            if is_attached_like(work.session, row):
                message = f"“{row.name}”已经重新附在同一个地方，没有放回。"
                raise RuleError("already_attached", message, "不用再放回；别的文件请另选。")
        store.set_removed(work, rows, None, "")
        return work.commit()


def _require_all(rows: Sequence[object], ids: Sequence[int], where: str, undone: str) -> None:
    if not rows or len(rows) != len(set(ids)):
        raise RuleError("unknown_attachment", f"有的文件已经不在{where}，{undone}，什么都没有改。", "请刷新后再选。")
