"""Two values for one field, side by side until a person decides; both are kept for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.changes import told_value
from gengdi_desktop.handover.receiving.fields import NAMED, row_word
from gengdi_desktop.handover.receiving.hands import Field, Hand, hands
from gengdi_desktop.handover.receiving.merging import Status, standing
from gengdi_desktop.handover.receiving.standings import standing_items
from gengdi_desktop.handover.travelling import PLOT_STANDING
from gengdi_desktop.ledger.conflict_sentences import DECISIONS, label
from gengdi_desktop.ledger.words import plot_names
from gengdi_desktop.storage.journal import Item
from gengdi_desktop.storage.layout import layout

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

_BEYOND: Final = 2**63
"""No key of a row is as large."""
_THEIRS: Final = "theirs"


class _Row(Protocol):
    """A row of the table of conflicts."""

    id: int | None
    plot_id: str | None
    table_code: str
    row_key: str
    field: str
    package_id: str
    base: str
    mine: str
    theirs: str
    status: str
    decision: str
    decided_by: str
    decided_on: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with two values.

    Attributes:
        id: Key of the question.
        plot: Id of its plot; None where it belongs to none.
        name: The plot as people call it, or what else the row is.
        table: Code of the table.
        field: Code of the field; empty for where a plot stands.
        label: The field in words.
        base: What both desks knew before, as people read it.
        mine: What stood here.
        theirs: What the other desk says.
        sender: The other desk: 白圩乡人民政府.
        package: Id of the package that said so.
        package_told: Which package that was: 报送包（第 2 次）.
        packed: When it was packed, by the sender's clock, ISO text with ``Z``.
        hand: Who wrote what stood here, and when; None where the journal does not tell.
        status: Open, decided, settled or superseded.
        decision: ``mine`` or ``theirs`` once it is decided.
        decided_by: Who decided.
        decided_on: ISO date of the decision.
        reason: Why.
    """

    id: int
    plot: str | None
    name: str
    table: str
    field: str
    label: str
    base: str
    mine: str
    theirs: str
    sender: str
    package: str
    status: Status
    package_told: str = ""
    packed: str = ""
    hand: Hand | None = None
    decision: str = ""
    decided_by: str = ""
    decided_on: str | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The keys of the command line."""
        hand = self.hand
        return {
            "id": self.id,
            "plot": self.plot,
            "name": self.name,
            "field": self.label,
            "base": self.base,
            "mine": self.mine,
            "theirs": self.theirs,
            "from": self.sender,
            "package": self.package,
            "packed": self.packed or None,
            "mine_by": hand.actor if hand else None,
            "mine_at": hand.at if hand else None,
            "mine_action": hand.action if hand else None,
            "mine_entry": hand.entry if hand else None,
            "status": str(self.status),
            "decision": self.decision or None,
            "decided_by": self.decided_by or None,
            "decided_on": self.decided_on,
            "reason": self.reason or None,
        }


def conflicts(ledger: Ledger, *, open_only: bool = True) -> tuple[Conflict, ...]:
    """The fields with two values, oldest first.

    Args:
        ledger: The open ledger.
        open_only: Those that wait for a person only; else all that ever were.
    """
    with ledger.reading() as session:
        rows = [row for row in store.conflict_rows(session) if not open_only or row.status == Status.OPEN]
        names = plot_names(session, [row.plot_id for row in rows if row.plot_id])
        came = store.came_with(session, {row.package_id for row in rows})
        own = _own_names(session, rows)
        wrote = hands(session, (_field(row, came) for row in rows))
        return tuple(
            _told(
                row,
                names.get(row.plot_id or "") or own.get((row.table_code, row.row_key), ""),
                came[row.package_id],
                wrote.get(_field(row, came)),
            )
            for row in rows
        )


def _field(row: _Row, came: Mapping[str, store.CameWith]) -> Field:
    return Field(row.plot_id, row.table_code, row.row_key, row.field, came[row.package_id].entry)


def _own_names(session: Session, rows: Sequence[_Row]) -> dict[tuple[str, str], str]:
    """What rows are called that belong to no plot, by table and key: which phase, which list."""
    tables = sorted({row.table_code for row in rows if row.plot_id is None} & NAMED)
    return {
        (table, str(key)): str(name or "")
        for table in tables
        for key, name in store.rows(session, table, ("id", "name"))
    }


def _told(row: _Row, name: str, came: store.CameWith, hand: Hand | None) -> Conflict:
    return Conflict(
        id=row.id or 0,
        plot=row.plot_id,
        name=name or row_word(row.table_code),
        table=row.table_code,
        field=row.field,
        label=label(row.table_code, row.field),
        base=_shown(row, row.base, row.mine, row.theirs),
        mine=_shown(row, row.mine, row.base, row.theirs),
        theirs=_shown(row, row.theirs, row.base, row.mine),
        sender=came.sender,
        package=row.package_id,
        package_told=PackageKind(came.kind).numbered(came.number),
        packed=came.packed,
        hand=hand,
        status=Status(row.status),
        decision=row.decision,
        decided_by=row.decided_by,
        decided_on=row.decided_on,
        reason=row.reason,
    )


def _shown(row: _Row, *said: str) -> str:
    """The first of the three values, beside the others."""
    return told_value(row.table_code, row.field, *map(json.loads, said))


def decide(ledger: Ledger, conflicts: Sequence[int], choice: str, *, by: Actor, reason: str) -> Changes:
    """Decide between two values, of one field or of many alike: one entry, with who and why, that can be turned back.

    Args:
        ledger: Open for writing.
        conflicts: Keys of the questions; all of them are decided, or none.
        choice: ``mine`` keeps what stands here, ``theirs`` takes what the other desk says.
        by: Who decides.
        reason: Why; it is kept with each.

    Raises:
        RuleError: ``no_conflict``, ``decided``, ``unknown_choice``, ``missing`` (the reason), ``row_gone``.
    """
    if choice not in DECISIONS:
        hint = "写 mine 留本单位的，写 theirs 用对方的。"
        raise RuleError("unknown_choice", f"“{choice}”不知道是要哪一个，没有裁定。台账没有变。", hint)
    if not reason.strip():
        raise RuleError("missing", "裁定要写明理由，没有裁定。台账没有变。", "请写明为什么这样定，再裁定一次。")
    with ledger.begin(Operation.DECIDE, by, reason=reason.strip()) as work:
        for row in _asked_for(work.session, conflicts):
            if choice == _THEIRS:
                work.apply(_taking_theirs(work.session, row))
            row.status, row.decision, row.reason = Status.DECIDED.value, choice, reason.strip()
            row.decided_by, row.decided_on = by.name, ledger.today().isoformat()
        return work.commit()


def _asked_for(session: Session, conflicts: Sequence[int]) -> list[_Row]:
    """The rows of questions that wait, in the order asked for, each once; none at all is refused too."""
    found: list[_Row] = []
    for key in dict.fromkeys(conflicts):
        row = store.conflict_row(session, key) if key < _BEYOND else None
        if row is None:
            raise RuleError("no_conflict", f"没有第 {key} 号冲突。台账没有变。", "请先列出冲突，再写编号。")
        if row.status != Status.OPEN:
            told = Status(row.status).label
            raise RuleError("decided", f"第 {key} 号冲突{told}，不用再裁定。台账没有变。", "请先列出还没有裁定的冲突。")
        found.append(row)
    if not found:
        raise RuleError("no_conflict", "没有选中要裁定的冲突。台账没有变。", "请先列出冲突，再写编号。")
    return found


def _taking_theirs(session: Session, row: _Row) -> list[Item]:
    """What makes the field say what the other desk says, whatever stands in it by now."""
    theirs = json.loads(row.theirs)
    if not row.field:
        return standing_items(row.row_key, _standing_now(session, row.row_key), theirs)
    key: int | str = int(row.row_key) if layout(row.table_code).numbered else row.row_key
    found = store.whole_rows(session, row.table_code, [key]).get(key)
    if found is None:
        raise _gone()
    now = found[row.field]
    return [["~", row.table_code, key, {row.field: [now, theirs]}]] if now != theirs else []


def _standing_now(session: Session, plot: str) -> dict[str, object]:
    found = store.whole_rows(session, "plot", [plot]).get(plot)
    if found is None:
        raise _gone()
    rounds = {
        str(row["number"]): {name: value for name, value in row.items() if name not in {"id", "plot_id", "number"}}
        for row in store.rounds_of(session, plot)
    }
    return standing({name: found[name] for name in PLOT_STANDING}, rounds)


def _gone() -> RuleError:
    return RuleError("row_gone", "这一项所在的记录已经删去，没有裁定。台账没有变。", "请先撤销删去它的那一步。")
