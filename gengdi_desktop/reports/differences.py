"""What differs between two versions of a report, or between a frozen one and the ledger as it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.reports import store
from gengdi_desktop.reports.comparing import Differences, Side, compare
from gengdi_desktop.reports.document_json import paper_of
from gengdi_desktop.reports.drafts import compose, settings_of
from gengdi_desktop.reports.facts.snapshot_json import thaw_facts
from gengdi_desktop.reports.frozen import ReportInfo, kept_bytes, report
from gengdi_desktop.reports.kept_drafts import kept_draft
from gengdi_desktop.reports.made_files import FileRole, Progress

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.reports.facts.snapshot import Snapshot

NOW = "现在的台账"


def differences(
    ledger: Ledger, older: int, newer: int | None = None, *, progress: Progress | None = None
) -> Differences:
    """Compare a frozen report with another of its kind, or with what it would say now.

    Args:
        ledger: An open ledger.
        older: The key of the report that is compared.
        newer: The key of the other; None means the ledger as it stands, with the words that are kept of its draft.
        progress: Told how many of the differing plots are followed back; may raise to stop.

    Raises:
        RuleError: ``unknown_report``; ``other_kind``: only reports of one kind can be compared.
        SurroundingsError: A kept file is gone or damaged.
    """
    before = report(ledger, older)
    if newer is None:
        then = _frozen(ledger, before)
        return compare(then, _present(ledger, before.kind, then.snapshot), progress)
    after = report(ledger, newer)
    if after.kind != before.kind:
        raise RuleError(
            "other_kind",
            f"“{before.kind_label}”和“{after.kind_label}”不是同一种报告，没有比。",
            "请选同一种报告的两版。",
        )
    return compare(_frozen(ledger, before), _frozen(ledger, after), progress)


def _frozen(ledger: Ledger, info: ReportInfo) -> Side:
    facts = next(one for one in info.files if one.role is FileRole.SNAPSHOT)
    with ledger.reading() as session:
        row = store.report_row(session, info.id)
        model = store.stored_file(session, row.model_file) if row else None
    if model is None:
        raise SurroundingsError("file_missing", "台账里没有这份报告的内容记录。", "请从备份里找回这本台账。")
    snapshot = thaw_facts(kept_bytes(ledger, facts))
    words = f"{info.number} 第 {info.version} 版".strip()
    return Side(words, snapshot.as_of, snapshot, paper_of(ledger.folder.read(model)))


def _present(ledger: Ledger, kind: str, then: Snapshot) -> Side:
    """What the report would say now, of the same sample where it tells of one."""
    settings = kept_draft(ledger, kind, settings_of(ledger, kind))
    if then.sample_check is not None:
        settings = replace(settings, sample=then.sample_check.id)
    draft = compose(ledger, kind, settings, lenient=True)
    return Side(NOW, draft.snapshot.as_of, draft.snapshot, draft.paper, settled=False)
