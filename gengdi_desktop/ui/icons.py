"""One family of stroked icons on a 20-unit grid: stroke 1.6, round ends, no fill, drawn in a token colour."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import Token

_STROKES: Final[Mapping[str, str]] = {
    # places
    "home": "M3 9.5 10 3.5l7 6V16.5H3zM8 16.5V12h4v4.5",
    "ledger": "M3 4h14v12H3zM3 8h14M3 12h14M8 8v8",
    "import": "M10 3v9M6.5 8.5 10 12l3.5-3.5M3.5 12.5v4h13v-4",
    "report": "M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M7.5 10h5.5M7.5 13.5h5.5",
    "map": "M3 5l4.5-1.5 5 2L17 4v11l-4.5 1.5-5-2L3 16zM7.5 3.5v11M12.5 5.5v11",
    "members": "M7.5 4a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM2.5 16.5c0-3.2 2-4.8 5-4.8s5 1.6 5 4.8"
    "M13 4.5a2.3 2.3 0 0 1 0 4.4M14.5 12c2 .5 3 2 3 4.5",
    "tune": "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
    "help": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM7.8 8c0-3 4.5-3 4.5-.3 0 1.8-2.3 1.8-2.3 3.8M10 13.7v.3",
    # deeds
    "undo": "M7 4 3.5 7.5 7 11M3.5 7.5H12a4.5 4.5 0 0 1 0 9H7",
    "redo": "M13 4l3.5 3.5L13 11M16.5 7.5H8a4.5 4.5 0 0 0 0 9h5",
    "search": "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l4 4",
    "plus": "M10 4v12M4 10h12",
    "open": "M3 16V4.5h5l1.5 2H15V9M3 16l2.5-7h12L15 16z",
    "restore": "M4 4v4.5h4.5M4.3 8.3A6.5 6.5 0 1 1 3.5 11M10 7v4l2.5 1.5",
    "pen": "M4 16l.8-3.5L13.5 4 16 6.5 7.5 15.2zM11.5 6l2.5 2.5",
    "print": "M6 8V3h8v5M6 14H3.5V8h13v6H14M6 12h8v5H6z",
    "save": "M10 3v8M7 8.5l3 3 3-3M4 13.5V16.5h12v-3",
    "send": "M10 12.5v-9M6.5 7 10 3.5 13.5 7M3.5 12.5v4h13v-4",
    "stamp": "M8 3.5h4v3l-.8 4.5H16v3H4v-3h4.8L8 6.5zM4 16.5h12",
    "attach": "M14 8.5 9 13.5a2 2 0 0 1-3-3L12 4.5a3 3 0 0 1 4.5 4.3L10 15.3a4.5 4.5 0 0 1-6.5-6.3L9 3.5",
    "copy": "M7 7h10v10H7zM13 7V3H3v10h4",
    "filter": "M3 4.5h14l-5.5 6.5v5.5l-3-1.5V11z",
    "columns": "M3 4h14v12H3zM7.7 4v12M12.3 4v12",
    "sheet": "M4 3h12v14H4zM4 7h12M4 11h12M8.5 7v10",
    "zoomin": "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l4 4M9 6.5v5M6.5 9h5",
    "zoomout": "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l4 4M6.5 9h5",
    # directions
    "left": "M12 5l-5 5 5 5",
    "right": "M8 5l5 5-5 5",
    "down": "M5 8l5 5 5-5",
    "up": "M5 12l5-5 5 5",
    "more": "M4 9.3a.7.7 0 1 1 0 1.4.7.7 0 0 1 0-1.4zM10 9.3a.7.7 0 1 1 0 1.4.7.7 0 0 1 0-1.4z"
    "M16 9.3a.7.7 0 1 1 0 1.4.7.7 0 0 1 0-1.4z",
    # signs
    "check": "M4 10.5l4 4 8-9",
    "cross": "M5 5l10 10M15 5 5 15",
    "stop": "M7 3h6l4 4v6l-4 4H7l-4-4V7zM7.5 7.5l5 5M12.5 7.5l-5 5",
    "warn": "M10 3.5 17.5 16.5h-15zM10 8.5v4M10 14.5v.2",
    "info": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 9.5v4M10 6.5v.2",
    "clock": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6v4.2l2.8 1.8",
    "back": "M8 5 4 9l4 4M4 9h8c3 0 4.5 2 4.5 5.5",
    "camera": "M3 6.5h3L7.5 4.5h5L14 6.5h3v9H3zM10 8.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
    "nocamera": "M3 6.5h3L7.5 4.5h5L14 6.5h3v9H3zM10 8.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM2.5 3l15 14.5",
    "target": "M10 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM10 2v4M10 14v4M2 10h4M14 10h4",
    "pause": "M7.5 5v10M12.5 5v10",
    "user": "M10 3.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM4 17c0-3.5 2.5-5 6-5s6 1.5 6 5",
    "lock": "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9M10 12v2",
    "drive": "M7 7.5V3h6v4.5M5.5 7.5h9v9.5h-9zM9 5h.01M11 5h.01",
    "sprout": "M3 16.5h14M10 16.5V8M10 9.5c0-3.5 2-5 6-5 0 3.5-2 5-6 5zM10 12C10 9 8.5 7.5 4.5 7.5c0 3 2 4.5 5.5 4.5z",
    "flag": "M5 17.5V3.5h10l-2.5 3.5L15 10.5H5",
    "key": "M6.5 7a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM10 10.5h7.5M14.5 10.5v3M17 10.5v2",
}

_RATIOS: Final = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)
NAMES: Final = frozenset(_STROKES)


def pixmap(name: str, ink: Token = "ink2", size: int = 16, ratio: float = 2.0) -> QPixmap:
    """An icon as a pixmap of *size* device-independent pixels, drawn for a screen with *ratio* dots a pixel."""
    return _drawn(name, theme.color(ink).name(), size, ratio)


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">'
        f'<path d="{_STROKES[name]}" fill="none" stroke="{colour}" stroke-width="1.6" stroke-linecap="round"'
        ' stroke-linejoin="round"/></svg>'
    )
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, ink: Token = "ink2", size: int = 16) -> QIcon:
    """An icon for a button or an action, with its paler twin for the disabled one."""
    made = QIcon()
    for ratio in _RATIOS:
        made.addPixmap(pixmap(name, ink, size, ratio))
        made.addPixmap(pixmap(name, "ink3", size, ratio), QIcon.Mode.Disabled)
    return made


def draw(painter: QPainter, box: QRectF, name: str, ink: Token) -> None:
    """Paint an icon into a square *box*."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(box.topLeft().toPoint(), pixmap(name, ink, round(box.width()), ratio))
