"""What splitting a plot and putting its parts together again ask for and do; areas add up to the last 10⁻⁶ mu."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.outcomes import ActionContext, Outcome, Part, Refusal, SplitRecord, UnsplitRecord
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import State
from gengdi_desktop.domain.values import Values
from gengdi_desktop.errors import RuleError

_BETWEEN: Final = re.compile(r"[;；,，\n]+")
_EQUALS: Final = re.compile(r"[=＝:：]")
_FIELD: Final = "parts"
_MOST_PARTS: Final = 200
_LONGEST_NUMBER: Final = 60


def read_parts(text: str) -> tuple[Part, ...] | Refusal:
    """The parts of ``12-1=3.20；12-2=1.58``: numbers with areas in mu.

    Returns:
        The parts in their order, or why they cannot be read.
    """
    found: list[Part] = []
    for one in filter(None, (piece.strip() for piece in _BETWEEN.split(text))):
        number, *area = (half.strip() for half in _EQUALS.split(one))
        if len(area) != 1 or not number or not area[0] or len(number) > _LONGEST_NUMBER:
            return Refusal("parts_unclear", f"“{one}”要写成 编号=面积，例如 12-1=3.20", _FIELD)
        try:
            found.append(Part(number, Area.parse(area[0].removesuffix("亩"))))
        except RuleError as error:
            return Refusal(error.code, f"“{number}”的面积{error.message.removesuffix('。')}", _FIELD)
    return tuple(found)


def guard_split(plot: PlotFacts, values: Values, _context: ActionContext) -> Iterator[Refusal]:
    """Parts are at least two, have numbers and areas of their own, and make the whole; nothing is settled yet."""
    if plot.part_of:
        yield Refusal("split_part", "它本身是拆分出来的图斑，要先撤销原图斑的拆分，再一次拆好")
    if plot.round.buckets.total > Area.ZERO:
        settled = plot.round.buckets.total.spoken()
        yield Refusal("split_settled", f"已落实 {settled} 亩，先退回或更正为 0 再拆分")
    if _FIELD not in values:
        yield Refusal("missing", "缺拆成的编号和面积", _FIELD)
    else:
        parts = read_parts(values.text(_FIELD))
        yield from (parts,) if isinstance(parts, Refusal) else _refuse_parts(plot, parts)


def _refuse_parts(plot: PlotFacts, parts: tuple[Part, ...]) -> Iterator[Refusal]:
    if not 1 < len(parts) <= _MOST_PARTS:
        yield Refusal("parts_count", f"要拆成 2 到 {_MOST_PARTS} 个", _FIELD)
        return
    numbers = [part.number for part in parts]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice is not None:
        yield Refusal("parts_twice", f"编号“{twice}”写了两次", _FIELD)
    empty = next((part.number for part in parts if part.area <= Area.ZERO), None)
    if empty is not None:
        yield Refusal("parts_empty", f"“{empty}”的面积要大于 0", _FIELD)
    total = Area.total(part.area for part in parts)
    if total != plot.issued_area:
        apart = max(total, plot.issued_area) - min(total, plot.issued_area)
        more = "多" if total > plot.issued_area else "少"
        told = f"各部分加起来是 {total.spoken()} 亩，比图斑的 {plot.issued_area.spoken()} 亩{more} {apart.spoken()} 亩"
        yield Refusal("parts_sum", told, _FIELD)


def split(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Make parts of a plot; they begin where the self-check has left it, target and plan are made anew."""
    parts = read_parts(values.text(_FIELD))
    if isinstance(parts, Refusal):
        raise KeyError(_FIELD)
    state = State.ISSUED if plot.checked_on is None else State.CHECKED
    record = SplitRecord(parts, state)
    return Outcome(replace(plot, state=State.SPLIT), (record,), values.maybe_day("date") or context.today)


def guard_unsplit(plot: PlotFacts, _values: Values, _context: ActionContext) -> Iterator[Refusal]:
    """Parts with a life of their own stay."""
    if plot.parts_locked:
        yield Refusal("parts_locked", plot.parts_locked)


def unsplit(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Put the parts together: the plot stands where it stood, which its own dates tell."""
    if plot.round.planned_on is not None:
        state = State.PLANNED
    else:
        state = State.ISSUED if plot.checked_on is None else State.CHECKED
    return Outcome(replace(plot, state=state), (UnsplitRecord(),), values.maybe_day("date") or context.today)
