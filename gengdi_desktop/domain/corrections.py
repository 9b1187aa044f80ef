"""What may be corrected, and how: the issued facts beside the issued value, our own facts in place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gengdi_desktop.domain.choices import Choice, Difficulty, DisposalClass, Finding, InPlace, ProblemKind


class Place(StrEnum):
    """Where a fact that may be corrected stands."""

    ISSUED = "issued"
    PLOT = "plot"
    ROUND = "round"


class Shape(StrEnum):
    """How a corrected value is read."""

    TEXT = "text"
    AREA = "area"
    DATE = "date"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Correction:
    """One fact that may be corrected.

    Args:
        key: The column's name.
        label: The Chinese name.
        place: Issued facts keep their issued value and get a dated correction beside it.
        shape: How the value is read where it is no choice.
        choices: The closed list of the value; None where there is none.
    """

    key: str
    label: str
    place: Place
    shape: Shape = Shape.TEXT
    choices: type[Choice] | None = None


CORRECTIONS: tuple[Correction, ...] = (
    Correction("township", "乡镇（不属于本乡镇）", Place.ISSUED),
    Correction("village", "村", Place.ISSUED),
    Correction("group_name", "组", Place.ISSUED),
    Correction("plot_no", "图斑编号", Place.ISSUED),
    Correction("outflow_year", "流出年度", Place.ISSUED, Shape.YEAR),
    Correction("class_before", "流出前地类", Place.ISSUED),
    Correction("class_after", "流出后地类", Place.ISSUED),
    Correction("plot_area", "图斑面积", Place.ISSUED, Shape.AREA),
    Correction("cultivated_area", "耕地面积", Place.ISSUED, Shape.AREA),
    Correction("basic_area", "永久基本农田面积", Place.ISSUED, Shape.AREA),
    Correction("outflow_area", "流出面积", Place.ISSUED, Shape.AREA),
    Correction("restore_attribute", "恢复属性", Place.ISSUED),
    Correction("checked_on", "自查日期", Place.PLOT, Shape.DATE),
    Correction("finding", "核实结果", Place.PLOT, choices=Finding),
    Correction("problem_kind", "问题类型", Place.PLOT, choices=ProblemKind),
    Correction("class_now", "现状地类", Place.PLOT),
    Correction("cause", "成因", Place.PLOT),
    Correction("party", "占用主体", Place.PLOT),
    Correction("built_on", "建设（占用）时间", Place.PLOT, Shape.DATE),
    Correction("case_number", "立案号", Place.PLOT),
    Correction("person_handled", "人员处理情况", Place.PLOT),
    Correction("demolished", "拆除", Place.PLOT, choices=InPlace),
    Correction("confiscated", "没收", Place.PLOT, choices=InPlace),
    Correction("referred", "移送", Place.PLOT, choices=InPlace),
    Correction("responsible_leader", "责任领导", Place.PLOT),
    Correction("grid_chief", "田长或网格长", Place.PLOT),
    Correction("disposal_class", "处置类别", Place.ROUND, choices=DisposalClass),
    Correction("difficulty", "难易程度", Place.ROUND, choices=Difficulty),
    Correction("measure", "整改措施", Place.ROUND),
    Correction("plan_text", "一地一策", Place.ROUND),
    Correction("plan_approver", "方案审定人", Place.ROUND),
    Correction("plan_approved_on", "方案审定日期", Place.ROUND, Shape.DATE),
    Correction("not_required_reason", "不需整改部分的理由", Place.ROUND),
    Correction("person", "责任人", Place.ROUND),
    Correction("person_title", "责任人职务", Place.ROUND),
    Correction("person_phone", "责任人办公电话", Place.ROUND),
    Correction("deadline", "整改时限", Place.ROUND, Shape.DATE),
    Correction("crop", "种植作物", Place.ROUND),
    Correction("sown_on", "播种日期", Place.ROUND, Shape.DATE),
    Correction("demolition_record", "拆除记录", Place.ROUND),
    Correction("proof_statement", "举证说明", Place.ROUND),
    Correction("proof_document", "证明文件文号", Place.ROUND),
)
"""The facts in the order of the form; states, targets and areas settled are changed by actions only."""


def correction_of(key: str) -> Correction | None:
    """The fact of that column; None where it may not be corrected."""
    return next((correction for correction in CORRECTIONS if correction.key == key), None)
