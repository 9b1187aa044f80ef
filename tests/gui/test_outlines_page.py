"""The page of outlines, worked as people do: files dropped on the window, looked at, written, taken back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.outlines import outlines
from gengdi_desktop.ledger.queries import plot_lines
from gengdi_desktop.ui.dropping import is_shapes
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.pages import intake_outlines_work
from gengdi_desktop.ui.pages.intake_page import IntakePage
from tests.gui.dropped import drag, drop, middle
from tests.gui.hands import Hands
from tests.gui.scenes_outlines import (
    FIELDS,
    field,
    give_old_outlines,
    outlines_file,
    outlines_page,
    sample_lines,
)
from tests.gui.window_stage import PATIENCE_SECONDS, Stage
from tests.helpers.shapes_made import Cell, Row, prj, siblings, write_geojson, write_shp


@pytest.fixture
def clerk(window: Stage) -> Stage:
    """The window with somebody in the chair."""
    window.window.member_chosen.emit("吴小琴")
    return window


def told(stage: Stage) -> str:
    """All that the page in front says."""
    page = stage.window.page
    assert page is not None
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def results(stage: Stage) -> list[tuple[int, str]]:
    """Row and result of each feature, as the table shows them."""
    model = outlines_page(stage).features._model
    return [(model.row(at).row, model.row(at).what) for at in range(model.rowCount())]


@pytest.mark.parametrize(
    ("names", "shapes"),
    [
        (("a.shp",), True),
        (("a.shp", "a.dbf", "a.prj"), True),
        (("a.gdb",), True),
        (("A.KMZ",), True),
        (("a.shp", "b.shp"), False),
        (("a.dbf", "a.prj"), False),
        (("a.gpkg", "IMG_1.jpg"), False),
        (("IMG_1.jpg",), False),
        ((), False),
    ],
)
def test_files_of_shapes_are_told_by_their_names(names: tuple[str, ...], *, shapes: bool) -> None:
    assert is_shapes([Path(name) for name in names]) is shapes


def test_a_shapefile_dropped_with_its_side_files_is_previewed_written_and_taken_back(
    clerk: Stage, tmp_path: Path
) -> None:
    ledger = clerk.context.ledger
    lines = sample_lines(clerk, 8)
    give_old_outlines(clerk, tmp_path, lines)
    before, areas = outlines(ledger), [one.issued_area for one in plot_lines(ledger, [one.id for one in lines])]
    file = outlines_file(tmp_path, lines)
    event = drop(clerk, siblings(file), middle(clerk, clerk.window))
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction
    page = outlines_page(clerk)
    words = told(clerk)
    assert "2000 国家大地坐标系 3 度带第 39 带" in words
    assert dict(results(clerk)) == {
        2: "对不上", 10: "对不上", 11: "对不上", 3: "面积差得多", 4: "没有图形", 5: "换掉原来的",
        6: "补上", 7: "补上", 8: "补上", 9: "补上",
    }  # fmt: skip
    assert outlines(ledger) == before
    hands = Hands(clerk)
    hands.click_row(page.features.table.right, 3)
    assert "台账的面积不动" in told(clerk)
    assert [one.name for one in page.map.map._plots] == [lines[1].name]
    hands.click_row(page.features.table.right, 5)
    assert [one.name for one in page.map.map._plots] == ["台账里的", lines[3].name]
    hands.click("补上 5 个，换掉 1 个")
    assert "边界补上 5 个，换掉 1 个" in told(clerk)
    assert len(outlines(ledger)) == len(before) + 5
    assert [one.issued_area for one in plot_lines(ledger, [one.id for one in lines])] == areas
    assert history(ledger, limit=1)[0].label == "补边界"
    hands.click("撤销")
    assert outlines(ledger) == before
    assert hands.clicks == 4


def test_xian_80_is_said_and_nothing_can_be_written(clerk: Stage, tmp_path: Path) -> None:
    file = outlines_file(tmp_path, sample_lines(clerk, 8))
    file.with_suffix(".prj").write_text(prj(2363))
    drop(clerk, [file], middle(clerk, clerk.window))
    words = told(clerk)
    assert "图形的坐标系是西安 80 坐标系，不是 2000 国家大地坐标系" in words
    assert "坐标系用不了，没有边界可写。" in words
    assert {what for _row, what in results(clerk)} == {"对不上", "坐标系用不了"}
    assert not outlines_page(clerk)._do.isVisible()
    assert outlines(clerk.context.ledger) == {}


def test_swapped_axes_are_reported(clerk: Stage, tmp_path: Path) -> None:
    one = sample_lines(clerk, 4)[3]
    rows: list[dict[str, Cell]] = [{"图斑编号": one.plot_no, "村": one.village}]
    swapped = shapely.Polygon([(y, x) for x, y in field(3).exterior.coords])
    drop(clerk, [write_geojson(tmp_path / "反的.geojson", rows, [swapped])], middle(clerk, clerk.window))
    assert "先北后东" in told(clerk)
    assert [what for _row, what in results(clerk)] == ["面积差得多"]


def list_of_strangers(folder: Path, stage: Stage, *, known: int = 0) -> Path:
    """Shapes with areas of plots that the ledger does not have, and of some that it has."""
    lines = sample_lines(stage, 8)[1 : 1 + known]
    rows: list[Row] = [(one.plot_no, one.village, 1500.0) for one in lines]
    rows += [("9001", "白圩村", 5000.0), ("9002", "白圩村", 6000.0)]
    return write_shp(folder / "新下发.shp", FIELDS, rows, [field(at) for at in range(len(rows))])


def test_a_list_with_shapes_goes_on_to_the_import_page(clerk: Stage, tmp_path: Path) -> None:
    drop(clerk, [list_of_strangers(tmp_path, clerk)], middle(clerk, clerk.window))
    page = clerk.window.page
    assert isinstance(page, IntakePage)
    assert page._view is not None
    assert page._view.good == 2


def test_where_both_make_sense_the_page_asks(clerk: Stage, tmp_path: Path) -> None:
    drop(clerk, [list_of_strangers(tmp_path, clerk, known=2)], middle(clerk, clerk.window))
    assert "文件里有 2 个图斑台账里已有，另有 2 个台账里没有。" in told(clerk)
    hands = Hands(clerk)
    hands.click("当作清单导入")
    page = clerk.window.page
    assert isinstance(page, IntakePage)
    assert page._view is not None


def test_shapes_that_are_no_list_lead_from_the_import_page_to_outlines(clerk: Stage, tmp_path: Path) -> None:
    lines = sample_lines(clerk, 8)[1:3]
    rows: list[dict[str, Cell]] = [{"图斑编号": one.plot_no, "村": one.village} for one in lines]
    clerk.go("intake", {"file": str(write_geojson(tmp_path / "边界.geojson", rows, [field(0), field(1)]))})
    Hands(clerk).click("去补边界")
    assert len(results(clerk)) == 2


def test_columns_that_are_read_wrongly_can_be_said(clerk: Stage, tmp_path: Path) -> None:
    lines = sample_lines(clerk, 8)[1:3]
    rows: list[dict[str, Cell]] = [{"甲": one.plot_no, "乙": one.village} for one in lines]
    clerk.go("outlines", {"file": str(write_geojson(tmp_path / "边界.geojson", rows, [field(0), field(1)]))})
    page = outlines_page(clerk)
    assert page.columns.isVisible()
    assert {what for _row, what in results(clerk)} == {"没读出是哪个"}
    assert "请看一眼对列" in told(clerk)
    for letters, choice in (("A", "plot_no"), ("B", "village")):
        page.columns.corrected.emit(letters, choice)
        clerk.settle()
    assert {what for _row, what in results(clerk)} <= {"补上", "面积差得多"}


def test_reading_can_be_stopped_and_leaves_nothing(
    clerk: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = threading.Event()

    def preview(_ledger: object, _wish: object, progress: Progress) -> object:
        began.set()
        while True:
            progress(1, 100)

    monkeypatch.setattr(intake_outlines_work, "preview", preview)
    clerk.window.go("outlines", {"file": str(tmp_path / "大.shp")})
    (job,) = [one for one in clerk.jobs.running if one.shown.title == "读图形"]
    assert began.wait(PATIENCE_SECONDS)
    job.cancel()
    clerk.settle()
    assert "停下了，图形没有读完。台账和原来一样。" in told(clerk)


def test_the_page_is_reached_and_worked_by_keyboard(clerk: Stage, tmp_path: Path) -> None:
    clerk.go("intake", {})
    page = clerk.window.page
    assert page is not None
    go = next(one for one in page.findChildren(QPushButton) if "只补边界" in one.text())
    go.setFocus()
    QTest.keyClick(go, Qt.Key.Key_Space)
    clerk.settle()
    lines = sample_lines(clerk, 8)
    clerk.prompts.answers.append(outlines_file(tmp_path, lines))
    Hands(clerk).click("选图形文件")
    outlines_page(clerk)._do.setFocus()
    QTest.keyClick(outlines_page(clerk)._do, Qt.Key.Key_Space)
    clerk.settle()
    assert len(outlines(clerk.context.ledger)) == 6


def test_the_strip_says_where_shapes_would_go(clerk: Stage) -> None:
    at = middle(clerk, clerk.window)
    drag(clerk, [Path("/x/a.gpkg")], at)
    drops = clerk.opening._drops
    assert drops is not None
    assert drops._sign.isVisible()
    assert drops._sign.accessibleName() == "松开，读这份图形：补边界，或者当作清单导入"
