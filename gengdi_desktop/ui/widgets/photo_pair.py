"""Photos before and after side by side, each with its stage and name below; what cannot be shown says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from gengdi_desktop.ui import theme
from gengdi_desktop.ui.photo_pictures import Pictures
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import Canvas, paint_text
from gengdi_desktop.ui.widgets.photo_tile import paint_picture

_HEIGHT: Final = 200
_GAP: Final = 12
_WORDS: Final = 22


@dataclass(frozen=True)
class Photo:
    """A photo: the hash of its bytes, when it was taken (整改前, 整改后), its file's name, what is told below."""

    sha256: str
    stage: str
    name: str
    told: str = ""


class PhotoPair(Canvas):
    """Two photos; without any it takes no room. Signal: they are wanted large."""

    opened = Signal()

    def __init__(self, pictures: Pictures) -> None:
        super().__init__("整改前后照片", px(_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("看大图，前后对照")
        self._pictures = pictures
        self._photos: tuple[Photo, ...] = ()
        pictures.came.connect(lambda _sha256: self.update())
        self.hide()

    def show_photos(self, photos: Sequence[Photo]) -> None:
        """Show other photos; their pictures come a moment later."""
        self._photos = tuple(photos[:2])
        self.setVisible(bool(self._photos))
        told = "，".join(f"{one.stage} {one.name}" for one in self._photos)
        self.setAccessibleName(f"照片：{told}" if told else "没有照片")
        self._pictures.want([one.sha256 for one in self._photos])
        self.update()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Picture above, words below."""
        width = (box.width() - px(_GAP)) / 2
        for at, one in enumerate(self._photos):
            room = QRectF(at * (width + px(_GAP)), 0, width, box.height() - px(_WORDS))
            image, fault = self._pictures.image(one.sha256), self._pictures.fault(one.sha256)
            paint_picture(painter, room, image, fault)
            words = QRectF(room.x(), room.bottom() + px(3), width, px(18))
            used = paint_text(painter, words, one.stage, "ink", "table")
            told = f"{fault}：{one.name}" if fault else one.told or one.name
            paint_text(painter, words.adjusted(used + px(8), 0, 0, 0), told, "seal" if fault else "ink2")
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press opens."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()
