"""Files dropped on the window or pasted: where they would go is said first, then that page has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from gengdi_desktop.system.files import telling, write_whole
from gengdi_desktop.system.paths import cache_folder
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.canvas import MIDDLE, paint_text
from gengdi_desktop.ui.widgets.message import MessageSlot

TABLES: Final = frozenset({".xlsx", ".xls", ".et", ".ods", ".csv", ".htm", ".html"})
SHAPES: Final = frozenset({".shp", ".zip", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".gdb", ".gdbtable"})
PACKAGE: Final = ".gdpkg"
_SIDES: Final = frozenset({".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".xml", ".qpj"})
"""The files that lie beside a ``.shp``; people drag them along."""
_HEIGHT: Final = 64
_PASTED: Final = "pasted"


@runtime_checkable
class TakesFiles(Protocol):
    """A page that knows what to do with files let go over it; points are its own."""

    def files_go(self, at: QPoint) -> str:
        """Where files let go at a point would go, in a few words; empty where the page does not want them there."""
        ...

    def take_files(self, paths: Sequence[Path], at: QPoint) -> None:
        """Take them."""
        ...


class DropHost(Protocol):
    """What the window must tell."""

    @property
    def page(self) -> QWidget | None:
        """The page in front."""
        ...

    @property
    def dialog(self) -> QWidget | None:
        """The dialog over it."""
        ...

    def go(self, page: str, wish: dict[str, str] | None = None) -> None:
        """Bring a page to front."""
        ...


class FileDrops(QObject):
    """Watches a window for files; lives as long as a ledger is open that can be written."""

    def __init__(self, window: QWidget, host: DropHost) -> None:
        super().__init__(window)
        self._window, self._host = window, host
        self._sign = _Sign(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def close(self) -> None:
        """Watch no more."""
        self._window.removeEventFilter(self)
        self._window.setAcceptDrops(False)
        self._sign.deleteLater()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say where files would go; let them go there."""
        if watched is not self._window:
            return super().eventFilter(watched, event)
        if isinstance(event, QDropEvent):
            return self._heard(event)
        if isinstance(event, QDragLeaveEvent):
            self._sign.hide()
            return True
        return super().eventFilter(watched, event)

    def _heard(self, event: QDropEvent) -> bool:
        """An event of dragging; entering and moving are kinds of dropping."""
        paths = paths_of(event.mimeData())
        if not paths or self._host.dialog is not None:
            return False
        at = event.position().toPoint()
        event.setDropAction(Qt.DropAction.CopyAction)  # what lies on a stick stays there
        event.accept()
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            self._sign.say(self._words(paths, at))
        else:
            self._sign.hide()
            self.take(paths, at)
        return True

    def take(self, paths: Sequence[Path], at: QPoint) -> None:
        """Hand files to the page under a point of the window, or to the page that fits them."""
        page = self._host.page
        inner = page.mapFrom(self._window, at) if page is not None else at
        if _are_packages(paths):
            self._host.go("exchange", {"file": "\n".join(map(str, paths))})
        elif _is_table(paths):
            self._host.go("intake", {"file": str(paths[0])})
        elif is_shapes(paths):
            # Outlines for plots that are there, or a list: told by what is in it, once it is read.
            self._host.go("outlines", {"file": str(_main_file(paths)), "ask": "1"})
        elif page is not None and isinstance(page, TakesFiles) and page.files_go(inner):
            page.take_files(paths, inner)
        else:
            self._host.go("evidence", {"take": "\n".join(map(str, paths))})

    def _words(self, paths: Sequence[Path], at: QPoint) -> str:
        if _are_packages(paths):
            return "松开，看这个交换包里有什么"
        if _is_table(paths):
            return "松开，去导入这份清单"
        if is_shapes(paths):
            return "松开，读这份图形：补边界，或者当作清单导入"
        page = self._host.page
        own = page.files_go(page.mapFrom(self._window, at)) if page is not None and isinstance(page, TakesFiles) else ""
        return own or "松开，按编号和位置归到各图斑"


def _are_packages(paths: Sequence[Path]) -> bool:
    return all(one.suffix.lower() == PACKAGE for one in paths)


def _is_table(paths: Sequence[Path]) -> bool:
    return len(paths) == 1 and paths[0].suffix.lower() in TABLES


def is_shapes(paths: Sequence[Path]) -> bool:
    """Whether these are one file of shapes, with or without the files that belong to it. Told by names alone."""
    shapes = [one for one in paths if one.suffix.lower() in SHAPES]
    rest = [one for one in paths if one not in shapes]
    return len(shapes) == 1 and all(shapes[0].suffix.lower() == ".shp" and one.suffix.lower() in _SIDES for one in rest)


def _main_file(paths: Sequence[Path]) -> Path:
    return next(one for one in paths if one.suffix.lower() in SHAPES)


def paths_of(data: QMimeData) -> tuple[Path, ...]:
    """The files and folders that were dragged or copied; empty where there are none."""
    return tuple(Path(one.toLocalFile()) for one in data.urls() if one.isLocalFile())


def paste(context: UiContext, taken: Callable[[tuple[Path, ...]], object], messages: MessageSlot) -> None:
    """Hand on the files of the clipboard; a picture without a file becomes one first, named by the minute.

    Nothing on the clipboard that could be taken is said so.
    """
    board = QGuiApplication.clipboard()
    paths, image = paths_of(board.mimeData()), board.image()
    if paths:
        taken(paths)
        return
    if image.isNull():
        messages.show_message("info", "剪贴板里没有文件，也没有图片。", "先复制照片文件，或截一张图，再粘贴。")
        return
    name = f"截图_{context.clock.now().astimezone():%Y%m%d_%H%M%S}.png"

    def work(_progress: Progress) -> tuple[Path, ...]:
        target = cache_folder() / _PASTED / name
        with telling(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know bytes only, the library words only
        write_whole(target, bytes(buffer.data().data()))
        return (target,)

    context.jobs.run(Lane.FILES, work, taken, messages.show_error, owner=messages)


class _Sign(QWidget):
    """A strip at the foot of the window that says where files would go; it hides nothing that one aims at."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words = ""
        self.hide()

    def say(self, words: str) -> None:
        """Say it."""
        window = self.parentWidget()
        if window is None:
            return
        self._words = words
        self.setAccessibleName(words)
        room = QRect(0, 0, min(px(460), window.width() - 40), px(_HEIGHT))
        room.moveCenter(QPoint(window.width() // 2, window.height() - px(_HEIGHT) - px(theme.STATUS)))
        self.setGeometry(room)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The words on the ground of what can be pressed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("sheet"))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), theme.RADIUS_SHEET, theme.RADIUS_SHEET)
        paint_text(painter, self.rect().toRectF().adjusted(16, 0, -16, 0), self._words, "ink", "section", MIDDLE)
        painter.end()
