"""The lists that townships really get: taken in by what they say, or refused under their own names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.intake.previews import ImportOutcome
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import PlotQuery, plot_card, plot_ids
from tests.helpers.foreign_tables import Rows, write_csv, write_html, write_ods, write_xls, write_xlsx
from tests.helpers.imports import identifiers, plots, take
from tests.helpers.ledgers import new_ledger

Merged = list[tuple[int, int, int, int]]


def _head(line: str) -> list[str]:
    return line.split("|")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path / "台账") as made:
        yield made


def _fields(outcome: ImportOutcome) -> dict[str, str | None]:
    return {str(column["header"]): column["field"] for column in outcome.columns}


# ------------------------------------------------------------------------------------ V1 to V4, as platforms make them

V1_HEAD = _head(
    "序号|县名称|监测批次|线索编号|项目名称|项目主体|非农违法土地用途|非农违法面积（亩）|非农违法耕地面积（亩）"
    "|非农违法基本农田面积（亩）|是否整改|整改方式|重大典型问题|备注"
)


def test_v1_satellite_list_is_known_by_its_clue_numbers(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [
        ["2023年第一季度卫片非农违法图斑清单"],
        V1_HEAD,
        [
            1,
            "进贤县",
            "2023-1",
            "3601242023010001",
            "停车场",
            "张某",
            "建设用地",
            3.5,
            2.25,
            0,
            "否",
            "拆除复耕",
            "否",
            "",
        ],
        [
            2,
            "进贤县",
            "2023-1",
            "3601242023010002",
            "仓库",
            "李某",
            "建设用地",
            1.2,
            1.2,
            0.5,
            "是",
            "补办手续",
            "否",
            "急",
        ],
        ["合计", "", "", "", "", "", "", 4.7, 3.45, 0.5, "2个", "", "", ""],
    ]
    path = write_xlsx(tmp_path / "卫片.xlsx", {"Sheet1": rows}, merges=[(0, 0, 0, 13)])
    outcome = take(ledger, path)
    assert (outcome.rows, outcome.imported, outcome.area) == (2, 2, Area.parse("3.45"))
    assert _fields(outcome)["线索编号"] == "clue_no"
    assert identifiers(ledger) == [(("clue_no", "3601242023010001"),), (("clue_no", "3601242023010002"),)]
    assert [plot["party"] for plot in plots(ledger)] == ["张某", "李某"]
    assert [plot["township"] for plot in plots(ledger)] == ["白圩乡", "白圩乡"]
    assert "township_assumed" in {note.code for note in outcome.notes}
    assert take(ledger, path).duplicates == 2


def test_v2_platform_export_skips_the_rows_of_other_units(ledger: Ledger, tmp_path: Path) -> None:
    head = _head(
        "线索编号|图斑编号|行政区名称|县级行政区名称|乡镇行政区名称|监测类型|图斑面积(亩)|项目名称|项目主体|现场核查描述"
        "|核实认定意见|分类|用途分类细化|实地地类|城镇村属性码|整改情况|外业时间|核查时间|执行人员(系统)|状态(系统)"
        "|审核阶段(系统)|打回状态(系统)|备注说明"
    )
    tail: list[Any] = [
        "流出",
        2.5,
        "",
        "",
        "已核",
        "属实",
        "一类",
        "果园",
        "0201",
        "",
        "未整改",
        "2023-07-25",
        "",
        "王某",
        4,
        101,
        0,
        "",
    ]
    rows: Rows = [
        head,
        ["SJBG001", "0012", "进贤县", "", "白圩乡", *tail],
        ["SJBG002", "0012", "进贤县", "进贤县", "民和镇", *tail],
        ["SJBG003", "0013", "南昌县", "南昌县", "", *tail],
    ]
    outcome = take(ledger, write_xlsx(tmp_path / "图斑列表.xlsx", {"业务表": rows}))
    assert (outcome.rows, outcome.imported, outcome.skipped) == (3, 1, 2)
    assert outcome.skipped_reasons == {"other_unit": 2}
    assert outcome.area == Area.parse("2.5")
    assert identifiers(ledger) == [(("clue_no", "SJBG001"),)]


def test_v3_split_plots_count_once_and_their_children_stand_below_them(ledger: Ledger, tmp_path: Path) -> None:
    head = _head(
        "县级行政区名称|监测批次|线索编号|图斑状态|拆分状态|图斑面积|耕地面积（亩）|永久基本农田面积（亩）|核实认定意见|非农违法面积（亩）"
        "|非农违法耕地面积（亩）|非农违法永久基本农田面积（亩）|非粮违法面积（亩）|非粮违法耕地面积（亩）|非粮违法永久基本农田面积（亩）"
        "|整改情况|拆除面积（亩）|拆除耕地面积（亩）|补办面积（亩）|补办耕地面积（亩）|剩余未整改面积|是否属于重大典型问题"
    )

    def line(clue: str, state: str, area: float) -> list[Any]:
        return [
            "进贤县",
            "2023-2",
            clue,
            state,
            "",
            area + 1,
            area,
            0,
            "属实",
            *[0] * 6,
            "未整改",
            *[0] * 4,
            area,
            "否",
        ]

    rows: Rows = [
        head,
        line("A1", "被拆分", 5.0),
        line("A1-1", "拆分", 3.0),
        line("A1-2", "拆分", 2.0),
        line("A2", "", 1.5),
    ]
    outcome = take(ledger, write_xlsx(tmp_path / "卫片检索明细.xlsx", {"明细": rows}))
    assert (outcome.rows, outcome.imported, outcome.area) == (4, 4, Area.parse("6.5"))
    found = plots(ledger)
    assert sorted(plot["state"] for plot in found) == ["issued", "issued", "issued", "split"]
    parent = next(plot for plot in found if plot["state"] == "split")
    assert [plot["split_parent"] for plot in found].count(parent["id"]) == 2
    assert {note.code for note in outcome.notes} >= {"unit_missing"}


def test_v3_children_that_do_not_add_up_keep_the_whole_family_out(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [
        ["线索编号", "图斑状态", "耕地面积（亩）"],
        ["A1", "被拆分", 5.0],
        ["A1-1", "拆分", 3.0],
        ["A1-2", "拆分", 1.0],
        ["A3-1", "拆分", 1.0],
        ["A2", "", 1.5],
    ]
    outcome = take(ledger, write_xlsx(tmp_path / "明细.xlsx", {"明细": rows}), partial=True)
    assert (outcome.imported, outcome.refused, outcome.unentered) == (1, 4, 4)
    assert [problem.code for problem in outcome.problems] == ["split_sum"] * 3 + ["split_parent_unclear"]


def test_v4_survey_attributes_are_square_metres_and_have_a_class_before_and_after(
    ledger: Ledger, tmp_path: Path
) -> None:
    head = "OBJECTID|BSM|YSDM|TBYBH|TBBH|DLBM|DLMC|QSXZ|QSDWDM|QSDWMC|ZLDWDM|ZLDWMC|TBMJ|TBDLMJ|SJNF|BZ|DLBM_1|DLMC_1"
    place = ["3601242092010000000", "白圩村委会"]
    rows: Rows = [
        head.split("|"),
        [
            1,
            "360124110000000012",
            "2001010100",
            "",
            "0012",
            "0101",
            "水田",
            "30",
            *place,
            *place,
            1000.5,
            990.25,
            2022,
            "",
            "0201",
            "果园",
        ],
        [
            2,
            "360124110000000013",
            "2001010100",
            "",
            "0013",
            "0103",
            "旱地",
            "30",
            *place,
            *place,
            666.67,
            660,
            2022,
            "",
            "1104",
            "坑塘水面",
        ],
    ]
    outcome = take(ledger, write_csv(tmp_path / "DLTB.csv", rows))
    assert (outcome.imported, outcome.refused) == (2, 0)
    first = plots(ledger)[0]
    assert (first["class_before"], first["class_after"], first["class_system"]) == ("0101", "0201", "third_survey")
    assert first["issued_area"] == 1_500_750
    assert (first["village"], first["plot_no"]) == (plots(ledger)[1]["village"], "0012")
    assert ("bsm", "360124110000000012") in identifiers(ledger)[0]


# ------------------------------------------------------------------------------------- V5 to V7, as offices write them

V5_HEAD = _head(
    "序号|设区市|县（市、区）|乡镇|村|图斑编号|标识码|坐落单位代码|坐落单位名称|权属单位名称|流出前地类编码|流出前地类名称|流出后地类编码"
    "|流出后地类名称|图斑面积（平方米）|其中：耕地面积（平方米）|其中：永久基本农田面积（平方米）|流出年度|流出类型|恢复属性"
    "|中心点经度|中心点纬度|备注"
)


def _v5(rows: int) -> list[list[Any]]:
    return [
        [
            number,
            "南昌市",
            "进贤县",
            "白圩乡",
            "白圩村",
            f"{number:04d}",
            f"36012411000000{number:04d}",
            "3601242092000000000",
            "白圩村村民委员会",
            "白圩村村民委员会",
            "0101",
            "水田",
            "0201",
            "果园",
            1000 + number,
            900 + number,
            100,
            2022,
            "非粮化",
            "即可恢复",
            116.2757 + number / 1000,
            28.3712,
            "",
        ]
        for number in range(1, rows + 1)
    ]


def _v5_table(rows: int = 3) -> list[list[Any]]:
    data = _v5(rows)
    total = ["合计", *[""] * 13, sum(row[14] for row in data), sum(row[15] for row in data), 100 * rows, *[""] * 6]
    return [
        ["江西省2022年度耕地流出图斑清单"],
        ["填报单位（盖章）：省自然资源厅　填报日期：2023年7月25日　单位：平方米、个"],
        V5_HEAD,
        [str(number) for number in range(1, 24)],
        *data,
        total,
        ["填表人：张三　审核人：李四"],
        ["注：1.面积为椭球面积。"],
    ]


@dataclass(frozen=True)
class Written:
    name: str
    write: Callable[[Path, list[list[Any]]], Path]


V5_MERGES: Merged = [(0, 0, 0, 22), (1, 0, 1, 22)]
WAYS = [
    Written("清单.xlsx", lambda path, rows: write_xlsx(path, {"清单": rows}, merges=V5_MERGES)),
    Written("清单.xls", lambda path, rows: write_xls(path, {"清单": rows}, merges=V5_MERGES)),
    Written("清单.et", lambda path, rows: write_xls(path, {"清单": rows}, merges=V5_MERGES)),
    Written("清单.ods", lambda path, rows: write_ods(path, {"清单": rows})),
    Written("清单.csv", write_csv),
    Written("清单.utf8.csv", lambda path, rows: write_csv(path, rows, encoding="utf-8-sig")),
    Written("网页.xls", write_html),
]


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_v5_province_list_means_the_same_in_every_format(ledger: Ledger, tmp_path: Path, way: Written) -> None:
    outcome = take(ledger, way.write(tmp_path / way.name, _v5_table()), expect_count=3)
    assert (outcome.rows, outcome.imported, outcome.refused, outcome.problems) == (3, 3, 0, ())
    # Σ(901 + 902 + 903) m² × 0.0015
    assert outcome.area == Area.parse("4.059")
    first = plots(ledger)[0]
    assert first["village"] == plots(ledger)[1]["village"]
    assert (first["plot_no"], first["outflow_year"], first["kind"]) == ("0001", 2022, "non_grain")
    assert (first["issued_area"], first["plot_area"], first["basic_area"]) == (1_351_500, 1_501_500, 150_000)
    assert (first["class_before"], first["class_after"], first["restore_attribute"]) == ("0101", "0201", "JKHF")
    assert (first["centre_longitude"], first["centre_latitude"]) == (116_276_700_000, 28_371_200_000)
    assert outcome.list_name == "江西省2022年度耕地流出图斑清单"
    assert take(ledger, tmp_path / way.name).duplicates == 3


V6: Rows = [
    ["白圩乡2021—2022年度耕地流出图斑整改清单", *[""] * 14],
    ["填报单位：进贤县自然资源局", *[""] * 12, "单位：亩", ""],
    ["序号", "图斑基本信息", "", "", "", "", "", "地类变化", "", "流出情况", "", "", "坐标", "", "备注"],
    [
        "",
        "图斑号",
        "所在乡镇",
        "所在村",
        "面积（亩）",
        "其中耕地",
        "其中永农",
        "变更前",
        "变更后",
        "年度",
        "原因",
        "类别",
        "X",
        "Y",
        "",
    ],
    [
        1,
        "12",
        "白圩乡",
        "白圩村",
        3.5,
        3.2,
        1,
        "水田",
        "果园",
        "2021年",
        "种果树",
        "非粮化",
        39428441.52,
        3139662.67,
        "",
    ],
    [
        2,
        "13",
        "同上",
        "",
        1.25,
        1.25,
        0,
        "0103",
        "1104A",
        2022,
        "挖塘",
        "非粮化",
        "116°16′32.5″",
        "28°22′16″",
        "已动工",
    ],
    ["小计", "", "", "", 4.75, 4.45, 1, *[""] * 8],
    ["合计", "", "", "", 4.75, 4.45, 1, *[""] * 8],
]
V6_MERGES: Merged = [
    (0, 0, 0, 14),
    (2, 0, 3, 0),
    (2, 1, 2, 6),
    (2, 7, 2, 8),
    (2, 9, 2, 11),
    (2, 12, 2, 13),
    (2, 14, 3, 14),
    (4, 3, 5, 3),
]


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_v6_two_header_rows_fill_down_and_classes_by_group(ledger: Ledger, tmp_path: Path, ending: str) -> None:
    write = write_xlsx if ending == "xlsx" else write_xls
    outcome = take(ledger, write(tmp_path / f"下发.{ending}", {"清单": V6}, merges=V6_MERGES))
    assert (outcome.rows, outcome.imported, outcome.area) == (2, 2, Area.parse("4.45"))
    fields = _fields(outcome)
    assert fields["地类变化／变更前"] == "class_before_name"
    assert fields["流出情况／类别"] == "outflow_type"
    first, second = plots(ledger)
    assert (first["village"], second["village"]) == (first["village"],) * 2
    assert first["village"].startswith("白圩")
    assert (first["class_before_name"], second["class_before"], second["class_after"]) == ("水田", "0103", "1104A")
    assert (first["outflow_year"], second["outflow_year"]) == (2021, 2022)
    assert first["centre_text"] == "39428441.52,3139662.67"
    assert abs(first["centre_longitude"] - 116_270_000_000) < 100
    assert second["centre_longitude"] == 116_275_694_444
    assert (first["cause"], second["remark"]) == ("种果树", "已动工")


def test_v7_three_header_rows_with_task_and_persons(ledger: Ledger, tmp_path: Path) -> None:
    rows: Rows = [
        ["白圩乡整改台账"],
        [
            *(
                "序号",
                "乡镇",
                "村组",
                "图斑编号",
                "图斑面积（亩）",
                "自查情况",
                "",
                "",
                "",
                "",
                "整改任务",
                "",
                "",
                "",
                "",
                "",
                "",
            ),
            *("整改进展", "", "", "", "", "验收", "", "", "", "是否销号", "备注"),
        ],
        [
            *("", "", "", "", "", "是否属实", "现状用途", "占用主体", "占用时间", "是否需整改"),
            *("应整改面积（亩）", "整改措施", "整改时限", "责任领导", "", "责任人", ""),
            *("已整改面积", "完成率（%）", "种植作物", "完成时间", "是否到位", "村级", "镇级", "县级", "时间", "", ""),
        ],
        [*[""] * 13, "姓名", "职务", "姓名", "电话", *[""] * 11],
        [
            *(1, "白圩乡", "白圩村三组", "0012", 3.5, "是", "果园", "周某", "2020年", "是"),
            *(
                3.2,
                "清除果树",
                "2023年8月20日",
                "付春兰",
                "乡长",
                "周文斌",
                "0791-85612345",
                0,
                0,
                "",
                "",
                "否",
                *[""] * 6,
            ),
        ],
        [
            *(2, "白圩乡", "白圩村三组", "0013", 1.5, "是", "果园", "周某", "2020年", "是"),
            *(1.5, "清除果树", "2023.8.20", "付春兰", "乡长", "周文斌", "13800138000", 0, 0, "", "", "否", *[""] * 6),
        ],
    ]
    merges: Merged = [(0, 0, 0, 27), *((1, column, 3, column) for column in (0, 1, 2, 3, 4, 26, 27))]
    merges += [(1, 5, 1, 9), (1, 10, 1, 16), (1, 17, 1, 21), (1, 22, 1, 25), (2, 13, 2, 14), (2, 15, 2, 16)]
    merges += [(2, column, 3, column) for column in (*range(5, 13), *range(17, 26))]
    outcome = take(ledger, write_xlsx(tmp_path / "台账.xlsx", {"台账": rows}, merges=merges))
    assert (outcome.imported, outcome.area) == (2, Area.parse("4.7"))
    fields = _fields(outcome)
    assert fields["整改任务／责任领导／姓名"] == "responsible_leader"
    assert fields["整改任务／责任人／电话"] == "responsible_phone"
    assert fields["验收／镇级"] == "accept_township"
    card = plot_card(ledger, plot_ids(ledger, PlotQuery(order="position"))[0])
    assert (card.facts["village"], card.facts["group_name"], card.facts["responsible_leader"]) == (
        card.facts["village"],
        "三组",
        "付春兰",
    )
    assert card.rounds[0]["person"] == "周文斌"
    assert card.rounds[0]["deadline"] == "2023-08-20"
    assert card.rounds[0]["person_phone"] == "0791-85612345"
    second = plot_card(ledger, plot_ids(ledger, PlotQuery(order="position"))[1])
    assert second.rounds[0]["person_phone"] == ""
    assert not any("13800138000" in text for line in second.lines for _, text in line.cells)
