"""The composition root: decides which front end runs, and imports it only then."""

from __future__ import annotations

import sys

from gengdi_desktop.system.child import CHILD_ARGUMENT, serve


def main(argv: list[str] | None = None) -> int:
    """Run the program with the given arguments (without the program's name) and return its exit code.

    No argument opens the window; anything else is a command. The hidden first argument of a child process is looked
    at before all, so that a child never loads a front end.
    """
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == [CHILD_ARGUMENT]:
        return serve()
    if arguments:
        from gengdi_desktop.cli import commands  # late: a child and the window do without it

        return commands.main(arguments)
    from gengdi_desktop.ui import startup  # late: commands must run where there is no Qt

    return startup.run()
