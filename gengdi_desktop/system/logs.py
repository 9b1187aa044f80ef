"""The log file: for whoever has to help from afar, and without a name, a number or a place of anybody."""

from __future__ import annotations

import logging
import re
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LIMIT_BYTES = 1_000_000
_KEPT_FILES = 3
_FORMAT = "%(asctime)sZ %(levelname)s %(name)s: %(message)s"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_LONG_NUMBER = re.compile(r"\d{7,}")


def masked(text: str) -> str:
    """Return the text without what could name a person or a plot.

    Our own messages are English; so whatever is not ASCII came from data or from a path, and a number of seven digits
    or more is a telephone, an identity card, an account or a plot.
    """
    return _LONG_NUMBER.sub("#", _NOT_ASCII.sub("*", text))


class MaskedFormatter(logging.Formatter):
    """Formats records in UTC and masks them whole, the traceback too."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        """Return the masked line or lines."""
        return masked(super().format(record))


def start_logging(folder: Path, *, level: int = logging.INFO) -> Path:
    """Send what the program logs to ``gengdi.log`` in ``folder``; calling it again moves the log there.

    Returns:
        The log file; it is turned over at one megabyte, three older ones are kept.
    """
    path = folder / "gengdi.log"
    stop_logging()
    handler = RotatingFileHandler(path, maxBytes=_LIMIT_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(MaskedFormatter())
    logger = logging.getLogger("gengdi_desktop")
    logger.addHandler(handler)
    logger.setLevel(level)
    # A full disk must not add a second trouble to the first one.
    logging.raiseExceptions = False
    return path


def log_nothing() -> None:
    """Keep no log: without any handler Python itself would print tracebacks to whoever sits before the terminal."""
    logging.getLogger("gengdi_desktop").addHandler(logging.NullHandler())


def stop_logging() -> None:
    """Close the log file, if one is open."""
    logger = logging.getLogger("gengdi_desktop")
    for handler in [kept for kept in logger.handlers if isinstance(kept, RotatingFileHandler)]:
        logger.removeHandler(handler)
        handler.close()
