"""Trusting a certificate: sixteen groups read aloud by the person who signs, compared by the one who trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gengdi_desktop.ui.widgets.fingerprint import fingerprint_block
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label
from gengdi_desktop.ui.widgets.tick_box import TickBox

if TYPE_CHECKING:
    from gengdi_desktop.signing.certificates import Certificate


class TrustDialog(DialogSheet):
    """Tells the certificate once the person says that every group is the same."""

    wished = Signal(object)

    def __init__(self, certificate: Certificate) -> None:
        super().__init__("核对指纹", certificate.subject)
        self.help_topic = "签名与核验"
        self._certificate = certificate
        who = certificate.person
        told = (
            f"请当面或打电话找到{who}本人，用您自己知道的号码。请{who}在自己的电脑上打开证书，"
            "从左到右、从上到下一组一组念，您对着看。"
        )
        self.content.addWidget(label(told, "body", wrap=True))
        self.content.addWidget(fingerprint_block(certificate.fingerprint_groups))
        self._same = TickBox("十六组都和本人念的一样")
        self._same.toggled.connect(self._say)
        self.content.addWidget(self._same)
        warning = "有一组对不上就不要信任：文件可能在半路被人换过。信任以后，本人签的文件都会显示可以采信。"
        self.content.addWidget(label(warning, "small", wrap=True))
        self.first = self._same
        self._do = button(f"信任{who}", "main", pressed=self._trust)
        self._do.setEnabled(False)
        self._do.setToolTip("先勾上“十六组都一样”")
        self.set_buttons([], [button("不信任", pressed=self.close_sheet), self._do])

    def _say(self, same: bool) -> None:
        self._do.setEnabled(same)

    def _trust(self) -> None:
        if self._same.isChecked():
            self.wished.emit(self._certificate)
            self.close_sheet()
