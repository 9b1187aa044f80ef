"""Rows that several forms share: what was issued, what was settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.reports.forms.blocks import Framed, pairs
from gengdi_desktop.reports.forms.plot_file import PlotFile

if TYPE_CHECKING:
    from gengdi_desktop.storage.journal import Value


def issued_rows(file: PlotFile) -> tuple[Framed, ...]:
    """Who and what the plot is, as the list issued it."""
    lists = "、".join(dict.fromkeys(line.list_name for line in file.card.lines))
    return pairs(
        ("图斑编号", file.fact("plot_no")),
        ("标识码", file.identifier("bsm")),
        ("乡镇", file.fact("township")),
        ("村（社区）", file.fact("village")),
        ("村民小组", file.fact("group_name")),
        ("流出年度", file.fact("outflow_year")),
        ("问题类型", file.fact("problem_kind", "kind")),
        ("下发面积", file.fact("issued_area")),
        ("流出前地类", file.fact("class_before_name", "class_before")),
        ("流出后地类", file.fact("class_after_name", "class_after")),
        ("永久基本农田", file.fact("basic_area")),
        ("中心点", file.fact("centre_text")),
        ("线索编号", file.identifier("clue_no", "monitor_no")),
        ("所在清单", lists),
    )


def settled_words(row: Mapping[str, Value]) -> str:
    """What is settled by which way: ``整改恢复 2.50 亩，举证 1.00 亩``; nothing where nothing is."""
    parts = []
    for bucket in Bucket:
        value = row.get(bucket.value)
        if isinstance(value, int) and value:
            parts.append(f"{bucket.label} {Area(value).display()} 亩")
    return "，".join(parts)


def settled_area(row: Mapping[str, Value]) -> Area:
    """What all ways together have settled."""
    return Area.total(Area(value) for bucket in Bucket if isinstance(value := row.get(bucket.value), int))


def joined(*parts: str) -> str:
    """The parts that say something, with commas between."""
    return "，".join(part for part in parts if part)
