"""People and settings: villages are assigned in one step, rules and papers are kept, backups stand in two places."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from gengdi_desktop.domain.states import Desk, DoneRule
from gengdi_desktop.ledger import service
from gengdi_desktop.ledger.villages import open_plots_of, village_people
from gengdi_desktop.ui import facts
from gengdi_desktop.ui.backups import known_backups, own_place
from gengdi_desktop.ui.dialogs.assign_dialog import AssignDialog
from gengdi_desktop.ui.dialogs.campaign_dialog import CampaignDialog
from gengdi_desktop.ui.dialogs.paper_defaults_dialog import PaperDefaultsDialog
from gengdi_desktop.ui.dialogs.rules_dialog import RulesDialog
from gengdi_desktop.ui.pages.members_page import MembersPage
from gengdi_desktop.ui.pages.settings_page import SettingsPage
from tests.gui.window_stage import Stage
from tests.helpers.clock import FixedClock


def told(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def people(window: Stage) -> MembersPage:
    window.window.member_chosen.emit("吴小琴")
    window.go("members")
    page = window.window.page
    assert isinstance(page, MembersPage)
    return page


@pytest.fixture
def settings(window: Stage) -> SettingsPage:
    window.window.member_chosen.emit("吴小琴")
    window.go("settings")
    page = window.window.page
    assert isinstance(page, SettingsPage)
    return page


# -- people


def test_villages_are_counted_with_the_people_that_their_plots_name(window: Stage, people: MembersPage) -> None:
    villages = people._villages
    assert len(villages) > 5
    for one in villages:
        assert len(open_plots_of(window.context.ledger, one.township, one.village)) == one.open_plots <= one.plots
        assert sum(count for _name, count in one.leaders) <= one.plots
    assert villages[0].village in told(people)


def test_a_village_is_assigned_as_one_step_that_can_be_taken_back(window: Stage, people: MembersPage) -> None:
    before = next(one for one in people._villages if one.open_plots > 1)
    assert before.open_plots < before.plots
    seq = window.context.ledger.head().seq
    people._ask_people(before)
    dialog = window.window.dialog
    assert isinstance(dialog, AssignDialog)
    dialog._leader.setText("李建国")
    dialog._chief.setText("万小军")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window.settle()
    after = next(one for one in people._villages if one.village == before.village)
    assert dict(after.leaders)["李建国"] >= before.open_plots
    assert dict(after.chiefs)["万小军"] >= before.open_plots
    assert "没有改成" not in told(people)
    assert window.context.ledger.head().seq == seq + 1
    assert before.village in next(one.text() for one in people.findChildren(QLabel) if one.text().startswith("负责"))
    window.window.undo_asked.emit()
    window.settle()
    assert before in village_people(window.context.ledger)


def test_nothing_written_assigns_nothing(window: Stage, people: MembersPage) -> None:
    people._ask_people(next(one for one in people._villages if one.open_plots))
    dialog = window.window.dialog
    assert isinstance(dialog, AssignDialog)
    dialog._leader.clear()
    dialog._chief.clear()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert "两项至少写一项。" in told(dialog)
    assert window.window.dialog is dialog


# -- rules and papers


def test_rules_stand_with_their_source_and_are_changed(window: Stage, settings: SettingsPage) -> None:
    assert "出处：" in settings._source.text()
    settings._ask_rules()
    dialog = window.window.dialog
    assert isinstance(dialog, RulesDialog)
    dialog._done.choose(DoneRule.COUNTY_ACCEPTED)
    dialog._after.setText("没有这一天")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert "不是日期" in told(dialog)
    dialog._after.clear()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window.settle()
    rules = service.campaign(window.context.ledger).rules
    assert (rules.done_rule, rules.zero_tolerance_after) == (DoneRule.COUNTY_ACCEPTED, None)
    assert "县级验收合格起" in told(settings)


def test_what_papers_are_sent_with_is_kept_for_the_next_ones(window: Stage, settings: SettingsPage) -> None:
    settings._ask_paper("rectification_letter", "整改工作报告（函报）")
    dialog = window.window.dialog
    assert isinstance(dialog, PaperDefaultsDialog)
    dialog._texts["recipient"].setText("县专班")
    dialog._signers.setPlainText("经办人吴小琴")
    dialog._save()
    assert "角色：姓名" in told(dialog)
    dialog._signers.setPlainText("经办人: 吴小琴\n\n分管领导：李建国")
    dialog._save()
    window.settle()
    kept = service.campaign_settings(window.context.ledger)
    paper = kept.paper("rectification_letter")
    assert paper.recipient == "县专班"
    assert [(one.role, one.name) for one in paper.signers] == [("经办人", "吴小琴"), ("分管领导", "李建国")]
    assert len(kept.papers) == 3
    assert "主送 县专班" in told(settings)


def test_the_campaign_s_dates_are_changed_and_told(window: Stage, settings: SettingsPage) -> None:
    settings._ask_campaign()
    dialog = window.window.dialog
    assert isinstance(dialog, CampaignDialog)
    dialog._deadline.setText("2023年9月30日")
    dialog._save()
    window.settle()
    assert "2023年9月30日" in told(settings)


# -- backups


def test_a_backup_stands_in_both_places_and_is_told(window: Stage, settings: SettingsPage, tmp_path: Path) -> None:
    second = tmp_path / "U盘"
    second.mkdir()
    window.prompts.answers.append(second)
    settings.backups._choose()
    window.settle()
    settings.backups.make()
    window.settle()
    own = own_place(Path(window.context.facts.folder))
    assert len(list(own.glob("*.gdbak"))) == len(list(second.glob("*.gdbak"))) == 1
    assert "备份好了" in told(settings)
    assert {one.file.parent for one in known_backups([own, second])} == {own, second}
    assert "还没有" not in window.window.status._backup.text()


def test_a_second_place_that_is_gone_is_told_and_the_first_is_made(
    window: Stage, settings: SettingsPage, tmp_path: Path
) -> None:
    settings.backups._set_second(tmp_path / "没插的U盘")
    settings.backups.make()
    window.settle()
    assert "多半是 U 盘没插" in told(settings)
    assert list(own_place(Path(window.context.facts.folder)).glob("*.gdbak"))
    assert not (tmp_path / "没插的U盘").exists()


def test_the_second_place_is_never_inside_the_ledger(window: Stage, settings: SettingsPage) -> None:
    window.prompts.answers.append(Path(window.context.facts.folder) / "evidence")
    settings.backups._choose()
    assert "不能在台账文件夹里" in told(settings)
    assert window.context.preferences.second_backup(window.context.facts.ledger_id) is None


def test_a_backup_is_restored_into_a_ledger_of_its_own(window: Stage, settings: SettingsPage, tmp_path: Path) -> None:
    settings.backups.make()
    window.settle()
    (one,) = known_backups([own_place(Path(window.context.facts.folder))])
    into = tmp_path / "恢复"
    into.mkdir()
    window.prompts.answers.append(into)
    settings.backups._restore(one)
    window.settle()
    assert f"已恢复到 {into}" in told(settings)
    with service.open_ledger(into, FixedClock(), write=False) as restored:
        assert len(village_people(restored)) == len(village_people(window.context.ledger))


def test_closing_backs_up_into_the_second_place_too(clock: FixedClock, tmp_path: Path) -> None:
    second = tmp_path / "U盘"
    second.mkdir()
    new = service.NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="吴小琴")
    ledger = service.create_ledger(tmp_path / "台账", new, clock)
    facts.put_away(ledger, clock, 0, second)
    assert len(list(second.glob("*.gdbak"))) == 1
