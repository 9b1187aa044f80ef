"""What is typed into a form or a cell outlives a kill: kept while one types, offered again, gone once it is saved.

draft = FormDraft(context, "member", form, dialog.messages, dialog)   # when the form is filled with what is known
…
draft.saved()                                                         # when what was typed has been saved
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button

if TYPE_CHECKING:
    from gengdi_desktop.domain.operations import Operation
    from gengdi_desktop.ledger.drafts import Draft

_EVERY_MS: Final = 800
_log = logging.getLogger(__name__)


class DraftKeeper(QObject):
    """Keeps the newest text of one place, at most about once a second; all writing is done in the writing lane."""

    def __init__(self, context: UiContext, place: str, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._place, self._member = context, place, context.member
        self._values: Mapping[str, str] | None = None
        self._kept = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_EVERY_MS)
        self._rest.timeout.connect(self.flush)

    def typed(self, values: Mapping[str, str]) -> None:
        """This stands there now."""
        if not self._context.writable:
            return
        self._values = dict(values)
        if not self._rest.isActive():
            self._rest.start()

    def flush(self) -> None:
        """Keep what stands there without waiting."""
        self._rest.stop()
        values, self._values = self._values, None
        if values is None:
            return
        self._kept = True
        ledger, place, member = self._context.ledger, self._place, self._member

        def work(_progress: Progress) -> None:
            from gengdi_desktop.ledger import drafts

            drafts.keep_draft(ledger, place, values, member=member)

        self._context.jobs.write(work, None, _not_kept)

    def found(self) -> None:
        """A draft of an earlier time is there: it must be forgotten too."""
        self._kept = True

    def forget(self) -> None:
        """It was saved, or is not wanted."""
        self._rest.stop()
        self._values = None
        if not self._kept:
            return
        self._kept = False
        forget(self._context, self._place)


class FormDraft(QObject):
    """Watches all fields inside a form, by their accessible names; passwords and what is private are left alone."""

    def __init__(
        self,
        context: UiContext,
        place: str,
        form: QWidget,
        slot: MessageSlot,
        parent: QObject,
        *,
        leave_out: Collection[str] = (),
        shown: Callable[[], object] | None = None,
    ) -> None:
        """Begin to watch.

        Args:
            context: The open ledger.
            place: The form, and the plot where it belongs to one; a code that stays.
            form: The widget that holds the fields.
            slot: Where the draft is offered.
            parent: With it the watching ends; what is typed then is kept.
            leave_out: Accessible names of fields that are not kept.
            shown: Called after a draft was put into the fields.
        """
        super().__init__(parent)
        self._context, self._place, self._slot, self._shown = context, place, slot, shown
        self._fields = {
            field.accessibleName(): field
            for kind in (QLineEdit, QPlainTextEdit, QComboBox)
            for field in form.findChildren(kind)
            if field.accessibleName() and field.accessibleName() not in leave_out and _kept_field(field)
        }
        self._keeper = DraftKeeper(context, place, self)
        self._begun = self._read()
        for field in self._fields.values():
            _on_change(field, self._changed)

    def look(self) -> None:
        """Offer what was typed here an earlier time; call it once the form shows what is known."""
        self._begun = self._read()
        ledger, place, member = self._context.ledger, self._place, self._context.member

        def work(_progress: Progress) -> Draft | None:
            from gengdi_desktop.ledger import drafts

            return drafts.find_draft(ledger, place, member=member)

        self._context.jobs.read(work, self._offer, owner=self)

    def saved(self) -> None:
        """What was typed has been saved: nothing is left to offer."""
        self._keeper.forget()

    def leave(self) -> None:
        """The form goes without being saved: keep what was typed."""
        self._keeper.flush()

    def _offer(self, draft: Draft | None) -> None:
        if draft is None or not set(draft.values) & set(self._fields) or draft.values == self._read():
            return
        self._keeper.found()
        when = words.moment(draft.saved_at, self._context.facts.today)
        take = button("接着填", pressed=lambda: self._take(draft.values))
        drop = button("不要了", "link", pressed=self._drop)
        self._slot.show_message(
            "info", f"上次没有保存的内容还在（{when}）。", "接着填，就把它放回下面的格子里。", [take, drop]
        )

    def _take(self, values: Mapping[str, str]) -> None:
        self._slot.clear()
        for name, text in values.items():
            if name in self._fields:
                _put(self._fields[name], text)
        if self._shown is not None:
            self._shown()

    def _drop(self) -> None:
        self._slot.clear()
        self._keeper.forget()

    def _read(self) -> dict[str, str]:
        return {name: _text(field) for name, field in self._fields.items()}

    def _changed(self, *_: object) -> None:
        now = self._read()
        if now == self._begun:
            self._keeper.forget()
        else:
            self._keeper.typed({name: text for name, text in now.items() if text != self._begun.get(name)})


def action_place(action: Operation, plots: Sequence[str]) -> str:
    """The place of what is typed for an action on these plots; dialog, page and field sheets of one plot share it."""
    return f"action:{action.value}:{plots[0]}:{len(plots)}"


def draft_of(context: UiContext, place: str, dialog: DialogSheet) -> FormDraft:
    """Keep what is typed into a dialog that tells its wish by a signal ``wished``.

    What was wished may still be refused: the draft goes once something in the ledger has changed.
    """
    draft = FormDraft(context, place, dialog, dialog.messages, dialog)
    dialog.closed.connect(draft.leave)
    wished = getattr(dialog, "wished", None)
    if wished is not None:

        def await_change(*_: object) -> None:
            draft.leave()
            once = Qt.ConnectionType.SingleShotConnection
            context.bus.changed.connect(lambda _changes: forget(context, place), once)

        wished.connect(await_change)
    draft.look()
    return draft


def forget(context: UiContext, place: str) -> None:
    """Let the draft of a place go."""
    ledger, member = context.ledger, context.member

    def work(_progress: Progress) -> None:
        from gengdi_desktop.ledger import drafts

        drafts.forget_draft(ledger, place, member=member)

    context.jobs.write(work, None, _not_kept)


def _not_kept(error: GengdiError) -> None:
    """What is typed still stands on the screen; that it could not be kept beside is told when it is saved."""
    _log.info("draft not kept: %s", error.code)


def _kept_field(field: QWidget) -> bool:
    if isinstance(field, QLineEdit):
        inside = field.parent()
        return field.echoMode() == QLineEdit.EchoMode.Normal and not (
            field.isReadOnly() or isinstance(inside, QComboBox)
        )
    return not (isinstance(field, QPlainTextEdit) and field.isReadOnly())


def _on_change(field: QWidget, call: Callable[..., object]) -> None:
    if isinstance(field, (QLineEdit, QPlainTextEdit)):
        field.textChanged.connect(call)
    elif isinstance(field, QComboBox):
        field.currentIndexChanged.connect(call)


def _text(field: QWidget) -> str:
    if isinstance(field, QLineEdit):
        return field.text()
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    return str(field.currentData() or "") if isinstance(field, QComboBox) else ""


def _put(field: QWidget, text: str) -> None:
    if isinstance(field, QLineEdit):
        field.setText(text)
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    elif isinstance(field, QComboBox):
        at = field.findData(text)
        field.setCurrentIndex(at if at >= 0 else field.currentIndex())
