"""Pages and parts one by one: settings, backups, the sheet preview, figures of the workbench, pages of a PDF."""

from __future__ import annotations

import json
import logging
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from gengdi_desktop.domain.actions import ACTIONS
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.outcomes import Refusal
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import ProgramError, RuleError, SurroundingsError
from gengdi_desktop.ledger import service
from gengdi_desktop.system.crash_log import CrashReport
from gengdi_desktop.system.settings import load_settings
from gengdi_desktop.ui import facts
from gengdi_desktop.ui.backups import last_backup
from gengdi_desktop.ui.contrast import contrast
from gengdi_desktop.ui.crash_dialog import CrashSheet
from gengdi_desktop.ui.dialogs.phase_form import PhaseForm
from gengdi_desktop.ui.pages.home_page import HomePage
from gengdi_desktop.ui.pages.intake_view import moved_header
from gengdi_desktop.ui.pages.members_page import MembersPage
from gengdi_desktop.ui.pages.settings_page import SettingsPage
from gengdi_desktop.ui.pdf_pages import PdfPages
from gengdi_desktop.ui.single_instance import FrontDoor, bring_to_front
from gengdi_desktop.ui.widgets.fields import AreaField, ChoiceField, DateField
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.method_bar import REMAINING, MethodBar, Part
from gengdi_desktop.ui.widgets.ranking import Ranked, Ranking
from gengdi_desktop.ui.widgets.sheet_preview import PreviewRow, SheetPreview
from gengdi_desktop.ui.widgets.steps import Steps
from gengdi_desktop.ui.widgets.timeline import Span, Timeline
from tests.gui.scripted_prompts import ScriptedPrompts
from tests.gui.window_stage import Stage
from tests.helpers.clock import FixedClock
from tests.helpers.plots import TODAY


def mu(text: str) -> Area:
    return Area.parse(text)


# -- forms


def test_a_form_asks_first_for_what_must_be_given_and_folds_the_rest(qtbot: QtBot) -> None:
    form = PhaseForm(ACTIONS["check"].fields, TODAY, ScriptedPrompts())
    qtbot.addWidget(form)
    form.show()
    shown = {rule.key for rule in ACTIONS["check"].fields if form._form.field(rule.key).isVisible()}
    assert {rule.key for rule in ACTIONS["check"].fields if rule.required} <= shown
    assert "case_number" not in shown
    form.fill({"case_number": "立〔2023〕1号", "date": "2023-07-25", "finding": "true"})
    assert form._form.field("case_number").isVisible()
    assert form.values() == {"case_number": "立〔2023〕1号", "date": "2023-07-25", "finding": "true"}


def test_what_is_no_area_and_no_day_is_told_under_its_field(qtbot: QtBot) -> None:
    form = PhaseForm(ACTIONS["progress"].fields, TODAY, ScriptedPrompts())
    qtbot.addWidget(form)
    area, day = form._form.field("restored"), form._form.field("date")
    assert isinstance(area, AreaField)
    assert isinstance(day, DateField)
    area.setText("2亩3分")
    day.setText("昨天")
    with pytest.raises(RuleError):
        form.values()
    told = [one.text() for one in form.findChildren(QLabel) if one.property("tone") == "seal" and one.text()]
    assert any("2亩3分" in one for one in told)
    assert any("昨天" in one for one in told)
    area.setText("2.3")
    day.setText("8-17")
    assert form.values() == {"restored": "2.30", "date": "2023-08-17"}


def test_refusals_go_to_their_fields_and_the_rest_is_handed_back(qtbot: QtBot) -> None:
    form = PhaseForm(ACTIONS["claim"].fields, TODAY, ScriptedPrompts())
    qtbot.addWidget(form)
    rest = form.show_refusals((Refusal("crop", "缺种植作物", "crop"), Refusal("rest", "剩余 5.28 亩")))
    assert rest == ["剩余 5.28 亩"]
    assert "缺种植作物。" in [one.text() for one in form.findChildren(QLabel)]


def test_a_day_is_tidied_when_it_is_left_and_today_is_one_key_away(qtbot: QtBot) -> None:
    field = DateField("日期", TODAY)
    qtbot.addWidget(field)
    field.setText("8.17")
    field.editingFinished.emit()
    assert field.text() == "2023年8月17日"
    field.set_day(TODAY)
    assert field.day() == TODAY


def test_a_wheel_over_a_choice_changes_nothing_unseen(qtbot: QtBot) -> None:
    field = ChoiceField("状态", (("a", "甲"), ("b", "乙")), "a")
    qtbot.addWidget(field)
    assert field.focusPolicy() == Qt.FocusPolicy.StrongFocus
    field.choose("b")
    field.choose("没有")
    assert field.code() == "b"


# -- parts


def test_our_own_mistakes_are_told_with_a_line_to_photograph(qtbot: QtBot) -> None:
    slot = MessageSlot()
    qtbot.addWidget(slot)
    slot.show_error(ProgramError("B-204", "程序出了差错。台账没有变。"))
    assert any("B-204" in one.text() and "拍下" in one.text() for one in slot.findChildren(QLabel))
    slot.show_error(RuleError("no", "还没有填。", "请填好。"))
    shown = [one.text() for one in slot.findChildren(QLabel) if one.isVisibleTo(slot)]
    assert shown == ["还没有填。", "请填好。"]
    slot.clear()
    assert slot.isHidden()


def test_pictures_say_in_words_what_they_show(qtbot: QtBot) -> None:
    bar = MethodBar((Part("restored", "现场整改", mu("6.10")), Part("other", "其他", Area.ZERO)))
    bar.set_parts((Part("restored", "现场整改", mu("6.10")), Part(REMAINING, "剩余", mu("5.70"))))
    line = Timeline()
    line.show_spans((Span("整改", date(2023, 7, 29), date(2023, 8, 20)),), TODAY, date(2023, 8, 25))
    ranking = Ranking()
    ranking.show_rows((Ranked("连桥村", mu("10"), mu("3.5")), Ranked("白圩村", mu("10"), mu("10"))))
    steps = Steps(("选文件", "认表头"), 1)
    for one in (bar, line, ranking, steps):
        qtbot.addWidget(one)
    assert bar.accessibleName() == "按方式落实面积：现场整改 6.10 亩，剩余 5.70 亩"
    assert "硬期限 8.25" in line.accessibleName()
    assert ranking.accessibleName() == "各村排名：白圩村 100.0%，连桥村 35.0%"
    assert steps.accessibleName() == "第 2 步，共 2 步：认表头"


def test_a_line_of_the_ranking_leads_to_its_village(qtbot: QtBot) -> None:
    asked: list[str] = []
    ranking = Ranking(asked.append)
    qtbot.addWidget(ranking)
    ranking.show_rows((Ranked("连桥村", mu("10"), mu("3.5")), Ranked("白圩村", mu("10"), mu("10"))))
    ranking.resize(300, 40)
    QTest.mouseClick(ranking, Qt.MouseButton.LeftButton, pos=QPoint(10, 30))
    QTest.keyClick(ranking, Qt.Key.Key_Down)
    QTest.keyClick(ranking, Qt.Key.Key_Return)
    assert asked == ["连桥村", "白圩村"]


def test_a_row_number_proposes_the_header(qtbot: QtBot) -> None:
    asked: list[int] = []
    preview = SheetPreview(asked.append)
    qtbot.addWidget(preview)
    rows = (PreviewRow(1, "title", ("清单",)), PreviewRow(3, "header", ("村", "面积")), PreviewRow(0, "gap"),
            PreviewRow(9, "data", ("白圩村", "2亩3分"), frozenset((1,))))  # fmt: skip
    preview.show_rows(rows, ("A", "B"))
    preview.resize(400, 200)
    preview.show()
    QTest.mouseClick(preview, Qt.MouseButton.LeftButton, pos=QPoint(60, preview.row_top(3) + 5))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(preview, key)
    assert asked == [3, 9]
    assert "第 3 行是表头" in preview.accessibleName()


@pytest.mark.parametrize(
    ("header", "row", "then"), [((3, 4), 2, (2, 4)), ((3, 4), 5, (3, 5)), ((3, 4), 4, (4, 4)), ((3, 3), 3, (3, 3))]
)
def test_a_pressed_row_joins_the_header_or_stands_alone(
    header: tuple[int, int], row: int, then: tuple[int, int]
) -> None:
    assert moved_header(header, row) == then


def test_a_crash_sheet_shows_its_text_and_forgets_when_it_is_read(window: Stage) -> None:
    read: list[bool] = []
    report = CrashReport("Traceback …", Path("crash.log"))
    window.window.open_dialog(CrashSheet(report, last_time=False, forget=lambda: read.append(True)))
    dialog = window.window.dialog
    assert isinstance(dialog, CrashSheet)
    assert dialog._text.toPlainText() == "Traceback …"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window.settle()
    assert read == [True]
    assert window.window.dialog is None


def test_a_second_start_brings_the_first_window_to_front(tmp_path: Path, qtbot: QtBot) -> None:
    called: list[bool] = []
    assert not bring_to_front(tmp_path)
    door = FrontDoor(tmp_path, lambda: called.append(True))
    assert bring_to_front(tmp_path)
    qtbot.waitUntil(lambda: called == [True])
    assert not bring_to_front(tmp_path / "another")
    door.close()


# -- pages


def test_settings_are_kept_for_the_next_start(window: Stage, home: Path) -> None:
    window.go("settings")
    page = window.window.page
    assert isinstance(page, SettingsPage)
    page._wear(theme="high", text_percent=130)
    window.settle()
    assert home.exists()
    assert (load_settings().theme, load_settings().text_percent) == ("high", 130)


def test_members_are_added_and_retired_under_the_name_of_who_does_it(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.go("members")
    page = window.window.page
    assert isinstance(page, MembersPage)
    page._ask_member()
    window.settle()
    dialog = window.window.dialog
    assert dialog is not None
    field = next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == "姓名")
    field.setText("李建国")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window.settle()
    assert any("成员里已经有“李建国”" in one.text() for one in page.findChildren(QLabel))
    page._retire("李建国")
    window.settle()
    assert [one.name for one in window.context.facts.active_members] == ["吴小琴"]
    assert any(one.text() == "已停用" for one in page.findChildren(QLabel))


def test_closing_backs_up_a_changed_ledger_once_a_day(tmp_path: Path, clock: FixedClock) -> None:
    new = service.NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="吴小琴")
    folder = tmp_path / "台账"
    service.create_ledger(folder, new, clock).close()
    ledger = service.open_ledger(folder, clock)
    facts.put_away(ledger, clock, ledger.head().seq)
    assert last_backup(folder) is None
    ledger = service.open_ledger(folder, clock)
    facts.put_away(ledger, clock, 0)
    assert last_backup(folder) is not None


def test_a_backup_that_cannot_be_made_keeps_nobody_from_closing(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    new = service.NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="吴小琴")
    ledger = service.create_ledger(tmp_path / "台账", new, clock)

    def full(*_: object, **__: object) -> None:
        raise SurroundingsError("disk_full", "磁盘满了。")

    monkeypatch.setattr("gengdi_desktop.ledger.backup.make", full)
    with caplog.at_level(logging.INFO, logger="gengdi_desktop.ui.facts"):
        facts.put_away(ledger, clock, 0)
    assert "disk_full" in caplog.text
    service.open_ledger(tmp_path / "台账", clock).close()


def test_recent_ledgers_that_are_gone_are_told_not_hidden(tmp_path: Path, sample_desk: Path) -> None:
    here, gone = facts.look_at((str(sample_desk), str(tmp_path / "不在了")))
    assert here.there
    assert here.changed is not None
    assert (gone.there, gone.name) == (False, "不在了")


def test_the_workbench_adds_up_to_the_issued_list(window: Stage) -> None:
    window.go("home")
    page = window.window.page
    assert isinstance(page, HomePage)
    assert page._view is not None
    assert page._view.plots == 106
    assert page._view.tiles[0].note.endswith("与清单合计一致")
    total = Area.total(one.all for one in page._view.villages)
    assert total.display() == page._view.tiles[0].note.split(" ")[0]


def test_the_deadline_is_counted_from_the_ledgers_own_today(window: Stage) -> None:
    window.go("home")
    page = window.window.page
    assert isinstance(page, HomePage)
    campaign = window.context.facts.campaign
    assert campaign.last_day is not None
    assert page._days.text() == str((campaign.last_day - TODAY).days)
    page._show_campaign(campaign, campaign.last_day + timedelta(days=3))
    assert (page._days.text(), page._days_words[0].text()) == ("3", "超过硬期限")


def test_undo_says_what_it_turns_back(window: Stage) -> None:
    window.window.member_chosen.emit("吴小琴")
    window.settle()
    tip = window.window.strip._undo.toolTip()
    assert tip.startswith("撤销：")
    assert tip.endswith("（Ctrl+Z）")
    assert not window.window.strip._redo.isEnabled()


# -- pages of a PDF


def test_pages_of_a_pdf_are_black_on_white_in_every_look(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    made = Canvas(str(tmp_path / "a.pdf"), pagesize=(300, 400))
    made.rect(0, 0, 150, 400, stroke=0, fill=1)
    made.showPage()
    made.setPageSize((400, 300))
    made.showPage()
    made.save()
    pages = PdfPages.of((tmp_path / "a.pdf").read_bytes())
    assert [(one.width(), one.height()) for one in pages.sizes] == [(300, 400), (400, 300)]
    picture: QImage = pages.picture(0, 600)
    assert (picture.width(), picture.height()) == (600, 800)
    left, right = QColor(picture.pixel(100, 100)).name(), QColor(picture.pixel(500, 100)).name()
    assert contrast(left, right) == pytest.approx(21)
    assert pages.width_at(1, 72) == 400


def test_what_is_no_pdf_is_said_in_words() -> None:
    with pytest.raises(SurroundingsError, match="不是完整的 PDF"):
        PdfPages.of(json.dumps({}).encode())
