"""Split plots in a list: which child belongs to which parent, and whether the children add up to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.tie_out import tolerance
from gengdi_desktop.intake.matching import number_key
from gengdi_desktop.intake.readings import SPLIT_CHILD, SPLIT_PARENT, Reading, Trouble

_ROW = -1
_CHILD_NUMBER = re.compile(r"(?P<parent>.+?)(?:[-_－—/]\w{1,3}|[(（]\w{1,3}[)）])")


def join_splits(readings: Sequence[Reading]) -> dict[int, int]:
    """Find the parent of every child; rows that do not fit together are refused.

    Returns:
        Position of a child → position of its parent, in ``readings``.
    """
    parents: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for position, reading in enumerate(readings):
        if reading.split == SPLIT_PARENT:
            for key in _keys(reading, reading.plot_no):
                parents[key].append(position)
    joined: dict[int, int] = {}
    for position, reading in enumerate(readings):
        if reading.split == SPLIT_CHILD:
            found = _parents_of(reading, parents)
            if len(found) == 1:
                joined[position] = found[0]
            else:
                what = "找不到它的原图斑（被拆分的那一行）" if not found else "对上了好几个原图斑"
                text = f"这一行是拆分出来的图斑，{what}。请补上原图斑编号，或核对编号。"
                reading.refuse(Trouble(_ROW, "split_parent_unclear", text))
    _check_sums(readings, joined)
    return joined


def _keys(reading: Reading, number: str) -> list[tuple[str, str, str]]:
    keys = [("clue", "", reading.clue_no)] if reading.clue_no else []
    if number:
        keys.append((reading.place.township, reading.place.village_key, number_key(number)))
    return keys


def _parents_of(reading: Reading, parents: dict[tuple[str, str, str], list[int]]) -> list[int]:
    """By the number that the list names as the parent's, else by the child's own number without its tail."""
    numbers = [reading.parent_no] if reading.parent_no else []
    if not numbers:
        match = _CHILD_NUMBER.fullmatch(reading.plot_no)
        numbers = [reading.plot_no, *([match["parent"]] if match else [])]
    for number in filter(None, numbers):
        found = parents.get((reading.place.township, reading.place.village_key, number_key(number)))
        if found:
            return found
    clues = [reading.clue_no]
    match = _CHILD_NUMBER.fullmatch(reading.clue_no)
    clues += [match["parent"]] if match else []
    for clue in filter(None, (reading.parent_no, *clues)):
        found = parents.get(("clue", "", clue))
        if found:
            return found
    return []


def _check_sums(readings: Sequence[Reading], joined: dict[int, int]) -> None:
    children: defaultdict[int, list[Reading]] = defaultdict(list)
    for child, parent in joined.items():
        children[parent].append(readings[child])
    for position, reading in enumerate(readings):
        if reading.split != SPLIT_PARENT:
            continue
        family = [reading, *children[position]]
        if len(family) == 1:
            text = "这一行写着被拆分，但表里没有拆分出来的图斑。请补上，或把状态改回空白。"
            reading.refuse(Trouble(_ROW, "split_without_children", text))
            continue
        areas = [one.issued_area for one in family]
        if areas[0] is not None and not any(one.refusals for one in family):
            _check_sum(family, areas[0], sum(area or 0 for area in areas[1:]))


def _check_sum(family: Sequence[Reading], parent: int, children: int) -> None:
    if abs(children - parent) > tolerance(len(family)).micro_mu:
        text = (
            f"拆分后的 {len(family) - 1} 个图斑加起来是 {Area(children).exact()} 亩，"
            f"原图斑是 {Area(parent).exact()} 亩，对不上。请核对拆分面积。"
        )
        for reading in family:
            reading.refuse(Trouble(_ROW, "split_sum", text))


def refuse_families(readings: Sequence[Reading], joined: Mapping[int, int]) -> None:
    """Refuse a split plot whole where one of its rows is refused: half of it would count twice or never."""
    families: defaultdict[int, list[Reading]] = defaultdict(list)
    for child, parent in joined.items():
        families[parent].append(readings[child])
    for parent, children in families.items():
        family = [readings[parent], *children]
        refused = "、".join(str(one.row) for one in family if one.refusals)
        for one in family:
            if refused and not one.refusals:
                text = f"同一个拆分图斑的第 {refused} 行有问题，这一行要和它一起导入。"
                one.refuse(Trouble(_ROW, "split_family", text))
