"""A clerk's day with photos: thirty let go on the window, the rest placed, a question answered, all sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.evidence.questions.service import questions
from gengdi_desktop.evidence.tray import service as trays
from gengdi_desktop.ledger import queries
from gengdi_desktop.ui.pages.evidence_questions import EvidenceQuestions
from gengdi_desktop.ui.pages.evidence_tray import EvidenceTray
from gengdi_desktop.ui.pages.plot_photos_page import PlotPhotosPage
from tests.gui.dropped import drop, middle
from tests.gui.scenes_evidence import evidence_page, made_photo
from tests.gui.window_stage import Stage


def press(place: QWidget, begins: str) -> None:
    found = [
        one
        for one in place.findChildren(QPushButton)
        if one.text().strip("\u2005").startswith(begins) and one.isVisible() and one.isEnabled()
    ]
    assert found, begins
    found[0].click()


def fill_stick(stick: Path, plots: Sequence[queries.PlotLine]) -> dict[Path, bytes]:
    """Twenty-seven photos named by plot and stage, three named by a telephone."""
    stick.mkdir(parents=True)
    for at in range(27):
        one = plots[at % 9]
        name = f"{one.village}{one.plot_no}整改后{at // 9}.jpg"
        made_photo(stick, name, "整改后", date(2023, 8, 1 + at % 19), "crop", f"116.3{at:03d}")
    for at in range(3):
        made_photo(stick, f"IMG_2023081{at}_080000.jpg", "整改后", date(2023, 8, 10 + at), "1104", f"116.4{at:03d}")
    return {one: one.read_bytes() for one in stick.iterdir()}


def take_in(window: Stage, stick: Path) -> None:
    drop(window, [stick], middle(window, window.window.navigation))
    page = evidence_page(window)
    assert page.taking.view is not None
    assert (page.taking.view.matched, page.taking.view.waiting) == (27, 3)
    press(page.taking, "收下 30 个")
    window.settle()
    press(page.messages, "去归位")
    window.settle()


def place_all(window: Stage, plot: queries.PlotLine) -> None:
    tray = evidence_page(window).sections["tray"]
    assert isinstance(tray, EvidenceTray)
    tray.strip.setFocus()
    QTest.keyClick(tray.strip, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    tray.stage.choose("after")
    tray.plot.line.setFocus()
    tray.plot.line.setText(f"{plot.village} {plot.plot_no}")
    for _step in ("find", "take"):
        QTest.keyClick(tray.plot.line, Qt.Key.Key_Return)
        window.settle()


def answer_one(window: Stage) -> None:
    page = evidence_page(window)
    page.tabs.show("questions")
    asked = page.sections["questions"]
    assert isinstance(asked, EvidenceQuestions)
    asked.choose("too_small")
    count, first = len(asked.shown), asked.shown[0]
    asked.open(0)
    window.settle()
    large = window.window.page
    assert isinstance(large, PlotPhotosPage)
    (block,) = [one for one in large.asked if one.question.code == "too_small"]
    block.field.setFocus()
    QTest.keyClicks(block.field, "only this one")
    QTest.keyClick(block.field, Qt.Key.Key_Return)
    window.settle()
    every = questions(window.context.ledger, [first.plot])
    answered = [one for one in every if one.attachment == first.attachment and one.answered]
    assert [one.code for one in answered] == ["too_small"]
    assert any("only this one" in one.text() for one in large.findChildren(QLabel))
    QTest.keyClick(large.view, Qt.Key.Key_Escape)
    window.settle()
    assert window.window.page is page
    assert len(asked.shown) == count - 1


def test_a_folder_of_thirty_photos_from_the_stick_to_the_county(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    ledger = window.context.ledger
    plots = queries.plot_lines(ledger, queries.plot_ids(ledger)[:9])
    stick = tmp_path / "U盘" / "8月照片"
    before = fill_stick(stick, plots)
    take_in(window, stick)
    assert len(trays.waiting(ledger)) == 3
    place_all(window, plots[0])
    assert trays.waiting(ledger) == ()
    assert len([one for one in evidence.attachments(ledger, plots[0].id) if one.name.startswith("IMG_")]) == 3
    answer_one(window)
    out = tmp_path / "给县里"
    out.mkdir()
    window.prompts.answers.append(out)
    evidence_page(window).tabs.show("export")
    press(evidence_page(window).sections["export"], "选文件夹导出")
    window.settle()
    assert len([one for one in out.rglob("*.jpg") if "整改后" in one.name]) >= 30
    assert {one: one.read_bytes() for one in stick.iterdir()} == before


def test_the_workbench_leads_to_what_waits(window: Stage, tmp_path: Path) -> None:
    from gengdi_desktop.ui.jobs import Progress
    from gengdi_desktop.ui.pages.evidence_todo import read_evidence_todos
    from tests.gui.scenes_evidence import fill_tray

    fill_tray(window, tmp_path)
    todos = read_evidence_todos(window.context.ledger, Progress(lambda _done, _total: None))
    (waiting,) = [one for one in todos if one.sentence == "照片等着归位"]
    assert waiting.count == 6
    window.go("home")
    home = window.window.page
    assert home is not None
    home._todo._unfolded = True  # type: ignore[attr-defined]
    home.shown()
    window.settle()
    shown = [one.text() for one in home.findChildren(QLabel) if one.isVisible()]
    assert "照片等着归位" in shown
    home._follow(waiting.link)  # type: ignore[attr-defined]
    window.settle()
    assert evidence_page(window).tabs.here == "tray"
