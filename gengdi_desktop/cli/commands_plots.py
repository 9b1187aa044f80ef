"""Commands on plots: act, attach, stats, plots."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError, pair, whole_number
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, table
from gengdi_desktop.domain.actions import ACTIONS, ActionRule
from gengdi_desktop.domain.areas import percent_text
from gengdi_desktop.domain.choices import ProblemKind, Stage
from gengdi_desktop.domain.states import Desk, Label, State
from gengdi_desktop.errors import RuleError

if TYPE_CHECKING:
    from gengdi_desktop.ledger.figures import Figures, Tally
    from gengdi_desktop.ledger.queries import Condition, PlotLine

_WINDOW = 500
_MATCHES = {">=": "at_least", "<=": "at_most", "~": "contains", "=": "equal"}


def configure_act(parser: Parser) -> None:
    """LEDGER ACTION (PLOT… | --where …) [--date] [--reason] [--document] [--set key=value]… [--atomic]; --actions."""
    parser.takes_ledger(writes=True)
    parser.add_argument("action", metavar="ACTION", nargs="?", help="事项，见 --actions")
    parser.add_argument("plots", metavar="PLOT", nargs="*", help="图斑：自有编号、标识码、clue:线索编号 或 村/图斑编号")
    parser.add_argument("--where", metavar="名称=值,…", help="不逐个写图斑，按条件选")
    parser.takes_date("事情发生的日期")
    parser.add_argument("--reason", metavar="原因", help="原因，记入办理记录")
    parser.add_argument("--document", metavar="文号", help="文号")
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="名称=值",
        type=pair,
        action="append",
        default=[],
        help="这个事项的一项内容，可以写多次",
    )
    parser.add_argument("--atomic", action="store_true", help="有一个不行就都不办")
    parser.add_argument("--actions", action="store_true", help="列出每个事项要填的内容")


def configure_attach(parser: Parser) -> None:
    """LEDGER PLOT FILE… --stage."""
    parser.takes_ledger(writes=True)
    parser.add_argument("plot", metavar="PLOT", help="图斑：自有编号、标识码、clue:线索编号 或 村/图斑编号")
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="照片或文书")
    parser.add_argument("--stage", required=True, choices=[str(stage) for stage in Stage], help=_stages())


def configure_stats(parser: Parser) -> None:
    """LEDGER."""
    parser.takes_ledger()


def configure_plots(parser: Parser) -> None:
    """LEDGER [--where field=value,…] [--limit N] [--jsonl]."""
    parser.takes_ledger()
    parser.add_argument("--where", metavar="名称=值,…", help="条件，例如 village=白圩村,state=working")
    parser.add_argument("--limit", metavar="N", type=whole_number, default=100, help="最多多少个，默认100")
    parser.add_argument("--after", metavar="NEXT", help="接着上一次答复里的 next 往下列")
    parser.add_argument("--jsonl", action="store_true", help="一行一个 JSON 对象，不限个数")


def _stages() -> str:
    return "、".join(f"{stage}（{stage.label}）" for stage in Stage)


def run_act(context: Context) -> int:
    """One action on plots, as one entry."""
    from gengdi_desktop.ledger.find import find_plot
    from gengdi_desktop.ledger.queries import PlotQuery, plot_ids
    from gengdi_desktop.phases.service import act

    values = context.values
    if values.actions:
        return _tell_actions(context)
    if not values.action:
        raise UsageError("还没有写要办的事项。", "act")
    if bool(values.plots) == bool(values.where):
        raise UsageError("图斑要么逐个写出，要么用 --where 按条件选。", "act")
    refused: list[dict[str, str]] = []
    with context.writing() as (ledger, by):
        if values.where:
            ids = plot_ids(ledger, PlotQuery(conditions=_conditions(values.where)))
        else:
            ids = [find_plot(ledger, said) for said in values.plots]
        outcome = act(
            ledger,
            values.action,
            ids,
            dict(values.settings),
            by=by,
            event_date=values.date,
            reason=values.reason,
            document=values.document,
            atomic=values.atomic,
        )
    refused = [{"plot": one.plot, "code": one.code, "message": one.message} for one in outcome.refused]
    data: dict[str, Any] = {"entry": outcome.changes.seq, "changed": list(outcome.changed), "refused": refused}
    if not outcome.changed:
        first = outcome.refused[0] if outcome.refused else None
        error = RuleError(first.code if first else "no_plots", first.message if first else "没有选中图斑，台账没有变。")
        return context.out.refusal(error, data)
    lines = [f"已办{len(outcome.changed)}个图斑。", *(f"没有办：{one['plot']}　{one['message']}" for one in refused)]
    context.out.result(data, lines)
    return DONE


def _tell_actions(context: Context) -> int:
    """Each action and what is given with it, from the table that the guards use."""
    data = {"actions": [_action(rule) for rule in ACTIONS.values()]}
    lines: list[str] = []
    for code, rule in ACTIONS.items():
        lines.append(f"{code}　{rule.label}　（{'、'.join(state.label for state in State if state in rule.sources)}）")
        for one in rule.fields:
            choices = "：" + "、".join(f"{value}（{label}）" for value, label in one.choices) if one.choices else ""
            needs = "必填" if one.required else one.needs
            lines.append(f"    {one.key}　{one.label}　{one.kind.label}{choices}{f'　{needs}' if needs else ''}")
    context.out.result(data, lines)
    return DONE


def _action(rule: ActionRule) -> dict[str, Any]:
    return {
        "action": str(rule.code),
        "label": rule.label,
        "from": [str(state) for state in State if state in rule.sources],
        "to": [str(state) for state in State if state in rule.targets],
        "desks": [str(desk) for desk in Desk if desk in rule.desks],
        "fields": [
            {
                "key": one.key,
                "label": one.label,
                "kind": str(one.kind),
                "required": one.required,
                "needs": one.needs,
                "choices": [{"code": code, "label": label} for code, label in one.choices],
            }
            for one in rule.fields
        ],
    }


def run_attach(context: Context) -> int:
    """Keeps photos or papers and ties them to a plot."""
    from gengdi_desktop.evidence.service import attach
    from gengdi_desktop.ledger.find import find_plot

    values = context.values
    with context.writing() as (ledger, by):
        done = attach(ledger, find_plot(ledger, values.plot), values.files, values.stage, by=by)
    data = {
        "entry": done.changes.seq,
        "stage": str(done.stage),
        "sha256": done.files[0][0],
        "files": [{"sha256": sha256, "name": name} for sha256, name in done.files],
    }
    context.out.result(data, [f"已附上{len(done.files)}个文件（{done.stage.label}）。"])
    return DONE


def run_stats(context: Context) -> int:
    """The figures of the home page."""
    from gengdi_desktop.ledger.figures import figures

    with context.reading() as ledger:
        found = figures(ledger)
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
        "by_status": {str(state): _tally(tally) for state, tally in found.by_state.items()},
        "by_label": {str(label): _tally(tally) for label, tally in found.by_label.items()},
        "by_kind": {kind: _tally(tally) for kind, tally in found.by_kind.items()},
        "by_village": [
            {"township": one.township, "village": one.village, **_tally(one.all), "rectified": _tally(one.rectified)}
            for one in found.by_village
        ],
        "lists": [
            {"name": one.name, **_tally(one.lines), "unentered": one.unentered.count, "ties_out": one.ties_out}
            for one in found.lists
        ],
    }
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
        f"到“{found.done_rule.label}”算整改到位，合计按下发面积相加。",
    ]
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


def _tally(tally: Tally) -> dict[str, Any]:
    return {"plots": tally.count, "area_mu": tally.area.exact(), "restored_mu": tally.restored.exact()}


def run_plots(context: Context) -> int:
    """Lists plots, a page at a time or all of them one a line."""
    from gengdi_desktop.ledger.queries import PlotQuery, plot_ids, plot_lines

    values = context.values
    with context.reading() as ledger:
        ids = plot_ids(ledger, PlotQuery(conditions=_conditions(values.where)))
        if values.jsonl:
            for start in range(0, len(ids), _WINDOW):
                context.out.rows(_plot(line) for line in plot_lines(ledger, ids[start : start + _WINDOW]))
            return DONE
        start = _start(values.after)
        shown = plot_lines(ledger, ids[start : start + values.limit])
    following = start + len(shown)
    data = {
        "plots": [_plot(line) for line in shown],
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
        )
        for line in shown
    ]
    lines = table(("图斑", "状态", "下发面积", "剩余", "责任人", "时限"), rows, right=(2, 3))
    lines.append(f"共{len(ids)}个，这里列出{len(shown)}个。面积单位：亩。")
    context.out.result(data, lines)
    return DONE


def _conditions(said: str | None) -> tuple[Condition, ...]:
    """``village=白圩村,state=整改中``: fields of the plot table; words of states and labels are understood."""
    from gengdi_desktop.ledger.queries import Condition, Match

    found = []
    for part in (said or "").replace("，", ",").split(","):
        if not part.strip():
            continue
        mark = next((mark for mark in _MATCHES if mark in part), None)
        if mark is None:
            raise UsageError(f"条件“{part}”要写成 名称=值，例如 village=白圩村。")
        field, _mark, value = part.partition(mark)
        found.append(Condition(field.strip(), _code_of(field.strip(), value.strip()), Match[_MATCHES[mark].upper()]))
    return tuple(found)


def _code_of(field: str, value: str) -> str:
    words: dict[str, Iterable[State | Label | ProblemKind]] = {"state": State, "label": Label, "kind": ProblemKind}
    return next((str(code) for code in words.get(field, ()) if code.label == value), value)


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
