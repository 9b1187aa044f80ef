"""Issued lists of any length, in the manner of the sample's, for measuring."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import TypeAlias

import xlsxwriter

from gengdi_desktop.demo.sample_plots import SamplePlot, county_plots
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.system.reference import divisions

COUNTY = "360124"
HEADER = (
    "序号", "县（市、区）", "乡镇", "村", "图斑编号", "标识码", "坐落单位代码", "坐落单位名称", "权属单位名称",
    "流出前地类编码", "流出前地类名称", "流出后地类编码", "流出后地类名称",
    "图斑面积（亩）", "耕地面积（亩）", "永久基本农田面积（亩）",
    "流出年度", "流出类型", "恢复属性", "经度", "纬度", "影像时相", "核查批次", "备注",
)  # fmt: skip
AREA_COLUMN = 14
_BSM_LENGTH = 18

Cell: TypeAlias = str | int | float


def write_list(path: Path, rows: int) -> None:
    """Write a list of one county with that many plots, 24 columns, and the total that its notice would state."""
    listed = plots(rows)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("流出图斑清单")
        sheet.write_string(0, 0, "2021—2022年度耕地流出图斑清单（测速用，样例数据）")
        sheet.write_string(1, 0, "单位：亩")
        sheet.write_row(2, 0, HEADER)
        for place, (plot, number, bsm) in enumerate(listed):
            sheet.write_row(3 + place, 0, _cells(place + 1, plot, number, bsm))
        last = 3 + rows
        sheet.write_string(last, 0, "合计")
        sheet.write_number(last, AREA_COLUMN, float(Area.total(plot.cultivated_area for plot, _, _ in listed).exact()))


def plots(rows: int) -> list[tuple[SamplePlot, str, str]]:
    """That many plots, each with a plot number and a BSM of its own."""
    return list(islice(_plots(), rows))


def _plots() -> Iterator[tuple[SamplePlot, str, str]]:
    """The county's sample plots over and over, each time with numbers of their own."""
    known = divisions()
    county = known.by_code(COUNTY)
    if county is None:
        raise LookupError(COUNTY)
    base = county_plots(known, county)
    for turn in count():
        for place, plot in enumerate(base):
            serial = turn * len(base) + place
            yield plot, f"{int(plot.number) + turn * 10_000:04d}", f"{COUNTY}{serial:0{_BSM_LENGTH - len(COUNTY)}d}"


def _cells(serial: int, plot: SamplePlot, number: str, bsm: str) -> tuple[Cell, ...]:
    # A workbook holds every number as a float; these stand for what other people's programs write.
    areas = (float(area.exact()) for area in (plot.plot_area, plot.cultivated_area, plot.basic_area))
    return (
        serial, plot.county.name, plot.unit.name, plot.village.short_name, number, bsm,
        plot.village.survey_code, plot.village.name, plot.village.name,
        *plot.class_before, *plot.class_after, *areas,
        plot.year, plot.kind, plot.restore, float(plot.longitude), float(plot.latitude),
        "2022年四季度", "第三批", plot.remark,
    )  # fmt: skip
