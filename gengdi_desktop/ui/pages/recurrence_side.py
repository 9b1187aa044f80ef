"""One of two plots beside one another: its name and state, facts, closing, photos, and the ways to its file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QPushButton, QVBoxLayout

from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.pages.plot_photos import tile_of
from gengdi_desktop.ui.photo_pictures import Pictures
from gengdi_desktop.ui.widgets.badge import badge_line
from gengdi_desktop.ui.widgets.form import FactGrid
from gengdi_desktop.ui.widgets.parts import ElidedLabel, clear, column, label, row
from gengdi_desktop.ui.widgets.photo_strip import PhotoStrip
from gengdi_desktop.ui.widgets.photo_tile import PICTURE
from gengdi_desktop.ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ui.pages.recurrence_work import SideView

_SHARP: Final = 2


class PlotSide(Sheet):
    """A sheet under a title; its photos come from the ledger that the plot stands in."""

    def __init__(self, title: str, context: UiContext, ledger: Ledger) -> None:
        super().__init__(title, "")
        self._name = ElidedLabel("", "title")
        self._badges = QVBoxLayout()
        self._facts, self._closing = FactGrid(), FactGrid()
        self._closing_head = label("销号", "section")
        self.pictures = Pictures(ledger, context.jobs, PICTURE[0] * _SHARP, self)
        self.strip = PhotoStrip(f"{title}的照片和材料", self.pictures)
        self._files_head = label("", "section")
        self._deeds = row(gap=8)
        head = row(gap=10)
        head.addWidget(self._name, 1)
        head.addLayout(self._badges)
        self.body.addLayout(head)
        for one in (self._facts, self._closing_head, self._closing, self._files_head, self.strip):
            self.body.addWidget(one)
        self.body.addStretch(1)
        self.body.addLayout(column(self._deeds))
        self.side: SideView | None = None

    def show_side(self, side: SideView, note: str, deeds: Sequence[QPushButton]) -> None:
        """Show a plot; *note* says where it stands, *deeds* are the ways to its file."""
        self.side = side
        self.set_note(note)
        self._name.set_words(side.name)
        clear(self._badges)
        if side.state is not None:
            self._badges.addWidget(badge_line(side.state, side.flags))
        self._facts.show_facts(side.facts)
        self._closing.show_facts(side.closing)
        for one in (self._closing_head, self._closing):
            one.setVisible(bool(side.closing))
        many = len(side.files)
        self._files_head.setText(f"照片和材料 {many} 份" if many else "没有照片和材料")
        self._files_head.setVisible(side.state is not None)
        self.strip.setVisible(bool(side.files))
        self.strip.show_tiles([tile_of(one) for one in side.files])
        clear(self._deeds)
        for made in deeds:
            self._deeds.addWidget(made)
        self._deeds.addStretch(1)

    def on_photo(self, opened: Callable[[int], object]) -> None:
        """Call with the attachment that is wanted large."""
        self.strip.opened.connect(opened)
