"""Choose a township or county of the whole country by its name, pinyin or initials, by keyboard only if one likes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QWidget

from gengdi_desktop.domain.division_search import FoundDivision
from gengdi_desktop.domain.divisions import PlacedUnit, UnitKind, kind_of_unit_name
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.jobs import Jobs, Lane, Progress
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import LineField
from gengdi_desktop.ui.widgets.parts import column, label

_ROWS: Final = 6
_REST_MS: Final = 120
_MOST: Final = 30
_PATH_SIGN: Final = " › "
_MOVES: Final = frozenset((Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown))
_ENTERS: Final = frozenset((Qt.Key.Key_Return, Qt.Key.Key_Enter))


class UnitField(QWidget):
    """A line to type in, what fits below it, and the whole path of what was chosen.

    Arrow keys walk through what fits while the cursor stays in the line; Enter takes it.
    """

    chosen = Signal(object)
    """The :class:`PlacedUnit` that was chosen; None when other words are typed."""

    def __init__(self, name: str, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._unit: PlacedUnit | None = None
        self._found: tuple[FoundDivision, ...] = ()
        self.line = LineField(name, hint="写名称或拼音，如 白圩、bx、进贤 白圩")
        self.line.textEdited.connect(self._typed)
        self.line.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName("对得上的单位")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.itemClicked.connect(lambda _item: self._take())
        self._list.hide()
        self._told = label("", "small", wrap=True)
        self._told.hide()
        self.setLayout(column(self.line, self._list, self._told, gap=4))
        self.setFocusProxy(self.line)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._search)
        # The table is read and the readings are learnt while the person looks at the dialog.
        jobs.run(Lane.FILES, lambda _progress: _search_for("b"), owner=self)

    def settle(self, then: Callable[[PlacedUnit | None], object]) -> None:
        """Call with what was chosen; where nothing was, with the only thing that fits what was typed, or with None."""
        if self._unit is not None:
            then(self._unit)
            return

        def found(these: tuple[FoundDivision, ...]) -> None:
            self._show(these)
            typed = self.line.text().strip()
            exact = [one for one in these if one.division.name == typed] or list(these)
            if len(exact) == 1:
                self._choose(exact[0])
            then(self._unit)

        self._rest.stop()
        self._ask(found)

    def problem(self) -> str:
        """Why nothing is chosen, in a sentence."""
        typed = self.line.text().strip()
        if not typed:
            return "还没有填单位。"
        if self._found:
            return f"有 {len(self._found)} 个单位对得上“{typed}”，请在下面选一个。"
        return f"区划表里没有“{typed}”。请换个写法；新设的单位请写成“县名 单位名”，中间空一格。"

    def _typed(self) -> None:
        self._set(None)
        self._rest.start()

    def _search(self) -> None:
        self._ask(self._show)

    def _ask(self, then: Callable[[tuple[FoundDivision, ...]], object]) -> None:
        typed = self.line.text()

        def work(_progress: Progress) -> tuple[FoundDivision, ...]:
            return _search_for(typed)

        self._jobs.run(Lane.FILES, work, then, self._not_found, owner=self, newest="unit")

    def _show(self, found: tuple[FoundDivision, ...]) -> None:
        self._found = found
        self._list.clear()
        for one in found:
            self._list.addItem("　".join((one.division.name, _PATH_SIGN.join(one.path[:-1]))))
        own = self._typed_unit() if not found else None
        if own is not None:
            self._list.addItem(f"{own.unit}　{own.county}　（区划表里没有，照您写的用）")
        rows = self._list.count()
        if rows:
            self._list.setCurrentRow(0)
            height = self._list.sizeHintForRow(0) * min(rows, _ROWS) + 2 * self._list.frameWidth()
            self._list.setFixedHeight(height + px(4))
        self._list.setVisible(bool(rows))
        nothing = not rows and self.line.text().strip() and self._unit is None
        self._tell(self.problem() if nothing else "")

    def _not_found(self, error: GengdiError) -> None:
        self._tell(f"{error.message}{error.hint}")

    def _take(self) -> None:
        at = self._list.currentRow()
        if 0 <= at < len(self._found):
            self._choose(self._found[at])
        else:
            self._set(self._typed_unit())
            self._list.hide()

    def _choose(self, found: FoundDivision) -> None:
        self.line.setText(found.division.name)
        self._list.hide()
        self._set(_placed(found))
        self._tell(_PATH_SIGN.join(found.path))

    def _typed_unit(self) -> PlacedUnit | None:
        """A unit that no table has yet, written as county, blank, unit."""
        words = self.line.text().split()
        if len(words) != 2 or any(word.isascii() for word in words):  # noqa: PLR2004 - county and unit
            return None
        county, unit = words
        return PlacedUnit(county, "", unit, "", kind_of_unit_name(unit))

    def _set(self, unit: PlacedUnit | None) -> None:
        self._unit = unit
        self._tell("")
        self.chosen.emit(unit)

    def _tell(self, words: str) -> None:
        self._told.setText(words)
        self._told.setVisible(bool(words))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys and Enter work in the list below, as long as it is open."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or not self._list.isVisible():
            return super().eventFilter(watched, event)
        key = event.key()
        if key in _MOVES:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -_ROWS}.get(Qt.Key(key), _ROWS)
            last = self._list.count() - 1
            self._list.setCurrentRow(min(max(self._list.currentRow() + step, 0), last))
            return True
        if key in _ENTERS:
            self._take()
            return True
        if key == Qt.Key.Key_Escape:
            self._list.hide()
            return True
        return super().eventFilter(watched, event)


def _placed(found: FoundDivision) -> PlacedUnit:
    one = found.division
    if one.kind is UnitKind.COUNTY:
        return PlacedUnit(one.name, one.code, one.name, one.code, one.kind)
    return PlacedUnit(found.path[-2], one.parent_code, one.name, one.code, one.kind)


def _search_for(typed: str) -> tuple[FoundDivision, ...]:
    from gengdi_desktop.system.reference import division_search

    return division_search().search(typed, _MOST)
