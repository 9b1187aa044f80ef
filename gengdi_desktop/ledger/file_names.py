"""Kept files as people know them: by plot and name, by list, by report; never by their hash alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import text

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.ledger.words import plot_name

if TYPE_CHECKING:
    from sqlmodel import Session

_MOST_NAMED = 3
_LISTS = "SELECT CASE WHEN file_name = '' THEN name ELSE file_name END AS name FROM plot_list WHERE file_id = :file"
_REPORTS = (
    "SELECT DISTINCT r.title || '第' || r.version || '版' AS name FROM report r LEFT JOIN report_file f "
    "ON f.report_id = r.id WHERE :file IN (f.file_id, r.snapshot_file, r.model_file)"
)
_ATTACHMENTS = (
    "SELECT p.village, p.plot_no, a.stage, a.name FROM attachment a JOIN plot p ON p.id = a.plot_id "
    "WHERE a.file_id = :file AND a.removed = 0 ORDER BY a.id"
)
_BIN = (
    "SELECT p.village, p.plot_no, a.stage, a.name FROM attachment a JOIN plot p ON p.id = a.plot_id "
    "WHERE a.file_id = :file AND a.removed = 1 ORDER BY a.id"
)
_TRAY = "SELECT name FROM tray_file WHERE file_id = :file"
_RECEIPTS = "SELECT 1 FROM hand_in WHERE receipt_file = :file"


def file_names(session: Session, files: Iterable[str]) -> dict[str, str]:
    """What each file is to people, by hash: ``白圩村 0012 整改前“IMG_1.jpg”``; files without a name are left out."""
    found = {file: _names(session, file) for file in files}
    return {file: _few(names) for file, names in found.items() if names}


def _names(session: Session, file: str) -> list[str]:
    def asked(query: str) -> list[dict[str, str]]:
        return [dict(row) for row in session.connection().execute(text(query), {"file": file}).mappings()]

    names = [_of_plot(row) for row in asked(_ATTACHMENTS)] or [f"{_of_plot(row)}（已删）" for row in asked(_BIN)]
    names += [f"待归位的“{row['name']}”" for row in asked(_TRAY)]
    names += [f"清单“{row['name']}”" for row in asked(_LISTS)]
    names += [f"报告“{row['name']}”" for row in asked(_REPORTS)]
    names += ["报送的回执" for _ in asked(_RECEIPTS)]
    return names


def _of_plot(row: dict[str, str]) -> str:
    return f"{plot_name(row['village'], row['plot_no'])} {Stage(row['stage']).label}“{row['name']}”"


def _few(names: list[str]) -> str:
    more = f"等{len(names)}处" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more
