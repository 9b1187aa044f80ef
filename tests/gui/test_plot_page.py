"""The plot page: issued beside corrected, the journal with values to restore, the next plot a key away, Esc back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ledger import queries
from gengdi_desktop.phases import service
from gengdi_desktop.ui.dialogs.action_dialog import ActionDialog
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.pages.plot_card_view import until_words
from gengdi_desktop.ui.pages.plot_page import PlotPage
from tests.gui.scenes_desk import show_plot
from tests.gui.window_stage import Stage

CLERK = Actor("吴小琴")


def plot_page(stage: Stage) -> PlotPage:
    """The plot page in front."""
    page = stage.window.page
    assert isinstance(page, PlotPage)
    return page


@pytest.fixture
def page(window: Stage) -> PlotPage:
    """The first plot in work, with the clerk in the chair."""
    window.window.member_chosen.emit(CLERK.name)
    show_plot(window, "working")
    return plot_page(window)


def texts(page: PlotPage) -> list[str]:
    """All words on the page."""
    return [one.text() for one in page.findChildren(QLabel) if one.isVisible()]


def act(window: Stage, page: PlotPage, action: str, **values: str) -> None:
    """Do something to the plot in front, and let the page hear of it."""
    outcome = service.act(window.context.ledger, action, [page._plot], values, by=CLERK)
    assert not outcome.refused, outcome.refused
    window.context.bus.tell(outcome.changes)
    window.settle()


def test_what_was_issued_stands_beside_what_was_corrected_with_its_ground(window: Stage, page: PlotPage) -> None:
    assert page.view is not None
    issued = {one.name: one for one in page.view.facts}["图斑编号"]
    assert issued.now == "同下发"
    act(
        window, page, "correct", field="plot_no", value="0999", reason="清单抄错", document_number="核〔2023〕1号",
        date="2023-08-18",
    )  # fmt: skip
    corrected = {one.name: one for one in page.view.facts}["图斑编号"]
    assert (corrected.issued, corrected.now) == (issued.issued, "0999")
    assert corrected.ground == "清单抄错，核〔2023〕1号"
    assert "0999" in texts(page)


def test_the_methods_add_up_to_the_target(page: PlotPage) -> None:
    assert page.view is not None
    parts = page.view.view.parts
    assert sum(one.area.micro_mu for one in parts) == page.view.view.target.micro_mu
    assert f"{len(parts)} 项相加正好等于应整改面积" in texts(page)


def test_an_earlier_value_is_one_press_away_and_undo_takes_the_press_back(window: Stage, page: PlotPage) -> None:
    assert page.view is not None
    before = {one.name: one for one in page.view.people}["责任人"]
    assert before.restore == ""
    act(window, page, "correct", field="person", value="吴志明", reason="包村调整", date="2023-08-18")
    now = {one.name: one for one in page.view.people}["责任人"]
    assert (now.value, now.restore, now.before) == ("吴志明", "person", before.value)
    told = [one for one in page.view.history if one.restores]
    assert [one.restores[0].key for one in told] == ["person"]
    (press, *_) = [
        one for one in page.findChildren(QPushButton) if one.accessibleName() == f"恢复责任人：{before.value}"
    ]
    press.click()
    window.settle()
    assert {one.name: one for one in page.view.people}["责任人"].value == before.value
    assert any("已恢复" in one for one in texts(page))
    window.window.undo_asked.emit()
    window.settle()
    assert {one.name: one for one in page.view.people}["责任人"].value == "吴志明"


def test_keys_walk_through_the_list_and_esc_goes_back_to_it(window: Stage, page: PlotPage) -> None:
    ids = window.context.trail.ids
    window.context.trail.follow(ids, "筛选“整改中”", "ledger")
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    window.settle()
    assert page.view is not None
    assert page.view.view.id == ids[1]
    assert page._place_words.text() == f"筛选“整改中”，第 2 个，共 {len(ids)} 个"
    QTest.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    window.settle()
    assert page.view.view.id == ids[0]
    assert not page._steps[0].isEnabled()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    window.settle()
    assert window.window._here == "ledger"
    ledger = window.window.page
    assert isinstance(ledger, LedgerPage)
    assert ledger.model.id_of(ledger.table.current_row()) == ids[0]


def test_actions_open_their_form_for_this_plot(window: Stage, page: PlotPage) -> None:
    page.act("note")
    window.settle()
    dialog = window.window.dialog
    assert isinstance(dialog, ActionDialog)
    assert dialog._plots == (page._plot,)
    dialog.close_sheet()
    page.act("close")
    window.settle()
    assert window.window.dialog is None


def test_notes_stand_on_the_page(window: Stage, page: PlotPage) -> None:
    act(window, page, "note", text="村里已通知到户")
    assert "村里已通知到户" in texts(page)


def test_a_plot_that_went_is_told_and_the_page_offers_the_way_back(window: Stage, page: PlotPage) -> None:
    window.go("plot", {"plot": "gone"})
    assert page.view is None
    assert page._empty.isVisible()
    assert any("没有这个图斑" in one for one in texts(page))


def test_before_a_plot_is_chosen_the_page_says_how(window: Stage) -> None:
    window.go("plot")
    assert plot_page(window)._empty.isVisible()


def test_every_plot_of_the_sample_can_be_shown(window: Stage) -> None:
    from gengdi_desktop.ui.pages.plot_card_view import read_plot_page

    ledger = window.context.ledger
    states = set()
    for plot in queries.plot_ids(ledger)[::5]:
        view = read_plot_page(ledger, plot, date(2023, 8, 20), 3)
        states.add(view.view.state)
        assert view.history
        assert all(one.name and one.now for one in view.facts)
    assert len(states) > 3


def test_the_days_left_are_told_once() -> None:
    today = date(2023, 8, 17)
    assert until_words(date(2023, 8, 22), today, told=False) == "时限 8 月 22 日，还有 5 天"
    assert until_words(date(2023, 8, 18), today, told=True) == "时限 8 月 18 日"
    assert until_words(None, today, told=False) == ""


def test_from_a_row_of_the_table_to_the_page_and_back_to_the_row_of_the_plot_in_front(window: Stage) -> None:
    window.go("ledger", {"view": "open"})
    ledger = window.window.page
    assert isinstance(ledger, LedgerPage)
    ledger.table.choose_row(2)
    window.settle()
    ledger.table.row_opened.emit(2)
    window.settle()
    page = plot_page(window)
    assert page.view is not None
    assert page.view.view.id == ledger.model.id_of(2)
    page.step(1)
    window.settle()
    page.go_back()
    window.settle()
    assert window.window.page is ledger
    assert ledger.model.id_of(ledger.table.current_row()) == page._plot
    assert ledger.table.current_row() == 3
