"""What the county decided: from which acceptance a plot counts or may be closed, and what is nearly due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from gengdi_desktop.domain.states import DoneRule
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui.widgets.fields import ChoiceField, DateField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label

if TYPE_CHECKING:
    from gengdi_desktop.ledger.campaign_file import CampaignSettings

_DAYS: Final = (1, 2, 3, 5, 7, 10, 15)


class RulesDialog(DialogSheet):
    """Changes the rules; they are printed under every table that uses them."""

    wished = Signal(object)

    def __init__(self, settings: CampaignSettings, today: date) -> None:
        super().__init__("规则", "县里怎么定就怎么选")
        self.help_topic = "成员与设置"
        self._settings = settings
        rules = settings.campaign.rules
        options = [(one.value, f"{one.label}起") for one in DoneRule]
        days = sorted({*_DAYS, rules.warning_days})
        self._done = ChoiceField("算作整改到位", options, rules.done_rule)
        self._close = ChoiceField("可以销号", options, rules.close_rule)
        self._warning = ChoiceField("快到期", [(str(n), f"提前 {n} 天") for n in days], str(rules.warning_days))
        self._after = DateField("零容忍日期", today, rules.zero_tolerance_after)
        self._form = Form(96)
        self._form.add("done", "算作整改到位", self._done)
        self._form.add("close", "可以销号", self._close)
        self._form.add("warning", "快到期", self._warning)
        self._form.add("after", "零容忍日期", self._after, "这一天以后建的房子按零容忍处理；没有就空着")
        self.content.addWidget(self._form)
        told = "改了规则，完成率、超期会照新规则重新算。已经定稿的报告不变。"
        self.content.addWidget(label(told, "small", wrap=True))
        self.first = self._done
        save = button("照这样算", "main", pressed=self._save)
        self.set_buttons([], [button("取消", pressed=self.close_sheet), save])

    def _save(self) -> None:
        self._form.clear_errors()
        try:
            after = self._after.day()
        except RuleError as error:
            self._form.refuse("after", error)
            return
        campaign = self._settings.campaign
        rules = replace(
            campaign.rules,
            done_rule=DoneRule(self._done.code()),
            close_rule=DoneRule(self._close.code()),
            warning_days=int(self._warning.code()),
            zero_tolerance_after=after,
        )
        self.wished.emit(replace(self._settings, campaign=replace(campaign, rules=rules)))
        self.close_sheet()
