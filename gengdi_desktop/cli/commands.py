"""The commands by name, and the one way in: read the line, call the function, say what happened."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gengdi_desktop import __version__
from gengdi_desktop.cli import (
    commands_act,
    commands_county,
    commands_demo,
    commands_export,
    commands_journal,
    commands_ledger,
    commands_lists,
    commands_packages,
    commands_photos,
    commands_plots,
    commands_questions,
    commands_receive,
    commands_reports,
    commands_safety,
    commands_sample,
    commands_trust,
)
from gengdi_desktop.cli.arguments import HelpWanted, Parser, UsageError
from gengdi_desktop.cli.context import Context, Desktop
from gengdi_desktop.cli.output import DONE, REFUSED, Output
from gengdi_desktop.errors import GengdiError, ProgramError, RuleError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what it does in one Chinese line, its options, its function, an example."""

    name: str
    summary: str
    configure: Callable[[Parser], None]
    run: Callable[[Context], int]
    example: str


COMMANDS: tuple[Command, ...] = (
    Command("open", "打开桌面窗口", commands_demo.configure_open, commands_demo.run_open, "gengdi open 白圩乡2023"),
    Command(
        "demo",
        "建立样例台账，走完各阶段，写出签名报告和附件",
        commands_demo.configure_demo,
        commands_demo.run_demo,
        "gengdi demo --out 样例 --unit 白圩乡 --no-window",
    ),
    Command(
        "new",
        "新建台账",
        commands_ledger.configure_new,
        commands_ledger.run_new,
        "gengdi new 白圩乡2023 --desk township --county 进贤县 --unit 白圩乡 --as 吴小琴",
    ),
    Command(
        "import",
        "导入下发的图斑清单",
        commands_lists.configure_import,
        commands_lists.run_import,
        "gengdi import 白圩乡2023 清单.xlsx --expect-count 106",
    ),
    Command(
        "progress",
        "录入村里报来的进展表",
        commands_lists.configure_progress,
        commands_lists.run_progress,
        "gengdi progress 白圩乡2023 进展表.xlsx --date 2023-08-17",
    ),
    Command(
        "act",
        "对图斑办理一个事项",
        commands_act.configure_act,
        commands_act.run_act,
        "gengdi act 白圩乡2023 check 白圩村/0012 --date 2023-07-25 --set finding=属实 --as 吴小琴",
    ),
    Command(
        "attach",
        "给图斑附上照片或文书",
        commands_act.configure_attach,
        commands_act.run_attach,
        "gengdi attach 白圩乡2023 白圩村/0012 后1.jpg 后2.jpg --stage after",
    ),
    Command(
        "photos",
        "收一个文件夹的照片，按名称和位置对上图斑",
        commands_photos.configure_photos,
        commands_photos.run_photos,
        "gengdi photos 白圩乡2023 下乡照片 --stage 整改后",
    ),
    Command(
        "questions",
        "看照片的疑问和证据齐不齐，说明疑问",
        commands_questions.configure_questions,
        commands_questions.run_questions,
        "gengdi questions 白圩乡2023 --compare",
    ),
    Command(
        "history",
        "看办理记录",
        commands_journal.configure_history,
        commands_journal.run_history,
        "gengdi history 白圩乡2023 白圩村/0012",
    ),
    Command(
        "undo", "撤销一条记录", commands_journal.configure_undo, commands_journal.run_undo, "gengdi undo 白圩乡2023"
    ),
    Command(
        "member",
        "查看、增加、停用成员",
        commands_ledger.configure_member,
        commands_ledger.run_member,
        "gengdi member 白圩乡2023 --add 李建国 --role leader",
    ),
    Command(
        "campaign",
        "查看或设置专项行动",
        commands_ledger.configure_campaign,
        commands_ledger.run_campaign,
        "gengdi campaign 白圩乡2023 专项.toml",
    ),
    Command(
        "stats", "看首页上的数字", commands_plots.configure_stats, commands_plots.run_stats, "gengdi stats 白圩乡2023"
    ),
    Command(
        "plots",
        "列出图斑",
        commands_plots.configure_plots,
        commands_plots.run_plots,
        "gengdi plots 白圩乡2023 --where state=working --limit 20",
    ),
    Command(
        "report",
        "编写、定稿、签名报告",
        commands_reports.configure_report,
        commands_reports.run_report,
        "gengdi report 白圩乡2023 rectification_letter --out 报告.pdf --sign --number 白府函〔2023〕12号 --as 吴小琴",
    ),
    Command(
        "export",
        "导出台账，或给村里填的表",
        commands_export.configure_export,
        commands_export.run_export,
        "gengdi export 白圩乡2023 村级填报表.xlsx --form village",
    ),
    Command(
        "handin",
        "记下报告已经报送",
        commands_reports.configure_handin,
        commands_reports.run_handin,
        "gengdi handin 白圩乡2023 1 --to 县专班办公室 --medium U盘",
    ),
    Command(
        "sample",
        "抽查：封存抽样框、抽样、录结果、入账、退回",
        commands_sample.configure_sample,
        commands_sample.run_sample,
        "gengdi sample 白圩乡2023 --ratio 5% --seed 20230821 --by 村 --as 吴小琴",
    ),
    Command(
        "identity",
        "本单位的签名身份",
        commands_trust.configure_identity,
        commands_trust.run_identity,
        "gengdi identity 白圩乡2023 --create --passphrase-file 口令.txt --as 吴小琴",
    ),
    Command(
        "trust",
        "这本台账相信谁的签名",
        commands_trust.configure_trust,
        commands_trust.run_trust,
        "gengdi trust 白圩乡2023 县专班.cer",
    ),
    Command(
        "pack",
        "打包给别的单位：任务、抽查、报送、反馈",
        commands_packages.configure_pack,
        commands_packages.run_pack,
        "gengdi pack 白圩乡2023 submission --out /media/u --as 吴小琴",
    ),
    Command(
        "receive",
        "收别的单位打的包，先看后收",
        commands_receive.configure_receive,
        commands_receive.run_receive,
        "gengdi receive 白圩乡2023 任务包.gdpkg --dry-run",
    ),
    Command(
        "conflicts",
        "列出两边都改过的项目，裁定用哪个",
        commands_receive.configure_conflicts,
        commands_receive.run_conflicts,
        "gengdi conflicts 进贤县2023 --decide 3 theirs --reason 以现场为准 --as 吴小琴",
    ),
    Command(
        "board",
        "县里看各乡镇报了没有",
        commands_county.configure_board,
        commands_county.run_board,
        "gengdi board 进贤县2023 --unit 白圩乡",
    ),
    Command(
        "twins",
        "县里查两个乡镇报的同一个图斑、同一张照片",
        commands_county.configure_twins,
        commands_county.run_twins,
        "gengdi twins 进贤县2023 --compare",
    ),
    Command(
        "verify",
        "核对签名文件",
        commands_trust.configure_verify,
        commands_trust.run_verify,
        "gengdi verify 报告.pdf --ledger 白圩乡2023",
    ),
    Command(
        "check",
        "核对台账是否完好",
        commands_safety.configure_check,
        commands_safety.run_check,
        "gengdi check 白圩乡2023 --against 报告.pdf",
    ),
    Command(
        "backup",
        "备份",
        commands_safety.configure_backup,
        commands_safety.run_backup,
        "gengdi backup 白圩乡2023 /media/u",
    ),
    Command(
        "restore",
        "从备份恢复成新的台账文件夹",
        commands_safety.configure_restore,
        commands_safety.run_restore,
        "gengdi restore 白圩乡_20230820-180000.gdbak 白圩乡2023恢复",
    ),
    Command(
        "self-test",
        "用样例把每个环节走一遍，检查程序本身",
        commands_demo.configure_self_test,
        commands_demo.run_self_test,
        "gengdi self-test",
    ),
)

BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}


def main(argv: Sequence[str], desktop: Desktop | None = None) -> int:
    """Runs one command.

    Args:
        argv: The line without the program's name.
        desktop: The window, lent by the composition root; commands that need none do without.

    Returns:
        0 done and sound, 1 done but what was checked is not sound, 2 refused.
    """
    as_json = "--json" in argv
    _speak_utf8(as_json=as_json)
    out = Output(as_json=as_json)
    try:
        return _run(list(argv), out, desktop)
    except GengdiError as error:
        return out.refusal(error)
    except KeyboardInterrupt:
        return out.refusal(RuleError("interrupted", "已按 Ctrl-C 中断，没做完的这一步没有写入台账。"))
    except BrokenPipeError:
        # Whoever read our answer has left (``| head``); nothing is wrong with the ledger.
        sys.stderr.close()
        return DONE
    except Exception:  # noqa: BLE001  (whatever it is, a person sees a sentence and the log keeps the rest)
        _log.exception("command failed")
        message = "程序自己出了错，没做完的这一步没有写入台账。"
        return out.refusal(ProgramError("program_error", message, "请把这条命令和日志文件发给维护人员。"))


def parser_of(command: Command) -> Parser:
    """The parser of one command, with its example below the options."""
    parser = Parser(command.name, command.summary)
    command.configure(parser)
    parser.epilog = f"例：\n  {command.example}{parser.footnote}"
    return parser


def overview() -> str:
    """The text of ``gengdi --help``."""
    width = max(len(command.name) for command in COMMANDS)
    lines = [f"  {command.name:<{width}}  {command.summary}" for command in COMMANDS]
    return "\n".join(
        (
            "耕地整改台账。不带参数时打开桌面窗口。",
            "",
            "用法：gengdi [命令] [参数]",
            "",
            "命令：",
            *lines,
            "",
            "每个命令都有说明：gengdi 命令 --help；结果要给程序读时加 --json。",
            "退出码：0 办好；1 办了，但核对的东西有问题；2 没有办，什么都没有改。",
        )
    )


def _run(argv: list[str], out: Output, desktop: Desktop | None) -> int:
    words = [word for word in argv if word != "--json"]
    if not words or words[0] in {"-h", "--help"}:
        out.result({"commands": {command.name: command.summary for command in COMMANDS}}, [overview()])
        return DONE
    if words[0] == "--version":
        out.result({"version": __version__}, [__version__])
        return DONE
    command = BY_NAME.get(words[0])
    if command is None:
        raise UsageError(f"没有“{words[0]}”这个命令。")
    out.command = command.name
    try:
        values = parser_of(command).read(words[1:])
    except HelpWanted as wanted:
        out.result({"help": str(wanted)}, [str(wanted)])
        return DONE
    return command.run(Context(values, out, desktop))


def _speak_utf8(*, as_json: bool) -> None:
    """JSON is UTF-8 whatever the console's code page; text never dies of a character the console lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(**({"encoding": "utf-8"} if as_json else {"errors": "replace"}))


__all__ = ["BY_NAME", "COMMANDS", "REFUSED", "Command", "Desktop", "main", "overview", "parser_of"]
