"""The states of a plot, the buckets of a round, the desks, and the labels that tables print."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from gengdi_desktop.domain.areas import Area


class Desk(StrEnum):
    """Whose ledger this is, or on whose behalf something is recorded."""

    TOWNSHIP = "township"
    TEAM = "team"
    COUNTY = "county"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _DESK_LABELS[self]


class CountsAs(StrEnum):
    """Where a state stands in the sums."""

    OPEN = "open"
    DONE = "done"
    NEITHER = "neither"
    CHILDREN = "children"


class State(StrEnum):
    """The one state of a plot; codes are stored and never change."""

    ISSUED = "issued"
    CHECKED = "checked"
    PLANNED = "planned"
    WORKING = "working"
    WORKS_DONE = "works_done"
    CONTESTED = "contested"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    COUNTY_ACCEPTED = "county_accepted"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    SPLIT = "split"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _STATE_LABELS[self]

    def counts_as(self, done_rule: DoneRule) -> CountsAs:
        """Where the state stands in the sums under the campaign's rule."""
        if self is State.CANCELLED:
            return CountsAs.NEITHER
        if self is State.SPLIT:
            return CountsAs.CHILDREN
        return CountsAs.DONE if self in _DONE[done_rule] else CountsAs.OPEN


class DoneRule(StrEnum):
    """The campaign's rule: the first state that counts as done, or from which may be closed."""

    ACCEPTED = "accepted"
    COUNTY_ACCEPTED = "county_accepted"

    @property
    def label(self) -> str:
        """The Chinese name of the state."""
        return State(self.value).label


class Bucket(StrEnum):
    """By which method an area was settled."""

    RESTORED = "restored"
    PROVED = "proved"
    REGULARISED = "regularised"
    QUOTA_OFFSET = "quota_offset"
    INOUT_OFFSET = "inout_offset"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _BUCKET_LABELS[self]

    @property
    def on_paper(self) -> bool:
        """Whether it is settled by papers (举证) and not by works on the ground."""
        return self not in {Bucket.RESTORED, Bucket.OTHER}


class Label(StrEnum):
    """The word that tables print for a plot; derived, never stored; in the order in which they are tried."""

    CANCELLED = "cancelled"
    CLOSED = "closed"
    IN_PLACE = "in_place"
    AWAITING = "awaiting"
    PARTIAL = "partial"
    UNRECTIFIED = "unrectified"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABEL_LABELS[self]

    @property
    def rectified(self) -> bool:
        """Whether reports count it as 已整改: in place or closed; awaiting acceptance is not."""
        return self in {Label.IN_PLACE, Label.CLOSED}


_DESK_LABELS = {Desk.TOWNSHIP: "乡镇", Desk.TEAM: "抽查组", Desk.COUNTY: "县专班"}
_STATE_LABELS = {
    State.ISSUED: "已下发",
    State.CHECKED: "已自查",
    State.PLANNED: "已定措施",
    State.WORKING: "整改中",
    State.WORKS_DONE: "已整治未耕种",
    State.CONTESTED: "举证无需整改",
    State.CLAIMED: "已申报",
    State.ACCEPTED: "镇级验收合格",
    State.COUNTY_ACCEPTED: "县级验收合格",
    State.CLOSED: "已销号",
    State.CANCELLED: "核减",
    State.SPLIT: "被拆分",
}
_BUCKET_LABELS = {
    Bucket.RESTORED: "现场整改",
    Bucket.PROVED: "举证无问题",
    Bucket.REGULARISED: "补办",
    Bucket.QUOTA_OFFSET: "核减占补指标",
    Bucket.INOUT_OFFSET: "进出平衡",
    Bucket.OTHER: "其他",
}
_LABEL_LABELS = {
    Label.CANCELLED: "核减",
    Label.CLOSED: "已销号",
    Label.IN_PLACE: "整改到位",
    Label.AWAITING: "待验收",
    Label.PARTIAL: "部分整改",
    Label.UNRECTIFIED: "未整改",
}
_DONE = {
    DoneRule.ACCEPTED: frozenset({State.ACCEPTED, State.COUNTY_ACCEPTED, State.CLOSED}),
    DoneRule.COUNTY_ACCEPTED: frozenset({State.COUNTY_ACCEPTED, State.CLOSED}),
}


def label_of(state: State, restored: Area, done_rule: DoneRule) -> Label:
    """The first label that fits a plot.

    Args:
        state: Its state; a split parent is asked of :func:`label_of_split`.
        restored: The sum of all buckets of its current round.
        done_rule: The campaign's rule.

    Raises:
        ValueError: For a split parent, whose label is its children's.
    """
    if state is State.SPLIT:
        raise ValueError("a split plot is labelled by its children")
    if state is State.CANCELLED:
        return Label.CANCELLED
    if state is State.CLOSED:
        return Label.CLOSED
    if state in _DONE[done_rule]:
        return Label.IN_PLACE
    if state in {State.CLAIMED, State.ACCEPTED}:
        return Label.AWAITING
    return Label.PARTIAL if restored.micro_mu > 0 else Label.UNRECTIFIED


def label_of_split(children: Iterable[tuple[State, Area]], done_rule: DoneRule) -> Label:
    """The label of a split parent in the issued view: the one that its children share, cancelled ones left out.

    Args:
        children: State and restored area of each child; children are never split again here.
        done_rule: The campaign's rule.

    Returns:
        核减 where all children are cancelled, 部分整改 where they share no label or there are none.
    """
    labels = {label_of(state, restored, done_rule) for state, restored in children}
    if labels == {Label.CANCELLED}:
        return Label.CANCELLED
    labels.discard(Label.CANCELLED)
    return labels.pop() if len(labels) == 1 else Label.PARTIAL
