"""A plot by what people call it: own id, BSM, ``clue:…``, ``村/编号``, or the digits of a field sheet's QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from gengdi_desktop.domain.divisions import normalise_village
from gengdi_desktop.domain.scan_codes import plot_of_scan
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.words import plot_name

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

_CLUE = ("clue:", "线索:", "线索：")
_MOST_CANDIDATES = 8


def find_plot(ledger: Ledger, said: str) -> str:
    """The own id of the one plot that is meant.

    Args:
        ledger: The open ledger.
        said: Own id, BSM, ``clue:`` and a clue or monitoring number, a local number, or ``村/图斑编号``
            (``乡镇/村/图斑编号`` where a village name occurs in two townships), or what a scanner read from a sheet.

    Raises:
        RuleError: ``unknown_plot``, or ``ambiguous_plot`` with the candidates.
    """
    with ledger.reading() as session:
        return find_in(session, said)


def find_in(session: Session, said: str) -> str:
    """As :func:`find_plot`, in an open transaction."""
    plain = said.strip()
    found = _candidates(session, plain)
    if len(found) == 1:
        return found[0]
    if not found:
        raise RuleError(
            "unknown_plot",
            f"台账里没有图斑“{plain}”。台账没有变。",
            "可以写标识码、“clue:线索编号”或“村/图斑编号”，例如 连桥村/0017。",
        )
    listed = "；".join(_describe(session, plot) for plot in found[:_MOST_CANDIDATES])
    raise RuleError(
        "ambiguous_plot",
        f"“{plain}”对上了 {len(found)} 个图斑，不知道是哪一个。台账没有变。",
        f"请写全：{listed}。",
    )


def _candidates(session: Session, said: str) -> list[str]:
    connection = session.connection()
    own = plot_of_scan(said) or said
    if connection.execute(text("SELECT 1 FROM plot WHERE id = :id"), {"id": own}).first():
        return [own]
    for mark in _CLUE:
        if said.lower().startswith(mark):
            return _by_identifier(session, said[len(mark) :].strip(), "('clue_no', 'monitor_no')")
    if "/" in said or "／" in said:
        return _by_village(session, [part.strip() for part in said.replace("／", "/").split("/")])
    return _by_identifier(session, said, "('bsm', 'local_no')") or _by_identifier(
        session, said, "('clue_no', 'monitor_no')"
    )


def _by_identifier(session: Session, value: str, kinds: str) -> list[str]:
    query = text(f"SELECT DISTINCT plot_id FROM identifier WHERE value = :value AND kind IN {kinds} ORDER BY plot_id")
    return [row.plot_id for row in session.connection().execute(query, {"value": value})]


def _by_village(session: Session, parts: list[str]) -> list[str]:
    match parts:
        case [village, number]:
            township = ""
        case [township, village, number]:
            pass
        case _:
            return []
    query = text("SELECT id, township, village FROM plot WHERE plot_no = :number ORDER BY township, village, id")
    wanted = normalise_village(village)
    return [
        row.id
        for row in session.connection().execute(query, {"number": number})
        if (row.village == village or normalise_village(row.village) == wanted) and township in {"", row.township}
    ]


def _describe(session: Session, plot: str) -> str:
    row = (
        session.connection()
        .execute(text("SELECT township, village, plot_no, outflow_year FROM plot WHERE id = :id"), {"id": plot})
        .one()
    )
    year = f"（{row.outflow_year}年）" if row.outflow_year else ""
    return f"{row.township} {plot_name(row.village, row.plot_no)}{year} {plot}"
