"""What the evidence rules say, in the table and on the workbench: told, filtered by, one press to those plots."""

from __future__ import annotations

from pathlib import Path

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.evidence import service
from gengdi_desktop.evidence.verdicts.service import verdicts
from gengdi_desktop.ledger.queries import plot_lines
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.links import linked
from gengdi_desktop.ui.models.plot_columns import EVIDENCE, NUMBER, USUAL
from gengdi_desktop.ui.pages.evidence_todo import CLAIMED, read_evidence_todos
from gengdi_desktop.ui.pages.home_page import HomePage
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.table_cells import CELL_ROLE
from tests.gui.test_ledger_page import column, opened, page_of
from tests.gui.window_stage import Stage
from tests.helpers.photos import jpeg, scene


def lacking(window: Stage, code: str) -> set[str]:
    """The plots that were claimed and of which the rules say so."""
    ledger = window.context.ledger
    told = {plot for plot, one in verdicts(ledger).items() if one.verdict.value == code}
    return {one.id for one in plot_lines(ledger, sorted(told)) if one.state in CLAIMED}


def test_the_workbench_counts_files_that_are_not_whole_and_leads_there(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("home")
    home = window.window.page
    assert isinstance(home, HomePage)
    found = [one for one in home._beside["photos"] if "evidence=" in one.link and one.count]
    assert found
    for todo in found:
        code = (linked(todo.link)[1] or {})["evidence"]
        home._follow(todo.link)
        window.settle()
        page = window.window.page
        assert isinstance(page, LedgerPage)
        assert set(page.model.ids) == lacking(window, code)
        assert len(page.model.ids) == todo.count
        assert page.table.columns[page.table.right.currentIndex().column()].key == EVIDENCE
        window.go("home")


def test_a_cell_tells_it_in_a_mark_and_words_and_follows_the_ledger(window: Stage, tmp_path: Path) -> None:
    page = page_of(window, evidence="missing")
    plot = page.model.ids[0]
    index = page.model.index(0, column(page, EVIDENCE))
    before = page.model.data(index, CELL_ROLE)
    (flag,) = before.value
    assert isinstance(flag, Flag)
    assert flag.sign == "stop"
    assert flag.words.startswith("缺")
    assert "（按“" in before.text
    photo = tmp_path / "整改中.jpg"
    photo.write_bytes(jpeg(scene(960, 720, 91)))
    for stage in ("during", "paper"):
        changes = service.attach(window.context.ledger, plot, [photo], stage, by=Actor("吴小琴")).changes
        window.context.bus.tell(changes)
        window.settle()
    page.wish({})
    window.settle()
    row = page.model.row_of(plot)
    after = page.model.data(page.model.index(row, column(page, EVIDENCE)), CELL_ROLE)
    told = verdicts(window.context.ledger, [plot])[plot]
    assert after.text == told.sentence != before.text


def test_it_is_ticked_under_its_head(window: Stage) -> None:
    page = page_of(window)
    popup = opened(window, page, EVIDENCE)
    rows = [popup._list.item(at).text().split("　")[0] for at in range(popup._list.count())]
    assert rows[0] == "缺"
    popup._find.setText("存疑")
    popup.take()
    window.settle()
    told = {plot for plot, one in verdicts(window.context.ledger).items() if one.verdict.value == "unclear"}
    assert set(page.model.ids) == told
    assert page.table.asked_filters() == {EVIDENCE: "=存疑"}


def test_a_filter_from_a_link_brings_its_column_into_sight(window: Stage) -> None:
    page = page_of(window)
    page.views.lay(page.views.layout_now().without(EVIDENCE))
    window.settle()
    assert EVIDENCE not in {one.key for one in page.table.columns}
    window.go("ledger", {EVIDENCE: "missing"})
    assert page.table.asked_filters() == {EVIDENCE: "=缺"}
    assert [one.key for one in page.table.columns] == [NUMBER, *USUAL[1:]]


def test_nothing_is_told_of_what_nobody_claimed(window: Stage) -> None:
    found = read_evidence_todos(window.context.ledger, Progress(lambda _done, _total: None))
    lines = {one.sentence: one for one in found}
    assert lines["已经申报，证据还缺"].count == len(lacking(window, "missing"))
    assert lines["已经申报，证据存疑"].count == len(lacking(window, "unclear"))
