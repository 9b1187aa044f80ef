"""With what every report of a kind is sent: recipients, prefix of its number, contact, signers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from gengdi_desktop.ui.widgets.fields import LineField, NoteField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label

if TYPE_CHECKING:
    from gengdi_desktop.ledger.campaign_file import CampaignSettings, Signer

_TEXTS: Final = (
    ("recipient", "主送"),
    ("copy_to", "抄送"),
    ("number_prefix", "机关代字"),
    ("issued_by", "签发人"),
    ("contact", "联系人"),
    ("contact_phone", "联系电话"),
)


class PaperDefaultsDialog(DialogSheet):
    """Changes what the campaign says of one kind of report; a single report may still say otherwise."""

    wished = Signal(object)

    def __init__(self, settings: CampaignSettings, kind: str, kind_label: str) -> None:
        super().__init__(kind_label, "以后每份照用，当次还可以改")
        self.help_topic = "成员与设置"
        self._settings = settings
        self._paper = settings.paper(kind)
        self._form = Form()
        self._texts = {key: LineField(word, str(getattr(self._paper, key))) for key, word in _TEXTS}
        for key, word in _TEXTS:
            self._form.add(key, word, self._texts[key])
        signers = "\n".join(f"{one.role}：{one.name}" for one in self._paper.signers)
        self._signers = NoteField("签名人", signers, lines=3)
        self._form.add("signers", "签名人", self._signers, "一行一个，按签名的先后写“角色：姓名”，例如 经办人：吴小琴")
        self.content.addWidget(self._form)
        self.content.addWidget(label("机关代字如 白府函，程序接着上一个号往下排；没有就空着。", "small", wrap=True))
        self.first = self._texts["recipient"]
        self.set_buttons(
            [], [button("取消", pressed=self.close_sheet), button("以后照这样", "main", pressed=self._save)]
        )

    def _save(self) -> None:
        signers = self._read_signers()
        wrong = signers is None
        self._form.show_error("signers", "每一行都要写成“角色：姓名”。" if wrong else "")
        if signers is None:
            self._signers.setFocus()
            return
        texts = {key: field.text().strip() for key, field in self._texts.items()}
        paper = replace(self._paper, signers=signers, **texts)
        others = tuple(one for one in self._settings.papers if one.kind != paper.kind)
        self.wished.emit(replace(self._settings, papers=(*others, paper)))
        self.close_sheet()

    def _read_signers(self) -> tuple[Signer, ...] | None:
        from gengdi_desktop.ledger.campaign_file import Signer

        found = []
        for text in self._signers.toPlainText().splitlines():
            role, _, name = (part.strip() for part in text.replace(":", "：").partition("："))
            if role and name:
                found.append(Signer(role, name))
            elif text.strip():
                return None
        return tuple(found)
