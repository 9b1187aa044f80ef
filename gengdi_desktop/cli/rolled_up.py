"""The roll-up as the command line tells it: keys of its object, and tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gengdi_desktop.cli.output import table
from gengdi_desktop.domain.states import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gengdi_desktop.ledger.figures import Tally
    from gengdi_desktop.ledger.roll_up import Node, RollUp
    from gengdi_desktop.ledger.tying_out import Comparison

WAYS: Final = {"township": "乡镇", "village": "村", "kind": "类型", "year": "流出年度"}
"""By what a ledger can be summed up, and the head of the first column."""


def tally_object(tally: Tally) -> dict[str, Any]:
    """A tally as JSON has it."""
    return {"plots": tally.count, "area_mu": tally.area.exact(), "restored_mu": tally.restored.exact()}


def rolled_up_object(found: RollUp) -> dict[str, Any]:
    """The keys that a roll-up adds to the figures."""
    return {
        "by_township": [
            {"township": one.name, "code": one.code, "in_division_table": one.listed, **_sums(one)}
            for one in found.units
        ],
        "by_year": [{"year": int(one.key) if one.key else None, **_sums(one)} for one in found.by_year],
        "ranking": [
            {
                "place": one.place,
                "township": one.node.name,
                "area_share": one.node.sums.area_share,
                "count_share": one.node.sums.count_share,
            }
            for one in found.ranking
        ],
        "ties_out": found.ties_out,
        "differences": [_difference(one) for one in found.comparisons if not one.holds],
    }


def rolled_up_lines(found: RollUp, way: str) -> list[str]:
    """One table, then whether everything adds up and which plots and lines make a difference."""
    nodes: dict[str, Sequence[Node]] = {
        "township": found.units,
        "village": found.villages,
        "kind": found.by_kind,
        "year": found.by_year,
    }
    places = {one.node.key: one.told for one in found.ranking} if way == "township" else {}
    several = way == "village" and len({one.key.partition("/")[0] for one in nodes[way]}) > 1
    rows = [_row(_name(one, several=several), one, places.get(one.key, "")) for one in nodes[way]]
    rows.append(_row("合计", found.whole, ""))
    if found.unentered.count:
        rows.append(("未入账", str(found.unentered.count), found.unentered.area.display(), *[""] * 7))
    heads = (WAYS[way], "图斑", "面积", "已整改", "面积", "待验收", "未完成", "超期", "完成率%", "名次")
    shown = len(heads) if places else len(heads) - 1
    return [
        f"{found.unit}　{found.campaign}",
        f"{found.today.isoformat()}，面积单位：亩。",
        "",
        *table(heads[:shown], [row[:shown] for row in rows], right=range(1, shown)),
        "",
        f"到“{found.done_rule.label}”算整改到位；完成率＝已整改面积÷下发面积，名次先比面积再比个数。",
        found.tie_out_told,
        *(one.told for one in found.comparisons if not one.holds),
        *(one.told for one in found.stated),
    ]


def _name(node: Node, *, several: bool) -> str:
    return f"{node.key.partition('/')[0]}{node.name}" if several else node.name


def _row(name: str, node: Node, place: str) -> tuple[str, ...]:
    sums = node.sums
    awaiting = sums.by_label[Label.AWAITING].count
    return (
        name,
        str(sums.all.count),
        sums.all.area.display(),
        str(sums.rectified.count),
        sums.rectified.area.display(),
        str(awaiting),
        str(sums.open.count - awaiting),
        str(sums.overdue),
        sums.area_share,
        place,
    )


def _sums(node: Node) -> dict[str, Any]:
    sums = node.sums
    return {
        **tally_object(sums.all),
        "basic_farmland_mu": sums.basic.exact(),
        "rectified": tally_object(sums.rectified),
        "by_label": {str(label): tally_object(tally) for label, tally in sums.by_label.items()},
        "overdue": sums.overdue,
        "returned": sums.returned,
        "held": sums.held,
    }


def _difference(one: Comparison) -> dict[str, Any]:
    return {
        "with": one.code,
        "plots": one.tie.count_difference,
        "area_mu": one.tie.area_difference.exact(),
        "because": [
            {
                "cause": each.cause.value,
                "plot": each.plot or None,
                "name": each.name,
                "plots": each.count,
                "area_mu": each.area.exact(),
            }
            for each in one.differences
        ],
        "unnamed": one.unnamed,
        "told": one.told,
    }
