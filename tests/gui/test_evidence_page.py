"""The page of photos: the tray placed and discarded, the bin and back, what is missing, the export; said by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gengdi_desktop.domain.choices import Stage as At
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.evidence.bin import service as bin_
from gengdi_desktop.evidence.records import BY_HAND
from gengdi_desktop.evidence.tray import service as trays
from gengdi_desktop.ledger import queries
from gengdi_desktop.ui.models.photo_tray import Nearby, NearPlot
from gengdi_desktop.ui.pages.evidence_bin import EvidenceBin
from gengdi_desktop.ui.pages.evidence_export import EvidenceExport
from gengdi_desktop.ui.pages.evidence_missing import EvidenceMissing
from gengdi_desktop.ui.pages.evidence_page import EvidencePage
from gengdi_desktop.ui.pages.evidence_tray import EvidenceTray
from gengdi_desktop.ui.pages.plot_page import PlotPage
from gengdi_desktop.ui.pages.plot_photos_page import PlotPhotosPage
from gengdi_desktop.ui.widgets.photo_map import MapPlot
from tests.gui.scenes_evidence import evidence_page, fill_tray, give_photos
from tests.gui.window_stage import Stage


@pytest.fixture
def page(window: Stage, tmp_path: Path) -> EvidencePage:
    """The page with six photos in the tray, the clerk in the chair."""
    window.window.member_chosen.emit("吴小琴")
    fill_tray(window, tmp_path)
    window.go("evidence", {"section": "tray"})
    return evidence_page(window)


def tray_of(page: EvidencePage) -> EvidenceTray:
    section = page.sections["tray"]
    assert isinstance(section, EvidenceTray)
    return section


def said(page: PlotPhotosPage | EvidencePage | PlotPage) -> list[str]:
    return [one.text() for one in page.messages.findChildren(QLabel) if one.isVisible()]


def press(place: QWidget, words: str) -> None:
    found = [one for one in place.findChildren(QPushButton) if one.text().strip("\u2005") == words and one.isVisible()]
    assert found, words
    found[0].click()


def test_photos_are_placed_by_name_and_undo_brings_them_back(window: Stage, page: EvidencePage) -> None:
    tray = tray_of(page)
    assert len(trays.waiting(window.context.ledger)) == 6
    assert page.tabs.tabs["tray"].text() == "待归位 6"
    tray.place("nobody")
    assert said(page)[0].startswith("先选环节")
    tray.strip.setFocus()
    QTest.keyClick(tray.strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    ids = {one.id for one in tray.chosen}
    assert len(ids) == 2
    tray.stage.choose("after")
    wanted = queries.plot_lines(window.context.ledger, queries.plot_ids(window.context.ledger)[3:4])[0]
    tray.plot.line.setFocus()
    tray.plot.line.setText(f"{wanted.village} {wanted.plot_no}")
    QTest.keyClick(tray.plot.line, Qt.Key.Key_Return)
    window.settle()
    assert wanted.id in {tray.plot.found.item(at).data(256 + 60) for at in range(tray.plot.found.count())}
    QTest.keyClick(tray.plot.line, Qt.Key.Key_Return)
    window.settle()
    assert {one.id for one in tray.lines}.isdisjoint(ids)
    kept = {one.name: one.stage for one in evidence.attachments(window.context.ledger, wanted.id)}
    assert kept["IMG_20230810_091500.jpg"] is At.AFTER
    assert said(page)[0] == f"已把 2 张归到 {wanted.village} {wanted.plot_no}。"
    press(page.messages, "撤销")
    window.settle()
    assert len(trays.waiting(window.context.ledger)) == 6


def test_a_plot_nearby_is_one_press_away_on_the_list_and_on_the_map(window: Stage, page: EvidencePage) -> None:
    tray = tray_of(page)
    own = queries.plot_lines(window.context.ledger, queries.plot_ids(window.context.ledger)[:1])[0]
    photo = tray.chosen[0].photo
    assert photo is not None
    east, north = photo.longitude / 10**9, photo.latitude / 10**9
    ring = ((east, north), (east + 0.001, north), (east + 0.001, north + 0.001), (east, north))
    tray._show_nearby(Nearby((NearPlot(own.id, "白圩村 0001", "12 米"),), (MapPlot(own.id, "白圩村 0001", (ring,)),)))
    window.settle()
    assert "近处有 白圩村 0001" in tray.map.accessibleName()
    assert not tray.map.grab().isNull()
    before = len(evidence.attachments(window.context.ledger, own.id))
    tray.stage.choose("during")
    press(tray, "归到 白圩村 0001")
    window.settle()
    assert len(evidence.attachments(window.context.ledger, own.id)) == before + 1
    assert said(page)[0] == "已把 1 张归到 白圩村 0001。"
    pressed: list[str] = []
    tray.map.plot_pressed.connect(pressed.append)
    tray._show_nearby(Nearby((), (MapPlot(own.id, "白圩村 0001", (ring,)),)))
    inside = tray.map._at(tray.map.rect().toRectF(), east + 0.0008, north + 0.0003).toPoint()
    tray.stage.choose("")
    QTest.mouseClick(tray.map, Qt.MouseButton.LeftButton, pos=inside)
    assert pressed == [own.id]
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Left, Qt.Key.Key_Minus, Qt.Key.Key_0):
        QTest.keyClick(tray.map, key)
    assert tray.map._zoom == 1.0


def test_f6_walks_and_what_is_not_wanted_goes_with_a_reason(window: Stage, page: EvidencePage) -> None:
    tray = tray_of(page)
    tray.strip.setFocus()
    first = tray.strip.current_id()
    QTest.keyClick(tray.strip, Qt.Key.Key_F6)
    window.settle()
    assert tray.strip.current_id() != first
    tray.discard()
    window.settle()
    assert len(trays.waiting(window.context.ledger)) == 6
    tray.reason.setText("拍糊了")
    tray.discard()
    window.settle()
    assert len(trays.waiting(window.context.ledger)) == 5
    assert said(page)[0] == "1 张不再等归位。"


def test_what_is_taken_off_lies_in_the_bin_and_comes_back(window: Stage, page: EvidencePage, tmp_path: Path) -> None:
    plot = give_photos(window, tmp_path)
    window.context.trail.follow((plot,), "", "ledger")
    window.go("plot", {"plot": plot})
    plots = window.window.page
    assert isinstance(plots, PlotPage)
    before = len(plots._files.lines)
    plots._files.strip.setFocus()
    QTest.keyClick(plots._files.strip, Qt.Key.Key_Right)
    taken = plots._files.line(plots._files.strip.current_id())
    assert taken is not None
    QTest.keyClick(plots._files.strip, Qt.Key.Key_Delete)
    window.settle()
    assert len(plots._files.lines) == before - 1
    assert [one.attachment.id for one in bin_.removed(window.context.ledger)] == [taken.id]
    press(plots.messages, "看回收站")
    window.settle()
    section = page.sections["bin"]
    assert isinstance(section, EvidenceBin)
    assert [one.name for one in section.rows] == [taken.name]
    press(section, "放回")
    window.settle()
    assert section.rows == ()
    assert len(evidence.attachments(window.context.ledger, plot)) == before


def test_what_is_gone_is_listed_by_plot_and_name(window: Stage, page: EvidencePage, tmp_path: Path) -> None:
    plot = give_photos(window, tmp_path)
    one = next(one for one in evidence.attachments(window.context.ledger, plot) if one.name == "抽水.jpg")
    (kept,) = window.context.ledger.folder.part("evidence").glob(f"{one.sha256}*")
    kept.unlink()
    section = page.sections["missing"]
    assert isinstance(section, EvidenceMissing)
    page.tabs.show("missing")
    press(section, "逐个核对")
    window.settle()
    assert [(row.plot, row.name, row.what) for row in section.rows] == [(plot, "抽水.jpg", "文件不见了")]
    assert page.tabs.tabs["missing"].text() == "缺失和损坏 1"
    section._open(0)
    window.settle()
    assert isinstance(window.window.page, PlotPage)
    assert window.window.page._plot == plot


def test_photos_are_written_by_village_and_nothing_is_written_over(
    window: Stage, page: EvidencePage, tmp_path: Path
) -> None:
    section = page.sections["export"]
    assert isinstance(section, EvidenceExport)
    page.tabs.show("export")
    out = tmp_path / "给县里"
    out.mkdir()
    for written in ("已写出", "个原来就在"):
        window.prompts.answers.append(out)
        press(section, "选文件夹导出")
        window.settle()
        assert written in said(page)[0]
    assert (out / "白圩乡照片").is_dir()


def test_what_the_file_does_not_say_a_person_says_with_a_reason(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    plot = give_photos(window, tmp_path)
    during = next(one for one in evidence.attachments(window.context.ledger, plot) if one.name == "抽水.jpg")
    window.go("photo", {"plot": plot, "photo": str(during.id), "say": "1"})
    large = window.window.page
    assert isinstance(large, PlotPhotosPage)
    form = large.say_form
    assert form is not None
    press(form, "记下")
    assert form.form.has_error("reason")
    form.reason.setText("按现场记录补")
    form.clock.setText("25点")
    form.day.setText("8-6")
    form.place.setText("不知道")
    press(form, "记下")
    assert form.form.has_error("clock")
    assert form.form.has_error("place")
    form.clock.setText("9点15")
    form.place.setText("116.3520, 28.3740")
    form.direction.choose("135000")
    press(form, "记下")
    window.settle()
    known = evidence.photos(window.context.ledger, [during.sha256])[during.sha256]
    assert known.by_hand == {"at", "place", "direction"}
    assert large.line is not None
    assert (large.line.direction, large.line.taken) == ("东南向", "2023-8-6 09:15")
    assert large.say_form is None
    shown = [one.text() for one in large.findChildren(QLabel) if one.isVisible()]
    assert any(BY_HAND in one for one in shown)
