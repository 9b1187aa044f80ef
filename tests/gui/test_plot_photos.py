"""Photos on a plot's page and large: pictures come as they are seen, what is missing is said by name, keys walk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton

from gengdi_desktop.domain.choices import Stage as At
from gengdi_desktop.domain.evidence import Verdict
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.evidence.photo_facts import PhotoFacts, PlaceGap
from gengdi_desktop.evidence.records import KnownPhoto
from gengdi_desktop.evidence.verdicts.service import verdicts
from gengdi_desktop.ui.models.photo_lines import (
    PhotoLine,
    distance_words,
    partner,
    tallies,
)
from gengdi_desktop.ui.pages.evidence_page import EvidencePage
from gengdi_desktop.ui.pages.evidence_questions import EvidenceQuestions
from gengdi_desktop.ui.pages.plot_page import PlotPage
from gengdi_desktop.ui.pages.plot_photos import PlotPhotos
from gengdi_desktop.ui.pages.plot_photos_page import PlotPhotosPage
from gengdi_desktop.ui.photo_pictures import NOT_SHOWN, Pictures
from tests.gui.scenes_evidence import give_photos, use_twice
from tests.gui.window_stage import Stage


@pytest.fixture
def photos(window: Stage, tmp_path: Path) -> PlotPhotos:
    """The photos of a plot in work, on its page."""
    window.window.member_chosen.emit("吴小琴")
    plot = give_photos(window, tmp_path)
    window.context.trail.follow((plot,), "", "ledger")
    window.go("plot", {"plot": plot})
    page = window.window.page
    assert isinstance(page, PlotPage)
    return page._files


def photo_page(window: Stage) -> PlotPhotosPage:
    page = window.window.page
    assert isinstance(page, PlotPhotosPage)
    return page


def test_a_file_at_the_wrong_stage_is_put_to_the_right_one_and_back(window: Stage, photos: PlotPhotos) -> None:
    moved = photos.lines[0]
    menu = photos.deeds.menu([moved], photos)
    assert menu is not None
    [stages] = menu.findChildren(QMenu)
    assert stages.title() == "放到别的环节"
    assert [one.text() for one in stages.actions() if not one.isEnabled()] == ["整改前"]
    next(one for one in stages.actions() if one.text() == "整改后").trigger()
    window.settle()
    assert [one.stage.label for one in photos.lines if one.id == moved.id] == ["整改后"]
    page = window.window.page
    assert page is not None
    back = next(one for one in page.messages.findChildren(QPushButton) if one.text() == "撤销")
    back.click()
    window.settle()
    assert [one.stage.label for one in photos.lines if one.id == moved.id] == ["整改前"]


def test_files_stand_by_their_stage_and_their_pictures_come(photos: PlotPhotos) -> None:
    titles = [one.title for one in photos.lines]
    assert titles == ["整改前 1", "整改前 2", "整改前 3", "整改中", "整改后 1", "整改后 2", "书面材料"]
    assert tallies(photos.lines) == "整改前 3　整改中 1　整改后 2　书面材料 1"
    for one in photos.lines:
        image = photos.small.image(one.sha256)
        assert image is not None
        assert image.width() <= photos.small.width
    assert photos.pair.isVisible()
    assert photos.pair.accessibleName() == f"照片：整改前 1 {photos.lines[0].name}，整改后 1 种下去了.jpg"


def test_a_file_that_is_gone_is_told_by_its_name(window: Stage, photos: PlotPhotos) -> None:
    ledger = window.context.ledger
    gone, changed = photos.lines[1], photos.lines[4]
    for one, bytes_ in ((gone, None), (changed, b"\xff\xd8\xff changed")):
        (kept,) = ledger.folder.part("evidence").glob(f"{one.sha256}*")
        if bytes_ is None:
            kept.unlink()
        else:
            kept.write_bytes(bytes_)
    photos.small._images.clear()
    photos.show_lines(photos.deeds.plot, photos.name, photos.lines)
    window.settle()
    assert photos.small.fault(gone.sha256) == "文件不见了"
    assert photos.small.fault(changed.sha256) == "文件损坏"
    assert photos.note_label is not None
    assert "有 2 个文件看不了：开工前.jpg" in photos.note_label.text()


def test_what_is_no_picture_says_so(window: Stage, photos: PlotPhotos) -> None:
    photos.small.want(["0" * 64])
    window.settle()
    assert photos.small.fault("0" * 64) == NOT_SHOWN


def test_what_is_out_of_sight_is_not_read(window: Stage, photos: PlotPhotos) -> None:
    pictures = Pictures(window.context.ledger, window.jobs, 50, photos)
    hashes = [one.sha256 for one in photos.lines]
    pictures.want(hashes)
    assert len(pictures.waiting) == len(hashes) - 2
    pictures.want(hashes[-1:])
    window.settle()
    assert pictures.waiting == ()
    assert [one for one in hashes if pictures.image(one) is not None] == [*hashes[:2], hashes[-1]]


def test_enter_opens_the_photo_and_keys_walk_and_esc_goes_back(window: Stage, photos: PlotPhotos) -> None:
    photos.strip.setFocus()
    for _step in range(3):
        QTest.keyClick(photos.strip, Qt.Key.Key_Right)
    QTest.keyClick(photos.strip, Qt.Key.Key_Return)
    window.settle()
    page = photo_page(window)
    assert page.line is not None
    assert page.line.name == "抽水.jpg"
    assert page._place_words.text() == "第 4 张，共 7 张"
    QTest.keyClick(page.view, Qt.Key.Key_Right)
    window.settle()
    assert page.line.name == "种下去了.jpg"
    assert page.view.accessibleName().startswith("整改后 1")
    QTest.keyClick(page.view, Qt.Key.Key_Plus)
    QTest.keyClick(page.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert page.view.zoom > 1
    assert page.view.middle.x() > 0.5
    QTest.keyClick(page.view, Qt.Key.Key_C)
    window.settle()
    assert page.other.isVisible()
    assert page.other.accessibleName().startswith("整改前 2")
    QTest.keyClick(page.other, Qt.Key.Key_Plus)
    assert page.view.zoom == page.other.zoom > 1
    QTest.keyClick(page.view, Qt.Key.Key_Escape)
    window.settle()
    assert isinstance(window.window.page, PlotPage)


def test_a_copy_is_written_where_the_person_says(window: Stage, photos: PlotPhotos, tmp_path: Path) -> None:
    target = tmp_path / "给县里.jpg"
    window.prompts.answers.append(target)
    menu = photos.deeds.menu(photos.lines[:1], photos)
    assert menu is not None
    words = [one.text().partition("\t")[0] for one in menu.actions()]
    assert words[:2] == ["看大图", "前后对照"]
    next(one for one in menu.actions() if one.text() == "另存一份…").trigger()
    window.settle()
    assert target.read_bytes() == evidence.read(window.context.ledger, photos.lines[0].sha256)


def test_the_rules_of_evidence_speak_above_the_files(window: Stage, photos: PlotPhotos) -> None:
    verdict = verdicts(window.context.ledger, [photos.deeds.plot])[photos.deeds.plot]
    told = photos._verdict.text()
    assert told.startswith("证据：")
    assert verdict.verdict.label in told
    for one in verdict.rules:
        assert (one.sentence in told) is (one.verdict is not Verdict.COMPLETE)


def test_a_plot_without_files_says_what_is_wanted(photos: PlotPhotos) -> None:
    photos.show_lines(photos.deeds.plot, photos.name, ())
    assert photos._nothing.isVisible()
    assert not photos.strip.isVisible()
    assert not photos.pair.isVisible()


def placed(line: PhotoLine, longitude: int) -> PhotoLine:
    return replace(line, known=KnownPhoto(line.sha256, PhotoFacts("image/jpeg", longitude=longitude, latitude=0)))


def test_the_nearest_standpoint_is_laid_beside() -> None:
    before, near, far = lines_of(At.BEFORE, At.AFTER, At.AFTER)
    lines = (placed(before, 5000), placed(far, 9000), placed(near, 5100))
    assert partner(lines[0], lines) is lines[2]
    assert lines[0].gaps == ""
    bare = replace(before, known=KnownPhoto("a", PhotoFacts("image/jpeg", place_gap=PlaceGap.CHAT)))
    assert bare.gaps == PlaceGap.CHAT.label


def lines_of(*stages: At) -> tuple[PhotoLine, ...]:
    return tuple(
        PhotoLine(at, "p", stage, stages[:at].count(stage), stages.count(stage), f"{at}", "n", "1 KB", picture=True)
        for at, stage in enumerate(stages, start=1)
    )


def test_before_is_laid_beside_after() -> None:
    lines = lines_of(At.BEFORE, At.BEFORE, At.DURING, At.AFTER)
    first, second, during, after = lines
    assert partner(first, lines) is after
    assert partner(second, lines) is after
    assert lines[0].taken == lines[0].direction == ""
    assert partner(after, lines) is first
    assert partner(during, lines) is first
    assert partner(first, lines[:3]) is None


@pytest.mark.parametrize(
    ("metres", "words"), [(11.6, "12 米"), (999.4, "999 米"), (999.6, "1.0 公里"), (1400, "1.4 公里")]
)
def test_distances_in_words(metres: float, words: str) -> None:
    assert distance_words(metres) == words


def test_where_the_same_picture_stands_is_one_press_away(window: Stage, photos: PlotPhotos, tmp_path: Path) -> None:
    own = use_twice(window, tmp_path)
    window.go("photo", {"plot": own.plot, "photo": str(own.id)})
    page = photo_page(window)
    (block,) = (one for one in page.asked if one.question.beside)
    (twin,) = block.question.beside
    assert twin.plot != own.plot
    assert twin.sha256 == own.sha256
    presses = {one.accessibleName(): one for one in block.findChildren(QPushButton)}
    presses[f"并排看{twin.name}"].click()
    window.settle()
    assert page.other.isVisible()
    assert page.other.accessibleName() == twin.name
    presses[f"并排看{twin.name}"].click()
    assert not page.other.isVisible()
    presses[f"去看{twin.name}"].click()
    window.settle()
    assert page.line is not None
    assert (page.line.plot, page.line.id) == (twin.plot, twin.attachment)
    page.go_back()
    window.settle()
    assert (page.line.plot, page.line.id) == (own.plot, own.id)
    page.go_back()
    assert isinstance(window.window.page, PlotPage)
    window.settle()
    menu = photos.deeds.menu([one for one in photos.lines if one.id == own.id], photos)
    assert menu is not None
    next(one for one in menu.actions() if one.text() == f"和“{twin.name}”的那张并排看").trigger()
    window.settle()
    assert photo_page(window).other.isVisible()


def test_the_page_of_questions_lays_both_pictures_side_by_side(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    own = use_twice(window, tmp_path)
    window.go("evidence", {"section": "questions"})
    page = window.window.page
    assert isinstance(page, EvidencePage)
    section = next(one for one in page.findChildren(EvidenceQuestions))
    section.choose("same_picture")
    section.table.choose_row(next(at for at, one in enumerate(section.shown) if one.plot == own.plot))
    window.settle()
    assert section._beside.isVisible()
    section._beside.click()
    window.settle()
    viewer = photo_page(window)
    assert viewer.line is not None
    assert viewer.line.id == own.id
    assert viewer.other.isVisible()
