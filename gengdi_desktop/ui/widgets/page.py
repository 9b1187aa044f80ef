"""What every page is: a title line with actions, a place for messages, content that fits its window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import ElidedLabel, label, row
from gengdi_desktop.ui.widgets.shape import Shape

Place = tuple[int, int, int, int]
"""Row, column, rows spanned, columns spanned."""


class Page(QWidget):
    """One place of the navigation.

    Attributes:
        scrolls: Whether the page scrolls as a whole; a page that is one big table does not.
        shows: Tables of the ledger whose change makes the page look again; empty means every table.
    """

    scrolls: ClassVar[bool] = True
    shows: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, title: str = "", note: str = "", actions: Sequence[QWidget] = (), pad: int = 16) -> None:
        super().__init__()
        self.shape = Shape()
        # A page that comes to front takes the focus itself, so that Tab begins at its first control.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(pad, 10 if title else 12, pad, pad)
        self.body.setSpacing(px(10))
        self.messages = MessageSlot()
        self.note = ElidedLabel(note, "label")
        if title:
            head = row(label(title, "title"), gap=10)
            head.addWidget(self.note, 1)
            for one in actions:
                head.addWidget(one)
            self.body.addLayout(head)
            self.setAccessibleName(title)
        self.body.addWidget(self.messages)

    def set_shape(self, shape: Shape) -> None:
        """Fit the room that the window has; called when it changes."""
        self.shape = shape
        self.arrange(shape)

    def arrange(self, shape: Shape) -> None:
        """Place the parts for *shape*; pages with parts side by side override it."""

    def shown(self) -> None:
        """The page has come to front; pages that read the ledger override it."""

    def ledger_changed(self, _changes: Changes) -> None:
        """Look again if something changed that the page shows."""
        if not self.shows or self.shows & _changes.tables:
            self.shown()

    def facts_read(self) -> None:
        """What the window knows of the ledger was read again; pages that show it override this."""

    def refused(self, error: GengdiError) -> None:
        """Say on the page, beside the work, what was not done and why."""
        self.messages.show_error(error)

    def wish(self, filters: Mapping[str, str]) -> None:
        """Show what another page or the search box asks for; pages without a list have nothing to filter."""

    def hold_focus(self) -> None:
        """A job begins whose button greys or goes: the page holds the focus until :meth:`go_on`.

        Else Qt would hand it on to whatever comes next in the window, often the menu of the ledger.
        """
        if self.has_focus_within:
            self.setFocus()

    def go_on(self, to: QWidget | None) -> None:
        """The job is done: the focus goes to the next step, unless the person works elsewhere meanwhile."""
        if to is not None and self.has_focus_within:
            to.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def has_focus_within(self) -> bool:
        """Whether the focus of the window is on this page, or nowhere."""
        now: QWidget | None = self.window().focusWidget()
        return now is None or now is self or self.isAncestorOf(now)

    def leave(self) -> None:
        """Another page comes to front, or the window closes: put down what is half typed."""


class Arrangement(QWidget):
    """Parts in a grid that can be put down anew when the window changes its shape.

    Args:
        gap: Between the parts.
        by_place: Whether Tab follows the places. Without, it keeps the order in which the parts were put down first:
            for parts that come and go, or several tables, whose order Qt loses when it is told anew.
    """

    def __init__(self, gap: int = 12, *, by_place: bool = True) -> None:
        super().__init__()
        self._by_place = by_place
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(gap)
        self._placed: list[QWidget] = []

    def place(
        self,
        parts: Sequence[tuple[QWidget, Place]],
        *,
        columns: Sequence[int] = (1,),
        rows: Sequence[int] = (),
    ) -> None:
        """Put the parts down; *columns* and *rows* are their shares of the room."""
        for part in self._placed:
            # Not takeAt: the item would live on, and the next one would never hear that its widget has grown.
            self._grid.removeWidget(part)
        self._placed = [part for part, _ in parts]
        for at in range(max(self._grid.columnCount(), len(columns))):
            self._grid.setColumnStretch(at, columns[at] if at < len(columns) else 0)
        for down in range(max(self._grid.rowCount(), len(rows))):
            self._grid.setRowStretch(down, rows[down] if down < len(rows) else 0)
        for part, place in parts:
            self._grid.addWidget(part, *place)
            part.show()
        if self._by_place:
            self._tab_in_order([part for part, _ in parts])

    @staticmethod
    def _tab_in_order(parts: Sequence[QWidget]) -> None:
        """Tab order is reading order, also after the parts have moved."""
        chain: list[QWidget] = []
        for part in parts:
            chain += [part, *part.findChildren(QWidget)]
        # The list of a choice is a window of its own and has no place in the order.
        chain = [one for one in chain if not one.isWindow() and one.window() is chain[0].window()]
        focusable = [one for one in chain if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for before, after in pairwise(focusable):
            QWidget.setTabOrder(before, after)


def scrolling(page: QWidget) -> QScrollArea:
    """An area in which a page that does not fit can be scrolled up and down, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    area.viewport().setAutoFillBackground(False)
    return area
