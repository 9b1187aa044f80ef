"""Pages of a PDF as pictures, signatures included; drawn off the GUI thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage

from gengdi_desktop.errors import SurroundingsError

_POINTS_AN_INCH: Final = 72
# The library draws for one thread at a time.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class PdfPages:
    """A PDF held in memory: its bytes and the size of each page in points."""

    data: bytes
    sizes: tuple[QSizeF, ...]

    @classmethod
    def of(cls, data: bytes) -> PdfPages:
        """Read the page sizes.

        Raises:
            SurroundingsError: ``not_a_pdf``.
        """
        import pypdfium2

        with _ONE_AT_A_TIME:
            try:
                document = pypdfium2.PdfDocument(data)
            except pypdfium2.PdfiumError as error:
                raise SurroundingsError("not_a_pdf", "这个文件打不开，不是完整的 PDF。文件没有改动。") from error
            try:
                sizes = tuple(QSizeF(*document.get_page_size(at)) for at in range(len(document)))
            finally:
                document.close()
        return cls(data, sizes)

    def picture(self, page: int, width: int) -> QImage:
        """One page, *width* dots wide, white paper under black ink.

        Form fields are drawn too: a signature's appearance is one.
        """
        import pypdfium2

        with _ONE_AT_A_TIME:
            document = pypdfium2.PdfDocument(self.data)
            try:
                document.init_forms()
                sheet = document[page]
                bitmap = sheet.render(scale=width / sheet.get_width(), may_draw_forms=True, rev_byteorder=True)
                made = QImage(
                    bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, _format(bitmap.n_channels)
                ).copy()
                sheet.close()
            finally:
                document.close()
        return made

    def width_at(self, page: int, dots_an_inch: float) -> int:
        """How many dots wide a page is at a resolution."""
        return round(self.sizes[page].width() / _POINTS_AN_INCH * dots_an_inch)


def _format(channels: int) -> QImage.Format:
    formats = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBX8888}
    return formats[channels]
