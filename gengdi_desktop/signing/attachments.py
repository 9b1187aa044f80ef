"""The files inside a PDF: what they are called and which bytes they hold."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Mapping
from pathlib import Path

import pikepdf

from gengdi_desktop.signing.verdict import Attached
from gengdi_desktop.system.child import JsonValue, Write

_MOST = 200
_log = logging.getLogger(__name__)


def attached(pdf: bytes) -> tuple[Attached, ...]:
    """The files that travel inside a PDF, by name; runs where a file made to do harm may do none (see ``verify``).

    Returns:
        At most two hundred; none where the PDF cannot be read.
    """
    found = []
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            for name in sorted(document.attachments)[:_MOST]:
                data = document.attachments[name].get_file().read_bytes()
                found.append(Attached(name, len(data), hashlib.sha256(data).hexdigest()))
    except Exception as error:  # noqa: BLE001 — a file made to break the reader may raise anything; it carries nothing
        _log.info("attached files cannot be read: %s", type(error).__name__)
        return ()
    return tuple(found)


def serve(arguments: Mapping[str, str], write: Write) -> None:
    """Entry of the child process: writes the bytes of each attached file under its number, then tells the names."""
    folder = Path(arguments["folder"])
    told: list[JsonValue] = []
    with pikepdf.open(arguments["path"]) as document:
        for number, name in enumerate(sorted(document.attachments)[:_MOST]):
            (folder / str(number)).write_bytes(document.attachments[name].get_file().read_bytes())
            told.append(name)
    write(told)
