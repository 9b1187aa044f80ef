"""A file that was put to the wrong stage is put to the right one, as one entry; its bytes and its plot stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence import store

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.choices import Stage
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger


def put_to_stage(ledger: Ledger, attachment_ids: Sequence[int], stage: Stage, *, by: Actor) -> Changes:
    """Put attachments to another stage; those that are there already stay as they are.

    Raises:
        RuleError: ``unknown_attachment``: one of them is gone; ``already_attached``: the same file is there already.
    """
    wanted = list(dict.fromkeys(attachment_ids))
    with ledger.begin(Operation.ATTACH, by, reason=f"放到“{stage.label}”") as work:
        rows = store.attachment_rows(work.session, wanted, removed=False)
        if not rows or len(rows) != len(wanted):
            raise RuleError(
                "unknown_attachment", "有的文件已经不在附件里，没有放过去，什么都没有改。", "请刷新后再选。"
            )
        for row in rows:
            if row.stage == stage.value:
                continue
            row.stage = stage.value
            with work.session.no_autoflush:
                there = store.is_attached_like(work.session, row)
            if there:
                message = f"“{row.name}”在“{stage.label}”里已经有了，没有放过去，什么都没有改。"
                raise RuleError("already_attached", message, "多出来的一份可以拿下。")
            work.session.add(row)
        return work.commit()
