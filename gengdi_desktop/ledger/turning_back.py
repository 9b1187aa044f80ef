"""What turning entries back means row by row: net changes, their inverse, and what later entries stand in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gengdi_desktop.errors import ProgramError
from gengdi_desktop.ledger.active_entries import ActiveEntries, EntryMark
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.layout import CODES, layout

if TYPE_CHECKING:
    from sqlmodel import Session

Row = tuple[str, int | str]
"""Table code and key."""

Diff = dict[str, list[journal.Value]]
_NOTHING: Diff = {}
Change = tuple[str, str, int | str, Diff]

_AT_ONCE = 500
_MANY = 50
"""So many rows of one table that go together stand in the journal as one change."""
_SHARED = "stored_file"
"""A kept file may serve several rows: its own row goes only with the last of them, and is no obstacle."""
_WITH_FILE = "photo"
"""What a kept picture says of itself has the key of its file, and goes and comes with it."""


def entries_of(session: Session) -> ActiveEntries:
    """The marks of the whole journal."""
    query = text("SELECT seq, action, undoes, continues FROM journal_entry ORDER BY seq")
    return ActiveEntries(EntryMark(*row) for row in session.connection().execute(query))


def changes_of(session: Session, seqs: Iterable[int], *, bare: bool = False) -> Iterator[Change]:
    """The row changes of these entries, in the order in which they were made.

    Args:
        session: An open session.
        seqs: The entries.
        bare: Leave out the fields of rows that came in bulk: they are new, and :func:`inverse` needs their keys only.
    """
    query = text("SELECT body FROM journal_block WHERE seq = :seq ORDER BY part")
    for seq in sorted(seqs):
        for (body,) in session.connection().execute(query, {"seq": seq}).all():
            yield from journal.single_changes(journal.decode_block(body), bare=bare)


def row_of(session: Session, table: str, key: int | str) -> dict[str, journal.Value] | None:
    """A row as it is now."""
    return next((found for _, found in _rows(session, table, [key])), None)


def _rows(
    session: Session, table: str, keys: Sequence[int | str], names: Sequence[str] | None = None
) -> Iterator[tuple[int | str, dict[str, journal.Value]]]:
    """Rows by key, as many as are there; the key is read too."""
    known = layout(table)
    wanted = (known.key, *(name for name in (known.names if names is None else names) if name != known.key))
    for found in _values(session, table, keys, wanted):
        yield found[0], dict(zip(wanted, found, strict=True))


def _values(session: Session, table: str, keys: Iterable[int | str], wanted: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The values of rows by key, as many as are there."""
    key = layout(table).key
    source = iter(keys)
    while some := tuple(islice(source, _AT_ONCE)):
        marks = ",".join("?" * len(some))
        query = f'SELECT {",".join(wanted)} FROM "{table}" WHERE "{key}" IN ({marks})'
        yield from session.connection().exec_driver_sql(query, some).cursor.fetchall()


# ---------------------------------------------------------------------------------------------------------- the inverse


@dataclass(slots=True)
class _Net:
    """What became of one row over a step.

    Attributes:
        first: The first operation.
        last: The last one.
        diff: For rows that were there before: the fields that were changed.
        gone: For rows that went as they were: all fields, packed, since an import taken back has very many of them.
    """

    first: str
    last: str
    diff: Diff
    gone: bytes = b""

    def unpack(self) -> None:
        """Go on with the fields one by one: more became of the row than that it went."""
        if self.gone:
            self.diff, self.gone = {name: [old, None] for name, old in journal.unpacked(self.gone).items()}, b""

    def before(self) -> bytes:
        """What a row that went held before the step, packed."""
        return self.gone or journal.packed({name: old for name, (old, _) in self.diff.items() if old is not None})


_CAME = _Net("+", "+", _NOTHING)
"""One for all rows that came and of which nothing else became: an import has very many of them."""


@dataclass(slots=True)
class Turned:
    """What has to be done to one row; rows that go (``-``) are read only when they go, so ``diff`` is empty there.

    Attributes:
        op: ``+ ~ -``.
        changed: The diff of a row that changes.
        coming: The fields of a row that comes back, packed: an import that is redone has very many of them.
        plot: The plot to which a row that goes belongs.
    """

    op: str
    changed: Diff = field(default_factory=lambda: _NOTHING)
    coming: bytes = b""
    plot: str | None = None

    @property
    def diff(self) -> Diff:
        """``{field: [present, wanted]}``."""
        if not self.coming:
            return self.changed
        return {name: [None, value] for name, value in journal.unpacked(self.coming).items()}


Back = dict[Row, Turned]


def inverse(session: Session, changes: Iterable[Change]) -> Back:
    """What turns these changes back, by row, in the order in which the rows were first touched."""
    net = _net(changes)
    born: dict[str, list[int | str]] = {}
    for (table, key), found in net.items():
        if found.first == "+" and found.last != "-":
            born.setdefault(table, []).append(key)
    present = {(table, key): plot for table, keys in born.items() for key, plot in _plots_of(session, table, keys)}
    back: Back = {}
    for row, found in net.items():
        if found.first == "+":
            if row in present:
                back[row] = Turned("-", plot=present[row])
        elif found.last == "-":
            back[row] = Turned("+", coming=found.before())
        elif diff := {name: [new, old] for name, (old, new) in found.diff.items() if old != new}:
            back[row] = Turned("~", diff)
    return _with_shared_files(session, back)


def _net(changes: Iterable[Change]) -> dict[Row, _Net]:
    net: dict[Row, _Net] = {}
    for op, table, key, diff in changes:
        found = net.get((table, key))
        if found is None:
            net[table, key] = _CAME if op == "+" else _first(op, diff)
            continue
        if found is _CAME:
            found = net[table, key] = _first("+", diff)
        found.last = op
        found.unpack()
        if found.first == "+":
            continue
        for name, (old, new) in diff.items():
            if name in found.diff:
                found.diff[name][1] = new
            else:
                found.diff[name] = [old, new]
    return net


def _first(op: str, diff: Diff) -> _Net:
    if op == "-":
        gone = journal.packed({name: old for name, (old, _) in diff.items() if old is not None})
        return _Net(op, op, _NOTHING, gone)
    return _Net(op, op, _NOTHING if op == "+" else {name: list(pair) for name, pair in diff.items()})


def _plots_of(session: Session, table: str, keys: Sequence[int | str]) -> Iterator[tuple[int | str, str | None]]:
    known = layout(table)
    for key, plot in _values(session, table, keys, (known.key, known.plot_column or "NULL")):
        yield key, None if plot is None else str(plot)


def _with_shared_files(session: Session, back: Back) -> Back:
    """Leave the row of a kept file alone while another row needs it; bring it back for rows that need it again."""
    going = [key for (table, key), turned in back.items() if table == _SHARED and turned.op == "-"]
    coming = {key for (table, key), turned in back.items() if table == _SHARED and turned.op == "+"}
    needed = coming | {key for table, key in _needed_parents(back) if table == _SHARED}
    present = {key for key, _ in _rows(session, _SHARED, [*needed], ())}
    untouched = {key for key in going if _is_needed(session, key, back)} | present
    kept = back
    if untouched:
        kept = {row: turned for row, turned in back.items() if not _stays_with_file(row, turned, untouched)}
    for key in needed - present - coming:
        for table, diff in _removed_file(session, key).items():
            kept[table, key] = Turned("+", coming=_first("-", diff).gone)
    return kept


def _stays_with_file(row: Row, turned: Turned, untouched: AbstractSet[int | str]) -> bool:
    table, key = row
    return key in untouched and (table == _SHARED or (table == _WITH_FILE and turned.op != "~"))


def _removed_file(session: Session, key: int | str) -> dict[str, Diff]:
    """What the row of a kept file, and what went with it, held when an undo took it back, by table."""
    query = text("SELECT seq FROM journal_entry WHERE action = 'undo' ORDER BY seq DESC")
    for (seq,) in session.connection().execute(query).all():
        gone = {
            table: diff
            for op, table, row, diff in changes_of(session, [seq])
            if op == "-" and row == key and table in {_SHARED, _WITH_FILE}
        }
        if _SHARED in gone:
            return gone
    raise ProgramError("undo_file", "找不到要恢复的文件的记录，没有撤销。台账没有变。", "请先做一次检查。")


def _is_needed(session: Session, file: int | str, back: Mapping[Row, Turned]) -> bool:
    for table in CODES:
        known = layout(table)
        for column in (name for name, target in known.references.items() if target == _SHARED):
            query = f'SELECT "{known.key}" FROM "{table}" WHERE "{column}" = ?'
            for (key,) in session.connection().exec_driver_sql(query, (file,)):
                turned = back.get((table, key))
                if turned is None or (turned.op == "~" and column not in turned.diff):
                    return True
    return False


def items(session: Session, back: Mapping[Row, Turned]) -> Iterator[journal.Item]:
    """The changes to be carried out, last touched rows first; rows that go are read just before."""
    for (table, op), group in groupby(reversed([*back.items()]), key=lambda one: (one[0][0], one[1].op)):
        if op != "-":
            for (_, key), turned in group:
                yield [op, table, key, turned.diff]
            continue
        while some := [key for (_, key), _ in islice(group, journal.BLOCK_ITEMS)]:
            held = {row[0]: row for row in _values(session, table, some, layout(table).names)}
            if len(some) >= _MANY:
                yield ["-*", table, list(layout(table).names), [list(held[key]) for key in some]]
                continue
            for key in some:
                fields = zip(layout(table).names, held[key], strict=True)
                yield [op, table, key, {name: [value, None] for name, value in fields if value is not None}]


# --------------------------------------------------------------------------------------------------- what is in the way


@dataclass(slots=True)
class Obstacles:
    """Later entries that need what would go, with the plots they touched; and all those plots."""

    by_seq: dict[int, set[str]] = field(default_factory=dict)
    plots: set[str] = field(default_factory=set)


def obstacles(session: Session, entries: ActiveEntries, step: Sequence[int], back: Mapping[Row, Turned]) -> Obstacles:
    """What was done after a step to the rows it touched, or that now depends on them."""
    found = Obstacles()
    needed = _needed_parents(back)
    for later in entries.later_in_force(step):
        for op, table, key, diff in changes_of(session, [later]):
            if table in CODES and _stands_in_the_way(op, table, key, diff, back, needed):
                plot = _plot_of(session, table, key, diff)
                found.by_seq.setdefault(later, set())
                if plot is not None:
                    found.by_seq[later].add(plot)
                    found.plots.add(plot)
    return found


def _stands_in_the_way(
    op: str, table: str, key: int | str, diff: Diff, back: Mapping[Row, Turned], needed: set[Row]
) -> bool:
    if table == _SHARED or (table == _WITH_FILE and op != "~"):
        return False
    turned = back.get((table, key))
    if turned is not None and _clashes(op, diff, turned):
        return True
    if op == "-":
        return (table, key) in needed
    # It made a row, or pointed one, at something that would go.
    return any(
        (parent := back.get(row)) is not None and parent.op == "-" and row[0] != _SHARED
        for row in _parents(table, diff)
    )


def _clashes(op: str, diff: Diff, turned: Turned) -> bool:
    if turned.op == "-":
        return op != "-"
    return op != "~" or turned.op == "+" or not diff.keys().isdisjoint(turned.diff)


def _needed_parents(back: Mapping[Row, Turned]) -> set[Row]:
    """The rows that must be there for those that come back."""
    return {row for (table, _), turned in back.items() if turned.op != "-" for row in _parents(table, turned.diff)}


def _parents(table: str, diff: Diff) -> Iterator[Row]:
    """The rows at which the new values of a change point."""
    for name, target in layout(table).references.items():
        key = diff[name][1] if name in diff else None
        if key is not None:
            yield target, key


def _plot_of(session: Session, table: str, key: int | str, diff: Diff) -> str | None:
    column = layout(table).plot_column
    if column is None:
        return None
    old, new = diff.get(column, [None, None])
    plot = key if column == layout(table).key else new or old
    if plot is None:
        plot = (row_of(session, table, key) or {}).get(column)
    return None if plot is None else str(plot)


def only_untouched(session: Session, back: Mapping[Row, Turned], touched: set[str]) -> Back:
    """Of the removal of an import, that of the plots nobody touched, with all that hangs on them; lists stay.

    A plot stays too while a row that stays points at it, such as a part of a split plot.
    """
    going = {row: turned for row, turned in back.items() if turned.op == "-" and turned.plot not in {None, *touched}}
    while True:
        held = _held(session, back, going)
        if not held:
            return going
        going = {row: turned for row, turned in going.items() if turned.plot not in held}


def _held(session: Session, back: Mapping[Row, Turned], going: Mapping[Row, Turned]) -> set[str]:
    """The plots that would go although a row of the same import, which stays, points at them."""
    held: set[str] = set()
    staying: dict[str, list[int | str]] = {}
    for table, key in back.keys() - going.keys():
        if "plot" in layout(table).references.values():
            staying.setdefault(table, []).append(key)
    for table, keys in staying.items():
        columns = [name for name, target in layout(table).references.items() if target == "plot"]
        for _, row in _rows(session, table, keys, columns):
            held |= {str(row[name]) for name in columns if ("plot", row[name]) in going}
    return held
