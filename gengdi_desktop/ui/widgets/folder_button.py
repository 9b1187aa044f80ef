"""The button that shows where something was written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from gengdi_desktop.ui.widgets.parts import button


def folder_button(folder: Path) -> QPushButton:
    """A button that opens a folder in the system's own way."""
    return button("打开文件夹", pressed=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
