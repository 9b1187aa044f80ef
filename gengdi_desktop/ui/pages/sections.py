"""Pages made of sections that stand beside one another as tabs; the one in front reads what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.widgets.page import Page, scrolling
from gengdi_desktop.ui.widgets.parts import button, label, row
from gengdi_desktop.ui.widgets.shape import Shape


class Section(QWidget):
    """One section: it reads when it is looked at. Signal: how much waits in it."""

    counted = Signal(int)
    first: QWidget | None = None
    """Where the work begins when somebody was led here; None where nothing is to be pressed or typed."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__()
        self.context, self.page = context, page
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(10)

    def look(self) -> None:
        """Read what is shown."""

    def leave(self) -> None:
        """Another page comes to front: what was asked for by name goes on in the corner."""
        self.context.jobs.let_go(self)

    def arrange(self, shape: Shape) -> None:
        """Fit the room of the window."""


def see_through(held: QWidget) -> QScrollArea:
    """An area that scrolls what stands on the desk itself."""
    made = scrolling(held)
    held.setAutoFillBackground(False)
    return made


Kind = TypeVar("Kind", bound=Section)
Kinds = Mapping[str, tuple[str, Callable[[UiContext, Page], Section]]]
"""By code: the word of a section, and what makes it."""


class SectionTabs:
    """The sections of a page: :attr:`head` has its title and a tab for each, :meth:`area` the one in front."""

    def __init__(self, title: str, kinds: Kinds, context: UiContext, page: Page) -> None:
        self._words = {code: word for code, (word, _make) in kinds.items()}
        self.sections: dict[str, Section] = {}
        self.tabs: dict[str, QPushButton] = {}
        self._group = QButtonGroup(page)
        self.stack = QStackedWidget()
        self.head: QHBoxLayout = row(label(title, "title"), 8, gap=4)
        for code, (word, make) in kinds.items():
            tab = button(word, "tool", pressed=partial(self.show, code))
            tab.setCheckable(True)
            self._group.addButton(tab)
            self.tabs[code] = tab
            section = make(context, page)
            section.counted.connect(partial(self._count, code))
            self.sections[code] = section
            self.stack.addWidget(section)
            self.head.addWidget(tab)
        self.head.addStretch(1)
        self.here = next(iter(kinds))
        self.tabs[self.here].setChecked(True)

    def of(self, kind: type[Kind]) -> Kind:
        """The section of a class."""
        return next(one for one in self.sections.values() if isinstance(one, kind))

    def area(self) -> QScrollArea:
        """The sections in an area that scrolls: beside what stands above there may be less room than they insist on."""
        return see_through(self.stack)

    def show(self, code: str) -> None:
        """Bring a section to front; a code that no section has is let be."""
        if code in self.sections:
            self.here = code
            self.tabs[code].setChecked(True)
            self.stack.setCurrentWidget(self.sections[code])

    def look(self) -> None:
        """All sections read: a tab tells how much waits in a section that is not in front."""
        for section in self.sections.values():
            section.look()

    def leave(self) -> None:
        """What is half typed is put down, what is still read is let go."""
        for section in self.sections.values():
            section.leave()

    def arrange(self, shape: Shape) -> None:
        """Sections fit the room."""
        for section in self.sections.values():
            section.arrange(shape)

    def _count(self, code: str, count: int) -> None:
        word = self._words[code]
        told = f"{word} {words.count(count)}" if count else word
        self.tabs[code].setText(told)
        self.tabs[code].setAccessibleName(told)
