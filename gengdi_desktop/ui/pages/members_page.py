"""People and settings: members, the campaign, backups, how the window looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.domain.campaigns import Campaign
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import Person, UiContext
from gengdi_desktop.ui.dialogs.campaign_dialog import CampaignDialog
from gengdi_desktop.ui.dialogs.member_dialog import MemberDialog, NewMember
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.theme import LOOKS, TEXT_SCALES
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.form import FactGrid, Form
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import ElidedLabel, boxed, button, clear, label, line, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.backup import Backup
    from gengdi_desktop.ledger.campaign_file import CampaignSettings

_PERCENT: Final = 100
_SIZE_WORDS: Final = ("标准", "大", "特大")


class MembersPage(Page):
    """Everything here is rarely touched, so it stands on one quiet page."""

    shows: ClassVar[frozenset[str]] = frozenset({"member", "campaign", "phase", "ledger"})

    def __init__(self, context: UiContext) -> None:
        super().__init__("成员与设置", context.facts.name)
        self._context = context
        add = button("添加成员", "link", "plus", pressed=self._ask_member)
        add.setEnabled(context.writable)
        self._people = Sheet("成员", "每一步都记下是谁做的", add, pad=16)
        self._people_rows = QVBoxLayout()
        self._people_rows.setSpacing(0)
        self._people.body.addLayout(self._people_rows)
        self._people.body.addStretch(1)
        change = button("修改", "link", "pen", pressed=self._ask_campaign)
        change.setEnabled(context.writable)
        self._campaign = Sheet("专项", "", change, pad=16)
        self._campaign_facts = FactGrid()
        self._campaign.body.addWidget(self._campaign_facts)
        self._campaign.body.addStretch(1)
        self._backup = self._backup_sheet()
        self._look = self._look_sheet()
        self._parts = Arrangement()
        self.body.addWidget(self._parts)
        self.body.addStretch(1)
        self.arrange(self.shape)
        self._show()

    def arrange(self, shape: Shape) -> None:
        """Two columns, or one under the other."""
        sheets = (self._people, self._campaign, self._backup, self._look)
        if shape.compact:
            self._parts.place([(one, (at, 0, 1, 1)) for at, one in enumerate(sheets)])
        else:
            places = ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1))
            self._parts.place(list(zip(sheets, places, strict=True)), columns=(1, 1))

    def shown(self) -> None:
        """Show what the window knows; it reads again by itself when something changes."""
        self._show()

    def ledger_changed(self, _changes: Changes) -> None:
        """Facts land a moment later than the change."""
        self._context.jobs.when_idle(self._show)

    def _show(self) -> None:
        clear(self._people_rows)
        for person in self._context.facts.members:
            self._people_rows.addWidget(line())
            self._people_rows.addWidget(self._person(person))
        self._people_rows.addWidget(line())
        self._campaign_facts.show_facts(_campaign_facts(self._context.facts.campaign))

    # -- members

    def _person(self, person: Person) -> QWidget:
        here = person.name == self._context.member
        lay = row(label(person.name, "value"), label(person.role, "label"), gap=12, margins=(0, 4, 0, 4))
        if here:
            lay.addWidget(label("现在是您", "small", "accent"))
        if not person.active:
            lay.addWidget(label("已停用", "small", "stone"))
        lay.addStretch(1)
        several = len(self._context.facts.active_members) > 1
        if person.active and several and self._context.writable and not here:
            retire = button("停用", "link", tone="seal", pressed=lambda: self._retire(person.name))
            retire.setAccessibleName(f"停用{person.name}")
            retire.setToolTip("停用后不能再办事，做过的都留着")
            lay.addWidget(retire)
        return boxed(lay)

    def _ask_member(self) -> None:
        dialog = MemberDialog()
        dialog.wished.connect(self._add)
        self._context.host.open_dialog(dialog)

    def _add(self, new: NewMember) -> None:
        def act(by: Actor) -> Changes:
            from gengdi_desktop.ledger import service

            return service.add_member(
                self._context.ledger, new.name, new.role, by=by, title=new.title, office_phone=new.office_phone
            )

        self._write(act)

    def _retire(self, name: str) -> None:
        def act(by: Actor) -> Changes:
            from gengdi_desktop.ledger import service

            return service.retire_member(self._context.ledger, name, by=by)

        self._write(act)

    # -- campaign

    def _ask_campaign(self) -> None:
        def work(_progress: Progress) -> CampaignSettings:
            from gengdi_desktop.ledger import service

            return service.campaign_settings(self._context.ledger)

        self._context.jobs.read(work, self._open_campaign, self._refused, owner=self)

    def _open_campaign(self, settings: CampaignSettings) -> None:
        dialog = CampaignDialog(settings, self._context.facts.today)
        dialog.wished.connect(self._set_campaign)
        self._context.host.open_dialog(dialog)

    def _set_campaign(self, settings: CampaignSettings) -> None:
        def act(by: Actor) -> Changes:
            from gengdi_desktop.ledger import service

            return service.set_campaign(self._context.ledger, settings, by=by)

        self._write(act)

    # -- backups

    def _backup_sheet(self) -> Sheet:
        now = button("现在备份", "", "drive", pressed=self._make_backup)
        now.setEnabled(self._context.writable)
        sheet = Sheet("备份", "", pad=16)
        place = ElidedLabel(str(Path(self._context.facts.folder) / "backups"), "value", path=True)
        place.setToolTip(place.whole())
        where = row(label("放在", "label"), gap=8)
        where.addWidget(place, 1)
        sheet.body.addLayout(where)
        told = "备份前先核对一遍台账，备份文件也核对过才算数。照片和报告另存：请常把整个台账文件夹抄到 U 盘。"
        sheet.body.addWidget(label(told, "small", wrap=True))
        sheet.body.addStretch(1)
        sheet.body.addLayout(row(now, None))
        return sheet

    def _make_backup(self) -> None:
        ledger, clock = self._context.ledger, self._context.clock

        def work(_progress: Progress) -> Backup:
            from gengdi_desktop.ledger import backup

            return backup.make(ledger.folder, ledger.info.name, clock)

        def done(made: Backup) -> None:
            size = words.file_size(made.size)
            self.messages.show_message("check", f"备份好了：{made.file.name}，{size}。", f"放在 {made.file.parent}。")

        self._context.jobs.run(Lane.WRITE, work, done, self._refused, owner=self, shown=Shown("备份台账"))

    # -- look

    def _look_sheet(self) -> Sheet:
        preferences = self._context.preferences
        looks = [("system", "跟随电脑"), *((code, one.label) for code, one in LOOKS.items())]
        look = ChoiceField("颜色", looks, preferences.settings.theme)
        sizes = [(str(round(scale * _PERCENT)), word) for scale, word in zip(TEXT_SCALES, _SIZE_WORDS, strict=True)]
        size = ChoiceField("文字大小", sizes, str(preferences.settings.text_percent))
        look.activated.connect(lambda _index: self._wear(theme=look.code()))
        size.activated.connect(lambda _index: self._wear(text_percent=int(size.code())))
        form = Form()
        form.add("look", "颜色", look)
        form.add("size", "文字大小", size)
        sheet = Sheet("外观", "只管这台电脑", pad=16)
        sheet.body.addWidget(form)
        sheet.body.addStretch(1)
        return sheet

    def _wear(self, **changes: object) -> None:
        self._context.preferences.set(**changes)
        self._context.host.dress_again()

    # -- common

    def _write(self, act: Callable[[Actor], Changes]) -> None:
        try:
            by = self._context.actor
        except GengdiError as error:
            self._refused(error)
            return
        self._context.jobs.write(lambda _progress: act(by), self._context.bus.tell, self._refused, owner=self)

    def _refused(self, error: GengdiError) -> None:
        self.messages.show_error(error)


def _campaign_facts(campaign: Campaign) -> tuple[tuple[str, str], ...]:
    rules = campaign.rules
    pairs = [
        ("名称", campaign.name or "还没有填"),
        ("通知文号", campaign.document_number or words.NOTHING),
        ("硬期限", words.day(campaign.hard_deadline)),
    ]
    for phase in campaign.phases:
        window = f"{words.short_day(phase.window_start)} 到 {words.short_day(phase.window_end)}"
        pairs.append((phase.name, window if phase.window_start or phase.window_end else words.NOTHING))
    pairs.append(("算作完成", f"{rules.done_rule.label}起"))
    return tuple(pairs)
