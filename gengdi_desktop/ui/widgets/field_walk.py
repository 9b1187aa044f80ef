"""Enter walks through the fields of a form and, in the last, saves; the field that has the focus comes into sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QWidget

from gengdi_desktop.ui.widgets.tick_field import TickField


class FieldWalk(QObject):
    """Watches the fields of the form that stands in a sheet now.

    Args:
        sheet: In what the fields stand; hidden and greyed ones are passed by.
        fields: The fields in their order, as they are when a key is pressed.
        area: The part of the sheet that scrolls.
        save: Called by Enter in the last field.
    """

    def __init__(
        self,
        sheet: QWidget,
        fields: Callable[[], Sequence[QWidget]],
        area: QScrollArea,
        save: Callable[[], object],
    ) -> None:
        super().__init__(sheet)
        self._sheet, self._fields, self._area, self._save = sheet, fields, area, save

    def watch(self, fields: Iterable[QWidget]) -> None:
        """Hear the keys of fields that were just made."""
        for one in fields:
            one.installEventFilter(self)
            if isinstance(one, TickField):
                one.ticked.connect(partial(self.go_on_from, one))

    @property
    def open(self) -> list[QWidget]:
        """The fields that can be typed into, in their order."""
        return [one for one in self._fields() if one.isVisibleTo(self._sheet) and one.isEnabled()]

    def go_on_from(self, field: QObject) -> bool:
        """The focus goes to the next field; False where it was the last."""
        fields = self.open
        at = fields.index(field) if field in fields else -1
        if not 0 <= at < len(fields) - 1:
            return False
        fields[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def to(self, field: QWidget | None) -> None:
        """The focus goes to a field, and the field into sight."""
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on; in a field of several lines it is a new line."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._area.ensureWidgetVisible(watched)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and _goes_on(watched, event):
            if not self.go_on_from(watched):
                self._save()
            return True
        return super().eventFilter(watched, event)


def _goes_on(watched: QObject, event: QKeyEvent) -> bool:
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain
    return entered and not isinstance(watched, QPlainTextEdit)
