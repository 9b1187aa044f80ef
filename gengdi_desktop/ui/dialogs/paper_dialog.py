"""With what a report is sent: number, recipient, date, contact, signers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui.widgets.fields import DateField, LineField, NoteField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button

if TYPE_CHECKING:
    from gengdi_desktop.reports.settings import PaperSettings, PaperSigner

_TEXTS: Final = (
    ("number", "发文字号", "例如 白府函〔2023〕12号，没有就空着"),
    ("number_prefix", "机关代字", "填了就自动排下一个字号，例如 白府函"),
    ("recipient", "主送", ""),
    ("copy_to", "抄送", ""),
    ("issued_by", "签发人", ""),
    ("contact", "联系人", ""),
    ("contact_phone", "联系电话", "办公电话"),
)


class PaperDialog(DialogSheet):
    """Changes the settings of one report; the words and figures of the paper come from the ledger."""

    wished = Signal(object)

    def __init__(self, settings: PaperSettings, today: date, *, needs_number: bool) -> None:
        super().__init__("这份报告")
        self._settings = settings
        self._form = Form()
        self._texts: dict[str, LineField] = {}
        for key, word, note in _TEXTS:
            if key in ("number", "number_prefix") and not needs_number:
                continue
            self._texts[key] = LineField(word, str(getattr(settings, key)))
            self._form.add(key, word, self._texts[key], note, required=key in ("number", "recipient"))
        self._day = DateField("成文日期", today, settings.day)
        self._form.add("day", "成文日期", self._day, required=True)
        signers = "\n".join(f"{one.role}：{one.name}" if one.name else one.role for one in settings.signers)
        self._signers = NoteField("签名人", signers, lines=3)
        self._form.add("signers", "签名人", self._signers, "一行一个，按签名的先后写“角色：姓名”，例如 经办人：吴小琴")
        self.content.addWidget(self._form)
        self.first = next(iter(self._texts.values()))
        save = button("照这样排", "main", pressed=self._save)
        self.set_buttons([], [button("取消", pressed=self.close_sheet), save])

    def _save(self) -> None:
        self._form.clear_errors()
        try:
            day = self._day.day()
        except RuleError as error:
            self._form.show_error("day", f"{error.message}{error.hint}")
            return
        texts = {key: field.text().strip() for key, field in self._texts.items()}
        made = replace(self._settings, day=day, signers=self._read_signers())
        for key, text in texts.items():
            made = replace(made, **{key: text})  # type: ignore[arg-type]
        self.wished.emit(made)
        self.close_sheet()

    def _read_signers(self) -> tuple[PaperSigner, ...]:
        from gengdi_desktop.reports.settings import PaperSigner

        found = []
        for text in self._signers.toPlainText().splitlines():
            role, _, name = text.replace(":", "：").partition("：")
            if role.strip():
                found.append(PaperSigner(role.strip(), name.strip()))
        return tuple(found)
