"""What leaves the ledger's table: the chosen plots on paper, the whole ledger, and the way back by a scanner."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pikepdf
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from gengdi_desktop.domain.scan_codes import scan_code
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from tests.gui.test_ledger_page import page_of
from tests.gui.test_whole_job import texts
from tests.gui.window_stage import Stage


def choice(page: LedgerPage, beginning: str) -> QAction:
    """An entry of the export menu, as it is when the menu opens."""
    page.bar.export_menu.aboutToShow.emit()
    return next(one for one in page.bar.export_menu.actions() if one.text().startswith(beginning))


def test_dossiers_of_the_chosen_plots_are_written_and_told(window: Stage, tmp_path: Path) -> None:
    page = page_of(window)
    page.table.choose_row(0)
    for _ in range(2):
        QTest.keyClick(page.table.right, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    window.prompts.answers.append(tmp_path / "档案.pdf")
    made = choice(page, "整改档案")
    assert made.text() == "整改档案（选中的 3 个）…"
    made.trigger()
    window.settle()
    with pikepdf.Pdf.open(tmp_path / "档案.pdf") as written, written.open_outline() as contents:
        assert sum(len(village.children) for village in contents.root) == 3
    assert "整改档案写好了：档案.pdf，3 个图斑" in texts(page)


def test_without_a_choice_the_forms_are_of_all_that_the_table_shows(window: Stage, tmp_path: Path) -> None:
    page = page_of(window, village="前罗村")
    plots = list(page.model.plots)
    window.prompts.answers.append(tmp_path / "核查表.pdf")
    made = choice(page, "外业核查表")
    assert made.text() == f"外业核查表（这里的 {len(plots)} 个）…"
    made.trigger()
    window.settle()
    with pikepdf.Pdf.open(tmp_path / "核查表.pdf") as written:
        assert len(written.pages) == len(plots)


def test_the_whole_ledger_and_the_villages_form_are_written(window: Stage, tmp_path: Path) -> None:
    page = page_of(window)
    for beginning, name in (("整本台账", "台账.xlsx"), ("给村里填的表", "填报表.xlsx")):
        window.prompts.answers.append(tmp_path / name)
        choice(page, beginning).trigger()
        window.settle()
        assert f"写好了：{name}" in texts(page)
        openpyxl.load_workbook(tmp_path / name).close()


def test_nothing_is_written_where_no_place_is_chosen(window: Stage, tmp_path: Path) -> None:
    page = page_of(window)
    window.prompts.answers.append(None)
    choice(page, "验收单").trigger()
    window.settle()
    assert list(tmp_path.rglob("*.pdf")) == []
    assert "写好了" not in texts(page)


def test_what_a_scanner_types_leads_to_the_plot(window: Stage) -> None:
    page = page_of(window)
    plot = page.model.plots[3]
    QTest.keyClick(window.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window.window.strip.search_field, scan_code(plot))
    QTest.keyClick(window.window.strip.search_field, Qt.Key.Key_Return)
    window.settle()
    assert window.context.trail.plot == plot
