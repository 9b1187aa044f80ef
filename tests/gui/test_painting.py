"""The window of a ledger can be painted where there is no screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.ledger import service
from gengdi_desktop.system.clock import SystemClock
from gengdi_desktop.ui.painting import paint


@pytest.mark.usefixtures("qapp")
def test_the_window_of_a_ledger_becomes_a_picture(tmp_path: Path) -> None:
    new = service.NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="张三")
    service.create_ledger(tmp_path / "白圩乡2023", new, SystemClock()).close()
    paint(tmp_path / "白圩乡2023", tmp_path / "window.png")
    image = QImage(str(tmp_path / "window.png"))
    assert (image.width(), image.height()) == (1366, 768)
    colours = {image.pixel(x, y) for x in range(0, 1366, 3) for y in range(0, 768, 3)}
    assert len(colours) > 20
    assert not QApplication.topLevelWidgets() or not any(w.isVisible() for w in QApplication.topLevelWidgets())


@pytest.mark.usefixtures("qapp")
def test_a_ledger_that_does_not_open_gives_no_picture(tmp_path: Path) -> None:
    with pytest.raises(ProgramError):
        paint(tmp_path / "none", tmp_path / "window.png")
    assert not (tmp_path / "window.png").exists()
