"""Tables that are no lists of plots, known by their headers and refused under their own names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake.fields import IDENTITY_FIELDS, spellings, vocabulary
from gengdi_desktop.intake.parent_rules import AMBIGUOUS
from gengdi_desktop.sheets.headers import Header, HeaderColumn, Vocabulary

_FARMER = frozenset({"农户姓名", "户主姓名", "户主", "承包户", "承包人", "种植户"})
_HOUSEHOLD = frozenset(
    {"组别", "小地名", "是否耕种", "未耕种原因", "计划种植时间", "农户签字", "签字", "家庭人口", "联系电话"}
)
_PLANTING = frozenset(
    {
        "申报种植面积",
        "核实种植面积",
        "承包面积",
        "申报面积",
        "核实面积",
        "补贴面积",
        "补贴金额",
        "作物",
        "差异",
        "农户签字",
    }
)
_WAGES = frozenset(
    {
        "基本工资",
        "岗位工资",
        "应发工资",
        "实发工资",
        "应发合计",
        "实发合计",
        "实发金额",
        "应发金额",
        "绩效工资",
        "绩效",
        "津贴",
    }
    | {
        "补贴",
        "扣款",
        "公积金",
        "住房公积金",
        "社保",
        "养老保险",
        "医疗保险",
        "个税",
        "个人所得税",
        "加班费",
        "奖金",
        "工资",
    }
)
COUNT_NAMES = frozenset({"个数", "宗数", "图斑数", "图斑个数", "块数", "图斑宗数", "任务个数", "任务数"})
"""Headers of columns that count plots."""

_UNIT_NAMES = frozenset(
    {"单位", "单位名称", "乡镇", "乡镇名称", "乡(镇)", "镇街", "县区", "县(市、区)", "地区", "村", "村名"}
)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """A total that a table by units states: a candidate for what a list must add up to."""

    unit: str
    count: int
    area: Area


class ForeignLayout(RuleError):
    """A table of another kind than a list of plots.

    Attributes:
        totals: Totals that it states, where it is a table by units.
    """

    def __init__(self, code: str, message: str, hint: str, totals: tuple[UnitTotal, ...] = ()) -> None:
        super().__init__(code, message, hint)
        self.totals = totals


@cache
def searched_words() -> Vocabulary:
    """What headers are found by: the names of our fields, and those of the tables that are to be refused."""
    ours = vocabulary()
    return replace(ours, names=ours.names | AMBIGUOUS | _FARMER | _HOUSEHOLD | _PLANTING | _WAGES | COUNT_NAMES)


def foreign_layout(header: Header) -> ForeignLayout | None:
    """The refusal for a table that is known to be something else; None where it may be a list of plots."""
    names = {column.name for column in header.columns}
    for applies, refusal in _LAYOUTS:
        if applies(names, header.columns):
            return refusal()
    return None


def _identified(names: Iterable[str]) -> bool:
    return any(spellings().get(name) in IDENTITY_FIELDS for name in names)


def _is_wages(names: set[str], _: Iterable[HeaderColumn]) -> bool:
    return len(names & _WAGES) >= _FEWEST and not _identified(names)


def _is_planting(names: set[str], _: Iterable[HeaderColumn]) -> bool:
    return bool(names & _FARMER) and len(names & _PLANTING) >= _FEWEST and not _identified(names)


def _is_household(names: set[str], _: Iterable[HeaderColumn]) -> bool:
    return bool(names & _FARMER) and len(names & _HOUSEHOLD) >= _FEWEST and not _identified(names)


def _is_unit_progress(names: set[str], columns: Iterable[HeaderColumn]) -> bool:
    """Rows are units, and what is counted stands beside what is measured."""
    counted = any(column.name in COUNT_NAMES for column in columns)
    return counted and bool(names & _UNIT_NAMES) and not _identified(names)


def _is_village_form(names: set[str], _: Iterable[HeaderColumn]) -> bool:
    """Our own form on its way back: it names plots by their own ids, and what villages fill in."""
    used = {spellings().get(name) for name in names}
    return used >= {"own_id", "is_true", "rect_method", "restored_area"}


def _village_form() -> ForeignLayout:
    return ForeignLayout(
        "village_form",
        "这是发给村里填的村级填报表，不是下发的清单，没有导入，台账没有变。",
        "填好的表要当作进展录入，不从这里导入。",
    )


def _wages() -> ForeignLayout:
    return ForeignLayout(
        "wage_sheet",
        "这是一张工资表，不是图斑清单，没有导入，台账没有变。",
        "请选上级下发的图斑清单，并注意保管工资表。",
    )


def _household() -> ForeignLayout:
    return ForeignLayout(
        "household_sheet",
        "这是村里按农户填的排查表，没有图斑编号，不是图斑清单，没有导入，台账没有变。",
        "请选上级下发的图斑清单；排查表可以作为附件挂到图斑上。",
    )


def _planting() -> ForeignLayout:
    return ForeignLayout(
        "planting_sheet",
        "这是按农户核查种粮（撂荒）面积的表，不是图斑清单，没有导入，台账没有变。",
        "请选上级下发的图斑清单；表里的身份证号属于个人信息，请注意保管。",
    )


def _unit_progress() -> ForeignLayout:
    return ForeignLayout(
        "unit_progress_sheet",
        "这是分单位的进度表，一行是一个单位，不是图斑清单，没有导入，台账没有变。",
        "请选图斑清单；这张表的合计可以用来核对清单的个数和面积。",
    )


_LAYOUTS: tuple[tuple[Callable[[set[str], Iterable[HeaderColumn]], bool], Callable[[], ForeignLayout]], ...] = (
    (_is_village_form, _village_form),
    (_is_wages, _wages),
    (_is_planting, _planting),
    (_is_household, _household),
    (_is_unit_progress, _unit_progress),
)
