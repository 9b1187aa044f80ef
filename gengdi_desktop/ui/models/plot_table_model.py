"""The ledger's table over SQL: ids of the plots that fit, and a cache of the lines that are in sight.

There is no proxy model: order and filters are asked of the database. The first plots come at once, the rest of a long
list a moment later; a line that is not here yet is painted empty and fetched in a lane, a page of lines at a time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.jobs import Job, Jobs, Lane, Progress
from gengdi_desktop.ui.models.plot_columns import BY_KEY, NUMBER, SUMMED, USUAL, cell_of
from gengdi_desktop.ui.models.plot_rows import GroupRow, PlotRows
from gengdi_desktop.ui.models.plot_source import PlotSource, PlotWish
from gengdi_desktop.ui.models.rows_model import Cell
from gengdi_desktop.ui.widgets.table_cells import CELL_ROLE, GROUP_ROLE, INK_ROLE, VALUE_ROLE, Column, GroupHead

if TYPE_CHECKING:
    from gengdi_desktop.ledger.queries import PlotGroup, PlotLine, PlotSums

_Index = QModelIndex | QPersistentModelIndex
_PAGE: Final = 100
_KEPT_PAGES: Final = 60
_AT_ONCE: Final = 4
_FIRST: Final = 1_000
_UNFOLDED: Final = 2_000


@dataclass(frozen=True)
class _Answer:
    """The plots that fit, or the first of them; the groups; the lines of the first page."""

    wish: PlotWish
    plots: Sequence[str]
    groups: Sequence[PlotGroup]
    first: Sequence[PlotLine]

    @property
    def whole(self) -> bool:
        return bool(self.groups) or len(self.plots) < _FIRST


class PlotTableModel(QAbstractTableModel):
    """Read-only; an edit is an action of a service, after which :meth:`ask` is called again.

    Columns of the model are the columns in sight, in their order; keys of both are the fields of questions.

    Signals: another set of plots is shown (how many, as far as known); all of them are known; the question was
    refused.
    """

    found = Signal(int)
    counted = Signal(int)
    refused = Signal(object)

    def __init__(
        self, source: PlotSource, jobs: Jobs, today: date, warning_days: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._source, self._jobs, self._today = source, jobs, today
        self._warning_days = warning_days
        self._columns: tuple[Column, ...] = tuple(BY_KEY[key] for key in USUAL)
        self._rows = PlotRows()
        self._ids: Sequence[str] | None = None
        self._sums: Mapping[str, PlotSums] = {}
        self._folded: dict[str, set[str]] = {}
        self._wish = PlotWish()
        self._pages: OrderedDict[int, Sequence[PlotLine]] = OrderedDict()
        self._pending: dict[tuple[str, str], str] = {}
        self._wanted: list[int] = []
        self._asked: set[int] = set()
        self._turn = 0
        self._counting: Job | None = None
        self._fetch_soon = QTimer(self)
        self._fetch_soon.setSingleShot(True)
        self._fetch_soon.setInterval(0)
        self._fetch_soon.timeout.connect(self._fetch)

    # -- what the page asks

    def ask(self, wish: PlotWish) -> None:
        """Show the plots that fit; the answer lands later, only the last question is answered."""
        if self._counting is not None:
            self._counting.cancel()  # what is on its way for the older question would hold this one up
        self._jobs.read(
            partial(self._answer, wish), self._show, self._refuse_wish, owner=self, newest=f"plots-{id(self)}"
        )

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns in this order."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self.endResetModel()

    def set_sums(self, sums: Mapping[str, PlotSums]) -> None:
        """Subtotals for the rows of groups."""
        self._sums = sums
        if self._rows.groups and len(self._rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._columns) - 1))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in sight, in order."""
        return self._columns

    @property
    def ids(self) -> Sequence[str]:
        """The plot of each row in sight, in order; empty for the row of a group."""
        if self._ids is None:
            self._ids = self._rows.ids()
        return self._ids

    @property
    def plots(self) -> Sequence[str]:
        """All plots that fit, in order, also those of folded groups; the first of them while the rest is on its way."""
        return self._rows.plots

    def line(self, row: int) -> PlotLine | None:
        """The line of a row, if it is here."""
        place = self._rows.place_of(row)
        return self._line_at(place) if place >= 0 else None

    def id_of(self, row: int) -> str:
        """The plot of a row; empty for none."""
        place = self._rows.place_of(row)
        return self._rows.plots[place] if 0 <= place < len(self._rows.plots) else ""

    def row_of(self, plot: str) -> int:
        """The row of a plot; -1 where it is not in sight."""
        return self._rows.row_of(plot)

    def group_at(self, row: int) -> GroupRow | None:
        """The group whose own row this is; None for a plot's row."""
        at = self._rows.head_at(row)
        if at < 0:
            return None
        group = self._rows.groups[at]
        title = self._title(group.key)
        return GroupRow(group.key, title, group.plots, group.key in self._rows.folded, self._sums.get(group.key))

    def turn_group(self, row: int) -> None:
        """Fold the group of a row, or unfold it."""
        group = self.group_at(row)
        if group is not None:
            self._refold(self._rows.folded ^ {group.key})

    def fold_all(self, *, folded: bool) -> None:
        """Fold all groups, or unfold them."""
        self._refold({group.key for group in self._rows.groups} if folded else set())

    def look_again(self, plots: frozenset[str]) -> None:
        """Lines have changed but neither their order nor which they are: fetch those in the cache anew.

        What stood there stays in sight until the new lines are here.
        """
        known = self._rows
        places = {known.place_of(known.row_of(one)) for one in plots if known.row_of(one) >= 0}
        pages = {place // _PAGE for place in places} if plots else set(self._pages)
        stale = [page for page in self._pages if page in pages]
        for page in stale[:-_AT_ONCE]:
            del self._pages[page]
        for page in stale[-_AT_ONCE:]:
            self._want(page)

    def show_pending(self, cells: dict[tuple[str, str], str]) -> None:
        """Show texts that are on their way into the ledger, by plot and column."""
        changed = {plot for plot, _key in self._pending.keys() ^ cells.keys()} | {plot for plot, _key in cells}
        self._pending = cells
        for plot in changed:
            row = self.row_of(plot)
            if row >= 0:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    # -- what the view asks

    def rowCount(self, parent: _Index | None = None) -> int:
        """All plots that fit, and the rows of groups."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """The columns in sight."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, value and ink of a cell; nothing while its line is on the way."""
        if not index.isValid() or role not in _ROLES:
            return None
        column = self._columns[index.column()]
        group = self.group_at(index.row()) if self._rows.groups else None
        if group is not None:
            return None if role == CELL_ROLE else self._group_cell(group, column, role)
        cell = None if role == GROUP_ROLE else self._plot_cell(self._rows.place_of(index.row()), column)
        return None if cell is None else _role(cell, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, for those who have the screen read aloud."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._columns[section].title
        return None

    # -- inside

    def _answer(self, wish: PlotWish, progress: Progress) -> _Answer:
        """Runs in the reading lane: the first plots with their lines, so that the table never shows up empty."""
        groups = self._source.groups(wish, progress) if wish.group else ()
        plots = self._source.find(wish, None if wish.group else _FIRST, progress)
        return _Answer(wish, plots, groups, self._source.lines(plots[:_PAGE]))

    def _show(self, answer: _Answer) -> None:
        self._turn += 1
        self._counting = None
        folded = self._folded_of(answer)
        self.beginResetModel()
        self._wish = answer.wish
        self._rows = PlotRows(answer.plots, answer.groups, folded)
        self._ids = None
        self._sums = {}
        self._pages.clear()
        self._asked.clear()
        self._wanted.clear()
        if answer.first:
            self._pages[0] = answer.first
        self.endResetModel()
        self.found.emit(len(answer.plots))
        if answer.whole:
            self.counted.emit(len(answer.plots))
        else:
            self._count()

    def _count(self) -> None:
        """Find all plots, of which the first are in sight."""
        wish, turn = self._wish, self._turn
        self._counting = self._jobs.run(
            Lane.FILES,
            lambda progress: self._source.find(wish, None, progress),
            partial(self._show_rest, turn),
            self._refuse,
            owner=self,
            newest=f"all-plots-{id(self)}",
        )

    def _show_rest(self, turn: int, plots: Sequence[str]) -> None:
        if turn != self._turn:
            return
        self._counting = None
        known = len(self._rows)
        if plots[:known] != self._rows.plots or len(plots) <= known:
            # The ledger was changed between the two questions: the newer answer counts.
            self.beginResetModel()
            self._rows = PlotRows(plots)
            self._pages.clear()
            self.endResetModel()
        else:
            self.beginInsertRows(QModelIndex(), known, len(plots) - 1)
            self._rows = PlotRows(plots)
            self.endInsertRows()
        self._ids = None
        self.counted.emit(len(plots))

    def _folded_of(self, answer: _Answer) -> set[str]:
        """Groups stay folded as they were; a long list shows its groups folded first."""
        if not answer.groups:
            return set()
        known = self._folded.get(answer.wish.group)
        if known is None:
            many = len(answer.plots) > _UNFOLDED
            known = self._folded[answer.wish.group] = {group.key for group in answer.groups} if many else set()
        return known

    def _refold(self, folded: set[str]) -> None:
        self.beginResetModel()
        self._folded[self._wish.group] = folded
        self._rows.folded = folded
        self._rows.place()
        self._ids = None
        self.endResetModel()

    def _plot_cell(self, place: int, column: Column) -> Cell | None:
        """A cell of a plot; None while its line is on the way."""
        if column.key == NUMBER:
            return Cell(words.count(place + 1), ink="ink3")
        line = self._line_at(place)
        if line is None:
            self._want(place // _PAGE)
            return None
        pending = self._pending.get((line.id, column.key)) if self._pending else None
        if pending is not None:
            return Cell(pending or words.NOTHING, pending, "ink2")
        return cell_of(line, column.key, self._today, self._warning_days)

    def _title(self, key: str) -> str:
        if self._wish.group == "village":
            township, _, village = key.partition("/")
            several = len({group.key.partition("/")[0] for group in self._rows.groups[:_UNFOLDED]}) > 1
            return f"{township} {village}" if several else village or words.NOTHING
        column = BY_KEY.get(self._wish.group)
        return dict(column.options).get(key, key) if column is not None and key else "没有填"

    def _group_cell(self, group: GroupRow, column: Column, role: int) -> Any:
        if role == GROUP_ROLE:
            return GroupHead(f"{group.title}　{words.count(group.plots)} 个", folded=group.folded)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{group.title}　{words.count(group.plots)} 个，{'已收起' if group.folded else '已展开'}"
        sum_name = SUMMED.get(column.key)
        if sum_name is None or group.sums is None or role != Qt.ItemDataRole.DisplayRole:
            return None
        return words.mu(getattr(group.sums, sum_name))

    def _line_at(self, place: int) -> PlotLine | None:
        page = self._pages.get(place // _PAGE)
        at = place % _PAGE
        return page[at] if page is not None and at < len(page) else None

    def _refuse_wish(self, error: GengdiError) -> None:
        """The older question stands: what was stopped of it goes on."""
        if self._counting is not None:
            self._count()
        self._refuse(error)

    def _refuse(self, error: GengdiError) -> None:
        self.refused.emit(error)

    def _want(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            self._wanted.append(page)
            self._fetch_soon.start()

    def _fetch(self) -> None:
        wanted, self._wanted = self._wanted[-_AT_ONCE:], []
        for gone in self._asked - set(self._pages) - set(wanted):
            self._asked.discard(gone)
        turn = self._turn
        for page in wanted:
            ids = self._rows.plots[page * _PAGE : (page + 1) * _PAGE]
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
        first, last = page * _PAGE, min((page + 1) * _PAGE, len(self._rows.plots)) - 1
        rows = [row for row in (self._rows.row_at(place) for place in range(first, last + 1)) if row >= 0]
        if rows:
            self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[-1], len(self._columns) - 1))


_ROLES: Final = frozenset(
    (
        Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, VALUE_ROLE, INK_ROLE, GROUP_ROLE, CELL_ROLE,
    )
)  # fmt: skip
_BY_ROLE: Final[Mapping[int, Callable[[Cell], object]]] = {
    VALUE_ROLE: lambda cell: cell.value,
    INK_ROLE: lambda cell: cell.ink,
    CELL_ROLE: lambda cell: cell,
}


def _role(cell: Cell, role: int) -> Any:
    reader = _BY_ROLE.get(role)
    return cell.text if reader is None else reader(cell)
