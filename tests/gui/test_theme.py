"""Looks: every allowed pair can be read, lengths follow the text, icons and marks can be told apart."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gengdi_desktop.domain.states import State
from gengdi_desktop.ui import icons, state_marks, theme
from gengdi_desktop.ui.application import dress
from gengdi_desktop.ui.contrast import contrast, contrast_report
from gengdi_desktop.ui.theme import LOOKS, Look
from gengdi_desktop.ui.widgets.parts import ButtonKind, button

PAIRS = 54


def _picture(state: State, size: int) -> QImage:
    return state_marks.state_pixmap(state, size, 1.0).toImage().convertToFormat(QImage.Format.Format_Grayscale8)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_allowed_pair_can_be_read(look: Look) -> None:
    report = contrast_report(look)
    assert len(report) == PAIRS
    assert [one for one in report if one.contrast < one.floor] == []


def test_contrast_is_measured_as_the_web_guidelines_say() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_all_looks_fill_the_same_tokens() -> None:
    assert len({frozenset(look.tokens) for look in LOOKS.values()}) == 1


def test_lengths_grow_with_the_text(app: QApplication) -> None:
    assert theme.px(100) == 100
    dress(app, theme.DARK, 1.3)
    assert (theme.px(100), theme.look().code) == (130, "dark")
    assert theme.font("table").pointSizeF() == pytest.approx(9.75 * 1.3)


def test_type_is_never_a_faked_bold_and_never_below_nine_points() -> None:
    for role in theme.POINTS:
        assert not theme.font(role).bold()
    assert min(theme.POINTS.values()) == 9.0


def test_the_program_brings_its_own_type() -> None:
    assert QFontInfo(theme.font("body")).family() == "Gengdi UI"
    assert QFontInfo(theme.font("title")).family() == "Gengdi Hei"


@pytest.mark.parametrize("kind", ["", "main", "link", "tool", "nav"])
@pytest.mark.parametrize("checked", [False, True])
def test_focus_by_tab_is_one_frame_without_a_second_one_inside(
    app: QApplication, qtbot: QtBot, kind: ButtonKind, *, checked: bool
) -> None:
    dress(app, theme.LIGHT, 1.0)
    holder = QWidget()
    lay = QVBoxLayout(holder)
    first, second = button("", kind), button("", kind)
    for one in (first, second):
        one.setFixedWidth(80)
        one.setCheckable(checked)
        one.setChecked(checked)
        lay.addWidget(one)
    qtbot.addWidget(holder)
    holder.show()
    holder.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    picture = second.grab().toImage()
    inside = {picture.pixel(x, y) for x in range(4, picture.width() - 4) for y in range(4, picture.height() - 4)}
    assert len(inside) == 1
    frame = theme.color("ink" if kind == "main" else "accent")
    assert picture.pixelColor(1, picture.height() // 2) == frame, "also on what is pressed in already"


@pytest.mark.parametrize("name", sorted(icons.NAMES))
def test_every_icon_is_drawn(name: str) -> None:
    image = icons.pixmap(name, "ink", 16, 2.0).toImage()
    inked = sum(image.pixelColor(x, y).alpha() > 0 for x in range(32) for y in range(32))
    assert 20 < inked < 700


@pytest.mark.parametrize("size", [14, 28])
def test_the_shape_alone_tells_the_state(size: int) -> None:
    pictures = {state: bytes(_picture(state, size).constBits()) for state in State}
    assert len(set(pictures.values())) == len(State)
