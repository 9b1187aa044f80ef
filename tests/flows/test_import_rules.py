"""What an import does to the ledger: every row accounted for, new issues, conflicts, totals, and nothing half done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake import service
from gengdi_desktop.intake.comparison import Compared, compare
from gengdi_desktop.intake.mapping import parse_choice
from gengdi_desktop.intake.previews import ImportOptions, problem_of
from gengdi_desktop.intake.problem_list import write_problem_list
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.figures import figures
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.queries import Condition, PlotQuery, plot_card, plot_ids
from gengdi_desktop.storage.tables import PlotRow, RoundRow
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.pages.intake_view import IntakeWish
from gengdi_desktop.ui.pages.intake_work import preview
from tests.helpers.foreign_tables import Rows, rewrite_part, write_xls, write_xlsx
from tests.helpers.imports import HEAD, codes, entries, line, noted, plots, table, take
from tests.helpers.ledgers import CLERK, new_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path / "台账") as made:
        yield made


# --------------------------------------------------------------------------------------------- the same, and not quite


def test_one_transaction_one_entry_and_the_file_itself(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1), line(2), ["合计", "", "", "2个", 3.0]])
    before = entries(ledger)
    outcome = take(ledger, path)
    assert entries(ledger) == before + 1
    assert outcome.committed
    assert outcome.entry == history(ledger, limit=1)[0].seq
    (kept,) = (ledger.folder.root / "issued").iterdir()
    assert kept.read_bytes() == path.read_bytes()
    assert check(ledger).ok
    (listed,) = figures(ledger).lists
    assert (listed.name, listed.kind, listed.stated_count, listed.stated_area) == (
        "白圩乡流出图斑清单",
        "outflow",
        2,
        Area.parse("3"),
    )
    assert listed.ties_out


def test_a_dry_run_answers_as_the_real_one_and_writes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1), line(2, "两亩")])
    head = ledger.head()
    dry = take(ledger, path, partial=True, dry_run=True).as_json()
    assert ledger.head() == head
    assert list((ledger.folder.root / "issued").iterdir()) == []
    real = take(ledger, path, partial=True).as_json()
    assert dry | {"committed": True, "entry": real["entry"]} == real


def test_the_same_file_twice_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1), line(2)])
    take(ledger, path)
    head = ledger.head()
    again = take(ledger, path)
    assert (again.imported, again.duplicates, again.entry, again.error) == (0, 2, None, None)
    renamed = path.rename(tmp_path / "另一个名字.xlsx")
    assert take(ledger, renamed).duplicates == 2
    assert ledger.head() == head


def test_the_same_rows_saved_anew_change_nothing_either(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(1), line(2)]))
    head = ledger.head()
    resaved = write_xls(
        tmp_path / "清单.xls", {"清单": [["白圩乡流出图斑清单"], HEAD[:-2], line(1)[:-2], line(2)[:-2]]}
    )
    assert take(ledger, resaved).duplicates == 2
    assert ledger.head() == head


def test_a_number_that_lost_its_zeros_is_still_the_same_plot(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(12, bsm="")]))
    assert take(ledger, table(tmp_path, [line(12, bsm="", plot_no=12)], "二.xlsx")).duplicates == 1


def test_another_value_is_refused_with_both_values_unless_the_list_is_issued_again(
    ledger: Ledger, tmp_path: Path
) -> None:
    take(ledger, table(tmp_path, [line(1), line(2)]))
    changed = table(tmp_path, [line(1), line(2, 1.75)], "改.xlsx")
    outcome = take(ledger, changed)
    assert outcome.error is not None
    assert (outcome.refused, outcome.committed, codes(outcome)) == (1, False, ["changed"])
    assert "1.50 → 1.75 亩" in outcome.problems[0].message
    assert [plot["issued_area"] for plot in plots(ledger)] == [1_500_000, 1_500_000]


def test_a_new_issue_shows_new_changed_vanished_and_returned_plots(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(1), line(2), line(3)]), name="第一批")
    second = table(tmp_path, [line(1), line(2, 1.75), line(4)], "二.xlsx", title="第二批")
    with service.preview(ledger, second, ImportOptions(reissue_of="第一批")) as found:
        assert len(found.change.vanished) == 1
        assert found.vanished_names == (f"{plots(ledger)[2]['village']} 0003",)
    outcome = take(ledger, second, reissue_of="第一批")
    assert (outcome.imported, outcome.changed, outcome.duplicates, outcome.vanished, outcome.returned) == (
        1,
        1,
        1,
        1,
        0,
    )
    assert [plot["issued_area"] for plot in plots(ledger)] == [1_500_000, 1_750_000, 1_500_000, 1_500_000]
    card = plot_card(ledger, plot_ids(ledger, PlotQuery(order="position"))[1])
    assert [(issued.list_name, issued.issued_area) for issued in card.lines] == [
        ("第一批", Area.parse("1.5")),
        ("第二批", Area.parse("1.75")),
    ]
    assert [listed.lines.count for listed in figures(ledger).lists] == [3, 3]
    left_out = PlotQuery((Condition("vanished", 1),))
    assert plot_ids(ledger, left_out) == [plots(ledger)[2]["id"]]
    assert figures(ledger).vanished == 1
    again = take(ledger, second, reissue_of="第一批")
    assert (again.duplicates, again.vanished, again.entry) == (3, 1, None)
    third = table(tmp_path, [line(1), line(2, 1.75), line(3), line(4)], "三.xlsx", title="第三批")
    with service.preview(ledger, third, ImportOptions(reissue_of="第一批")) as found:
        first, *rest = compare(found)
        assert (first.what, first.row) == (Compared.RETURNED, 5)
        assert [one.what for one in rest] == [Compared.SAME] * 3
    back = take(ledger, third, reissue_of="第一批")
    assert (back.duplicates, back.vanished, back.returned) == (4, 0, 1)
    assert (plot_ids(ledger, left_out), figures(ledger).vanished) == ([], 0)
    assert check(ledger).ok


def test_a_row_of_a_new_issue_that_stands_open_lists_its_plot_all_the_same(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(1), line(2), line(3)]), name="第一批")
    second = table(tmp_path, [line(1), line(2, "2亩3分")], "二.xlsx", title="第二批")
    outcome = take(ledger, second, reissue_of="第一批", partial=True)
    assert outcome.committed
    assert [listed.unentered.count for listed in figures(ledger).lists] == [0, 1]
    assert plot_ids(ledger, PlotQuery((Condition("vanished", 1),))) == [plots(ledger)[2]["id"]]
    assert figures(ledger).vanished == 1


def test_a_cell_that_a_person_says_keeps_the_words_of_the_file_and_tells_nothing_private(
    ledger: Ledger, tmp_path: Path
) -> None:
    phones = {"phone": "13800138000"}
    path = table(tmp_path, [line(1, **phones), line(2, "2亩3分", **phones)])
    with service.preview(ledger, path) as found:
        (problem,) = found.problems
    row = problem.row or 0
    said = {(problem.sheet, row, "E"): "2.30", (problem.sheet, row, "G"): "13900139000"}
    with service.preview(ledger, path, ImportOptions(cells=said)) as found:
        assert HEAD.index("责任人电话") in found.private
        service.run(ledger, found, by=CLERK)
    reason = history(ledger, limit=1)[0].reason
    assert "E 列按“2.30”" in reason
    assert "G 列" in reason
    assert "13900139000" not in reason
    assert [plot["issued_area"] for plot in plots(ledger)] == [1_500_000, 2_300_000]
    card = plot_card(ledger, plot_ids(ledger, PlotQuery(order="position"))[1])
    assert card.lines[0].issued_text == "2亩3分"
    assert check(ledger).ok


def test_the_list_of_problems_hides_what_is_private(ledger: Ledger, tmp_path: Path) -> None:
    phones = {"phone": "13800138000"}
    path = table(tmp_path, [line(1, **phones), line(2, "两亩", **phones)])
    with service.preview(ledger, path) as found:
        hidden = replace(found.problems[0], column="G")
        found.problems = (*found.problems, hidden)
        assert write_problem_list(found, tmp_path / "问题.xlsx") == 2
    sheet = openpyxl.load_workbook(tmp_path / "问题.xlsx").worksheets[0]
    assert [[cell.value for cell in cells][1:4] for cells in sheet.iter_rows(min_row=3)] == [
        [str(hidden.row), "E", "两亩"],
        [str(hidden.row), "G", "（不显示）"],
    ]


def test_a_new_issue_does_not_go_below_a_target_nor_touch_what_is_closed(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(1), line(2)]), name="第一批")
    first, second = plot_ids(ledger, PlotQuery(order="position"))
    from gengdi_desktop.domain.operations import Operation

    with ledger.begin(Operation.PLAN, CLERK) as work:
        work.session.add(RoundRow(id=f"{first}:1", plot_id=first, target=1_500_000))
        closed = work.session.get(PlotRow, second)
        assert closed is not None
        closed.state = "closed"
        work.commit()
    outcome = take(ledger, table(tmp_path, [line(1, 1.25), line(2, 1.25)], "二.xlsx"), reissue_of="第一批")
    assert (outcome.refused, codes(outcome)) == (2, ["target_above", "plot_fixed"])


def test_a_list_that_is_not_there_cannot_be_issued_again(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        take(ledger, table(tmp_path, [line(1)]), reissue_of="没有的清单")
    assert caught.value.code == "unknown_list"


def test_a_plot_may_stand_in_several_lists(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(1), line(2)]))
    other = table(tmp_path, [line(2), line(3)], "卫片.xlsx", title="2023年卫片执法图斑清单")
    outcome = take(ledger, other)
    assert (outcome.imported, outcome.duplicates) == (1, 1)
    assert [(listed.kind, listed.lines.count) for listed in figures(ledger).lists] == [("outflow", 2), ("satellite", 2)]
    assert figures(ledger).plots.count == 3


def test_lists_of_the_same_title_that_share_no_plot_are_two_lists(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(1)]))
    outcome = take(ledger, table(tmp_path, [line(5)], "另.xlsx"))
    assert outcome.list_name == "白圩乡流出图斑清单（2）"
    assert len(figures(ledger).lists) == 2


# ---------------------------------------------------------------------------------------------------- rows that refuse


def test_a_refused_row_stops_all_and_with_partial_stands_open(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1), line(2, "2亩3分"), line(3)])
    outcome = take(ledger, path)
    assert outcome.error is not None
    assert outcome.error[0] == "rows_refused"
    assert (outcome.committed, outcome.unentered, plots(ledger)) == (False, 0, [])
    (problem,) = outcome.problems
    assert (problem.sheet, problem.row, problem.column, problem.code) == ("清单", 4, "E", "area_not_a_number")
    assert problem_of(path, problem).startswith("“清单”第 4 行 E 列：“耕地面积（亩）”写的是“2亩3分”")
    assert "是不是 2.30 亩" in problem.message
    part = take(ledger, path, partial=True)
    assert (part.imported, part.refused, part.unentered, part.committed) == (2, 1, 1, True)
    now = figures(ledger)
    assert (now.plots.count, now.unentered.count, now.lists[0].lines.count, now.lists[0].ties_out) == (2, 1, 3, True)


def test_the_corrected_file_fills_the_lines_that_stood_open(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(1), line(2, "2亩3分"), line(3, "约三亩")]), partial=True)
    outcome = take(ledger, table(tmp_path, [line(1), line(2, 2.3), line(3, "约三亩")], "改好.xlsx"), partial=True)
    assert (outcome.imported, outcome.duplicates, outcome.refused) == (1, 1, 1)
    now = figures(ledger)
    assert (now.plots.count, now.unentered.count) == (2, 1)
    assert (now.lists[0].lines.count, now.lists[0].ties_out, len(now.lists)) == (3, True, 1)
    assert check(ledger).ok


DAMAGED = [
    ({"bsm": 360124100205000000}, "D", "identifier_damaged"),
    ({"bsm": "3.60124E+17"}, "D", "identifier_damaged"),
    ({"plot_no": dt.date(2023, 1, 2)}, "C", "identifier_is_date"),
    ({"plot_no": 1.1}, "C", "identifier_decimal"),
    ({"plot_no": "", "bsm": ""}, "C", "identity_missing"),
    ({"area": ""}, "E", "area_missing"),
    ({"area": "-1"}, "E", "area_negative"),
    ({"area": "约3亩"}, "E", "area_about"),
    ({"area": "三亩"}, "E", "area_not_a_number"),
    ({"year": "二〇二二"}, "F", "year_unclear"),
    ({"year": "2021、2022"}, "F", "year_unclear"),
]


@pytest.mark.parametrize(("change", "column", "code"), DAMAGED, ids=[f"{code}-{column}" for _, column, code in DAMAGED])
def test_a_row_that_cannot_be_believed_is_refused_at_its_cell(
    ledger: Ledger, tmp_path: Path, change: dict[str, Any], column: str, code: str
) -> None:
    outcome = take(ledger, table(tmp_path, [line(1), line(2, **change), line(3)]), partial=True)
    assert (outcome.imported, outcome.refused) == (2, 1)
    assert [(problem.row, problem.column, problem.code) for problem in outcome.problems] == [(4, column, code)]
    assert outcome.problems[0].message.endswith("。")


def test_error_cells_and_formulas_without_a_value_refuse_the_row_by_address(ledger: Ledger, tmp_path: Path) -> None:
    def touch(_: Any, sheets: Mapping[str, Any]) -> None:
        sheets["清单"].write_formula("E3", "=1/0", None, "#DIV/0!")
        sheets["清单"].write_formula("E4", "=SUM(A1)", None, "")
        sheets["清单"].write_formula("H5", "=A9", None, "#REF!")

    rows: Rows = [["清单"], HEAD, line(1), line(2), line(3)]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows}, merges=[(0, 0, 0, 7)], touch=touch)
    rewrite_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("<v></v>", ""))
    outcome = take(ledger, path, partial=True)
    assert outcome.imported == 1
    assert [(problem.row, problem.column, problem.code) for problem in outcome.problems] == [
        (3, "E", "error_cell"),
        (4, "E", "formula_without_value"),
    ]
    assert [(note.row, note.column) for note in outcome.notes if note.code == "error_cell"] == [(5, "H")]


def test_an_empty_cell_of_an_old_workbook_must_be_confirmed(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [HEAD[:6], line(1)[:6], line(2, bsm="")[:6]]
    path = write_xls(tmp_path / "清单.xls", {"清单": rows})
    outcome = take(ledger, path)
    assert [(problem.row, problem.column, problem.code) for problem in outcome.problems] == [
        (3, "D", "blank_uncertain")
    ]
    assert take(ledger, path, columns={"标识码": parse_choice("bsm:可空")}).imported == 2


def test_a_column_of_an_old_workbook_that_is_empty_all_the_way_down_is_let_be(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [HEAD[:6], line(1, bsm="")[:6], line(2, bsm="")[:6]]
    outcome = take(ledger, write_xls(tmp_path / "清单.xls", {"清单": rows}))
    assert outcome.imported == 2
    assert noted(outcome) == [("清单", None, "column_empty")]


def test_a_struck_row_and_a_merged_area_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    def touch(book: Any, sheets: Mapping[str, Any]) -> None:
        sheets["清单"].write_string("C3", "0001", book.add_format({"font_strikeout": True}))

    rows: Rows = [["清单"], HEAD, line(1), line(2), line(3, "")]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows}, merges=[(0, 0, 0, 7), (3, 4, 4, 4)], touch=touch)
    assert codes(take(ledger, path, partial=True)) == ["struck_through", "merged_cell"]


def test_a_plot_twice_in_one_file_is_refused_where_it_stands_again(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [line(1), line(2), line(2), line(3, bsm=line(1)[3]), line(1, bsm="", village="前坊村")]
    outcome = take(ledger, table(tmp_path, rows), partial=True)
    assert (outcome.imported, outcome.refused) == (3, 2)
    assert [(problem.row, problem.code) for problem in outcome.problems] == [(5, "twice_in_file"), (6, "twice_in_file")]
    assert "第 4 行" in outcome.problems[0].message


def test_identifiers_that_name_different_plots_are_a_conflict(ledger: Ledger, tmp_path: Path) -> None:
    take(ledger, table(tmp_path, [line(1), line(2)]))
    rows: Rows = [line(1, bsm=line(2)[3]), line(2, bsm="360124110000009999")]
    outcome = take(ledger, table(tmp_path, rows, "二.xlsx"))
    assert codes(outcome) == ["identifier_conflict", "identifier_conflict"]


def test_a_number_without_its_village_is_matched_only_where_it_is_alone(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [line(1, bsm=""), line(2, bsm=""), line(2, bsm="", village="前坊村")]
    take(ledger, table(tmp_path, rows), name="一")
    outcome = take(
        ledger,
        table(tmp_path, [line(1, bsm="", village=""), line(2, bsm="", village="")], "二.xlsx"),
        name="一",
        partial=True,
    )
    assert (outcome.duplicates, codes(outcome)) == (1, ["ambiguous_match"])


def test_areas_that_contradict_each_other_are_told_and_taken(ledger: Ledger, tmp_path: Path) -> None:
    head = ["村", "图斑编号", "图斑面积（亩）", "耕地面积（亩）", "永农面积（亩）"]
    rows: Rows = [head, ["白圩村", "1", 1, 2, 0], ["白圩村", "2", 2, 1, 1.01], ["白圩村", "3", 2, 0, 0]]
    outcome = take(ledger, write_xlsx(tmp_path / "清单.xlsx", {"清单": rows}))
    assert outcome.imported == 3
    assert [(row, code) for _, row, code in noted(outcome)] == [(2, "area_order"), (4, "area_zero")]


def test_rows_that_only_number_themselves_are_skipped_with_their_reason(ledger: Ledger, tmp_path: Path) -> None:
    outcome = take(ledger, table(tmp_path, [line(1), [2], [3], ["填表人：张三"], ["注：略"]]))
    assert (outcome.rows, outcome.imported, outcome.skipped) == (3, 1, 2)
    assert outcome.skipped_reasons == {"blank_row": 2}


def test_remarks_keep_their_writer_s_punctuation_and_numbers_are_made_plain(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [
        [*HEAD, "整改措施", "责任人", "整改时限"],
        [*line(1, plot_no="００１２", remark="果园（３棵），已清理；"), "清理，复种：晚稻", "章建平", "2023-08-15"],
    ]
    outcome = take(ledger, write_xlsx(tmp_path / "清单.xlsx", {"清单": [["白圩乡流出图斑清单"], *rows]}))
    assert outcome.imported == 1
    (card,) = (plot_card(ledger, plot) for plot in plot_ids(ledger, PlotQuery()))
    assert (card.facts["plot_no"], card.facts["remark"]) == ("0012", "果园（３棵），已清理；")
    assert card.rounds[0]["measure"] == "清理，复种：晚稻"


# -------------------------------------------------------------------------------------------------------------- totals


def test_the_notice_s_totals_must_hold(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1), line(2)])
    wrong = take(ledger, path, expect_count=3, expect_area=Area.parse("4.5"))
    assert wrong.error is not None
    assert (wrong.committed, codes(wrong)) == (False, ["expected_count_differs", "expected_area_differs"])
    assert take(ledger, path, partial=True, expect_count=3).committed is False
    assert take(ledger, path, expect_count=2, expect_area=Area.parse("3.01")).committed


def test_a_difference_from_the_notice_is_told_however_small(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1), line(2)])
    near = take(ledger, path, dry_run=True, expect_area=Area.parse("3.01"))
    (told,) = (note for note in near.notes if note.code == "expected_area_rounding")
    assert "3.01 亩" in told.message
    assert "少 0.01 亩" in told.message
    assert near.as_json()["expected"] == {
        "count": None, "area_mu": "3.01", "count_difference": 0, "area_difference_mu": "-0.01", "exact": False,
    }  # fmt: skip
    same = take(ledger, path, dry_run=True, expect_count=2, expect_area=Area.parse("3"))
    assert noted(same) == []
    assert same.as_json()["expected"]["exact"] is True
    assert take(ledger, path, dry_run=True).as_json()["expected"] is None
    unread = take(ledger, table(tmp_path, [line(1), line(2, "两亩")]), partial=True, expect_area=Area.parse("3.5"))
    assert "expected_area_not_compared" in {note.code for note in unread.notes}


@pytest.mark.parametrize(
    ("rows", "stated", "holds", "note"),
    [
        ([line(1), line(2)], 3, True, "一致"),
        ([line(1), line(2)], 3.01, False, "四舍五入"),
        ([line(1), line(2, "两亩")], 4, False, "读不出来"),
        ([line(1), line(2, bsm=3.6e17)], 3, False, "1 行进不来"),
    ],
    ids=["same", "rounding", "unread", "refused"],
)
def test_the_window_ticks_a_sheet_s_total_only_where_every_row_agrees(
    ledger: Ledger, tmp_path: Path, rows: Rows, stated: float, note: str, *, holds: bool
) -> None:
    path = table(tmp_path, [*rows, ["合计", "", "", "", stated]])
    work = preview(ledger, IntakeWish(path), Progress(lambda _done, _total: None))
    with work.handle:
        (tie,) = (one for one in work.view.ties if one.name == "表内合计")
    assert tie.holds is holds
    assert note in tie.note


def test_refused_rows_count_for_the_notice_so_that_106_stays_106(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1), line(2, "两亩")])
    outcome = take(ledger, path, partial=True, expect_count=2, expect_area=Area.parse("3.5"))
    assert (outcome.committed, outcome.unentered) == (True, 1)


def test_the_sheet_s_own_total_must_hold(ledger: Ledger, tmp_path: Path) -> None:
    path = table(tmp_path, [line(1), line(2), ["合计", "", "3个", "", 4.5]])
    outcome = take(ledger, path)
    assert outcome.error is not None
    assert (outcome.committed, outcome.refused, codes(outcome)) == (False, 0, ["sheet_count_differs"])
    assert take(ledger, path, partial=True).imported == 2


def test_sub_totals_above_or_below_their_rows_are_checked_and_told(ledger: Ledger, tmp_path: Path) -> None:
    below: Rows = [line(1), line(2), ["小计", "", "", "", 3], line(3), ["小计", "", "", "", 1.6]]
    outcome = take(ledger, table(tmp_path, below))
    assert outcome.committed
    assert noted(outcome) == [("清单", 7, "sheet_area_differs")]


def test_the_notice_says_which_area_is_the_task(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [
        ["村", "图斑编号", "图斑面积（亩）", "耕地面积（亩）"],
        ["白圩村", "1", 2.5, 2],
        ["白圩村", "2", 3.5, 3],
    ]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})
    assert take(ledger, path, dry_run=True).area == Area.parse("5")
    named = take(ledger, path, dry_run=True, expect_area=Area.parse("6"))
    assert (named.area, named.area_header) == (Area.parse("6"), "图斑面积（亩）")
    assert "area_by_notice" in {note.code for note in named.notes}
    assert take(ledger, path, dry_run=True, area_field="plot_area").area == Area.parse("6")
