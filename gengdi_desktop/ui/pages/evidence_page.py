"""Photos of the whole ledger: what waits for its plot, what is asked, what is missing or taken off, the export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dropping import paste
from gengdi_desktop.ui.models.photo_taking import TakingWish
from gengdi_desktop.ui.pages.evidence_bin import EvidenceBin
from gengdi_desktop.ui.pages.evidence_export import EvidenceExport
from gengdi_desktop.ui.pages.evidence_missing import EvidenceMissing
from gengdi_desktop.ui.pages.evidence_questions import EvidenceQuestions
from gengdi_desktop.ui.pages.evidence_taking import TakingPanel
from gengdi_desktop.ui.pages.evidence_tray import EvidenceTray
from gengdi_desktop.ui.pages.sections import Kinds, Section, SectionTabs
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.parts import button
from gengdi_desktop.ui.widgets.shape import Shape

SECTIONS: Final[Kinds] = {
    "tray": ("待归位", EvidenceTray),
    "questions": ("疑问", EvidenceQuestions),
    "missing": ("缺失和损坏", EvidenceMissing),
    "bin": ("回收站", EvidenceBin),
    "export": ("导出", EvidenceExport),
}


class EvidencePage(Page):
    """Sections beside one another as tabs; the one in front reads what it shows."""

    scrolls: ClassVar[bool] = False

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("照片")
        self._context = context
        self.tabs = SectionTabs("照片", SECTIONS, context, self)
        choose = button("选文件夹收照片", sign="plus", pressed=self._choose)
        self.tabs.head.addWidget(choose)
        self.body.insertLayout(0, self.tabs.head)
        choose.setVisible(context.writable)
        self.taking = TakingPanel(context, self.messages)
        self.body.addWidget(self.taking)
        self.body.addWidget(self.tabs.area(), 1)
        keys = QShortcut(QKeySequence("Ctrl+V"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.paste)

    @property
    def sections(self) -> dict[str, Section]:
        """The sections by their code."""
        return self.tabs.sections

    # -- what the window asks

    def shown(self) -> None:
        """All sections read."""
        self.tabs.look()

    def ledger_changed(self, _changes: Changes) -> None:
        """Files, answers and plots: anything may matter here."""
        self.shown()

    def wish(self, filters: Mapping[str, str]) -> None:
        """``section`` brings one to front; ``take`` names files, one a line, that are to be taken in."""
        self.tabs.show(filters.get("section", self.tabs.here))
        if filters.get("take"):
            self.take_files([Path(one) for one in filters["take"].split("\n")], QPoint())

    def files_go(self, _at: QPoint) -> str:
        """Files let go here are matched by names and places."""
        return "松开，按编号和位置归到各图斑" if self._context.writable else ""

    def take_files(self, paths: Sequence[Path], _at: QPoint) -> None:
        """Look at them."""
        if self._context.writable:
            self.taking.look(TakingWish(tuple(paths)))

    def paste(self) -> None:
        """Take in what is on the clipboard."""
        if self._context.writable:
            paste(self._context, lambda paths: self.take_files(paths, QPoint()), self.messages)

    def _choose(self) -> None:
        preferences = self._context.preferences
        chosen = self._context.prompts.folder("选放照片的文件夹", preferences.start_folder())
        if chosen is not None:
            preferences.used_folder(chosen)
            self.take_files([chosen], QPoint())

    def leave(self) -> None:
        """What is half typed is put down, what is still read is let go."""
        self.tabs.leave()

    def arrange(self, shape: Shape) -> None:
        """Sections fit the room."""
        self.tabs.arrange(shape)
