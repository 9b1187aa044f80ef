"""Progress sheets of real files: V7 as offices lay it out, and the form that we print ourselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils import get_column_letter
from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.intake.mapping import ColumnChoice
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases import service
from gengdi_desktop.phases.progress.service import ProgressOptions, ProgressPreview
from tests.helpers.ledgers import CLERK, LEADER, add_plots, new_ledger
from tests.helpers.plots import GIVEN

GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    ("序号", ()),
    ("乡镇", ()),
    ("村组", ()),
    ("图斑编号", ()),
    ("图斑面积（亩）", ()),
    ("自查情况", ("是否属实", "现状用途", "占用主体", "占用时间", "是否需整改")),
    (
        "整改任务",
        ("应整改面积（亩）", "整改措施", "整改时限", "责任领导/姓名", "责任领导/职务", "责任人/姓名", "责任人/电话"),
    ),
    ("整改进展", ("已整改面积", "完成率（%）", "种植作物", "完成时间", "是否到位")),
    ("验收", ("村级", "镇级", "县级", "时间")),
    ("是否销号", ()),
    ("备注", ()),
)
ROW: dict[str, Any] = {
    "乡镇": "白圩乡",
    "村组": "白圩村三组",
    "图斑面积（亩）": 5.28,
    "是否属实": "属实",
    "现状用途": "果园",
    "占用主体": "农户甲",
    "占用时间": "2020年",
    "是否需整改": "是",
    "应整改面积（亩）": 5.28,
    "整改措施": "清理果树后复种",
    "整改时限": "2023.8.15",
    "责任领导/姓名": "李建国",
    "责任人/姓名": "章建平",
    "责任人/电话": "0791-85600000",
    "已整改面积": 5.28,
    "种植作物": "晚稻",
    "完成时间": "2023-08-10",
    "是否到位": "是",
    "镇级": "合格",
    "是否销号": "否",
}
NOTHING_YET: dict[str, Any] = {"乡镇": "白圩乡", "村组": "白圩村", "图斑面积（亩）": 5.28}


def county_sheet(
    path: Path, rows: Sequence[Mapping[str, Any]], day: str = "2023年8月12日", unit: str = "单位：亩"
) -> Path:
    """A sheet of the layout that counties hand out: title, line, three header rows, rows, total, signatures."""
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("台账")
    sheet.merge_range(0, 0, 0, 28, "白圩乡耕地流出图斑整改台账")
    sheet.write(1, 0, f"填报单位（盖章）：白圩乡  填报日期：{day}  {unit}")
    names: list[str] = []
    place = 0
    for group, leaves in GROUPS:
        if not leaves:
            sheet.merge_range(2, place, 4, place, group)
            names.append(group)
            place += 1
            continue
        sheet.merge_range(2, place, 2, place + len(leaves) - 1, group)
        people: dict[str, list[int]] = {}
        for leaf in leaves:
            if "/" in leaf:
                above, below = leaf.split("/")
                people.setdefault(above, []).append(place)
                sheet.write(4, place, below)
            else:
                sheet.merge_range(3, place, 4, place, leaf)
            names.append(leaf)
            place += 1
        for above, columns in people.items():
            sheet.merge_range(3, columns[0], 3, columns[-1], above)
    for number, row in enumerate(rows, start=1):
        sheet.write(4 + number, 0, number)
        for name, value in row.items():
            sheet.write(4 + number, names.index(name), value)
    last = 5 + len(rows)
    sheet.write(last, 0, "合计")
    sheet.write(last, names.index("图斑面积（亩）"), 5.28 * len(rows))
    sheet.write(last + 1, 0, "填表人：  审核人：")
    workbook.close()
    return path


def write(path: Path, rows: Sequence[Sequence[Any]], touch: Any = None) -> Path:
    """A sheet of plain rows."""
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    for row, cells in enumerate(rows):
        sheet.write_row(row, 0, cells)
    if touch is not None:
        touch(workbook, sheet)
    workbook.close()
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A township's ledger with three plots of 5.28 mu."""
    with new_ledger(tmp_path / "台账", CLERK, LEADER) as opened:
        add_plots(opened, ["a", "b", "c"])
        yield opened


def rows_of(ledger: Ledger, query: str) -> list[tuple[Any, ...]]:
    """What a query finds."""
    with ledger.reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def counts(preview: ProgressPreview) -> tuple[int, int, int, int, int]:
    """rows, imported, duplicates, skipped, refused."""
    assert preview.rows == preview.imported + preview.duplicates + preview.skipped + preview.refused
    return preview.rows, preview.imported, preview.duplicates, preview.skipped, preview.refused


def test_a_county_sheet_checks_plans_and_progresses_in_one_entry(ledger: Ledger, tmp_path: Path) -> None:
    path = county_sheet(tmp_path / "台账.xlsx", [{**ROW, "图斑编号": "0001"}, {**NOTHING_YET, "图斑编号": "0002"}])
    preview = service.progress_preview(ledger, path, by=CLERK)
    assert counts(preview) == (4, 1, 1, 2, 0)
    assert preview.area == Area(5_280_000)
    assert preview.sheets[0].on_date == date(2023, 8, 12)
    assert {problem.code for problem in preview.notes} == {"cause_not_in_sheet", "class_by_time", "day_unclear"}
    before = ledger.head().seq
    outcome = service.progress_run(ledger, preview, by=CLERK)
    assert (outcome.committed, outcome.plots, outcome.changes.seq) == (True, ("a",), before + 1)
    assert rows_of(ledger, "SELECT action, event_date FROM journal_entry ORDER BY seq DESC LIMIT 1") == [
        ("progress_sheet", "2023-08-12")
    ]
    plot = "SELECT state, finding, class_now, party, cause, rectify, checked_on, responsible_leader FROM plot"
    assert rows_of(ledger, f"{plot} WHERE id = 'a'") == [
        ("working", "true", "0201", "农户甲", "表内未列", 1, "2023-08-12", "李建国")
    ]
    current = "SELECT target, restored, disposal_class, deadline, person, person_phone, crop FROM round"
    assert rows_of(ledger, current) == [
        (5_280_000, 5_280_000, "short_term", "2023-08-15", "章建平", "0791-85600000", "晚稻")
    ]
    stored = rows_of(ledger, "SELECT id, folder FROM stored_file")
    assert [folder for _, folder in stored] == ["issued"]
    assert rows_of(ledger, "SELECT source, event_date FROM progress") == [(f"sheet:{stored[0][0]}", "2023-08-12")]
    assert check(ledger).ok


def test_claims_acceptances_and_closings_are_shown_and_never_done(ledger: Ledger, tmp_path: Path) -> None:
    path = county_sheet(tmp_path / "台账.xlsx", [{**ROW, "图斑编号": "0001"}])
    preview = service.progress_preview(ledger, path, by=CLERK)
    assert [(one.plot, one.row) for one in preview.self_reported] == [("a", 6)]
    said = dict(preview.self_reported[0].claims)
    assert (said["整改进展／是否到位"], said["验收／镇级"], said["是否销号"]) == ("是", "合格", "否")
    service.progress_run(ledger, preview, by=CLERK)
    assert rows_of(ledger, "SELECT state FROM plot WHERE id = 'a'") == [("working",)]


def test_the_same_sheet_again_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = county_sheet(tmp_path / "台账.xlsx", [{**ROW, "图斑编号": "0001"}])
    service.progress_run(ledger, service.progress_preview(ledger, path, by=CLERK), by=CLERK)
    before = ledger.head()
    again = service.progress_preview(ledger, path, by=CLERK)
    assert counts(again) == (3, 0, 1, 2, 0)
    outcome = service.progress_run(ledger, again, by=CLERK)
    assert (outcome.committed, outcome.changes.nothing) == (True, True)
    assert ledger.head() == before


def test_a_smaller_area_is_asked_about(ledger: Ledger, tmp_path: Path) -> None:
    first = county_sheet(tmp_path / "一.xlsx", [{**ROW, "图斑编号": "0001", "已整改面积": 4}])
    service.progress_run(ledger, service.progress_preview(ledger, first, by=CLERK), by=CLERK)
    less = county_sheet(tmp_path / "二.xlsx", [{**ROW, "图斑编号": "0001", "已整改面积": 3}], day="2023年8月13日")
    asked = service.progress_preview(ledger, less, by=CLERK)
    assert [(problem.code, problem.column) for problem in asked.problems] == [("smaller", "R")]
    assert "3.00 亩，比台账里的 4.00 亩小" in asked.problems[0].message
    confirmed = service.progress_preview(ledger, less, ProgressOptions(accept_smaller=True), by=CLERK)
    service.progress_run(ledger, confirmed, by=CLERK)
    assert rows_of(ledger, "SELECT restored FROM round") == [(3_000_000,)]
    # A sheet of an earlier day is history: it is kept and changes nothing now.
    late = county_sheet(tmp_path / "三.xlsx", [{**ROW, "图斑编号": "0001", "已整改面积": 1}], day="2023年8月5日")
    service.progress_run(ledger, service.progress_preview(ledger, late, by=CLERK), by=CLERK)
    assert rows_of(ledger, "SELECT restored FROM round") == [(3_000_000,)]
    assert rows_of(ledger, "SELECT event_date, restored FROM progress ORDER BY event_date") == [
        ("2023-08-05", 1_000_000),
        ("2023-08-12", 4_000_000),
        ("2023-08-13", 3_000_000),
    ]


def test_one_refused_row_keeps_the_sheet_out_unless_the_good_rows_are_wanted(ledger: Ledger, tmp_path: Path) -> None:
    rows = [
        {**ROW, "图斑编号": "0001"},
        {**ROW, "图斑编号": "0009"},
        {**ROW, "图斑编号": "0002", "已整改面积": 6},
        {**ROW, "图斑编号": "0003", "已整改面积": "2亩3分"},
    ]
    preview = service.progress_preview(ledger, county_sheet(tmp_path / "台账.xlsx", rows), by=CLERK)
    assert counts(preview) == (6, 1, 0, 2, 3)
    found = {problem.row: problem for problem in preview.problems}
    assert {row: problem.code for row, problem in found.items()} == {
        7: "unknown_plot",
        8: "over_target",
        9: "area_not_a_number",
    }
    assert (found[7].column, found[8].column, found[9].column) == ("D", "R", "R")
    assert "没有白圩村的图斑“0009”" in found[7].message
    assert found[8].message == "还不能报进展：合计 6.00 亩超过应整改 5.28 亩。"
    before = ledger.head()
    whole = service.progress_run(ledger, preview, by=CLERK)
    assert (whole.committed, whole.changes.nothing) == (False, True)
    assert ledger.head() == before
    part = service.progress_run(ledger, preview, by=CLERK, partial=True)
    assert (part.committed, part.plots) == (True, ("a",))


def test_a_sheet_that_names_no_day_is_asked_for_it(ledger: Ledger, tmp_path: Path) -> None:
    path = county_sheet(tmp_path / "台账.xlsx", [{**ROW, "图斑编号": "0001"}], day="2023年8月")
    with pytest.raises(RuleError) as refused:
        service.progress_preview(ledger, path, by=CLERK)
    assert refused.value.code == "date_unclear"
    told = service.progress_preview(ledger, path, ProgressOptions(on_date=date(2023, 8, 1)), by=CLERK)
    assert counts(told) == (3, 1, 0, 2, 0)


def test_a_sheet_that_never_says_its_unit_is_asked_for_it(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "无单位.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    for row, cells in enumerate((["村", "图斑编号", "已整改面积"], ["白圩村", "0001", 5.28])):
        sheet.write_row(row, 0, cells)
    workbook.close()
    with pytest.raises(RuleError, match="没有写“已整改面积”的单位"):
        service.progress_preview(ledger, path, by=CLERK)


def test_a_plot_that_stands_twice_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    rows = [{**ROW, "图斑编号": "0001"}, {**ROW, "图斑编号": "1"}]
    preview = service.progress_preview(ledger, county_sheet(tmp_path / "台账.xlsx", rows), by=CLERK)
    assert [problem.code for problem in preview.problems] == ["twice_in_file"]


def test_self_check_facts_cannot_be_rewritten_by_a_sheet_later_on(ledger: Ledger, tmp_path: Path) -> None:
    service.progress_run(
        ledger,
        service.progress_preview(ledger, county_sheet(tmp_path / "1.xlsx", [{**ROW, "图斑编号": "0001"}]), by=CLERK),
        by=CLERK,
    )
    other = county_sheet(tmp_path / "2.xlsx", [{**ROW, "图斑编号": "0001", "占用主体": "农户乙"}])
    preview = service.progress_preview(ledger, other, by=CLERK)
    assert preview.problems[0].code == "check_differs"
    assert "（占用主体），现在是“整改中”" in preview.problems[0].message


def test_rows_of_other_units_and_empty_serial_rows_are_skipped(ledger: Ledger, tmp_path: Path) -> None:
    rows = [{**ROW, "图斑编号": "0001"}, {**ROW, "乡镇": "民和镇", "图斑编号": "0001"}, {}]
    preview = service.progress_preview(ledger, county_sheet(tmp_path / "台账.xlsx", rows), by=CLERK)
    assert counts(preview) == (5, 1, 0, 4, 0)


def test_tables_of_another_kind_are_refused_under_their_own_names(ledger: Ledger, tmp_path: Path) -> None:
    household = ["编号", "组别", "小地名", "农户姓名", "联系电话", "面积(亩)", "现状", "是否耕种", "签字"]
    path = write(tmp_path / "排查.xlsx", [household, [1, "一组", "门口田", "张三", "138", 1.2, "撂荒", "否", ""]])
    with pytest.raises(RuleError) as refused:
        service.progress_preview(ledger, path, by=CLERK)
    assert refused.value.code == "household_sheet"
    letters = tmp_path / "信.csv"
    letters.write_text("各村：\n请于8月20日前报送。\n", encoding="utf-8")
    with pytest.raises(RuleError, match="没有找到进展表的表头"):
        service.progress_preview(ledger, letters, by=CLERK)


def test_a_file_that_changed_after_the_look_is_not_taken_in(ledger: Ledger, tmp_path: Path) -> None:
    path = county_sheet(tmp_path / "台账.xlsx", [{**ROW, "图斑编号": "0001"}])
    preview = service.progress_preview(ledger, path, by=CLERK)
    county_sheet(path, [{**ROW, "图斑编号": "0002"}])
    before = ledger.head()
    with pytest.raises(SurroundingsError, match="又改动了"):
        service.progress_run(ledger, preview, by=CLERK)
    assert ledger.head() == before


def test_cancelling_leaves_nothing_behind(ledger: Ledger, tmp_path: Path) -> None:
    path = county_sheet(tmp_path / "台账.xlsx", [{**ROW, "图斑编号": "0001"}])
    preview = service.progress_preview(ledger, path, by=CLERK)
    before = ledger.head()

    class CancelledByHand(Exception):
        pass

    def cancel(_done: int, _total: int) -> None:
        raise CancelledByHand

    with pytest.raises(CancelledByHand):
        service.progress_preview(ledger, path, by=CLERK, progress=cancel)
    with pytest.raises(CancelledByHand):
        service.progress_run(ledger, preview, by=CLERK, progress=cancel)
    assert ledger.head() == before


def test_a_row_that_is_no_longer_possible_keeps_the_sheet_out(ledger: Ledger, tmp_path: Path) -> None:
    rows = [{**ROW, "图斑编号": "0001"}, {**ROW, "图斑编号": "0002"}]
    path = county_sheet(tmp_path / "台账.xlsx", rows)
    preview = service.progress_preview(ledger, path, by=CLERK)
    service.act(ledger, "cancel", ["b"], GIVEN["cancel"], by=CLERK)
    before = ledger.head()
    assert not service.progress_run(ledger, preview, by=CLERK).committed
    assert ledger.head() == before
    fresh = service.progress_preview(ledger, path, by=CLERK)
    assert service.progress_run(ledger, fresh, by=CLERK, partial=True).plots == ("a",)


def test_columns_that_nobody_can_tell_apart_are_asked_about(ledger: Ledger, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["图斑编号", "图斑号", "已整改面积（亩）"], ["0001", "0001", 1]]
    with pytest.raises(RuleError) as refused:
        service.progress_preview(ledger, write(tmp_path / "两列.xlsx", rows), by=CLERK)
    assert refused.value.code == "columns_unclear"
    said = ProgressOptions(on_date=date(2023, 8, 1), columns={"B": ColumnChoice("")})
    told = service.progress_preview(ledger, tmp_path / "两列.xlsx", said, by=CLERK)
    assert [problem.code for problem in told.problems] == ["wrong_state"]


def test_hidden_rows_and_sheets_are_read_and_told(ledger: Ledger, tmp_path: Path) -> None:
    def hide(workbook: Any, sheet: Any) -> None:
        sheet.set_row(1, None, None, {"hidden": True})
        workbook.add_worksheet("封面").activate()
        sheet.hide()

    rows: list[list[Any]] = [["图斑编号", "标识码", "已整改面积（亩）"], ["0001", "", 0], ["", "", 5]]
    path = write(tmp_path / "隐藏.xlsx", rows, hide)
    preview = service.progress_preview(ledger, path, ProgressOptions(on_date=date(2023, 8, 1)), by=CLERK)
    assert {note.code for note in preview.notes} == {"hidden_sheet", "hidden_rows"}
    assert [(problem.row, problem.code) for problem in preview.problems] == [(3, "unknown_plot")]
    assert "没有图斑编号" in preview.problems[0].message


def test_only_the_named_sheet_is_read(ledger: Ledger, tmp_path: Path) -> None:
    path = county_sheet(tmp_path / "台账.xlsx", [{**ROW, "图斑编号": "0001"}])
    with pytest.raises(RuleError, match="没有找到进展表的表头"):
        service.progress_preview(ledger, path, ProgressOptions(sheet="汇总"), by=CLERK)
    assert counts(service.progress_preview(ledger, path, ProgressOptions(sheet="台账"), by=CLERK))[1] == 1


# ------------------------------------------------------------------------------------------------------ our own form


def test_a_ledger_without_open_plots_gives_an_empty_form(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "空") as empty:
        assert service.write_village_form(empty, tmp_path / "空.xlsx") == 0
    assert openpyxl.load_workbook(tmp_path / "空.xlsx").sheetnames == ["白圩乡"]


def test_villages_have_sheets_of_their_own_and_numbers_are_locked(ledger: Ledger, tmp_path: Path) -> None:
    add_plots(ledger, ["d"], village="岚湖村", township="白圩乡")
    add_plots(ledger, ["e"], village="岚湖村", township="民和镇")
    add_plots(ledger, ["f"], state="closed")
    assert service.write_village_form(ledger, tmp_path / "各村.xlsx") == 5
    workbook = openpyxl.load_workbook(tmp_path / "各村.xlsx")
    assert sorted(workbook.sheetnames) == ["岚湖村", "岚湖村2", "白圩村"]
    sheet = workbook["白圩村"]
    assert sheet.protection.sheet
    titles = {cell.value: get_column_letter(cell.column or 0) for cell in sheet[4]}
    locked = {title for title, letter in titles.items() if sheet[f"{letter}5"].protection.locked}
    assert locked == {
        "序号",
        "乡镇",
        "村",
        "村民小组",
        "图斑编号",
        "流出年度",
        "下发面积（亩）",
        "问题类型",
        "标识码",
        "本台账编号",
    }
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert len(lists) == 4
    assert sheet[f"{titles['下发面积（亩）']}5"].value == 5.28
    assert service.write_village_form(ledger, tmp_path / "一村.xlsx", village="白圩村") == 3


def test_a_village_that_the_ledger_has_not_is_refused_with_those_it_has(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "村.xlsx"
    with pytest.raises(RuleError) as caught:
        service.write_village_form(ledger, path, village="黑圩村")
    assert caught.value.code == "unknown_village"
    assert "白圩村" in caught.value.hint
    assert not path.exists()
    assert service.write_village_form(ledger, path, village="白圩村民委员会") == 3


def test_a_village_without_open_plots_has_nothing_to_fill(ledger: Ledger, tmp_path: Path) -> None:
    ids = [plot for (plot,) in rows_of(ledger, "SELECT id FROM plot WHERE village = '白圩村'")]
    done = service.act(
        ledger, "cancel", ids, {"document_number": "进专办〔2023〕8号"}, by=CLERK, event_date=date(2023, 8, 10)
    )
    assert len(done.changed) == len(ids)
    with pytest.raises(RuleError) as caught:
        service.write_village_form(ledger, tmp_path / "村.xlsx", village="白圩村")
    assert caught.value.code == "nothing_to_fill"


def test_the_village_form_comes_back_by_id(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "白圩村.xlsx"
    assert service.write_village_form(ledger, path) == 3
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["白圩村"]
    titles = {cell.value: get_column_letter(cell.column or 0) for cell in sheet[4]}
    sheet["I2"] = "2023-08-12"
    filled: dict[str, Any] = {
        "自查日期": date(2023, 7, 26),
        "是否属实": "属实",
        "现状用途": "果园",
        "形成原因": "改种果树",
    }
    filled |= {"占用主体": "农户甲", "是否需整改": "是", "处置分类": "立行立改", "整改措施": "清理复种"}
    filled |= {"整改时限": date(2023, 8, 15), "责任人": "章建平", "已整改面积（亩）": 2, "整改方式": "补办"}
    for title, value in filled.items():
        sheet[f"{titles[title]}6"] = value
    # The number is damaged, the id is not: the row is still known.
    sheet[f"{titles['图斑编号']}6"] = ""
    workbook.save(path)
    preview = service.progress_preview(ledger, path, by=CLERK)
    assert counts(preview) == (3, 1, 2, 0, 0)
    assert preview.notes == []
    outcome = service.progress_run(ledger, preview, by=CLERK)
    assert outcome.plots == ("b",)
    assert rows_of(ledger, "SELECT regularised, restored, disposal_class FROM round") == [(2_000_000, 0, "immediate")]
    again = tmp_path / "再报.xlsx"
    service.write_village_form(ledger, again)
    unchanged = service.progress_preview(ledger, again, ProgressOptions(on_date=date(2023, 8, 20)), by=CLERK)
    assert counts(unchanged) == (3, 0, 3, 0, 0)


def test_locked_cells_that_were_changed_are_told_row_by_row_and_change_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "白圩村.xlsx"
    service.write_village_form(ledger, path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["白圩村"]
    titles = {cell.value: get_column_letter(cell.column or 0) for cell in sheet[4]}
    sheet["I2"] = "2023-08-12"
    before = rows_of(ledger, "SELECT issued_area, plot_no, outflow_year FROM plot ORDER BY position")
    sheet[f"{titles['下发面积（亩）']}5"] = 4.28
    sheet[f"{titles['图斑编号']}6"] = "9999"
    sheet[f"{titles['流出年度']}7"] = 2019
    sheet[f"{titles['下发面积（亩）']}7"] = "五亩多"
    workbook.save(path)
    preview = service.progress_preview(ledger, path, by=CLERK)
    assert counts(preview) == (3, 0, 3, 0, 0)
    told = sorted((note.row or 0, note.column, note.code) for note in preview.notes)
    assert told == [
        (5, titles["下发面积（亩）"], "locked_differs"),
        (6, titles["图斑编号"], "locked_differs"),
        (7, titles["流出年度"], "locked_differs"),
        (7, titles["下发面积（亩）"], "issued_unreadable"),
    ]
    assert "写的是 4.28 亩，台账是 5.28 亩" in preview.notes[0].message
    assert all("没有改" in note.message for note in preview.notes)
    service.progress_run(ledger, preview, by=CLERK)
    assert rows_of(ledger, "SELECT issued_area, plot_no, outflow_year FROM plot ORDER BY position") == before


def test_a_form_of_another_ledger_is_told_by_its_ids(ledger: Ledger, tmp_path: Path) -> None:
    with new_ledger(tmp_path / "别的") as other:
        add_plots(other, ["x"])
        path = tmp_path / "别的.xlsx"
        service.write_village_form(other, path)
    preview = service.progress_preview(ledger, path, ProgressOptions(on_date=date(2023, 8, 20)), by=CLERK)
    assert [problem.code for problem in preview.problems] == ["unknown_own_id"]
