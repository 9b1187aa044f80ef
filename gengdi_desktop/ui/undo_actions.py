"""Undo and redo of the window: what would be turned back, turning it back, and what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from gengdi_desktop.ledger.active_entries import EntryMark
    from gengdi_desktop.ledger.undo import Undone

_Next = tuple[tuple[int, str], tuple[int, str]]


class UndoActions(QObject):
    """Lives as long as a desk is open."""

    def __init__(self, context: UiContext, window: MainWindow) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._redo_seq = 0
        context.bus.changed.connect(self._look)
        self._look()

    def undo(self) -> None:
        """Turn back the newest action that can be."""
        self._turn(None)

    def redo(self) -> None:
        """Turn forth what was turned back last."""
        if self._redo_seq:
            self._turn(self._redo_seq)

    def close(self) -> None:
        """Hear no more."""
        self._context.bus.changed.disconnect(self._look)
        self.deleteLater()

    def _look(self) -> None:
        self._context.jobs.read(self._next, self._show, owner=self, newest="undo")

    def _next(self, _progress: Progress) -> _Next:
        from gengdi_desktop.ledger import undo

        ledger = self._context.ledger
        return _named(undo.next_undo(ledger)), _named(undo.next_redo(ledger))

    def _show(self, following: _Next) -> None:
        (_, undo_label), (self._redo_seq, _) = following
        writable = self._context.writable
        self._window.strip.show_undo(
            undo_label if writable else "", "上一次撤销" if self._redo_seq and writable else ""
        )

    def _turn(self, seq: int | None) -> None:
        try:
            by = self._context.actor
        except GengdiError as error:
            self._window.tell_error(error)
            return

        def work(_progress: Progress) -> Undone:
            from gengdi_desktop.ledger import undo

            return undo.undo(self._context.ledger, seq, by=by)

        self._context.jobs.write(work, self._turned, self._window.tell_error, owner=self)

    def _turned(self, undone: Undone) -> None:
        self._context.bus.tell(undone.changes)
        self._window.tell("check", f"已撤销“{undone.label}”。", "按 Ctrl+Y 可以再做回来。")


def _named(mark: EntryMark | None) -> tuple[int, str]:
    return (0, "") if mark is None else (mark.seq, _label(mark.action))


def _label(action: str) -> str:
    return Operation(action).label if action in set(Operation) else action
