"""Drafts of cells: what was being typed into the table when the program was killed, offered on the next opening."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from gengdi_desktop.domain.edits import EDITS
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.editing.drafts import DraftKeeper, forget
from gengdi_desktop.ui.editing.edit_panel import EditPanel
from gengdi_desktop.ui.jobs import Progress

if TYPE_CHECKING:
    from gengdi_desktop.ledger.drafts import Draft

_PLACE: Final = "cell:"
_LONGEST: Final = 40


@dataclass(frozen=True)
class LostCell:
    """A text that was typed into a cell and not saved."""

    plot: str
    key: str
    text: str


class CellDrafts(QObject):
    """One cell is open at a time; what stands in it is kept until it is settled or given up."""

    def __init__(
        self, context: UiContext, panel: EditPanel, reopen: Callable[[LostCell], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._panel, self._reopen = context, panel, reopen
        self._keeper: DraftKeeper | None = None
        self._looked = False

    def begin(self, plot: str, key: str) -> None:
        """A cell is opened."""
        self._keeper = DraftKeeper(self._context, f"{_PLACE}{plot}:{key}", self)

    def typed(self, text: str, name: str) -> None:
        """This stands in it now."""
        if self._keeper is not None:
            self._keeper.typed({"text": text, "name": name})

    def end(self) -> None:
        """It was settled or given up."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.forget()
            keeper.deleteLater()

    def look(self) -> None:
        """Offer once what was left open by an earlier run."""
        if self._looked or not self._context.writable or not self._context.member:
            return
        self._looked = True
        ledger, member = self._context.ledger, self._context.member

        def work(_progress: Progress) -> Sequence[Draft]:
            from gengdi_desktop.ledger import drafts

            return drafts.drafts_below(ledger, _PLACE, member=member)

        self._context.jobs.read(work, self._offer, owner=self)

    def _offer(self, drafts: Sequence[Draft]) -> None:
        if not drafts or self._keeper is not None:
            return
        draft, lost = drafts[0], _lost(drafts[0].place, drafts[0].values.get("text", ""))
        if lost is None or self._panel.open:
            return
        when = words.moment(draft.saved_at, self._context.facts.today)
        text = " ".join(lost.text.split())
        short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        name = draft.values.get("name", "") or EDITS[lost.key].label
        self._panel.show_offer(
            f"上次没有保存的内容：{name}填的“{short}”（{when}）。",
            "接着填，就打开那一格，按回车才保存。",
            ("接着填", lambda: self._take(lost, draft.place)),
            lambda: forget(self._context, draft.place),
        )

    def _take(self, lost: LostCell, place: str) -> None:
        if self._reopen(lost) and self._keeper is not None:
            self._keeper.found()
        else:
            forget(self._context, place)


def _lost(place: str, text: str) -> LostCell | None:
    plot, _, key = place.removeprefix(_PLACE).partition(":")
    return LostCell(plot, key, text) if plot and key in EDITS else None
