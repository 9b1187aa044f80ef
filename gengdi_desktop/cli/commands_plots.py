"""Commands that look at plots: stats, plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError, whole_number
from gengdi_desktop.cli.conditions import asks_for_evidence, conditions
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, table
from gengdi_desktop.cli.rolled_up import WAYS, rolled_up_lines, rolled_up_object, tally_object
from gengdi_desktop.domain.areas import percent_text

if TYPE_CHECKING:
    from gengdi_desktop.ledger.figures import Figures
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.queries import PlotLine

_WINDOW = 500
_USUAL_LIMIT = 100


def configure_stats(parser: Parser) -> None:
    """LEDGER [--by township|village|kind|year]."""
    parser.takes_ledger()
    told = "、".join(f"{code}（{word}）" for code, word in WAYS.items())
    parser.add_argument("--by", choices=tuple(WAYS), help=f"汇总表，核对各级合计、给乡镇排名：{told}")


def configure_plots(parser: Parser) -> None:
    """LEDGER [--where field=value,…] [--limit N] [--jsonl]."""
    parser.takes_ledger()
    parser.takes_conditions("条件，例如 village=白圩村,state=working")
    parser.add_argument("--limit", metavar="N", type=whole_number, help="最多多少个；不写就是100个，--jsonl 不限")
    parser.add_argument("--after", metavar="NEXT", help="接着上一次答复里的 next 往下列")
    parser.add_argument("--jsonl", action="store_true", help="一行一个 JSON 对象")


def run_stats(context: Context) -> int:
    """The figures of the home page."""
    from gengdi_desktop.ledger.figures import figures
    from gengdi_desktop.ledger.roll_up import roll_up

    way: str | None = context.values.by
    with context.reading() as ledger:
        found = figures(ledger)
        summed = roll_up(ledger) if way else None
    data = {
        "unit": found.unit,
        "campaign": found.campaign,
        "today": found.today.isoformat(),
        "phases": [phase.name for phase in found.phases],
        "plots": found.plots.count,
        "unentered": found.unentered.count,
        "unentered_mu": found.unentered.area.exact(),
        "area_mu": found.plots.area.exact(),
        "basic_farmland_mu": found.basic_farmland.exact(),
        "restored_mu": found.plots.restored.exact(),
        "overdue": found.overdue,
        "held": found.held,
        "vanished": found.vanished,
        "by_status": {str(state): tally_object(tally) for state, tally in found.by_state.items()},
        "by_label": {str(label): tally_object(tally) for label, tally in found.by_label.items()},
        "by_kind": {kind: tally_object(tally) for kind, tally in found.by_kind.items()},
        "by_village": [
            {
                "township": one.township,
                "village": one.village,
                **tally_object(one.all),
                "rectified": tally_object(one.rectified),
            }
            for one in found.by_village
        ],
        "lists": [
            {"name": one.name, **tally_object(one.lines), "unentered": one.unentered.count, "ties_out": one.ties_out}
            for one in found.lists
        ],
    }
    if summed is not None and way is not None:
        context.out.result(data | rolled_up_object(summed), rolled_up_lines(summed, way))
    else:
        context.out.result(data, _stats_lines(found))
    return DONE


def _stats_lines(found: Figures) -> list[str]:
    running = "、".join(phase.name for phase in found.phases) or "没有进行中的阶段"
    lines = [
        f"{found.unit}　{found.campaign}",
        f"{found.today.isoformat()}：{running}。面积单位：亩。",
        "",
    ]
    rows = [(label.label, str(tally.count), tally.area.display()) for label, tally in found.by_label.items()]
    rows += [("合计", str(found.plots.count), found.plots.area.display())]
    if found.unentered.count:
        rows += [("未入账", str(found.unentered.count), found.unentered.area.display())]
    lines += table(("状态", "图斑", "面积"), rows, right=(1, 2))
    done = found.rectified
    percent = percent_text(done.area, found.plots.area)
    share = percent if percent == "—" else f"{percent}%"
    settled, basic = found.plots.restored.display(), found.basic_farmland.display()
    lines += [
        "",
        f"已整改{done.count}个、{done.area.display()}亩，占{share}；各种方式累计整改{settled}亩。",
        f"永久基本农田{basic}亩；超期{found.overdue}个，暂缓和争议{found.held}个。",
        *(
            [f"新清单未列{found.vanished}个，看是哪些：gengdi plots 台账 --where 新清单未列=是。"]
            if found.vanished
            else []
        ),
        f"到“{found.done_rule.label}”算整改到位，合计按下发面积相加。",
    ]
    if found.lists:
        lists = [
            (one.name, str(one.lines.count), one.lines.area.display(), str(one.unentered.count)) for one in found.lists
        ]
        lines += ["", *table(("清单", "行", "面积", "未入账"), lists, right=(1, 2, 3))]
    villages = [
        (
            one.village,
            str(one.all.count),
            one.all.area.display(),
            str(one.rectified.count),
            one.rectified.area.display(),
        )
        for one in found.by_village
    ]
    if villages:
        lines += ["", *table(("村", "图斑", "面积", "已整改", "面积"), villages, right=(1, 2, 3, 4))]
    return lines


def run_plots(context: Context) -> int:
    """Lists plots, a page at a time or all of them one a line."""
    from gengdi_desktop.evidence.verdicts.service import fitting
    from gengdi_desktop.ledger.queries import PlotQuery, plot_lines

    values = context.values
    if values.jsonl and context.out.as_json:
        raise UsageError("--json 是一个对象，--jsonl 是一行一个，只能用其中一个。", "plots")
    start = _start(values.after)
    asked = conditions(values.where)
    judged = asks_for_evidence(asked)
    with context.reading(keeping=judged) as ledger:
        ids = fitting(ledger, PlotQuery(conditions=asked), context.out.progress("看证据") if judged else None)
        if values.jsonl:
            wanted = ids[start : start + (values.limit or len(ids))]
            for first in range(0, len(wanted), _WINDOW):
                part = wanted[first : first + _WINDOW]
                told = _evidence(ledger, part) if judged else {}
                context.out.rows(_plot(line) | told.get(line.id, {}) for line in plot_lines(ledger, part))
            return DONE
        shown = plot_lines(ledger, ids[start : start + (values.limit or _USUAL_LIMIT)])
        told = _evidence(ledger, [line.id for line in shown]) if judged else {}
    following = start + len(shown)
    data = {
        "plots": [_plot(line) | told.get(line.id, {}) for line in shown],
        "total": len(ids),
        "next": str(following) if following < len(ids) else None,
    }
    rows = [
        (
            line.name,
            line.state.label,
            line.issued_area.display(),
            line.remaining.display(),
            line.person,
            str(line.deadline or "—"),
            *([told[line.id]["evidence_told"]] if judged else []),
        )
        for line in shown
    ]
    heads = ("图斑", "状态", "下发面积", "剩余", "责任人", "时限", *(["证据"] if judged else []))
    lines = table(heads, rows, right=(2, 3))
    lines.append(f"共{len(ids)}个，这里列出{len(shown)}个。面积单位：亩。")
    context.out.result(data, lines)
    return DONE


def _evidence(ledger: Ledger, plots: list[str]) -> dict[str, dict[str, str]]:
    """What the rules say of plots, for those who asked for it."""
    from gengdi_desktop.evidence.verdicts.service import verdicts

    told = verdicts(ledger, plots)
    return {plot: {"evidence": one.verdict.value, "evidence_told": one.sentence} for plot, one in told.items()}


def _start(after: str | None) -> int:
    if after is not None and not after.isdecimal():
        raise UsageError("--after 要照抄上一次答复里的 next。", "plots")
    return int(after or 0)


def _plot(line: PlotLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "township": line.township,
        "village": line.village,
        "plot_no": line.plot_no,
        "outflow_year": line.outflow_year,
        "kind": line.kind,
        "class_before": line.class_before,
        "class_after": line.class_after,
        "state": str(line.state),
        "label": str(line.label) if line.label else None,
        "round": line.round,
        "issued_mu": line.issued_area.exact(),
        "basic_farmland_mu": line.basic_area.exact() if line.basic_area is not None else None,
        "target_mu": line.target.exact(),
        "restored_mu": line.settled.exact(),
        "remaining_mu": line.remaining.exact(),
        "person": line.person,
        "deadline": line.deadline.isoformat() if line.deadline else None,
        "overdue_days": line.overdue_days,
        "returned": line.returned,
        "held": line.held,
        "files": line.files,
        "remark": line.remark,
    }
