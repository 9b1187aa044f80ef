"""What the tests of ``system.child`` let a child process do."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from gengdi_desktop.errors import RuleError
from gengdi_desktop.system.child import Write


def echo(arguments: Mapping[str, Any], write: Write) -> None:
    """Write each of the given values back."""
    for value in arguments["values"]:
        write(value)


def half_a_pair(arguments: Mapping[str, Any], write: Write) -> None:
    """Write a text that no encoding allows."""
    write({"cell": "\ud83d" + arguments["after"]})


def refuse(arguments: Mapping[str, Any], write: Write) -> None:
    """Refuse by a rule, after a first line."""
    write(1)
    raise RuleError("not_a_sheet", "这不是表格。", arguments["hint"])


def fill_memory(arguments: Mapping[str, Any], write: Write) -> None:
    """Ask for more memory than any limit of a test allows."""
    write(len(bytearray(arguments["megabytes"] * 1024 * 1024)))


def fail_to_write(arguments: Mapping[str, Any], write: Write) -> None:
    """Meet a disk that takes no more."""
    del write
    raise OSError(arguments["number"], "the disk takes no more")


def sleep(arguments: Mapping[str, Any], write: Write) -> None:
    """Be slow without working."""
    time.sleep(arguments["seconds"])
    write("late")


def spin(arguments: Mapping[str, Any], write: Write) -> None:
    """Be slow by working."""
    del arguments
    while True:
        write("turn")


def die(arguments: Mapping[str, Any], write: Write) -> None:
    """End as a crashed native library does."""
    del write
    sys.stderr.write("thread panicked\n")
    sys.stderr.flush()
    os.kill(os.getpid(), arguments["signal"])


def surroundings(arguments: Mapping[str, Any], write: Write) -> None:
    """Tell which modules and which folder the child has."""
    del arguments
    write(sorted(name for name in sys.modules if "." not in name))
    write(sys.path)


def rows_without_end(arguments: Mapping[str, Any], write: Write) -> None:
    """Spool the rows of a sheet that never ends, as a reader of tables does."""
    del arguments
    number = 0
    while True:
        number += 1
        write([number, "t", ["白圩村" * 100]])
        if number > 10_000:
            time.sleep(0.01)
