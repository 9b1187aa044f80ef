"""Signing: the person, the identity, the passphrase; an identity is made here where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from gengdi_desktop.ui import prompts
from gengdi_desktop.ui.prompts import Prompts
from gengdi_desktop.ui.widgets.fields import ChoiceField, SecretField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import ElidedLabel, boxed, button, label, mark, row
from gengdi_desktop.ui.widgets.sheet import Block

if TYPE_CHECKING:
    from gengdi_desktop.signing.certificates import Certificate

_NEW: Final = "new"
_FILE: Final = "file"
_GROUPS: Final = 4


@dataclass(frozen=True)
class SignWish:
    """Who signs with what: an identity by fingerprint, or a new one where it is empty, or a ``.p12`` file."""

    person: str
    role: str
    passphrase: str = field(repr=False)
    fingerprint: str = ""
    p12: str = ""


class SignDialog(DialogSheet):
    """Tells a :class:`SignWish`; stays open until the signature stands, so that a mistyped passphrase costs nothing."""

    wished = Signal(object)

    def __init__(
        self, title: str, person: str, role: str, known: Sequence[Certificate], given: Prompts, people: Sequence[str]
    ) -> None:
        super().__init__("签名", title)
        self.help_topic = "签名与核验"
        self._prompts, self._role, self._p12 = given, role, ""
        who = Block("framed")
        head = row(mark("user", "accent"), label(role, "label"), None, gap=6)
        who.body.addLayout(head)
        self._person = ChoiceField("签名人", [(one, one) for one in ((person,) if person else people)])
        who.body.addWidget(label(person, "section") if person else self._person)
        told = "签名后谁改动文件都看得出来。口令只在这台电脑上用，程序不保存。"
        who.body.addWidget(label(told, "small", wrap=True))
        self.content.addWidget(who)
        options = [(one.fingerprint, _named(one)) for one in known]
        options += [(_NEW, "新建一个签名身份"), (_FILE, "用带来的 .p12 文件")]
        self._identity = ChoiceField("用哪个身份", options)
        self._identity.activated.connect(self._shown)
        self._file = ElidedLabel("", "small")
        pick = button("选文件", pressed=self._pick)
        self._file_row = boxed(row(self._file, pick, gap=8))
        self._secret, self._again = SecretField("口令"), SecretField("再输一遍")
        self._form = Form()
        self._form.add("identity", "身份", self._identity)
        self._form.add("file", "文件", self._file_row)
        self._form.add("secret", "口令", self._secret)
        self._form.add("again", "再输一遍", self._again, "至少 8 个字，忘了就要另建身份")
        self.content.addWidget(self._form)
        self.first = self._secret
        self._do = button(f"由{person}签名" if person else "签名", "main", pressed=self._sign)
        self.set_buttons([], [button("取消", pressed=self.close_sheet), self._do])
        self._shown()

    def done(self) -> None:
        """The signature stands."""
        self.close_sheet()

    def failed(self) -> None:
        """It does not: try again."""
        self._do.setEnabled(True)
        self._secret.selectAll()
        self._secret.setFocus()

    def _shown(self) -> None:
        code = self._identity.code()
        self._form.set_row_visible("file", visible=code == _FILE)
        self._form.set_row_visible("again", visible=code == _NEW)

    def _pick(self) -> None:
        chosen = self._prompts.open_file("选签名身份文件", prompts.IDENTITIES)
        if chosen is not None:
            self._p12 = str(chosen)
            self._file.set_words(chosen.name)

    def _sign(self) -> None:
        self._form.clear_errors()
        code, secret = self._identity.code(), self._secret.text()
        if not secret:
            self._form.show_error("secret", "还没有输口令。")
            return
        if code == _NEW and secret != self._again.text():
            self._form.show_error("again", "两遍口令不一样，请再输一遍。")
            return
        if code == _FILE and not self._p12:
            self._form.show_error("file", "还没有选文件。")
            return
        self._do.setEnabled(False)
        fingerprint = code if code not in (_NEW, _FILE) else ""
        p12 = self._p12 if code == _FILE else ""
        self.wished.emit(SignWish(self._person.code(), self._role, secret, fingerprint, p12))


def _named(one: Certificate) -> str:
    groups = one.fingerprint.upper()[: 4 * 2]
    shown = " ".join(groups[at : at + _GROUPS] for at in range(0, len(groups), _GROUPS))
    return f"{one.person}，{one.unit or '没有写单位'}（{shown}…）"
