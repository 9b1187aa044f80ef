"""Every page and dialog at every size that counts: no word cut, none over another, no control without a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from gengdi_desktop.ui import theme
from tests.gui.faults import faults
from tests.gui.scenes import SCENES, Scene
from tests.gui.window_stage import stage
from tests.helpers.clock import FixedClock

# A screen of 1366 × 768 dots at 150 % leaves 911 × 512 for the window.
SIZES = {"plain": (1366, 768, 1.0), "at-150-percent": (911, 512, 1.0), "large-text": (1366, 768, 1.3)}
# Text at 1.3 leaves more room than the screen at 150 %: there the fullest scenes are enough.
FULLEST = {"home", "ledger", "action-accept", "intake-preview", "reports-draft", "reports-settings", "members"}


PARTS = 10
"""The scenes are many: in parts, each with a window of its own, they are spread over all workers."""


def scenes_of(size: str, part: int) -> tuple[Scene, ...]:
    """The scenes of one part, as they follow each other."""
    if size == "large-text":
        return tuple(scene for scene in SCENES if scene.name in FULLEST)
    return SCENES[len(SCENES) * part // PARTS : len(SCENES) * (part + 1) // PARTS]


class WindowsShown(QObject):
    """Notes every window that is shown; a part without a parent would flash up as one and take the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_no_part_flashes_up_as_a_window(desk_folder: Path) -> None:
    with stage(FixedClock()) as made:
        shown = WindowsShown()
        made.app.installEventFilter(shown)
        for scene in SCENES:
            if scene.name in {"home", "ledger-pane", "action-accept", "intake-preview", "reports-draft", "members"}:
                scene.set_up(made, desk_folder)
                made.settle()
        made.app.removeEventFilter(shown)
        assert made.window.isActiveWindow()
    assert shown.names == []


@pytest.mark.parametrize(
    ("size", "part"),
    [(size, part) for size in SIZES for part in range(1 if size == "large-text" else PARTS)],
)
def test_nothing_is_cut_or_overlaps(size: str, part: int, desk_folder: Path) -> None:
    width, height, scale = SIZES[size]
    wrong: list[str] = []
    with stage(FixedClock(), theme.LIGHT, scale) as made:
        made.resize(width, height)
        for scene in scenes_of(size, part):
            if made.window.dialog is not None:
                made.window.dialog.close_sheet()
            scene.set_up(made, desk_folder)
            made.settle()
            assert (made.window.width(), made.window.height()) == (width, height)
            wrong += [f"{scene.name}: {fault}" for fault in faults(made.window)]
    assert wrong == []


def test_a_cut_word_would_be_found(desk_folder: Path) -> None:
    with stage(FixedClock()) as made:
        made.open(desk_folder)
        page = made.window.page
        assert page is not None
        made.window.strip.search_field.setAccessibleName("")
        made.window.status._backup.setText("上次备份 2023年8月20日 16:20，放在很远的地方")
        made.window.status._backup.setFixedWidth(60)
        found = faults(made.window)
    assert any(one.startswith("cut: '上次备份") for one in found)
    assert any(one.startswith("no accessible name: QLineEdit") for one in found)
