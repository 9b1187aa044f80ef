"""How a command line is read: every mistake is said in Chinese, options and names come in any order."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

import pytest

from gengdi_desktop.cli.arguments import HelpWanted, Parser, UsageError, day, in_chinese, pair, whole_number


def parser() -> Parser:
    made = Parser("try", "试一试")
    made.takes_ledger(writes=True)
    made.add_argument("plots", metavar="PLOT", nargs="*")
    made.add_argument("--date", type=day)
    made.add_argument("--desk", choices=["township", "county"])
    made.add_argument("--count", type=whole_number)
    made.add_argument("--set", type=pair, action="append", default=[])
    group = made.add_mutually_exclusive_group()
    group.add_argument("--again", action="store_true")
    group.add_argument("--rebuild", action="store_true")
    return made


def test_options_and_names_may_be_mixed() -> None:
    values = parser().read(["台账", "甲", "--date", "2023-08-20", "乙", "--set", "crop=晚稻", "丙", "--as", "吴小琴"])
    assert values.ledger == Path("台账")
    assert values.plots == ["甲", "乙", "丙"]
    assert values.date == date(2023, 8, 20)
    assert values.set == [("crop", "晚稻")]
    assert values.by == "吴小琴"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ([], "还缺"),
        (["台账", "--nosuch"], "不认识"),
        (["台账", "--date"], "后面还要写一个值"),
        (["台账", "--date", "8月20日"], "不是日期"),
        (["台账", "--desk", "省"], "township"),
        (["台账", "--count", "0"], "不是个数"),
        (["台账", "--set", "晚稻"], "名称=值"),
        (["台账", "--again", "--rebuild"], "不能和"),
        (["台账", "--again=1"], "不带值"),
        (["台账", "--dat", "2023-08-20"], "不认识"),
    ],
)
def test_every_mistake_is_said_in_chinese(line: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parser().read(line)
    assert said in caught.value.message
    assert caught.value.message.endswith("。")
    assert not re.search(r"\b(argument|expected|invalid|required|choice)\b", caught.value.message)
    assert "gengdi try --help" in caught.value.hint


def test_help_is_asked_for_and_speaks_chinese() -> None:
    with pytest.raises(HelpWanted) as caught:
        parser().read(["--help"])
    text = str(caught.value)
    assert text.startswith("用法：gengdi try")
    assert "选项:" in text
    assert "usage" not in text


def test_a_sentence_that_nobody_translated_still_says_what_it_is() -> None:
    assert in_chinese("something new") == "命令写得不对：something new"


def test_values_are_read_or_refused_in_words() -> None:
    assert pair("a=b=c") == ("a", "b=c")
    assert whole_number("12") == 12
    for reader, text in ((pair, "=x"), (whole_number, "-1"), (day, "2023-02-30")):
        with pytest.raises(argparse.ArgumentTypeError, match=text):
            reader(text)
