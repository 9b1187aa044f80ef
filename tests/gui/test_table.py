"""The table over SQL: windows of lines, filters and order asked of the source, keys as in Excel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Label, State
from gengdi_desktop.errors import Cancelled, RuleError
from gengdi_desktop.ledger.queries import FieldValues, PlotGroup, PlotLine, PlotSums
from gengdi_desktop.ui.jobs import Jobs
from gengdi_desktop.ui.models.plot_columns import BY_KEY, USUAL, flags_of
from gengdi_desktop.ui.models.plot_columns import USUAL_FROZEN as FROZEN
from gengdi_desktop.ui.models.plot_source import PlotWish
from gengdi_desktop.ui.models.plot_table_model import PlotTableModel
from gengdi_desktop.ui.widgets.table_head import FilterField
from gengdi_desktop.ui.widgets.table_view import TableView, _even_share
from tests.helpers.plots import TODAY

COLUMNS = tuple(BY_KEY[key] for key in USUAL)
KEYS = [column.key for column in COLUMNS]


def line(number: int, **changes: object) -> PlotLine:
    """A plot as a row; its number tells its village and its area."""
    values: dict[str, object] = {
        "id": f"p{number}", "township": "白圩乡", "village": f"第{number}村", "plot_no": f"{number:04d}",
        "outflow_year": 2022, "kind": "non_farm", "class_before": "水田", "class_after": "果园",
        "state": State.WORKING, "label": Label.PARTIAL, "round": 1, "issued_area": Area(number * 10_000),
        "basic_area": None, "target": Area(number * 10_000), "settled": Area.ZERO,
        "remaining": Area(number * 10_000), "person": "罗志强", "deadline": None, "overdue_days": 0, "due_in": None,
        "returned": False, "held": False, "files": 0, "remark": "",
    }  # fmt: skip
    return PlotLine(**(values | changes))  # type: ignore[arg-type]


Asked = Callable[[int, int], None]


class ManyPlots:
    """A source of as many plots as one likes; remembers what it was asked and in which threads."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.wishes: list[PlotWish] = []
        self.limits: list[int | None] = []
        self.read: list[int] = []
        self.threads: set[str] = set()

    def find(self, wish: PlotWish, limit: int | None, asked: Asked) -> Sequence[str]:
        asked(0, 0)
        self.wishes.append(wish)
        self.limits.append(limit)
        self.threads.add(threading.current_thread().name)
        return [f"p{number}" for number in range(self.count)][:limit]

    def lines(self, ids: Sequence[str]) -> Sequence[PlotLine]:
        self.read.append(len(ids))
        self.threads.add(threading.current_thread().name)
        return [line(int(one[1:])) for one in ids]

    def groups(self, wish: PlotWish, asked: Asked) -> Sequence[PlotGroup]:  # noqa: ARG002
        return [PlotGroup(f"白圩乡/第{at}村", 10) for at in range(self.count // 10)]

    def sums(self, wish: PlotWish, asked: Asked) -> Mapping[str, PlotSums]:  # noqa: ARG002
        return {"": PlotSums(self.count)}

    def sums_of(self, ids: Sequence[str], asked: Asked) -> PlotSums:  # noqa: ARG002
        return PlotSums(len(ids))

    def values(self, wish: PlotWish, key: str, asked: Asked) -> FieldValues:  # noqa: ARG002
        return FieldValues((("白圩村", 3), ("连桥村", 2)))

    def view_counts(self, asked: Asked) -> Mapping[str, int]:  # noqa: ARG002
        return {"all": self.count}

    def evidence(self, asked: Asked) -> frozenset[str]:  # noqa: ARG002
        return frozenset()


@pytest.fixture
def source() -> ManyPlots:
    return ManyPlots(100_000)


@pytest.fixture
def model(source: ManyPlots, jobs: Jobs, qtbot: QtBot) -> PlotTableModel:
    made = PlotTableModel(source, jobs, TODAY, warning_days=3)
    made.ask(PlotWish())
    qtbot.waitUntil(lambda: made.rowCount() == source.count)
    return made


@pytest.fixture
def view(model: PlotTableModel, qtbot: QtBot) -> Iterator[TableView]:
    made = TableView("图斑", model, COLUMNS, frozen=FROZEN, filters=True, totals=True)
    qtbot.addWidget(made)
    made.resize(900, 400)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def test_the_model_keeps_the_rules_of_models(jobs: Jobs, qtbot: QtBot) -> None:
    few = PlotTableModel(ManyPlots(250), jobs, TODAY, 3)
    QAbstractItemModelTester(few, QAbstractItemModelTester.FailureReportingMode.Fatal)
    few.ask(PlotWish())
    qtbot.waitUntil(lambda: few.rowCount() == 250)
    few.data(few.index(249, 1))
    qtbot.waitUntil(lambda: few.line(249) is not None)


def test_no_line_is_read_on_the_gui_thread(model: PlotTableModel, source: ManyPlots, qtbot: QtBot) -> None:
    model.data(model.index(99_999, 1))
    qtbot.waitUntil(lambda: model.line(99_999) is not None)
    assert threading.main_thread().name not in source.threads
    assert model.data(model.index(99_999, 1)) == "第99999村"


class SlowCount(ManyPlots):
    """Counts until it is stopped, unless it is let go; refuses what is asked of a village."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.stopped = 0
        self.let_go = threading.Event()

    def find(self, wish: PlotWish, limit: int | None, asked: Asked) -> Sequence[str]:
        if "village" in wish.filters:
            raise RuleError("bad_value", "不能这样筛选。")
        while limit is None and not self.let_go.wait(0.005):
            try:
                asked(0, 0)
            except Cancelled:
                self.stopped += 1
                raise
        return super().find(wish, limit, asked)


def test_a_new_question_stops_the_count_of_the_older_one(jobs: Jobs, qtbot: QtBot) -> None:
    slow = SlowCount(3_000)
    model = PlotTableModel(slow, jobs, TODAY, 3)
    model.ask(PlotWish())
    qtbot.waitUntil(lambda: model.rowCount() == 1_000)
    model.ask(PlotWish(order="person"))
    qtbot.waitUntil(lambda: slow.stopped == 1 and len(slow.wishes) == 2)
    slow.let_go.set()
    qtbot.waitUntil(lambda: model.rowCount() == 3_000)


def test_a_refused_question_leaves_the_older_one_to_be_counted(jobs: Jobs, qtbot: QtBot) -> None:
    slow = SlowCount(3_000)
    model = PlotTableModel(slow, jobs, TODAY, 3)
    model.ask(PlotWish())
    qtbot.waitUntil(lambda: model.rowCount() == 1_000)
    with qtbot.waitSignal(model.refused):
        model.ask(PlotWish(filters={"village": "?"}))
    slow.let_go.set()
    qtbot.waitUntil(lambda: model.rowCount() == 3_000)


def test_only_what_is_in_sight_is_read(view: TableView, source: ManyPlots, qtbot: QtBot) -> None:
    view.choose_row(50_000)
    qtbot.waitUntil(lambda: view.right.model().data(view.right.model().index(50_000, 1)) is not None)
    assert sum(source.read) < 2_000


def test_a_cell_shows_zero_apart_and_nothing_as_a_dash(model: PlotTableModel) -> None:
    settled, issued = KEYS.index("settled"), KEYS.index("issued_area")
    assert model.data(model.index(5, settled)) == "—"
    assert model.data(model.index(0, issued)) == "0.00"
    assert model.data(model.index(7, issued)) == "0.07"


def test_a_filter_is_asked_after_a_rest_and_shown_as_active(view: TableView, qtbot: QtBot) -> None:
    asked: list[dict[str, str]] = []
    view.filtered.connect(asked.append)
    assert view.left is not None
    village = view.left.head.field("village")
    assert isinstance(village, FilterField)
    for letter in "连桥":
        village.insert(letter)
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert asked == [{"village": "连桥"}]
    assert village.property("active") == "true"
    view.ask({"state": "=已申报"})
    assert view.asked_filters() == {"state": "=已申报"}
    assert village.property("active") == "false"


def test_alt_down_asks_for_the_filter_of_the_column(view: TableView) -> None:
    asked: list[str] = []
    view.filter_asked.connect(asked.append)
    view.choose_row(3, KEYS.index("state"))
    QTest.keyClick(view.right, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    field = view.right.head.field("kind")
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert asked == ["state", "kind"]


def test_pressing_a_head_sorts_and_pressing_again_turns_round(view: TableView) -> None:
    orders: list[tuple[str, bool]] = []
    view.sort_asked.connect(lambda key, ascending: orders.append((key, ascending)))
    for _ in range(2):
        view.right.head.sectionClicked.emit(KEYS.index("issued_area"))
    assert orders == [("issued_area", True), ("issued_area", False)]


def test_arrows_walk_into_the_frozen_columns_and_back(view: TableView) -> None:
    view.choose_row(3, FROZEN)
    for expected in (2, 1, 1):
        QTest.keyClick(view.right, Qt.Key.Key_Left)
        assert view.right.currentIndex().column() == expected
    QTest.keyClick(view.right, Qt.Key.Key_Right)
    QTest.keyClick(view.right, Qt.Key.Key_Down)
    assert (view.right.currentIndex().row(), view.right.currentIndex().column()) == (4, 2)
    QTest.keyClick(view.right, Qt.Key.Key_Home)
    assert view.right.currentIndex().column() == 1


def test_the_table_is_one_tab_stop(view: TableView) -> None:
    assert view.left is not None
    assert view.left.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert view.right.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_enter_opens_and_space_asks_for_the_pane(view: TableView) -> None:
    opened: list[int] = []
    panes: list[bool] = []
    view.row_opened.connect(opened.append)
    view.pane_asked.connect(lambda: panes.append(True))
    view.choose_row(9)
    QTest.keyClick(view.right, Qt.Key.Key_Return)
    QTest.keyClick(view.right, Qt.Key.Key_Space)
    assert opened == [9]
    assert panes == [True]


def test_copying_is_asked_for_with_the_block_chosen(view: TableView, model: PlotTableModel) -> None:
    asked: list[bool] = []
    view.copy_asked.connect(lambda: asked.append(True))
    chosen = view.right.selectionModel()
    view.choose_row(1, 1)
    first, last = model.index(1, 1), model.index(2, 2)
    chosen.select(QItemSelection(first, last), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    QTest.keyClick(view.right, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert asked == [True]
    assert view.selected_rows() == (1, 2)
    assert view.selected_blocks() == [(range(1, 3), range(1, 3))]


def test_long_names_widen_their_column(jobs: Jobs, qtbot: QtBot) -> None:
    class LongNames(ManyPlots):
        def lines(self, ids: Sequence[str]) -> Sequence[PlotLine]:
            return [line(int(one[1:]), village="白圩乡赛阳关果场社区居民委员会") for one in ids]

    model = PlotTableModel(LongNames(5), jobs, TODAY, 3)
    model.ask(PlotWish())
    qtbot.waitUntil(lambda: model.rowCount() == 5)
    view = TableView("图斑", model, COLUMNS, frozen=FROZEN)
    qtbot.addWidget(view)
    view.fit_columns()
    assert view.left is not None
    need = view.left.itemDelegate().sizeHint(QStyleOptionViewItem(), model.index(0, 1)).width()
    assert view.left.columnWidth(1) >= need


def test_the_totals_speak_under_their_columns(view: TableView, app: QApplication) -> None:
    view.set_totals({"village": "合计 3 个", "issued_area": "161.15"})
    app.processEvents()
    names = [row.accessibleName() for row in view._totals]
    assert all("合计 3 个" in name and "161.15" in name for name in names)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"overdue_days": 2}, ["超期 2 天"]),
        ({"due_in": 1}, ["明天到期"]),
        ({"due_in": 0}, ["今天到期"]),
        ({"due_in": 9}, []),
        ({"returned": True, "due_in": 3}, ["退回", "3 天后到期"]),
        ({"held": True, "due_in": 1}, ["暂缓、争议"]),
    ],
)
def test_flags_tell_what_presses(changes: dict[str, object], words: list[str]) -> None:
    assert [flag.words for flag in flags_of(line(1, **changes), 3)] == words


def test_small_wishes_for_width_are_met_whole_and_only_the_largest_give_way() -> None:
    assert _even_share((60, 240), 120) == 60
    assert _even_share((60, 240), 200) == 140
    assert _even_share((10, 20, 300, 300), 230) == 100
    assert _even_share((10, 20), 100) == 20
