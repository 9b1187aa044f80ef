"""The Qt application: name, fonts, Chinese words of Qt's own dialogs, look."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication

from gengdi_desktop import __version__
from gengdi_desktop.errors import ProgramError
from gengdi_desktop.system.resources import resource
from gengdi_desktop.ui import theme
from gengdi_desktop.ui.courtesy import hand_over_quickly, sweep_here
from gengdi_desktop.ui.theme import Look

PROGRAM_NAME: Final = "耕地整改台账"
_OWN_CLIPBOARD: Final = frozenset({"offscreen", "minimal", "minimalegl", "eglfs", "linuxfb", "vnc"})
_FONTS: Final = ("GengdiUI.ttf", "GengdiHei.ttf")


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """The one application of the process, named, with fonts and translations; not yet dressed."""
    hand_over_quickly()
    made = QApplication.instance()
    if made is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = made if isinstance(made, QApplication) else QApplication(["gengdi", *arguments])
    atexit.unregister(let_clipboard_go)
    atexit.register(let_clipboard_go)
    app.setApplicationName("gengdi-desktop")
    app.setApplicationDisplayName(PROGRAM_NAME)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("gengdi-desktop")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    if made is None:
        sweep_here(app)
        _translate(app)
    load_fonts()
    return app


def let_clipboard_go() -> None:
    """Before Python ends, take our data off a clipboard that would outlive it.

    A platform without a clipboard of its own keeps it in a static of Qt, which is let go after Python has ended, and
    letting go of data that was made in Python then stops the process. The clipboards of real desktops are closed with
    the application and keep, as far as the system can, what was copied.
    """
    if QGuiApplication.instance() is not None and QGuiApplication.platformName() in _OWN_CLIPBOARD:
        QGuiApplication.clipboard().clear()


def load_fonts() -> None:
    """Make the program's own fonts known to Qt, so that screens look the same on every computer.

    Raises:
        ProgramError: A font is missing or damaged.
    """
    known = set(QFontDatabase.families())
    for name in _FONTS:
        family = "Gengdi UI" if name == "GengdiUI.ttf" else "Gengdi Hei"
        if family not in known and QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}"))) < 0:
            raise ProgramError("font_broken", f"程序自带的字体“{name}”坏了。", "请重新安装程序，台账不受影响。")


def system_is_dark() -> bool:
    """Whether the person's desktop asks programs to be dark."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def dress(app: QApplication, look: Look, scale: float) -> None:
    """Put on a look; windows built before must be built anew, since they read lengths when made."""
    theme.apply(app, look, scale)


def _translate(app: QApplication) -> None:
    """Qt's own words (file pickers, context menus) in Chinese, where Qt brings them."""
    words = QTranslator(app)
    if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)
