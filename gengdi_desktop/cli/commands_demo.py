"""Commands that show or test the program: open, demo, self-test."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from gengdi_desktop.cli.arguments import Parser
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, NOT_SOUND
from gengdi_desktop.errors import SurroundingsError

_UNIT = "白圩乡"


def configure_open(parser: Parser) -> None:
    """LEDGER."""
    parser.add_argument("ledger", metavar="LEDGER", nargs="?", type=Path, help="台账文件夹；不写就打开开始页")


def run_open(context: Context) -> int:
    """Opens the window."""
    if context.desktop is None or not context.desktop.available():
        hint = "请在桌面环境里打开，或改用其他命令。"
        raise SurroundingsError("no_display", "这里没有显示器，窗口打不开。台账没有变。", hint)
    return context.desktop.show(context.values.ledger)


def configure_demo(parser: Parser) -> None:
    """[--out DIR] [--unit U | --county] [--no-window]."""
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("耕地整改台账样例"), help="写到哪个新文件夹")
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument("--unit", metavar="单位", default=_UNIT, help=f"做哪个乡镇的样例，默认{_UNIT}")
    scope.add_argument("--county", action="store_true", help="做全县的样例：县、抽查组和23个乡镇之间用U盘来往的全过程")
    parser.add_argument("--no-window", action="store_true", help="做完不打开窗口")


def run_demo(context: Context) -> int:
    """Walks the sample campaign to signed papers, then opens the window on it where there is a display."""
    made = _county(context) if context.values.county else _township(context)
    if context.values.no_window or context.desktop is None or not context.desktop.available():
        return DONE
    return context.desktop.show(made)


def _township(context: Context) -> Path:
    from gengdi_desktop.demo.walk import find_unit, walk

    values = context.values
    unit = find_unit(values.unit)
    walked = walk(values.out, unit, context.clock, say=context.out.note, progress=context.out.progress("办理"))
    data = {
        "ledger": str(walked.ledger),
        "report": str(walked.report),
        "files": [str(path) for path in walked.files],
        "report_id": walked.report_id,
        "unit": walked.unit,
    }
    lines = [
        "样例做好了，都标着“样例”，今天固定为2023年8月20日。",
        f"台账：{walked.ledger}",
        f"已签名的报告：{walked.report}",
    ]
    context.out.result(data, lines + [f"　　　　{path}" for path in walked.files if path != walked.report])
    return walked.ledger


def _county(context: Context) -> Path:
    from gengdi_desktop.demo.county_walk import walk_county

    out = context.out
    walked = walk_county(context.values.out, context.clock, say=out.note, progress=out.progress("乡镇"))
    data = {
        "ledger": str(walked.ledger),
        "report": str(walked.report),
        "files": [str(path) for path in walked.files],
        "ledgers": [str(path) for path in walked.ledgers],
        "totals": list(walked.totals),
    }
    lines = [
        "全县的样例做好了，都标着“样例”。",
        *walked.totals,
        f"县级台账：{walked.ledger}",
        f"已签名的总结报告：{walked.report}",
        f"一共{len(walked.ledgers)}本台账，往来的包、证书、报告共{len(walked.files)}个文件，都在“{context.values.out}”里。",
    ]
    out.result(data, lines)
    return walked.ledger


def configure_self_test(parser: Parser) -> None:
    """[--out DIR]."""
    parser.add_argument("--out", metavar="DIR", type=Path, help="把过程中的文件留在这个新文件夹")


def run_self_test(context: Context) -> int:
    """Runs every stage on the sample and says what went well."""
    from gengdi_desktop.demo.self_test import self_test

    paint = context.desktop.paint if context.desktop is not None else None
    steps = self_test(context.clock, paint, out=context.values.out, say=context.out.note)
    ok = all(step.ok for step in steps)
    lines = [f"{'好' if one.ok else '坏'}　{one.name}　{one.milliseconds}毫秒　{one.message}".rstrip() for one in steps]
    verdict = "每个环节都正常。" if ok else "有环节没有通过，请把上面的内容发给维护人员。"
    context.out.result({"ok": ok, "steps": [asdict(step) for step in steps]}, [*lines, verdict])
    return DONE if ok else NOT_SOUND
