"""Where a plot stands as one value: its changes row by row, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.handover.receiving.merging import ROUNDS, Standing, standing
from gengdi_desktop.handover.travelling import PLOT_STANDING
from gengdi_desktop.ledger.conflict_sentences import label
from gengdi_desktop.ledger.words import shown
from gengdi_desktop.storage.journal import Item, Value

_ROUND_KEYS: Final = frozenset({"id", "plot_id", "number"})


def _rounds(one: Standing) -> Mapping[str, Mapping[str, Value]]:
    found: Any = one[ROUNDS]
    return found if isinstance(found, Mapping) else {}


def standing_items(plot: str, mine: Standing, theirs: Standing) -> list[Item]:
    """What makes a plot that stands as ``mine`` stand as ``theirs``: items of the journal for plot and rounds."""
    fields = {name: [mine[name], theirs[name]] for name in PLOT_STANDING if mine[name] != theirs[name]}
    items: list[Item] = [["~", "plot", plot, fields]] if fields else []
    ours, others = _rounds(mine), _rounds(theirs)
    for number in sorted(ours.keys() | others.keys()):
        key = f"{plot}:{number}"
        old, new = ours.get(number), others.get(number)
        whose = {"id": key, "plot_id": plot, "number": int(number)}
        if old is None and new is not None:
            said = {**whose, **new}
            items.append(
                ["+", "round", key, {name: [None, value] for name, value in said.items() if value is not None}]
            )
        elif new is None and old is not None:
            said = {**whose, **old}
            items.append(
                ["-", "round", key, {name: [value, None] for name, value in said.items() if value is not None}]
            )
        elif old is not None and new is not None:
            diff = {name: [old.get(name), value] for name, value in new.items() if old.get(name) != value}
            if diff:
                items.append(["~", "round", key, diff])
    return items


Rounds = Mapping[str, Sequence[Value]]
"""Rounds of a plot by number, as rows."""


class Columns:
    """Which place holds what in the rows of plots and of rounds.

    Attributes:
        rounds: The fields of a round.
        standing: Of the fields that say where a plot stands: place in the row of a plot, and name.
        told: Of what a round says and its key does not: place in the row of a round, and name.
    """

    def __init__(self, plot: Sequence[str], rounds: Sequence[str]) -> None:
        self.rounds = rounds
        self.standing = tuple((plot.index(name), name) for name in PLOT_STANDING)
        self.told = tuple((place, name) for place, name in enumerate(rounds) if name not in _ROUND_KEYS)
        self._standing_of = itemgetter(*(place for place, _ in self.standing))

    def alike(self, mine: Sequence[Value], theirs: Sequence[Value]) -> bool:
        """Whether two rows of a plot say the same of where it stands."""
        return bool(self._standing_of(mine) == self._standing_of(theirs))

    def standing_of(self, row: Sequence[Value], rounds: Rounds) -> Standing:
        """Where a plot stands, as one value."""
        told = {number: {name: one[place] for place, name in self.told} for number, one in rounds.items()}
        return standing({name: row[place] for place, name in self.standing}, told)


def taken_items(
    plot: str, columns: Columns, row: tuple[Sequence[Value], Sequence[Value]], rounds: tuple[Rounds, Rounds]
) -> list[Item]:
    """The items of :func:`standing_items` straight from rows, mine and theirs.

    Of a round that comes only its number is said: it is written from its row.
    """
    mine, theirs = row
    fields = {name: [mine[place], theirs[place]] for place, name in columns.standing if mine[place] != theirs[place]}
    items: list[Item] = [["~", "plot", plot, fields]] if fields else []
    names, (ours, others) = columns.rounds, rounds
    for number in sorted(ours.keys() | others.keys()):
        key = f"{plot}:{number}"
        old, new = ours.get(number), others.get(number)
        if old is None:
            items.append(["+", "round", key, {"number": [None, int(number)]}])
        elif new is None:
            gone = {name: [value, None] for name, value in zip(names, old, strict=True) if value is not None}
            items.append(["-", "round", key, gone])
        elif old != new:
            both = zip(names, old, new, strict=True)
            items.append(["~", "round", key, {name: [was, said] for name, was, said in both if was != said}])
    return items


def told_standing(one: Standing, *beside: object) -> str:
    """Where a plot stands in a few words: 整改中，第 1 轮，应整改 5.28 亩，已落实 1.50 亩.

    Beside other standings also everything else in which its round differs from theirs: else two that differ would
    read alike.
    """
    state = shown("plot", "state", _value(one.get("state")))
    number = str(one.get("round") or 1)
    rounds = _rounds(one)
    told = [state, f"第 {number} 轮"]
    if one.get("held"):
        told.append("暂缓或争议")
    current = rounds.get(number)
    if current is not None:
        target = Area(int(current.get("target") or 0))
        settled = Area(sum(int(current.get(bucket.value) or 0) for bucket in Bucket))
        if target > Area.ZERO:
            told += [f"应整改 {target.spoken()} 亩", f"已落实 {settled.spoken()} 亩"]
        told += _differing(current, [_rounds(other).get(number, {}) for other in beside if isinstance(other, Mapping)])
    return "，".join(told)


def _differing(current: Mapping[str, Value], others: Sequence[Mapping[str, Value]]) -> Iterator[str]:
    for name, value in current.items():
        if name == "target" or all(other.get(name) == value for other in others):
            continue
        is_area = isinstance(value, int) and name in {*Bucket, "contest_area"}
        said = f"{Area(int(value or 0)).spoken()} 亩" if is_area else shown("round", name, value)
        yield f"{label('round', name)} {said}"


def _value(value: object) -> Value:
    return value if isinstance(value, int | str) else None
