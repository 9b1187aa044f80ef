"""The county's desk in the window: the board, sums that lead to their plots, what ties out, a stick taken in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea

from gengdi_desktop.consolidation.deadlines import Standing
from gengdi_desktop.consolidation.inbox import Fate, Inbox, InboxFile
from gengdi_desktop.consolidation.records import BoardSigner, Parcel
from gengdi_desktop.consolidation.service import triggers
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.domain.triggers import Trigger
from gengdi_desktop.exchange.manifest import Heading, PackageKind, Party
from gengdi_desktop.handover import service as handover
from gengdi_desktop.ledger.queries import Condition, Match, plot_ids
from gengdi_desktop.ledger.roll_up import roll_up
from gengdi_desktop.ui.pages import county_view, county_work
from gengdi_desktop.ui.pages.catalog import PLACES
from gengdi_desktop.ui.pages.county_sections import BoardSection, InboxSection, SumsSection, TiesSection, TwinsSection
from gengdi_desktop.ui.pages.county_triggers import TriggersSection
from gengdi_desktop.ui.pages.county_view import KINDS, UNITS, VILLAGES, YEARS
from gengdi_desktop.ui.pages.county_work import Taken, TwinsFound
from gengdi_desktop.ui.pages.exchange_page import ExchangePage
from gengdi_desktop.ui.pages.exchange_view import UNKNOWN_SIGNER
from gengdi_desktop.ui.pages.home_page import HomePage
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.pages.plot_page import PlotPage
from gengdi_desktop.ui.widgets.table_head import FilterField
from gengdi_desktop.ui.words import count, mu
from tests.gui.county_desk import NAME, plots_of_county
from tests.gui.hands import Hands
from tests.gui.scenes_county import county_page, stick
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock
from tests.helpers.counties import PLOTS, TEAM, make

UNITS_OF_THE_TABLE = 23
NOON = datetime(2023, 8, 19, 4, tzinfo=UTC)


@pytest.fixture
def county(county_once: Path, tmp_path: Path, clock: FixedClock) -> Iterator[Stage]:
    """The window with a copy of the county's ledger open, and somebody in the chair."""
    folder = shutil.copytree(county_once, tmp_path / NAME)
    with stage(clock) as made:
        made.open(folder)
        made.window.member_chosen.emit(TEAM.name)
        yield made


@pytest.fixture
def crooked(tmp_path: Path, clock: FixedClock) -> Iterator[Stage]:
    """A county whose totals do not tie out: a plot without a township, one with another area than its line."""
    first, second, *rest = PLOTS
    plots = (replace(first, township="", village=""), replace(second, line="1.50"), *rest)
    make(tmp_path / "县", plots).close()
    with stage(clock) as made:
        made.open(tmp_path / "县")
        made.window.member_chosen.emit(TEAM.name)
        yield made


def told(made: Stage) -> str:
    """All that the page in front says."""
    page = made.window.page
    assert page is not None
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def shown_plots(made: Stage) -> int:
    """How many plots the table of the ledger shows."""
    page = made.window.page
    assert isinstance(page, LedgerPage)
    return len(page.model.ids)


# -- the board


def test_every_unit_of_the_division_table_stands_on_the_board_with_its_share_and_place(county: Stage) -> None:
    county.go("county")
    board = county_page(county).tabs.of(BoardSection)
    assert len(board.shown_rows) == UNITS_OF_THE_TABLE
    rows = {one.name: one for one in board.shown_rows}
    assert rows["三里乡"].line.standing is Standing.EXEMPT
    assert rows["三里乡"].place is None
    sums = roll_up(county.context.ledger)
    for one in sums.ranking:
        assert rows[one.node.name].place == one.place
    view = county_page(county).view
    assert view is not None
    assert str(view.board.due) in told(county)
    issued = view.sums.issued
    said = f"共 {count(issued.count)} 个、{mu(issued.area)} 亩，与各乡镇（单位）合计、各村合计、下发清单相等。"
    assert said in told(county)


def test_the_board_is_sorted_by_its_heads_and_keeps_the_township(county: Stage) -> None:
    county.go("county")
    board = county_page(county).tabs.of(BoardSection)
    here = board.shown_rows[4].name
    board.table.choose_row(4)
    board.table.sort_asked.emit("place", True)
    places = [one.place for one in board.shown_rows if one.place is not None]
    assert places == sorted(places)
    assert board.shown_rows[-1].place is None
    assert board.shown_rows[board.table.current_row()].name == here
    board.table.sort_asked.emit("area", False)
    areas = [one.line.area for one in board.shown_rows]
    assert areas == sorted(areas, reverse=True)


def test_a_township_leads_to_exactly_its_plots(county: Stage) -> None:
    county.go("county")
    board = county_page(county).tabs.of(BoardSection)
    board.table.choose_row(2)
    row = board.shown_rows[2]
    board.table.setFocus()
    QTest.keyClick(board.table.right, Qt.Key.Key_Return)
    county.settle()
    assert shown_plots(county) == row.line.plots == 8


def test_the_plots_of_a_township_lead_back_to_its_line(county: Stage) -> None:
    county.go("county")
    board = county_page(county).tabs.of(BoardSection)
    board.table.choose_row(2)
    board.open(2)
    county.settle()
    ledger = county.window.page
    assert isinstance(ledger, LedgerPage)
    back = ledger.bar.back_button
    assert back.isVisible()
    assert back.accessibleName() == "回到县级汇总"
    ledger.table.setFocus()
    QTest.keyClick(ledger.table.right, Qt.Key.Key_Escape)
    county.settle()
    assert county.window.page is county_page(county)
    assert board.table.current_row() == 2
    county.go("ledger")
    assert back.isVisible(), "the filters still stand"
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    county.settle()
    assert county.window.page is county_page(county)


def test_the_way_back_goes_with_the_filters_that_led_there(county: Stage) -> None:
    county.go("county")
    sums = county_page(county).tabs.of(SumsSection)
    sums.open(0)
    county.settle()
    ledger = county.window.page
    assert isinstance(ledger, LedgerPage)
    assert ledger.bar.back_button.isVisible()
    ledger.table.filtered.emit({**ledger.table.asked_filters(), "issued_area": "≥1"})
    assert ledger.bar.back_button.isVisible(), "narrowed further it is still that township"
    ledger.bar.clear_asked.emit()
    county.settle()
    assert not ledger.bar.back_button.isVisible()
    QTest.keyClick(ledger.table.right, Qt.Key.Key_Escape)
    assert county.window.page is ledger
    county.go("ledger", {"township": ledger.model.ids[0]})
    assert not ledger.bar.back_button.isVisible(), "who came from elsewhere is not led to the county's page"


def test_esc_in_a_filter_empties_it_and_stays(county: Stage) -> None:
    county.go("county")
    county_page(county).tabs.of(BoardSection).open(2)
    county.settle()
    ledger = county.window.page
    assert isinstance(ledger, LedgerPage)
    field = next(one for one in ledger.table.findChildren(FilterField) if one.text() and one.isVisible())
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert county.window.page is ledger
    assert field.text() == ""


def test_a_unit_without_plots_leads_nowhere(county: Stage) -> None:
    county.go("county")
    board = county_page(county).tabs.of(BoardSection)
    at = [one.name for one in board.shown_rows].index("三里乡")
    board.table.choose_row(at)
    board.open(at)
    assert county.window.page is county_page(county)
    assert "没有下发的图斑" in told(county)


# -- the sums


def test_each_line_of_the_sums_leads_to_exactly_its_plots(county: Stage) -> None:
    county.go("county", {"section": "sums"})
    sums = county_page(county).tabs.of(SumsSection)
    for by in (VILLAGES, UNITS, KINDS, YEARS):
        county.go("county", {"section": "sums"})
        sums.by.choose(by)
        sums.by.activated.emit(0)
        whole = sum(one.sums.all.count for one in sums.rows if not one.depth)
        assert whole == len(plots_of_county())
        for at in {1, len(sums.rows) - 2}:
            row = sums.rows[at]
            sums.open(at)
            county.settle()
            assert shown_plots(county) == row.sums.all.count, row.name


def test_villages_stand_below_their_township_and_add_up_to_it(county: Stage) -> None:
    county.go("county", {"section": "sums"})
    rows = county_page(county).tabs.of(SumsSection).rows
    assert rows[0].depth == 0
    villages = []
    for one in rows[1:]:
        if not one.depth:
            break
        villages.append(one)
    assert len(villages) == 2
    assert sum(one.sums.all.count for one in villages) == rows[0].sums.all.count
    assert villages[0].shown.startswith("　")


# -- what ties out


def test_what_makes_totals_differ_is_named_and_opens(crooked: Stage) -> None:
    crooked.go("county")
    page = county_page(crooked)
    assert page.view is not None
    assert not page.view.sums.ties_out
    Hands(crooked).click("看差在哪里")
    ties = page.tabs.of(TiesSection)
    assert {"p01", "p02"} <= {one.plot for one in ties.rows}
    assert page.tabs.tabs["ties"].text() == f"合计核对 {len(ties.rows)}"
    at = [one.plot for one in ties.rows].index("p02")
    assert ties.rows[at].area == Area.parse("1.05") - Area.parse("1.50")
    ties.open(at)
    crooked.settle()
    assert isinstance(crooked.window.page, PlotPage)
    assert crooked.context.trail.back == "county"


def test_what_stands_in_two_townships_is_told_and_opens(county: Stage) -> None:
    county.go("county", {"section": "twins"})
    page = county_page(county)
    assert "没有图斑或照片出现在两个乡镇。" in told(county)
    plots = tuple(one.id for one in plots_of_county()[:9:8])
    page.show_twins(TwinsFound((county_view.TwinRow("图斑", "两块地标识码相同，请核实。", plots),), 3))
    assert "两块地标识码相同，请核实。" in told(county)
    assert "还有 3 张照片没有比过" in told(county)
    page.tabs.of(TwinsSection).open(0)
    county.settle()
    assert isinstance(county.window.page, PlotPage)
    assert county.context.trail.ids == plots


# -- a stick


def test_a_stick_is_taken_in_and_every_file_told_the_bad_ones_first(
    county: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, str]] = []

    def take_in(_ledger: object, places: object, by: object, _progress: object) -> Taken:
        asked.append((places, str(by)))
        return Taken(stick(), Changes(5, frozenset({"plot"})))

    monkeypatch.setattr(county_work, "take_in", take_in)
    county.go("county")
    county.prompts.answers.append(tmp_path)
    Hands(county).click("收整个 U 盘")
    assert [places for places, _by in asked] == [[tmp_path]]
    page = county_page(county)
    assert page.tabs.here == "inbox"
    files = page.tabs.of(InboxSection).files
    assert [one.fate.value for one in files] == ["refused", "older", "again", "taken", "elsewhere"]
    assert "收下了 1 个，以前收过 1 个，比收过的旧 1 个，没有收 1 个，给别处的 1 个。" in told(county)
    assert "请对方重新拷贝一次" in told(county)
    assert page._take.isEnabled()


def test_a_folder_without_packages_is_said_and_changes_nothing(county: Stage, tmp_path: Path) -> None:
    (tmp_path / "盘").mkdir()
    head = county.context.ledger.head()
    county.go("county")
    assert county_page(county).files_go(QPoint()) == "松开，收里面所有的包"
    county_page(county).take_files([tmp_path / "盘"], QPoint())
    county.settle()
    assert "没有找到包" in told(county)
    assert county.context.ledger.head() == head


def test_a_place_that_is_gone_is_said(county: Stage, tmp_path: Path) -> None:
    county.go("county", {"take": str(tmp_path / "拔了")})
    assert "找不到" in told(county)
    assert county_page(county)._take.isEnabled()


# -- words


def parcel(number: int = 2, proof: str = "contained") -> Parcel:
    """A package of the day before."""
    return Parcel("x", number, NOON, NOON, NOON.date(), 95, Area.parse("161.15"), "ab" * 32, receipted=False,
                  proof=proof, proof_entries=(), note="",
                  file_name="白圩乡_报送.gdpkg")  # fmt: skip


def test_how_a_township_stands_is_told_by_mark_and_word() -> None:
    flags = {one: county_view.standing_flag(one, 0) for one in Standing}
    assert len({(one.sign, one.words) for one in flags.values()}) == len(Standing)
    late = county_view.standing_flag(Standing.DUE, 3)
    assert (late.words, late.tone) == ("超期未报 3 天", "seal")
    assert county_view.standing_flag(Standing.LATE, 2).words == "迟报 2 天"


def test_packages_signer_and_remarks_of_a_township_are_told_in_a_line(county: Stage) -> None:
    county.go("county")
    view = county_page(county).view
    assert view is not None
    row = view.units[0]
    line = replace(
        row.line, task=parcel(1), task_taken=False, newest=parcel(), answered=False, remarks=("请核对。",),
        signer=BoardSigner("ab" * 32, "吴小琴", None, trusted=False, expired=True),
    )  # fmt: skip
    told_ = county_view.unit_words(replace(row, line=line))
    assert told_ == (
        "任务包发了，它还没有收下，报送包第 2 次，95 个图斑，还没有回反馈包，"
        "吴小琴签的，不在信任名单里，证书过期了。请核对。"
    )
    assert county_view.parcel_words(parcel()) == "第 2 次 8-19"
    flag = county_view.proof_flag(replace(line, newest=parcel(proof="rewritten")))
    assert flag is not None
    assert (flag.words, flag.tone) == ("改过已报的", "seal")
    assert county_view.proof_flag(replace(line, newest=None)) is None


def test_conditions_become_the_filters_that_mean_the_same() -> None:
    wish = county_view.wish_of((
        Condition("township", ("白圩乡", "白圩"), Match.ONE_OF), Condition("village", ("",), Match.ONE_OF),
        Condition("kind", "non_farm"), Condition("outflow_year", 2021), Condition("part", 0),
    ))  # fmt: skip
    assert wish == {"township": "=白圩乡|白圩", "village": "=", "kind": "=非农化", "outflow_year": "=2021"}


# -- the window around it


def test_only_the_county_has_the_place_and_keys_follow_what_is_shown(county: Stage, desk_folder: Path) -> None:
    codes = [one.code for one in PLACES if Desk.COUNTY in one.desks]
    assert "county" in codes
    assert county.window.navigation.codes == tuple(codes[:10])
    county.open(desk_folder)
    assert "county" not in county.window.navigation.codes
    at = county.window.navigation.codes.index("reports") + 1
    county.window._go_by_number(at)
    county.settle()
    assert county.window.page is county.window._pages["reports"]


def test_the_workbench_of_a_county_ranks_townships_and_stays_where_it_was(county: Stage) -> None:
    home = county.window.page
    assert isinstance(home, HomePage)
    assert "各乡镇排名" in told(county)
    assert home._view is not None
    assert {one.name for one in home._view.villages} == {one.township for one in plots_of_county()}
    area = next(one for one in county.window.findChildren(QScrollArea) if one.isVisible() and one.isAncestorOf(home))
    assert area.verticalScrollBar().maximum() > 0
    county.go("county")
    county.go("home")
    assert area.verticalScrollBar().value() == 0
    home._show_place("白圩乡")
    county.settle()
    assert shown_plots(county) == 8


def test_a_signer_that_nobody_knows_is_compared_from_the_list_of_the_stick(
    county: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = InboxFile(
        tmp_path / "三里乡.gdpkg", Fate.REFUSED, "三里乡人民政府", "报送包（第 1 次）", UNKNOWN_SIGNER,
        "还不认识签这个包的证书。", "请打电话核对指纹。",
    )  # fmt: skip
    inbox = Inbox((stranger, *stick().files), (), cut=False, stopped=False)
    monkeypatch.setattr(county_work, "take_in", lambda *_: Taken(inbox, Changes(5, frozenset({"plot"}))))
    county.go("county")
    county.prompts.answers.append(tmp_path)
    Hands(county).click("收整个 U 盘")
    assert "有 1 个是没有收过的人签的" in told(county)
    section = county_page(county).tabs.of(InboxSection)
    section.table.choose_row([one.code for one in section.files].index("cut_short"))
    assert not section._look.isVisibleTo(section)
    section.table.choose_row([one.code for one in section.files].index(UNKNOWN_SIGNER))
    section._look.click()
    county.settle()
    page = county.window.page
    assert isinstance(page, ExchangePage)
    assert page.tabs.here == "take"


def test_what_was_taken_in_alone_since_or_taken_back_is_told_in_the_list_of_the_stick(
    county: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = county.context.ledger
    known = next(one for one in handover.packages(ledger) if not one.sent)
    party = Party("f" * 32, Desk.TOWNSHIP, "进贤县", "360124", "三里乡", "", "三里乡人民政府")
    here, gone = (
        Heading(PackageKind.SUBMISSION, code, 1, NOON, "1", sample=True, sender=party, recipient=party, campaign=None,
                schema=1)
        for code in (known.id, "e" * 32)
    )  # fmt: skip
    file = InboxFile(tmp_path / "三里乡.gdpkg", Fate.REFUSED, "三里乡人民政府", "报送包（第 1 次）", UNKNOWN_SIGNER,
                     "还不认识签这个包的证书。", "请打电话核对指纹。", heading=here)  # fmt: skip
    back = replace(file, path=tmp_path / "七里乡.gdpkg", fate=Fate.TAKEN, code="", heading=gone)
    inbox = Inbox((file, back, replace(file, heading=None)), (), cut=False, stopped=False)
    monkeypatch.setattr(county_work, "take_in", lambda *_: Taken(inbox, Changes(5, frozenset({"package"}))))
    county.go("county")
    county.prompts.answers.append(tmp_path)
    Hands(county).click("收整个 U 盘")
    section = county_page(county).tabs.of(InboxSection)
    assert [one.fate for one in section.files] == [Fate.REFUSED, Fate.LEFT, Fate.TAKEN]
    assert [one.sentence for one in section.files[1:]] == ["收下以后又撤回了，台账里没有。", "后来单独收下了。"]
    assert "收下了 1 个，没有收 1 个，还没有收 1 个。" in told(county)


def test_tab_walks_from_the_figures_to_the_board(county: Stage) -> None:
    county.go("county")
    page = county_page(county)
    page._take.setFocus()
    names = []
    for _ in range(2):
        QTest.keyClick(county.window.focusWidget(), Qt.Key.Key_Tab)
        now = county.window.focusWidget()
        assert now is not None
        names.append(now.accessibleName())
    assert names[0].startswith("应报")
    assert names[1] == "各乡镇报送情况"


# -- limits


def test_limits_name_units_and_each_leads_to_exactly_its_plots(county: Stage) -> None:
    county.go("county", {"section": "triggers"})
    page = county_page(county)
    section = page.tabs.of(TriggersSection)
    assert "三项都没有定限值，没有判。" in told(county)
    section.points.setText("二十")
    section.set_limits()
    assert "“二十”不是 0 到 100 的整数，限值没有存。" in told(county)
    section.points.setText("20")
    section.outflow.setText("很多")
    section.set_limits()
    assert section.points.text() == "20", "what is typed stays"
    section.outflow.setText("30")
    section.set_limits()
    county.settle()
    named = triggers(county.context.ledger).named
    assert section.rows == named
    assert {one.trigger for one in named} == {Trigger.BEHIND, Trigger.NEW_OUTFLOW}
    assert page.tabs.tabs["triggers"].text() == f"约谈情形 {len({one.unit for one in named})}"
    at = next(at for at, one in enumerate(named) if one.plots > 1)
    section.open(at)
    county.settle()
    assert isinstance(county.window.page, PlotPage)
    assert sorted(county.context.trail.ids) == sorted(plot_ids(county.context.ledger, named[at].evidence))
    county.go("county", {"section": "triggers"})
    county.window.undo_asked.emit()
    county.settle()
    assert (section.rows, section.points.text()) == ((), "")
