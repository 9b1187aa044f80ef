"""From the start page to a signed report: how many clicks and characters it takes, counted on the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt

from gengdi_desktop.demo.issued_list import write_unit_list
from gengdi_desktop.demo.sample_plots import SAMPLE_UNIT
from gengdi_desktop.signing.verify import verify_pdf
from gengdi_desktop.system.reference import divisions
from gengdi_desktop.ui.pages.reports_page import ReportsPage
from tests.gui.hands import Hands
from tests.gui.scenes_intake import intake_page
from tests.gui.test_whole_job import texts
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock

MOST_CLICKS, MOST_CHARACTERS = 15, 40
MOST_FOR_TWO_HEADERS = 6
PLOTS = 106
PASSPHRASE = "wanDao23"


@pytest.fixture
def start(clock: FixedClock) -> Iterator[Stage]:
    """The window with its start page."""
    with stage(clock) as made:
        yield made


def issued(folder: Path) -> Path:
    """The clean list of a township."""
    unit = divisions().by_code(SAMPLE_UNIT)
    assert unit is not None
    path = folder / "清单.xlsx"
    write_unit_list(path, divisions(), unit)
    return path


def with_two_unknown_headers(path: Path) -> Path:
    """The same list with two headers that no table of synonyms has."""
    book = openpyxl.load_workbook(path)
    renamed = 0
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            for known, strange in (("村", "所在片区"), ("年度", "认定时段")):
                if isinstance(cell.value, str) and cell.value.strip() in {known, f"{known}名", f"流出{known}"}:
                    cell.value, renamed = strange, renamed + 1
    assert renamed == 2
    book.save(path)
    return path


def new_ledger(hands: Hands) -> None:
    hands.click("新建台账")
    hands.type("jxbx")
    hands.key(Qt.Key.Key_Return)
    hands.type("吴小琴")
    hands.click("建台账")


def report_and_sign(hands: Hands) -> None:
    hands.click("报告")
    hands.click_field("文号")
    hands.type("白府字〔2023〕1号")
    hands.key(Qt.Key.Key_Tab)
    hands.type("县人民政府")
    hands.click("加一个签名人")
    hands.click("生成报告并定稿")
    hands.click("由吴小琴签名")
    hands.type(PASSPHRASE)
    hands.key(Qt.Key.Key_Tab)
    hands.type(PASSPHRASE)
    hands.click("由吴小琴签名")


def test_a_clean_list_becomes_a_signed_report_in_few_steps(start: Stage, tmp_path: Path) -> None:
    listed = issued(tmp_path)
    start.opening._preferences.used_folder(tmp_path)
    hands = Hands(start)
    new_ledger(hands)
    hands.click("导入")
    hands.choose_file("选清单文件", listed)
    hands.click(f"导入 {PLOTS} 行")
    report_and_sign(hands)
    page = start.window.page
    assert isinstance(page, ReportsPage)
    assert page._frozen is not None
    assert page._frozen.info.unsigned == ()
    kept = (tmp_path / "白圩乡2023整改台账" / "reports").glob("*.pdf")
    found = [verify_pdf(one, (), now=start.context.clock.now()) for one in kept]
    assert [len(one.signatures) for one in found if one.signatures] == [1]
    assert hands.clicks <= MOST_CLICKS, hands.done
    assert hands.characters <= MOST_CHARACTERS


def test_two_unknown_headers_cost_few_steps_more(start: Stage, tmp_path: Path) -> None:
    listed = with_two_unknown_headers(issued(tmp_path))
    start.opening._preferences.used_folder(tmp_path)
    hands = Hands(start)
    new_ledger(hands)
    hands.click("导入")
    hands.choose_file("选清单文件", listed)
    before = hands.clicks
    mapping = intake_page(start)._mapping
    for title, name in (("所在片区", "村"), ("认定时段", "流出年度")):
        row = next(at for at in range(mapping._model.rowCount()) if title in mapping._model.row(at).title)
        hands.click_row(mapping._table.right, row)
        hands.choose(mapping._field, name)
    assert hands.clicks - before <= MOST_FOR_TWO_HEADERS
    hands.click(f"导入 {PLOTS} 行")
    assert f"导入了 {PLOTS} 个图斑" in texts(intake_page(start))
