"""The sample's issued lists as workbooks in the manner of the province, marked as sample data on every sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from gengdi_desktop.demo.sample_plots import PLACES, SamplePlot, county_plots, unit_plots
from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.domain.divisions import Division, Divisions

SAMPLE_MARK = "样例数据：图斑、面积、坐标均为虚构，不得作为工作依据"
_ISSUED_AT = datetime(2023, 7, 20, 1, 0, tzinfo=UTC)  # fixed, so that the same list has the same bytes
_FIRST_DATA_ROW = 5
_HEADER_ROWS = (3, 4)

Value = str | int | Decimal


@dataclass(frozen=True, slots=True)
class _Column:
    group: str
    leaf: str
    width: int
    style: str
    value: Callable[[SamplePlot, AreaUnit], Value]
    total: Callable[[SamplePlot], Area] | None = None

    def header(self, unit: AreaUnit) -> str:
        return f"{self.leaf}（{unit.label}）" if self.total else self.leaf


_COLUMNS: tuple[_Column, ...] = (
    _Column("", "序号", 6, "middle", lambda _plot, _unit: 0),
    _Column("", "设区市", 8, "middle", lambda plot, _unit: PLACES[plot.county.code].city),
    _Column("", "县（市、区）", 9, "middle", lambda plot, _unit: plot.county.name),
    _Column("", "乡镇", 10, "middle", lambda plot, _unit: plot.unit.name),
    _Column("", "村", 12, "middle", lambda plot, _unit: plot.village.short_name),
    _Column("", "图斑编号", 9, "middle", lambda plot, _unit: plot.number),
    _Column("", "标识码", 20, "middle", lambda plot, _unit: plot.bsm),
    _Column("", "坐落单位代码", 21, "middle", lambda plot, _unit: plot.village.survey_code),
    _Column("", "坐落单位名称", 18, "middle", lambda plot, _unit: plot.village.name),
    _Column("", "权属单位名称", 18, "middle", lambda plot, _unit: plot.village.name),
    _Column("流出前", "地类编码", 9, "middle", lambda plot, _unit: plot.class_before[0]),
    _Column("流出前", "地类名称", 12, "middle", lambda plot, _unit: plot.class_before[1]),
    _Column("流出后", "地类编码", 9, "middle", lambda plot, _unit: plot.class_after[0]),
    _Column("流出后", "地类名称", 18, "middle", lambda plot, _unit: plot.class_after[1]),
    _Column("面积", "图斑面积", 11, "area", lambda p, u: _in(p.plot_area, u), lambda p: p.plot_area),
    _Column("面积", "其中：耕地面积", 11, "area", lambda p, u: _in(p.cultivated_area, u), lambda p: p.cultivated_area),
    _Column("面积", "其中：永久基本农田面积", 13, "area", lambda p, u: _in(p.basic_area, u), lambda p: p.basic_area),
    _Column("", "流出年度", 9, "middle", lambda plot, _unit: plot.year),
    _Column("", "流出类型", 9, "middle", lambda plot, _unit: plot.kind),
    _Column("", "恢复属性", 10, "middle", lambda plot, _unit: plot.restore),
    _Column("中心点", "经度", 12, "degree", lambda plot, _unit: Decimal(plot.longitude)),
    _Column("中心点", "纬度", 12, "degree", lambda plot, _unit: Decimal(plot.latitude)),
    _Column("", "备注", 24, "left", lambda plot, _unit: plot.remark),
)


@dataclass(frozen=True, slots=True)
class IssuedList:
    """A list that was written: where, what it is called, and the totals that a notice would state."""

    path: Path
    name: str
    plots: tuple[SamplePlot, ...]

    @property
    def count(self) -> int:
        """Rows of the list."""
        return len(self.plots)

    @property
    def area(self) -> Area:
        """The task: the cultivated area of all rows as issued in mu."""
        return Area.total(plot.cultivated_area for plot in self.plots)


def write_county_list(
    path: Path, divisions: Divisions, county: Division, *, area_unit: AreaUnit = AreaUnit.MU
) -> IssuedList:
    """Writes the whole county's list; for 进贤县 2,220 plots and 3980.79 mu over 2021 and 2022 and all 23 units."""
    return _write(path, county.name, county_plots(divisions, county), area_unit)


def write_unit_list(
    path: Path, divisions: Divisions, unit: Division, *, area_unit: AreaUnit = AreaUnit.MU
) -> IssuedList:
    """Writes the rows of the county's list that lie in one township-level unit; 106 plots for 白圩乡."""
    plots = unit_plots(divisions, unit)
    return _write(path, plots[0].county.name + unit.name, plots, area_unit)


def _write(path: Path, area_name: str, plots: tuple[SamplePlot, ...], unit: AreaUnit) -> IssuedList:
    name = f"{area_name}2021—2022年度耕地流出图斑清单"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": name, "comments": SAMPLE_MARK, "created": _ISSUED_AT})
        styles = _styles(book)
        _write_plots(book.add_worksheet("流出图斑清单"), styles, name, plots, unit)
        _write_notes(book.add_worksheet("填表说明"), styles, plots, unit)
    return IssuedList(path, name, plots)


def _write_plots(sheet: Any, styles: dict[str, Any], name: str, plots: Sequence[SamplePlot], unit: AreaUnit) -> None:
    last = len(_COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, f"{name}（样例）", styles["title"])
    sheet.merge_range(1, 0, 1, last, SAMPLE_MARK, styles["mark"])
    sheet.merge_range(2, 0, 2, last, _unit_line(plots[0], unit), styles["line"])
    _write_header(sheet, styles, unit)
    for place, plot in enumerate(plots):
        row = _FIRST_DATA_ROW + place
        for column, field in enumerate(_COLUMNS):
            value = place + 1 if column == 0 else field.value(plot, unit)
            _put(sheet, row, column, value, styles[field.style])
    bottom = _FIRST_DATA_ROW + len(plots)
    sheet.merge_range(bottom, 0, bottom, 4, "合计", styles["total"])
    sheet.write_string(bottom, 5, f"{len(plots)}个", styles["total"])
    for column, field in enumerate(_COLUMNS[6:], start=6):
        if field.total is None:
            sheet.write_blank(bottom, column, None, styles["total"])
        else:
            _put(sheet, bottom, column, _sum(field, plots, unit), styles["total_area"])
    foot = "填表人：（样例）　　审核人：（样例）　　单位负责人：（样例）　　联系电话："
    sheet.merge_range(bottom + 1, 0, bottom + 1, last, foot, styles["line"])
    sheet.merge_range(
        bottom + 2, 0, bottom + 2, last, "注：1.图斑编号在村内编号；2.任务面积以耕地面积为准。", styles["line"]
    )
    sheet.freeze_panes(_FIRST_DATA_ROW, 6)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*_HEADER_ROWS)
    sheet.set_header(f"&C{SAMPLE_MARK}")
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _write_header(sheet: Any, styles: dict[str, Any], unit: AreaUnit) -> None:
    top, below = _HEADER_ROWS
    column = 0
    while column < len(_COLUMNS):
        field = _COLUMNS[column]
        width = sum(1 for other in _COLUMNS if field.group and other.group == field.group) or 1
        if not field.group:
            sheet.merge_range(top, column, below, column, field.header(unit), styles["head"])
        else:
            sheet.merge_range(top, column, top, column + width - 1, field.group, styles["head"])
            for offset, leaf in enumerate(_COLUMNS[column : column + width]):
                sheet.write_string(below, column + offset, leaf.header(unit), styles["head"])
        column += width
    for place, field in enumerate(_COLUMNS):
        sheet.set_column(place, place, field.width)


def _write_notes(sheet: Any, styles: dict[str, Any], plots: Sequence[SamplePlot], unit: AreaUnit) -> None:
    sheet.set_column(0, 0, 100)
    sheet.set_header(f"&C{SAMPLE_MARK}")
    lines = (
        ("填表说明（样例）", "title"),
        (SAMPLE_MARK, "mark"),
        (f"本清单共{len(plots)}个图斑，行政区名称取自公开的统计用区划代码，其余内容由程序按固定种子生成。", "left"),
        (f"面积单位为{unit.label}，保留两位小数；任务面积为“其中：耕地面积”，含田坎的图斑面积可以更大。", "left"),
        ("图斑编号在一个村内从小到大编号，不同村会重复；标识码为18位文本，不能改成数字。", "left"),
        ("恢复属性只对园地、林地、草地和坑塘标注，其余留空。", "left"),
    )
    for row, (text, style) in enumerate(lines):
        sheet.write_string(row, 0, text, styles[style])


def _styles(book: Any) -> dict[str, Any]:
    cell = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    boxed = {**cell, "border": 1}
    return {
        "title": book.add_format({**cell, "font_size": 16, "bold": True, "align": "center"}),
        "mark": book.add_format({**cell, "font_color": "#A51F1A", "align": "center"}),
        "line": book.add_format({**cell, "align": "left"}),
        "head": book.add_format({**boxed, "bold": True, "align": "center", "text_wrap": True}),
        "middle": book.add_format({**boxed, "align": "center"}),
        "left": book.add_format({**boxed, "align": "left", "text_wrap": True}),
        "area": book.add_format({**boxed, "num_format": "0.00"}),
        "degree": book.add_format({**boxed, "num_format": "0.000000"}),
        "total": book.add_format({**boxed, "bold": True, "align": "center"}),
        "total_area": book.add_format({**boxed, "bold": True, "num_format": "0.00"}),
    }


def _put(sheet: Any, row: int, column: int, value: Value, style: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _in(area: Area, unit: AreaUnit) -> Decimal:
    return Decimal(area.display(unit))


def _sum(field: _Column, plots: Sequence[SamplePlot], unit: AreaUnit) -> Decimal:
    """What the column prints, added up, as the sheet itself would."""
    printed = [field.value(plot, unit) for plot in plots]
    return sum((value for value in printed if isinstance(value, Decimal)), Decimal(0))


def _unit_line(plot: SamplePlot, unit: AreaUnit) -> str:
    issuer = f"{PLACES[plot.county.code].province}自然资源厅（样例）"
    return f"下发单位：{issuer}　　下发日期：2023年7月20日　　单位：{unit.label}、个"
