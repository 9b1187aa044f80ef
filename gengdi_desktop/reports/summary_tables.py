"""The small tables in the text: lists that tie out, villages, plots that are not done."""

from __future__ import annotations

from collections.abc import Sequence

from gengdi_desktop.domain.areas import Area, percent_text
from gengdi_desktop.domain.choices import Finding
from gengdi_desktop.domain.states import Label
from gengdi_desktop.reports.document import CellKind, Column, Table, Value
from gengdi_desktop.reports.facts.figures import done_words
from gengdi_desktop.reports.facts.snapshot import LabelSum, ListFact, PlotFact, Snapshot

TOTALS_NOTE = "合计按下发面积相加。"
MOST_OPEN_PLOTS = 20
_TEXT_WIDTH, _WHAT, _NARROWEST, _NARROWEST_NAME = 158.0, 9.6, 14.0, 20.0
_DIGIT, _MARGINS = 2.1, 2.4
"""Millimetres of a digit in a table of the text, and of the room beside it."""
_COUNT, _AREA, _TEXT, _PERCENT = CellKind.COUNT, CellKind.AREA, CellKind.TEXT, CellKind.PERCENT


def lists_table(snapshot: Snapshot, number: int) -> Table:
    """Per list: issued lines = not entered + the six labels, by count and by area."""
    rows = [row for one in snapshot.lists for row in _list_rows(one)]
    lines, unentered, *labels = (_width([row[at] for row in rows]) for at in range(2, 4 + len(Label)))
    columns = (
        Column("list", ("清单",), _TEXT, max(_NARROWEST_NAME, _TEXT_WIDTH - _WHAT - lines - unentered - sum(labels))),
        Column("what", ("项目",), CellKind.FLAG, _WHAT),
        Column("lines", ("下发",), _AREA, lines),
        Column("unentered", ("未入账",), _AREA, unentered),
        *(Column(label.value, (label.label,), _AREA, width) for label, width in zip(Label, labels, strict=True)),
    )
    totals = ("各清单均已核对：下发数＝未入账＋六类之和。",) if all(one.ties_out for one in snapshot.lists) else ()
    notes = (*totals, *_stated_notes(snapshot.lists), TOTALS_NOTE + done_words(snapshot))
    return Table("lists", f"表{number}　清单核对情况", "单位：个、亩", columns, tuple(rows), None, notes)


def _width(cells: Sequence[Value]) -> float:
    """What a column of numbers needs so that none of them breaks; not less than its heading."""
    longest = max((len(one.display() if isinstance(one, Area) else str(one)) for one in cells), default=0)
    return max(_NARROWEST, _DIGIT * longest + _MARGINS)


def _list_rows(one: ListFact) -> list[tuple[Value, ...]]:
    sums: list[LabelSum] = [one.lines, one.unentered, *(one.by_label[label] for label in Label)]
    return [
        (one.name, "个数", *(str(part.count) for part in sums)),
        (f"（{one.area_header or '下发面积'}）", "面积", *(part.area for part in sums)),
    ]


def _stated_notes(lists: Sequence[ListFact]) -> list[str]:
    """How each list agrees with the totals that its notice names."""
    notes = []
    for one in lists:
        if one.stated_count is None and one.stated_area is None:
            continue
        said = []
        if one.stated_count is not None:
            said.append(f"{one.stated_count}个")
        if one.stated_area is not None:
            said.append(f"{one.stated_area.display()}亩")
        same = one.stated_count in {None, one.lines.count} and one.stated_area in {None, one.lines.area}
        verdict = "一致" if same else "不一致，以逐行相加为准"
        notes.append(f"“{one.name}”所列合计{'、'.join(said)}，与逐行相加{verdict}。")
    return notes


def villages_table(snapshot: Snapshot, number: int) -> Table:
    """Per village: issued, rectified, awaiting, the rest, and the shares."""
    columns = (
        Column("village", ("村（社区）",), _TEXT, 30),
        Column("issued_count", ("下发", "个数"), _COUNT, 14),
        Column("issued_area", ("下发", "面积"), _AREA, 19),
        Column("done_count", ("已整改", "个数"), _COUNT, 14),
        Column("done_area", ("已整改", "面积"), _AREA, 19),
        Column("awaiting_count", ("待验收", "个数"), _COUNT, 14),
        Column("open_count", ("其他未完成", "个数"), _COUNT, 17),
        Column("share", ("面积完成率（%）",), _PERCENT, 20),
    )
    plots = snapshot.counted
    groups = _by_village(snapshot, plots)
    rows: list[tuple[Value, ...]] = [_village_row(name, mine) for name, mine in groups]
    if snapshot.open_lines:
        area = Area.total(line.issued for line in snapshot.open_lines)
        count = len(snapshot.open_lines)
        rows.append(("未入账", count, area, None, None, None, None, None))
    return Table(
        "villages",
        f"表{number}　各村（社区）整改完成情况",
        "单位：个、亩",
        columns,
        tuple(rows),
        _total_row(rows),
        (TOTALS_NOTE + done_words(snapshot), "完成率＝已整改面积÷下发面积；核减的计入下发，不计入已整改和未完成。"),
    )


def _village_row(name: str, mine: Sequence[PlotFact]) -> tuple[Value, ...]:
    done = [plot for plot in mine if plot.label.rectified]
    awaiting = sum(1 for plot in mine if plot.label is Label.AWAITING)
    other = sum(1 for plot in mine if plot.label in {Label.PARTIAL, Label.UNRECTIFIED})
    area, done_area = Area.total(plot.issued for plot in mine), Area.total(plot.issued for plot in done)
    return (name, len(mine), area, len(done), done_area, awaiting, other, percent_text(done_area, area))


def _total_row(rows: Sequence[tuple[Value, ...]]) -> tuple[Value, ...]:
    """Counts and areas added up, the share made anew."""
    counts = {index: sum(cell for row in rows if isinstance(cell := row[index], int)) for index in (1, 3, 5, 6)}
    areas = {index: Area.total(cell for row in rows if isinstance(cell := row[index], Area)) for index in (2, 4)}
    share = percent_text(areas[4], areas[2])
    return ("合计", counts[1], areas[2], counts[3], areas[4], counts[5], counts[6], share)


def findings_table(snapshot: Snapshot, number: int) -> Table:
    """Per village: what the self-check found."""
    columns = (
        Column("village", ("村（社区）",), _TEXT, 30),
        Column("issued_count", ("下发", "个数"), _COUNT, 14),
        Column("issued_area", ("下发", "面积"), _AREA, 19),
        *(Column(finding.value, ("自查结论", finding.label), _COUNT, 13) for finding in Finding),
        Column("unchecked", ("未自查",), _COUNT, 15),
        Column("rectify_count", ("需整改", "个数"), _COUNT, 14),
        Column("rectify_area", ("需整改", "面积"), _AREA, 19),
    )
    rows = [_finding_row(name, mine) for name, mine in _by_village(snapshot, snapshot.counted)]
    if snapshot.open_lines:
        area, count = Area.total(line.issued for line in snapshot.open_lines), len(snapshot.open_lines)
        rows.append(("未入账", count, area, *([None] * 6)))
    totals: list[Value] = ["合计"]
    for index, column in enumerate(columns[1:], start=1):
        if column.kind is _AREA:
            totals.append(Area.total(cell for row in rows if isinstance(cell := row[index], Area)))
        else:
            totals.append(sum(cell for row in rows if isinstance(cell := row[index], int)))
    return Table(
        "findings",
        f"表{number}　各村（社区）自查情况",
        "单位：个、亩",
        columns,
        tuple(rows),
        tuple(totals),
        (TOTALS_NOTE,),
    )


def _finding_row(name: str, mine: Sequence[PlotFact]) -> tuple[Value, ...]:
    checked = [plot for plot in mine if plot.checked_on is not None]
    needed = [plot for plot in checked if plot.rectify]
    return (
        name,
        len(mine),
        Area.total(plot.issued for plot in mine),
        *(sum(1 for plot in checked if plot.finding == finding) for finding in Finding),
        len(mine) - len(checked),
        len(needed),
        Area.total(plot.issued for plot in needed),
    )


def open_plots_table(snapshot: Snapshot, number: int) -> Table | None:
    """The plots that are not done, where they are few enough for the text; None otherwise."""
    plots = [plot for plot in snapshot.counted if not plot.label.rectified and plot.label is not Label.CANCELLED]
    if not 0 < len(plots) <= MOST_OPEN_PLOTS:
        return None
    columns = (
        Column("village", ("村（社区）",), _TEXT, 25),
        Column("plot_no", ("图斑编号",), CellKind.CODE, 19),
        Column("issued", ("下发面积",), _AREA, 18),
        Column("remaining", ("剩余面积",), _AREA, 18),
        Column("label", ("类别",), CellKind.FLAG, 19),
        Column("person", ("责任人",), CellKind.FLAG, 16),
        Column("deadline", ("时限",), CellKind.DATE, 24),
        Column("why", ("说明",), _TEXT, 30),
    )
    rows = tuple(
        (
            place_of(snapshot, plot),
            plot.plot_no,
            plot.issued,
            plot.remaining,
            plot.label.label,
            plot.person,
            plot.deadline,
            why(plot),
        )
        for plot in plots
    )
    totals = (
        "合计",
        f"{len(plots)}个",
        Area.total(plot.issued for plot in plots),
        Area.total(plot.remaining for plot in plots),
        None,
        None,
        None,
        None,
    )
    return Table("open", f"表{number}　未完成图斑", "单位：亩", columns, rows, totals, (TOTALS_NOTE,))


def why(plot: PlotFact) -> str:
    """What holds a plot up, in words."""
    said = [plot.held] if plot.held else []
    if plot.returned:
        said.append("退回后重新整改")
    if plot.overdue:
        said.append("超期")
    return "；".join(said) or plot.state.label


def place_of(snapshot: Snapshot, plot: PlotFact) -> str:
    """The village; with its township where the ledger holds several."""
    several = len({one.township for one in snapshot.plots}) > 1
    return f"{plot.township}{plot.village}" if several else plot.village or plot.township


def _by_village(snapshot: Snapshot, plots: Sequence[PlotFact]) -> list[tuple[str, list[PlotFact]]]:
    """Villages in the order of their first plot."""
    groups: dict[str, list[PlotFact]] = {}
    for plot in plots:
        groups.setdefault(place_of(snapshot, plot), []).append(plot)
    return list(groups.items())
