"""Drafts: kept by place and member, outside the journal, gone when saved."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.drafts import drafts_below, find_draft, forget_draft, keep_draft
from gengdi_desktop.ledger.service import open_ledger
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import new_ledger

ME, OTHER = "王秀英", "李建国"


def test_a_draft_is_there_after_the_program_was_killed(tmp_path: Path) -> None:
    clock = FixedClock()
    with new_ledger(tmp_path / "台账", clock=clock) as ledger:
        head = ledger.head()
        keep_draft(ledger, "action:plan:p1", {"整改措施": "清理后复", "时限": "8."}, member=ME)
        keep_draft(ledger, "action:plan:p1", {"整改措施": "清理后复种"}, member=ME)
        assert ledger.head() == head
    with open_ledger(tmp_path / "台账", clock) as ledger:
        found = find_draft(ledger, "action:plan:p1", member=ME)
        assert found is not None
        assert (found.values, found.saved_at) == ({"整改措施": "清理后复种"}, clock.now())
        assert check(ledger).ok


def test_drafts_are_told_apart_by_member_and_place(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账") as ledger:
        keep_draft(ledger, "cell:p1:person", {"text": "罗"}, member=ME)
        keep_draft(ledger, "cell:p2:person", {"text": "吴"}, member=OTHER)
        keep_draft(ledger, "cellar", {"text": "别"}, member=ME)
        assert find_draft(ledger, "cell:p1:person", member=OTHER) is None
        assert [one.place for one in drafts_below(ledger, "cell:", member=ME)] == ["cell:p1:person"]
        assert drafts_below(ledger, "c_ll:", member=ME) == ()


def test_what_was_saved_is_forgotten(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账") as ledger:
        keep_draft(ledger, "member", {"姓名": "张"}, member=ME)
        forget_draft(ledger, "member", member=ME)
        forget_draft(ledger, "member", member=ME)
        assert find_draft(ledger, "member", member=ME) is None


def test_what_was_typed_stays_however_long_it_lies(tmp_path: Path) -> None:
    clock = FixedClock()
    with new_ledger(tmp_path / "台账", clock=clock) as ledger:
        keep_draft(ledger, "member", {"姓名": "张"}, member=ME)
        clock.advance(timedelta(days=4000))
        keep_draft(ledger, "campaign", {"名称": "新"}, member=ME)
        assert len(drafts_below(ledger, "member", member=ME)) == 1
