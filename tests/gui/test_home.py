"""The workbench: each figure leads to exactly its plots, the panel follows the rule of the freeze, the line is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ledger import service
from gengdi_desktop.ledger.burn_up import BurnUp, DayArea
from gengdi_desktop.reports import readiness
from gengdi_desktop.ui.links import link, linked
from gengdi_desktop.ui.pages.home_page import HomePage
from gengdi_desktop.ui.pages.home_view import burn_words
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.pages.phase_page import PhasePage
from gengdi_desktop.ui.widgets.burn_chart import BurnChart, BurnLine
from gengdi_desktop.ui.widgets.sheet import PressRow
from gengdi_desktop.ui.widgets.todo import Todo, TodoSheet
from tests.gui.window_stage import Stage


@pytest.fixture
def home(window: Stage) -> HomePage:
    """The workbench in front."""
    window.window.member_chosen.emit("吴小琴")
    window.go("home")
    page = window.window.page
    assert isinstance(page, HomePage)
    return page


def shown_plots(window: Stage) -> int:
    """How many plots the page in front lists."""
    page = window.window.page
    if isinstance(page, LedgerPage):
        return page.model.rowCount()
    assert isinstance(page, PhasePage)
    return len(page.list.queue.ids)


def test_every_figure_leads_to_exactly_its_plots(window: Stage, home: HomePage) -> None:
    assert home._view is not None
    tiles = [(one.name, int(one.figure), one.link) for one in home._view.tiles if one.unit == "个"]
    todos = [(one.sentence, one.count, one.link) for one in home._view.todos if one.count]
    remarks = [(one.sentence, one.count, one.link) for one in home._view.hand_in.remarks]
    assert len(tiles) == 5
    assert todos
    for name, count, to in (*tiles, *todos, *remarks):
        home._follow(to)
        window.settle()
        assert shown_plots(window) == count, name
        window.go("home")


def test_the_panel_is_empty_exactly_when_the_report_may_be_frozen(window: Stage, home: HomePage) -> None:
    ledger = window.context.ledger
    assert home._view is not None
    assert len(home._view.hand_in.stops) == len(readiness.readiness(ledger).gaps) > 0
    assert not home._freeze.isEnabled()
    settings = service.campaign_settings(ledger)
    papers = tuple(replace(one, number_prefix="白府字", recipient="县专班") for one in settings.papers)
    changes = service.set_campaign(ledger, replace(settings, papers=papers), by=Actor("吴小琴"))
    window.context.bus.tell(changes)
    window.settle()
    assert home._view.hand_in.stops == ()
    assert readiness.readiness(ledger).gaps == ()
    assert home._freeze.isEnabled()
    home._freeze.click()
    window.settle()
    assert window.window._here == "reports"


def test_what_stops_is_one_press_from_where_it_is_mended(window: Stage, home: HomePage) -> None:
    (press,) = [one for one in home._hand_in.findChildren(QPushButton) if "发文字号" in one.accessibleName()]
    press.click()
    window.settle()
    assert window.window._here == "reports"


def test_the_line_of_the_workbench_adds_up_to_what_is_settled(home: HomePage) -> None:
    assert home._burn_view is not None
    assert home._burn_view.line.done == home._burn_view.line.points[-1][1]
    assert home._burn.accessibleName().startswith("落实面积图：已落实 ")
    assert home._burn_words.text().startswith("比计划")


def line(**changes: object) -> BurnUp:
    """A line of 100 mu from 1 to 20 August, 40 of them settled, on the 10th."""
    points = (DayArea(date(2023, 8, 2), Area.parse("10")), DayArea(date(2023, 8, 9), Area.parse("40")))
    one = BurnUp(points, Area.parse("100"), date(2023, 8, 10), date(2023, 8, 1), date(2023, 8, 20), date(2023, 8, 25))
    return replace(one, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "比计划少 10.00 亩。近 5 天日均 6.00 亩，赶上硬期限须日均 4.00 亩"),
        ({"today": date(2023, 8, 25)}, "比计划少 60.00 亩。今天是硬期限，还差 60.00 亩"),
        ({"today": date(2023, 8, 26)}, "比计划少 60.00 亩。已过硬期限，还差 60.00 亩"),
        ({"today": date(2023, 8, 5)}, "比计划多 15.00 亩。近 5 天日均 8.00 亩，赶上硬期限须日均 3.00 亩"),
        ({"target": Area.parse("40")}, "应落实的都落实了"),
        ({"target": Area.ZERO}, "还没有要落实的面积"),
        ({"start": None, "end": None, "deadline": None}, "还差 60.00 亩，填上各阶段日期后这里会画出计划"),
    ],
)
def test_the_line_is_told_in_a_sentence(changes: dict[str, object], told: str) -> None:
    assert burn_words(line(**changes)) == told


@pytest.mark.parametrize("planned", [None, Area.parse("50"), Area.parse("10")])
@pytest.mark.parametrize("start", [date(2023, 8, 1), None])
def test_the_picture_is_painted_with_and_without_a_plan(qtbot: QtBot, planned: Area | None, start: date | None) -> None:
    chart = BurnChart()
    qtbot.addWidget(chart)
    chart.resize(400, 160)
    one = BurnLine(
        ((date(2023, 8, 2), Area.parse("10")), (date(2023, 8, 9), Area.parse("40"))), Area.parse("100"),
        date(2023, 8, 10), start, date(2023, 8, 20) if start else None, date(2023, 8, 25), planned if start else None,
    )  # fmt: skip
    chart.show_line(one, "比计划少")
    assert not chart.grab().isNull()
    assert "已落实 40.00 亩，应落实 100.00 亩" in chart.accessibleName()
    chart.show_line(replace(one, points=(), target=Area.ZERO), "")
    assert not chart.grab().isNull()


def test_a_long_list_of_what_comes_next_folds_and_unfolds(qtbot: QtBot) -> None:
    asked: list[str] = []
    sheet = TodoSheet("接下来", "", asked.append)
    qtbot.addWidget(sheet)
    sheet.show_todos([Todo(at, f"第{at}件", link=str(at)) for at in range(10)], "没有")
    sheet.show()
    rows = [one for one in sheet.findChildren(PressRow) if one.isVisible()]
    (more,) = [one for one in sheet.findChildren(QPushButton) if "还有 3 类，共 24 个" in one.text()]
    assert len(rows) == 6
    more.click()
    qtbot.waitUntil(lambda: len([one for one in sheet.findChildren(PressRow) if one.isVisible()]) == 9)


def test_links_keep_their_wishes() -> None:
    assert linked(link("ledger", view="overdue")) == ("ledger", {"view": "overdue"})
    assert linked("intake") == ("intake", None)
