"""What runs in the child: tell the format, read it, spool it. Foreign bytes are parsed nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gengdi_desktop.sheets.formats import TableFormat, detect
from gengdi_desktop.sheets.spooling import SheetSpooler
from gengdi_desktop.system.child import Write


def read(arguments: Mapping[str, Any], write: Write) -> None:
    """Read the file ``path`` within ``cells`` and ``unpacked_bytes``; the last line names the format.

    Raises:
        SurroundingsError: For everything that cannot be read as a table.
    """
    path = Path(arguments["path"])
    found = detect(path)
    spooler = SheetSpooler(write, arguments["cells"])
    match found:  # each reader is imported only where it is needed: the child starts in a tenth of a second
        case TableFormat.XLSX:
            from gengdi_desktop.sheets.xlsx import read_xlsx

            read_xlsx(path, spooler, unpacked_limit=arguments["unpacked_bytes"])
        case TableFormat.XLS:
            from gengdi_desktop.sheets.xls import read_xls

            read_xls(path, spooler)
        case TableFormat.ODS:
            from gengdi_desktop.sheets.ods import read_ods

            read_ods(path, spooler, unpacked_limit=arguments["unpacked_bytes"])
        case TableFormat.CSV:
            from gengdi_desktop.sheets.text_tables import read_csv

            read_csv(path, spooler)
        case TableFormat.HTML:
            from gengdi_desktop.sheets.text_tables import read_html

            read_html(path, spooler)
    write({"format": found.value})
