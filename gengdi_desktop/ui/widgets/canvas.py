"""A widget that paints itself, with text in token fonts on whole pixels."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import Role, Token

LEFT, RIGHT, MIDDLE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter


_MIDDLE_OF = {one: int(one | Qt.AlignmentFlag.AlignVCenter) for one in (LEFT, RIGHT, MIDDLE)}


class Canvas(QWidget):
    """Subclasses override :meth:`draw`; the accessible name says in words what the picture shows."""

    def __init__(self, name: str, height: int | None = None) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if height is not None:
            self.setFixedHeight(height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Hand the whole area to :meth:`draw`."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, QRectF(self.rect()))
        painter.end()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Paint into *box*."""
        raise NotImplementedError


def text_width(words: str, role: Role = "small") -> float:
    """The width of *words* in pixels."""
    return _metrics(role, theme.text_scale()).horizontalAdvance(words)


@lru_cache(maxsize=32)
def _metrics(role: Role, scale: float) -> QFontMetricsF:
    """Asking for a font anew for every cell of a table would take longer than painting it."""
    del scale
    return QFontMetricsF(theme.font(role))


def paint_text(
    painter: QPainter,
    box: QRectF,
    words: str,
    ink: Token = "ink",
    role: Role = "small",
    align: Qt.AlignmentFlag = LEFT,
) -> float:
    """Paint one line of text, vertically centred, and return its width; what does not fit ends in “…”.

    Line ends of a longer text become blanks.
    """
    if not words:
        return 0.0
    scale = theme.text_scale()
    shown, width = _fitted(words, box.width() + 1, role, scale)
    painter.setFont(_font(role, scale))
    painter.setPen(theme.color(ink))
    painter.drawText(box, _MIDDLE_OF.get(align) or int(align | Qt.AlignmentFlag.AlignVCenter), shown)
    return width


@lru_cache(maxsize=32)
def _font(role: Role, scale: float) -> QFont:
    del scale
    return theme.font(role)


@lru_cache(maxsize=8192)
def _fitted(words: str, room: float, role: Role, scale: float) -> tuple[str, float]:
    """What of a text fits, and how wide that is; a table asks it for the same words at every paint."""
    metrics = _metrics(role, scale)
    shown = metrics.elidedText(" ".join(words.splitlines()), Qt.TextElideMode.ElideRight, room)
    return shown, metrics.horizontalAdvance(shown)
