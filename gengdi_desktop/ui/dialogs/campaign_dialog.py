"""The campaign: notice, deadline and the windows of its phases, as the county's document sets them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gengdi_desktop.domain.campaigns import Campaign, Phase, default_phases
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui.widgets.fields import DateField, LineField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import boxed, button, label, row

if TYPE_CHECKING:
    from gengdi_desktop.ledger.campaign_file import CampaignSettings

_TEXTS = (
    ("name", "专项名称"),
    ("document_number", "通知文号"),
    ("issuer", "发文单位"),
    ("first_responsible", "第一责任人"),
    ("direct_responsible", "直接责任人"),
)


class CampaignDialog(DialogSheet):
    """Changes what the county's notice says; papers and rules stay as they are."""

    wished = Signal(object)

    def __init__(self, settings: CampaignSettings, today: date) -> None:
        super().__init__("专项设置", "照县里的通知填")
        self.help_topic = "成员与设置"
        self._settings = settings
        campaign = settings.campaign
        self._form = Form(96)
        self._texts = {key: LineField(word, str(getattr(campaign, key))) for key, word in _TEXTS}
        for key, word in _TEXTS:
            self._form.add(key, word, self._texts[key], required=key == "name")
        self._deadline = DateField("硬期限", today, campaign.hard_deadline)
        self._form.add("hard_deadline", "硬期限", self._deadline, "到这一天全部落实，含当天")
        self._phases: list[tuple[Phase, DateField, DateField]] = []
        for phase in campaign.phases or default_phases():
            start = DateField(f"{phase.name}开始", today, phase.window_start)
            end = DateField(f"{phase.name}结束", today, phase.window_end)
            self._phases.append((phase, start, end))
            pair = row(start, label("到", "label"), end, None, gap=8)
            self._form.add(phase.code, phase.name, boxed(pair))
        self.content.addWidget(self._form)
        self.first = self._texts["name"]
        save = button("保存", "main", pressed=self._save)
        self.set_buttons([], [button("取消", pressed=self.close_sheet), save])

    def _save(self) -> None:
        try:
            campaign = self._campaign()
        except RuleError:
            return
        self.wished.emit(replace(self._settings, campaign=campaign))
        self.close_sheet()

    def _campaign(self) -> Campaign:
        """What the fields say.

        Raises:
            RuleError: A field is wrong; its sentence stands under it.
        """
        self._form.clear_errors()
        texts = {key: field.text().strip() for key, field in self._texts.items()}
        if not texts["name"]:
            self._form.show_error("name", "还没有填专项名称。")
            raise RuleError("missing", "还没有填专项名称。")
        deadline = self._day("hard_deadline", self._deadline)
        phases = []
        for phase, start_field, end_field in self._phases:
            start, end = self._day(phase.code, start_field), self._day(phase.code, end_field)
            if start and end and end < start:
                self._form.show_error(phase.code, "结束日期早于开始日期。")
                raise RuleError("bad_campaign", "结束日期早于开始日期。")
            phases.append(replace(phase, window_start=start, window_end=end))
        return replace(
            self._settings.campaign,
            name=texts["name"],
            document_number=texts["document_number"],
            issuer=texts["issuer"],
            first_responsible=texts["first_responsible"],
            direct_responsible=texts["direct_responsible"],
            hard_deadline=deadline,
            phases=tuple(phases),
        )

    def _day(self, key: str, field: DateField) -> date | None:
        try:
            return field.day()
        except RuleError as error:
            self._form.refuse(key, error)
            raise
