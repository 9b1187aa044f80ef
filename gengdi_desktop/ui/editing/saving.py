"""Hands edits to the service off the GUI thread, and tells what came of them: one cell quietly, many in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from gengdi_desktop.domain.edits import EDITS
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.editing.blocks import Gathered, Unfit
from gengdi_desktop.ui.editing.edit_panel import DOCUMENT, REASON, EditPanel
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.undo import Undone
    from gengdi_desktop.phases.editing.service import CellEdit, EditOutcome, EditPreview, Misfit

_MANY: Final = 200
_TOLD_FIELDS: Final = 3


@dataclass(frozen=True)
class Looked:
    """A block as the service sees it, before anything is written."""

    gathered: Gathered
    preview: EditPreview


class EditSaving(QObject):
    """Signals: an entry was written (its changes); a cell kept its value though something was typed into it."""

    saved = Signal(object)
    settled = Signal(object)

    def __init__(self, context: UiContext, panel: EditPanel, messages: MessageSlot, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._panel, self._messages = context, panel, messages

    # -- one cell

    def put_one(self, edit: CellEdit, again: Callable[[CellEdit], object]) -> None:
        """Save one cell; *again* opens it anew with what was typed, where it cannot be saved."""
        self._write([edit], {}, lambda outcome: self._one_done(outcome, again))

    def _one_done(self, outcome: EditOutcome, again: Callable[[CellEdit], object]) -> None:
        self._heard(outcome)
        if not outcome.misfits:
            return
        misfit = outcome.misfits[0]
        edit = misfit.edit
        if outcome.asks:
            label = EDITS[edit.key].label
            self._panel.show_misfits(
                f"改“{label}”要写明原因，会记进经过。",
                (),
                outcome.asks,
                "保存",
                lambda given: self._write([edit], given, lambda done: self._one_done(done, again)),
            )
            return
        if misfit.code == "stale":
            mine = replace(edit, shown=misfit.now)
            keep = button("用我填的", pressed=lambda: self._put_anyway(mine, again))
            self._messages.show_message("warn", misfit.message, "两个内容都在，您来定。", [keep])
            return
        on = button("接着改", pressed=lambda: self._once_more(edit, again))
        self._messages.show_message("stop", misfit.message, "原来的内容没有动，您填的还在。", [on])

    def _put_anyway(self, edit: CellEdit, again: Callable[[CellEdit], object]) -> None:
        self._messages.clear()
        self.put_one(edit, again)

    def _once_more(self, edit: CellEdit, again: Callable[[CellEdit], object]) -> None:
        self._messages.clear()
        again(edit)

    # -- many cells

    def put_many(self, gather: Callable[[], Gathered], deed: str) -> None:
        """Look at a block first; what fits whole is written at once, else the panel shows what does not.

        Args:
            gather: Runs in a lane and gives the edits.
            deed: What is being done, as a verb: 粘贴, 填充, 清空.
        """
        by = self._context.actor_or(self._messages.show_error)
        if by is None:
            return
        self._context.jobs.read(
            lambda _progress: gather(),
            lambda gathered: self._try(gathered, by, deed),
            self._messages.show_error,
            owner=self,
        )

    def _try(self, gathered: Gathered, by: Actor, deed: str) -> None:
        """What fits whole is written at once, judged a single time; else nothing is, and the panel says why."""
        if gathered.unfit:
            self._look(gathered, by, deed)
            return

        def tried(outcome: EditOutcome) -> None:
            if outcome.misfits:
                self._look(gathered, by, deed)
            elif outcome.changed:
                self._many_done(outcome, deed)
            else:
                self._messages.show_message("info", "没有要改的，选中的格子本来就是这样。")

        self._write(gathered.edits, {}, tried, atomic=True)

    def _look(self, gathered: Gathered, by: Actor, deed: str) -> None:
        ledger = self._context.ledger

        def work(_progress: Progress) -> Looked:
            from gengdi_desktop.phases.editing import service

            return Looked(gathered, service.preview(ledger, gathered.edits, by=by))

        self._context.jobs.read(work, lambda looked: self._looked(looked, deed), self._messages.show_error, owner=self)

    def _looked(self, looked: Looked, deed: str) -> None:
        preview = looked.preview
        order = {(edit.plot, edit.key): at for at, edit in enumerate(looked.gathered.edits)}
        misfits = sorted(preview.misfits, key=lambda one: order.get((one.edit.plot, one.edit.key), -1))
        unfit = [*looked.gathered.unfit, *(_unfit(one, looked.gathered) for one in misfits)]
        if not unfit and not preview.asks:  # what was in the way is gone
            self._write(preview.fitting, {}, lambda outcome: self._many_done(outcome, deed))
            return
        fits = len(preview.fitting)
        if unfit:
            what = f"有 {words.count(len(unfit))} 格放不进去，还没有改。"
            what += f"其余 {words.count(fits)} 格可以{deed}。" if fits else "没有别的格子要改。"
        else:
            what = f"{deed} {words.count(fits)} 格要写明原因，会记进经过。"
        verb = f"{deed}{'合适的' if unfit else ''} {words.count(fits)} 格" if fits else ""
        self._panel.show_misfits(
            what,
            sorted(unfit, key=lambda one: (one.row < 0, one.row)),
            preview.asks,
            verb,
            lambda given: self._write(preview.fitting, given, lambda outcome: self._many_done(outcome, deed)),
        )

    def _many_done(self, outcome: EditOutcome, deed: str) -> None:
        self._heard(outcome)
        seq = outcome.changes.seq
        if not outcome.changed or seq is None:
            if outcome.misfits:
                self._messages.show_message("stop", outcome.misfits[0].message, "一格也没有改。")
            return
        plots = len({edit.plot for edit in outcome.changed})
        names = list(dict.fromkeys(EDITS[edit.key].label for edit in outcome.changed))
        fields = "、".join(names) if len(names) <= _TOLD_FIELDS else f"{len(names)} 列"
        left = f"{len(outcome.misfits)} 格没有改。" if outcome.misfits else ""
        back = button("撤销", "link", pressed=lambda: self._turn_back(seq))
        what = f"已{deed} {words.count(len(outcome.changed))} 格：{words.count(plots)} 个图斑的{fields}。"
        self._messages.show_message("check", what, left, [back])

    def _turn_back(self, seq: int) -> None:
        self._messages.clear()
        by = self._context.actor_or(self._messages.show_error)
        if by is None:
            return

        def work(_progress: Progress) -> Undone:
            from gengdi_desktop.ledger import undo

            return undo.undo(self._context.ledger, seq, by=by)

        self._context.jobs.write(
            work, lambda undone: self._context.bus.tell(undone.changes), self._messages.show_error, owner=self
        )

    # -- both

    def _write(
        self,
        edits: Sequence[CellEdit],
        given: Mapping[str, str],
        done: Callable[[EditOutcome], object],
        *,
        atomic: bool = False,
    ) -> None:
        by = self._context.actor_or(self._messages.show_error)
        if by is None:
            self.settled.emit(edits)
            return
        ledger = self._context.ledger

        def work(_progress: Progress) -> EditOutcome:
            from gengdi_desktop.phases.editing import service

            reason, document = given.get(REASON), given.get(DOCUMENT)
            return service.apply(ledger, edits, by=by, reason=reason, document=document, atomic=atomic)

        def failed(error: GengdiError) -> None:
            self.settled.emit(edits)
            self._messages.show_error(error)

        shown = Shown(f"正在填 {words.count(len(edits))} 格", "格") if len(edits) >= _MANY else Shown()
        self._context.jobs.run(Lane.WRITE, work, done, failed, owner=self, shown=shown)

    def _heard(self, outcome: EditOutcome) -> None:
        self.saved.emit(outcome.changes)
        self._context.bus.tell(outcome.changes)
        self.settled.emit([*outcome.changed, *(one.edit for one in outcome.misfits)])


def _unfit(misfit: Misfit, gathered: Gathered) -> Unfit:
    plot, rule = misfit.edit.plot, EDITS.get(misfit.edit.key)
    named = gathered.names.get(plot, "")
    column = rule.label if rule else ""
    why = misfit.message.removeprefix(f"{column}没有改：")  # plot and column stand beside it
    return Unfit(gathered.rows.get(plot, -1), named, column, misfit.edit.text, why)
