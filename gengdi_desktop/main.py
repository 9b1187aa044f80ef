"""The composition root: the one place that joins window and commands, each imported only when it is asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from gengdi_desktop.system.child import CHILD_ARGUMENT, serve


class QtDesktop:
    """The window, as it is lent to commands that end at one."""

    def available(self) -> bool:
        """Whether there is a display to open a window on."""
        if sys.platform in {"win32", "darwin"}:
            return True
        painted_away = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in {"offscreen", "minimal"}
        return not painted_away and bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

    def show(self, ledger: Path | None) -> int:
        """Open the window on a ledger (None: on the start page); returns its exit code when it closes."""
        from gengdi_desktop.ui import startup

        return startup.run([] if ledger is None else [str(ledger)])

    def paint(self, ledger: Path, picture: Path) -> None:
        """Paint the window of a ledger off the screen into a PNG file."""
        from gengdi_desktop.ui.painting import paint

        paint(ledger, picture)


def main(argv: list[str] | None = None) -> int:
    """Run the program with the given arguments (without the program's name) and return its exit code.

    No argument opens the window; anything else is a command. The hidden first argument of a child process is looked
    at before all, so that a child never loads a front end.
    """
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == [CHILD_ARGUMENT]:
        return serve()
    _start_log()
    desktop = QtDesktop()
    if not arguments:
        return desktop.show(None)
    from gengdi_desktop.cli import commands  # late: the window does without it

    return commands.main(arguments, desktop)


def _start_log() -> None:
    from gengdi_desktop.errors import SurroundingsError
    from gengdi_desktop.system.logs import log_nothing, start_logging
    from gengdi_desktop.system.paths import log_folder

    try:
        start_logging(log_folder())
    except SurroundingsError:
        # A home that cannot be written to is no reason not to look at a ledger.
        log_nothing()
