"""Voiding: with a reason, never of what went up, told by the list and the history, its number used for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import check, undo
from gengdi_desktop.ledger.folder import FolderPart, LedgerFolder, StoredFile
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.reports import service
from gengdi_desktop.reports.readiness import readiness
from tests.unit.reports.ledgers import CLERK, LEADER, STORY, make

NUMBER = "白府函〔2023〕1号"
KIND = "rectification_letter"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with make(tmp_path / "台账", STORY[:3]) as made:
        yield made


def freeze(ledger: Ledger, number: str = NUMBER, kind: str = KIND) -> service.ReportInfo:
    settings = replace(service.settings_of(ledger, kind), own_fonts=False, number=number, number_prefix="白府函")
    return service.freeze(ledger, kind, settings, by=CLERK)


def test_a_voided_report_says_who_when_and_why_and_keeps_its_files(ledger: Ledger, tmp_path: Path) -> None:
    info = freeze(ledger)
    seq = service.void(ledger, info.id, reason=" 签发前发现主送写错 ", by=LEADER)
    [found] = service.reports(ledger)
    assert (found.state, found.is_void, found.state_words) == (service.ReportState.VOID, True, "已作废")
    assert found.voiding is not None
    assert (found.voiding.by, found.voiding.reason, found.voiding.at) == (
        LEADER.name, "签发前发现主送写错", ledger.clock.now(),
    )  # fmt: skip
    assert service.report(ledger, info.id).as_json()["void_reason"] == "签发前发现主送写错"
    told = history(ledger, limit=1)[0]
    assert (told.seq, told.sentence) == (seq, f"作废报告：{info.title}；原因：签发前发现主送写错")
    assert service.kept_bytes(ledger, found.main) == service.kept_bytes(ledger, info.main)
    assert service.files(ledger, info.id, tmp_path)
    assert check.check(ledger).ok


def test_nothing_goes_on_with_a_voided_report(ledger: Ledger) -> None:
    info = freeze(ledger)
    service.void(ledger, info.id, reason="写错", by=CLERK)
    with pytest.raises(RuleError) as refused:
        service.void(ledger, info.id, reason="又来", by=CLERK)
    assert refused.value.code == "report_void"
    with pytest.raises(RuleError) as refused:
        service.hand_in(ledger, info.id, to="县专班", medium="U盘", by=CLERK)
    assert refused.value.code == "report_void"
    with pytest.raises(RuleError, match="不能") as refused:
        undo.undo(ledger, history(ledger, limit=1)[0].seq, by=CLERK)
    assert service.report(ledger, info.id).is_void


def test_what_went_up_is_not_voided_but_taken_the_place_of(ledger: Ledger) -> None:
    first = freeze(ledger)
    service.hand_in(ledger, first.id, to="县专班", medium="U盘", by=CLERK)
    with pytest.raises(RuleError) as refused:
        service.void(ledger, first.id, reason="有误", by=CLERK)
    assert refused.value.code == "report_sent"
    second = freeze(ledger)
    assert (second.version, second.supersedes) == (2, first.id)
    assert service.report(ledger, first.id).state_words == "已报送，已由第 2 版代替"
    service.void(ledger, second.id, reason="有误", by=CLERK)
    assert service.report(ledger, first.id).state_words == "已报送"
    third = freeze(ledger)
    assert (third.version, third.supersedes) == (3, first.id)
    assert service.report(ledger, first.id).state_words == "已报送，已由第 3 版代替"


def test_what_is_voided_while_it_goes_up_stays_voided(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = freeze(ledger)
    receipt = tmp_path / "回执.pdf"
    receipt.write_bytes(b"%PDF-1.7 receipt")
    keep = LedgerFolder.keep

    def voided_meanwhile(folder: LedgerFolder, part: FolderPart, source: bytes | Path, suffix: str = "") -> StoredFile:
        monkeypatch.undo()
        service.void(ledger, info.id, reason="写错", by=CLERK)
        return keep(folder, part, source, suffix)

    monkeypatch.setattr(LedgerFolder, "keep", voided_meanwhile)
    with pytest.raises(RuleError) as refused:
        service.hand_in(ledger, info.id, to="县专班", medium="U盘", receipt=receipt, by=CLERK)
    assert refused.value.code == "report_void"
    assert service.report(ledger, info.id).is_void
    assert service.report(ledger, info.id).hand_ins == ()


def test_the_number_of_a_voided_report_stays_used(ledger: Ledger) -> None:
    info = freeze(ledger)
    service.void(ledger, info.id, reason="写错", by=CLERK)
    settings = replace(service.settings_of(ledger, KIND), number_prefix="白府函", day=date(2023, 8, 20))
    assert service.proposed_number(ledger, settings) == "白府函〔2023〕2号"
    with pytest.raises(RuleError) as refused:
        freeze(ledger, kind="rectification_report")
    assert refused.value.code == "number_taken"
    assert freeze(ledger).version == 2
    assert readiness(ledger, KIND).kind == KIND


@pytest.mark.parametrize(("report", "reason", "code"), [(1, "  ", "reason_missing"), (9, "写错", "unknown_report")])
def test_a_voiding_needs_a_report_and_a_reason(ledger: Ledger, report: int, reason: str, code: str) -> None:
    freeze(ledger)
    with pytest.raises(RuleError) as refused:
        service.void(ledger, report, reason=reason, by=CLERK)
    assert refused.value.code == code
    assert not service.report(ledger, 1).is_void
