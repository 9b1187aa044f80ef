"""A township's ledger with a row in every table that a submission carries, and values that nobody would write."""

from __future__ import annotations

import base64
from random import Random
from typing import Any, Final

from shapely.geometry import Polygon

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.photo_questions import PhotoQuestion
from gengdi_desktop.handover.travelling import RECORDS
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage import columns
from gengdi_desktop.storage.layout import CODES, layout
from gengdi_desktop.storage.tables import PhotoRow, PlotRow, RoundRow
from tests.helpers import desks
from tests.helpers.ledgers import ISSUED
from tests.helpers.photos import small_photo

FOUND: Final = "e" * 32
"""A plot that the township found itself."""
_OUTLINE: Final = base64.b64encode(Polygon([(116.2, 28.3), (116.21, 28.3), (116.21, 28.31)]).wkb).decode()
_BOX: Final = {"west": 116_200_000_000, "east": 116_210_000_000, "south": 28_300_000_000, "north": 28_310_000_000}

ODD_TEXTS: Final = (
    *("", " ", "0", "banana", "\n", "a\nb", "\u202e反", "\u200b", "\x01", "'; DROP TABLE plot;--", "../../x", "CON"),
    *("=1+1", "<b>", "2026-05-06", "2023-02-29", "9999-12-31", "0001-01-01", "😀", "𠀀", "民和镇", "360124100"),
    *("[]", "{}", "null", "[[[", "\uffff", "x" * 20_000, FOUND, "f" * 64, f"{FOUND}:2"),
)
ODD_NUMBERS: Final = (0, 1, -1, 2, 7, 2**31, 2**53, 2**62, 2**63 - 1, 1 - 2**63, 10**16, 10**17, 10**17 + 1)
ODD_OTHERS: Final = (None, 1.5, True, ["x"], {"x": 1}, 2**70, -(2**63), "a\0b", "e\u0301")


def furnish(ledger: Ledger, plot: str) -> None:
    """Put a row that says something into every table that a submission carries, at an issued plot and a found one."""
    photo = ledger.folder.keep(FolderPart.EVIDENCE, small_photo(), ".jpg")
    paper = ledger.folder.keep(FolderPart.REPORTS, b"%PDF-1.4", ".pdf")
    with ledger.begin(Operation.EDIT, desks.clerk_of(ledger)) as work:
        record_file(work, photo)
        record_file(work, paper)
        unit = ledger.info
        facts = {**ISSUED, "township": unit.unit, "township_code": unit.unit_code, "plot_no": "自1"}
        work.session.add(PlotRow(id=FOUND, entry=work.seq, position=90, **facts))
        work.session.add(RoundRow(id=f"{FOUND}:1", plot_id=FOUND, target=facts["issued_area"]))
        work.session.add(PhotoRow(id=photo.sha256, taken_at="2026-05-01T08:00:00", taken_offset="+08:00"))
        listed = _row("plot_list", {}, name="自查发现", headers='["编号"]')
        work.session.add(listed)
        work.session.flush()
        keys = {"plot_list": listed.id, "stored_file": photo.sha256}
        work.session.add(_row("plot_shape", {**keys, "plot": plot}, id=plot, outline=_OUTLINE, **_BOX))
        report = _row("report", {"stored_file": paper.sha256}, state="frozen", document_date="2026-05-06", head_seq=0)
        report.head_hash = report.number = ""
        work.session.add(report)
        work.session.flush()
        work.session.add(_row("report_file", {"report": report.id, "stored_file": paper.sha256}))
        said: dict[str, dict[str, Any]] = {
            "photo_answer": {"question": next(iter(PhotoQuestion)).value},
            "list_line": {"cells": '["自1"]', "status": "entered"},
        }
        for table in (*RECORDS, "attachment", "photo_answer", "list_line", "identifier"):
            for number, one in enumerate((plot, FOUND)):
                row = _row(table, {**keys, "plot": one}, **said.get(table, {}))
                if table == "list_line":
                    row.row = number
                work.session.add(row)
        work.commit()


def _row(table: str, keys: dict[str, Any], **values: Any) -> Any:
    known = layout(table)
    held = {columns.DATE: "2026-05-06", columns.AREA: 1_000, columns.FLAG: 0}
    said: dict[str, Any] = {}
    for name in known.names:
        if name in values or (name == known.key and known.numbered) or name in known.private:
            continue
        what = known.holds.get(name, "")
        if name in known.references:
            said[name] = keys.get(known.references[name])
        elif what == columns.CHOICE:
            said[name] = max(known.choices[name])
        else:
            said[name] = held.get(what, 1 if name in known.integers else f"{name}值")
    return CODES[table](**said, **values)


def odd(chance: Random, table: str, field: str) -> Any:
    """A value that somebody who means harm, or a faulty program, could write into a field; mostly of its kind."""
    known = layout(table) if table in CODES else None
    if chance.random() < 0.1:
        return chance.choice(ODD_OTHERS)
    if known is not None and known.choices.get(field) and chance.random() < 0.8:
        return chance.choice(sorted(known.choices[field]))
    numbers = known is not None and field in known.integers
    return chance.choice(ODD_NUMBERS if numbers else ODD_TEXTS)
