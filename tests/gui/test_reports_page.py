"""The page of reports: words around locked figures, what is missing, and that nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.reports import service
from gengdi_desktop.ui.dialogs.void_dialog import VoidDialog
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.pages.plot_page import PlotPage
from gengdi_desktop.ui.pages.report_differences import marked
from gengdi_desktop.ui.pages.reports_page import ReportsPage
from gengdi_desktop.ui.widgets.paper_view import Fit
from gengdi_desktop.ui.widgets.sheet import PressRow
from tests.gui.scenes_reports import NUMBER, reports_page, show_draft, work_on
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock

KIND = "rectification_report"


@pytest.fixture
def page(window: Stage) -> ReportsPage:
    """The draft of the sample, with number and recipient."""
    window.window.member_chosen.emit("吴小琴")
    window.go("reports")
    return show_draft(window, number=NUMBER, recipient="县专班")


def told(within: QWidget) -> str:
    return "\n".join(one.text() for one in within.findChildren(QLabel) if one.isVisibleTo(within))


def press(stage_: Stage, words: str) -> None:
    within = stage_.window.dialog or stage_.window
    found = next(one for one in within.findChildren(QPushButton) if words in one.text() and one.isVisibleTo(within))
    assert found.isEnabled(), words
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    stage_.settle()


def type_into(window: Stage, page: ReportsPage, paragraph: int, words: str) -> None:
    field = page._prose._paragraphs[paragraph].field
    field.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClicks(field, words)
    window.settle()


def test_words_go_into_the_paper_and_survive_closing(
    window: Stage, page: ReportsPage, desk_folder: Path, clock: FixedClock
) -> None:
    press(window, "改文字")
    assert page._prose._paragraphs[0].key == "opening"
    before = page._prose._paragraphs[0].words
    type_into(window, page, 0, "abc ")
    assert page._draft is not None
    assert page._draft.by_hand == 1
    assert "文字改过 1 段" in told(page)
    press(window, "看版面")
    window.opening.leave()
    window.settle()
    with stage(clock) as again:
        again.open(desk_folder)
        again.go("reports")
        draft = reports_page(again)._draft
        assert draft is not None
        assert (draft.settings.number, draft.settings.recipient) == (NUMBER, "县专班")
        assert draft.settings.wording == {"opening": "abc " + before}
        assert again.context.ledger.head().seq == again.context.facts.head_seq


def test_what_was_typed_a_moment_ago_is_kept_on_leaving(window: Stage, page: ReportsPage) -> None:
    press(window, "改文字")
    field = page._prose._paragraphs[0].field
    QTest.keyClicks(field, "x")
    assert page._prose.pending
    window.go("home")
    given = service.settings_of(window.context.ledger, KIND)
    assert "x" in service.kept_draft(window.context.ledger, KIND, given).wording["opening"]


def test_a_typed_figure_is_told_below_its_paragraph_and_stops_the_freeze(window: Stage, page: ReportsPage) -> None:
    press(window, "改文字")
    type_into(window, page, 1, "50")
    field = page._prose._paragraphs[1].field
    field.insertPlainText("个已整改，")
    window.settle()
    assert "“50个”是手填的数字" in told(page._prose)
    assert "有 1 段文字排不进报告" in told(page._stations)
    freeze = next(one for one in page.findChildren(QPushButton) if "定稿" in one.text())
    assert not freeze.isEnabled()
    press(window, "看版面")
    press(window, "去改")
    assert page._desk.currentWidget() is page._prose
    press(window, "恢复原文")
    assert "手填" not in told(page._prose)
    freeze = next(one for one in page.findChildren(QPushButton) if "定稿" in one.text() and one.isVisibleTo(page))
    assert freeze.isEnabled()


def test_a_figure_is_put_in_from_the_list(window: Stage, page: ReportsPage) -> None:
    press(window, "改文字")
    press(window, "插入数字")
    dialog = window.window.dialog
    assert dialog is not None
    dialog._find.setText("超期个数")  # type: ignore[attr-defined]
    press(window, "插入")
    assert "【超期个数】" in page._prose.wordings["opening"]
    page._prose._paragraphs[0].field.locked.emit("下发个数")
    assert "“下发个数”要留在这一段" in told(page._prose)


def test_what_is_missing_leads_to_its_field(window: Stage, page: ReportsPage) -> None:
    fields = page._stations._fields
    fields._texts["recipient"].setText("")
    fields._texts["recipient"].editingFinished.emit()
    fields._day.setText("昨天")
    fields._day.editingFinished.emit()
    window.settle()
    assert "“昨天”不是日期" in told(page)
    assert "还没有填主送机关" in told(page)
    assert "还差 1 件事" in told(page)
    window.window.activateWindow()
    press(window, "去填")
    assert fields._texts["recipient"].hasFocus() or not window.window.isActiveWindow()
    fields._texts["recipient"].setText("县政府")
    fields._day.setText("8-19")
    fields._texts["recipient"].editingFinished.emit()
    window.settle()
    assert page._draft is not None
    assert (page._draft.settings.recipient, str(page._draft.settings.day)) == ("县政府", "2023-08-19")
    assert page._draft.gaps == ()


def test_signers_are_added_and_taken_out_in_their_place(window: Stage, page: ReportsPage) -> None:
    fields = page._stations._fields
    fields._show_signers([])
    press(window, "加一个签名人")
    role, name = fields._signers[-1]
    role.setText("经办人")
    name.setText("吴小琴")
    name.editingFinished.emit()
    window.settle()
    assert page._draft is not None
    assert [(one.role, one.name) for one in page._draft.settings.signers] == [("经办人", "吴小琴")]
    fields._drop_signer(0)
    window.settle()
    assert page._draft.settings.signers == ()


def test_a_remark_leads_to_exactly_its_plots(window: Stage, page: ReportsPage) -> None:
    assert page._draft is not None
    late = next(one for one in page._draft.remarks if one.sentence.startswith("超期"))
    page._stations._deeds.follow(late.link)
    window.settle()
    shown = window.window.page
    assert isinstance(shown, LedgerPage)
    assert len(shown.model.ids) == late.count


def test_freezing_remembers_for_the_next_one_and_another_version_keeps_the_number(
    window: Stage, page: ReportsPage
) -> None:
    assert page._draft is not None
    page._set_wording({"next": "继续抓好后续工作。", "gone": "这一段早就没有了"})
    window.settle()
    press(window, "生成报告并定稿")
    assert page._frozen is not None
    assert page._frozen.info.number == NUMBER
    ledger = window.context.ledger
    assert service.settings_of(ledger, KIND).recipient == "县专班"
    press(window, "另出一版")
    assert page._draft is not None
    assert page._draft.settings.number == NUMBER
    assert page._draft.settings.wording["next"] == "继续抓好后续工作。"
    assert "定稿后是第 2 版" in told(page._stations)
    press(window, "生成报告并定稿")
    assert page._frozen is not None
    assert page._frozen.info.version == 2
    page._version.choose("")
    page._show_chosen()
    window.settle()
    assert page._draft is not None
    assert page._draft.settings.number == "白府发〔2023〕16号"


def test_pages_are_turned_and_zoomed_by_keys_and_wheel(window: Stage, page: ReportsPage) -> None:
    view = page._paper
    area = view._large_area
    assert view.pages == 6
    for key, expected in ((Qt.Key.Key_PageDown, 1), (Qt.Key.Key_End, 5), (Qt.Key.Key_PageUp, 4), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(area, key)
        assert view.page == expected
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(area, Qt.Key.Key_E, control)
    wide = view.zoom
    QTest.keyClick(area, Qt.Key.Key_E, control)
    assert view.zoom < wide
    whole = view.zoom
    QTest.keyClick(area, Qt.Key.Key_Plus, control)
    assert view.zoom > whole
    assert view._fit is Fit.PERCENT
    at, none = QPointF(9, 9), Qt.MouseButton.NoButton
    for delta, larger in ((120, True), (-120, False)):
        before = view.zoom
        phase = Qt.ScrollPhase.NoScrollPhase
        wheel = QWheelEvent(at, at, QPoint(), QPoint(0, delta), none, control, phase, False)
        QApplication.sendEvent(area.viewport(), wheel)
        assert (view.zoom > before) is larger
    page._show_chosen()
    window.settle()
    assert view._fit is Fit.PERCENT


def test_the_keys_of_the_paper_count_wherever_on_the_page_one_is(
    window: Stage, page: ReportsPage, tmp_path: Path
) -> None:
    QTest.keyClick(page, Qt.Key.Key_PageDown)
    assert page._paper.page == 1
    button = next(one for one in page.findChildren(QPushButton) if one.text().endswith("另存"))
    QTest.keyClick(button, Qt.Key.Key_PageDown)
    assert page._paper.page == 2
    window.prompts.answers = [tmp_path / "打印.pdf"]
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    assert (tmp_path / "打印.pdf").read_bytes().startswith(b"%PDF")
    press(window, "改文字")
    QTest.keyClick(page, Qt.Key.Key_PageDown)
    assert page._paper.page == 2


def test_nothing_is_written_over_unasked_and_every_file_is_named(
    window: Stage, page: ReportsPage, tmp_path: Path
) -> None:
    out = tmp_path / "U盘"
    out.mkdir()
    window.prompts.answers = [out]
    press(window, "另存")
    written = sorted(one.name for one in out.iterdir())
    assert len(written) == 4
    assert all(name in told(page) for name in written)
    (out / written[0]).write_bytes(b"mine")
    window.prompts.answers = [out]
    press(window, "另存")
    assert (out / written[0]).read_bytes() == b"mine"
    assert "里已经有 4 个同名文件，还没有存" in told(page)
    press(window, "换成现在的")
    assert (out / written[0]).read_bytes() != b"mine"


def test_a_wording_that_the_ledger_has_outgrown_is_told_and_not_lost(window: Stage, page: ReportsPage) -> None:
    assert page._draft is not None
    page._set_settings(replace(page._draft.settings, wording={"basis": "下发图斑【下发个数】个。"}))
    window.settle()
    basis = next(one for one in page._prose._paragraphs if one.key == "basis")
    assert basis.words == "下发图斑【下发个数】个。"
    assert "改写时漏了【下发面积】" in basis._why.text()
    assert page._draft.wrong == 1


# -- after freezing: differences and voiding


@pytest.fixture
def frozen(window: Stage, page: ReportsPage) -> ReportsPage:
    """The report as frozen."""
    page._freeze()
    window.settle()
    assert page._frozen is not None
    return page


def test_what_changed_since_is_followed_from_the_figure_to_its_plots(window: Stage, frozen: ReportsPage) -> None:
    context = window.opening.context
    assert context is not None
    plots = work_on(context.ledger)
    assert len(plots) == 2
    frozen.shown()
    window.settle()
    press(window, "看差别")
    view = frozen._differences
    assert frozen._desk.currentWidget() is view
    assert view.back.hasFocus()
    assert "累计落实面积" in told(view)
    assert "2 个图斑" in told(view)
    rows = [one for one in view.findChildren(PressRow) if "累计落实面积" in one.accessibleName()]
    QTest.keyClick(rows[0], Qt.Key.Key_Return)
    window.settle()
    assert "“累计落实面积”差在这 2 个" in told(view)
    row = next(one for one in view._plots.findChildren(PressRow) if one.isVisibleTo(view))
    QTest.keyClick(row, Qt.Key.Key_Return)
    window.settle()
    assert isinstance(window.window.page, PlotPage)
    assert context.trail.ids == plots
    press(window, "报告")
    assert isinstance(window.window.page, ReportsPage)
    assert window.window.page._desk.currentWidget() is view
    press(window, "看版面")
    assert frozen._desk.currentWidget() is frozen._paper


def test_a_report_is_voided_with_a_reason_and_says_so_for_good(window: Stage, frozen: ReportsPage) -> None:
    press(window, "作废这一版")
    press(window, "作废")
    dialog = window.window.dialog
    assert isinstance(dialog, VoidDialog)
    assert "还没有写原因" in told(dialog)
    QTest.keyClicks(dialog._reason, "abc")
    press(window, "作废")
    assert window.window.dialog is None
    assert "已作废" in frozen._version.currentText()
    assert "这一版已经作废" in told(frozen)
    assert "原因：abc" in told(frozen)
    assert not [one for one in visible_buttons(frozen) if one in {"作废这一版", "登记报送", "由吴小琴签名"}]
    press(window, "另出一版")
    assert frozen._frozen is None


def test_what_went_up_offers_no_voiding(window: Stage, frozen: ReportsPage) -> None:
    assert frozen._frozen is not None
    context = window.opening.context
    assert context is not None
    service.hand_in(context.ledger, frozen._frozen.info.id, to="县专班", medium="U盘", by=Actor("吴小琴"))
    frozen.shown()
    window.settle()
    assert "作废这一版" not in visible_buttons(frozen)


def test_two_versions_are_compared_word_by_word(window: Stage, frozen: ReportsPage) -> None:
    press(window, "另出一版")
    kind = frozen._kind.code()
    frozen._set_settings(replace(frozen._settings[kind], recipient="县政府"))
    window.settle()
    frozen._freeze()
    window.settle()
    press(window, "和上一版的差别")
    assert "文字" in told(frozen._differences)
    assert "主送" in told(frozen._differences)
    assert marked("逐图斑盯办", "逐图斑<销账>") == ("逐图斑<u>盯办</u>", "逐图斑<u>&lt;销账&gt;</u>")


def visible_buttons(within: QWidget) -> set[str]:
    """The words of the buttons in sight."""
    return {one.text().strip() for one in within.findChildren(QPushButton) if one.isVisibleTo(within)}
