"""Scenes of outlines that are added, and of plots that come again where others were closed before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import shapely

from gengdi_desktop.domain.people import Actor
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.intake.adding_outlines import add_outlines, preview_outlines
from gengdi_desktop.ledger.outlines import outlines
from gengdi_desktop.ledger.plot_lines import PlotLine
from gengdi_desktop.ledger.queries import Condition, PlotQuery, plot_ids, plot_lines
from gengdi_desktop.ui.pages.intake_outlines_page import OutlinesPage
from gengdi_desktop.ui.pages.recurrence_page import RecurrencePage
from tests.gui.sample_desk import LONG_VILLAGES
from tests.gui.scenes_evidence import made_photo
from tests.gui.window_stage import Stage
from tests.helpers.shapes_made import Cell, Row, write_geojson, write_shp

Bring = Callable[[Stage, Path], None]
_CLERK = Actor("吴小琴")
_SQUARE_METRES = 10861.09
"""Of a square of a thousandth of a degree, by the ellipsoid."""
_MU = 1500
FIELDS = [("TBBH", "C", 8, 0), ("ZLDWMC", "C", 100, 0), ("TBMJ", "N", 15, 2)]


def outlines_page(stage: Stage) -> OutlinesPage:
    """The page of outlines of an open window."""
    page = stage.window.page
    assert isinstance(page, OutlinesPage)
    return page


def recurrence_page(stage: Stage) -> RecurrencePage:
    """The page of recurrences of an open window."""
    page = stage.window.page
    assert isinstance(page, RecurrencePage)
    return page


def sample_lines(stage: Stage, count: int) -> list[PlotLine]:
    """The first plots of the ledger that can be told by village and number."""
    ledger = stage.context.ledger
    return plot_lines(ledger, plot_ids(ledger, PlotQuery(), limit=count))


def _known(stage: Stage, state: str) -> PlotLine:
    """A plot in a state, in a village that the table of divisions knows."""
    ledger = stage.context.ledger
    lines = plot_lines(ledger, plot_ids(ledger, PlotQuery((Condition("state", state),))))
    return next(one for one in lines if one.village not in LONG_VILLAGES)


def field(at: int, square_metres: float = _SQUARE_METRES) -> shapely.Polygon:
    """The square of a plot, as large as asked, twelve in a row."""
    side = (square_metres / _SQUARE_METRES) ** 0.5 / 1000
    west, south = 116.27 + at % 12 * 0.004, 28.37 + at // 12 * 0.004
    return shapely.box(west, south, west + side, south + side)


def _sized(one: PlotLine, at: int, more: float = 1.0) -> shapely.Polygon:
    return field(at, one.issued_area.micro_mu / _MU * more)


def outlines_file(folder: Path, lines: Sequence[PlotLine], name: str = "白圩乡图斑边界.shp") -> Path:
    """A shapefile as the county sends it later: most plots, one far too large, one without a shape, two unknown."""
    rows: list[Row] = [(one.plot_no, one.village, 0.0) for one in lines]
    shapes: list[shapely.Polygon | None] = [_sized(one, at, 1.004) for at, one in enumerate(lines)]
    shapes[1], shapes[2] = _sized(lines[1], 1, 1.9), None
    rows += [("9998", lines[0].village, 0.0), ("9999", lines[0].village, 0.0)]
    shapes += [field(40), field(41)]
    return write_shp(folder / name, FIELDS, rows, shapes)


def give_old_outlines(stage: Stage, folder: Path, lines: Sequence[PlotLine]) -> None:
    """Let some plots have outlines already: the first the same, the fourth another one."""
    ledger = stage.context.ledger
    if outlines(ledger, [lines[0].id]).get(lines[0].id):
        return
    some = [lines[0], lines[3]]
    rows: list[Row] = [(one.plot_no, one.village, 0.0) for one in some]
    shapes = [_sized(lines[0], 0, 1.004), shapely.affinity.translate(_sized(lines[3], 3), 0.0003, 0.0002)]
    file = write_shp(folder / "原来的边界.shp", FIELDS, rows, shapes)
    with preview_outlines(ledger, file) as found:
        add_outlines(ledger, found, by=_CLERK)


def close_with_outline(stage: Stage, folder: Path) -> tuple[PlotLine, PlotLine]:
    """Let a live plot lie on half the ground of one that was closed, with photos; returns the closed and the live."""
    ledger = stage.context.ledger
    old, new = (_known(stage, state) for state in ("closed", "working"))
    if old.id in outlines(ledger, [old.id]):
        return old, new
    rows: list[dict[str, Cell]] = [{"图斑编号": one.plot_no, "村": one.village} for one in (old, new)]
    ground = _sized(old, 8)
    shapes = [ground, shapely.affinity.translate(ground, 0.0002, 0.0001)]
    with preview_outlines(ledger, write_geojson(folder / "反弹.geojson", rows, shapes)) as found:
        add_outlines(ledger, found, by=_CLERK)
    files = folder / "旧照片"
    files.mkdir(exist_ok=True)
    given = (
        ("before", made_photo(files, "以前.jpg", "整改前", date(2023, 7, 27), "1104")),
        ("after", made_photo(files, "复耕.jpg", "整改后", date(2023, 8, 10), "crop")),
    )
    for at, one in given:
        evidence.attach(ledger, old.id, [one], at, by=_CLERK)
    return old, new


def again_list(folder: Path, stage: Stage) -> Path:
    """A new list with shapes: one plot lies where another was closed."""
    old, _new = close_with_outline(stage, folder)
    ground = _sized(old, 8)
    rows: list[Row] = [("0801", old.village, 5000.0), ("0802", old.village, 4000.0)]
    shapes = [shapely.affinity.translate(ground, 0.0002, 0), field(60, 4000.0)]
    return write_shp(folder / "2024年流出图斑.shp", FIELDS, rows, shapes)


def outline_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Name and bringer of each scene; *open_desk* opens the sample ledger."""

    def empty(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("outlines")

    def preview(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        lines = sample_lines(stage, 8)
        give_old_outlines(stage, desk.parent, lines)
        stage.go("outlines", {"file": str(outlines_file(desk.parent, lines))})

    def foreign(stage: Stage, desk: Path) -> None:
        from tests.helpers.shapes_made import prj

        open_desk(stage, desk)
        file = outlines_file(desk.parent, sample_lines(stage, 8), "西安80边界.shp")
        file.with_suffix(".prj").write_text(prj(2363))
        stage.go("outlines", {"file": str(file)})

    def again(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        close_with_outline(stage, desk.parent)
        stage.go("recurrence", {})

    def from_list(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("intake", {"file": str(again_list(desk.parent, stage))})

    def beside_list(stage: Stage, desk: Path) -> None:
        from tests.gui.scenes_intake import intake_page

        from_list(stage, desk)
        intake_page(stage)._problems.again_asked.emit(0)

    return (
        ("outlines", empty),
        ("outlines-preview", preview),
        ("outlines-foreign", foreign),
        ("recurrence", again),
        ("intake-again-list", from_list),
        ("recurrence-list", beside_list),
    )
