"""People and settings with their dialogs, for the gallery and its test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.ui.dialogs.member_dialog import MemberDialog
from gengdi_desktop.ui.pages.members_page import MembersPage
from gengdi_desktop.ui.pages.settings_page import SettingsPage
from tests.gui.window_stage import Stage

Bring = Callable[[Stage, Path], None]


def settings_page(stage: Stage) -> SettingsPage:
    """The settings in front."""
    page = stage.window.page
    assert isinstance(page, SettingsPage)
    return page


def settings_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Name and way of each scene; *open_desk* opens the sample ledger."""

    def people(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("members")

    def member(stage: Stage, desk: Path) -> None:
        people(stage, desk)
        stage.window.open_dialog(MemberDialog())

    def assign(stage: Stage, desk: Path) -> None:
        people(stage, desk)
        page = stage.window.page
        assert isinstance(page, MembersPage)
        page._ask_people(next(one for one in page._villages if one.open_plots))

    def settings(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("settings")

    def backups(stage: Stage, desk: Path) -> None:
        settings(stage, desk)
        page = settings_page(stage)
        second = desk.parent / "U盘备份"
        second.mkdir(exist_ok=True)
        page.backups._set_second(second)
        page.backups.make()

    def asked(which: str) -> Bring:
        def bring(stage: Stage, desk: Path) -> None:
            settings(stage, desk)
            page = settings_page(stage)
            if which == "campaign":
                page._ask_campaign()
            elif which == "rules":
                page._ask_rules()
            else:
                page._ask_paper("rectification_letter", "整改工作报告（函报）")

        return bring

    return (
        ("members", people),
        ("members-new", member),
        ("members-assign", assign),
        ("settings", settings),
        ("settings-backups", backups),
        ("settings-campaign", asked("campaign")),
        ("settings-rules", asked("rules")),
        ("settings-papers", asked("papers")),
    )
