"""Undo and redo of the window: what would be turned back, turning it back, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.main_window import MainWindow
from gengdi_desktop.ui.widgets.parts import button

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.undo import Undone


@dataclass(frozen=True)
class _Step:
    """A step that can be turned: the entry to turn back, and what it did in words; 0 where there is none."""

    seq: int = 0
    words: str = ""


@dataclass(frozen=True)
class _Turned:
    """What was turned, in words, and how many plots of an import stayed."""

    undone: Undone
    words: str
    again: bool


class UndoActions(QObject):
    """Lives as long as a desk is open. The steps are the journal's own: they are there after a restart too."""

    def __init__(self, context: UiContext, window: MainWindow) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._undo, self._redo = _Step(), _Step()
        context.bus.changed.connect(self._look)
        self._look()

    def undo(self) -> None:
        """Turn back the newest action that can be."""
        self._turn(None, again=False)

    def redo(self) -> None:
        """Turn forth what was turned back last."""
        if self._redo.seq:
            self._turn(self._redo.seq, again=True)

    def close(self) -> None:
        """Hear no more."""
        self._context.bus.changed.disconnect(self._look)
        self.deleteLater()

    def _look(self) -> None:
        ledger = self._context.ledger
        self._context.jobs.read(lambda _progress: _following(ledger), self._show, owner=self, newest="undo")

    def _show(self, following: tuple[_Step, _Step]) -> None:
        self._undo, self._redo = following
        writable = self._context.writable
        self._window.strip.show_undo(self._undo.words if writable else "", self._redo.words if writable else "")

    def _turn(self, seq: int | None, *, again: bool, untouched: bool = False) -> None:
        by = self._context.actor_or(self._window.tell_error)
        if by is None:
            return
        ledger = self._context.ledger
        self._context.jobs.write(
            lambda _progress: _turn_back(ledger, seq, by, again=again, untouched=untouched),
            self._turned,
            lambda error: self._refused(error, seq, again=again),
            owner=self,
        )

    def _turned(self, turned: _Turned) -> None:
        self._context.bus.tell(turned.undone.changes)
        left = len(turned.undone.left)
        stayed = f"有 {left} 个图斑后来改过，留着没有动。" if left else ""
        if turned.again:
            self._window.tell("check", f"已重做：{turned.words}。", f"{stayed}按 Ctrl+Z 可以再撤销。")
        else:
            self._window.tell("check", f"已撤销：{turned.words}。", f"{stayed}按 Ctrl+Y 可以再做回来。")

    def _refused(self, error: GengdiError, seq: int | None, *, again: bool) -> None:
        """Say what stands in the way; of an import what nobody has touched can be taken back all the same."""
        untouched = int(getattr(error, "untouched", 0))
        page = self._window.page
        if not untouched or page is None:
            self._window.tell_error(error)
            return
        part: Callable[[], object] = lambda: self._turn(seq, again=again, untouched=True)  # noqa: E731
        page.messages.show_error(error, [button(f"撤回没改过的 {untouched} 个", pressed=part)])


def _following(ledger: Ledger) -> tuple[_Step, _Step]:
    """Runs in the reading lane."""
    from gengdi_desktop.ledger import undo

    back, forth = undo.next_undo(ledger), undo.next_redo(ledger)
    undo_step = _Step() if back is None else _Step(back.seq, _told(ledger, back.seq))
    redo_step = _Step() if forth is None or forth.undoes is None else _Step(forth.seq, _told(ledger, forth.undoes))
    return undo_step, redo_step


def _turn_back(ledger: Ledger, seq: int | None, by: Actor, *, again: bool, untouched: bool) -> _Turned:
    """Runs in the writing lane; the words are asked first, since an import takes its plots with it."""
    from gengdi_desktop.ledger import undo

    undo_step, redo_step = _following(ledger)
    words = redo_step.words if again else undo_step.words
    return _Turned(undo.undo(ledger, seq, by=by, untouched=untouched), words, again)


def _told(ledger: Ledger, seq: int) -> str:
    """What an entry did: of one plot field by field, of many how many."""
    from gengdi_desktop.ledger.history import history

    told = next(iter(history(ledger, limit=1, before=seq + 1)), None)
    return "" if told is None else told.sentence
