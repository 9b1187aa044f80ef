"""The journal told in sentences: who did what, when, from which value to which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.ledger import conflict_sentences, own_affairs, plot_sentences
from gengdi_desktop.ledger.active_entries import ActiveEntries
from gengdi_desktop.ledger.entry_words import counted, label_of, lead
from gengdi_desktop.ledger.plot_sentences import Deeds, FieldChange, field_changes
from gengdi_desktop.ledger.turning_back import entries_of
from gengdi_desktop.ledger.words import RECORD_TABLES, SAMPLE_TABLES, plot_name
from gengdi_desktop.storage import journal

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

_MOST_PARTS = 12
_READ_FOR_ONE = 4
"""Entries of more blocks are told by their word: a list that came again may hold a hundred thousand lines."""
_RECORDS = frozenset({*RECORD_TABLES, *SAMPLE_TABLES, "conflict"})
"""Tables whose rows name one plot and are told with it."""
_TOLD_BY_REASON = frozenset({Operation.FREEZE, Operation.SIGN, Operation.HAND_IN, Operation.PACK, Operation.RECEIVE})
"""Entries about a report or a package, whose reason says which."""

Diff = dict[str, list[journal.Value]]
Change = tuple[str, str, int | str, Diff]


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
        self._own_keys: dict[tuple[str, str], set[int | str]] = {}

    def tell(self, seq: int) -> Told:
        connection = self._session.connection()
        head = connection.execute(text("SELECT * FROM journal_entry WHERE seq = :seq"), {"seq": seq}).one()
        plots, first = self._touched.get(seq, (0, None))
        fields: tuple[FieldChange, ...] = ()
        if self._plot is not None:
            deeds = self._deeds(self._plot, self._entries.chain(seq))
            fields = tuple(deeds.fields.values())
            sentence = self._plot_sentence(head, deeds)
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

    def _deeds(self, plot: str, seqs: Iterable[int]) -> Deeds:
        deeds = Deeds()
        for seq in sorted(seqs):
            for op, table, key, diff in self._changes(plot, seq):
                if op == "+" and diff.get("plot_id", [None, None])[1] == plot and table != "round":
                    if table in _RECORDS or table == "correction":
                        deeds.added.append((table, diff))
                elif op == "~" and self._is_mine(plot, table, key):
                    deeds.note(field_changes(table, diff))
                    if table in _RECORDS:
                        deeds.changed.append((table, self._record_name(table, key), diff))
                elif op == "~" and table == "photo" and (name := self._photo_name(plot, key)):
                    deeds.changed.append((table, name, diff))
                elif table == "round" and op == "+" and str(key).startswith(f"{plot}:"):
                    deeds.note(one for one in field_changes(table, diff) if _worth_telling(diff, one.name))
        return deeds

    def _plot_sentence(self, head: Any, deeds: Deeds) -> str:
        return _joined(
            self._turned_back(head.undoes) or lead(head.action, deeds), plot_sentences.parts(deeds, head.action)
        )

    def _changes(self, plot: str, seq: int) -> Iterable[Change]:
        return () if self._imported_in(plot, seq) else self._blocks(seq)

    def _blocks(self, seq: int) -> Iterable[Change]:
        query = text("SELECT body FROM journal_block WHERE seq = :seq ORDER BY part")
        bodies = [row.body for row in self._session.connection().execute(query, {"seq": seq})]
        return (change for body in bodies for change in journal.single_changes(journal.decode_block(body)))

    def _imported_in(self, plot: str, seq: int) -> bool:
        """The entry that brought the plot is told by its own word: it may hold a hundred thousand rows."""
        query = text("SELECT 1 FROM plot WHERE id = :plot AND entry = :seq")
        return self._session.connection().execute(query, {"plot": plot, "seq": seq}).first() is not None

    def _is_mine(self, plot: str, table: str, key: int | str) -> bool:
        if table == "plot":
            return key == plot
        if table == "round":
            return str(key).startswith(f"{plot}:")
        return table in _RECORDS and key in self._keys(plot, table)

    def _keys(self, plot: str, table: str) -> set[int | str]:
        """The keys of a plot's records in a table, asked once: an entry may have touched thousands of others."""
        if (plot, table) not in self._own_keys:
            query = text(f'SELECT id FROM "{table}" WHERE plot_id = :plot')
            found = self._session.connection().execute(query, {"plot": plot})
            self._own_keys[plot, table] = {row.id for row in found}
        return self._own_keys[plot, table]

    def _record_name(self, table: str, key: int | str) -> str:
        """The name of a file, or the field about which there is a question; other records have none."""
        if table == "conflict":
            query = text("SELECT table_code, field FROM conflict WHERE id = :key")
            asked = self._session.connection().execute(query, {"key": key}).first()
            return conflict_sentences.label(asked.table_code, asked.field) if asked is not None else ""
        if table != "attachment":
            return ""
        found = self._session.connection().execute(text("SELECT name FROM attachment WHERE id = :key"), {"key": key})
        return str(found.scalar() or "")

    def _photo_name(self, plot: str, key: int | str) -> str:
        """The name under which a photo stands at a plot; empty where it does not."""
        query = text("SELECT name FROM attachment WHERE plot_id = :plot AND file_id = :key ORDER BY removed, id")
        return str(self._session.connection().execute(query, {"plot": plot, "key": key}).scalar() or "")

    # ------------------------------------------------------------------------------------------------ of the ledger

    def _ledger_sentence(self, head: Any, plots: int, first: str | None) -> str:
        if plots == 1 and first is not None:
            return self._of_one_plot(head, first)
        turned_back = self._turned_back(head.undoes)
        if plots:
            if turned_back:
                return f"{turned_back}，涉及 {plots} 个图斑"
            drawn = own_affairs.parts(self._blocks(head.seq), self._name_of) if head.action == Operation.DRAW else []
            return _joined(counted(head.action, plots), drawn)
        return _joined(turned_back or label_of(head.action), self._own_affairs(head))

    def _of_one_plot(self, head: Any, plot: str) -> str:
        """Which plot, and what was done to it in full: a ledger is read by what happened, not by step names."""
        query = text("SELECT village, plot_no FROM plot WHERE id = :id")
        found = self._session.connection().execute(query, {"id": plot}).first()
        short = text("SELECT count(*) FROM journal_block WHERE seq = :seq")
        blocks = int(self._session.connection().execute(short, {"seq": head.seq}).scalar_one())
        deeds = self._deeds(plot, self._entries.chain(head.seq)) if blocks <= _READ_FOR_ONE else Deeds()
        sentence = self._plot_sentence(head, deeds)
        return f"{plot_name(found.village, found.plot_no)}　{sentence}" if found else sentence

    def _own_affairs(self, head: Any) -> list[str]:
        """What an entry about the ledger itself did, also where it turns such an entry back."""
        if head.action in _TOLD_BY_REASON and head.reason:
            return [str(head.reason)]
        if head.action == Operation.VOID:
            return [*own_affairs.parts(self._blocks(head.seq), self._name_of), f"原因：{head.reason}"]
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

    def _turned_back(self, undoes: int | None) -> str:
        """撤销第 5 条“自查”; empty for what turns nothing back."""
        if undoes is None or undoes not in self._entries:
            return ""
        undone = self._entries.mark(undoes)
        return f"重做第 {undone.undoes} 条" if undone.undoes else f"撤销第 {undoes} 条“{label_of(undone.action)}”"


def _joined(word: str, parts: list[str]) -> str:
    """The word and what was done; of very many things the first, and how many there are."""
    if not parts:
        return word
    tail = f"等 {len(parts)} 项" if len(parts) > _MOST_PARTS else ""
    return f"{word}{'：' if word else ''}{'；'.join(parts[:_MOST_PARTS])}{tail}"


def _worth_telling(diff: Diff, name: str) -> bool:
    return diff[name][1] not in {None, "", 0}
