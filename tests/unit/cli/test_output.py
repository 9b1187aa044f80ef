"""What a command tells: one JSON object and nothing else, or text in columns; progress on a terminal only."""

from __future__ import annotations

import io
import json

from gengdi_desktop.cli.output import REFUSED, Output, table, width_of
from gengdi_desktop.errors import RuleError


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_json_is_one_object_on_standard_output_and_keeps_han_signs() -> None:
    out, err = io.StringIO(), io.StringIO()
    output = Output(as_json=True, out=out, err=err)
    output.note("说明")
    output.result({"unit": "白圩乡"}, ["不打印"])
    assert json.loads(out.getvalue()) == {"unit": "白圩乡"}
    assert "白圩乡" in out.getvalue()
    assert err.getvalue() == "说明\n"


def test_a_refusal_is_json_too_with_the_usual_keys_beside_it() -> None:
    out = io.StringIO()
    code = Output(as_json=True, out=out).refusal(RuleError("x", "没有办。", "请核对。"), {"rows": 3})
    assert code == REFUSED
    assert json.loads(out.getvalue()) == {"rows": 3, "error": {"code": "x", "message": "没有办。", "hint": "请核对。"}}


def test_a_refusal_in_text_goes_to_standard_error() -> None:
    out, err = io.StringIO(), io.StringIO()
    Output(as_json=False, out=out, err=err).refusal(RuleError("x", "没有办。", "请核对。"))
    assert out.getvalue() == ""
    assert err.getvalue() == "没有办。\n请核对。\n"


def test_progress_shows_on_a_terminal_only_and_leaves_a_clean_line() -> None:
    out, silent, terminal = io.StringIO(), io.StringIO(), Terminal()
    Output(as_json=False, out=out, err=silent).progress("读取")(1, 2)
    assert silent.getvalue() == ""
    output = Output(as_json=False, out=out, err=terminal)
    output.progress("读取")(1, 2)
    output.result({}, ["好了"])
    assert "读取 1/2" in terminal.getvalue()
    assert terminal.getvalue().endswith("\n")
    assert out.getvalue() == "好了\n"


def test_columns_stand_below_each_other_although_han_signs_are_wide() -> None:
    lines = table(("村", "面积"), [("白圩村", "1.79"), ("连桥", "12.30")], right=[1])
    assert len({width_of(line) for line in lines}) == 1
    assert lines[2].endswith(" 1.79")


def test_one_row_a_line_for_long_tables() -> None:
    out = io.StringIO()
    Output(as_json=False, out=out).rows([{"a": 1}, {"a": 2}])
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [{"a": 1}, {"a": 2}]
