"""Commands that do something to plots: act, attach."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError, pair
from gengdi_desktop.cli.conditions import conditions
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, few
from gengdi_desktop.domain.actions import ACTIONS, ActionRule, FieldKind
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.states import Desk, State
from gengdi_desktop.errors import RuleError

if TYPE_CHECKING:
    from gengdi_desktop.phases.service import ActOutcome, RefusedPlot

_FILLABLE = frozenset({"missing", "not_a_choice", "wrong_kind", "evidence", "day_unclear", "area_not_a_number"})
_OWN_OPTIONS: Mapping[str, str] = {
    "date": "--date 2023-08-20",
    "reason": "--reason 原因",
    "document_number": "--document 文号",
}
_EXAMPLES: Mapping[FieldKind, str] = {FieldKind.DATE: "2023-08-20", FieldKind.AREA: "1.50", FieldKind.FLAG: "是"}
_EVIDENCE: Mapping[str, str] = {
    "after_photo": "照片.jpg --stage 整改后",
    "site_photo": "照片.jpg --stage 整改前",
    "paper": "材料.pdf --stage 书面材料",
}


def configure_act(parser: Parser) -> None:
    """LEDGER ACTION (PLOT… | --where …) [--date] [--reason] [--document] [--set key=value]… [--atomic]; --actions."""
    parser.takes_ledger(writes=True)
    parser.add_argument("action", metavar="ACTION", nargs="?", help="事项的代码或名称，见 --actions")
    parser.add_argument("plots", metavar="PLOT", nargs="*", help="图斑：自有编号、标识码、clue:线索编号 或 村/图斑编号")
    parser.takes_conditions("不逐个写图斑，按条件选")
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
    parser.takes_choice("--stage", Stage, "环节", required=True)


def run_act(context: Context) -> int:
    """One action on plots, as one entry."""
    from gengdi_desktop.evidence.verdicts.service import fitting
    from gengdi_desktop.ledger.find import find_plot
    from gengdi_desktop.ledger.queries import PlotQuery, plot_lines
    from gengdi_desktop.phases.service import act

    values = context.values
    if values.actions:
        return _tell_actions(context)
    if not values.action:
        raise UsageError("还没有写要办的事项。", "act")
    if bool(values.plots) == bool(values.where):
        raise UsageError("图斑要么逐个写出，要么用 --where 按条件选。", "act")
    with context.writing() as (ledger, by):
        if values.where:
            ids = fitting(ledger, PlotQuery(conditions=conditions(values.where)))
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
        names = {line.id: line.name for line in plot_lines(ledger, [one.plot for one in outcome.refused])}
    told = [f"没有办：{names.get(one.plot, one.plot)}　{one.message}" for one in outcome.refused]
    refused = [{"plot": one.plot, "code": one.code, "message": one.message} for one in outcome.refused]
    data: dict[str, Any] = {"entry": outcome.changes.seq, "changed": list(outcome.changed), "refused": refused}
    if not outcome.changed:
        return _nothing_done(context, outcome, data, told, len(dict.fromkeys(ids)))
    context.out.result(data, [f"已办{len(outcome.changed)}个图斑。", *few(told)])
    return DONE


def _nothing_done(context: Context, outcome: ActOutcome, data: dict[str, Any], told: list[str], asked: int) -> int:
    """Every plot refused, or none was meant: one sentence for the whole, the several plots before it."""
    from gengdi_desktop.phases.service import action_rule

    if not outcome.refused:
        hint = "请核对条件：gengdi plots 台账 --where …"
        return context.out.refusal(RuleError("no_plots", "没有选中图斑，台账没有变。", hint), data)
    first = outcome.refused[0]
    hint = _what_to_add(action_rule(context.values.action), first)
    if len(told) == asked == 1:
        return context.out.refusal(RuleError(first.code, first.message, hint), data)
    if not context.out.as_json:
        for line in few(told):
            context.out.note(line)
    whole = f"{len(told)}个图斑都没有办成，台账没有变。"
    if asked > len(told):
        whole = f"有{len(told)}个图斑不能办，要办就一起办，{asked}个都没有办，台账没有变。"
    return context.out.refusal(RuleError(first.code, whole, hint), data)


def _what_to_add(rule: ActionRule, refused: RefusedPlot) -> str:
    """The options that are missing or wrong, ready to be copied; empty where the plot itself stands in the way."""
    reasons = [one for one in refused.reasons if one.code in _FILLABLE]
    options = dict.fromkeys(filter(None, (_option(rule, one.field) for one in reasons)))
    files = dict.fromkeys(_EVIDENCE[one.field] for one in reasons if one.field in _EVIDENCE)
    told = [f"先附上：gengdi attach 台账 图斑 {one}" for one in files]
    if options:
        told.insert(0, f"请加上：{' '.join(options)}")
    return "；".join(told)


def _option(rule: ActionRule, key: str) -> str:
    field = rule.field(key)
    if key in _OWN_OPTIONS and (field is not None or key == "document_number"):
        return _OWN_OPTIONS[key]
    if field is None:
        return ""
    example = "|".join(label for _code, label in field.choices) or _EXAMPLES.get(field.kind, "…")
    return f"--set {field.label}={example}"


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
    from gengdi_desktop.evidence.service import attach, photos
    from gengdi_desktop.ledger.find import find_plot

    values = context.values
    with context.writing() as (ledger, by):
        done = attach(ledger, find_plot(ledger, values.plot), values.files, values.stage, by=by)
        known = photos(ledger, [sha256 for sha256, _ in done.files])
    data = {
        "entry": done.changes.seq,
        "stage": str(done.stage),
        "sha256": done.files[0][0],
        "files": [
            {"sha256": sha256, "name": name, "missing": known[sha256].missing if sha256 in known else []}
            for sha256, name in done.files
        ],
    }
    lines = [f"已附上{len(done.files)}个文件（{done.stage.label}）。"]
    lines += few(
        f"  {name}　{known[key].missing[0]}。" for key, name in done.files if key in known and known[key].missing
    )
    context.out.result(data, lines)
    return DONE
