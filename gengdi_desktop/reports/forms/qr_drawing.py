"""A QR code on a page, drawn as squares: sharp at every printer's resolution."""

from __future__ import annotations

from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing

from gengdi_desktop.reports.render import geometry as g

QR_SIZE = 24 * g.MM


def draw_qr(canvas: Any, text: str, left: float, bottom: float, size: float = QR_SIZE) -> None:
    """Draw a text as a QR code with its quiet zone; it can be read with 15 % of it dirty.

    Args:
        canvas: The page.
        text: Digits make the smallest code.
        left: Points from the left edge.
        bottom: Points from the lower edge.
        size: Points of each side, quiet zone included.
    """
    widget = QrCodeWidget(text, barLevel="M", barBorder=4, barWidth=size, barHeight=size)
    drawing = Drawing(size, size)
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, left, bottom)
