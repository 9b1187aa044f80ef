"""One field, two hands: what becomes of a value that a package brings. Pure; the rule is decision 0017."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from gengdi_desktop.storage.journal import Value

V = TypeVar("V")
Fields = dict[str, Value]


class Status(StrEnum):
    """What has become of a question between two values; codes are stored."""

    OPEN = "open"
    DECIDED = "decided"
    SETTLED = "settled"
    """Both sides have come to say the same."""
    SUPERSEDED = "superseded"
    """A newer value made a new question of it."""

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _LABELS[self]


_LABELS = {
    Status.OPEN: "未裁定",
    Status.DECIDED: "已裁定",
    Status.SETTLED: "已一致",
    Status.SUPERSEDED: "已有新的冲突",
}


class Fate(StrEnum):
    """What becomes of a field."""

    SAME = "same"
    TAKE = "take"
    """Theirs stands from now on."""
    KEEP = "keep"
    """Mine stays, and there is nothing to ask."""
    ASK = "ask"
    """Both were touched: mine stays, and a person decides."""


@dataclass(frozen=True, slots=True)
class Touch(Generic[V]):
    """Somebody here touched a field since the sender knew of it: the value from before."""

    before: V


@dataclass(frozen=True, slots=True)
class Question(Generic[V]):
    """The newest question of a field that is open or decided.

    Attributes:
        id: Key of its row.
        base: What both knew before.
        theirs: What they said.
        open: Not decided yet.
        unknown: Decided, and the sender does not know it.
    """

    id: int
    base: V
    theirs: V
    open: bool
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Judged(Generic[V]):
    """What becomes of a field, and of the question about it.

    Attributes:
        fate: Of the field.
        base: For ``ASK``: what both knew before.
        question: The question whose status changes; None where none does.
        status: Its new status.
    """

    fate: Fate
    base: V | None = None
    question: int | None = None
    status: Status | None = None


def judge(mine: V, theirs: V, *, touch: Touch[V] | None, question: Question[V] | None = None) -> Judged[V]:
    """Say what becomes of one field.

    Args:
        mine: What stands here.
        theirs: What the package says.
        touch: The value before the first change that was made here and that the sender does not know; None where
            there was none.
        question: The newest question of the field that is open or decided.
    """
    if question is not None and question.open:
        return _still_asked(mine, theirs, question)
    if theirs == mine:
        return Judged(Fate.SAME)
    if question is not None and question.unknown:
        return _against_decision(theirs, question)
    if touch is None:
        return Judged(Fate.TAKE)
    return Judged(Fate.KEEP) if theirs == touch.before else Judged(Fate.ASK, touch.before)


def _against_decision(theirs: V, question: Question[V]) -> Judged[V]:
    """A decision that the sender does not know stands until it says something new."""
    if theirs in (question.theirs, question.base):
        return Judged(Fate.KEEP)
    return Judged(Fate.ASK, question.base, question.id, Status.SUPERSEDED)


def _still_asked(mine: V, theirs: V, question: Question[V]) -> Judged[V]:
    """While a question is open no package changes the field: only a person, or agreement, ends it."""
    if theirs == mine:
        return Judged(Fate.SAME, question=question.id, status=Status.SETTLED)
    if theirs == question.theirs:
        return Judged(Fate.KEEP)
    if theirs == question.base:
        # They took their change back.
        return Judged(Fate.KEEP, question=question.id, status=Status.SETTLED)
    return Judged(Fate.ASK, question.base, question.id, Status.SUPERSEDED)


# ------------------------------------------------------------------------------------------------------------ standing

Standing = Mapping[str, object]
"""Where a plot stands: its fields by name, and under ``rounds`` the fields of each round by its number as text."""
ROUNDS = "rounds"


def standing(fields: Mapping[str, Value], rounds: Mapping[str, Mapping[str, Value]]) -> dict[str, object]:
    """Where a plot stands as one value that can be compared and kept."""
    return {**fields, ROUNDS: {number: dict(values) for number, values in sorted(rounds.items())}}


@dataclass(frozen=True, slots=True)
class RowTouch:
    """What was done here to one row since the sender knew of it.

    Attributes:
        before: The first old values of the fields that were changed; of a row that went, all its fields.
        came: It was made here.
    """

    before: Mapping[str, Value]
    came: bool = False


def standing_before(
    mine: Standing, fields: Mapping[str, Value], rounds: Mapping[str, RowTouch]
) -> Touch[dict[str, object]] | None:
    """Where a plot stood before it was touched here; None where it was not.

    Args:
        mine: Where it stands.
        fields: The first old values of its own fields that were changed.
        rounds: What was done to its rounds, by number.
    """
    if not fields and not rounds:
        return None
    there = mine[ROUNDS]
    before: dict[str, Fields] = dict(there) if isinstance(there, dict) else {}
    for number, touch in rounds.items():
        if touch.came:
            before.pop(number, None)
        else:
            before[number] = {**before.get(number, {}), **touch.before}
    return Touch(
        standing({name: fields.get(name, _plain(value)) for name, value in mine.items() if name != ROUNDS}, before)
    )


def _plain(value: object) -> Value:
    return value if isinstance(value, int | str) else None
