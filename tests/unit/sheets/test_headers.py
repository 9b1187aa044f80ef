"""Where headers stand: titles, unit lines, groups, number rows, totals and footers, with and without merged blocks."""

from __future__ import annotations

import pytest

from gengdi_desktop.sheets.cells import CellKind, Merge, SheetRow
from gengdi_desktop.sheets.header_text import labels_of, normal_header, normalise, stated_units
from gengdi_desktop.sheets.headers import Header, RowRole, RowSorter, Vocabulary, find_header

VOCABULARY = Vocabulary(
    names=frozenset(
        {"序号", "乡镇", "村", "图斑编号", "图斑号", "所在乡镇", "所在村", "面积", "其中耕地", "备注", "坐标", "X", "Y"}
        | {"变更前", "变更后", "是否属实", "姓名", "职务", "责任人", "图斑面积", "应整改面积"}
    ),
    units=frozenset({"亩", "平方米", "M2", "个", "%"}),
)


def _rows(*lines: str, start: int = 1) -> list[SheetRow]:
    rows = []
    for number, line in enumerate(lines, start):
        texts = line.split("|")
        kinds = "".join(CellKind.NUMBER if text.replace(".", "").isdigit() else CellKind.TEXT for text in texts)
        rows.append(SheetRow(number, kinds, texts))
    return [row for row in rows if any(row.texts)]


def _found(rows: list[SheetRow], *merges: Merge) -> Header:
    header = find_header(rows, merges, VOCABULARY)
    assert header is not None
    return header


def test_a_plain_header_below_title_and_unit_line() -> None:
    header = _found(
        _rows(
            "白圩乡耕地流出图斑清单|||",
            "填报单位（盖章）：白圩乡人民政府 填报日期：2023年7月25日  单位：亩、个|||",
            "序号|村|图斑编号|面积（平方米）",
            "1|致岭村|0002|812.5",
        ),
        Merge(1, 0, 1, 3),
        Merge(2, 0, 2, 3),
    )
    assert (header.first_row, header.last_row, header.data_row) == (3, 3, 4)
    assert header.titles == ("白圩乡耕地流出图斑清单",)
    assert (
        header.labels
        == {
            "填报单位(盖章": "白圩乡人民政府",
            "填报日期": "2023年7月25日",
            "单位": "亩、个",
        }
        or header.labels["填报日期"] == "2023年7月25日"
    )
    assert header.units == ("亩", "个")
    assert [(column.name, column.unit) for column in header.columns] == [
        ("序号", ""),
        ("村", ""),
        ("图斑编号", ""),
        ("面积", "平方米"),
    ]


def test_groups_two_deep_with_merged_blocks() -> None:
    header = _found(
        _rows(
            "白圩乡台账||||||",
            "序号|图斑基本信息||地类变化||坐标|备注",
            "|图斑号|面积（亩）|变更前|变更后|X|",
            "1|0002|1.5|旱地|果园|39428441|",
        ),
        Merge(1, 0, 1, 6),
        Merge(2, 0, 3, 0),
        Merge(2, 1, 2, 2),
        Merge(2, 3, 2, 4),
        Merge(2, 6, 3, 6),
    )
    assert (header.first_row, header.last_row, header.data_row) == (2, 3, 4)
    assert [column.title for column in header.columns] == [
        "序号",
        "图斑基本信息／图斑号",
        "图斑基本信息／面积（亩）",
        "地类变化／变更前",
        "地类变化／变更后",
        "坐标／X",
        "备注",
    ]
    assert header.columns[2].parents == ("图斑基本信息",)
    assert header.columns[2].unit == "亩"


def test_groups_three_deep_and_a_row_of_column_numbers() -> None:
    header = _found(
        _rows(
            "序号|乡镇|整改任务|||备注",
            "||应整改面积（亩）|责任领导||",
            "|||姓名|职务|",
            "甲|乙|1|2|3|4",
            "1|白圩乡|2.5|付春兰|乡长|",
        ),
        *(Merge(1, column, 3, column) for column in (0, 1, 5)),
        Merge(1, 2, 1, 4),
        Merge(2, 2, 3, 2),
        Merge(2, 3, 2, 4),
    )
    assert (header.first_row, header.last_row, header.data_row) == (1, 3, 5)
    assert [column.key for column in header.columns] == [
        "序号",
        "乡镇",
        "整改任务/应整改面积",
        "整改任务/责任领导/姓名",
        "整改任务/责任领导/职务",
        "备注",
    ]


def test_groups_whose_merges_were_lost_reach_over_the_empty_cells() -> None:
    header = _found(_rows("序号|图斑基本信息||坐标||备注", "|图斑号|面积|X|Y|", "1|0002|1.5|39428441|3139662|"))
    assert (header.first_row, header.last_row, header.data_row) == (1, 2, 3)
    assert [column.key for column in header.columns] == [
        "序号",
        "图斑基本信息/图斑号",
        "图斑基本信息/面积",
        "坐标/X",
        "坐标/Y",
        "备注",
    ]


def test_one_row_of_data_is_not_taken_for_header() -> None:
    header = _found(_rows("村|图斑编号|备注", "致岭村|甲-2|无"))
    assert (header.first_row, header.last_row, header.data_row) == (1, 1, 2)


def test_a_person_may_say_where_the_header_is() -> None:
    rows = _rows("序号|村", "甲组|乙组", "1|致岭村")
    header = find_header(rows, (), VOCABULARY, at=(1, 2))
    assert header is not None
    assert [column.key for column in header.columns] == ["序号/甲组", "村/乙组"]


def test_nothing_known_is_no_header() -> None:
    assert find_header(_rows("姓氏|甲", "1|2"), (), VOCABULARY) is None
    assert find_header([], (), VOCABULARY) is None


def test_the_fingerprint_forgets_units_blanks_and_titles_but_not_the_order() -> None:
    one = _found(_rows("清单|", "村|面积（亩）", "甲|1"))
    same = _found(_rows("村| 面 积 ", "甲|1"))
    other = _found(_rows("面积（亩）|村", "1|甲"))
    assert one.fingerprint == same.fingerprint
    assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("合计||3", RowRole.TOTAL),
        ("|合  计|3", RowRole.TOTAL),
        ("全乡合计||3", RowRole.TOTAL),
        ("总计：||3", RowRole.TOTAL),
        ("小计||3", RowRole.SUBTOTAL),
        ("|白圩乡小计|3", RowRole.SUBTOTAL),
        ("本页合计||3", RowRole.SUBTOTAL),
        ("填表人：张三  审核人：李四||", RowRole.NOTE),
        ("注：面积为椭球面积||", RowRole.NOTE),
        ("平均||3", RowRole.NOTE),
        ("序号|村|图斑编号", RowRole.HEADER),
        ("1|合计村|0002", RowRole.DATA),
        ("1|村|0002", RowRole.DATA),
        ("说明村||0002", RowRole.DATA),
        ("第一组|致岭村|0002", RowRole.DATA),
    ],
)
def test_roles_of_rows(line: str, role: RowRole) -> None:
    sorter = RowSorter(_found(_rows("序号|村|图斑编号", "1|甲|2")))
    assert sorter.role(_rows(line)[0]) is role


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("图斑面积（平方米）", "图斑面积", "平方米"),
        ("图斑\n面积（㎡）", "图斑面积", "M2"),
        ("面积/亩", "面积", "亩"),
        ("面积（单位：亩）", "面积", "亩"),
        ("＊完成率（％）：", "完成率", "%"),
        ("县（市、区）", "县(市、区)", ""),
        ("执行人员【系统】", "执行人员(系统)", ""),
        ("tbmj", "TBMJ", ""),
        ("非农化/非粮化", "非农化/非粮化", ""),
    ],
)
def test_names_and_units_are_taken_apart(text: str, name: str, unit: str) -> None:
    assert normal_header(text, VOCABULARY.units) == (name, unit)
    assert normalise(normalise(text)) == normalise(text)


def test_labels_take_their_value_from_the_next_cell() -> None:
    assert labels_of(["填报日期：", "", "2023年7月25日", "单位：", "亩"]) == {"填报日期": "2023年7月25日", "单位": "亩"}


def test_a_unit_in_the_title_counts_for_the_table() -> None:
    header = _found(_rows("流出图斑清单（单位：亩）|", "村|面积", "甲|1"))
    assert header.units == ("亩",)


def test_the_name_of_an_office_is_no_unit() -> None:
    assert stated_units({"单位": "白圩乡人民政府", "填报单位": "亩"}, VOCABULARY.units) == ()
