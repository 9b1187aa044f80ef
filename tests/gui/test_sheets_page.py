"""Field sheets typed back: in the order in which they were printed, by keys alone, and nothing typed is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gengdi_desktop.domain.scan_codes import scan_code
from gengdi_desktop.domain.states import State
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.queries import PlotQuery, plot_ids, plot_lines
from gengdi_desktop.reports.forms.printings import keep_printing, printings
from gengdi_desktop.ui.pages.sheets_page import SheetsPage
from gengdi_desktop.ui.pages.sheets_work import sheet_rule
from gengdi_desktop.ui.widgets.tick_field import TickField
from tests.gui.hands import Hands
from tests.gui.sample_desk import make_desk
from tests.gui.scenes_desk import phase_page
from tests.gui.scenes_sheets import PRINTED, print_some, sheets_page
from tests.gui.test_ledger_export import choice
from tests.gui.test_ledger_page import page_of
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def unchecked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which nothing was looked at yet."""
    return make_desk(tmp_path_factory.mktemp("desk") / "待自查", FixedClock(), walked=False)


@pytest.fixture
def clerk(unchecked: Path, tmp_path: Path, clock: FixedClock) -> Iterator[Stage]:
    """A window on it, with twelve sheets printed and somebody in the chair."""
    with stage(clock) as made:
        made.open(shutil.copytree(unchecked, tmp_path / "台账"))
        made.window.member_chosen.emit("吴小琴")
        print_some(made)
        made.go("sheets")
        yield made


def focus() -> QWidget:
    """Where the focus is."""
    now = QApplication.focusWidget()
    assert now is not None
    return now


def press(clerk: Stage, keys: str | Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Keys where the focus is."""
    if isinstance(keys, str):
        QTest.keyClicks(focus(), keys)
    else:
        QTest.keyClick(focus(), keys, modifier)
    clerk.settle()


def scan(clerk: Stage, plot: str) -> None:
    """What a scanner does: all digits at once, then Enter, wherever the focus is."""
    field = focus()
    QTest.keyClicks(field, scan_code(plot))
    QTest.keyClick(field, Qt.Key.Key_Return)
    clerk.settle()


def told(page: SheetsPage) -> str:
    """All that the page says."""
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def fill_in(clerk: Stage, *, disposal: str = "") -> None:
    """Type a sheet from its first field to its last, by keys alone; Enter in the last saves."""
    press(clerk, "1")  # 属实
    press(clerk, "2")  # 非粮化
    press(clerk, "0301")
    press(clerk, Qt.Key.Key_Return)
    press(clerk, "zhangsan")
    press(clerk, Qt.Key.Key_Tab)
    press(clerk, "1")  # 要整改
    if disposal:
        press(clerk, disposal)
    else:
        press(clerk, Qt.Key.Key_Return)
    press(clerk, "kaiwa yutang")
    press(clerk, Qt.Key.Key_Return)
    press(clerk, "shice 1.2 mu, zhaopian 3")
    press(clerk, Qt.Key.Key_Return)
    press(clerk, "8.18")
    press(clerk, Qt.Key.Key_Return)


def test_sheets_stand_in_the_order_of_their_printing(clerk: Stage) -> None:
    page = sheets_page(clerk)
    printed = printings(clerk.context.ledger)[0].plots
    assert page.list.queue.ids == printed
    assert printed != tuple(plot_ids(clerk.context.ledger, PlotQuery(), limit=PRINTED))
    row = page.list.queue.data(page.list.queue.index(2))
    assert row.startswith("3　")
    assert isinstance(focus(), TickField)
    assert focus().accessibleName() == "核实结果"


def test_a_sheet_is_typed_by_keys_alone_is_one_entry_and_leads_to_the_next(clerk: Stage) -> None:
    page, ledger = sheets_page(clerk), clerk.context.ledger
    first, second = page.list.queue.ids[:2]
    seq = history(ledger, limit=1)[0].seq
    fill_in(clerk)
    (line,) = plot_lines(ledger, [first])
    assert (line.state, line.finding, line.party) == (State.CHECKED, "true", "zhangsan")
    entry = history(ledger, limit=1)[0]
    assert (entry.seq, entry.label) == (seq + 1, "自查")
    assert "shice 1.2 mu, zhaopian 3" in history(ledger, plot=first, limit=1)[0].sentence
    assert page.form.plot == page.list.current == second
    assert focus().accessibleName() == "核实结果"
    assert "本次已录 1" in page._count.text()
    assert page.form._fields is not None
    assert page.form._fields.typed()["date"] == "2023年8月18日"


def test_the_next_one_as_the_one_before(clerk: Stage) -> None:
    page = sheets_page(clerk)
    fill_in(clerk)
    second = page.form.plot
    press(clerk, Qt.Key.Key_D, CTRL)
    press(clerk, Qt.Key.Key_Return, CTRL)
    (line,) = plot_lines(clerk.context.ledger, [second])
    assert (line.state, line.party) == (State.CHECKED, "zhangsan")


def test_what_belongs_to_the_plan_waits_in_its_form(clerk: Stage) -> None:
    page = sheets_page(clerk)
    first = page.form.plot
    fill_in(clerk, disposal="2")
    clerk.go("self_check", {"queue": "plan"})
    assert phase_page(clerk).form.plot == first
    Hands(clerk).click("接着填")
    fields = phase_page(clerk).form._fields
    assert fields is not None
    assert fields.typed()["disposal_class"] == "short_term"


def test_a_number_jumps_to_its_sheet(clerk: Stage) -> None:
    page = sheets_page(clerk)
    for typed, at in (("7", 6), ("12/12", 11)):
        press(clerk, Qt.Key.Key_G, CTRL)
        assert focus() is page.jump
        press(clerk, typed)
        press(clerk, Qt.Key.Key_Return)
        assert page.list.currentIndex().row() == at
        assert page.form.isAncestorOf(focus())
    press(clerk, Qt.Key.Key_G, CTRL)
    press(clerk, "13")
    press(clerk, Qt.Key.Key_Return)
    assert "“13”不是这一批的张号。" in told(page)
    assert focus() is page.jump


def test_a_scan_jumps_from_wherever_the_focus_is_and_types_nothing(clerk: Stage) -> None:
    page = sheets_page(clerk)
    fifth, eighth = page.list.queue.ids[4], page.list.queue.ids[7]
    press(clerk, Qt.Key.Key_G, CTRL)
    scan(clerk, fifth)
    assert page.form.plot == fifth
    before = page.form._fields
    assert before is not None
    typed = before.typed()
    scan(clerk, eighth)
    assert page.form.plot == eighth
    press(clerk, Qt.Key.Key_G, CTRL)
    scan(clerk, fifth)
    assert page.form._fields is not None
    assert page.form._fields.typed() == typed


def test_a_sheet_of_another_printing_is_found_among_all(clerk: Stage) -> None:
    page = sheets_page(clerk)
    other = next(one for one in plot_ids(clerk.context.ledger) if one not in page.list.queue.ids)
    scan(clerk, other)
    assert page.form.plot == other
    assert len(page.list.queue.ids) == len(plot_ids(clerk.context.ledger))
    assert "已换到全部图斑" in told(page)
    scan(clerk, "f" * 32)
    assert "这张表的图斑台账里没有。" in told(page)
    assert page.form.plot == other


def test_what_is_half_typed_waits_and_outlives_the_window(clerk: Stage, tmp_path: Path) -> None:
    page = sheets_page(clerk)
    first = page.form.plot
    press(clerk, "1")
    press(clerk, Qt.Key.Key_Down, CTRL)
    assert page.form.plot != first
    press(clerk, Qt.Key.Key_Up, CTRL)
    assert page.form._fields is not None
    assert page.form._fields.typed()["finding"] == "true"
    clerk.opening.leave()
    clerk.settle()
    clerk.open(tmp_path / "台账")
    clerk.window.member_chosen.emit("吴小琴")
    clerk.go("sheets")
    page = sheets_page(clerk)
    assert page.form.plot == first
    take = next(one for one in page.form.findChildren(QPushButton) if one.text() == "接着填")
    take.click()
    clerk.settle()
    assert page.form._fields is not None
    assert page.form._fields.typed()["finding"] == "true"


def test_what_is_missing_is_told_at_its_field(clerk: Stage) -> None:
    page = sheets_page(clerk)
    first = page.form.plot
    press(clerk, Qt.Key.Key_Return, CTRL)
    assert page.form.plot == first
    assert isinstance(focus(), TickField)
    assert focus().property("wrong") == "true"
    assert plot_lines(clerk.context.ledger, [first])[0].state is State.ISSUED


def test_a_sheet_that_was_typed_can_be_corrected(clerk: Stage) -> None:
    page = sheets_page(clerk)
    first = page.form.plot
    fill_in(clerk)
    press(clerk, Qt.Key.Key_Up, CTRL)
    assert page.form.plot == first
    finding = next(one for one in page.form.findChildren(TickField) if one.accessibleName() == "核实结果")
    room = dict(finding._rooms())[2]
    QTest.mouseClick(finding, Qt.MouseButton.LeftButton, NONE, room.center().toPoint())
    assert finding.code() == "misjudged"
    press(clerk, Qt.Key.Key_Return, CTRL)
    (line,) = plot_lines(clerk.context.ledger, [first])
    assert (line.state, line.finding) == (State.CHECKED, "misjudged")


def test_printing_from_the_table_keeps_the_order_for_typing(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    page = page_of(window, village="前罗村")
    plots = tuple(page.model.plots)
    window.prompts.answers.append(tmp_path / "核查表.pdf")
    choice(page, "外业核查表").trigger()
    window.settle()
    (kept,) = printings(window.context.ledger)
    assert kept.plots == plots
    window.go("self_check")
    Hands(window).click("录入核查表")
    sheets = sheets_page(window)
    assert sheets.list.queue.ids == plots
    assert "不用再录" in told(sheets)
    assert not sheets.form._save.isVisible()


def test_the_newest_printing_stands_first_and_another_can_be_chosen(clerk: Stage, clock: FixedClock) -> None:
    ledger = clerk.context.ledger
    some = plot_ids(ledger, PlotQuery(), limit=3)
    clock.advance(timedelta(hours=1))
    keep_printing(ledger, some)
    clerk.go("home")
    clerk.go("sheets")
    page = sheets_page(clerk)
    assert page.list.queue.ids == tuple(some)
    page.printing.setCurrentIndex(1)
    page.printing.activated.emit(1)
    clerk.settle()
    assert len(page.list.queue.ids) == PRINTED


def test_boxes_are_ticked_by_mouse_numbers_and_arrows(clerk: Stage) -> None:
    field = TickField("核实结果", (("", ""), ("a", "属实"), ("b", "误判"), ("c", "合法")))
    field.resize(field.sizeHint())
    field.show()
    rooms = dict(field._rooms())
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, NONE, rooms[2].center().toPoint())
    assert field.code() == "b"
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, NONE, rooms[2].center().toPoint())
    assert field.code() == ""
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, NONE, QPoint(1, 1))
    heard: list[int] = []
    field.ticked.connect(lambda: heard.append(1))
    strokes = (
        (Qt.Key.Key_3, "c"), (Qt.Key.Key_Left, "b"), (Qt.Key.Key_Left, "a"), (Qt.Key.Key_Left, "a"),
        (Qt.Key.Key_0, ""), (Qt.Key.Key_Space, "a"), (Qt.Key.Key_4, "a"), (Qt.Key.Key_Delete, ""),
    )  # fmt: skip
    for key, code in strokes:
        QTest.keyClick(field, key)
        assert field.code() == code, key
    assert len(heard) == 1
    field.deleteLater()
    clerk.settle()


def test_the_form_asks_in_the_order_of_the_printed_sheet() -> None:
    keys = [one.key for one in sheet_rule().fields]
    assert keys[:9] == [
        "finding", "problem_kind", "class_now", "party", "rectify", "disposal_class", "cause", "site_note", "date",
    ]  # fmt: skip
    assert not next(one for one in sheet_rule().fields if one.key == "disposal_class").required
