"""Frozen reports of another desk: kept as they came, beside the tables of our own papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.changes import TableChanges
from gengdi_desktop.handover.receiving.incoming import Incoming
from gengdi_desktop.storage.journal import Item, Value

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context

_REPORT: Final = (*("number", "version", "title", "state", "document_date", "plots", "area", "head_seq", "head_hash"),)
_COLUMNS: Final = ("id", "package_id", "report_kind", *_REPORT, "role", "name", "file_id")
_SAME: Final = ("report_kind", "number", "version", "role", "file_id")
"""By these a paper of a desk is the one that came before."""


def merge_papers(context: Context, reports: Incoming, files: Incoming) -> TableChanges:
    """A row for each file of each report; of one that came before only its state may change."""
    by_key = {row[0]: dict(zip(reports.fields, row, strict=True)) for row in reports.rows}
    here = store.papers_from(context.session, context.sender, _COLUMNS)
    places = [_COLUMNS.index(name) for name in _SAME]
    known = {tuple(row[place] for place in places): row for row in here}
    changes = TableChanges("received_paper", _COLUMNS)
    new: list[dict[str, Value]] = []
    for row in files.rows:
        said = dict(zip(files.fields, row, strict=True))
        report = by_key.get(said["report_id"])
        if report is None or said["file_id"] not in context.files:
            continue
        paper = {name: report.get(name) for name in _REPORT} | {
            name: said[name] for name in ("role", "name", "file_id")
        }
        paper |= {"report_kind": report["kind"], "package_id": context.heading.id}
        mine = known.get(tuple(paper[name] for name in _SAME))
        if mine is None:
            new.append(paper)
        else:
            changes.items += _changed(mine, paper)
    first = context.numbers.first("received_paper", len(new)) if new else 0
    changes.new = [[key, *(paper[name] for name in _COLUMNS[1:])] for key, paper in enumerate(new, first)]
    return changes


def _changed(mine: tuple[Value, ...], paper: dict[str, Value]) -> list[Item]:
    state = mine[_COLUMNS.index("state")]
    if state == paper["state"]:
        return []
    return [["~", "received_paper", mine[0], {"state": [state, paper["state"]]}]]
