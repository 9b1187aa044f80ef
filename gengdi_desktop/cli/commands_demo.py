"""Commands that show or test the program: open, demo, self-test."""

from __future__ import annotations

from pathlib import Path

from gengdi_desktop.cli.arguments import Parser
from gengdi_desktop.cli.context import Context
from gengdi_desktop.errors import SurroundingsError


def configure_open(parser: Parser) -> None:
    """LEDGER."""
    parser.add_argument("ledger", metavar="LEDGER", nargs="?", type=Path, help="台账文件夹；不写就打开开始页")


def run_open(context: Context) -> int:
    """Opens the window."""
    if context.desktop is None or not context.desktop.available():
        raise SurroundingsError(
            "no_display", "这里没有显示器，窗口打不开。台账没有变。", "请在桌面环境里打开，或改用其他命令。"
        )
    return context.desktop.show(context.values.ledger)
