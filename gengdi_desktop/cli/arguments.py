"""How a command line is read: argparse with Chinese words, options and names in any order, nothing abbreviated."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn, Protocol

from gengdi_desktop.errors import RuleError

_SAID_IN_ENGLISH: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (?P<what>.+)", "还缺：{what}。"),
    (r"unrecognized arguments: (?P<what>.+)", "不认识：{what}。"),
    (r"argument (?P<what>\S+): expected (?:one|at least one) argument", "{what} 后面还要写一个值。"),
    (r"argument (?P<what>\S+): expected (?P<n>\d+) arguments", "{what} 后面还要写{n}个值。"),
    (r"argument (?P<what>\S+): ignored explicit argument (?P<value>.+)", "{what} 后面不带值，却写了{value}。"),
    (
        r"argument (?P<what>\S+): invalid choice: (?P<value>.+?) \(choose from (?P<known>.+)\)",
        "{what} 只能是{known}，写的是{value}。",
    ),
    (r"argument (?P<what>\S+): invalid \S+ value: (?P<value>.+)", "{what} 的值{value}不对。"),
    (r"argument (?P<what>\S+): not allowed with argument (?P<other>\S+)", "{what} 不能和 {other} 一起用。"),
    (r"one of the arguments (?P<what>.+) is required", "要写其中一个：{what}。"),
    (r"argument (?P<what>\S+): (?P<said>[\u4e00-\u9fff“].*)", "{what}：{said}。"),
)


class Labelled(Protocol):
    """A member of a closed list: its stored code and its Chinese name."""

    @property
    def value(self) -> str:
        """What is stored."""

    @property
    def label(self) -> str:
        """What people read."""


class UsageError(RuleError):
    """The command line itself is not right; said in Chinese, with where to look it up."""

    def __init__(self, message: str, command: str = "") -> None:
        where = f"gengdi {command} --help" if command else "gengdi --help"
        super().__init__("usage", message, f"写法见：{where}")


class HelpWanted(Exception):
    """``--help`` was given; the argument is the text."""


class Parser(argparse.ArgumentParser):
    """A parser of one command; its errors are :class:`UsageError`, its help is Chinese."""

    def __init__(self, command: str, summary: str) -> None:
        super().__init__(
            prog=f"gengdi {command}",
            description=summary,
            add_help=False,
            allow_abbrev=False,
            formatter_class=_ChineseHelp,
        )
        self._command = command
        self.footnote = ""
        """What stands below the example in the help."""
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("--json", action="store_true", help="结果用一个 JSON 对象打印")
        self.add_argument("-h", "--help", action="store_true", help="显示这份说明")

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The values of a command line.

        Raises:
            UsageError: Something is missing, unknown or no value of its kind.
            HelpWanted: Help was asked for.
        """
        if {"-h", "--help"} & set(arguments):
            raise HelpWanted(self.format_help())
        return self.parse_intermixed_args(list(arguments))

    def error(self, message: str) -> NoReturn:
        """Says argparse's English sentence in Chinese."""
        raise UsageError(in_chinese(message), self._command)

    def takes_ledger(self, *, writes: bool = False) -> None:
        """The ledger's folder as first argument; who acts, where the command writes."""
        self.add_argument("ledger", metavar="LEDGER", type=Path, help="台账文件夹，写其中的 ledger.gengdi 也可以")
        if writes:
            self.add_argument("--as", dest="by", metavar="姓名", help="经办人；在册两人以上时必须写")

    def takes_date(self, help_text: str) -> None:
        """``--date``: the day on which it happened."""
        self.add_argument("--date", metavar="日期", type=day, help=help_text)

    def takes_choice(self, name: str, choices: Iterable[Labelled], help_text: str, *, required: bool = False) -> None:
        """An option of a closed list, said by code or by Chinese name; the value is the member."""
        known = "、".join(f"{one.value}（{one.label}）" for one in choices)
        self.add_argument(
            name,
            metavar=name.lstrip("-").upper(),
            type=_one_of(tuple(choices)),
            required=required,
            help=f"{help_text}：{known}",
        )

    def takes_overwrite(self) -> None:
        """``--overwrite``: a file of that name may be lost."""
        self.add_argument("--overwrite", action="store_true", help="已有同名文件时盖掉它；不写就不动它")

    def takes_conditions(self, help_text: str) -> None:
        """``--where``: conditions on plots; said several times, all of them hold."""
        self.add_argument("--where", metavar="名称=值,…", action="append", default=[], help=help_text)


class _ChineseHelp(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=100)

    def add_usage(
        self,
        usage: str | None,
        actions: object,
        groups: object,
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or "用法：")  # type: ignore[arg-type]


def in_chinese(message: str) -> str:
    """Argparse's sentence, said to a clerk."""
    for pattern, sentence in _SAID_IN_ENGLISH:
        match = re.fullmatch(pattern, message)
        if match:
            return sentence.format(**{key: _plain(value) for key, value in match.groupdict().items()})
    return f"命令写得不对：{message}"


def day(text: str) -> date:
    """An ISO date of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"“{text}”不是日期，请写成 2023-08-20 这样"
        raise argparse.ArgumentTypeError(message) from error


def pair(text: str) -> tuple[str, str]:
    """``key=value`` of the command line."""
    key, mark, value = text.partition("=")
    if not mark or not key.strip():
        message = f"“{text}”要写成 名称=值"
        raise argparse.ArgumentTypeError(message)
    return key.strip(), value.strip()


def row_range(text: str) -> tuple[int, int]:
    """First and last row of a header: ``3`` or ``3-4``."""
    first, mark, last = text.replace("—", "-").replace("－", "-").partition("-")
    try:
        rows = whole_number(first.strip()), whole_number(last.strip() if mark else first.strip())
    except argparse.ArgumentTypeError as error:
        message = f"“{text}”不是行号，请写成 3 或 3-4 这样"
        raise argparse.ArgumentTypeError(message) from error
    if rows[0] > rows[1]:
        message = f"“{text}”前一行要在后一行上面"
        raise argparse.ArgumentTypeError(message)
    return rows


def whole_number(text: str) -> int:
    """A count: one or more."""
    if not text.isdecimal() or int(text) == 0:
        message = f"“{text}”不是个数"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _one_of(choices: Sequence[Labelled]) -> Callable[[str], Labelled]:
    def read(text: str) -> Labelled:
        plain = "".join(text.split())
        found = next((one for one in choices if plain in {one.value, one.label}), None)
        if found is None:
            known = "、".join(one.label for one in choices)
            message = f"没有“{text}”，可以写{known}"
            raise argparse.ArgumentTypeError(message)
        return found

    return read


def _plain(value: str) -> str:
    """Python's quotes become Chinese ones."""
    return re.sub(r"'([^']*)'", r"“\1”", value).replace(", ", "、")
