"""Photos before and after side by side, each with its stage and name below; what cannot be shown says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, Canvas, paint_text

_HEIGHT: Final = 190
_MOST_PIXELS: Final = 640
_GAP: Final = 12


@dataclass(frozen=True)
class Photo:
    """A photo: the hash of its bytes, when it was taken (整改前, 整改后), its file's name."""

    sha256: str
    stage: str
    name: str


def small_picture(data: bytes, width: int) -> QImage:
    """A picture no wider than *width*, turned as its camera was held; null where the bytes are no picture.

    May run in any thread; large photos are made small while they are read.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() > width:
        reader.setScaledSize(size.scaled(QSize(width, width), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


class PhotoPair(Canvas):
    """At most two photos; without any it takes no room."""

    def __init__(self) -> None:
        super().__init__("整改前后照片", px(_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._photos: tuple[Photo, ...] = ()
        self._pictures: dict[str, QImage] = {}
        self._refusal = ""
        self.hide()

    @property
    def photo_width(self) -> int:
        """How wide a picture is worth reading, in pixels of the screen."""
        return round(_MOST_PIXELS * self.devicePixelRatioF())

    def show_photos(self, photos: Sequence[Photo]) -> None:
        """Show other photos; their pictures come a moment later."""
        self._photos, self._refusal = tuple(photos[:2]), ""
        self.setVisible(bool(self._photos))
        told = "，".join(f"{one.stage} {one.name}" for one in self._photos)
        self.setAccessibleName(f"照片：{told}" if told else "没有照片")
        self.update()

    def show_pictures(self, pictures: Mapping[str, QImage]) -> None:
        """The pictures, by hash."""
        self._pictures = dict(pictures)
        self.update()

    def show_missing(self, error: GengdiError) -> None:
        """A file that is gone or damaged is said in its place."""
        self._refusal = error.message
        self.update()

    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Picture above, words below."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = (box.width() - px(_GAP)) / 2
        for at, one in enumerate(self._photos):
            room = QRectF(at * (width + px(_GAP)), 0, width, box.height() - px(22))
            painter.fillRect(room, theme.color("sunken"))
            picture = self._pictures.get(one.sha256)
            if picture is not None and not picture.isNull():
                size = picture.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
                shown = QRectF(0, 0, size.width(), size.height())
                shown.moveCenter(room.center())
                painter.drawImage(shown, picture)
            else:
                told = self._refusal or ("这个文件不能当图片看" if picture is not None else "")
                paint_text(painter, room, told, "ink3", "small", MIDDLE)
            painter.setPen(QPen(theme.color("rule"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
            words = QRectF(room.x(), room.bottom() + px(3), width, px(18))
            paint_text(painter, words, f"{one.stage}　{one.name}", "ink2")
