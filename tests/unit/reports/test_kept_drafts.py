"""What was settled and worded for a report survives closing, and is no entry of the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.reports import service
from gengdi_desktop.reports.settings import PaperSigner
from tests.helpers.clock import FixedClock
from tests.unit.reports.ledgers import make

KIND = "rectification_letter"


def test_a_draft_is_there_after_closing_and_leaves_no_entry(tmp_path: Path) -> None:
    with make(tmp_path / "台账") as ledger:
        head = ledger.head()
        given = service.settings_of(ledger, KIND)
        assert service.kept_draft(ledger, KIND, given) == given
        wanted = replace(
            given,
            number="白府函〔2023〕12号",
            recipient="县专班",
            day=date(2023, 8, 19),
            signers=(PaperSigner("经办人", "吴小琴"), PaperSigner("单位公章")),
            wording={"next": "下一步，\n继续抓好。", "gone": "没有这一段"},
        )
        service.keep_draft(ledger, KIND, wanted)
        assert ledger.head() == head
    with open_ledger(tmp_path / "台账", FixedClock()) as ledger:
        assert service.kept_draft(ledger, KIND, given) == wanted
        assert service.kept_draft(ledger, "self_check_report", given) == given
        assert check(ledger).ok
        service.keep_draft(ledger, KIND, replace(wanted, recipient="县政府"))
        assert service.kept_draft(ledger, KIND, given).recipient == "县政府"
        service.forget_draft(ledger, KIND)
        assert service.kept_draft(ledger, KIND, given) == given


def test_a_draft_that_is_dated_today_is_dated_anew_tomorrow(tmp_path: Path) -> None:
    with make(tmp_path / "台账") as ledger:
        given = service.settings_of(ledger, KIND)
        assert given.day == ledger.today()
        service.keep_draft(ledger, KIND, replace(given, recipient="县专班"))
        tomorrow = replace(given, day=date(2023, 8, 21))
        assert service.kept_draft(ledger, KIND, tomorrow).day == date(2023, 8, 21)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"signers":3}', '{"day":"gestern"}'])
def test_what_cannot_be_read_is_left_alone(tmp_path: Path, body: str) -> None:
    with make(tmp_path / "台账") as ledger:
        given = service.settings_of(ledger, KIND)
        service.keep_draft(ledger, KIND, given)
        with ledger.database.unjournalled() as connection:
            connection.execute(text("UPDATE form_draft SET body = :body"), {"body": body})
        assert service.kept_draft(ledger, KIND, given) == given


def test_a_kind_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with make(tmp_path / "台账") as ledger, pytest.raises(RuleError):
        service.keep_draft(ledger, "没有", service.settings_of(ledger, KIND))
