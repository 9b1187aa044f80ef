"""What must not be seen in any window: cut words, words over words, nameless controls, pages that scroll sideways."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import ElidedLabel

_SLACK = 1


def faults(window: QWidget) -> list[str]:
    """Everything that is wrong with what *window* shows now."""
    whole = (_cut, _nameless, _overlapping, _out_of_the_window, _sideways)
    return [fault for look in whole for fault in look(window)]


def _shown(window: QWidget, kind: type[QWidget]) -> Iterator[QWidget]:
    return (one for one in window.findChildren(kind) if one.isVisible())


def _cut(window: QWidget) -> Iterator[str]:
    for one in window.findChildren(QLabel):
        if one.isVisible() and one.text() and not isinstance(one, ElidedLabel):
            yield from _cut_label(one)
            yield from _clipped(one)
    for elided in window.findChildren(ElidedLabel):
        if elided.isVisible() and not elided.is_path and elided.text() != elided.whole():
            yield f"shortened: {elided.whole()!r} to {elided.text()!r}"
    yield from _cut_buttons(window)
    for choice in window.findChildren(QComboBox):
        if choice.isVisible() and choice.property("small") != "true":
            need = choice.fontMetrics().horizontalAdvance(choice.currentText()) + 24
            if need > choice.width() + _SLACK:
                yield f"cut choice: {choice.currentText()!r} needs {need}, has {choice.width()}"


def _cut_buttons(window: QWidget) -> Iterator[str]:
    for press in window.findChildren(QAbstractButton):
        if isinstance(press.parentWidget(), QLineEdit):
            continue  # the sign at the end of a field has a tooltip and no words
        if press.isVisible() and press.text().strip() and press.sizeHint().width() > press.width() + _SLACK:
            yield f"cut button: {press.text()!r} needs {press.sizeHint().width()}, has {press.width()}"


def _cut_label(one: QLabel) -> Iterator[str]:
    if one.wordWrap():
        need = one.heightForWidth(one.width())
        if need > one.height() + _SLACK:
            yield f"cut below: {one.text()!r} needs {need}, has {one.height()}"
        return
    lines = one.text().split("\n")
    wide = max(one.fontMetrics().horizontalAdvance(line) for line in lines)
    if wide > one.contentsRect().width() + _SLACK:
        yield f"cut: {one.text()!r} needs {wide}, has {one.contentsRect().width()}"
    if one.height() < one.fontMetrics().height() * len(lines) - 2:
        yield f"too low: {one.text()!r}"


def _clipped(one: QLabel) -> Iterator[str]:
    """A label may not stick out of the parts that hold it (a scrolling page aside)."""
    parent = one.parentWidget()
    while parent is not None and not parent.isWindow():
        if _scrolls(parent):
            return
        inside = QRect(one.mapTo(parent, QPoint()), one.size())
        if inside.right() > parent.width() + _SLACK or inside.bottom() > parent.height() + _SLACK:
            yield f"sticks out: {one.text()!r} of {type(parent).__name__}"
            return
        parent = parent.parentWidget()


def _scrolls(held: QWidget) -> bool:
    port = held.parentWidget()
    return port is not None and isinstance(port.parentWidget(), QScrollArea)


def _nameless(window: QWidget) -> Iterator[str]:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)
    for one in (child for kind in kinds for child in _shown(window, kind)):
        if isinstance(one.parentWidget(), QComboBox | QLineEdit) or one.objectName().startswith("qt_"):
            continue
        if not one.accessibleName() and not (isinstance(one, QAbstractButton) and one.text().strip()):
            yield f"no accessible name: {type(one).__name__} in {type(one.parentWidget()).__name__}"
    for one in _shown(window, QWidget):
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(one, QScrollArea):
            own = one.accessibleName() or getattr(one, "text", lambda: "")()
            if not own and not isinstance(one.parentWidget(), QComboBox | QLineEdit):
                yield f"tab stop without a name: {type(one).__name__} in {type(one.parentWidget()).__name__}"


def _overlapping(window: QWidget) -> Iterator[str]:
    for parent in (window, *_shown(window, QWidget)):
        kids = [
            child
            for child in parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if child.isVisible() and isinstance(child, QLabel | QAbstractButton | QLineEdit | QComboBox)
        ]
        if parent.layout() is None:
            continue
        for one, other in combinations(kids, 2):
            if one.geometry().intersects(other.geometry()):
                yield f"overlap in {type(parent).__name__}: {_words(one)!r} and {_words(other)!r}"


def _out_of_the_window(window: QWidget) -> Iterator[str]:
    for sheet in window.findChildren(DialogSheet):
        veil = sheet.parentWidget()
        if sheet.isVisible() and veil is not None and not veil.rect().contains(sheet.geometry()):
            yield f"dialog {sheet.accessibleName()} sticks out of the window"


def _sideways(window: QWidget) -> Iterator[str]:
    for area in window.findChildren(QScrollArea):
        held = area.widget()
        if area.isVisible() and held.minimumSizeHint().width() > area.viewport().width():
            need, has = held.minimumSizeHint().width(), area.viewport().width()
            yield f"page {type(held).__name__} is {need - has} px too wide"


def _words(one: QWidget) -> str:
    return str(getattr(one, "text", lambda: "")() or one.accessibleName())
