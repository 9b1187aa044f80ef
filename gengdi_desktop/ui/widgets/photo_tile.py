"""One file as a tile: its picture, and beneath it what it is, where from, and what is open about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gengdi_desktop.ui import icons, theme
from gengdi_desktop.ui.theme import Token, Tone, px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, RIGHT, paint_text, text_width

PICTURE: Final = (168, 118)
_LINE: Final = 17
_LINES: Final = 3
_EDGE: Final = 5
_SIGN: Final = 13


@dataclass(frozen=True)
class Mark:
    """A word beneath a picture that must be noticed: sign, word, tone."""

    sign: str
    word: str
    tone: Tone


@dataclass(frozen=True)
class Tile:
    """What a tile shows.

    Attributes:
        id: The number of the file where it belongs: among the files of a plot, or in the tray.
        sha256: The hash of its bytes.
        title: What it is: 整改后 2.
        right: When it was taken, small at the right.
        under: Where from and which way it looks, or why that is not known.
        tone: Of the line *under*; empty where nothing presses.
        marks: What is open about it.
        picture: Whether it can be shown; papers show a sheet and their name.
        name: Its file's name.
    """

    id: int
    sha256: str
    title: str
    right: str = ""
    under: str = ""
    tone: Tone | Literal[""] = ""
    marks: tuple[Mark, ...] = ()
    picture: bool = True
    name: str = ""

    def __str__(self) -> str:
        told = (self.title, self.right, self.under, *(one.word for one in self.marks), self.name)
        return "，".join(filter(None, told))


def tile_size() -> QSize:
    """The room that a tile takes."""
    wide, high = PICTURE
    return QSize(px(wide) + 2 * _EDGE, px(high) + _LINES * px(_LINE) + 2 * _EDGE + 4)


def paint_tile(
    painter: QPainter, box: QRectF, tile: Tile, image: QImage | None, fault: str, *, chosen: bool, current: bool
) -> None:
    """Paint a tile; *fault* stands in the place of a picture that cannot be shown."""
    painter.save()
    if chosen:
        painter.fillRect(box.adjusted(1, 1, -1, -1), theme.color("select"))
    if current:
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.drawRect(box.adjusted(2, 2, -2, -2))
    inner = box.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
    room = QRectF(inner.x(), inner.y(), inner.width(), px(PICTURE[1]))
    paint_picture(painter, room, image, fault, paper="" if tile.picture else tile.name)
    _paint_words(painter, inner.adjusted(1, room.height() + 3, -1, 0), tile, fault)
    painter.restore()


def paint_picture(painter: QPainter, room: QRectF, image: QImage | None, fault: str, *, paper: str = "") -> None:
    """The picture whole on sunken ground; a paper as a sheet with its name; a fault in words, with a sign."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillRect(room, theme.color("sunken"))
    if image is not None:
        size = image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        shown = QRectF(0, 0, size.width(), size.height())
        shown.moveCenter(room.center())
        painter.drawImage(shown, image)
    elif fault or paper:
        side = px(26)
        tone: Token = "seal" if fault else "ink3"
        sign = QRectF(room.center().x() - side / 2, room.center().y() - side, side, side)
        icons.draw(painter, sign, "warn" if fault else "report", tone)
        words = QRectF(room.x() + 6, room.center().y() + px(4), room.width() - 12, px(20))
        paint_text(painter, words, fault or paper, "seal" if fault else "ink2", "small", MIDDLE)
    painter.setPen(QPen(theme.color("rule"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_words(painter: QPainter, box: QRectF, tile: Tile, fault: str) -> None:
    line = float(px(_LINE))
    first = QRectF(box.x(), box.y(), box.width(), line)
    taken = text_width(tile.right) + px(6) if tile.right else 0.0
    paint_text(painter, first.adjusted(0, 0, -taken, 0), tile.title, "ink", "table")
    paint_text(painter, first, tile.right, "ink2", "small", RIGHT)
    second, third = first.translated(0, line), first.translated(0, 2 * line)
    under: Token = tile.tone or "ink2"
    paint_text(painter, second, tile.under or (tile.name if tile.picture else ""), under)
    marks = (Mark("warn", f"{fault}：{tile.name}", "seal"), *tile.marks) if fault else tile.marks
    left = third.x()
    for one in marks:
        side = float(px(_SIGN))
        icons.draw(painter, QRectF(left, third.center().y() - side / 2 + 1, side, side), one.sign, one.tone)
        room = QRectF(left + side + px(3), third.y(), third.right() - left - side - px(3), line)
        if room.width() < text_width("田…"):
            break
        left = room.x() + paint_text(painter, room, one.word, one.tone) + px(8)
