"""Photos of the whole ledger: what waits for its plot, what is asked, what is missing or taken off, the export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dropping import paste
from gengdi_desktop.ui.models.photo_taking import TakingWish
from gengdi_desktop.ui.pages.evidence_bin import EvidenceBin
from gengdi_desktop.ui.pages.evidence_export import EvidenceExport
from gengdi_desktop.ui.pages.evidence_missing import EvidenceMissing
from gengdi_desktop.ui.pages.evidence_questions import EvidenceQuestions
from gengdi_desktop.ui.pages.evidence_section import EvidenceSection
from gengdi_desktop.ui.pages.evidence_taking import TakingPanel
from gengdi_desktop.ui.pages.evidence_tray import EvidenceTray
from gengdi_desktop.ui.widgets.page import Page, scrolling
from gengdi_desktop.ui.widgets.parts import button, label, row
from gengdi_desktop.ui.widgets.shape import Shape

SECTIONS: Final[Mapping[str, tuple[str, Callable[[UiContext, Page], EvidenceSection]]]] = {
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
        self.sections: dict[str, EvidenceSection] = {}
        self._tabs: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget()
        head = row(label("照片", "title"), 8, gap=4)
        for code, (word, make) in SECTIONS.items():
            tab = button(word, "tool", pressed=partial(self.show_section, code))
            tab.setCheckable(True)
            self._group.addButton(tab)
            self._tabs[code] = tab
            section = make(context, self)
            section.counted.connect(partial(self._count, code))
            self.sections[code] = section
            self._stack.addWidget(section)
            head.addWidget(tab)
        head.addStretch(1)
        choose = button("选文件夹收照片", sign="plus", pressed=self._choose)
        head.addWidget(choose)
        self.body.insertLayout(0, head)
        choose.setVisible(context.writable)
        self.taking = TakingPanel(context, self.messages)
        self.body.addWidget(self.taking)
        # With the panel above there may be less room than the tallest section insists on: then sections scroll.
        area = scrolling(self._stack)
        self._stack.setAutoFillBackground(False)
        self.body.addWidget(area, 1)
        keys = QShortcut(QKeySequence("Ctrl+V"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.paste)
        self._here = next(iter(SECTIONS))
        self._tabs[self._here].setChecked(True)

    # -- what the window asks

    def shown(self) -> None:
        """The section in front reads."""
        for section in self.sections.values():
            section.look()

    def ledger_changed(self, _changes: Changes) -> None:
        """Files, answers and plots: anything may matter here."""
        self.shown()

    def wish(self, filters: Mapping[str, str]) -> None:
        """``section`` brings one to front; ``take`` names files, one a line, that are to be taken in."""
        self.show_section(filters.get("section", self._here))
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
        for section in self.sections.values():
            section.leave()

    def arrange(self, shape: Shape) -> None:
        """Sections fit the room."""
        for section in self.sections.values():
            section.arrange(shape)

    def show_section(self, code: str) -> None:
        """Bring a section to front."""
        if code in self.sections:
            self._here = code
            self._tabs[code].setChecked(True)
            self._stack.setCurrentWidget(self.sections[code])

    def _count(self, code: str, count: int) -> None:
        word = SECTIONS[code][0]
        told = f"{word} {words.count(count)}" if count else word
        self._tabs[code].setText(told)
        self._tabs[code].setAccessibleName(told)
