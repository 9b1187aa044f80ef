"""The annex of 20,000 rows as PDF: our renderer beside LibreOffice, which prints our workbook of the same rows."""

from __future__ import annotations

import shutil
import subprocess
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench.comparison import Comparison, Figure
from bench.lists import plots
from bench.measuring import Stopwatch, measure
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.reports.document import Annex, CellKind, Column, Table
from gengdi_desktop.system.resources import resource

ROWS = 20_000
DAY = date(2023, 8, 20)
_COLUMNS = (
    Column("order", ("序号",), CellKind.ORDER, 12),
    Column("unit", ("乡镇",), CellKind.TEXT, 22),
    Column("village", ("村（社区）",), CellKind.TEXT, 28),
    Column("plot_no", ("图斑编号",), CellKind.TEXT, 18),
    Column("bsm", ("标识码",), CellKind.TEXT, 36),
    Column("before", ("地类", "流出前"), CellKind.TEXT, 20),
    Column("after", ("地类", "流出后"), CellKind.TEXT, 30),
    Column("plot_area", ("面积", "图斑"), CellKind.AREA, 18),
    Column("issued_area", ("面积", "下发"), CellKind.AREA, 18),
    Column("kind", ("流出类型",), CellKind.TEXT, 18),
    Column("year", ("流出年度",), CellKind.TEXT, 16),
    Column("remark", ("备注",), CellKind.TEXT, 30),
)


def annex(rows: int) -> Annex:
    """The rows as the register shows them."""
    cells = [
        (
            place + 1, plot.unit.name, plot.village.short_name, number, bsm, plot.class_before[1], plot.class_after[1],
            plot.plot_area, plot.cultivated_area, plot.kind, str(plot.year), plot.remark,
        )
        for place, (plot, number, bsm) in enumerate(plots(rows))
    ]  # fmt: skip
    total = Area.total(row[8] for row in cells)
    totals = ("合计", "", "", "", "", "", "", Area.total(row[7] for row in cells), total, "", "", "")
    table = Table("register", "", "单位：亩", _COLUMNS, tuple(cells), totals, ("合计按下发面积相加。",))
    return Annex("耕地流出问题整改台账", table, "填报单位：进贤县", "填报日期：2023年8月20日", ("填表人：（测速）",))


def ours(rows: int, out: str) -> tuple[float, Any]:
    """Draw the PDF; loading the fonts counts, making the rows does not."""
    content = annex(rows)
    with Stopwatch() as watch:
        from gengdi_desktop.reports.fonts import load_fonts
        from gengdi_desktop.reports.render.annex import AnnexPaper, render_annex
        from gengdi_desktop.reports.render.pdf import Properties

        fonts = load_fonts(resource("fonts"), own=())
        properties = Properties(title=content.title, author="测速", day=DAY)
        made = render_annex(AnnexPaper(content, "附件1", draft=False, properties=properties), fonts)
    Path(out).write_bytes(made.data)
    return watch.seconds, made.pages


def workbook(rows: int, out: str) -> tuple[float, Any]:
    """Write the workbook that LibreOffice prints."""
    from gengdi_desktop.reports.render.workbook import WorkbookProperties, annex_workbook

    content = annex(rows)
    with Stopwatch() as watch:
        data = annex_workbook(content, WorkbookProperties(content.title, "测速", DAY, "台账"), "附件1")
    Path(out).write_bytes(data)
    return watch.seconds, len(data)


def libreoffice(sheet: Path, scratch: Path) -> float | None:
    """Seconds that LibreOffice takes to print a workbook into a PDF; None where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        return None
    profile = f"-env:UserInstallation=file://{scratch}/profile"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(scratch)]
    # The first start makes its profile; that is not its printing.
    small = scratch / "small.csv"
    small.write_text("a\n")
    subprocess.run([*command, str(small)], check=True, capture_output=True)
    started = time.perf_counter()
    subprocess.run([*command, str(sheet)], check=True, capture_output=True)
    return time.perf_counter() - started


def compare(scratch: Path) -> Comparison:
    """Both, on the same rows."""
    made = measure("bench.annex_pdf:ours", runs=3, rows=ROWS, out=str(scratch / "ours.pdf"))
    small = measure("bench.annex_pdf:ours", rows=ROWS // 10, out=str(scratch / "small.pdf"))
    book = measure("bench.annex_pdf:workbook", rows=ROWS, out=str(scratch / "annex.xlsx"))
    printed = libreoffice(scratch / "annex.xlsx", scratch)
    notes = [
        f"{made.answer} pages, {(scratch / 'ours.pdf').stat().st_size / 1e6:.1f} MB, peak {made.own_mb:.0f} MB",
        f"{ROWS // 10} rows: {small.seconds:.2f} s, peak {small.own_mb:.0f} MB",
        f"the same rows as workbook: {book.seconds:.2f} s",
    ]
    figures: tuple[Figure, ...] = ()
    if printed is None:
        notes.append("LibreOffice is not installed: nothing to compare with")
    else:
        figures = (Figure("annex PDF", made.seconds, "s", 0.6, ("LibreOffice xlsx to pdf", printed)),)
    return Comparison(f"annex of {ROWS} rows, {len(_COLUMNS)} columns", figures, tuple(notes))
