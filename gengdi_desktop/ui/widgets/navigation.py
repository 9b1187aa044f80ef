"""The places of the program at the left: marks with words, marks alone when the window is narrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ui import icons
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import label, line

_WIDE, _NARROW = 148, 52
_ROOMY = 38
"""The height that an entry wants, with its share of lines and margins."""
_KEYS = 10
"""Ctrl+1 … Ctrl+9 and Ctrl+0 lead to the first places."""


@dataclass(frozen=True)
class Place:
    """One entry: code, word, icon; ``group`` sets it apart from its neighbours, ``low`` sends it to the foot.

    ``desks`` are those that have the place.
    """

    code: str
    word: str
    sign: str
    group: int = 0
    low: bool = False
    desks: frozenset[Desk] = frozenset(Desk)


class _Entry(QPushButton):
    """A mark, a word, a small count at the right."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self._key = ""
        self._count = label("", "small")
        inner = QHBoxLayout(self)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addStretch(1)
        inner.addWidget(self._count)
        self.setProperty("kind", "nav")
        self.setCheckable(True)
        self.setIconSize(QSize(18, 18))
        self.setAccessibleName(place.word)
        self.toggled.connect(self._draw)
        self._narrow = False
        self._draw()

    def set_number(self, number: int) -> None:
        """Which place it is, counted from the top: the first have a key."""
        self._key = f"Ctrl+{number % 10}" if number <= _KEYS else ""
        self._draw()

    def set_narrow(self, narrow: bool) -> None:
        """Hide the words, or show them again."""
        self._narrow = narrow
        self._draw()

    def set_count(self, words: str) -> None:
        """A figure beside the word; it is told aloud too."""
        self._count.setText(words)
        self.setAccessibleName(f"{self.place.word} {words}".strip())

    def _draw(self) -> None:
        self.setText("" if self._narrow else f" {self.place.word}")
        key = f"（{self._key}）" if self._key else ""
        self.setToolTip(f"{self.place.word}{key}" if self._narrow else "")
        self._count.setVisible(not self._narrow)
        self.setIcon(icons.icon(self.place.sign, "accent" if self.isChecked() else "ink2", 18))


class Navigation(QFrame):
    """The list of places; :attr:`codes` are those of them that have a key, for Ctrl+1 … 9 and 0."""

    def __init__(self, places: Sequence[Place], chosen: Callable[[str], object]) -> None:
        super().__init__()
        self.setProperty("bar", "nav")
        self.setAccessibleName("导航")
        self._entries: dict[str, _Entry] = {}
        self._tight = False
        self._group = QButtonGroup(self)
        lay = QVBoxLayout(self)
        lay.setContentsMargins(8, 10, 8, 10)
        lay.setSpacing(2)
        before: Place | None = None
        upper = [one for one in places if not one.low]
        for place in (*upper, *(one for one in places if one.low)):
            if place.low and not (before and before.low):
                lay.addStretch(1)
            elif before is not None and before.group != place.group:
                lay.addSpacing(4)
                lay.addWidget(line())
                lay.addSpacing(4)
            before = place
            entry = _Entry(place)
            entry.clicked.connect(lambda _checked=False, code=place.code: chosen(code))
            self._group.addButton(entry)
            self._entries[place.code] = entry
            lay.addWidget(entry)
        if before is None or not before.low:
            lay.addStretch(1)
        self._shown: tuple[str, ...] = ()
        self.set_narrow(narrow=False)
        self.show_desk(Desk.TOWNSHIP)

    def show_desk(self, desk: Desk) -> None:
        """The places of a desk, and no others."""
        self._shown = tuple(code for code, entry in self._entries.items() if desk in entry.place.desks)
        for code, entry in self._entries.items():
            entry.setVisible(code in self._shown)
        for number, code in enumerate(self._shown, start=1):
            self._entries[code].set_number(number)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where all places would not fit one below the other, each takes less height."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        tight = len(self._shown) * px(_ROOMY) > self.height()
        if tight is not self._tight:
            self._tight = tight
            for entry in self._entries.values():
                entry.setProperty("tight", "true" if tight else "")
                entry.style().unpolish(entry)
                entry.style().polish(entry)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the places that have a key, top down."""
        return self._shown[:_KEYS]

    def set_narrow(self, *, narrow: bool) -> None:
        """Marks only, or marks with words."""
        self.setFixedWidth(_NARROW if narrow else px(_WIDE))
        for entry in self._entries.values():
            entry.set_narrow(narrow)

    def show_place(self, code: str) -> None:
        """Mark where one is; Tab comes to this entry, the arrow keys lead to the others."""
        self._entries[code].setChecked(True)
        for own, entry in self._entries.items():
            entry.setFocusPolicy(Qt.FocusPolicy.StrongFocus if own == code else Qt.FocusPolicy.ClickFocus)

    def set_count(self, code: str, words: str) -> None:
        """A figure beside a place."""
        if code in self._entries:
            self._entries[code].set_count(words)
