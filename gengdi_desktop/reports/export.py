"""The ledger as a table for further work: a workbook or a CSV, nothing private in it, nothing that executes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports.document import CellKind, Column, Value, executes
from gengdi_desktop.reports.facts import store as facts_store
from gengdi_desktop.reports.facts.snapshot import PlotFact, word_of
from gengdi_desktop.system.files import write_whole

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.outlines import PlotOutline
    from gengdi_desktop.reports.made_files import Progress


@dataclass(frozen=True, slots=True)
class Exported:
    """A written file: where, how many plots, and how many of them have no place on its map."""

    file: Path
    rows: int
    unplaced: int = 0


_TABLES = (".xlsx", ".csv")
_MAPS = (".gpkg", ".geojson", ".kml", ".gpx")
_T, _C, _A, _D, _N = CellKind.TEXT, CellKind.CODE, CellKind.AREA, CellKind.DATE, CellKind.COUNT
_FIELDS: tuple[tuple[str, str, CellKind, float, Callable[[PlotFact], Value]], ...] = (
    ("township", "乡镇", _T, 24, lambda p: p.township),
    ("village", "村（社区）", _T, 26, lambda p: p.village),
    ("plot_no", "图斑编号", _C, 20, lambda p: p.plot_no),
    ("bsm", "标识码", _C, 38, lambda p: p.bsm),
    ("clue", "线索编号", _C, 30, lambda p: p.clue),
    ("year", "流出年度", _N, 18, lambda p: p.outflow_year),
    ("kind", "问题类型", _T, 18, lambda p: word_of(ProblemKind, p.kind)),
    ("class_after", "流出后地类", _T, 24, lambda p: p.class_after),
    ("issued", "下发面积（亩）", _A, 24, lambda p: p.issued),
    ("basic", "永久基本农田面积（亩）", _A, 24, lambda p: p.basic),
    ("state", "状态", _T, 24, lambda p: p.state.label),
    ("label", "类别", _T, 18, lambda p: p.label.label),
    ("round", "轮次", _N, 12, lambda p: p.round),
    ("checked_on", "自查日期", _D, 22, lambda p: p.checked_on),
    ("finding", "自查结论", _T, 18, lambda p: word_of(Finding, p.finding)),
    ("class_now", "现状地类", _T, 24, lambda p: p.class_now),
    ("party", "占用主体", _T, 24, lambda p: p.party),
    ("cause", "成因", _T, 40, lambda p: p.cause),
    ("rectify", "是否需整改", _T, 20, lambda p: {True: "是", False: "否", None: ""}[p.rectify]),
    ("target", "应整改面积（亩）", _A, 24, lambda p: p.target),
    ("disposal", "处置类别", _T, 20, lambda p: word_of(DisposalClass, p.disposal)),
    ("measure", "整改措施", _T, 50, lambda p: p.measure),
    ("deadline", "整改时限", _D, 22, lambda p: p.deadline),
    ("leader", "责任领导", _T, 20, lambda p: p.leader),
    ("person", "责任人", _T, 20, lambda p: p.person),
    ("person_title", "责任人职务", _T, 22, lambda p: p.person_title),
    ("person_phone", "责任人办公电话", _C, 28, lambda p: p.person_phone),
    *((bucket.value, f"{bucket.label}（亩）", _A, 24, lambda p, bucket=bucket: p.buckets[bucket]) for bucket in Bucket),
    ("settled", "累计落实面积（亩）", _A, 24, lambda p: p.settled),
    ("remaining", "剩余面积（亩）", _A, 24, lambda p: p.remaining),
    ("crop", "种植作物", _T, 20, lambda p: p.crop),
    ("claimed_on", "申报日期", _D, 22, lambda p: p.claimed_on),
    ("accepted_on", "镇级验收日期", _D, 24, lambda p: p.accepted_on),
    ("county_accepted_on", "县级验收日期", _D, 24, lambda p: p.county_accepted_on),
    ("closed_on", "销号日期", _D, 22, lambda p: p.closed_on),
    ("held", "暂缓、争议", _T, 30, lambda p: p.held),
    ("overdue", "超期", _T, 12, lambda p: "是" if p.overdue else ""),
    ("returned", "退回", _T, 12, lambda p: "是" if p.returned else ""),
    ("files", "照片和文书份数", _N, 22, lambda p: p.files),
    ("split", "拆自", _T, 24, lambda p: p.parent),
    ("remark", "备注", _T, 40, lambda p: p.remark),
    ("id", "台账编号", _C, 44, lambda p: p.id),
)


def export(ledger: Ledger, path: Path, progress: Progress | None = None) -> Exported:
    """Write all plots of the ledger: a table as ``.xlsx`` or ``.csv``, a map as ``.gpkg .geojson .kml .gpx``.

    Private values are not in it; the responsible person's name and office telephone are.

    Args:
        ledger: An open ledger.
        path: Its ending decides the format; an older file is replaced.
        progress: Told how many rows are written, of how many; may raise to stop.

    Raises:
        RuleError: ``unknown_format``.
        SurroundingsError: The place cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in {*_TABLES, *_MAPS}:
        hint = f"表格请用 {'、'.join(_TABLES)} 结尾，地图请用 {'、'.join(_MAPS)} 结尾。"
        raise RuleError("unknown_format", f"不会写“{ending or path.name}”格式的文件。", hint)
    today = ledger.today()
    places: dict[str, PlotOutline] = {}
    with ledger.reading() as session:
        snapshot = facts_store.snapshot(session, today)
        if ending in _MAPS:
            from gengdi_desktop.ledger.outlines import outlines_in

            places = outlines_in(session)
    rows = [tuple(field[4](plot) for field in _FIELDS) for plot in snapshot.plots]
    if ending in _MAPS:
        from gengdi_desktop.reports.export_shapes import shapes_file  # heavy: only where a map is wanted

        heads = [heading for _key, heading, *_rest in _FIELDS]
        pairs = list(zip(snapshot.plots, rows, strict=True))
        data, unplaced = shapes_file(ending, f"{snapshot.unit}图斑", heads, pairs, places, ledger.clock.now())
        write_whole(path, data)
        return Exported(path, len(rows), unplaced)
    if ending == ".csv":
        data = _csv(rows)
    else:
        from gengdi_desktop.reports.render.workbook import WorkbookProperties, table_workbook

        columns = [Column(key, (heading,), kind, width) for key, heading, kind, width, _of in _FIELDS]
        title = f"{snapshot.unit}台账"
        properties = WorkbookProperties(title, snapshot.unit, today, "台账", sample=snapshot.sample)
        data = table_workbook(columns, rows, properties, progress)
    write_whole(path, data)
    return Exported(path, len(rows))


def _csv(rows: list[tuple[Value, ...]]) -> bytes:
    """UTF-8 with the mark that makes spreadsheets read it as such; texts that would execute get a quote before them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([heading for _key, heading, *_rest in _FIELDS])
    writer.writerows([_csv_text(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Area):
        return value.exact()
    shown = str(value)
    return f"'{shown}" if executes(shown) else shown
