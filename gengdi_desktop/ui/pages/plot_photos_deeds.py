"""What may be done with the files of a plot: open, add, save a copy elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path, PurePath

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from gengdi_desktop.ui import prompts
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress
from gengdi_desktop.ui.models.photo_lines import PhotoLine
from gengdi_desktop.ui.widgets.message import MessageSlot


class FileDeeds(QObject):
    """Tells what came of it in the messages of its page."""

    def __init__(self, context: UiContext, messages: MessageSlot, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._messages = context, messages
        self.plot = ""

    def open(self, line: PhotoLine, *, beside: bool = False) -> None:
        """A picture large; what cannot be shown here is offered as a copy."""
        if line.picture:
            wish = {"plot": line.plot, "photo": str(line.id), "beside": "1" if beside else ""}
            self._context.host.go("photo", wish)
        else:
            self.save_copy(line)

    def menu(self, lines: Sequence[PhotoLine], over: QWidget) -> QMenu | None:
        """What right-click offers for the chosen files; None where none is chosen."""
        if not lines:
            return None
        menu = QMenu(over)

        def add(words: str, call: Callable[[], object], key: str = "") -> None:
            menu.addAction(f"{words}\t{key}" if key else words).triggered.connect(lambda _on=False: call())

        first = lines[0]
        if first.picture:
            add("看大图", partial(self.open, first), "Enter")
            add("前后对照", partial(self.open, first, beside=True))
        add("另存一份…", partial(self.save_copy, first))
        return menu

    def save_copy(self, line: PhotoLine) -> None:
        """The kept bytes under a name of the person's choice."""
        folder = self._context.preferences.start_folder()
        start = str(PurePath(folder) / line.name) if folder else line.name
        target = self._context.prompts.save_file("另存一份", prompts.ANY, start)
        if target is None:
            return
        self._context.preferences.used_folder(target.parent)
        ledger, sha256 = self._context.ledger, line.sha256

        def work(_progress: Progress) -> Path:
            from gengdi_desktop.evidence import service as evidence
            from gengdi_desktop.system.files import write_whole

            write_whole(target, evidence.read(ledger, sha256))
            return target

        def done(written: Path) -> None:
            self._messages.show_message("check", f"已另存为“{written.name}”。", f"放在 {written.parent}")

        self._context.jobs.run(Lane.FILES, work, done, self._messages.show_error, owner=self)
