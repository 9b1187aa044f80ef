"""The page of reports at the county's desk: its own papers, what stands where nothing was checked yet, who signs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.reports.document import Document
from gengdi_desktop.ui.pages.reports_page import ReportsPage
from tests.gui.county_desk import NAME, check_some, draw_some, make_county
from tests.gui.scenes_reports import reports_page
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock
from tests.helpers.counties import TEAM


@pytest.fixture
def made(tmp_path: Path, clock: FixedClock) -> Iterator[Stage]:
    """The window with a county's ledger in which nothing is checked."""
    folder = make_county(tmp_path / NAME)
    with stage(clock) as opened:
        opened.open(folder)
        opened.window.member_chosen.emit(TEAM.name)
        yield opened


def shown(made: Stage, **wishes: str) -> ReportsPage:
    """The page, come to rest."""
    made.go("reports", wishes)
    made.settle()
    return reports_page(made)


def test_until_something_is_checked_the_page_leads_to_the_spot_check(made: Stage) -> None:
    page = shown(made)
    kinds = [page._kind.itemText(at) for at in range(page._kind.count())]
    assert kinds == ["抽查情况报告", "退回清单", "总结报告", "整改台账"]
    assert page._nothing["nothing_checked"].isVisible()
    assert page._draft is None
    ledger = made.context.ledger
    check_some(ledger, draw_some(ledger), checked=3, failed=0)
    page = shown(made, kind="spot_check_report")
    assert page._draft is not None
    assert not page._nothing["nothing_checked"].isVisible()
    page = shown(made, kind="return_list")
    assert page._nothing["nothing_failed"].isVisible()
    # What was in front before is not printed or saved under another name.
    assert (page._draft, page._frozen, page._word.isEnabled()) == (None, None, False)


def test_a_paper_tells_of_the_sample_that_led_here(made: Stage) -> None:
    ledger = made.context.ledger
    first = check_some(ledger, draw_some(ledger), checked=3, failed=1)
    framed = sampling.freeze_frame(ledger, name="第二次", strata=("kind",), by=TEAM)
    drawn = sampling.draw(ledger, framed.id, seed="7", count=6, by=TEAM)
    second = check_some(ledger, drawn, checked=2, failed=0)
    page = shown(made, kind="spot_check_report", sample=first.id)
    assert page._draft is not None
    told = page._draft.draft.snapshot.sample_check
    assert told is not None
    assert told.id == first.id != second.id


def test_who_signs_can_be_said_otherwise(made: Stage) -> None:
    page = shown(made, kind="county_summary")
    field = page._stations._fields._texts["organ"]
    assert field.text() == "进贤县自然资源和规划局"
    field.setText("进贤县人民政府办公室")
    page._stations._fields._tell()
    made.settle()
    assert page._draft is not None
    paper = page._draft.draft.paper
    assert isinstance(paper, Document)
    assert paper.signature.organ == "进贤县人民政府办公室"
