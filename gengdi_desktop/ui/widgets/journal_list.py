"""The journal in sentences: when and who small, then what, one thin rail of time at the left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.canvas import Canvas
from gengdi_desktop.ui.widgets.parts import boxed, button, clear, column, label, row


@dataclass(frozen=True)
class Restore:
    """A field of an entry whose earlier value can be put back: its key, its word, the value."""

    key: str
    word: str
    value: str


@dataclass(frozen=True)
class Entry:
    """One line of the journal for people.

    Args:
        when: Local time as in sentences: ``8月16日 17:42``.
        who: Display name.
        what: One sentence that names old and new.
        tone: The tone of what matters, which the rail takes; empty for the everyday. What was undone is grey.
        restores: The fields whose earlier value can be put back, each by a press of its own.
    """

    when: str
    who: str
    what: str
    tone: Tone | Literal[""] = ""
    restores: tuple[Restore, ...] = ()


class _Rail(Canvas):
    """Three pixels of time."""

    def __init__(self, tone: Tone | Literal[""]) -> None:
        super().__init__("")
        self._tone = tone
        self.setFixedWidth(7)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """A bar in the tone."""
        painter.fillRect(QRectF(0, 0, 3, box.height()), theme.color(self._tone or "rule"))


class JournalList(QWidget):
    """Entries, newest first; an empty list says so in one sentence."""

    def __init__(self, restore: Callable[[str], object] | None = None) -> None:
        super().__init__()
        self._restore = restore
        self._lay = QVBoxLayout(self)
        self._lay.setContentsMargins(0, 0, 0, 0)
        self._lay.setSpacing(0)
        self.setAccessibleName("经过")

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries."""
        clear(self._lay)
        if not entries:
            self._lay.addWidget(label("还没有记录。", "small"))
        for one in entries:
            self._lay.addWidget(self._line(one))

    def _line(self, entry: Entry) -> QWidget:
        what = label(entry.what, "value", "stone" if entry.tone == "stone" else "", wrap=True)
        words = column(label(f"{entry.when}　{entry.who}", "small"), what, gap=0, margins=(0, 1, 0, 7))
        whole = row(gap=10)
        whole.addWidget(_Rail(entry.tone))
        whole.addLayout(words, 1)
        if self._restore is not None:
            presses = column(gap=0)
            for one in entry.restores:
                word = "恢复这个值" if len(entry.restores) == 1 else f"恢复{one.word}"
                name = f"恢复{one.word}：{one.value}"
                made = button(word, "link", name=name, pressed=partial(self._restore, one.key))
                made.setToolTip(f"{one.word}改回“{one.value}”")
                presses.addWidget(made)
            presses.addStretch(1)
            whole.addLayout(presses)
        return boxed(whole)
