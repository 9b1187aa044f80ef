"""The journal told in sentences: who did what, when, from which value to which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.ledger import own_affairs
from gengdi_desktop.ledger.active_entries import ActiveEntries
from gengdi_desktop.ledger.turning_back import entries_of
from gengdi_desktop.ledger.words import FIELD_WORDS, RECORD_TABLES, plot_name, shown
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.layout import layout

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

_MOST_PARTS = 12
_QUIET = frozenset({"state", "held", "round"})
"""Fields told by the action's own word."""
_DAYS_OF_RECORDS = frozenset({"accepted_on", "county_accepted_on", "closed_on", "returned_on"})
"""Days of a round that a record of the same entry says once more."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a plot as an entry changed it; ``name`` can be given to ``restore_field`` where it is allowed."""

    table: str
    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, or one chain of edits, in words.

    Attributes:
        seq: The entry's number (of a chain: the last).
        at: Aware UTC time as ISO text with ``Z``.
        actor: Who.
        auth: The code of how the name was proved (:class:`gengdi_desktop.domain.people.Auth`).
        action: The stored code.
        label: Its Chinese word.
        sentence: What happened, without name and time.
        reason: What was given as reason; may be empty.
        event_date: ISO date on which it happened, where that is not the day of entry.
        undoes: The entry that this one turned back.
        undone_by: The entry that turned this one back; None while it is in force.
        plots: How many plots it touched.
        plot: Its plot, where it touched exactly one.
        fields: The changes of the asked plot, field by field; empty for a whole ledger's history.
    """

    seq: int
    at: str
    actor: str
    auth: str
    action: str
    label: str
    sentence: str
    reason: str = ""
    event_date: str | None = None
    undoes: int | None = None
    undone_by: int | None = None
    plots: int = 0
    plot: str | None = None
    fields: tuple[FieldChange, ...] = ()


def history(
    ledger: Ledger, plot: str | None = None, *, limit: int = 200, before: int | None = None
) -> tuple[Told, ...]:
    """The entries of the ledger, or of one plot, newest first.

    Args:
        ledger: The open ledger.
        plot: Own id of a plot; None tells of the whole ledger.
        limit: At most so many entries.
        before: Only entries with a smaller number: the next page.
    """
    with ledger.reading() as session:
        seqs = _seqs(session, plot, limit, before)
        entries = entries_of(session)
        # An edit that was gone on with is told by the last of its chain, also where that stands on another page.
        wanted = [seq for seq in seqs if not entries.continued(seq)]
        teller = _Teller(session, plot, entries, wanted)
        return tuple(teller.tell(seq) for seq in wanted)


def _seqs(session: Session, plot: str | None, limit: int, before: int | None) -> list[int]:
    given: dict[str, Any] = {"limit": limit, "before": before if before is not None else 2**62}
    if plot is None:
        query = "SELECT seq FROM journal_entry WHERE seq < :before ORDER BY seq DESC LIMIT :limit"
    else:
        given["plot"] = plot
        query = (
            "SELECT seq FROM (SELECT seq FROM plot_history WHERE plot_id = :plot "
            "UNION SELECT entry FROM plot WHERE id = :plot AND entry > 0) "
            "WHERE seq < :before ORDER BY seq DESC LIMIT :limit"
        )
    return [row.seq for row in session.connection().execute(text(query), given)]


def _touched_plots(session: Session, seqs: Sequence[int]) -> dict[int, tuple[int, str | None]]:
    """For each entry, how many plots it touched, and one of them."""
    if not seqs:
        return {}
    given = {"first": min(seqs), "last": max(seqs)}
    query = text(
        "SELECT seq, count(*) AS many, min(plot_id) AS one FROM (SELECT seq, plot_id FROM plot_history "
        "WHERE seq BETWEEN :first AND :last UNION SELECT entry, id FROM plot WHERE entry BETWEEN :first AND :last) "
        "GROUP BY seq"
    )
    return {row.seq: (row.many, row.one) for row in session.connection().execute(query, given)}


class _Teller:
    """Puts entries into words, with what it has to look up for that."""

    def __init__(self, session: Session, plot: str | None, entries: ActiveEntries, seqs: Sequence[int]) -> None:
        self._session = session
        self._plot = plot
        self._entries = entries
        self._touched = _touched_plots(session, seqs)
        self._own_keys: dict[str, set[int | str]] = {}

    def tell(self, seq: int) -> Told:
        connection = self._session.connection()
        head = connection.execute(text("SELECT * FROM journal_entry WHERE seq = :seq"), {"seq": seq}).one()
        plots, first = self._touched.get(seq, (0, None))
        fields: tuple[FieldChange, ...] = ()
        if self._plot is not None:
            fields, parts = self._plot_parts(self._entries.chain(seq))
            sentence = self._sentence(head.action, parts, head.undoes)
        else:
            sentence = self._ledger_sentence(head, plots, first)
        return Told(
            seq=seq,
            at=head.at,
            actor=head.actor,
            auth=head.auth,
            action=head.action,
            label=label_of(head.action),
            sentence=sentence,
            reason=head.reason or "",
            event_date=head.event_date,
            undoes=head.undoes,
            undone_by=self._entries.undone_by(seq),
            plots=plots,
            plot=first if plots == 1 else None,
            fields=fields,
        )

    # ------------------------------------------------------------------------------------------------- of one plot

    def _plot_parts(self, seqs: Iterable[int]) -> tuple[tuple[FieldChange, ...], list[str]]:
        fields: dict[tuple[str, str], FieldChange] = {}
        records: list[tuple[str, dict[str, list[journal.Value]]]] = []
        for seq in sorted(seqs):
            for op, table, key, diff in self._changes(seq):
                added = op == "+" and diff.get("plot_id", [None, None])[1] == self._plot
                if added and (table in RECORD_TABLES or table == "correction"):
                    records.append((table, diff))
                elif op == "~" and self._is_mine(table, key):
                    for change in _field_changes(table, diff):
                        earlier = fields.get((table, change.name))
                        old = earlier.old if earlier else change.old
                        fields[table, change.name] = FieldChange(table, change.name, change.label, old, change.new)
                elif table == "round" and op == "+" and str(key).startswith(f"{self._plot}:"):
                    fields.update(
                        ((table, one.name), one)
                        for one in _field_changes(table, diff)
                        if _worth_telling(diff, one.name)
                    )
        told = [_field_part(one) for one in fields.values() if one.name not in _QUIET and one.old != one.new]
        days = {one.new for one in fields.values() if one.name in _DAYS_OF_RECORDS}
        parts = [part for table, diff in records for part in _record_parts(table, diff, days)]
        state = fields.get(("plot", "state"))
        if state is not None:
            parts.append(f"状态由“{state.old}”变为“{state.new}”")
        return tuple(fields.values()), [*told, *parts]

    def _changes(self, seq: int) -> Iterable[tuple[str, str, int | str, dict[str, list[journal.Value]]]]:
        return () if self._imported_in(seq) else self._blocks(seq)

    def _blocks(self, seq: int) -> Iterable[tuple[str, str, int | str, dict[str, list[journal.Value]]]]:
        query = text("SELECT body FROM journal_block WHERE seq = :seq ORDER BY part")
        bodies = [row.body for row in self._session.connection().execute(query, {"seq": seq})]
        return (change for body in bodies for change in journal.single_changes(journal.decode_block(body)))

    def _imported_in(self, seq: int) -> bool:
        """The entry that brought the plot is told by its own word: it may hold a hundred thousand rows."""
        query = text("SELECT 1 FROM plot WHERE id = :plot AND entry = :seq")
        return self._session.connection().execute(query, {"plot": self._plot, "seq": seq}).first() is not None

    def _is_mine(self, table: str, key: int | str) -> bool:
        if table == "plot":
            return key == self._plot
        if table == "round":
            return str(key).startswith(f"{self._plot}:")
        return table in RECORD_TABLES and key in self._keys(table)

    def _keys(self, table: str) -> set[int | str]:
        """The keys of the plot's records in a table, asked once: an entry may have touched thousands of others."""
        if table not in self._own_keys:
            query = text(f'SELECT id FROM "{table}" WHERE plot_id = :plot')
            found = self._session.connection().execute(query, {"plot": self._plot})
            self._own_keys[table] = {row.id for row in found}
        return self._own_keys[table]

    # ------------------------------------------------------------------------------------------------ of the ledger

    def _ledger_sentence(self, head: Any, plots: int, first: str | None) -> str:
        word = self._sentence(head.action, self._own_affairs(head), head.undoes)
        if plots == 1 and first is not None:
            query = text("SELECT village, plot_no FROM plot WHERE id = :id")
            found = self._session.connection().execute(query, {"id": first}).first()
            return f"{plot_name(found.village, found.plot_no)}：{word}" if found else word
        return f"{word}，{plots} 个图斑" if plots else word

    def _own_affairs(self, head: Any) -> list[str]:
        """What an entry about the ledger itself did, also where it turns such an entry back."""
        action, undoes = head.action, head.undoes
        while undoes is not None and undoes in self._entries:
            action, undoes = self._entries.mark(undoes).action, self._entries.mark(undoes).undoes
        if action not in own_affairs.OPERATIONS:
            return []
        return own_affairs.parts(self._blocks(head.seq), self._name_of)

    def _name_of(self, table: str, key: int | str) -> str:
        column = own_affairs.NAMED_BY.get(table)
        if column is None:
            return ""
        query = text(f'SELECT {column} AS name FROM "{table}" WHERE id = :key')
        found = self._session.connection().execute(query, {"key": key}).first()
        return str(found.name) if found else ""

    def _sentence(self, action: str, parts: list[str], undoes: int | None) -> str:
        word = label_of(action)
        if undoes is not None and undoes in self._entries:
            undone = self._entries.mark(undoes)
            word = f"重做第 {undone.undoes} 条" if undone.undoes else f"撤销第 {undoes} 条“{label_of(undone.action)}”"
        if not parts:
            return word
        shown_parts = parts[:_MOST_PARTS]
        tail = f"等 {len(parts)} 项" if len(parts) > _MOST_PARTS else ""
        return f"{word}：{'；'.join(shown_parts)}{tail}"


def label_of(action: str) -> str:
    """The Chinese word of a stored action; one of a later version is told by its code."""
    return Operation(action).label if action in set(Operation) else action


def _field_changes(table: str, diff: dict[str, list[journal.Value]]) -> Iterable[FieldChange]:
    hidden = layout(table).private
    for name, (old, new) in _in_order(table, diff):
        label = FIELD_WORDS.get((table, name))
        if label is None:
            continue
        private = name in hidden
        yield FieldChange(
            table, name, label, shown(table, name, old, private=private), shown(table, name, new, private=private)
        )


def _in_order(table: str, diff: dict[str, list[journal.Value]]) -> Iterable[tuple[str, list[journal.Value]]]:
    """The fields of a change in the order of the table; the journal keeps them in that of the alphabet."""
    return ((name, diff[name]) for name in layout(table).names if name in diff)


def _worth_telling(diff: dict[str, list[journal.Value]], name: str) -> bool:
    return diff[name][1] not in {None, "", 0}


def _field_part(change: FieldChange) -> str:
    if change.old == "（空）":
        return f"{change.label}：{change.new}"
    return f"{change.label}由“{change.old}”改为“{change.new}”"


def _record_parts(table: str, diff: dict[str, list[journal.Value]], days: AbstractSet[str]) -> Iterable[str]:
    """What a record says, save its date where that is one of the *days* that the entry tells of the round."""
    if table == "correction":
        yield _correction_part(diff)
        return
    areas = [
        f"{bucket.label} {Area(int(diff[bucket.value][1] or 0)).display()} 亩"
        for bucket in Bucket
        if bucket.value in diff and diff[bucket.value][1]
    ]
    if table == "progress":
        yield ("、".join(areas) + "（累计）") if areas else "累计 0.00 亩"
    elif areas:
        yield "认定" + "、".join(areas)
    for name, (_, new) in _in_order(table, diff):
        word = FIELD_WORDS.get((table, name))
        # What has just come lies in no bin; only its going there is worth a word.
        if word is None or name in set(Bucket) or new in {None, ""} or (name == "removed" and not new):
            continue
        said = shown(table, name, new)
        if name != "on_date" or said not in days:
            yield f"{word}：{said}"


def _correction_part(diff: dict[str, list[journal.Value]]) -> str:
    code = str(diff["field"][1])
    word = FIELD_WORDS.get(("plot", code)) or FIELD_WORDS.get(("round", code)) or code
    old, new = (diff.get(name, [None, None])[1] for name in ("old_value", "new_value"))
    return f"{word}由“{shown('plot', code, old)}”更正为“{shown('plot', code, new)}”"
