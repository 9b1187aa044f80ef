"""Commands on the journal: history, undo."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from gengdi_desktop.cli.arguments import Parser, UsageError, whole_number
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE


def configure_history(parser: Parser) -> None:
    """LEDGER [PLOT] [--limit]."""
    parser.takes_ledger()
    parser.add_argument("plot", metavar="PLOT", nargs="?", help="只看这个图斑的")
    parser.add_argument("--limit", metavar="N", type=whole_number, default=50, help="最多多少条，默认50")


def configure_undo(parser: Parser) -> None:
    """LEDGER [SEQ] [--untouched] [--field PLOT:FIELD]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("seq", metavar="SEQ", nargs="?", type=whole_number, help="记录的序号；不写就是最近一条")
    parser.add_argument("--untouched", action="store_true", help="撤回导入时，只撤后来没有动过的图斑")
    parser.add_argument("--field", metavar="PLOT:FIELD", help="只把一个图斑的一项恢复成原值")


def run_history(context: Context) -> int:
    """The journal in sentences, newest first."""
    from gengdi_desktop.ledger.find import find_plot
    from gengdi_desktop.ledger.history import history

    values = context.values
    with context.reading() as ledger:
        plot = find_plot(ledger, values.plot) if values.plot else None
        told = history(ledger, plot, limit=values.limit)
    lines = []
    for one in told:
        undone = f"（已由第{one.undone_by}条撤销）" if one.undone_by else ""
        known = not one.reason or one.reason.partition("，")[0] in one.sentence
        reason = "" if known else f"（{one.reason}）"
        lines.append(f"{one.seq:>5}  {_local(one.at)}　{one.actor}　{one.sentence}{reason}{undone}")
    context.out.result({"entries": [asdict(one) for one in told]}, lines or ["还没有办理记录。"])
    return DONE


def run_undo(context: Context) -> int:
    """Turns an entry back, or one field."""
    from gengdi_desktop.ledger.undo import UndoRefusedError, undo

    values = context.values
    if values.field:
        return _restore_field(context)
    with context.writing() as (ledger, by):
        try:
            done = undo(ledger, values.seq, by=by, untouched=values.untouched)
        except UndoRefusedError as refused:
            return context.out.refusal(
                refused,
                {
                    "entry": None,
                    "in_the_way": [asdict(one) for one in refused.in_the_way],
                    "untouched": refused.untouched,
                },
            )
    data = {"entry": done.entry, "undoes": done.undoes, "in_the_way": [], "left": list(done.left)}
    lines = [f"已撤销第{done.undoes}条：{done.label}。"]
    if done.left:
        lines.append(f"有{len(done.left)}个图斑后来动过，留着没撤。")
    context.out.result(data, lines)
    return DONE


def _restore_field(context: Context) -> int:
    from gengdi_desktop.ledger.find import find_plot
    from gengdi_desktop.ledger.undo import restore_field

    plot, mark, name = context.values.field.rpartition(":")
    if not mark or not plot:
        raise UsageError("--field 要写成 图斑:项目，例如 白圩村/0012:成因。", "undo")
    with context.writing() as (ledger, by):
        changes = restore_field(ledger, find_plot(ledger, plot), name, by=by)
    context.out.result({"entry": changes.seq, "in_the_way": []}, [f"已把“{plot}”的 {name} 恢复成原值。"])
    return DONE


def _local(at: str) -> str:
    """A time of the journal as this computer's wall shows it."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
