"""The record of a hand-in: when, to whom, by which medium, with which receipt."""

from __future__ import annotations

from datetime import date, datetime, time

from PySide6.QtCore import Signal

from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import prompts
from gengdi_desktop.ui.prompts import Prompts
from gengdi_desktop.ui.widgets.fields import ChoiceField, DateField, LineField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import boxed, button, label, row

_MEDIA = ("U盘", "纸质盖章", "政务内网", "其他")


class HandInDialog(DialogSheet):
    """Tells what to record, and the moment of it."""

    wished = Signal(dict, object)

    def __init__(self, title: str, recipient: str, now: datetime, today: date, given: Prompts) -> None:
        super().__init__("登记报送", title)
        self.help_topic = "报告与报送"
        self._prompts, self._now = given, now
        self._to = LineField("报给谁", recipient)
        self._medium = ChoiceField("怎么报的", [(one, one) for one in _MEDIA])
        self._day = DateField("哪一天", today, now.astimezone().date())
        self._receipt = LineField("回执或盖章页", hint="扫描件或照片，没有就空着")
        self._receipt.setReadOnly(True)
        self._note = LineField("备注")
        self._form = Form()
        self._form.add("to", "报给谁", self._to, required=True)
        self._form.add("medium", "怎么报的", self._medium)
        self._form.add("day", "哪一天", self._day, required=True)
        place = row(gap=8)
        place.addWidget(self._receipt, 1)
        place.addWidget(button("选文件", pressed=self._pick))
        self._form.add("receipt", "回执", boxed(place))
        self._form.add("note", "备注", self._note)
        self.content.addWidget(self._form)
        self.content.addWidget(label("登记后台账里查得到什么时候报了什么，报告本身不变。", "small", wrap=True))
        self.first = self._to
        self.set_buttons([], [button("取消", pressed=self.close_sheet), button("登记", "main", pressed=self._save)])

    def _pick(self) -> None:
        chosen = self._prompts.open_file("选回执", prompts.ANY)
        if chosen is not None:
            self._receipt.setText(str(chosen))

    def _save(self) -> None:
        self._form.clear_errors()
        try:
            day = self._day.day()
        except RuleError as error:
            self._form.refuse("day", error)
            return
        if day is None or not self._to.text().strip():
            self._form.show_error("day", "" if day else "还没有填日期。")
            self._form.show_error("to", "" if self._to.text().strip() else "还没有填报给谁。")
            return
        local = self._now.astimezone()
        at = self._now if day == local.date() else datetime.combine(day, time(12), local.tzinfo)
        values = {
            "to": self._to.text().strip(),
            "medium": self._medium.code(),
            "receipt": self._receipt.text(),
            "note": self._note.text().strip(),
        }
        self.wished.emit(values, at)
        self.close_sheet()
