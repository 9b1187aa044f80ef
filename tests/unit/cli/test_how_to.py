"""What to type next: known codes only, options of the command line, and nothing of it in the hints of services."""

from __future__ import annotations

import ast
import io
import re
from functools import cache
from pathlib import Path

import gengdi_desktop
from gengdi_desktop.cli import how_to
from gengdi_desktop.cli.commands import BY_NAME, parser_of
from gengdi_desktop.cli.output import Output
from gengdi_desktop.errors import RuleError

PACKAGE = Path(gengdi_desktop.__file__).parent
HAN = re.compile(r"[一-鿿]")
OPTION = re.compile(r"--[a-z][a-z-]+")
SAID_BY_THE_COMMAND_LINE = {"untouched"}


@cache
def texts(*, of_the_command_line: bool) -> tuple[str, ...]:
    """The string constants of the program, of its command line or of everything else."""
    modules = (
        ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if (path.parent.name == "cli") is of_the_command_line and path.name != "how_to.py"
    )
    nodes = (node for module in modules for node in ast.walk(module))
    return tuple(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_every_code_is_one_that_the_program_says() -> None:
    said = {*texts(of_the_command_line=False), *texts(of_the_command_line=True)}
    codes = {code for table in (how_to.EVERYWHERE, *how_to.BY_COMMAND.values()) for code in table}
    assert codes - said <= SAID_BY_THE_COMMAND_LINE


def test_every_option_that_is_told_is_one_of_a_command() -> None:
    known = {
        option
        for command in BY_NAME.values()
        for action in parser_of(command)._actions
        for option in action.option_strings
    }
    assert set(how_to.BY_COMMAND) <= set(BY_NAME)
    ways = [way for table in (how_to.EVERYWHERE, *how_to.BY_COMMAND.values()) for way in table.values()]
    assert {option for way in ways for option in OPTION.findall(way)} <= known
    assert {name for way in ways for name in re.findall(r"gengdi ([a-z-]+) ", way)} <= set(BY_NAME)


def test_services_speak_to_windows_too_and_name_no_options() -> None:
    spoken = [text for text in texts(of_the_command_line=False) if HAN.search(text) and OPTION.search(text)]
    assert spoken == []


def test_rows_and_plots_say_their_own_ways_after_the_refusal_itself() -> None:
    data = {"problems": [{"code": "changed"}, {"code": "changed"}, {"code": "no such code"}]}
    told = how_to.ways("import", how_to.codes_of("import", "rows_refused", data))
    assert told.index("--partial") < told.index("--reissue-of")
    assert told.count("--reissue-of") == 1
    assert how_to.ways("stats", ["rows_refused"]) == ""
    assert "--untouched" in how_to.ways("undo", how_to.codes_of("undo", "in_the_way", {"untouched": 3}))
    assert "--untouched" not in how_to.ways("undo", how_to.codes_of("undo", "in_the_way", {"untouched": 0}))


def test_the_way_stands_behind_the_hint() -> None:
    error = RuleError("who", "不知道是谁在做。", "请写明是谁：甲、乙。")
    out, err = io.StringIO(), io.StringIO()
    Output(as_json=False, out=out, err=err).refusal(error)
    assert err.getvalue().splitlines() == ["不知道是谁在做。", "请写明是谁：甲、乙。", "怎么做：加 --as 姓名。"]
    Output(as_json=True, out=out, err=err).refusal(error)
    assert "请写明是谁：甲、乙。加 --as 姓名。" in out.getvalue()


def test_of_a_package_only_the_weightiest_problem_shows_a_way() -> None:
    data = {"problems": [{"code": "other_unit"}, {"code": "signer_unknown"}]}
    assert how_to.codes_of("receive", "other_unit", data) == ("other_unit",)
