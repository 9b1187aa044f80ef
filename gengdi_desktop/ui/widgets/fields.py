"""Fields for typing: a line, an area in mu, a day, a choice; each tells its value or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QDate, QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSizePolicy,
    QWidget,
    QWidgetAction,
)

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import icons, words
from gengdi_desktop.ui.theme import px

AREA_WIDTH = 96
DATE_WIDTH = 150
_NOTE_PADDING = 2


class LineField(QLineEdit):
    """One line of text."""

    def __init__(self, name: str, text: str = "", *, hint: str = "") -> None:
        super().__init__(text)
        self.setAccessibleName(name)
        if hint:
            self.setPlaceholderText(hint)


class SecretField(LineField):
    """A PIN or a passphrase: dots, never kept."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)


class NoteField(QPlainTextEdit):
    """A few lines of text; Tab goes on to the next field."""

    def __init__(self, name: str, text: str = "", *, lines: int = 3) -> None:
        super().__init__(text)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.ensurePolished()
        around = 2 * (self.document().documentMargin() + self.frameWidth()) + _NOTE_PADDING
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + round(around))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class AreaField(QLineEdit):
    """An area in mu, right-aligned, two decimals shown once it is left."""

    def __init__(self, name: str, area: Area | None = None) -> None:
        super().__init__("" if area is None else area.display())
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(px(AREA_WIDTH))

    def area(self) -> Area | None:
        """What stands here; None where it is empty.

        Raises:
            RuleError: It is no area; the sentence says why.
        """
        text = self.text().strip()
        return Area.parse(text) if text else None


class DateField(QLineEdit):
    """A day, typed in any habit (``8.17``, ``8-17``, ``2023年8月17日``) or picked from a calendar; Ctrl+; is today."""

    def __init__(self, name: str, today: date, value: date | None = None) -> None:
        super().__init__(words.day(value) if value else "")
        self._today = today
        self.setAccessibleName(name)
        self.setFixedWidth(px(DATE_WIDTH))
        pick = QAction(icons.icon("down", "ink3", 14), "选日期", self)
        pick.triggered.connect(self._pick)
        self.addAction(pick, QLineEdit.ActionPosition.TrailingPosition)
        now = QAction("今天", self)
        now.setShortcut("Ctrl+;")
        now.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        now.triggered.connect(lambda: self.set_day(self._today))
        self.addAction(now)
        self.editingFinished.connect(self._tidy)

    def day(self) -> date | None:
        """What stands here; None where it is empty.

        Raises:
            RuleError: It is no day; the sentence says how to write one.
        """
        text = self.text().strip()
        if not text:
            return None
        found = words.read_day(text, self._today)
        if found is None:
            raise RuleError("bad_date", f"“{text}”不是日期。", "可以写成 8-17，也可以写成 2023年8月17日。")
        return found

    def set_day(self, value: date) -> None:
        """Show a day."""
        self.setText(words.day(value))

    def _tidy(self) -> None:
        found = words.read_day(self.text(), self._today) if self.text().strip() else None
        if found is not None:
            self.set_day(found)

    def _pick(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setAccessibleName("日历")
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        shown = words.read_day(self.text(), self._today) or self._today
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))

        def taken(chosen: QDate) -> None:
            self.set_day(date(chosen.year(), chosen.month(), chosen.day()))
            menu.close()

        calendar.clicked.connect(taken)
        calendar.activated.connect(taken)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))


class ChoiceField(QComboBox):
    """One of a few; ``options`` are pairs of a code and its word, the first may be an empty choice."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]], chosen: str = "", *, small: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        if small:
            self.setProperty("small", "true")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaxVisibleItems(16)
        # A wheel over a form would change a value unseen.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.installEventFilter(self)
        self.set_options(options, chosen)

    def set_options(self, options: Sequence[tuple[str, str]], chosen: str = "") -> None:
        """Offer other choices."""
        self.blockSignals(True)
        self.clear()
        for code, word in options:
            self.addItem(word, code)
        at = self.findData(chosen)
        self.setCurrentIndex(max(at, 0))
        self.blockSignals(False)

    def sizeHint(self) -> QSize:
        """Room for the longest word and our own arrow, which is wider than the style's."""
        hint = super().sizeHint()
        return QSize(hint.width() + px(10), hint.height())

    def code(self) -> str:
        """The code of what is chosen; empty where nothing is."""
        return str(self.currentData() or "")

    def choose(self, code: str) -> None:
        """Choose by code."""
        at = self.findData(code)
        if at >= 0:
            self.setCurrentIndex(at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the wheel go to the page unless the list is being worked in."""
        if event.type() == QEvent.Type.Wheel and not self.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's own arrow is put away: ours belongs to the family of icons."""
        super().paintEvent(event)
        painter = QPainter(self)
        side, edge = (12.0, 3) if self.property("small") == "true" else (14.0, 6)
        box = QRectF(self.width() - side - edge, (self.height() - side) / 2, side, side)
        icons.draw(painter, box, "down", "ink2" if self.isEnabled() else "ink3")
        painter.end()


def on_leaving(field: QWidget, call: Callable[[], object]) -> None:
    """Call when a field's value is settled: on leaving, on Enter, on choosing."""
    if isinstance(field, QComboBox):
        field.activated.connect(lambda _index: call())
    elif isinstance(field, QLineEdit):
        field.editingFinished.connect(call)
    else:
        watch = _LeaveWatch(field, call)
        field.installEventFilter(watch)


class _LeaveWatch(QObject):
    """Tells when a widget loses the focus."""

    def __init__(self, field: QWidget, call: Callable[[], object]) -> None:
        super().__init__(field)
        self._call = call

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear the focus go."""
        if event.type() == QEvent.Type.FocusOut:
            self._call()
        return super().eventFilter(watched, event)
