"""Undo: a new entry that turns one back, refuses where later work stands in the way, and says which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.active_entries import ActiveEntries, EntryMark
from gengdi_desktop.ledger.entry_words import label_of
from gengdi_desktop.ledger.turning_back import (
    Back,
    Obstacles,
    changes_of,
    entries_of,
    inverse,
    items,
    obstacles,
    only_untouched,
    row_of,
)
from gengdi_desktop.ledger.words import FIELD_WORDS, plot_names
from gengdi_desktop.system.sweeping import without_sweeps

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.storage.journal import Value

RESTORABLE = {
    "plot": frozenset(
        {"cause", "party", "case_number", "responsible_leader", "grid_chief", "remark", "built_on", "person_handled"}
        | {"demolished", "confiscated", "referred", "group_name"}
    ),
    "round": frozenset(
        {"measure", "plan_text", "plan_approver", "plan_approved_on", "person", "person_title", "person_phone"}
        | {"deadline", "disposal_class", "difficulty", "crop", "sown_on", "demolition_record", "not_required_reason"}
    ),
}
"""Fields that may be set back one by one; states, areas and land classes hang together and go back by whole entries."""

_MOST_NAMED = 10
_LONGEST_LIST = 60


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


# ---------------------------------------------------------------------------------------------------------- which entry


def next_undo(ledger: Ledger) -> EntryMark | None:
    """The entry that undo would turn back: the newest in force that can be."""
    with ledger.reading() as session:
        return _newest(session, entries_of(session))


def next_redo(ledger: Ledger) -> EntryMark | None:
    """The undo that redo would turn back; none once something else was done."""
    with ledger.reading() as session:
        mark = entries_of(session).redoable()
        return mark if mark is not None and mark.seq > store.newest_rebase(session) else None


def _newest(session: Session, entries: ActiveEntries) -> EntryMark | None:
    rebase = store.newest_rebase(session)
    return next((mark for mark in entries.steps_back() if _undoable(mark.action) and mark.seq > rebase), None)


def _undoable(action: str) -> bool:
    return action in set(Operation) and Operation(action).undoable


def _wanted(session: Session, entries: ActiveEntries, seq: int | None) -> EntryMark:
    """The entry that is meant; for one of a chain of edits, the last of the chain."""
    if seq is None:
        newest = _newest(session, entries)
        if newest is None:
            raise RuleError("nothing_to_undo", "没有可以撤销的操作。台账没有变。")
        return newest
    if seq not in entries:
        raise RuleError("no_such_entry", f"没有第 {seq} 条记录。台账没有变。", "请先看经过，再填序号。")
    step = entries.step(seq)
    mark = entries.mark(step[0])
    if not _undoable(mark.action):
        raise RuleError(
            "not_undoable",
            f"“{label_of(mark.action)}”不能撤销，只能另做一次来代替。台账没有变。",
            "要改数字，请改台账后另出一版。",
        )
    if not entries.in_force(mark.seq):
        undone_by = entries.undone_by(mark.seq)
        raise RuleError("already_undone", f"第 {mark.seq} 条记录已经由第 {undone_by} 条撤销过了。台账没有变。")
    if min(step) < store.newest_rebase(session):
        raise RuleError(
            "not_undoable",
            f"第 {mark.seq} 条记录在台账升级之前，只能查看，不能整条撤销。台账没有变。",
            "要改的内容请直接修改，或只恢复单项。",
        )
    return mark


# -------------------------------------------------------------------------------------------------------------- turning


def undo(ledger: Ledger, seq: int | None = None, *, by: Actor, untouched: bool = False) -> Undone:
    """Turn back an entry, or the newest that can be; an undo turned back is a redo.

    Args:
        ledger: The open ledger.
        seq: The entry; a chain of edits goes back as one step.
        by: Who does it.
        untouched: For an import with later work: take back only the plots that nobody touched since.

    Raises:
        UndoRefusedError: Later work stands in the way.
        RuleError: ``nothing_to_undo``, ``no_such_entry``, ``already_undone``, ``not_undoable`` or ``last_member``.
    """
    with ledger.reading() as session:
        mark = _wanted(session, entries_of(session), seq)
        whole = not untouched or not _in_the_way(session, mark).by_seq
    reason = None if whole else f"撤回第 {mark.seq} 条“{label_of(mark.action)}”里没有改过的图斑"
    with without_sweeps(), ledger.begin(Operation.UNDO, by, undoes=mark.seq if whole else None, reason=reason) as work:
        session = work.session
        # Asked again within the action: another thread may have been quicker.
        entries = entries_of(session)
        _wanted(session, entries, mark.seq)
        back = inverse(session, changes_of(session, entries.chain(mark.seq), bare=True))
        in_the_way = obstacles(session, entries, entries.chain(mark.seq), back)
        left: tuple[str, ...] = ()
        if in_the_way.by_seq or not whole:
            free = only_untouched(session, back, in_the_way.plots)
            plots = _plots(free)
            if whole or not plots:
                raise _refused(session, mark, in_the_way, len(plots))
            left, back = tuple(sorted(_plots(back) - plots)), free
        work.apply(items(session, back))
        if not store.active_members(session):
            raise RuleError("last_member", "撤销后就没有能办理的成员了，没有撤销。台账没有变。", "请先添加接手的人。")
        changes = work.commit(even_if_empty=True)
    return Undone(changes.seq, mark.seq, label_of(mark.action), changes, left)


def _in_the_way(session: Session, mark: EntryMark) -> Obstacles:
    entries = entries_of(session)
    step = entries.chain(mark.seq)
    return obstacles(session, entries, step, inverse(session, changes_of(session, step, bare=True)))


def _plots(back: Back) -> set[str]:
    """The plots that would leave the tables."""
    return {str(key) for (table, key), turned in back.items() if table == "plot" and turned.op == "-"}


def _refused(session: Session, mark: EntryMark, found: Obstacles, untouched: int) -> UndoRefusedError:
    names = plot_names(session, found.plots)
    told = []
    for seq in sorted(found.by_seq):
        row = store.entry(session, seq)
        if row is not None:
            plots: list[str | None] = [*sorted(found.by_seq[seq])] or [None]
            told += [InTheWay(row.seq, row.action, row.actor, row.at, one, names.get(one or "", "")) for one in plots]
    label = label_of(mark.action)
    if untouched:
        return UndoRefusedError(
            f"“{label}”不能整个撤销：有 {len(found.plots)} 个图斑后来改过。台账没有变。",
            f"可以只撤回没改过的 {untouched} 个，或先看那 {len(found.plots)} 个。",
            tuple(told),
            untouched,
        )
    listed = "、".join(dict.fromkeys(name for one in told if (name := one.plot_name)))
    where = f"（{listed}）" if listed and len(listed) < _LONGEST_LIST else ""
    seqs = sorted(found.by_seq, reverse=True)[:_MOST_NAMED]
    return UndoRefusedError(
        f"“{label}”不能撤销：后来有 {len(found.by_seq)} 步改了同样的内容{where}。台账没有变。",
        f"请先撤销第 {'、'.join(map(str, seqs))} 条，或只恢复单项。",
        tuple(told),
        0,
    )


# -------------------------------------------------------------------------------------------------------- single fields


def restore_field(ledger: Ledger, plot: str, name: str, *, by: Actor) -> Changes:
    """Set one field of a plot, by its name or its Chinese word, back to what it was before its newest change.

    Raises:
        RuleError: ``unknown_field``, ``unknown_plot``, ``never_changed``.
    """
    said, words = name, restorable_fields()
    name = next((code for code, word in words.items() if said in {code, word}), "")
    table = next((table for table, names in RESTORABLE.items() if name in names), None)
    if table is None:
        hint = f"状态和面积要按步骤撤销；可单独恢复的有：{'、'.join(words.values())}。"
        raise RuleError("unknown_field", f"“{said}”不能单独恢复。台账没有变。", hint)
    with ledger.begin(Operation.RESTORE_FIELD, by) as work:
        row = row_of(work.session, "plot", plot)
        if row is None:
            raise RuleError("unknown_plot", "台账里没有这个图斑。台账没有变。", "请刷新后再选。")
        key = plot if table == "plot" else f"{plot}:{row['round']}"
        before = _before(work.session, plot, table, key, name)
        if before is None:
            label = FIELD_WORDS.get((table, name), name)
            raise RuleError("never_changed", f"“{label}”没有改过，不用恢复。台账没有变。")
        now, old = before
        work.apply([["~", table, key, {name: [now, old]}]])
        return work.commit()


def _before(session: Session, plot: str, table: str, key: str, name: str) -> tuple[Value, Value] | None:
    """The present value of a field and the one before it; None where it never had another."""
    present = row_of(session, table, key)
    if present is None:
        return None
    query = text("SELECT seq FROM plot_history WHERE plot_id = :plot ORDER BY seq DESC")
    for (seq,) in session.connection().execute(query, {"plot": plot}).all():
        for op, changed, row, diff in reversed(list(changes_of(session, [seq]))):
            if (op, changed, row) == ("~", table, key) and name in diff and diff[name][1] == present[name]:
                return present[name], diff[name][0]
    return None


def restorable_fields() -> dict[str, str]:
    """Names of the fields that :func:`restore_field` takes, with their Chinese words."""
    return {name: FIELD_WORDS.get((table, name), name) for table, names in RESTORABLE.items() for name in sorted(names)}
