"""Files dragged over a window and let go: the events that the system would send, to the widget it would choose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from tests.gui.window_stage import Stage

_COPY = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def urls(paths: Sequence[Path]) -> QMimeData:
    """What a file manager hands over."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(one)) for one in paths])
    return data


def target(window: QWidget, at: QPoint) -> QWidget:
    """The widget that hears a drop at a point: the innermost that accepts any."""
    found: QWidget | None = window.childAt(at)
    while found is not None and not found.acceptDrops():
        found = found.parentWidget()
    return found or window


def drag(stage: Stage, paths: Sequence[Path], at: QPoint) -> QDragEnterEvent:
    """Bring files over a point of the window."""
    data, over = urls(paths), target(stage.window, at)
    event = QDragEnterEvent(over.mapFrom(stage.window, at), _COPY, data, _LEFT, _NONE)
    QCoreApplication.sendEvent(over, event)
    stage.turn()
    return event


def drop(stage: Stage, paths: Sequence[Path], at: QPoint) -> QDropEvent:
    """Bring files over a point of the window and let go."""
    drag(stage, paths, at)
    data, over = urls(paths), target(stage.window, at)
    event = QDropEvent(QPointF(over.mapFrom(stage.window, at)), _COPY, data, _LEFT, _NONE)
    QCoreApplication.sendEvent(over, event)
    stage.settle()
    return event


def middle(stage: Stage, widget: QWidget) -> QPoint:
    """The middle of a widget, as a point of the window."""
    return widget.mapTo(stage.window, widget.rect().center())
