"""What a paper must say by the second count: each clause that holds a number, each row of each table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.helpers.independent_ledger import (
    DISPOSALS,
    FINDINGS,
    KINDS,
    LABELS,
    METHODS,
    STATES,
    Plot,
    SecondCount,
    added,
    day,
    mu,
    share,
)
from tests.helpers.papers_read_back import ReadPaper, ReadTable, Row

_MOST_OPEN = 20
_NUMBER = re.compile(r"[0-9０-９]+")
_COUNTER = re.compile(r"(?:^|注：|[。，亩、个）])([1-9])\.(?=[^0-9])")


@dataclass(frozen=True)
class Frozen:
    """What a paper says of itself: the row of its freezing in the journal."""

    row: Mapping[str, Any]
    as_of: str
    head: str
    snapshot: str

    @property
    def letter(self) -> bool:
        """Whether it is a letter, whose first page bears no number and which has no printing line."""
        return str(self.row["kind"]).endswith("letter")

    @property
    def trace(self) -> str:
        """The small line at the foot."""
        groups = re.findall("....", self.snapshot[:16].upper())
        return f"台账记录第{self.row['head_seq']}条（{self.head[:8].upper()}）数据校验码{'-'.join(groups)}"


# ------------------------------------------------------------------------------------------------------------ sentences


def paper_clauses(count: SecondCount, frozen: Frozen) -> tuple[str, ...]:
    """Each clause with a number that must stand in the paper, word for word."""
    campaign = count.campaign
    common = (
        str(frozen.row["number"]),
        count.matter,
        f"（{campaign['document_number']}）",
        f"现将截至{day(frozen.as_of)}的",
        f"图斑{_both(count.plots, '、面积')}",
        f"涉及{len(count.villages)}个村（社区）",
        f"按问题类型分，{_kinds(count)}。",
        f"已自查{_both(count.of(lambda plot: bool(plot.checked_on)))}，其中{_findings(count)}。",
        f"{day(str(campaign['hard_deadline']))}前整改到位",
        "表1清单核对情况",
        f"“{count.issued.title}”所列合计{count.issued.stated_count}个、{mu(count.issued.stated_area)}亩，与逐行相加一致。",
        frozen.trace,
        *_dates(count, frozen),
    )
    return common + (_works(count, frozen) if count.tables.get("round") else _self_check(count))


def _dates(count: SecondCount, frozen: Frozen) -> tuple[str, ...]:
    told = day(str(frozen.row["document_date"]))
    return (f"{_organ(count)}{told}",) + (() if frozen.letter else (f"{told}印发",))


def _organ(count: SecondCount) -> str:
    return count.unit + ("办事处" if count.unit.endswith("街道") else "人民政府")


def _both(plots: Sequence[Plot], joint: str = "、") -> str:
    return f"{len(plots)}个{joint}{mu(added(plots))}亩"


def _kinds(count: SecondCount) -> str:
    told = [(word, count.of(lambda plot, word=word: plot.kind == word)) for word in KINDS.values()]  # type: ignore[misc]
    return "；".join(f"{'其他类型' if word == '其他' else word}{_both(plots)}" for word, plots in told if plots)


def _findings(count: SecondCount) -> str:
    told = [(word, [plot for plot in count.plots if plot.finding == word]) for word in FINDINGS.values()]
    return "，".join(f"{word}{_both(plots)}" for word, plots in told if plots)


def _self_check(count: SecondCount) -> tuple[str, ...]:
    days = sorted(plot.checked_on for plot in count.plots)
    (asked,) = [one["window_end"] for one in count.tables["phase"].values() if one["code"] == "self_check"]
    needed = "；".join(
        f"{word}{_both(plots)}"
        for word, wanted in (("需要整改", 1), ("无需整改", 0))
        if (plots := [plot for plot in count.plots if plot.rectify == wanted])
    )
    return (
        f"自{day(days[0])}开始，至{day(days[-1])}结束（要求的期限为{day(asked)}）",
        f"经核实，{needed}。清单核对情况见表1，各村情况见表2。",
        "表2各村（社区）自查情况",
    )


def _works(count: SecondCount, frozen: Frozen) -> tuple[str, ...]:
    done, waiting = count.of(lambda plot: plot.done), count.of(lambda plot: plot.waiting)
    labels = {word: [plot for plot in count.plots if plot.label == word] for word in LABELS}
    basic = sum((plot.row.basic for plot in count.plots), Decimal(0))
    shares = (
        f"分别占下发个数的{share(Decimal(len(done)), Decimal(len(count.plots)))}%、"
        f"下发面积的{share(added(done), added(count.plots))}%"
    )
    split = "，".join(f"{word}{_both(labels[word])}" for word in ("已销号", "整改到位") if labels[word])
    rest = "；".join(
        f"{word}{_both(labels[word])}" for word in ("待验收", "部分整改", "未整改", "核减") if labels[word]
    )
    methods = "；".join(_methods(done))
    spare = sum((plot.area - plot.settled for plot in done), Decimal(0))
    methods += f"；另有不需整改的部分{mu(spare)}亩" if spare else ""
    settled = mu(sum((plot.settled for plot in count.plots), Decimal(0)))
    marks = "、".join(f"{words}{many}个" for words, many in _marks(count) if many)
    return (
        f"永久基本农田{mu(basic)}亩",
        f"已为{sum(1 for plot in count.plots if plot.disposal)}个图斑逐一明确措施、责任人和时限",
        f"其中{'、'.join(_disposals(count))}；以各种方式累计落实{settled}亩，",
        f"留存照片、文书{sum(plot.files for plot in count.plots)}份",
        f"截至{day(frozen.as_of)}，已整改{_both(done)}，{shares}；其中{split}。此外，{rest}。各村（社区）情况见表2。",
        "相等，具体见表1。",
        "表2各村（社区）整改完成情况",
        f"已整改的图斑按落实方式分，{methods}。",
        f"还有{_both(waiting)}没有完成，其中{marks}。",
        *(("具体图斑见表3。", "表3未完成图斑") if len(waiting) <= _MOST_OPEN else ()),
    )


def _methods(done: Sequence[Plot]) -> Iterator[str]:
    for method, word in METHODS.items():
        area = sum((plot.methods[method] for plot in done), Decimal(0))
        many = sum(1 for plot in done if plot.main_method == method)
        if area:
            yield f"{word}{f'{many}个、' if many else ''}{mu(area)}亩"


def _disposals(count: SecondCount) -> Iterator[str]:
    for word in DISPOSALS.values():
        many = sum(1 for plot in count.plots if plot.disposal == word)
        if many:
            yield f"{word}{many}个"


def _marks(count: SecondCount) -> tuple[tuple[str, int], ...]:
    return (
        ("超期", sum(plot.overdue for plot in count.plots)),
        ("退回后重新整改", sum(plot.returned for plot in count.plots)),
        ("暂缓或有争议", sum(bool(plot.held) for plot in count.plots)),
        ("正在举证", sum(plot.state == "contested" for plot in count.plots)),
    )


# --------------------------------------------------------------------------------------------------------------- tables


def paper_tables(count: SecondCount) -> tuple[tuple[Row, ...], ...]:
    """The rows of each table of the text, as they must stand there."""
    if not count.tables.get("round"):
        return _lists(count), _found(count)
    return (_lists(count), _villages(count), *_waiting(count))


def _lists(count: SecondCount) -> tuple[Row, ...]:
    parts = [count.plots, (), *(count.of(lambda plot, word=word: plot.label == word) for word in LABELS)]  # type: ignore[misc]
    return (
        (count.issued.title, "个数", *(str(len(part)) for part in parts)),
        (f"（{count.issued.area_header}）", "面积", *(mu(added(part)) for part in parts)),
    )


def _villages(count: SecondCount) -> tuple[Row, ...]:
    def row(name: str, plots: Sequence[Plot]) -> Row:
        done = [plot for plot in plots if plot.done]
        asked = sum(1 for plot in plots if plot.label == "待验收")
        other = sum(1 for plot in plots if plot.label in {"部分整改", "未整改"})
        told = (len(plots), mu(added(plots)), len(done), mu(added(done)), asked, other)
        return (name, *map(str, told), share(added(done), added(plots)))

    return (*_by_village(count, row), row("合计", count.plots))


def _found(count: SecondCount) -> tuple[Row, ...]:
    def row(name: str, plots: Sequence[Plot]) -> Row:
        found = [sum(1 for plot in plots if plot.finding == word) for word in FINDINGS.values()]
        unchecked = sum(1 for plot in plots if not plot.checked_on)
        needed = [plot for plot in plots if plot.rectify == 1]
        return tuple(map(str, (name, len(plots), mu(added(plots)), *found, unchecked, len(needed), mu(added(needed)))))

    return (*_by_village(count, row), row("合计", count.plots))


def _by_village(count: SecondCount, row: Callable[[str, Sequence[Plot]], Row]) -> Iterator[Row]:
    for village in count.villages:
        yield row(village, [plot for plot in count.plots if plot.row.village == village])


def _waiting(count: SecondCount) -> tuple[tuple[Row, ...], ...]:
    plots = count.of(lambda plot: plot.waiting)
    if not 0 < len(plots) <= _MOST_OPEN:
        return ()
    rows = [
        (
            plot.row.village,
            plot.row.number,
            mu(plot.area),
            mu(plot.remaining),
            plot.label,
            plot.person,
            plot.deadline,
            "；".join(_why(plot)) or STATES[plot.state],
        )
        for plot in plots
    ]
    left = sum((plot.remaining for plot in plots), Decimal(0))
    return ((*rows, ("合计", f"{len(plots)}个", mu(added(plots)), mu(left), "", "", "", "")),)


def _why(plot: Plot) -> Iterator[str]:
    if plot.held:
        yield plot.held
    if plot.returned:
        yield "退回后重新整改"
    if plot.overdue:
        yield "超期"


# ----------------------------------------------------------------------------------------------------------- the annex


def annex_cell(plot: Plot, header: str) -> str:
    """What the ledger in the annex must say of a plot under a header."""
    return _ANNEX[header](plot)


def annex_total(count: SecondCount, header: str) -> str:
    """What must stand below a column of the annex."""
    if header in {"村（社区）", "图斑编号"}:
        return {"村（社区）": "合计", "图斑编号": f"{len(count.plots)}个"}[header]
    if header not in _SUMMED:
        return ""
    return mu(sum((Decimal(annex_cell(plot, header) or 0) for plot in count.plots), Decimal(0)))


def _target(plot: Plot, value: Decimal) -> str:
    """Areas of the task stay empty where no target was set."""
    return mu(value) if plot.target else ""


def _accepted(plot: Plot) -> str:
    town = f"镇级{plot.accepted_on}" if plot.accepted_on else ""
    return town + (f"县级{plot.county_accepted_on}" if plot.county_accepted_on else "")


def _remark(plot: Plot) -> str:
    said = list(_why(plot))
    if plot.cancelled_by:
        said.append(f"核减文号{plot.cancelled_by}")
    if plot.spare:
        said.append(f"不需整改{mu(plot.spare)}亩：{plot.spare_reason}")
    return "；".join([*said, *([plot.remark] if plot.remark else [])])


_SUMMED = frozenset({"下发面积", "其中永农", "应整改面积", "已落实面积", "剩余面积"})
_ANNEX: Mapping[str, Callable[[Plot], str]] = {
    "村（社区）": lambda plot: plot.row.village,
    "图斑编号": lambda plot: plot.row.number,
    "标识码": lambda plot: plot.row.bsm,
    "问题类型": lambda plot: plot.kind,
    "下发面积": lambda plot: mu(plot.area),
    "其中永农": lambda plot: mu(plot.row.basic),
    "流出后地类": lambda plot: plot.row.class_after,
    "自查日期": lambda plot: plot.checked_on,
    "结论": lambda plot: plot.finding,
    "现状地类": lambda plot: plot.class_now,
    "占用主体": lambda plot: plot.party,
    "成因": lambda plot: plot.cause,
    "是否需整改": lambda plot: {1: "是", 0: "否", None: ""}[plot.rectify],
    "应整改面积": lambda plot: _target(plot, plot.target),
    "整改措施": lambda plot: plot.measure,
    "时限": lambda plot: plot.deadline,
    "责任人": lambda plot: plot.person,
    "已落实面积": lambda plot: mu(plot.settled),
    "剩余面积": lambda plot: _target(plot, plot.target - plot.settled),
    "类别": lambda plot: plot.label,
    "验收": _accepted,
    "销号日期": lambda plot: plot.closed_on,
    "备注": _remark,
}


def annex_rows(count: SecondCount, headers: Sequence[str]) -> tuple[Row, ...]:
    """All rows of the annex, the totals last, under its headers; the first column is the order."""
    rows = [
        (str(order), *(annex_cell(plot, header) for header in headers[1:]))
        for order, plot in enumerate(count.plots, start=1)
    ]
    return (*rows, ("", *(annex_total(count, header) for header in headers[1:])))


def annex_clauses(count: SecondCount, frozen: Frozen, pages: int) -> tuple[str, ...]:
    """Each clause with a number that stands beside the annex's table."""
    return (
        f"{frozen.row['number']}附件",
        count.matter,
        f"填报日期：{day(str(frozen.row['document_date']))}（数据截至{day(frozen.as_of)}）",
        *(f"第{number}页共{pages}页" for number in range(1, pages + 1)),
        frozen.trace,
    )


# ------------------------------------------------------------------------------------------------------- the comparison


def differences(strands: Iterable[str], clauses: Iterable[str]) -> list[str]:
    """Clauses that stand nowhere, and numbers that no clause explains."""
    strands = tuple(strands)
    explained = [[False] * len(strand) for strand in strands]
    wrong = []
    for clause in clauses:
        pattern = re.compile(rf"(?<![0-9.]){re.escape(clause)}" if clause[0].isdigit() else re.escape(clause))
        found = False
        for strand, known in zip(strands, explained, strict=True):
            for match in pattern.finditer(strand):
                found = True
                known[match.start() : match.end()] = [True] * len(match.group())
        if not found:
            wrong.append(f"不见：{clause}")
    for strand, known in zip(strands, explained, strict=True):
        counted = _note_numbers(strand)
        wrong += [
            f"无来源：{strand[max(0, match.start() - 12) : match.end() + 6]}"
            for match in _NUMBER.finditer(strand)
            if not all(known[match.start() : match.end()]) and match.start() not in counted
        ]
    return wrong


def _note_numbers(strand: str) -> set[int]:
    """Where the notes under a table are numbered, one after the other."""
    places: set[int] = set()
    last = 0
    for match in _COUNTER.finditer(strand):
        number = int(match.group(1))
        last = 0 if match.group().startswith("注") else last
        if number == last + 1:
            places.add(match.start(1))
        last = number
    return places


def paper_differences(read: ReadPaper, count: SecondCount, frozen: Frozen) -> list[str]:
    """Everything in a paper that the second count does not confirm."""
    numbers = range(2 if frozen.letter else 1, read.pages + 1)
    clauses = [*paper_clauses(count, frozen), *(f"—{number}—" for number in numbers)]
    wrong = differences(read.strands, clauses)
    expected = paper_tables(count)
    if len(expected) != len(read.tables):
        wrong.append(f"表的张数：{len(read.tables)}，应为{len(expected)}")
    for table, rows in zip(read.tables, expected, strict=False):
        wrong += _row_differences(table, rows)
    return wrong


def annex_differences(read: ReadPaper, count: SecondCount, frozen: Frozen) -> list[str]:
    """Everything in an annex that the second count does not confirm."""
    wrong = differences(read.strands, annex_clauses(count, frozen, read.pages))
    (table,) = read.tables
    return wrong + _row_differences(table, annex_rows(count, leaf_headers(table.header)))


def leaf_headers(header: Sequence[Row]) -> Row:
    """The lowest header of each column."""
    return tuple(next(cell for cell in reversed(column) if cell) for column in zip(*header, strict=True))


def _row_differences(table: ReadTable, rows: Sequence[Row]) -> list[str]:
    told = [f"{got} ≠ {want}" for got, want in zip(table.rows, rows, strict=False) if got != want]
    if len(table.rows) != len(rows):
        told.append(f"{table.header[0][0]}：{len(table.rows)}行，应为{len(rows)}行")
    return told
