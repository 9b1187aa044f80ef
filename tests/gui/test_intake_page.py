"""The import page: a new issue beside the old one, a cell said in place, the problems saved for others."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from gengdi_desktop.ledger import history
from gengdi_desktop.ui.widgets.fields import ChoiceField
from tests.gui.scenes import issued_list, ledger_page
from tests.gui.scenes_intake import changed_areas, intake_page, second_issue
from tests.gui.test_whole_job import PLOTS, press, texts
from tests.gui.window_stage import Stage


def choose(field: ChoiceField, code: str) -> None:
    """Choose as a person would."""
    field.choose(code)
    field.activated.emit(field.currentIndex())


def test_a_list_that_is_issued_again_is_compared_plot_by_plot_before_it_is_taken_in(
    window: Stage, tmp_path: Path
) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("intake", {"file": str(second_issue(tmp_path))})
    page = intake_page(window)
    assert page._view is not None
    assert page._view.seems_reissued
    assert (page._view.refused, page._compared.isVisible()) == (2, False)
    choose(page._strip._issue, page._view.known_lists[0])
    window.settle()
    assert page._view.refused == 0
    assert Counter(one.what for one in page._view.compared) == {"same": 102, "changed": 2, "vanished": 2, "new": 1}
    assert [one.told for one in page._view.compared[:2]] == [
        f"下发面积 {old} → {new} 亩" for old, new in changed_areas()
    ]
    choose(page._compared._which, "vanished")
    assert page._compared._model.rowCount() == 2
    press(window, "导入 3 行")
    assert "2 个有改动" in texts(page)
    window.go("ledger", {})
    assert len(ledger_page(window).model.ids) == PLOTS + 1


def test_a_cell_that_nobody_can_read_is_said_in_place_and_the_journal_tells_it(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("intake", {"file": str(issued_list(tmp_path))})
    page = intake_page(window)
    assert page._view is not None
    assert page._view.refused == 2
    say = next(one for one in page.findChildren(QPushButton) if one.accessibleName() == "第 7 行 E 列，在这里改")
    QTest.mouseClick(say, Qt.MouseButton.LeftButton)
    window.settle()
    field = next(one for one in page.findChildren(QLineEdit) if one.accessibleName() == "第 7 行 E 列应该是")
    assert field.isVisible()
    field.setText("2.30")
    press(window, "按这个录入", within=field.parentWidget())
    assert page._view.refused == 1
    assert "原表写的是“2亩3分”，按人工填写的“2.30”录入" in texts(page)
    window.prompts.answers.append(tmp_path / "问题.xlsx")
    press(window, "存成问题清单")
    sheet = openpyxl.load_workbook(tmp_path / "问题.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[3]][1:4] == ["6", "C", "3.60124E+17"]
    press(window, "只导入无误的 3 行")
    entry = history.history(window.context.ledger, limit=1)[0]
    assert "第 7 行 E 列按“2.30”" in (entry.reason or "")
