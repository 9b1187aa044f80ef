"""The rows of split plots: parts made from their parent, parts taken away, and what keeps parts where they are."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.outcomes import Outcome, Record, SplitRecord, UnsplitRecord
from gengdi_desktop.ledger.turning_back import entries_of
from gengdi_desktop.phases.plot_rows import LoadedPlot
from gengdi_desktop.storage.layout import layout
from gengdi_desktop.storage.stopping import rows
from gengdi_desktop.storage.tables import PlotRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.journal import Item, Value
    from gengdi_desktop.storage.unit_of_work import Work

RECORDS: Final = (SplitRecord, UnsplitRecord)
"""The records that are whole plots, not rows beside one."""

_PARENT, _CHILD = "parent", "child"
_AREAS: Final = ("plot_area", "cultivated_area", "basic_area", "outflow_area")
_THESE: Final = "(SELECT value FROM json_each(:keys))"
_HEAD_DIGITS: Final = 8
_HEADS: Final = 16**_HEAD_DIGITS
_TAIL_BYTES: Final = 12


def locks(session: Session, parents: Sequence[str]) -> Mapping[str, str]:
    """Why the parts of split plots cannot be put together, as a clause; plots whose parts can are left out."""
    if not parents:
        return {}
    keys = {"keys": orjson.dumps(list(parents)).decode()}
    listed = (
        "SELECT DISTINCT p.split_parent FROM plot p JOIN list_line l ON l.plot_id = p.id "
        f"WHERE p.split_parent IN {_THESE}"
    )
    found = {parent: "清单下发时就是拆分好的，要改请重新导入清单" for (parent,) in rows(session, listed, keys)}
    own = (
        "SELECT p.split_parent, h.seq FROM plot p JOIN plot_history h ON h.plot_id = p.id AND h.seq <> p.entry "
        f"WHERE p.split_parent IN {_THESE}"
    )
    touched = rows(session, own, keys)
    if touched:
        entries = entries_of(session)
        for parent, seq in touched:
            if entries.in_force(seq) and entries.mark(seq).undoes is None:
                found.setdefault(parent, "拆分出来的图斑已经办过事，先撤销那些操作")
    return found


def taken_number(session: Session, loaded: LoadedPlot, outcome: Outcome) -> str:
    """The number of a part that another plot of the village bears already; empty where all are free."""
    row = loaded.plot
    asked = (
        "SELECT plot_no FROM plot WHERE township = :township AND village = :village "
        "AND coalesce(outflow_year, 0) = coalesce(:year, 0)"
    )
    given = {"township": row["township"], "village": row["village"], "year": row["outflow_year"]}
    there = {number for (number,) in rows(session, asked, given)}
    numbers = (part.number for record in outcome.records if isinstance(record, SplitRecord) for part in record.parts)
    return next((number for number in numbers if number in there), "")


def note_parts(loaded: LoadedPlot, outcome: Outcome) -> None:
    """Let the plot's own row say whether it has parts."""
    for record in outcome.records:
        if isinstance(record, RECORDS):
            loaded.plot.put("split_status", _PARENT if isinstance(record, SplitRecord) else "")


def write(work: Work, families: Sequence[tuple[LoadedPlot, Record]]) -> None:
    """Write the parts of plots that are split, and take away those of plots that are put together."""
    names = layout("plot").names
    made = [
        [cells[name] for name in names]
        for loaded, record in families
        if isinstance(record, SplitRecord)
        for cells in _parts(work, loaded, record)
    ]
    if made:
        work.bulk(PlotRow, names, made)
    gone = [loaded.facts.id for loaded, record in families if isinstance(record, UnsplitRecord)]
    if gone:
        work.apply(_taken_away(work.session, names, gone))


def _parts(work: Work, loaded: LoadedPlot, record: SplitRecord) -> Iterator[dict[str, Value]]:
    """The rows of the parts: what was issued and found of the whole, save its areas."""
    whole = loaded.plot.stored
    ids = _ids_behind(loaded.facts.id, len(record.parts))
    for plot, part in zip(ids, record.parts, strict=True):
        yield {
            **whole,
            "id": plot,
            "entry": work.seq,
            "plot_no": part.number,
            "issued_area": part.area.micro_mu,
            **{name: _share(whole, name, part.area) for name in _AREAS},
            "split_status": _CHILD,
            "split_parent": loaded.facts.id,
            "state": record.state.value,
            "round": 1,
            "held": 0,
        }


def _share(whole: Mapping[str, Any], name: str, area: Area) -> int | None:
    """A part's share of another issued area, where that is sure: of all or of nothing."""
    value = whole[name]
    if value == whole["issued_area"]:
        return area.micro_mu
    return 0 if value == 0 else None


def _ids_behind(parent: str, count: int) -> list[str]:
    """Random ids that stand behind the parent's in the order of ids, so that parts follow it in every list."""
    try:
        head = int(parent[:_HEAD_DIGITS], 16)
    except ValueError:
        head = 0
    room = max(_HEADS - head - 1, 1)
    heads = sorted(min(head + 1 + secrets.randbelow(room), _HEADS - 1) for _ in range(count))
    return [f"{one:0{_HEAD_DIGITS}x}{secrets.token_hex(_TAIL_BYTES)}" for one in heads]


def _taken_away(session: Session, names: Sequence[str], parents: Iterable[str]) -> Iterator[Item]:
    columns = ", ".join(f'"{name}"' for name in names)
    asked = f"SELECT {columns} FROM plot WHERE split_parent IN {_THESE}"
    for values in rows(session, asked, {"keys": orjson.dumps(list(parents)).decode()}):
        cells = dict(zip(names, values, strict=True))
        yield ["-", "plot", cells["id"], {name: [value, None] for name, value in cells.items() if value is not None}]
