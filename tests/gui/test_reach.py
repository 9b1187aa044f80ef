"""Every control is reached by Tab and has a name; every word that is painted can be read, in all three looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTextBrowser,
    QWidget,
)

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger.service import NewLedger, create_ledger
from gengdi_desktop.ui.contrast import TEXT_FLOOR, contrast
from gengdi_desktop.ui.pages.catalog import PLACES
from gengdi_desktop.ui.theme import LOOKS, Look
from gengdi_desktop.ui.widgets.sheet import PressRow
from tests.gui.scenes import SCENES, Scene
from tests.gui.window_stage import Stage, stage
from tests.helpers.clock import FixedClock

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QTextBrowser, QAbstractItemView, PressRow)
PAGES = (
    "start", "start-new", "home", "plot", "phase-rectification", "ledger-pane", "intake-preview", "reports-draft",
    "verify", "members", "settings", "help", "action-accept", "evidence-tray", "evidence-questions", "photo-said",
    "outlines-preview", "recurrence", "sheets", "sampling", "sampling-lot", "sampling-share", "county", "county-sums",
    "exchange", "exchange-trust", "exchange-conflicts", "exchange-pack-many",
)  # fmt: skip
FEW = ("start-new", "home", "ledger-pane", "intake-preview", "settings")
MOST_STOPS = 400
# The strongest pixel of a thin stroke is a little paler than its ink.
PALER = 0.9


def scenes(names: tuple[str, ...]) -> list[Scene]:
    return [one for one in SCENES if one.name in names]


def bring(made: Stage, scene: Scene, desk: Path) -> None:
    if made.window.dialog is not None:
        made.window.dialog.close_sheet()
    scene.set_up(made, desk)
    made.settle()


def controls(made: Stage) -> Iterator[QWidget]:
    """What can be worked: of the dialog where one is open, else of the window."""
    root = made.window.dialog or made.window
    for kind in CONTROLS:
        for one in root.findChildren(kind):
            inside = isinstance(one.parentWidget(), QLineEdit | QComboBox) or one.objectName().startswith("qt_")
            if one.isVisible() and one.isEnabled() and not inside and not _in_view(one):
                yield one


def _in_view(one: QWidget) -> bool:
    """Parts of a table or list: the view itself is the one stop."""
    above = one.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractItemView):
            return True
        above = above.parentWidget()
    return False


def tab_stops(made: Stage) -> set[QWidget]:
    """Where Tab leads, all the way round."""
    seen: set[QWidget] = set()
    veil = made.window.dialog.parentWidget() if made.window.dialog is not None else None
    for _step in range(MOST_STOPS):
        (veil or made.window).focusNextPrevChild(True)
        here = made.window.focusWidget()
        assert here is not None
        if here in seen:
            return seen
        seen.add(here)
    return seen


def unreached(made: Stage) -> list[str]:
    stops = tab_stops(made)
    return [
        f"{type(one).__name__} {one.accessibleName() or getattr(one, 'text', str)()}"
        for one in controls(made)
        if one not in stops and one.focusProxy() not in stops and not _walked_by_arrows(one, stops)
    ]


def _walked_by_arrows(one: QWidget, stops: set[QWidget]) -> bool:
    """A list under a field, and the presses of a group of which Tab reaches one, are reached by the arrow keys."""
    if isinstance(one, QListWidget):
        return one.focusPolicy() == Qt.FocusPolicy.NoFocus
    group = one.group() if isinstance(one, QAbstractButton) else None
    return group is not None and group.exclusive() and not stops.isdisjoint(group.buttons())


def test_every_control_is_reached_by_tab(desk_folder: Path) -> None:
    assert len(scenes(PAGES)) > 10
    wrong: list[str] = []
    with stage(FixedClock()) as made:
        for scene in scenes(PAGES):
            bring(made, scene, desk_folder)
            wrong += [f"{scene.name}: {one}" for one in unreached(made)]
    assert wrong == []


def test_a_control_that_tab_passes_by_would_be_found(desk_folder: Path) -> None:
    with stage(FixedClock()) as made:
        made.open(desk_folder)
        made.window.strip.search_field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        assert "QLineEdit 查找" in unreached(made)


# -- words on the screen


@cache
def told_apart(one: int, other: int) -> float:
    return contrast(QColor.fromRgb(one).name(), QColor.fromRgb(other).name())


def worst_contrast(image: QImage, box: QRect) -> float:
    """Of the strongest ink in a box against the ground that fills most of it."""
    width = image.width()
    bits = memoryview(image.constBits()).cast("I")
    seen: Counter[int] = Counter()
    for y in range(box.top(), box.bottom() + 1):
        seen.update(bits[y * width + box.left() : y * width + box.right() + 1].tolist())
    ground = seen.most_common(1)[0][0]
    return max(told_apart(ground, ink) for ink in seen)


def faint_words(made: Stage) -> Iterator[str]:
    window = made.window
    image = QImage(window.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    window.render(painter, QPoint())
    painter.end()
    root = window.dialog or window
    written: list[QLabel | QAbstractButton] = [*root.findChildren(QLabel), *root.findChildren(QAbstractButton)]
    for one in written:
        words = one.text().strip()
        # What is scrolled half away may show no more than its margin.
        if not (one.isVisible() and words) or one.visibleRegion().boundingRect().size() != one.size():
            continue
        box = QRect(one.mapTo(window, QPoint()), one.size()).intersected(image.rect())
        if worst_contrast(image, box) < TEXT_FLOOR * PALER:
            yield f"{words!r} {worst_contrast(image, box):.2f}"


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_word_can_be_read_where_it_is_painted(look: Look, desk_folder: Path) -> None:
    assert len(scenes(FEW)) == len(FEW)
    faint: list[str] = []
    with stage(FixedClock(), look) as made:
        for scene in scenes(FEW):
            bring(made, scene, desk_folder)
            faint += [f"{scene.name}: {one}" for one in faint_words(made)]
    assert faint == []


@pytest.mark.parametrize("desk", [Desk.TOWNSHIP, Desk.COUNTY, Desk.TEAM])
def test_no_part_of_a_page_is_ever_a_window_of_its_own(tmp_path: Path, clock: FixedClock, desk: Desk) -> None:
    # Made visible before it has its place, a button is a window: it flashes up and takes the keys away.
    class Shows(QObject):
        seen: ClassVar[list[str]] = []

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
            return False

    new = NewLedger(
        desk=desk, county="进贤县", county_code="360124", unit="进贤县", unit_code="360124", member="李建国"
    )
    create_ledger(tmp_path / "台账", new, clock).close()
    with stage(clock) as made:
        made.open(tmp_path / "台账")
        shows = Shows()
        shows.seen.clear()
        made.app.installEventFilter(shows)
        for place in PLACES:
            if desk in place.desks:
                made.go(place.code)
        made.app.removeEventFilter(shows)
    assert shows.seen == []
