"""How plots are grouped: limits belong to the larger class, risks are counted, names can stand in a frame."""

from __future__ import annotations

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.phases.sampling.strata import (
    Candidate,
    Risk,
    StratumField,
    area_class,
    frame_of,
    is_large,
    risk_class,
    rules_in_words,
    strata_of,
)

_PLOT = Candidate("p1", "白圩乡", "白圩村", "非粮化", Area(5_280_000))


@pytest.mark.parametrize(
    ("micro_mu", "name"),
    [
        (0, "1 亩以下"), (999_999, "1 亩以下"), (1_000_000, "1 至 5 亩"), (4_999_999, "1 至 5 亩"),
        (5_000_000, "5 至 15 亩"), (14_999_999, "5 至 15 亩"), (15_000_000, "15 亩以上"),
    ],
)  # fmt: skip
def test_area_classes(micro_mu: int, name: str) -> None:
    assert area_class(Area(micro_mu)) == name
    assert is_large(Area(micro_mu)) == (name == "15 亩以上")


def test_risks_are_counted() -> None:
    assert risk_class(frozenset()) == "一般"
    assert risk_class(frozenset({Risk.LATE})) == "关注"
    assert risk_class(frozenset({Risk.LATE, Risk.LARGE})) == "重点"


def test_fields_are_named_in_either_language_once() -> None:
    assert strata_of(["村", "kind", "village"]) == (StratumField.VILLAGE, StratumField.KIND)
    with pytest.raises(RuleError, match="不能按“weather”分层"):
        strata_of(["weather"])


def test_names_of_strata() -> None:
    every = tuple(StratumField)
    (only,) = frame_of([_PLOT], every).plots
    assert only.stratum == "白圩乡／白圩村／非粮化／5 至 15 亩／一般"
    assert frame_of([_PLOT], ()).plots[0].stratum == "全部"
    nameless = Candidate("p2", "白圩乡", "", "非\t粮\n化", Area(1))
    assert frame_of([nameless], (StratumField.VILLAGE, StratumField.KIND)).plots[0].stratum == "未填／非 粮 化"


def test_villages_of_one_name_in_two_townships_stay_apart() -> None:
    other = Candidate("p2", "民和镇", "白圩村", "非粮化", Area(1))
    by_village = frame_of([_PLOT, other], (StratumField.VILLAGE,))
    assert set(by_village.strata) == {"白圩乡白圩村", "民和镇白圩村"}
    both = frame_of([_PLOT, other], (StratumField.TOWNSHIP, StratumField.VILLAGE))
    assert set(both.strata) == {"白圩乡／白圩村", "民和镇／白圩村"}


def test_rules_that_a_name_does_not_tell_are_said() -> None:
    assert rules_in_words((StratumField.VILLAGE, StratumField.KIND)) == ()
    areas, risks = rules_in_words((StratumField.AREA_CLASS, StratumField.RISK))
    assert "1、5、15 亩" in areas
    assert all(one.label in risks for one in Risk)
