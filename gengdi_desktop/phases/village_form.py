"""The form that villages fill in: their plots prefilled, numbers locked, choices to pick; it comes back as progress."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import DisposalClass, Finding
from gengdi_desktop.domain.divisions import normalise_village
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.errors import RuleError
from gengdi_desktop.phases.progress import store
from gengdi_desktop.system.files import writing

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.phases.progress.store import FormPlot

_FIRST_DATA_ROW = 4
_LONGEST_SHEET_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
_FONT = "宋体"
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of the form.

    Args:
        group: The heading above it; columns of one group stand together.
        title: A spelling that our own reading knows for sure.
        width: In characters.
        kind: ``text``, ``area`` or ``date``.
        locked: Whether it is for reading only.
        choices: What can be picked.
    """

    group: str
    title: str
    width: int
    kind: str = "text"
    locked: bool = False
    choices: tuple[str, ...] = ()


_YES_NO = ("是", "否")
COLUMNS: tuple[FormColumn, ...] = (
    FormColumn("图斑", "序号", 5, locked=True),
    FormColumn("图斑", "乡镇", 9, locked=True),
    FormColumn("图斑", "村", 9, locked=True),
    FormColumn("图斑", "村民小组", 9, locked=True),
    FormColumn("图斑", "图斑编号", 10, locked=True),
    FormColumn("图斑", "流出年度", 9, locked=True),
    FormColumn("图斑", "下发面积（亩）", 10, "area", locked=True),
    FormColumn("图斑", "问题类型", 9, locked=True),
    FormColumn("自查情况", "自查日期", 11, "date"),
    FormColumn("自查情况", "是否属实", 9, choices=tuple(choice.label for choice in Finding)),
    FormColumn("自查情况", "现状用途", 12),
    FormColumn("自查情况", "形成原因", 18),
    FormColumn("自查情况", "占用主体", 12),
    FormColumn("自查情况", "是否需整改", 9, choices=_YES_NO),
    FormColumn("整改任务", "应整改面积（亩）", 10, "area"),
    FormColumn("整改任务", "处置分类", 10, choices=tuple(choice.label for choice in DisposalClass)),
    FormColumn("整改任务", "整改措施", 20),
    FormColumn("整改任务", "整改时限", 11, "date"),
    FormColumn("整改任务", "责任人", 9),
    FormColumn("整改任务", "责任人电话", 13),
    FormColumn("整改进展", "已整改面积（亩）", 10, "area"),
    FormColumn("整改进展", "整改方式", 12, choices=tuple(bucket.label for bucket in Bucket)),
    FormColumn("整改进展", "种植作物", 9),
    FormColumn("整改进展", "播种时间", 11, "date"),
    FormColumn("整改进展", "备注", 16),
    FormColumn("识别", "标识码", 19, locked=True),
    FormColumn("识别", "本台账编号", 34, locked=True),
)
"""The columns from left to right."""


def write_village_form(ledger: Ledger, path: Path, *, village: str = "") -> int:
    """Write the form as .xlsx: one sheet for each village, with the plots that are still to be worked on.

    Args:
        ledger: The ledger.
        path: Where to; an older file is replaced whole.
        village: Only this village, by its name in the list or its usual short one; empty for all.

    Returns:
        How many plots it lists.

    Raises:
        RuleError: ``unknown_village``; ``nothing_to_fill``: the village has no plot that is still open;
            ``unknown_format``: the name does not end in .xlsx.
        SurroundingsError: The place cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        told = f"填报表只写成 .xlsx，不会写“{path.suffix or path.name}”，没有写出。"
        raise RuleError("unknown_format", told, "请用 .xlsx 结尾。")
    with ledger.reading() as session:
        wanted = _villages_meant(village, store.villages(session)) if village else None
        plots = [plot for plot in store.form_plots(session) if wanted is None or plot.village in wanted]
    if wanted is not None and not plots:
        told = f"“{village}”的图斑都已销号、核减或拆分，没有要填的，没有写出。"
        raise RuleError("nothing_to_fill", told, "各村还有多少，看首页上的数字。")
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = ledger.clock.now().replace(tzinfo=None)
    workbook.set_properties({"title": "村级填报表", "author": ledger.info.unit, "created": created})
    form = _Form(workbook, ledger.info.unit, sample=ledger.info.sample)
    for (township, name), group in groupby(plots, key=lambda plot: (plot.township, plot.village)):
        form.sheet(township, name, group)
    if not plots:
        form.sheet(ledger.info.unit, "", ())
    workbook.close()
    with writing(path) as stream:
        stream.write(buffer.getvalue())
    return len(plots)


def _villages_meant(said: str, known: tuple[str, ...]) -> frozenset[str]:
    """The villages of that name; two townships may each have one.

    Raises:
        RuleError: ``unknown_village``, naming some that there are.
    """
    exact = frozenset({said.strip()} & set(known))
    short = normalise_village(said)
    found = exact or frozenset(village for village in known if village and normalise_village(village) == short)
    if found:
        return found
    few = "、".join(known[:_MOST_NAMED])
    more = f"等{len(known)}个村" if len(known) > _MOST_NAMED else ""
    hint = f"台账里有：{few}{more}。" if known else "台账里还没有图斑，请先导入清单。"
    raise RuleError("unknown_village", f"台账里没有“{said}”，没有写出填报表。", hint)


class _Form:
    """Draws the sheets; formats are made once."""

    def __init__(self, workbook: Any, unit: str, *, sample: bool) -> None:
        self._workbook = workbook
        self._unit = unit
        self._sample = sample
        self._names: set[str] = set()
        base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter", "border": 1, "text_wrap": True}
        grey = {"bg_color": "#EFEFEF"}
        head = {"bold": True, "align": "center", "bg_color": "#DCE6F1"}
        looks: Mapping[str, dict[str, Any]] = {
            "head": {**base, **head},
            "text": {**base, "num_format": "@"},
            "area": {**base, "num_format": "0.00####", "align": "right"},
            "date": {**base, "num_format": "yyyy-mm-dd", "align": "center"},
        }
        self._formats = {
            (kind, locked): workbook.add_format(
                {**look, "locked": locked, **(grey if locked and kind != "head" else {})}
            )
            for kind, look in looks.items()
            for locked in (True, False)
        }
        plain = {"font_name": _FONT, "font_size": 11}
        self._title = workbook.add_format({"font_name": _FONT, "font_size": 16, "bold": True, "align": "center"})
        self._line = workbook.add_format(plain)
        self._open = workbook.add_format(
            {**plain, "locked": False, "num_format": "yyyy-mm-dd", "bottom": 1, "align": "left"}
        )

    def sheet(self, township: str, village: str, plots: Iterable[FormPlot]) -> None:
        """One village."""
        sheet = self._workbook.add_worksheet(self._name(village or township or self._unit))
        self._head(sheet, village)
        row = _FIRST_DATA_ROW
        for row, plot in enumerate(plots, start=_FIRST_DATA_ROW):
            for column, value in enumerate(_cells(plot, row - _FIRST_DATA_ROW + 1)):
                self._write(sheet, row, column, value)
        self._validate(sheet, row)
        options = {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True}
        sheet.protect("", options)

    def _name(self, village: str) -> str:
        """A sheet's name: short, without forbidden signs, never twice."""
        plain = village.translate(_FORBIDDEN)[:_LONGEST_SHEET_NAME]
        name, number = plain, 2
        while name in self._names:
            name, number = f"{plain[: _LONGEST_SHEET_NAME - 3]}{number}", number + 1
        self._names.add(name)
        return name

    def _head(self, sheet: Any, village: str) -> None:
        last = len(COLUMNS) - 1
        mark = "（样例）" if self._sample else ""
        sheet.merge_range(0, 0, 0, last, f"{self._unit}{village}耕地整改情况填报表{mark}", self._title)
        sheet.write_string(1, 0, f"填报单位：{village or self._unit}", self._line)
        sheet.write_string(1, 7, "填报日期：", self._line)
        sheet.write_blank(1, 8, None, self._open)
        sheet.write_string(1, 10, "单位：亩", self._line)
        sheet.write_string(1, 12, "灰色的格子不用填；已整改面积填到填报日期为止的累计数。", self._line)
        head = self._formats["head", True]
        for group, columns in groupby(enumerate(COLUMNS), key=lambda item: item[1].group):
            places = [place for place, _ in columns]
            sheet.merge_range(2, places[0], 2, places[-1], group, head)
        for place, column in enumerate(COLUMNS):
            sheet.write_string(3, place, column.title, head)
            sheet.set_column(place, place, column.width)
        sheet.freeze_panes(_FIRST_DATA_ROW, 5)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2, 3)
        sheet.data_validation(1, 8, 1, 8, _date_rule("填报日期"))

    def _write(self, sheet: Any, row: int, place: int, value: str | Area | date | None) -> None:
        column = COLUMNS[place]
        look = self._formats[column.kind, column.locked]
        if isinstance(value, Area):
            sheet.write_number(row, place, Decimal(value.exact()), look)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value, look)
        elif value:
            sheet.write_string(row, place, value, look)
        else:
            sheet.write_blank(row, place, None, look)

    def _validate(self, sheet: Any, last: int) -> None:
        for place, column in enumerate(COLUMNS):
            if column.locked:
                continue
            rule: dict[str, Any] | None = None
            if column.choices:
                rule = {"validate": "list", "source": list(column.choices), "error_title": column.title}
                rule["error_message"] = f"请从{'、'.join(column.choices)}里选。"
            elif column.kind == "area":
                rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_title": column.title}
                rule["error_message"] = "请填不小于 0 的数，单位是亩。"
            elif column.kind == "date":
                rule = _date_rule(column.title)
            if rule is not None:
                sheet.data_validation(_FIRST_DATA_ROW, place, last, place, rule)


def _date_rule(title: str) -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": date(2000, 1, 1),
        "maximum": date(2099, 12, 31),
        "error_title": title,
        "error_message": "请填日期，例如 2023-08-20。",
    }


def _cells(plot: FormPlot, number: int) -> tuple[str | Area | date | None, ...]:
    """The values of a row, in the order of :data:`COLUMNS`."""
    facts, plan = plot.facts, plot.facts.round
    planned = plan.target if plan.target > Area.ZERO else None
    done = plan.buckets.total
    return (
        str(number),
        plot.township,
        plot.village,
        plot.group,
        plot.plot_no,
        str(plot.year or ""),
        facts.issued_area,
        plot.kind,
        facts.checked_on,
        facts.finding.label if facts.finding else "",
        facts.class_now_name,
        facts.cause,
        facts.party,
        {True: "是", False: "否", None: ""}[facts.rectify],
        planned,
        plan.disposal_class.label if plan.disposal_class else "",
        plan.measure,
        plan.deadline,
        plan.person,
        plan.person_phone,
        done if done > Area.ZERO else None,
        "",
        plan.crop,
        plan.sown_on,
        "",
        plot.bsm,
        facts.id,
    )
