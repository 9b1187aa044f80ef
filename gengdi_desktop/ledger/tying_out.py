"""The whole of a ledger beside what should be the same, and by name the plots and lines that make a difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.tie_out import TieOut
from gengdi_desktop.ledger.figures import HANDED_IN_LISTS, OPEN_LINES, Tally

if TYPE_CHECKING:
    from sqlmodel import Session

MOST_NAMED: Final = 1_000
"""So many plots and lines are named of one comparison; the rest is counted."""
_SPOKEN: Final = 20


class Cause(StrEnum):
    """Why a plot or a line stands on one side only."""

    NO_TOWNSHIP = "no_township"
    UNLISTED_TOWNSHIP = "unlisted_township"
    NO_VILLAGE = "no_village"
    UNENTERED = "unentered"
    SUPERSEDED = "superseded"
    NO_LINE = "no_line"
    FOUND_BELOW = "found_below"
    SEVERAL_LINES = "several_lines"
    OTHER_AREA = "other_area"
    PART_LISTED = "part_listed"
    LINE_APART = "line_apart"

    @property
    def label(self) -> str:
        """In words."""
        return _WORDS[self]


_WORDS: Final = {
    Cause.NO_TOWNSHIP: "没有写明乡镇",
    Cause.UNLISTED_TOWNSHIP: "乡镇不在本县的单位表里",
    Cause.NO_VILLAGE: "没有写明村",
    Cause.UNENTERED: "清单里未入账的行",
    Cause.SUPERSEDED: "旧清单里未入账的行",
    Cause.NO_LINE: "清单里没有",
    Cause.FOUND_BELOW: "乡镇自己列的，下发清单里没有",
    Cause.SEVERAL_LINES: "在清单里占了几行",
    Cause.OTHER_AREA: "台账与清单的下发面积不同",
    Cause.PART_LISTED: "清单另列了拆分后的子图斑",
    Cause.LINE_APART: "清单里有，台账没有计入",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A plot or a line that makes a difference.

    Attributes:
        cause: Why.
        plot: The plot's id; empty for a line that stands for none.
        name: As people name it: ``白圩乡白圩村 0012``, ``清单“…”Sheet1第5行``.
        count: What it adds to the whole less what it adds to the other side; may be negative.
        area: The same by issued area.
    """

    cause: Cause
    plot: str
    name: str
    count: int
    area: Area

    @property
    def told(self) -> str:
        """白圩乡白圩村 0012（清单里没有）1个、1.79亩."""
        return f"{self.name}（{self.cause.label}）{self.count}个、{self.area.spoken()}亩"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole beside one thing that should come to the same.

    Attributes:
        code: ``units``, ``villages`` or ``lists``.
        label: In words: 各单位合计.
        tie: Ours is the whole, expected the other side.
        differences: What makes the difference, at most :data:`MOST_NAMED`.
        unnamed: How many more there are.
    """

    code: str
    label: str
    tie: TieOut
    differences: tuple[Difference, ...] = ()
    unnamed: int = 0

    @property
    def holds(self) -> bool:
        """Whether both are the same to the last digit; the program rounds nothing that it adds up itself."""
        return self.tie.exact

    @property
    def told(self) -> str:
        """Whether both agree, and what makes the difference, in one sentence."""
        if self.holds:
            return f"与{self.label}相等。"
        named = self.differences[:_SPOKEN]
        more = len(self.differences) - len(named) + self.unnamed
        ending = f"；另有{more}处" if more else ""
        gap = f"与{self.label}相差{self.tie.count_difference}个、{self.tie.area_difference.spoken()}亩"
        return f"{gap}：{'；'.join(one.told for one in named)}{ending}。"


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """The lines of a list beside the total that its notice names."""

    name: str
    tie: TieOut

    @property
    def told(self) -> str:
        """Whether both agree, in one sentence."""
        tie = self.tie
        said = [f"{tie.expected_count}个"] if tie.expected_count is not None else []
        said += [f"{tie.expected_area.spoken()}亩"] if tie.expected_area is not None else []
        head = f"“{self.name}”所列合计{'、'.join(said)}，逐行相加{tie.count}个、{tie.area.spoken()}亩"
        if tie.exact:
            return f"{head}，一致。"
        if tie.holds:
            return f"{head}，相差在逐行取两位小数的范围内。"
        return f"{head}，不一致，以逐行相加为准。"


@dataclass(frozen=True, slots=True)
class Gaps:
    """Why units or villages may come to less than the whole.

    Attributes:
        unlisted: Townships, as the plots spell them, that are in no table of the county; empty for none written.
        unnamed: Whether there are plots without a village.
    """

    unlisted: tuple[str, ...]
    unnamed: bool


def tied_out(
    session: Session, whole: Tally, units: Tally, villages: Tally, gaps: Gaps
) -> tuple[tuple[Comparison, ...], tuple[StatedTotal, ...]]:
    """The whole, which is all plots and all lines that are not entered, beside units, villages and lists.

    Beside them each list whose notice names a total, the oldest first.
    """
    lists = _lists(session)
    sides = [("units", "各乡镇（单位）合计", units), ("villages", "各村合计", villages)]
    found = [
        _compared(code, label, whole, side, _unplaced(session, gaps, villages=code == "villages"))
        for code, label, side in sides
    ]
    if newest := [one for one in lists if one.newest]:
        listed = sum((one.lines for one in newest), Tally())
        found.append(_compared("lists", "下发清单", whole, listed, _unlike_lists(session, [one.id for one in newest])))
    return tuple(found), tuple(StatedTotal(one.name, one.tie) for one in lists if one.tie.asked)


def _compared(code: str, label: str, whole: Tally, side: Tally, why: Iterator[Difference]) -> Comparison:
    """Nothing is looked for where both sides are the same."""
    tie = TieOut(whole.count, whole.area, side.count, side.area)
    if tie.exact:
        return Comparison(code, label, tie)
    named: list[Difference] = []
    more = 0
    for one in why:
        if len(named) < MOST_NAMED:
            named.append(one)
        else:
            more += 1
    return Comparison(code, label, tie, tuple(named), more)


# ------------------------------------------------------------------------------------------------ what makes the gap


def _unplaced(session: Session, gaps: Gaps, *, villages: bool) -> Iterator[Difference]:
    """Plots of no unit (or of no village), then the lines that are not entered."""
    conditions = ["p.township IN (SELECT value FROM json_each(:unlisted))"] if gaps.unlisted else []
    conditions += ["p.village = ''"] if villages and gaps.unnamed else []
    if conditions:
        query = text(
            "SELECT p.id, p.township, p.village, p.plot_no, p.issued_area FROM plot p "
            f"WHERE p.split_parent IS NULL AND ({' OR '.join(conditions)}) ORDER BY p.position, p.id"
        )
        given = {"unlisted": _json(gaps.unlisted)} if gaps.unlisted else {}
        for row in session.connection().execute(query, given):
            yield Difference(_no_place(row, gaps), row.id, _plot_name(row), 1, Area(row.issued_area))
    yield from _open_lines(session, Cause.UNENTERED, but_of=())


def _no_place(row: Any, gaps: Gaps) -> Cause:
    if row.township in gaps.unlisted:
        return Cause.UNLISTED_TOWNSHIP if row.township else Cause.NO_TOWNSHIP
    return Cause.NO_VILLAGE


def _open_lines(session: Session, cause: Cause, *, but_of: Sequence[int]) -> Iterator[Difference]:
    query = text(
        "SELECT pl.name, l.sheet, l.row, l.issued_area FROM list_line l JOIN plot_list pl ON pl.id = l.list_id "
        f"WHERE {OPEN_LINES} AND l.list_id NOT IN (SELECT value FROM json_each(:lists)) ORDER BY l.list_id, l.id"
    )
    for row in session.connection().execute(query, {"lists": _json(but_of)}):
        yield Difference(cause, "", _line_name(row), 1, Area(row.issued_area))


def _unlike_lists(session: Session, lists: Sequence[int]) -> Iterator[Difference]:
    """Plots whose lines in the newest lists are not exactly one of their own area, and lines beside all plots."""
    given = {"lists": _json(lists)}
    query = text(
        "WITH said AS (SELECT plot_id, count(*) AS many, sum(issued_area) AS area FROM list_line "
        "WHERE plot_id IS NOT NULL AND status <> 'child' AND list_id IN (SELECT value FROM json_each(:lists)) "
        "GROUP BY plot_id) "
        "SELECT p.id, p.township, p.village, p.plot_no, p.issued_area, p.split_parent, coalesce(said.many, 0) AS many, "
        "coalesce(said.area, 0) AS area, p.id IN (SELECT plot_id FROM list_line "
        f"WHERE plot_id IS NOT NULL AND list_id IN {HANDED_IN_LISTS}) AS below "
        "FROM plot p LEFT JOIN said ON said.plot_id = p.id "
        "WHERE (p.split_parent IS NULL AND (said.many IS NULL OR said.many <> 1 OR said.area <> p.issued_area)) "
        "OR (p.split_parent IS NOT NULL AND said.many IS NOT NULL) ORDER BY p.position, p.id"
    )
    for row in session.connection().execute(query, given):
        ours = (0, 0) if row.split_parent else (1, row.issued_area)
        yield Difference(_list_cause(row), row.id, _plot_name(row), ours[0] - row.many, Area(ours[1]) - Area(row.area))
    yield from _open_lines(session, Cause.SUPERSEDED, but_of=lists)
    apart = text(
        "SELECT pl.name, l.sheet, l.row, l.issued_area FROM list_line l JOIN plot_list pl ON pl.id = l.list_id "
        "WHERE l.plot_id IS NULL AND l.status NOT IN ('open', 'child') "
        "AND l.list_id IN (SELECT value FROM json_each(:lists)) ORDER BY l.list_id, l.id"
    )
    for row in session.connection().execute(apart, given):
        yield Difference(Cause.LINE_APART, "", _line_name(row), -1, Area.ZERO - Area(row.issued_area))


def _list_cause(row: Any) -> Cause:
    if row.split_parent:
        return Cause.PART_LISTED
    if not row.many:
        return Cause.FOUND_BELOW if row.below else Cause.NO_LINE
    return Cause.SEVERAL_LINES if row.many > 1 else Cause.OTHER_AREA


@dataclass(frozen=True, slots=True)
class _List:
    """A list: what its lines come to, beside what is said of it; whether it was not issued again since."""

    id: int
    name: str
    lines: Tally
    tie: TieOut
    newest: bool


def _lists(session: Session) -> list[_List]:
    """The issued lists, the oldest first; what a person said of a total goes before what the list says itself."""
    counted = text(
        "SELECT list_id, count(*) AS many, coalesce(sum(issued_area), 0) AS area FROM list_line "
        "WHERE status <> 'child' GROUP BY list_id"
    )
    sums = {row.list_id: Tally(row.many, Area(row.area)) for row in session.connection().execute(counted)}
    told = text(
        "SELECT id, name, reissue_of, coalesce(expected_count, stated_count) AS many, "
        f"coalesce(expected_area, stated_area) AS area FROM plot_list WHERE id NOT IN {HANDED_IN_LISTS} ORDER BY id"
    )
    rows = session.connection().execute(told).all()
    first: dict[int, int] = {}
    for row in rows:
        first[row.id] = row.id if row.reissue_of is None else first.get(row.reissue_of, row.id)
    newest = set({first[row.id]: row.id for row in rows}.values())
    found = []
    for row in rows:
        lines = sums.get(row.id, Tally())
        tie = TieOut(lines.count, lines.area, row.many, _area(row.area))
        found.append(_List(row.id, row.name, lines, tie, row.id in newest))
    return found


def _area(value: int | None) -> Area | None:
    return None if value is None else Area(value)


def _plot_name(row: Any) -> str:
    return f"{row.township}{row.village} {row.plot_no}".strip() or "（无编号图斑）"


def _line_name(row: Any) -> str:
    return f"清单“{row.name}”{row.sheet}第{row.row}行"


def _json(values: Iterable[str | int]) -> str:
    return orjson.dumps(list(values)).decode()
