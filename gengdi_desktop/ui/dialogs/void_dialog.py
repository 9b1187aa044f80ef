"""Voiding a report: why, and what that means; the one way to say that a frozen paper does not count."""

from __future__ import annotations

from PySide6.QtCore import Signal

from gengdi_desktop.ui.widgets.fields import LineField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label


class VoidDialog(DialogSheet):
    """Tells the reason."""

    wished = Signal(str)

    def __init__(self, title: str, version: int) -> None:
        super().__init__(f"作废第 {version} 版", title)
        self.help_topic = "报告与报送"
        self._reason = LineField("作废的原因", hint="例如 签发前发现主送写错")
        self._form = Form()
        self._form.add("reason", "原因", self._reason, required=True)
        self.content.addWidget(self._form)
        told = "作废以后不能再签名、报送，也不能恢复。文件、签名和文号都留着，文号不会用到别的报告上；要报就另出一版。"
        self.content.addWidget(label(told, "small", wrap=True))
        self.first = self._reason
        self.set_buttons([], [button("取消", pressed=self.close_sheet), button("作废", "main", pressed=self._void)])

    def _void(self) -> None:
        reason = self._reason.text().strip()
        self._form.show_error("reason", "" if reason else "还没有写原因。")
        if not reason:
            self._reason.setFocus()
            return
        self.wished.emit(reason)
        self.close_sheet()
