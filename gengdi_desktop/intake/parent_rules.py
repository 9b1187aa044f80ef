"""What a column is when its own header is not enough: the group above it decides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gengdi_desktop.intake.fields import spellings
from gengdi_desktop.sheets.header_text import normalise

AMBIGUOUS = frozenset(
    {
        "面积",
        "类型",
        "类别",
        "分类",
        "状态",
        "时间",
        "日期",
        "说明",
        "责任人",
        "编号",
        "姓名",
        "电话",
        "联系电话",
        "职务",
    }
    | {"地类", "地类编码", "地类代码", "地类名称", "DLBM", "DLMC", "现状", "X", "Y", "耕地", "水田", "组", "社", "其他"}
    | {"编码", "代码", "名称", "年度", "年份", "原因", "结果", "结论", "意见", "情况"}
)
"""Header texts that mean different things under different groups."""

DEFAULTS: Mapping[str, str] = {
    "面积": "plot_area",
    "责任人": "responsible_person",
    "X": "coord_x",
    "Y": "coord_y",
    "现状": "occupy_use",
    "耕地": "cultivated_area",
    "水田": "paddy_area",
    "组": "group_name",
    "社": "group_name",
    "说明": "remark",
    "其他": "remark",
    "年度": "outflow_year",
    "年份": "outflow_year",
    "原因": "outflow_reason",
    "联系电话": "party_phone",
    "电话": "party_phone",
    "地类": "class_name",
    "地类名称": "class_name",
    "DLMC": "class_name",
    "地类编码": "class_code",
    "地类代码": "class_code",
    "DLBM": "class_code",
}
"""What they mean where no group stands above them and no other column claims the same."""

_BEFORE = re.compile(r"(?:流出|变更|变化|整改)?前(?:地类)?|原(?:地类)?|三调地类|基期地类")
_AFTER = re.compile(r"(?:流出|变更|变化|整改)?后(?:地类)?|现状(?:地类)?|现(?:地类)?")
_CODE_NAMES = frozenset({"地类编码", "地类代码", "地类码", "DLBM", "编码", "代码"})
_CLASS_NAMES = frozenset({"地类名称", "地类", "DLMC", "名称", "土地类型", "类型"})
_PHONES = ("电话", "联系电话", "联系方式", "手机", "手机号", "手机号码")

_FAMILIES: Sequence[tuple[re.Pattern[str], Mapping[str, str]]] = tuple(
    (re.compile(pattern), leaves)
    for pattern, leaves in (
        (
            "责任领导|包联领导|分管领导",
            {"姓名": "responsible_leader", "职务": "leader_title"} | dict.fromkeys(_PHONES, "leader_phone"),
        ),
        (
            "责任人|包村干部|包联干部",
            {"姓名": "responsible_person", "职务": "responsible_title"} | dict.fromkeys(_PHONES, "responsible_phone"),
        ),
        ("田长|网格", {"姓名": "field_chief"} | dict.fromkeys(_PHONES, "chief_phone")),
        ("举报|信访", {"姓名": "reporter"} | dict.fromkeys(_PHONES, "reporter_phone")),
        (
            "当事人|农户|户主|主体|承包|经营|业主",
            {"姓名": "party_name", "名称": "party_name", "身份证号": "party_id_number"}
            | dict.fromkeys(_PHONES, "party_phone"),
        ),
        (
            "验收",
            {
                "村级": "accept_village",
                "镇级": "accept_township",
                "乡级": "accept_township",
                "乡镇": "accept_township",
                "乡镇级": "accept_township",
                "县级": "accept_county",
                "区级": "accept_county",
                "结果": "accept_county",
                "结论": "accept_county",
                "意见": "accept_county",
                "时间": "accept_date",
                "日期": "accept_date",
                "姓名": "acceptor",
            },
        ),
        (
            "抽查",
            {
                "结果": "spot_result",
                "结论": "spot_result",
                "情况": "spot_result",
                "时间": "spot_date",
                "日期": "spot_date",
            },
        ),
        (
            "自查|核实|核查|排查|外业",
            {
                "结果": "verify_opinion",
                "结论": "verify_opinion",
                "意见": "verify_opinion",
                "情况": "verify_desc",
                "说明": "verify_desc",
                "分类": "verify_class",
                "类别": "verify_class",
                "时间": "verify_date",
                "日期": "verify_date",
                "姓名": "verifier",
                "原因": "outflow_reason",
            },
        ),
        ("整改任务|恢复任务|任务", {"面积": "rect_target_area", "时间": "plan_deadline", "日期": "plan_deadline"}),
        (
            "整改|恢复",
            {
                "面积": "restored_area",
                "时间": "finish_date",
                "日期": "finish_date",
                "状态": "is_rectified",
                "情况": "rect_desc",
                "说明": "rect_desc",
            },
        ),
        (
            "流出",
            {
                "年度": "outflow_year",
                "年份": "outflow_year",
                "原因": "outflow_reason",
                "类别": "outflow_type",
                "类型": "outflow_type",
                "分类": "outflow_type",
                "面积": "outflow_area",
                "时间": "change_date",
                "日期": "change_date",
            },
        ),
        ("坐标|中心|位置|质心", {"X": "coord_x", "Y": "coord_y"}),
        (
            "图斑|基本信息|基本情况|地块",
            {
                "编号": "plot_no",
                "号": "plot_no",
                "面积": "plot_area",
                "总面积": "plot_area",
                "类型": "tblx",
                "名称": "plot_name",
            },
        ),
        (
            "面积",
            {
                "图斑": "plot_area",
                "总": "plot_area",
                "合计": "plot_area",
                "耕地": "cultivated_area",
                "永农": "pbf_area",
            },
        ),
    )
)


def by_parents(name: str, parents: Sequence[str]) -> str | None:
    """The field that a column means under its groups, the nearest group first; None where they do not tell."""
    for parent in reversed(parents):
        found = _class_field(name, parent) or _family_field(name, parent)
        if found is not None:
            return found
        for joined in (parent + name, parent.removesuffix("情况") + name):
            if name in AMBIGUOUS and normalise(joined) in spellings():
                return spellings()[normalise(joined)]
    return None


def _class_field(name: str, parent: str) -> str | None:
    """Land classes before and after: ``流出前／地类编码`` and ``地类变化／变更前``."""
    for pattern, side in ((_BEFORE, "before"), (_AFTER, "after")):
        if pattern.fullmatch(parent):
            if name in _CODE_NAMES:
                return f"class_{side}_code"
            if name in _CLASS_NAMES:
                return f"class_{side}_name"
        if pattern.fullmatch(name) and "地类" in parent:
            return f"class_{side}_name"
    return None


def _family_field(name: str, parent: str) -> str | None:
    for pattern, leaves in _FAMILIES:
        if pattern.search(parent) and name in leaves:
            return leaves[name]
    return None
