"""The county's desk in the words of its page: the board of townships, sums to follow down, what ties out, twins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.states import Label
from gengdi_desktop.ui import words
from gengdi_desktop.ui.pages.exchange_view import UNKNOWN_SIGNER
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.sheet import Tile

if TYPE_CHECKING:
    from gengdi_desktop.consolidation.deadlines import Standing
    from gengdi_desktop.consolidation.inbox import Inbox, InboxFile
    from gengdi_desktop.consolidation.service import Board, BoardLine, Parcel, Triggers, TwinPlot, Twins
    from gengdi_desktop.ledger.queries import Condition
    from gengdi_desktop.ledger.roll_up import Node, RollUp, Sums

UNITS, VILLAGES, KINDS, YEARS = "units", "villages", "kinds", "years"
BY: Final = ((VILLAGES, "按乡镇和村"), (UNITS, "只看乡镇，按名次"), (KINDS, "按问题类型"), (YEARS, "按流出年度"))
_PROOFS: Final[Mapping[str, Flag]] = {
    "first": Flag("check", "头一次", "stone"),
    "contained": Flag("check", "接得上", "land"),
    "gap": Flag("warn", "中间有缺", "soil"),
    "rewritten": Flag("stop", "改过已报的", "seal"),
}
_FATES: Final[Mapping[str, tuple[str, str]]] = {
    "ready": ("info", "sky"), "taken": ("check", "land"), "again": ("check", "stone"), "older": ("info", "stone"),
    "refused": ("stop", "seal"), "elsewhere": ("info", "stone"), "not_package": ("cross", "stone"),
    "left": ("pause", "soil"),
}  # fmt: skip
_INDENT: Final = "　"


@dataclass(frozen=True)
class UnitRow:
    """A township on the board: how it handed in, and how far it is.

    ``place`` is its place by rectified area, None where it has no plot; ``wish`` are the filters of the ledger's table
    that show its plots.
    """

    line: BoardLine
    place: int | None
    sums: Sums | None
    wish: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the unit is called."""
        return self.line.unit.name

    @property
    def flag(self) -> Flag:
        """How it stands to the deadline, by sign and word."""
        return standing_flag(self.line.standing, self.line.days_late)


@dataclass(frozen=True)
class SumRow:
    """A line of the sums: a unit, one of its villages (``depth`` 1), a kind, a year."""

    name: str
    place: str
    sums: Sums
    wish: Mapping[str, str]
    depth: int = 0

    @property
    def shown(self) -> str:
        """Its name, set in where it belongs to the line above."""
        return _INDENT * self.depth + self.name


@dataclass(frozen=True)
class GapRow:
    """A plot or a line that makes totals differ: beside what, which one, why, by how much."""

    beside: str
    name: str
    why: str
    count: int
    area: Area
    plot: str


@dataclass(frozen=True)
class TwinRow:
    """What stands in two townships: a word for it, one sentence, the plots to open."""

    what: str
    sentence: str
    plots: tuple[str, ...]


@dataclass(frozen=True)
class CountyView:
    """All that the page shows but the twins, which take longer."""

    board: Board
    sums: RollUp
    units: tuple[UnitRow, ...]
    gaps: tuple[GapRow, ...]
    received: frozenset[str] = frozenset()
    """Ids of the packages that stand in the ledger now."""
    triggers: Triggers | None = None
    """Who is over a limit of the county."""


def view_of(
    board: Board, sums: RollUp, received: frozenset[str] = frozenset(), triggers: Triggers | None = None
) -> CountyView:
    """Put board and sums together: townships are the same by their names in the division table."""
    nodes = {one.name: one for one in sums.units}
    places = {one.node.name: one.place for one in sums.ranking}
    units = []
    for line in board.lines:
        node = nodes.get(line.unit.name)
        wish = wish_of(node.conditions) if node is not None else {"township": f"={line.unit.name}"}
        units.append(UnitRow(line, places.get(line.unit.name), node.sums if node is not None else None, wish))
    gaps = tuple(
        GapRow(one.label, gap.name, gap.cause.label, gap.count, gap.area, gap.plot)
        for one in sums.comparisons
        for gap in one.differences
    )
    return CountyView(board, sums, tuple(units), gaps, received, triggers)


def standing_flag(standing: Standing, days_late: int) -> Flag:
    """How a township stands to the deadline: a mark and a word, never colour alone."""
    code, late = standing.value, f" {words.count(days_late)} 天" if days_late else ""
    if code == "due":
        return Flag("warn", f"超期未报{late}", "seal") if days_late else Flag("clock", standing.label, "soil")
    if code == "late":
        return Flag("clock", f"{standing.label}{late}", "soil")
    return {
        "handed_in": Flag("check", standing.label, "land"),
        "ahead": Flag("clock", standing.label, "stone"),
    }.get(code, Flag("pause", standing.label, "stone"))


def proof_flag(line: BoardLine) -> Flag | None:
    """What its newest submission proves of its ledger; None where nothing came, or it tells nothing."""
    return _PROOFS.get(line.newest.proof) if line.newest is not None else None


def parcel_words(parcel: Parcel | None, *, numbered: bool = True) -> str:
    """Which package and of which day: ``第 2 次 8-20``."""
    if parcel is None:
        return words.NOTHING
    day = words.short_day(parcel.day)
    return f"第 {parcel.number} 次 {day}" if numbered else day


def wish_of(conditions: Iterable[Condition]) -> dict[str, str]:
    """Conditions as filters of the ledger's table; those on columns that it has not are left out."""
    from gengdi_desktop.ui.models.filter_text import values_text
    from gengdi_desktop.ui.models.plot_columns import BY_KEY

    found: dict[str, str] = {}
    for one in conditions:
        column = BY_KEY.get(one.field)
        if column is None:
            continue
        values = one.value if isinstance(one.value, tuple) else (one.value,)
        told = [str(value) for value in values]
        if column.filter == "number":
            found[one.field] = f"={told[0]}" if len(told) == 1 and told[0] else ""
        else:
            found[one.field] = values_text(column, told)
    return {key: text for key, text in found.items() if text}


# -- the head


def tiles_of(view: CountyView) -> tuple[Tile, ...]:
    """The head of the page: who has reported, how far the county is, what is to be decided."""
    board, whole = view.board, view.sums.whole.sums
    conflicts = sum(one.line.conflicts for one in view.units)
    missing = sum(one.line.missing_photos for one in view.units)
    done, share = whole.rectified, share_of(whole, "area_share")
    overdue = f"超期未报 {words.count(board.overdue)} 个" if board.overdue else "没有超期未报的"
    return (
        Tile("应报", words.count(board.due), "个单位", _deadline_words(view), link="board"),
        Tile("已报", words.count(board.handed_in), "个单位", f"还差 {words.count(board.due - board.handed_in)} 个"),
        Tile(
            "迟报", words.count(board.late), "个单位", overdue, "seal" if board.overdue else "",
            "warn" if board.overdue else "",
        ),
        Tile("下发图斑", words.count(whole.all.count), "个", f"{words.mu(whole.all.area)} 亩"),
        Tile("已整改（面积）", words.mu(done.area), "亩", f"占 {share}，{words.count(done.count)} 个"),
        Tile(
            "待定的冲突", words.count(conflicts), "处",
            f"还缺 {words.count(missing)} 个照片文件" if missing else "照片文件都来了",
            "soil" if conflicts else "", "warn" if conflicts else "", "conflicts" if conflicts else "",
        ),
    )  # fmt: skip


def _deadline_words(view: CountyView) -> str:
    last = view.board.deadline.last_day
    return f"{view.board.deadline.name} {last.month}.{last.day}" if last is not None else "专项没有写期限"


def short_words(view: CountyView) -> str:
    """The same in one line, for a low window."""
    return f"{view.board.sentence}　已整改 {share_of(view.sums.whole.sums, 'area_share')}（按面积）"


def tie_words(view: CountyView) -> str:
    """Whether county = townships = villages = list, in one sentence."""
    if view.sums.ties_out:
        return words.figures(view.sums.tie_out_told)
    wrong = [one.told for one in view.sums.comparisons if not one.holds]
    apart = [one.told for one in view.sums.stated if not one.tie.holds]
    return words.figures((wrong or apart)[0])


def tie_lines(view: CountyView) -> tuple[tuple[bool, str], ...]:
    """Every comparison with whether it holds, in a sentence each."""
    told = [(one.holds, f"全县合计{one.told}") for one in view.sums.comparisons]
    told += [(one.tie.holds, one.told) for one in view.sums.stated]
    return tuple((holds, words.figures(sentence)) for holds, sentence in told)


# -- the sums


def sum_rows(view: CountyView, by: str) -> tuple[SumRow, ...]:
    """The lines of one way to sum up."""
    sums = view.sums
    if by == KINDS:
        return tuple(_row(one) for one in sums.by_kind)
    if by == YEARS:
        return tuple(_row(one) for one in sums.by_year)
    if by == UNITS:
        return tuple(_row(one.node, one.told) for one in sums.ranking)
    places = {one.node.key: one.told for one in sums.ranking}
    found = []
    for unit in sums.units:
        found.append(_row(unit, places.get(unit.key, "")))
        found += [_row(village, depth=1) for village in unit.children]
    return tuple(found)


def _row(node: Node, place: str = "", depth: int = 0) -> SumRow:
    return SumRow(node.name, place, node.sums, wish_of(node.conditions), depth)


def totals_of(sums: Sums) -> dict[str, str]:
    """The totals row of any of the tables."""
    cells = {key: read(sums) for key, _title, read in SUM_COLUMNS}
    return {"name": "合计", **cells}


def share_of(sums: Sums, key: str) -> str:
    """The share of what is rectified with one decimal, by ``area_share`` or ``count_share``."""
    done, whole = sums.rectified, sums.all
    by_area = key == "area_share"
    told = percent_text(done.area, whole.area, 1) if by_area else percent_text(done.count, whole.count, 1)
    return told if told == words.NOTHING else f"{told}%"


def count_key(sums: Sums | None) -> Fraction:
    """By what lines are ordered where their share of plots counts; those without a plot come last."""
    if sums is None or not sums.all.count:
        return Fraction(-1)
    return Fraction(sums.rectified.count, sums.all.count)


def unit_words(one: UnitRow) -> str:
    """What else is to be said of a township: its packages, its papers, who signed, remarks."""
    line = one.line
    told = []
    if line.task is not None and line.task_taken is False:
        told.append("任务包发了，它还没有收下")
    if line.newest is not None:
        told.append(f"报送包第 {line.newest.number} 次，{words.count(line.newest.plots)} 个图斑")
        told.append("已经回了反馈包" if line.answered else "还没有回反馈包")
    told += [f"报告“{paper.title}”{paper.number}" for paper in line.papers]
    signer = line.signer
    if signer is not None:
        trust = "在信任名单里" if signer.trusted else "不在信任名单里"
        told.append(f"{signer.holder or '不认得的人'}签的，{trust}" + ("，证书过期了" if signer.expired else ""))
    said = "，".join(told)
    remarks = "".join(line.remarks)
    if not said and not remarks:
        return "还没有来往过包。" if line.plots else "没有下发的图斑。"
    return (f"{said}。" if said else "") + remarks


def label_words(sums: Sums, label: Label) -> str:
    """How many plots stand under a label; nothing is a dash."""
    many = sums.by_label[label].count
    return words.count(many) if many else words.NOTHING


def _many(number: int) -> str:
    return words.count(number) if number else words.NOTHING


SUM_COLUMNS: Final[tuple[tuple[str, str, Callable[[Sums], str]], ...]] = (
    ("plots", "图斑", lambda sums: _many(sums.all.count)),
    ("area", "面积", lambda sums: words.mu(sums.all.area)),
    ("done", "已整改", lambda sums: _many(sums.rectified.count)),
    ("done_area", "已整改面积", lambda sums: words.mu(sums.rectified.area)),
    ("area_share", "面积占比", lambda sums: share_of(sums, "area_share")),
    ("count_share", "个数占比", lambda sums: share_of(sums, "count_share")),
    ("awaiting", "待验收", lambda sums: label_words(sums, Label.AWAITING)),
    ("open", "没完成", lambda sums: _many(sums.open.count)),
    ("overdue", "超期", lambda sums: _many(sums.overdue)),
    ("returned", "退回", lambda sums: _many(sums.returned)),
)
"""The figures of a line: key, head, and how it reads."""


# -- twins and packages


def twin_rows(twins: Twins) -> tuple[TwinRow, ...]:
    """Plots and photos that stand in two townships, each as one sentence."""
    plots = [TwinRow("图斑", one.sentence, _ids(one.plots)) for one in twins.plots]
    photos = [TwinRow("照片", one.sentence, _ids([use.plot for use in one.uses])) for one in twins.photos]
    return (*plots, *photos)


def _ids(plots: Sequence[TwinPlot]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.id for one in plots))


def fate_flag(file: InboxFile) -> Flag:
    """What became of a file, by sign and word."""
    sign, tone = _FATES[file.fate.value]
    return Flag(sign, file.fate.label, tone)  # type: ignore[arg-type]


def inbox_now(inbox: Inbox, received: frozenset[str]) -> Inbox:
    """The stick as it stands: what was taken in alone since then, and what was taken back, is told so."""
    return replace(inbox, files=tuple(_file_now(one, received) for one in inbox.files))


def _file_now(file: InboxFile, received: frozenset[str]) -> InboxFile:
    from gengdi_desktop.consolidation.inbox import Fate

    if file.heading is None or file.fate not in {Fate.REFUSED, Fate.LEFT, Fate.TAKEN}:
        return file
    here = file.heading.id in received
    if here and file.fate is not Fate.TAKEN:
        return replace(file, fate=Fate.TAKEN, code="", sentence="后来单独收下了。", hint="")
    if not here and file.fate is Fate.TAKEN:
        return replace(file, fate=Fate.LEFT, sentence="收下以后又撤回了，台账里没有。", hint="要收就再收一次。")
    return file


def inbox_told(inbox: Inbox) -> tuple[str, str]:
    """What became of a stick: one sentence, and what else is to be said."""
    strangers = sum(one.code == UNKNOWN_SIGNER for one in inbox.files)
    told = (
        f"有 {words.count(strangers)} 个是没有收过的人签的：选中一行，点“核对指纹”，信任了再收。" if strangers else ""
    )
    return f"{inbox.sentence}。", told + "".join(inbox.remarks)
