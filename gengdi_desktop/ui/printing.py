"""Pages of a PDF onto paper: drawn as pictures at the printer's resolution, each filling its sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.ui.pdf_pages import PdfPages

_FINEST_DPI: Final = 300


def make_printer(title: str) -> QPrinter:
    """A printer for A4 without margins of its own: the pages bring theirs."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    return printer


def print_pages(pages: PdfPages, printer: QPrinter, progress: Callable[[int, int], None]) -> int:
    """Print the pages that the person chose; returns how many. Runs in a lane, since drawing takes its time.

    Args:
        pages: The document.
        printer: Set up by the person.
        progress: Told how many pages are drawn; may raise to stop.

    Raises:
        SurroundingsError: ``printer``: the printer cannot be reached.
    """
    first = max(printer.fromPage(), 1)
    last = min(printer.toPage() or len(pages.sizes), len(pages.sizes))
    dots = min(printer.resolution(), _FINEST_DPI)
    _turn(printer, pages, first - 1)
    painter = QPainter()
    if not painter.begin(printer):
        raise SurroundingsError("printer", "打印机没有接上，一页也没有打。", "请看看打印机是否开着，再打一次。")
    try:
        for number in range(first, last + 1):
            progress(number - first, last - first + 1)
            if number > first:
                _turn(printer, pages, number - 1)
                printer.newPage()
            sheet = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
            painter.drawImage(sheet, pages.picture(number - 1, pages.width_at(number - 1, dots)))
    finally:
        painter.end()
    return last - first + 1


def _turn(printer: QPrinter, pages: PdfPages, page: int) -> None:
    wide = pages.sizes[page].width() > pages.sizes[page].height()
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait)
