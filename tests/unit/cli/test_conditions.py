"""Conditions of the command line: all of them hold, and a slip is told instead of choosing other plots."""

from __future__ import annotations

import pytest

from gengdi_desktop.cli.arguments import Parser, UsageError
from gengdi_desktop.cli.conditions import conditions
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.queries import FIELDS, Condition, Match


def test_conditions_behind_one_option_or_several_all_hold() -> None:
    wanted = (Condition("village", "白圩村"), Condition("state", "working"))
    assert conditions(["village=白圩村,state=working"]) == wanted
    parser = Parser("plots", "")
    parser.takes_conditions("")
    assert conditions(parser.read(["--where", "village=白圩村", "--where", "state=整改中"]).where) == wanted
    assert conditions(parser.read([]).where) == ()


def test_words_of_people_become_names_and_codes() -> None:
    assert conditions(["村~白圩，状态=整改中，超期=是，类型=撂荒，类别=待验收"]) == (
        Condition("village", "白圩", Match.CONTAINS),
        Condition("state", "working"),
        Condition("overdue", "1"),
        Condition("kind", "abandoned"),
        Condition("label", "awaiting"),
    )
    assert conditions(["证据=缺，证据情况~整改前照片"]) == (
        Condition("evidence", "missing"),
        Condition("evidence_told", "整改前照片", Match.CONTAINS),
    )
    assert conditions(["下发面积>=5,时限<=2023-08-20"]) == (
        Condition("issued_area", "5", Match.AT_LEAST),
        Condition("deadline", "2023-08-20", Match.AT_MOST),
    )
    assert {one.field for one in conditions(["剩余>=1,退回=否,责任人=,乡镇=白圩乡,图斑编号=1,流出年度=2021"])} <= set(
        FIELDS
    )


@pytest.mark.parametrize(
    "slip", ["village", "=白圩村", "remark~", "state=整改种", "类型=种树", "证据=有", "deadline<=明天", "state="]
)
def test_a_slip_is_refused_and_never_chooses_more_plots(slip: str) -> None:
    with pytest.raises(UsageError):
        conditions([f"village=白圩村,{slip}"])


def test_a_name_that_no_plot_has_is_told_with_the_names_that_people_use() -> None:
    with pytest.raises(RuleError) as caught:
        conditions(["面积=5"])
    assert caught.value.code == "unknown_field"
    assert "下发面积" in caught.value.hint
