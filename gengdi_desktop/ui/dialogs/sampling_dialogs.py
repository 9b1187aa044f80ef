"""What the spot check asks before a step that many plots feel: why one is replaced, when returned ones are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import Signal

from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.widgets.fields import DateField, LineField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label

_HELP: Final = "抽查"
_NAMED: Final = 6


@dataclass(frozen=True)
class ReturnWish:
    """By when the failed plots are to be in place, and by which document."""

    deadline: date
    document: str


class ReplaceDialog(DialogSheet):
    """Tells why a plot cannot be visited."""

    wished = Signal(str)

    def __init__(self, name: str, stratum: str) -> None:
        super().__init__("换一个图斑", name)
        self.help_topic = _HELP
        self._reason = LineField("为什么去不了", hint="例如 塌方封路，车和人都进不去")
        self._form = Form()
        self._form.add("reason", "原因", self._reason, required=True)
        told = (
            f"换上来的是“{stratum}”这一层里排在后面的下一个，不由人挑。换下的和原因都留在抽查表上。"
            "去得了、只是不合格的，不能换。"
        )
        self.content.addWidget(self._form)
        self.content.addWidget(label(told, "small", wrap=True))
        self.first = self._reason
        self.set_buttons([], [button("取消", pressed=self.close_sheet), button("换下一个", "main", pressed=self._do)])

    def _do(self) -> None:
        reason = self._reason.text().strip()
        self._form.show_error("reason", "" if reason else "还没有写原因。")
        if not reason:
            self._reason.setFocus()
            return
        self.wished.emit(reason)
        self.close_sheet()


class EnterDialog(DialogSheet):
    """Tells the number of the document by which results are made known; it may be left out."""

    wished = Signal(str)

    def __init__(self, results: int, failed: int) -> None:
        super().__init__("抽查结果入账", f"{words.count(results)} 个结果")
        self.help_topic = _HELP
        self._document = LineField("文号", hint="例如 进耕整抽〔2023〕2号，没有就空着")
        self._form = Form()
        self._form.add("document", "文号", self._document)
        told = "每个图斑记上一条抽查，写明两个抽查人和看到的。图斑的状态不变；这一步可以撤销。"
        if failed:
            told += f"里面有 {words.count(failed)} 个不合格，入账以后再退回。"
        self.content.addWidget(self._form)
        self.content.addWidget(label(told, "small", wrap=True))
        self.first = self._document
        self.set_buttons([], [button("取消", pressed=self.close_sheet), button("入账", "main", pressed=self._do)])

    def _do(self) -> None:
        self.wished.emit(self._document.text().strip())
        self.close_sheet()


class SendBackDialog(DialogSheet):
    """Tells the new deadline of the failed plots."""

    wished = Signal(object)

    def __init__(self, names: Sequence[str], today: date) -> None:
        super().__init__("退回不合格的图斑", f"{words.count(len(names))} 个")
        self.help_topic = _HELP
        self._deadline = DateField("新的整改时限", today)
        self._document = LineField("文号", hint="没有就空着")
        self._form = Form(96)
        self._form.add("deadline", "新的时限", self._deadline, required=True)
        self._form.add("document", "文号", self._document)
        rest = f"等 {words.count(len(names))} 个" if len(names) > _NAMED else ""
        told = (
            f"{'、'.join(names[:_NAMED])}{rest}。退回的原因写的是各自查到的问题。已经销号的会重开一轮。这一步可以撤销。"
        )
        self.content.addWidget(self._form)
        self.content.addWidget(label(told, "small", wrap=True))
        self.first = self._deadline
        self.set_buttons([], [button("取消", pressed=self.close_sheet), button("退回", "main", pressed=self._do)])

    def _do(self) -> None:
        self._form.clear_errors()
        try:
            day = self._deadline.day()
        except RuleError as error:
            self._form.refuse("deadline", error)
            day = None
        else:
            self._form.show_error("deadline", "" if day else "还没有写新的时限。")
        if day is None:
            self._deadline.setFocus()
            return
        self.wished.emit(ReturnWish(day, self._document.text().strip()))
        self.close_sheet()
