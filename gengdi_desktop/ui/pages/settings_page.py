"""Settings: the campaign and its dates, rules with their source, what papers are sent with, backups, the look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtWidgets import QVBoxLayout

from gengdi_desktop.domain.campaigns import Campaign
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.campaign_dialog import CampaignDialog
from gengdi_desktop.ui.dialogs.paper_defaults_dialog import PaperDefaultsDialog
from gengdi_desktop.ui.dialogs.rules_dialog import RulesDialog
from gengdi_desktop.ui.editing.drafts import draft_of
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.pages.settings_backups import BackupSheet
from gengdi_desktop.ui.theme import LOOKS, TEXT_SCALES
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.form import FactGrid, Form
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import PressRow, Sheet

if TYPE_CHECKING:
    from gengdi_desktop.domain.evidence import EvidenceRules
    from gengdi_desktop.ledger.campaign_file import CampaignSettings

_PERCENT: Final = 100
_SIZE_WORDS: Final = ("标准", "大", "特大")


@dataclass(frozen=True)
class _Known:
    """What the page reads of the ledger and of the program."""

    settings: CampaignSettings
    kinds: tuple[tuple[str, str], ...]
    rules: EvidenceRules


class SettingsPage(Page):
    """Everything here is rarely touched, so it stands on one quiet page."""

    shows: ClassVar[frozenset[str]] = frozenset(
        {"campaign", "phase", "rule", "paper_setting", "paper_signer", "ledger"}
    )

    def __init__(self, context: UiContext) -> None:
        super().__init__("设置", context.facts.name)
        self._context = context
        self._known: _Known | None = None
        self._change = button("修改", "link", "pen", name="修改专项", pressed=self._ask_campaign)
        self._campaign = Sheet("专项", "照县里的通知", self._change, pad=16)
        self._campaign_facts = FactGrid()
        self._change_rules = button("修改", "link", "pen", name="修改规则", pressed=self._ask_rules)
        self._rules = Sheet("规则", "", self._change_rules, pad=16)
        self._rule_facts = FactGrid((100, 0))
        self._source = label("", "small", wrap=True)
        self._papers = Sheet("报告里常用的", "点一行修改", pad=16)
        self._paper_rows = QVBoxLayout()
        self._paper_rows.setSpacing(0)
        self.backups = BackupSheet(context, self.messages, self.refused)
        self._look = self._look_sheet()
        self._campaign.body.addWidget(self._campaign_facts)
        self._rules.body.addWidget(self._rule_facts)
        self._rules.body.addWidget(self._source)
        self._papers.body.addLayout(self._paper_rows)
        for sheet in (self._campaign, self._rules, self._papers):
            sheet.body.addStretch(1)
        for one in (self._change, self._change_rules):
            one.setEnabled(False)
        self._left, self._right, self._parts = Arrangement(), Arrangement(), Arrangement()
        self.body.addWidget(self._parts)
        self.body.addStretch(1)
        self.arrange(self.shape)

    def arrange(self, shape: Shape) -> None:
        """Two columns, or one under the other."""
        sheets = (self._campaign, self._rules, self._papers, self.backups, self._look)
        if shape.compact:
            self._parts.place([(one, (at, 0, 1, 1)) for at, one in enumerate(sheets)])
        else:
            # Two piles: what is short leaves no hole beside what is long.
            for pile, held in ((self._left, sheets[::2]), (self._right, sheets[1::2])):
                pile.place([(one, (at, 0, 1, 1)) for at, one in enumerate(held)], rows=(0,) * len(held) + (1,))
            self._parts.place(((self._left, (0, 0, 1, 1)), (self._right, (0, 1, 1, 1))), columns=(1, 1))

    def shown(self) -> None:
        """Read the settings and look at the backups."""
        ledger = self._context.ledger

        def work(_progress: Progress) -> _Known:
            from gengdi_desktop.evidence.rules.service import rules_in_force
            from gengdi_desktop.ledger import service
            from gengdi_desktop.reports import service as reports

            kinds = tuple((one.code, one.label) for one in reports.kinds(ledger) if one.needs_number)
            return _Known(service.campaign_settings(ledger), kinds, rules_in_force(ledger))

        self._context.jobs.read(work, self._show, self.refused, owner=self, newest="settings")
        self.backups.look()

    def _show(self, known: _Known) -> None:
        self._known = known
        for one in (self._change, self._change_rules):
            one.setEnabled(self._context.writable)
        self._campaign_facts.show_facts(_campaign_facts(known.settings.campaign))
        self._rule_facts.show_facts(_rule_facts(known.settings.campaign, known.rules))
        self._source.setText(
            f"证据要求 {known.rules.version} 版。出处：{known.rules.source}。县里另有标准的，以县里为准。"
        )
        clear(self._paper_rows)
        for code, kind_label in known.kinds:
            self._paper_rows.addWidget(line())
            self._paper_rows.addWidget(self._paper(known.settings, code, kind_label))
        self._paper_rows.addWidget(line())

    def _paper(self, settings: CampaignSettings, code: str, kind_label: str) -> PressRow:
        paper = settings.paper(code)
        signers = "、".join(one.name for one in paper.signers)
        told = f"主送 {paper.recipient or '还没有填'}，签名 {signers or '还没有填'}"
        words_ = column(label(kind_label, "value"), label(told, "small", wrap=True), gap=2)
        lay = row(gap=8, margins=(4, 5, 4, 5))
        lay.addLayout(words_, 1)
        lay.addWidget(mark("right", "ink3", 14))
        made = PressRow(f"修改{kind_label}：{told}", partial(self._ask_paper, code, kind_label))
        made.setLayout(lay)
        return made

    # -- changes

    def _ask_campaign(self) -> None:
        if self._known is not None:
            self._open("campaign", CampaignDialog(self._known.settings, self._context.facts.today))

    def _ask_rules(self) -> None:
        if self._known is not None:
            self._open("rules", RulesDialog(self._known.settings, self._context.facts.today))

    def _ask_paper(self, code: str, kind_label: str) -> None:
        if self._known is not None and self._context.writable:
            self._open(f"paper:{code}", PaperDefaultsDialog(self._known.settings, code, kind_label))

    def _open(self, place: str, dialog: CampaignDialog | RulesDialog | PaperDefaultsDialog) -> None:
        dialog.wished.connect(self._set)
        self._context.host.open_dialog(dialog)
        draft_of(self._context, place, dialog)

    def _set(self, settings: CampaignSettings) -> None:
        by = self._context.actor_or(self.refused)
        if by is None:
            return

        def work(_progress: Progress) -> Changes:
            from gengdi_desktop.ledger import service

            return service.set_campaign(self._context.ledger, settings, by=by)

        self._context.jobs.write(work, self._context.bus.tell, self.refused, owner=self)

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


def _campaign_facts(campaign: Campaign) -> tuple[tuple[str, str], ...]:
    pairs = [
        ("名称", campaign.name or "还没有填"),
        ("通知文号", campaign.document_number or words.NOTHING),
        ("发文单位", campaign.issuer or words.NOTHING),
        ("硬期限", words.day(campaign.hard_deadline)),
    ]
    for phase in campaign.phases:
        window = f"{words.short_day(phase.window_start)} 到 {words.short_day(phase.window_end)}"
        pairs.append((phase.name, window if phase.window_start or phase.window_end else words.NOTHING))
    return tuple(pairs)


def _rule_facts(campaign: Campaign, evidence: EvidenceRules) -> tuple[tuple[str, str], ...]:
    rules = campaign.rules
    after = words.day(rules.zero_tolerance_after) if rules.zero_tolerance_after else words.NOTHING
    pairs = [
        ("算作整改到位", f"{rules.done_rule.label}起"),
        ("可以销号", f"{rules.close_rule.label}起"),
        ("快到期", f"提前 {rules.warning_days} 天提醒"),
        ("零容忍", f"{after} 以后建的房子" if rules.zero_tolerance_after else after),
    ]
    pairs += [(f"{kind.label}要有", "、".join(one.label for one in needed)) for kind, needed in evidence.ground.items()]
    pairs.append(("书面办理要有", "、".join(one.label for one in evidence.paper)))
    return tuple(pairs)
