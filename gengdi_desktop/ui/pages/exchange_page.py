"""Exchange between desks: what went and came, taking a package in, packing one, conflicts to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtCore import QPoint

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.pages.exchange_conflicts import ExchangeConflicts
from gengdi_desktop.ui.pages.exchange_overview import ExchangeOverview
from gengdi_desktop.ui.pages.exchange_pack import ExchangePack
from gengdi_desktop.ui.pages.exchange_take import ExchangeTake
from gengdi_desktop.ui.pages.sections import Kinds, SectionTabs
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button
from gengdi_desktop.ui.widgets.shape import Shape

SECTIONS: Final[Kinds] = {
    "overview": ("往来", ExchangeOverview),
    "take": ("收包", ExchangeTake),
    "pack": ("打包", ExchangePack),
    "conflicts": ("冲突", ExchangeConflicts),
}


class ExchangePage(Page):
    """Wishes: ``section``; ``file`` to look at (several: one a line), ``kind`` to pack or take in, ``conflict``."""

    scrolls: ClassVar[bool] = False

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("交换")
        self._context = context
        self.tabs = SectionTabs("交换", SECTIONS, context, self)
        self.tabs.head.addWidget(button("核验", sign="key", pressed=lambda: context.host.go("verify")))
        self.overview, self.take = self.tabs.of(ExchangeOverview), self.tabs.of(ExchangeTake)
        self.pack, self.conflicts = self.tabs.of(ExchangePack), self.tabs.of(ExchangeConflicts)
        self.conflicts.counted.connect(lambda count: context.host.tell_count("exchange", count))
        self.body.insertLayout(0, self.tabs.head)
        self.body.addWidget(self.tabs.stack, 1)

    # -- what the window asks

    def shown(self) -> None:
        """All sections read; what a package says stays on the page."""
        self.tabs.look()

    def ledger_changed(self, _changes: Changes) -> None:
        """Packages carry whatever the ledger holds."""
        self.shown()

    def facts_read(self) -> None:
        """Members and campaign stand in what is packed."""
        self.pack.look()

    def wish(self, filters: Mapping[str, str]) -> None:
        """Bring a section to front, with the file, the kind or the conflict that is meant."""
        if filters.get("file"):
            self.take_files([Path(one) for one in filters["file"].split("\n")], QPoint())
            return
        self.tabs.show(filters.get("section", self.tabs.here))
        if self.tabs.here == "pack" and filters.get("kind"):
            self.pack.choose_kind(filters["kind"])
        if self.tabs.here == "take":
            self.take.expect(filters.get("kind", ""))
        if filters.get("section"):
            self.go_on(self.tabs.sections[self.tabs.here].first)
        if filters.get("conflict"):
            self.tabs.show("conflicts")
            self.conflicts.choose(int(filters["conflict"]))

    def files_go(self, _at: QPoint) -> str:
        """What is let go here is looked at as a package, and says itself what it is."""
        return "松开，看这个包里有什么" if self._context.writable else ""

    def take_files(self, paths: Sequence[Path], _at: QPoint) -> None:
        """Look at one; several together, or a folder of them, are the county's to take in."""
        several = len(paths) > 1 or paths[0].is_dir()
        if several and self._context.facts.desk == Desk.COUNTY:
            self._context.host.go("county", {"take": "\n".join(map(str, paths))})
            return
        self.tabs.show("take")
        if several:
            self.messages.show_message("info", "一次收一个包。", "先收最要紧的那个，再收别的；先后颠倒也不要紧。")
            return
        self.take.open_file(paths[0])

    def leave(self) -> None:
        """What is still read is let go."""
        self.tabs.leave()

    def arrange(self, shape: Shape) -> None:
        """Sections fit the room."""
        self.tabs.arrange(shape)
