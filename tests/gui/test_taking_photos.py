"""Files let go on a plot, on the table, anywhere; pasted; chosen: shown first, taken on a press, undone by another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gengdi_desktop.domain.choices import Stage as At
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.ui.pages.evidence_page import EvidencePage
from gengdi_desktop.ui.pages.evidence_taking import TakingPanel
from gengdi_desktop.ui.pages.intake_page import IntakePage
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.pages.plot_page import PlotPage
from tests.gui.dropped import drag, drop, middle, urls
from tests.gui.scenes_desk import show_plot
from tests.gui.scenes_evidence import made_photo
from tests.gui.window_stage import Stage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A stick with photos; nothing of it may change."""
    made = tmp_path / "U盘"
    made.mkdir()
    return made


@pytest.fixture
def page(window: Stage) -> PlotPage:
    window.window.member_chosen.emit("吴小琴")
    show_plot(window, "working")
    found = window.window.page
    assert isinstance(found, PlotPage)
    return found


def press(panel: TakingPanel, begins: str) -> None:
    (found,) = [one for one in panel.findChildren(QPushButton) if one.text().startswith(begins) and one.isVisible()]
    found.click()


def told(page: EvidencePage | LedgerPage | PlotPage) -> list[str]:
    return [one.text() for one in page.messages.findChildren(QLabel) if one.isVisible()]


def names(window: Stage, plot: str) -> dict[str, At]:
    return {one.name: one.stage for one in evidence.attachments(window.context.ledger, plot)}


def test_files_let_go_on_a_plot_are_shown_then_taken_then_undone(window: Stage, page: PlotPage, folder: Path) -> None:
    plain = made_photo(folder, "IMG_1.jpg", "整改后", date(2023, 8, 16), "crop")
    named = made_photo(folder, "整改前.jpg", "整改前", date(2023, 7, 27), "1104")
    (folder / "说明.docx").write_bytes(b"PK\x03\x04 words")
    before = {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in folder.iterdir()}
    assert page.view is not None
    event = drag(window, [folder], QPoint(700, 400))
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction
    assert window.opening._drops is not None
    assert window.opening._drops._sign.accessibleName() == f"松开，收到 {page.view.view.name}"
    drop(window, [folder], QPoint(700, 400))
    panel = page._files.taking
    assert panel.view is not None
    assert (panel.view.matched, panel.view.waiting, panel.view.refused, panel.view.stageless) == (1, 1, 1, 1)
    assert plain.name not in names(window, page._plot)
    panel.stage.choose("after")
    panel.stage.activated.emit(panel.stage.currentIndex())
    window.settle()
    assert panel.view is not None
    assert panel.view.what == "共 3 个文件：2 个归到图斑，1 个不能收。"
    press(panel, "收下 2 个")
    window.settle()
    kept = names(window, page._plot)
    assert (kept[plain.name], kept[named.name]) == (At.AFTER, At.BEFORE)
    assert told(page)[0] == "已收下：2 个归到 1 个图斑。"
    assert not panel.isVisible()
    assert {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in folder.iterdir()} == before
    (undo,) = [one for one in page.messages.findChildren(QPushButton) if one.text() == "撤销"]
    undo.click()
    window.settle()
    assert plain.name not in names(window, page._plot)


def test_the_same_photo_is_not_taken_twice_and_esc_puts_the_panel_away(
    window: Stage, page: PlotPage, folder: Path
) -> None:
    photo = made_photo(folder, "整改中.jpg", "整改中", date(2023, 8, 6), "1104")
    page._files.take([photo])
    window.settle()
    press(page._files.taking, "收下 1 个")
    window.settle()
    page._files.take([photo])
    window.settle()
    view = page._files.taking.view
    assert view is not None
    assert (view.there, view.takes) == (1, 0)
    assert "已经有了" in view.rows[0].where
    panel = page._files.taking
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    window.settle()
    assert not panel.isVisible()
    assert window.window.page is page


def test_a_picture_on_the_clipboard_is_taken_with_a_name_of_its_minute(window: Stage, page: PlotPage) -> None:
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    QGuiApplication.clipboard().setImage(image)
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    view = page._files.taking.view
    assert view is not None
    assert view.rows[0].name.startswith("截图_20230820_")
    QGuiApplication.clipboard().setText("没有图")
    page._files.taking.put_away()
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    assert told(page)[0] == "剪贴板里没有文件，也没有图片。"


def test_copied_files_are_pasted(window: Stage, page: PlotPage, folder: Path) -> None:
    photo = made_photo(folder, "整改后.jpg", "整改后", date(2023, 8, 16), "crop")
    QGuiApplication.clipboard().setMimeData(urls([photo]))
    page._files.paste()
    window.settle()
    view = page._files.taking.view
    assert view is not None
    assert (view.matched, view.rows[0].name) == (1, photo.name)


def test_on_a_row_of_the_table_that_plot_is_meant_on_several_one_is_asked(window: Stage, folder: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("ledger", {"view": "open"})
    ledger = window.window.page
    assert isinstance(ledger, LedgerPage)
    photo = made_photo(folder, "整改后.jpg", "整改后", date(2023, 8, 16), "crop")
    port = ledger.table.right.viewport()
    at = port.mapTo(window.window, QPoint(40, ledger.table.right.rowViewportPosition(2) + 5))
    drop(window, [photo], at)
    view = ledger.drops.panel.view
    assert view is not None
    assert view.wish.plot == ledger.model.id_of(2)
    assert view.matched == 1
    ledger.drops.panel.put_away()
    rows = QItemSelection(ledger.model.index(1, 1), ledger.model.index(3, 1))
    ledger.table.right.selectionModel().select(rows, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    drop(window, [photo], at)
    view = ledger.drops.panel.view
    assert view is not None
    assert view.wish.plot == ""
    assert [plot for plot, _ in view.wish.plots] == [ledger.model.id_of(row) for row in (1, 2, 3)]


def test_elsewhere_files_are_matched_and_tables_go_to_the_import(window: Stage, folder: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    made_photo(folder, "看不出.jpg", "整改后", date(2023, 8, 16), "crop")
    drop(window, [folder], middle(window, window.window.navigation))
    page = window.window.page
    assert isinstance(page, EvidencePage)
    assert page.taking.view is not None
    assert page.taking.view.waiting == 1
    table = folder.parent / "清单.csv"
    table.write_text("序号,村名\n1,白圩村\n", encoding="utf-8")
    window.go("home")
    drop(window, [table], QPoint(600, 400))
    assert isinstance(window.window.page, IntakePage)


def test_cancelling_leaves_nothing(window: Stage, page: PlotPage, folder: Path) -> None:
    for number in range(6):
        made_photo(folder, f"整改后{number}.jpg", "整改后", date(2023, 8, 10 + number), "crop")
    before = names(window, page._plot)
    page._files.take([folder])
    press(page._files.taking, "取消")
    window.settle()
    assert not page._files.taking.isVisible()
    assert names(window, page._plot) == before


def test_a_ledger_that_is_only_looked_at_takes_nothing(window: Stage, page: PlotPage) -> None:
    assert page.files_go(QPoint())
    window.opening.leave()
    window.settle()
    assert window.opening._drops is None
    assert not window.window.acceptDrops()
