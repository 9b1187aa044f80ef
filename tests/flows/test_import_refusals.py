"""Tables that are no lists of plots, under their own names; and what a list leaves unclear and is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import ListKind
from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake import service
from gengdi_desktop.intake.layouts import ForeignLayout
from gengdi_desktop.intake.mapping import parse_choice
from gengdi_desktop.ledger.handle import Ledger
from tests.helpers.foreign_tables import Rows, write_csv, write_xls, write_xlsx
from tests.helpers.imports import plots, take
from tests.helpers.ledgers import new_ledger

Merged = list[tuple[int, int, int, int]]


def _head(line: str) -> list[str]:
    return line.split("|")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path / "台账") as made:
        yield made


# ------------------------------------------------------------------------------ V8 to V10 and wages, under their names

V8 = _head("编号|组别|小地名|农户姓名|联系电话|面积(亩)|现状|是否耕种|未耕种原因|计划种植时间|田长|签字")
V9 = _head("序号|户主姓名|身份证号|地块名称|承包面积|申报种植面积|核实种植面积|作物|差异|核实人|农户签字")
WAGES = _head("序号|姓名|岗位|基本工资|绩效工资|应发工资|养老保险|公积金|个人所得税|实发工资|签名")


@pytest.mark.parametrize(
    ("head", "code"),
    [(V8, "household_sheet"), (V9, "planting_sheet"), (WAGES, "wage_sheet")],
    ids=["V8", "V9", "wages"],
)
@pytest.mark.parametrize("ending", ["xlsx", "xls", "csv"])
def test_tables_of_other_kinds_are_refused_under_their_own_names(
    ledger: Ledger, tmp_path: Path, head: list[str], code: str, ending: str
) -> None:
    rows: Rows = [["某某村2023年统计表"], head, [1, *["甲"] * (len(head) - 1)], [2, *["乙"] * (len(head) - 1)]]
    path = tmp_path / f"表.{ending}"
    if ending == "csv":
        write_csv(path, rows)
    else:
        (write_xlsx if ending == "xlsx" else write_xls)(path, {"Sheet1": rows})
    with pytest.raises(RuleError) as caught:
        take(ledger, path)
    assert caught.value.code == code
    assert "台账没有变" in caught.value.message
    assert plots(ledger) == []
    assert list((ledger.folder.root / "issued").iterdir()) == []


def test_v10_table_by_units_is_refused_and_offers_its_totals(ledger: Ledger, tmp_path: Path) -> None:
    groups = ["单位", "任务数", "", "已整改", "", "", "本周新增", "", "未整改", "", "完成率", "", "排名", "备注"]
    leaves = ["", "个数", "面积", "个数", "面积", "其中永农", "个数", "面积", "个数", "面积", "个数%", "面积%", "", ""]
    rows: Rows = [
        ["进贤县耕地流出整改进度表（单位：亩）", *[""] * 13],
        groups,
        leaves,
        ["民和镇", 100, 180.5, 50, 90, 10, 5, 9, 50, 90.5, 50, 49.86, 1, ""],
        ["白圩乡", 106, 187.93, 20, 30, 5, 2, 3, 86, 157.93, 18.87, 15.96, 2, ""],
        ["合计", 206, 368.43, 70, 120, 15, 7, 12, 136, 248.43, 33.98, 32.57, "", ""],
    ]
    merges: Merged = [
        (0, 0, 0, 13),
        (1, 0, 2, 0),
        (1, 1, 1, 2),
        (1, 3, 1, 5),
        (1, 6, 1, 7),
        (1, 8, 1, 9),
        (1, 10, 1, 11),
    ]
    path = write_xlsx(tmp_path / "进度.xlsx", {"周报": rows}, merges=[*merges, (1, 12, 2, 12), (1, 13, 2, 13)])
    with pytest.raises(ForeignLayout) as caught:
        take(ledger, path)
    assert caught.value.code == "unit_progress_sheet"
    assert [(total.unit, total.count, total.area) for total in caught.value.totals] == [
        ("白圩乡", 106, Area.parse("187.93")),
        ("合计", 206, Area.parse("368.43")),
    ]
    assert "106 个、187.93 亩" in caught.value.hint


# -------------------------------------------------------------------------------------------------- what must be asked


def test_columns_that_cannot_be_told_apart_are_asked_about_and_the_answer_is_remembered(
    ledger: Ledger, tmp_path: Path
) -> None:
    rows: Rows = [
        ["村", "图斑编号", "图斑号", "耕地面积（亩）"],
        ["白圩村", "1", "9001", 1.5],
        ["白圩村", "2", "9002", 2.5],
    ]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})
    with pytest.raises(RuleError) as caught:
        take(ledger, path)
    assert caught.value.code == "columns_unclear"
    assert "B 列“图斑编号”、C 列“图斑号”" in caught.value.message
    outcome = take(ledger, path, columns={"C": parse_choice("-"), "图斑编号": parse_choice("plot_no")})
    assert outcome.imported == 2
    again = write_xlsx(tmp_path / "清单二.xlsx", {"清单": [rows[0], ["白圩村", "3", "9003", 1]]})
    with service.preview(ledger, again) as found:
        assert not found.questions
        assert [column.certainty.value for column in found.columns.columns][1:3] == ["remembered", "remembered"]


def test_an_area_without_a_unit_is_asked_about(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [["村", "图斑编号", "图斑面积"], ["白圩村", "1", 1.5]]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})
    with pytest.raises(RuleError) as caught:
        take(ledger, path)
    assert caught.value.code == "unit_unclear"
    outcome = take(ledger, path, columns={"图斑面积": parse_choice("plot_area:平方米")})
    assert outcome.area == Area.parse("0.00225")


def test_a_remembered_unit_gives_way_to_one_that_the_table_states(ledger: Ledger, tmp_path: Path) -> None:
    plain: Rows = [["村", "图斑编号", "图斑面积"], ["白圩村", "1", 1500]]
    path = write_xlsx(tmp_path / "一.xlsx", {"清单": plain})
    assert take(ledger, path, columns={"图斑面积": parse_choice("plot_area:平方米")}).area == Area.parse("2.25")
    again = write_xlsx(tmp_path / "二.xlsx", {"清单": [plain[0], ["白圩村", "2", 3000]]})
    assert take(ledger, again).area == Area.parse("4.5")
    stated: Rows = [["村", "图斑编号", "图斑面积（亩）"], ["白圩村", "3", 3]]
    assert take(ledger, write_xlsx(tmp_path / "三.xlsx", {"清单": stated})).area == Area.parse("3")
    line: Rows = [["清单", "", "单位：公顷"], plain[0], ["白圩村", "4", 1]]
    assert take(ledger, write_xlsx(tmp_path / "四.xlsx", {"清单": line})).area == Area.parse("15")


def test_sheets_in_different_units_are_not_one_list_and_a_line_of_two_units_says_nothing(
    ledger: Ledger, tmp_path: Path
) -> None:
    sheets: dict[str, Rows] = {
        "一": [["村", "图斑编号", "面积（亩）"], ["白圩村", "1", 1]],
        "二": [["村", "图斑编号", "面积（平方米）"], ["白圩村", "2", 1000]],
    }
    with pytest.raises(RuleError) as several:
        take(ledger, write_xlsx(tmp_path / "一.xlsx", sheets))
    two: Rows = [["单位：亩、平方米", "", ""], ["村", "图斑编号", "图斑面积"], ["白圩村", "1", 1]]
    with pytest.raises(RuleError) as unit:
        take(ledger, write_xlsx(tmp_path / "二.xlsx", {"清单": two}))
    assert (several.value.code, unit.value.code) == ("several_tables", "unit_unclear")


def test_areas_of_hundreds_of_mu_are_doubted(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [["村", "图斑编号", "面积（亩）"], *[["白圩村", str(number), 900 + number] for number in range(5)]]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})
    with pytest.raises(RuleError) as caught:
        take(ledger, path)
    assert caught.value.code == "unit_doubtful"
    assert take(ledger, path, columns={"C": parse_choice("plot_area:亩")}).imported == 5


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["甲", "乙"], ["1", "2"]], "header_missing"),
        ([["村", "乡镇", "备注"], ["白圩村", "白圩乡", ""]], "columns_unclear"),
        ([[]], "no_rows"),
    ],
)
def test_a_table_that_is_no_list_says_what_is_missing(ledger: Ledger, tmp_path: Path, rows: Rows, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        take(ledger, write_xlsx(tmp_path / "表.xlsx", {"表": rows}))
    assert caught.value.code == code


def test_kinds_of_lists_come_from_their_titles(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [["2023年卫片执法图斑清单", "", ""], ["村", "图斑编号", "面积（亩）"], ["白圩村", "1", 1.5]]
    with service.preview(ledger, write_xlsx(tmp_path / "表.xlsx", {"表": rows}, merges=[(0, 0, 0, 2)])) as found:
        assert found.target.kind is ListKind.SATELLITE


def test_a_person_says_where_the_header_is_when_nothing_looks_like_one(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [["甲"], ["哪个村", "几号图斑", "多大"], ["白圩村", "7", 1.5]]
    path = write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})
    with service.preview(ledger, path) as found:
        assert [question.code for question in found.questions] == ["header_missing"]
        assert [row.texts for row in found.sheets[0].head][1] == rows[1]
    columns = {"A": parse_choice("村"), "B": parse_choice("图斑编号"), "C": parse_choice("图斑面积:亩")}
    assert take(ledger, path, header_rows=(2, 2), columns=columns).imported == 1
