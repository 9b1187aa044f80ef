"""Undo: a new entry that turns one back, refuses where later work stands in the way, and says which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.active_entries import ActiveEntries, EntryMark
from gengdi_desktop.ledger.words import FIELD_WORDS, plot_names
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.recorder import CODES, column_names, key_name
from gengdi_desktop.storage.tables import PlotRow, RoundRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

Row = tuple[str, int | str]
Diff = dict[str, list[journal.Value]]

RESTORABLE = {
    "plot": frozenset(
        {"cause", "party", "case_number", "responsible_leader", "grid_chief", "remark", "built_on", "person_handled"}
        | {"demolished", "confiscated", "referred", "group_name", "class_now", "class_now_name", "class_now_system"}
    ),
    "round": frozenset(
        {"measure", "plan_text", "plan_approver", "plan_approved_on", "person", "person_title", "person_phone"}
        | {"deadline", "disposal_class", "difficulty", "crop", "sown_on", "demolition_record", "not_required_reason"}
    ),
}
"""Fields that may be set back one by one; states and areas hang together and go back by whole entries only."""


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A later entry that touched the same rows."""

    seq: int
    action: str
    actor: str
    at: str
    plot: str | None
    plot_name: str


class UndoRefusedError(RuleError):
    """Later work stands in the way.

    Attributes:
        in_the_way: What was done later, oldest first.
        untouched: How many plots of an import could be taken back all the same.
    """

    def __init__(self, message: str, hint: str, in_the_way: tuple[InTheWay, ...], untouched: int) -> None:
        super().__init__("in_the_way", message, hint)
        self.in_the_way = in_the_way
        self.untouched = untouched


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: the new entry, what it turned back, and the plots that stayed because of later work."""

    entry: int | None
    undoes: int
    label: str
    changes: Changes
    left: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------------------------ which entry


def _entries(session: Session) -> ActiveEntries:
    query = text("SELECT seq, action, undoes, continues FROM journal_entry ORDER BY seq")
    return ActiveEntries(EntryMark(*row) for row in session.connection().execute(query))


def _undoable(action: str) -> bool:
    return action in set(Operation) and Operation(action).undoable


def next_undo(ledger: Ledger) -> EntryMark | None:
    """The entry that undo would turn back: the newest in force that can be."""
    with ledger.reading() as session:
        return _newest(_entries(session))


def _newest(entries: ActiveEntries) -> EntryMark | None:
    return next((mark for mark in entries.steps_back() if _undoable(mark.action)), None)


def next_redo(ledger: Ledger) -> EntryMark | None:
    """The undo that redo would turn back; none once something else was done."""
    with ledger.reading() as session:
        return _entries(session).redoable()


# ---------------------------------------------------------------------------------------------------------------- turning


def undo(ledger: Ledger, seq: int | None = None, *, by: Actor, untouched: bool = False) -> Undone:
    """Turn back an entry, or the newest that can be; an undo turned back is a redo.

    Args:
        ledger: The open ledger.
        seq: The entry; a chain of edits goes back as one step.
        by: Who does it.
        untouched: For an import with later work: take back only the plots that nobody touched since.

    Raises:
        UndoRefusedError: Later work stands in the way.
        RuleError: ``nothing_to_undo``, ``no_such_entry``, ``already_undone`` or ``not_undoable``.
    """
    with ledger.reading() as session:
        entries = _entries(session)
    mark = _wanted(entries, seq)
    with ledger.begin(Operation.UNDO, by, undoes=None if untouched else mark.seq, reason=None) as work:
        net = _net(_changes(work.session, sorted(entries.chain(mark.seq))))
        back = _inverse(work.session, net)
        obstacles = _obstacles(work.session, entries, mark.seq, back)
        left: tuple[str, ...] = ()
        if obstacles.by_seq:
            created = {str(key) for (table, key), turned in back.items() if table == "plot" and turned.op == "-"}
            free = created - obstacles.plots
            if not untouched or not free:
                raise _refused(work.session, mark, obstacles, len(free))
            back = _only_free(back, free)
            left = tuple(sorted(created & obstacles.plots))
        work.apply(_ordered(back))
        changes = work.commit(even_if_empty=True)
    return Undone(changes.seq, mark.seq, _label(mark), changes, left)


def _wanted(entries: ActiveEntries, seq: int | None) -> EntryMark:
    mark = _newest(entries) if seq is None else (entries.mark(seq) if seq in entries else None)
    if mark is None:
        if seq is None:
            raise RuleError("nothing_to_undo", "没有可以撤销的操作。台账没有变。")
        raise RuleError("no_such_entry", f"没有第 {seq} 条记录。台账没有变。", "请先看经过，再填序号。")
    if not _undoable(mark.action):
        raise RuleError(
            "not_undoable",
            f"“{_label(mark)}”不能撤销，只能另做一次来代替。台账没有变。",
            "要改数字，请改台账后另出一版。",
        )
    if not entries.in_force(mark.seq):
        raise RuleError(
            "already_undone", f"第 {mark.seq} 条记录已经由第 {entries.undone_by(mark.seq)} 条撤销过了。台账没有变。"
        )
    return mark


def _label(mark: EntryMark) -> str:
    return Operation(mark.action).label if mark.action in set(Operation) else mark.action


def _changes(session: Session, seqs: Iterable[int]) -> Iterator[tuple[str, str, int | str, Diff]]:
    query = text("SELECT body FROM journal_block WHERE seq = :seq ORDER BY part")
    for seq in seqs:
        for (body,) in session.connection().execute(query, {"seq": seq}):
            yield from journal.single_changes(journal.decode_block(body))


@dataclass(slots=True)
class _Net:
    """What became of one row over a chain of entries."""

    first: str
    last: str
    diff: Diff


@dataclass(slots=True)
class _Turned:
    op: str
    diff: Diff


def _net(changes: Iterable[tuple[str, str, int | str, Diff]]) -> dict[Row, _Net]:
    net: dict[Row, _Net] = {}
    for op, table, key, diff in changes:
        found = net.get((table, key))
        if found is None:
            net[table, key] = _Net(op, op, {name: list(pair) for name, pair in diff.items()})
            continue
        found.last = op
        for name, (old, new) in diff.items():
            if name in found.diff:
                found.diff[name][1] = new
            else:
                found.diff[name] = [old, new]
    return net


def _inverse(session: Session, net: dict[Row, _Net]) -> dict[Row, _Turned]:
    back: dict[Row, _Turned] = {}
    for (table, key), found in net.items():
        born, gone = found.first == "+", found.last == "-"
        if born and gone:
            continue
        if born:
            present = _row(session, table, key)
            if present is not None:
                back[table, key] = _Turned("-", {n: [v, None] for n, v in present.items() if v is not None})
        elif gone:
            back[table, key] = _Turned("+", {n: [None, old] for n, (old, _) in found.diff.items() if old is not None})
        else:
            diff = {n: [new, old] for n, (old, new) in found.diff.items() if old != new}
            if diff:
                back[table, key] = _Turned("~", diff)
    return back


def _row(session: Session, table: str, key: int | str) -> dict[str, journal.Value] | None:
    names = column_names(CODES[table])
    query = text(f'SELECT {",".join(names)} FROM "{table}" WHERE {names[0]} = :key')
    found = session.connection().execute(query, {"key": key}).first()
    return dict(zip(names, found, strict=True)) if found else None


def _ordered(back: dict[Row, _Turned]) -> Iterator[journal.Item]:
    for (table, key), turned in reversed(back.items()):
        yield [turned.op, table, key, turned.diff]


# ------------------------------------------------------------------------------------------------------------ obstacles


@dataclass(slots=True)
class _Obstacles:
    by_seq: dict[int, set[str]] = field(default_factory=dict)
    plots: set[str] = field(default_factory=set)


def _obstacles(session: Session, entries: ActiveEntries, seq: int, back: dict[Row, _Turned]) -> _Obstacles:
    found = _Obstacles()
    removed_plots = {str(key) for (table, key), turned in back.items() if table == "plot" and turned.op == "-"}
    for later in entries.later_in_force(seq):
        for op, table, key, diff in _changes(session, [later]):
            plot = str(key) if table == "plot" else _plot_of(diff)
            turned = back.get((table, key))
            touches_row = turned is not None and _clashes(op, diff, turned)
            touches_plot = plot in removed_plots and not (op == "-" and table == "plot")
            if touches_row or touches_plot:
                plot = plot or _plot_in(session, table, key)
                found.by_seq.setdefault(later, set())
                if plot is not None:
                    found.by_seq[later].add(plot)
                    found.plots.add(plot)
    return found


def _plot_of(diff: Diff) -> str | None:
    old, new = diff.get("plot_id", [None, None])
    return str(new or old) if new or old else None


def _plot_in(session: Session, table: str, key: int | str) -> str | None:
    if "plot_id" not in column_names(CODES[table]):
        return None
    query = text(f'SELECT plot_id FROM "{table}" WHERE {key_name(CODES[table])} = :key')
    found = session.connection().execute(query, {"key": key}).scalar()
    return None if found is None else str(found)


def _clashes(op: str, diff: Diff, turned: _Turned) -> bool:
    if turned.op == "-":
        return op != "-"
    return op != "~" or turned.op == "+" or not diff.keys().isdisjoint(turned.diff)


def _only_free(back: dict[Row, _Turned], free: set[str]) -> dict[Row, _Turned]:
    """The removal of the free plots with everything that hangs on them; the list and the rest stay."""
    return {
        (table, key): turned
        for (table, key), turned in back.items()
        if turned.op == "-" and (str(key) if table == "plot" else _plot_of(turned.diff)) in free
    }


def _refused(session: Session, mark: EntryMark, obstacles: _Obstacles, untouched: int) -> UndoRefusedError:
    names = plot_names(session, obstacles.plots)
    query = text("SELECT seq, action, actor, at FROM journal_entry WHERE seq = :seq")
    told = []
    for seq in sorted(obstacles.by_seq):
        row = session.connection().execute(query, {"seq": seq}).one()
        for plot in sorted(obstacles.by_seq[seq]) or [None]:
            told.append(InTheWay(row.seq, row.action, row.actor, row.at, plot, names.get(plot or "", "")))
    if untouched:
        return UndoRefusedError(
            f"“{_label(mark)}”不能整个撤销：有 {len(obstacles.plots)} 个图斑后来改过。台账没有变。",
            f"可以只撤回没改过的 {untouched} 个，或先看那 {len(obstacles.plots)} 个。",
            tuple(told),
            untouched,
        )
    listed = "、".join(dict.fromkeys(name for one in told if (name := one.plot_name)))
    where = f"（{listed}）" if listed and len(listed) < 60 else ""
    return UndoRefusedError(
        f"“{_label(mark)}”不能撤销：后来有 {len(obstacles.by_seq)} 步改了同样的内容{where}。台账没有变。",
        f"请先撤销第 {'、'.join(map(str, sorted(obstacles.by_seq, reverse=True)[:10]))} 条，或只恢复单项。",
        tuple(told),
        0,
    )


# ---------------------------------------------------------------------------------------------------------- single fields


def restore_field(ledger: Ledger, plot: str, name: str, *, by: Actor) -> Changes:
    """Set one field of a plot back to what it was before its newest change.

    Raises:
        RuleError: ``unknown_field``, ``never_changed``.
    """
    table = next((table for table, names in RESTORABLE.items() if name in names), None)
    if table is None:
        raise RuleError(
            "unknown_field",
            f"“{name}”不能单独恢复。台账没有变。",
            "状态和面积要按步骤撤销；可单独恢复的有：" + "、".join(sorted(set().union(*RESTORABLE.values()))) + "。",
        )
    with ledger.begin(Operation.RESTORE_FIELD, by) as work:
        row = work.session.get(PlotRow, plot)
        key: str | None = plot
        if row is not None and table == "round":
            key = f"{plot}:{row.round}"
            if work.session.get(RoundRow, key) is None:
                key = None
        label = FIELD_WORDS.get((table, name), name)
        before = _before(work.session, table, key, name) if row is not None and key is not None else None
        if before is None or key is None:
            raise RuleError("never_changed", f"“{label}”没有改过，不用恢复。台账没有变。")
        now, old = before
        work.apply([["~", table, key, {name: [now, old]}]])
        return work.commit()


def _before(session: Session, table: str, key: str, name: str) -> tuple[journal.Value, journal.Value] | None:
    present = _row(session, table, key)
    if present is None:
        return None
    plot = key.split(":", 1)[0]
    query = text("SELECT seq FROM plot_history WHERE plot_id = :plot ORDER BY seq DESC")
    for (seq,) in session.connection().execute(query, {"plot": plot}).all():
        for op, changed, row, diff in reversed(list(_changes(session, [seq]))):
            if (op, changed, row) == ("~", table, key) and name in diff and diff[name][1] == present[name]:
                return present[name], diff[name][0]
    return None


def restorable_fields() -> dict[str, Any]:
    """Table and field names that :func:`restore_field` takes, with their Chinese words."""
    return {name: FIELD_WORDS.get((table, name), name) for table, names in RESTORABLE.items() for name in sorted(names)}
