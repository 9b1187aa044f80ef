"""The tray with its map: a photo's place beside the plots near it, and a press on one of them places the photo."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.evidence.tray import service as trays
from gengdi_desktop.ledger.outlines import plots_near
from gengdi_desktop.ui.pages.evidence_tray import EvidenceTray
from tests.gui.hands import Hands
from tests.gui.scenes_evidence import evidence_page, fill_tray
from tests.gui.scenes_map import give_outlines
from tests.gui.window_stage import Stage


def test_a_photo_is_placed_by_a_press_on_the_plot_beside_it(window: Stage, tmp_path: Path) -> None:
    window.window.member_chosen.emit("吴小琴")
    ledger = window.context.ledger
    fill_tray(window, tmp_path)
    give_outlines(window)
    window.go("evidence", {"section": "tray"})
    tray = evidence_page(window).sections["tray"]
    assert isinstance(tray, EvidenceTray)
    waiting = len(trays.waiting(ledger))
    (chosen,) = tray.chosen
    assert chosen.photo is not None
    near = [one.plot for one, _ in plots_near(ledger, chosen.photo.longitude, chosen.photo.latitude, 800)]
    assert {one.id for one in tray.map._plots} <= set(near)
    assert chosen.id in {one.id for one in tray.map._photos}
    tray.stage.choose("after")
    wanted = next(one for one in tray.map._plots if one.id == near[1])
    ring = wanted.rings[0]
    middle = (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
    at = tray.map._at(tray.map.rect().toRectF(), *middle).toPoint()
    QTest.mouseClick(tray.map, Qt.MouseButton.LeftButton, pos=at)
    window.settle()
    assert len(trays.waiting(ledger)) == waiting - 1
    assert chosen.sha256 in {one.sha256 for one in evidence.attachments(ledger, wanted.id)}
    Hands(window).click("撤销")
    assert len(trays.waiting(ledger)) == waiting
