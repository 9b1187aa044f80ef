"""The one place that opens file pickers, folder pickers and boxes, so that tests can answer them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gengdi_desktop.ui.printing import make_printer

LISTS = (
    "清单：表格和图形 (*.xlsx *.xls *.et *.ods *.csv *.html *.htm *.shp *.zip *.gpkg *.geojson *.kml *.kmz *.gdbtable)"
    ";;所有文件 (*)"
)
SHAPES = "图形 (*.shp *.zip *.gpkg *.geojson *.json *.kml *.kmz *.gdbtable);;所有文件 (*)"
LEDGERS = "整改台账 (ledger.gengdi *.gengdi);;所有文件 (*)"
BACKUPS = "台账备份 (*.gdbak);;所有文件 (*)"
IDENTITIES = "签名身份 (*.p12 *.pfx);;所有文件 (*)"
CERTIFICATES = "数字证书 (*.cer *.crt *.pem);;所有文件 (*)"
PDF = "PDF 文件 (*.pdf)"
PACKAGES = "交换包 (*.gdpkg);;所有文件 (*)"
SIGNED = "签过名的文件 (*.pdf *.gdpkg)"
WORKBOOK = "Excel 工作簿 (*.xlsx)"
TEXT = "文本文件 (*.csv)"
PHOTOS = "照片和扫描件 (*.jpg *.jpeg *.png *.heic *.heif *.tif *.tiff *.bmp *.webp *.pdf);;所有文件 (*)"
RASTERS = "影像 (*.tif *.tiff *.jpg *.jpeg *.png);;所有文件 (*)"
ANY = "所有文件 (*)"


class Prompts(Protocol):
    """Questions that only the system's own dialogs can ask."""

    def open_file(self, title: str, filters: str, start: str = "") -> Path | None:
        """One file that is there, or None."""
        ...

    def open_files(self, title: str, filters: str, start: str = "") -> tuple[Path, ...]:
        """Files that are there; empty when the person thought better of it."""
        ...

    def save_file(self, title: str, filters: str, start: str = "") -> Path | None:
        """A place for a file; asking before overwriting is the system's own manner."""
        ...

    def folder(self, title: str, start: str = "") -> Path | None:
        """A folder that is there, or None."""
        ...

    def printer(self, title: str, pages: int) -> QPrinter | None:
        """A printer that the person has set up, or None."""
        ...

    def tell(self, title: str, words: str) -> None:
        """Say something where there is no window yet that could say it inline."""
        ...


class QtPrompts:
    """The real dialogs, over the window they belong to."""

    def __init__(self, window: QWidget | None = None) -> None:
        self._window = window

    def open_file(self, title: str, filters: str, start: str = "") -> Path | None:
        """One file that is there, or None."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, title, start, filters)
        return Path(chosen) if chosen else None

    def open_files(self, title: str, filters: str, start: str = "") -> tuple[Path, ...]:
        """Files that are there."""
        chosen, _ = QFileDialog.getOpenFileNames(self._window, title, start, filters)
        return tuple(Path(one) for one in chosen)

    def save_file(self, title: str, filters: str, start: str = "") -> Path | None:
        """A place for a file, or None."""
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, start, filters)
        return Path(chosen) if chosen else None

    def folder(self, title: str, start: str = "") -> Path | None:
        """A folder that is there, or None."""
        chosen = QFileDialog.getExistingDirectory(self._window, title, start)
        return Path(chosen) if chosen else None

    def printer(self, title: str, pages: int) -> QPrinter | None:
        """The system's print dialog."""
        printer = make_printer(title)
        dialog = QPrintDialog(printer, self._window)
        dialog.setMinMax(1, pages)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None

    def tell(self, title: str, words: str) -> None:
        """A box with one button."""
        QMessageBox.information(self._window, title, words)
