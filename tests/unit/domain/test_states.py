"""States, labels, desks and buckets, walked as tables."""

from __future__ import annotations

import itertools

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import (
    Bucket,
    CountsAs,
    Desk,
    DoneRule,
    Label,
    State,
    label_of,
    label_of_split,
)

SOME, NONE = Area(1), Area.ZERO

STATES = {
    "issued": ("已下发", "open"),
    "checked": ("已自查", "open"),
    "planned": ("已定措施", "open"),
    "working": ("整改中", "open"),
    "works_done": ("已整治未耕种", "open"),
    "contested": ("举证无需整改", "open"),
    "claimed": ("已申报", "open"),
    "accepted": ("镇级验收合格", "done"),
    "county_accepted": ("县级验收合格", "done"),
    "closed": ("已销号", "done"),
    "cancelled": ("核减", "neither"),
    "split": ("被拆分", "children"),
}


def test_the_states_are_those_of_the_table() -> None:
    assert {state.value: (state.label, state.counts_as(DoneRule.ACCEPTED).value) for state in State} == STATES


def test_only_accepted_depends_on_the_rule() -> None:
    differing = [s for s in State if s.counts_as(DoneRule.ACCEPTED) is not s.counts_as(DoneRule.COUNTY_ACCEPTED)]
    assert differing == [State.ACCEPTED]
    assert State.ACCEPTED.counts_as(DoneRule.COUNTY_ACCEPTED) is CountsAs.OPEN
    assert [rule.label for rule in DoneRule] == ["镇级验收合格", "县级验收合格"]


def expected_label(state: State, restored: Area, rule: DoneRule) -> str:
    """The six labels, told once more in another way."""
    fixed = {
        State.CANCELLED: "核减",
        State.CLOSED: "已销号",
        State.COUNTY_ACCEPTED: "整改到位",
        State.CLAIMED: "待验收",
    }
    if state is State.ACCEPTED:
        return "整改到位" if rule is DoneRule.ACCEPTED else "待验收"
    return fixed.get(state, "部分整改" if restored == SOME else "未整改")


@pytest.mark.parametrize(
    ("state", "restored", "rule"),
    list(itertools.product([s for s in State if s is not State.SPLIT], [SOME, NONE], DoneRule)),
)
def test_every_plot_has_exactly_the_first_label_that_fits(state: State, restored: Area, rule: DoneRule) -> None:
    label = label_of(state, restored, rule)
    assert label.label == expected_label(state, restored, rule)
    assert label.rectified == (label.label in {"整改到位", "已销号"})
    assert label.rectified == (state.counts_as(rule) is CountsAs.DONE)


def test_a_split_plot_has_no_label_of_its_own() -> None:
    with pytest.raises(ValueError, match="children"):
        label_of(State.SPLIT, NONE, DoneRule.ACCEPTED)


@pytest.mark.parametrize(
    ("children", "label"),
    [
        ([(State.CLOSED, SOME), (State.CLOSED, SOME)], "已销号"),
        ([(State.CLOSED, SOME), (State.CANCELLED, NONE)], "已销号"),
        ([(State.CLOSED, SOME), (State.ACCEPTED, SOME)], "部分整改"),
        ([(State.ISSUED, NONE), (State.CHECKED, NONE)], "未整改"),
        ([(State.CANCELLED, NONE), (State.CANCELLED, NONE)], "核减"),
        ([], "部分整改"),
    ],
)
def test_a_split_plot_is_labelled_by_its_children(children: list[tuple[State, Area]], label: str) -> None:
    assert label_of_split(children, DoneRule.ACCEPTED).label == label


def test_buckets_know_whether_papers_settle_them() -> None:
    assert [(bucket.value, bucket.label, bucket.on_paper) for bucket in Bucket] == [
        ("restored", "现场整改", False),
        ("proved", "举证无问题", True),
        ("regularised", "补办", True),
        ("quota_offset", "核减占补指标", True),
        ("inout_offset", "进出平衡", True),
        ("other", "其他", False),
    ]


def test_desks_and_labels_have_their_words() -> None:
    assert [desk.label for desk in Desk] == ["乡镇", "抽查组", "县专班"]
    assert [label.label for label in Label] == ["核减", "已销号", "整改到位", "待验收", "部分整改", "未整改"]
