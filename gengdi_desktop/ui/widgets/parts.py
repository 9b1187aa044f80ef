"""The smallest parts: labels with a role and a tone, marks, buttons, lines, rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gengdi_desktop.ui import icons
from gengdi_desktop.ui.theme import Token, Tone, px

LabelRole = Literal["figure", "title", "section", "body", "label", "value", "small"]
LabelTone = Literal["", "stone", "soil", "sky", "land", "seal", "accent", "ink", "ink2"]
ButtonKind = Literal["", "main", "tool", "link", "nav"]

RIGHT = Qt.AlignmentFlag.AlignRight
CENTRE = Qt.AlignmentFlag.AlignHCenter
_Box = TypeVar("_Box", bound=QBoxLayout)
_QUARTER_EM = "\u2005"
_SIZE_LIMIT = 16777215


def label(
    words: str,
    role: LabelRole = "body",
    tone: LabelTone = "",
    *,
    wrap: bool = False,
    align: Qt.AlignmentFlag | None = None,
) -> QLabel:
    """A label; *wrap* breaks long sentences, *align* is horizontal."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if align is not None:
        made.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
    return made


def set_tone(widget: QWidget, tone: LabelTone) -> None:
    """Change the tone of a label or a button that stands already."""
    set_style(widget, "tone", tone)


def set_style(widget: QWidget, name: str, value: str) -> None:
    """Change a property that the style sheet asks for, and let the style look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class ElidedLabel(QLabel):
    """A label for names of any length: what does not fit ends in “…” and stands whole in the tooltip.

    A path loses its middle instead: its end says more than its beginning.
    """

    def __init__(self, words: str, role: LabelRole = "body", tone: LabelTone = "", *, path: bool = False) -> None:
        super().__init__()
        self.is_path = path
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._whole = ""
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Show other words."""
        self._whole = words
        self.setAccessibleName(words)
        self.updateGeometry()
        self._fit()

    def whole(self) -> str:
        """The words before they were shortened."""
        return self._whole

    def sizeHint(self) -> QSize:
        """The room that the whole words need."""
        self.ensurePolished()
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Two Han characters and the ellipsis."""
        self.ensurePolished()
        return QSize(self.fontMetrics().horizontalAdvance("田田…"), self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten to the new width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Shorten again in the new font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        mode = Qt.TextElideMode.ElideMiddle if self.is_path else Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self._whole, mode, max(self.width(), 1))
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class Mark(QWidget):
    """An icon that stands before a word: one pixel low, as Han glyphs stand in their line; sharp on every screen."""

    def __init__(self, name: str, ink: Token = "ink2", size: int = 16) -> None:
        super().__init__()
        self._name, self._ink, self._size = name, ink, size
        self.setFixedSize(size, size + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The icon at the foot of the room."""
        painter = QPainter(self)
        icons.draw(painter, QRectF(0, 2, self._size, self._size), self._name, self._ink)
        painter.end()


def mark(name: str, ink: Token = "ink2", size: int = 16) -> Mark:
    """An icon before a word, of a size that grows with the text."""
    return Mark(name, ink, px(size))


def button(
    words: str,
    kind: ButtonKind = "",
    sign: str = "",
    *,
    key: str = "",
    name: str = "",
    tone: Tone | Literal[""] = "",
    pressed: Callable[[], object] | None = None,
) -> QPushButton:
    """A button.

    Args:
        words: What it does; empty only for the few that may stand as an icon alone.
        kind: ``main`` once a page, ``tool`` in bars, ``link`` for the small and the far.
        sign: An icon before the words.
        key: The shortcut, told in the tooltip.
        name: Accessible name and tooltip where there are no words.
        tone: ``seal`` for links that take something away.
        pressed: Called without arguments.
    """
    made = _Button(f"{_QUARTER_EM}{words}" if sign and words else words)
    if kind:
        made.setProperty("kind", kind)
    if tone:
        made.setProperty("tone", tone)
    if sign:
        made.setIcon(icons.icon(sign, "on_accent" if kind == "main" else "accent" if kind == "link" else "ink2"))
        made.setIconSize(QSize(16, 16))
    made.setAccessibleName(name or words)
    if key:
        made.setToolTip(f"{name or words}（{key}）")
    elif not words:
        made.setToolTip(name)
    made.setAutoDefault(True)  # Enter presses it while it has the focus, also beside a main button
    if pressed is not None:
        made.clicked.connect(lambda _checked=False: pressed())
    return made


class _Button(QPushButton):
    """A button that a held key presses once: what gets the focus next must not be pressed by the same hand."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave alone what repeats itself."""
        if event.isAutoRepeat() and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()
            return
        super().keyPressEvent(event)


def say(pressed: QPushButton, words: str) -> None:
    """Other words on a button, beside its icon as :func:`button` places them."""
    pressed.setText(f"{_QUARTER_EM}{words}" if words and not pressed.icon().isNull() else words)
    pressed.setAccessibleName(words)


def line(way: Literal["h", "v", "rule", "frozen"] = "h") -> QFrame:
    """A hairline; ``rule`` is the heavier one, ``frozen`` the border of columns that stay."""
    made = QFrame()
    made.setProperty("line", way)
    return made


def row(
    *items: QWidget | QBoxLayout | int | None,
    gap: int = 8,
    margins: Sequence[int] = (0, 0, 0, 0),
) -> QHBoxLayout:
    """A line of parts; an int is a fixed gap, None takes the slack."""
    return _filled(QHBoxLayout(), items, gap, margins)


def column(
    *items: QWidget | QBoxLayout | int | None,
    gap: int = 8,
    margins: Sequence[int] = (0, 0, 0, 0),
) -> QVBoxLayout:
    """Parts under one another; an int is a fixed gap, None takes the slack."""
    return _filled(QVBoxLayout(), items, gap, margins)


def boxed(layout: QBoxLayout) -> QWidget:
    """A widget around a layout, where a widget is wanted."""
    made = QWidget()
    made.setLayout(layout)
    return made


def _keep_focus_near(gone: QWidget) -> None:
    """A part that goes with the focus in it leaves it to what it stands in.

    Else Qt would walk on as by Tab: to a control somewhere, scrolling the page there.
    """
    now: QWidget | None = gone.window().focusWidget()
    if now is None or not (now is gone or gone.isAncestorOf(now)):
        return
    holder = gone.parentWidget()
    while holder is not None and not holder.isWindow():
        if holder.focusPolicy() != Qt.FocusPolicy.NoFocus:
            holder.setFocus()
            return
        holder = holder.parentWidget()


def clear(layout: QBoxLayout) -> None:
    """Take everything out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        inner = item.layout()
        if isinstance(inner, QBoxLayout):
            clear(inner)
        widget = item.widget()
        if widget is not None:
            _keep_focus_near(widget)
            widget.hide()
            widget.deleteLater()


def free_width(widget: QWidget) -> None:
    """Let a widget that was fixed take any width again."""
    widget.setMinimumWidth(0)
    widget.setMaximumWidth(_SIZE_LIMIT)


def _filled(made: _Box, items: Sequence[QWidget | QBoxLayout | int | None], gap: int, margins: Sequence[int]) -> _Box:
    made.setSpacing(gap)
    made.setContentsMargins(*margins)
    for one in items:
        if one is None:
            made.addStretch(1)
        elif isinstance(one, int):
            made.addSpacing(one)
        elif isinstance(one, QBoxLayout):
            made.addLayout(one)
        else:
            made.addWidget(one)
    return made
