"""The ledger's table over SQL: ids of all plots that fit, and a cache of the lines that are in sight.

There is no proxy model: order and filters are asked of the database. A line that is not here yet is painted empty
and fetched in a lane, a page of lines at a time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import ProblemKind
from gengdi_desktop.domain.states import State
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.jobs import Jobs, Progress
from gengdi_desktop.ui.models.plot_source import PlotSource, PlotWish, flags_of
from gengdi_desktop.ui.models.rows_model import Cell
from gengdi_desktop.ui.widgets.table_cells import INK_ROLE, VALUE_ROLE, Column

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import PlotLine

_Index = QModelIndex | QPersistentModelIndex
_PAGE: Final = 100
_KEPT_PAGES: Final = 60
_FETCHED_AT_ONCE: Final = 4

_KINDS: Final = {one.value: one.label for one in ProblemKind}
COLUMNS: Final[tuple[Column, ...]] = (
    Column("#", "", 36, "number", "none", sortable=False, limit=64),
    Column("village", "村", 80, limit=260),
    Column("plot_no", "图斑编号", 72, limit=180),
    Column("issued_area", "下发面积", 74, "number", "at_least", limit=120),
    Column("kind", "类型", 64, "text", "list", tuple(_KINDS.items())),
    Column("class_after", "现状地类", 96, limit=104),
    Column("state", "状态", 126, "state", "list", tuple((one.value, one.label) for one in State), limit=150),
    Column("settled", "已落实", 66, "number", "at_least", limit=120),
    Column("remaining", "剩余", 62, "number", "at_least", limit=120),
    Column("person", "责任人", 62, limit=120),
    Column("deadline", "时限", 60, "text", "none", limit=110),
    Column("flags", "提示", 104, "flags", "none", sortable=False, limit=180),
)
FROZEN: Final = 3


class PlotTableModel(QAbstractTableModel):
    """Read-only; an edit is an action of a service, after which :meth:`ask` is called again.

    Signals: another set of plots is shown (how many); the question was refused.
    """

    found = Signal(int)
    refused = Signal(object)

    def __init__(
        self, source: PlotSource, jobs: Jobs, today: date, warning_days: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._source, self._jobs, self._today = source, jobs, today
        self._warning_days = warning_days
        self._ids: Sequence[str] = ()
        self._pages: OrderedDict[int, Sequence[PlotLine]] = OrderedDict()
        self._wanted: list[int] = []
        self._asked: set[int] = set()
        self._places: dict[str, int] | None = None
        self._turn = 0
        self._pending: dict[tuple[str, str], str] = {}
        self._fetch_soon = QTimer(self)
        self._fetch_soon.setSingleShot(True)
        self._fetch_soon.setInterval(0)
        self._fetch_soon.timeout.connect(self._fetch)

    # -- what the page asks

    def ask(self, wish: PlotWish) -> None:
        """Show the plots that fit; the answer lands later, only the last question is answered."""
        self._jobs.read(
            lambda _progress: self._answer(wish), self._show, self._refuse, owner=self, newest=f"plots-{id(self)}"
        )

    @property
    def ids(self) -> Sequence[str]:
        """The plots that are shown, in order."""
        return self._ids

    def line(self, row: int) -> PlotLine | None:
        """The line of a row, if it is here."""
        page = self._pages.get(row // _PAGE)
        at = row % _PAGE
        return page[at] if page is not None and at < len(page) else None

    def id_of(self, row: int) -> str:
        """The plot of a row; empty for none."""
        return self._ids[row] if 0 <= row < len(self._ids) else ""

    def row_of(self, plot: str) -> int:
        """The row of a plot; -1 where it is not shown."""
        if self._places is None:
            self._places = {one: at for at, one in enumerate(self._ids)}
        return self._places.get(plot, -1)

    def look_again(self, plots: frozenset[str]) -> None:
        """Lines have changed but neither their order nor which they are: fetch those in the cache anew."""
        pages = {self.row_of(one) // _PAGE for one in plots} if plots else set(self._pages)
        here = pages & set(self._pages)
        for page in here:
            if len(here) > _FETCHED_AT_ONCE:
                del self._pages[page]  # those out of sight are fetched when they come into sight
            self._want(page)

    def show_pending(self, cells: dict[tuple[str, str], str]) -> None:
        """Show texts that are on their way into the ledger in the place of what stands there, by plot and column."""
        touched = {plot for plot, _ in (*self._pending, *cells)}
        self._pending = dict(cells)
        for row in (self.row_of(plot) for plot in touched):
            if row >= 0:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    # -- what the view asks

    def rowCount(self, parent: _Index | None = None) -> int:
        """All plots that fit."""
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index | None = None) -> int:
        """The columns of :data:`COLUMNS`."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, value and ink of a cell; nothing while its line is on the way."""
        if not index.isValid() or role not in _ROLES:
            return None
        column = COLUMNS[index.column()]
        if column.key == "#":
            return _role(Cell(words.count(index.row() + 1), ink="ink3"), role)
        line = self.line(index.row())
        if line is None:
            self._want(index.row() // _PAGE)
            return None
        if (line.id, column.key) in self._pending:
            return _role(Cell(self._pending[line.id, column.key] or words.NOTHING), role)
        if column.key == "flags":
            flags = flags_of(line, self._warning_days)
            return _role(Cell("　".join(str(one) for one in flags), flags), role)
        return _role(_CELLS[column.key](line, self._today), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, for those who have the screen read aloud."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section].title
        return None

    # -- inside

    def _answer(self, wish: PlotWish) -> tuple[Sequence[str], Sequence[PlotLine]]:
        """Runs in the reading lane: the set, and its first page at once, so that the table never shows up empty."""
        found = self._source.find(wish)
        return found, self._source.lines(found[:_PAGE])

    def _show(self, answer: tuple[Sequence[str], Sequence[PlotLine]]) -> None:
        found, first = answer
        self._turn += 1
        self.beginResetModel()
        self._ids = found
        self._places = None
        self._pages.clear()
        self._asked.clear()
        self._wanted.clear()
        if first:
            self._pages[0] = first
        self.endResetModel()
        self.found.emit(len(found))

    def _refuse(self, error: GengdiError) -> None:
        self.refused.emit(error)

    def _want(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            self._wanted.append(page)
            self._fetch_soon.start()

    def _fetch(self) -> None:
        wanted, self._wanted = self._wanted[-_FETCHED_AT_ONCE:], []
        for gone in self._asked - set(self._pages) - set(wanted):
            self._asked.discard(gone)
        turn = self._turn
        for page in wanted:
            ids = self._ids[page * _PAGE : (page + 1) * _PAGE]
            self._jobs.read(partial(self._lines, ids), partial(self._keep, turn, page), owner=self)

    def _lines(self, ids: Sequence[str], _progress: Progress) -> Sequence[PlotLine]:
        return self._source.lines(ids)

    def _keep(self, turn: int, page: int, lines: Sequence[PlotLine]) -> None:
        if turn != self._turn:
            return
        self._asked.discard(page)
        self._pages[page] = lines
        self._pages.move_to_end(page)
        while len(self._pages) > _KEPT_PAGES:
            self._pages.popitem(last=False)
        last = min((page + 1) * _PAGE, len(self._ids)) - 1
        self.dataChanged.emit(self.index(page * _PAGE, 0), self.index(last, len(COLUMNS) - 1))


_ROLES: Final = frozenset(
    (
        Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, VALUE_ROLE,
        INK_ROLE,
    )
)  # fmt: skip


def _role(cell: Cell, role: int) -> Any:
    if role == VALUE_ROLE:
        return cell.value
    if role == INK_ROLE:
        return cell.ink
    return cell.text


def _area(area: Area, *, zero: str) -> Cell:
    empty = area.micro_mu == 0
    return Cell(zero if empty else words.mu(area), area, "ink3" if empty else "ink")


def _state(line: PlotLine, _today: date) -> Cell:
    return Cell(line.state.label, line.state)


_CELLS: Final[Mapping[str, Callable[[PlotLine, date], Cell]]] = {
    "village": lambda line, _today: Cell(line.village),
    "plot_no": lambda line, _today: Cell(line.plot_no),
    "issued_area": lambda line, _today: _area(line.issued_area, zero="0.00"),
    "kind": lambda line, _today: Cell(_KINDS.get(line.kind, words.NOTHING)),
    "class_after": lambda line, _today: Cell(line.class_after or words.NOTHING),
    "state": _state,
    "settled": lambda line, _today: _area(line.settled, zero=words.NOTHING),
    "remaining": lambda line, _today: _area(line.remaining, zero="0.00"),
    "person": lambda line, _today: Cell(line.person or words.NOTHING, ink="ink" if line.person else "ink3"),
    "deadline": lambda line, today: Cell(words.short_day(line.deadline, today), line.deadline),
}
