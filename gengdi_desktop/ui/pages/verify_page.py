"""Verification: a PDF from anywhere, who signed it, whether it was changed, and whom this ledger trusts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import prompts, words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.trust_dialog import TrustDialog
from gengdi_desktop.ui.jobs import Lane, Shown
from gengdi_desktop.ui.pages import verify_work
from gengdi_desktop.ui.widgets.folder_button import folder_button
from gengdi_desktop.ui.widgets.message import Message
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.trust import KnownCertificate
    from gengdi_desktop.signing.certificates import Certificate
    from gengdi_desktop.signing.verdict import SignatureVerdict, Verification

_TOLD: Final = ("谁签的，是不是您认得的人", "签名以后，正文和附件有没有改过", "该签的人是不是都签了")
_NOBODY: Final = "这本台账还没有信任谁。核验文件时核对过指纹的人，会列在这里。"


class VerifyPage(Page):
    """One file at a time; below it the list of those who are trusted."""

    shows: ClassVar[frozenset[str]] = frozenset({"certificate"})

    def __init__(self, context: UiContext) -> None:
        self._choose = button("选文件", "main", "open", pressed=self._pick)
        back = button("回到报告", "link", "left", pressed=lambda: context.host.go("reports"))
        super().__init__("核验", "看是谁签的、签名以后有没有被改过", (back, self._choose))
        self._context = context
        self._path: Path | None = None
        self.setAcceptDrops(True)
        self._empty = Sheet("还没有选文件")
        self._empty.body.addWidget(
            label("选一份带签名的 PDF 或交换包（.gdpkg），或把它拖到这里。这里告诉您三件事：", "body", wrap=True)
        )
        for sentence in _TOLD:
            self._empty.body.addLayout(row(mark("check", "ink3"), label(sentence, "value"), None))
        self._empty.body.addWidget(label("程序只看不改，也不连网。", "small", wrap=True))
        self._verdict = QVBoxLayout()
        self._signed = Sheet("签名", "")
        self._inside = Sheet("装在里面的文件", "和正文一起受签名保护")
        self._signatures, self._files = column(gap=8), column(gap=6)
        for sheet, held in ((self._signed, self._signatures), (self._inside, self._files)):
            sheet.body.addLayout(held)
            sheet.hide()
        card = button("信任一张证书", "link", "plus", pressed=self._pick_certificate)
        card.setVisible(context.writable)
        self._trusted = Sheet("信任名单", "本台账按这份名单核验", card)
        self._names = column(gap=2)
        self._trusted.body.addLayout(self._names)
        self.body.addLayout(self._verdict)
        self.body.addWidget(self._empty)
        self.body.addWidget(self._signed)
        self.body.addWidget(self._inside)
        self.body.addWidget(self._trusted)
        self.body.addStretch(1)

    # -- what the window asks

    def shown(self) -> None:
        """The list may have changed; a file is judged again by the list of now."""
        ledger = self._context.ledger
        self._context.jobs.read(
            lambda _progress: verify_work.known(ledger),
            self._show_trusted,
            self.messages.show_error,
            owner=self,
            newest="trusted",
        )
        if self._path is not None:
            self._verify(self._path)

    def wish(self, filters: Mapping[str, str]) -> None:
        """A file from elsewhere."""
        if filters.get("file"):
            self._take(Path(filters["file"]))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file may be dropped here."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Judge what was dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.accept()
            self._take(Path(files[0]))

    # -- one file

    def _pick(self) -> None:
        start = self._context.preferences.start_folder()
        chosen = self._context.prompts.open_file("选要核验的文件", prompts.SIGNED, start)
        if chosen is not None:
            self._context.preferences.used_folder(chosen.parent)
            self._take(chosen)

    def _take(self, path: Path) -> None:
        self.messages.clear()
        self._verify(path)

    def _verify(self, path: Path) -> None:
        ledger = self._context.ledger
        self._path = path
        self._context.jobs.run(
            Lane.FILES,
            lambda _progress: verify_work.verify(ledger, path),
            partial(self._show, path),
            self._not_verified,
            owner=self,
            shown=Shown("核验签名", "", "取消不会留下什么。"),
            newest="verify",
        )

    def _not_verified(self, error: GengdiError) -> None:
        self._path = None
        self._clear()
        self.messages.show_error(error)

    def _clear(self) -> None:
        clear(self._verdict)
        self._signed.hide()
        self._inside.hide()
        self._empty.show()
        self.note.set_words("")

    def _show(self, path: Path, judged: tuple[Verification, str]) -> None:
        found, sentence = judged
        self._empty.hide()
        self.note.set_words(path.name)
        clear(self._verdict)
        verdict = verify_work.verdict_of(found)
        self._verdict.addWidget(Message(verdict.sign, verdict.what, verdict.more))
        if sentence:
            self._verdict.addWidget(label(sentence, "body", wrap=True))
        self._show_signatures(found)
        self._show_attachments(found)

    def _show_signatures(self, found: Verification) -> None:
        lay = self._signatures
        clear(lay)
        self._signed.setVisible(bool(found.signatures or found.missing))
        done, missing = len(found.signatures), len(found.missing)
        self._signed.set_note(f"{done} 人已签" + (f"，还差 {missing} 人" if missing else ""))
        for at, one in enumerate(found.signatures):
            if at:
                lay.addWidget(line())
            lay.addLayout(self._signature(one, found))
        for empty in found.missing:
            lay.addWidget(line())
            lay.addLayout(row(mark("pen", "seal"), label(f"{empty.label}还没有签名", "body", "seal"), None))
        for sentence in verify_work.untold(found):
            lay.addWidget(label(sentence, "small", wrap=True))

    def _signature(self, one: SignatureVerdict, found: Verification) -> QVBoxLayout:
        good = one.intact and one.trusted
        sign, tone = ("check", "land") if good else ("warn", "soil") if one.intact else ("stop", "seal")
        when = words.moment(one.at, self._context.facts.today) if one.at else "没有写时间"
        head = row(mark(sign, tone), label(one.label, "label"), gap=8)  # type: ignore[arg-type]
        head.addWidget(ElidedLabel(one.signer, "section"), 1)
        head.addWidget(label(when, "label"))
        states = (
            ("内容没有改过" if found.intact else "签名本身完好", "land")
            if one.intact
            else ("签名以后被改动过", "seal"),
            ("在信任名单里", "land") if one.trusted else ("不在信任名单里", "soil"),
        )
        told = row(28, gap=16)
        for text, ink in states:
            told.addWidget(label(text, "value", ink))  # type: ignore[arg-type]
        told.addStretch(1)
        made = column(head, told, gap=2)
        if one.certificate is not None:
            made.addLayout(self._fingerprint(one, one.certificate))
        return made

    def _fingerprint(self, one: SignatureVerdict, certificate: Certificate) -> QVBoxLayout:
        lines = row(28, label("指纹", "small"), gap=8)
        groups = column(gap=0)
        for told in verify_work.group_lines(certificate.fingerprint_groups):
            groups.addWidget(label(told, "small", "ink"))
        lines.addLayout(groups)
        lines.addStretch(1)
        made = column(lines, gap=4)
        if verify_work.may_be_trusted(one):
            ask = button("核对指纹，再信任", sign="key", pressed=partial(self._ask, certificate))
            ask.setEnabled(self._context.writable)
            ask.setToolTip("" if self._context.writable else "这本台账现在只能看")
            made.addLayout(row(28, ask, None, gap=0))
        return made

    def _show_attachments(self, found: Verification) -> None:
        lay = self._files
        clear(lay)
        shown = verify_work.files_of(found)
        self._inside.setVisible(bool(shown))
        self._inside.set_note("和正文一起受签名保护" if found.intact else "签名不成立，这些文件也不能采信")
        for one in shown:
            name = row(mark("attach", "ink3"), gap=8)
            name.addWidget(ElidedLabel(one.name, "value"), 1)
            name.addWidget(label(words.file_size(one.size), "small"))
            lay.addLayout(name)
        out = button("取出来存到文件夹", sign="save", pressed=partial(self._take_out, found))
        out.setEnabled(found.intact)
        lay.addLayout(row(out, None, margins=(0, 4, 0, 0)))

    def _take_out(self, found: Verification) -> None:
        path, preferences = self._path, self._context.preferences
        folder = self._context.prompts.folder("里面的文件存到哪个文件夹", preferences.start_folder())
        if path is None or folder is None:
            return
        preferences.used_folder(folder)

        def done(files: tuple[Path, ...]) -> None:
            names = "\n".join(one.name for one in files)
            what = f"取出了 {len(files)} 个文件，放在 {folder}。"
            self.messages.show_message("check", what, names, (folder_button(folder),))

        self._context.jobs.run(
            Lane.FILES,
            lambda _progress: verify_work.take_out(path, found, folder),
            done,
            self.messages.show_error,
            owner=self,
            shown=Shown("取出文件", "", "取消不会留下什么。"),
        )

    # -- whom one trusts

    def _show_trusted(self, known: tuple[KnownCertificate, ...]) -> None:
        clear(self._names)
        if not known:
            self._names.addWidget(label(_NOBODY, "value", wrap=True))
        for one in known:
            certificate = one.certificate
            who = row(mark("user", "ink3"), gap=8)
            who.addWidget(ElidedLabel(certificate.subject, "value"), 1)
            who.addWidget(label(one.relation.label, "small"))
            who.addWidget(label(f"指纹 {certificate.fingerprint_groups[:9]}…", "small"))
            until = words.day(certificate.not_after.astimezone().date())
            who.addWidget(label(f"{until}到期", "small"))
            export = button("导出证书", "link", name=f"导出{certificate.subject}的证书")
            export.clicked.connect(partial(self._export, certificate))
            who.addWidget(export)
            if self._context.writable:
                name = f"不再信任{certificate.subject}"
                gone = button("不再信任", "link", tone="seal", name=name, pressed=partial(self._distrust, certificate))
                who.addWidget(gone)
            self._names.addLayout(who)

    def _export(self, certificate: Certificate, _checked: object = None) -> None:
        """A certificate for the stick that goes to the receiver, and its fingerprint to read aloud."""
        start = str(Path(self._context.preferences.start_folder()) / f"{certificate.person}.cer")
        target = self._context.prompts.save_file("证书存到哪里", prompts.CERTIFICATES, start)
        if target is None:
            return

        def done(_nothing: None) -> None:
            aloud = "，".join(verify_work.group_lines(certificate.fingerprint_groups))
            self.messages.show_message(
                "check", f"证书存好了：{target.name}。里面没有密钥。", f"交给对方时念指纹：{aloud}"
            )

        self._context.jobs.run(
            Lane.FILES,
            lambda _progress: verify_work.export(certificate, target),
            done,
            self.messages.show_error,
            owner=self,
        )

    def _pick_certificate(self) -> None:
        start = self._context.preferences.start_folder()
        chosen = self._context.prompts.open_file("选对方交来的证书", prompts.CERTIFICATES, start)
        if chosen is None:
            return
        self._context.preferences.used_folder(chosen.parent)
        self._context.jobs.run(
            Lane.FILES,
            lambda _progress: verify_work.read_certificate(chosen),
            self._ask,
            self.messages.show_error,
            owner=self,
        )

    def _ask(self, certificate: Certificate) -> None:
        dialog = TrustDialog(certificate)
        dialog.wished.connect(self._trust)
        self._context.host.open_dialog(dialog)

    def _trust(self, certificate: Certificate) -> None:
        ledger, by = self._context.ledger, self._context.actor_or(self.messages.show_error)
        if by is None:
            return
        self._context.jobs.write(
            lambda _progress: verify_work.trust(ledger, certificate, by),
            self._changed,
            self.messages.show_error,
            owner=self,
        )

    def _distrust(self, certificate: Certificate) -> None:
        ledger, by = self._context.ledger, self._context.actor_or(self.messages.show_error)
        if by is None:
            return

        def done(changes: Changes) -> None:
            self._changed(changes)
            back = button("放回名单", pressed=partial(self._trust, certificate))
            what = f"已把{certificate.subject}移出信任名单。"
            self.messages.show_message("check", what, "以前签的文件，再核验时也会显示不在名单里。", (back,))

        self._context.jobs.write(
            lambda _progress: verify_work.distrust(ledger, certificate.fingerprint, by),
            done,
            self.messages.show_error,
            owner=self,
        )

    def _changed(self, changes: Changes) -> None:
        self.messages.clear()
        self._context.bus.tell(changes)
