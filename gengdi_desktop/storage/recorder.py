"""The recorder: collects every row change of an action, from tracked objects and from bulk rows."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from itertools import chain, groupby, islice, repeat
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from gengdi_desktop.errors import ProgramError
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.bulk import Pipeline, insert_rows
from gengdi_desktop.storage.layout import CODES, Layout, code_of, layout

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.columns import Row

Diff = dict[str, list[journal.Value]]
_REMOVED_AT_ONCE = _ASKED_AT_ONCE = _DONE_AT_ONCE = 500
_PLAIN: frozenset[object] = frozenset({int, str, type(None)})
_NOTHING = (None, None)
_INTEGERS: frozenset[object] = frozenset({int, type(None)})
_TEXTS: frozenset[object] = frozenset({str, type(None)})


def commitment(field: str, salt: bytes, value: str) -> str:
    """``SHA-256(salt ‖ field code ‖ 0x1F ‖ NFC value)`` in hex."""
    return hashlib.sha256(salt + field.encode() + b"\x1f" + unicodedata.normalize("NFC", value).encode()).hexdigest()


class Recorder:
    """The row changes of one action; blocks go to the database as they fill up, so that memory stays flat.

    Attributes:
        armed: Whether the statement that runs now is one that the recorder sees.
        tables: Codes of the tables with changed rows.
        plots: Own ids of the plots concerned.
        created_plots: Those among them that the action made.
    """

    def __init__(self, session: Session, seq: int) -> None:
        self.session = session
        self.seq = seq
        self.armed = False
        self.tables: set[str] = set()
        self.plots: set[str] = set()
        self.created_plots: set[str] = set()
        self._named: dict[str, set[int | str]] = {}
        self._digests: list[bytes] = []
        self._items: list[journal.Item] = []
        self._broken = False
        self._pipeline = Pipeline()

    # ------------------------------------------------------------------------------------------------ tracked objects

    def before_flush(self, *_: object) -> None:
        """Make every value of a changed object fit to be kept, then let the flush through the guard."""
        self._pipeline.wait()
        with self._whole():
            for obj in (*self.session.new, *self.session.dirty):
                self._fit_object(obj)
            for obj in self.session.deleted:
                dict(_now(obj))  # whatever was not read yet cannot be read once the row is gone
        self.armed = True

    @staticmethod
    def _fit_object(obj: Any) -> None:
        code = code_of(obj)
        integers = layout(code).integers if code in CODES else None
        state = inspect(obj)
        for name in list(state.committed_state) if state.persistent else state.mapper.column_attrs.keys():
            value = getattr(obj, name)
            fit = journal.checked_value(value)
            if integers is not None and type(fit) not in (_INTEGERS if name in integers else _TEXTS):
                raise _wrong_kind(code, name, value)
            if fit is not value:
                setattr(obj, name, fit)

    def after_flush(self, *_: object) -> None:
        """Record what the flush wrote; the history of each attribute is still there."""
        self.armed = False
        with self._whole():
            for obj in self.session.new:
                if (code := code_of(obj)) in CODES:
                    self._add("+", code, obj, {n: [None, v] for n, v in _now(obj) if v is not None})
            for obj in self.session.dirty:
                if (code := code_of(obj)) in CODES and (changed := _changed(obj)):
                    self._add("~", code, obj, changed)
            for obj in self.session.deleted:
                if (code := code_of(obj)) in CODES:
                    before = dict(_now(obj)) | {name: old for name, (old, _) in _changed(obj).items()}
                    self._add("-", code, obj, {n: [v, None] for n, v in before.items() if v is not None})

    def _add(self, op: str, code: str, obj: Any, diff: Diff) -> None:
        known = layout(code)
        if op == "~" and known.key in diff:
            raise ProgramError("journal_key", f"程序想改“{code}”的主键，没有保存。台账没有变。")
        if op == "+" and code == "plot":
            self.created_plots.add(getattr(obj, known.key))
        plot = getattr(obj, known.plot_column) if known.plot_column else None
        self._record([op, code, getattr(obj, known.key), diff], plot)

    # ------------------------------------------------------------------------------------------------------ bulk rows

    def bulk(self, row: type[Row], names: Sequence[str], rows: Iterable[Sequence[journal.Value]]) -> int:
        """Insert rows and record them, block by block; returns how many.

        The key column comes first in ``names``. Texts that are not NFC are made so.
        """
        code = code_of(row)
        if code not in CODES or names[0] != layout(code).key or not set(names) <= set(layout(code).names):
            raise ProgramError("journal_bulk", f"程序写“{code}”的方式不对，没有保存。台账没有变。")
        known = layout(code)
        plot_at = names.index(known.plot_column) if known.plot_column in names else None
        self.session.flush()
        count = 0
        source = iter(rows)
        with self._whole(), self._pipeline.at_work():
            self._flush_items()
            connection = self.driver()
            while chunk := list(islice(source, journal.BLOCK_ITEMS)):
                self._flush_items()
                body, fit, columns = self._journalled(known, names, chunk)
                write = partial(self._write_chunk, connection, (code, names, fit))
                self._pipeline.do(partial(journal.block_of, body), write)
                if plot_at is not None:
                    self._note_bulk_plots(code, columns[plot_at])
                if known.named_by is not None:
                    self._named.setdefault(code, set()).update(map(str, columns[0]))
                count += len(fit)
        if count:
            self.tables.add(code)
        return count

    @staticmethod
    def _journalled(
        known: Layout, names: Sequence[str], chunk: Sequence[Sequence[journal.Value]]
    ) -> tuple[bytes, Sequence[Sequence[journal.Value]], Sequence[Sequence[journal.Value]]]:
        """The canonical bytes of the block, and its rows and columns as they may be stored."""
        if set(map(len, chunk)) != {len(names)}:
            raise ProgramError("journal_bulk", f"程序写“{known.code}”时列数不对，没有保存。台账没有变。")
        item = ["+*", known.code, list(names), chunk]
        kinds = [_INTEGERS if name in known.integers else _TEXTS for name in names]
        columns = list(zip(*chunk, strict=True))
        if all(map(_needs_no_care, columns, kinds)):
            with suppress(UnicodeEncodeError):
                return journal.plain_json([item]), chunk, columns
        item[3] = fit = [
            [_checked(known.code, name, kind, value) for name, kind, value in zip(names, kinds, row, strict=True)]
            for row in chunk
        ]
        return journal.plain_json([item]), fit, list(zip(*fit, strict=True))

    def _write_chunk(
        self,
        connection: Any,
        rows: tuple[str, Sequence[str], Sequence[Sequence[journal.Value]]],
        block: journal.Block,
    ) -> None:
        self._store(connection, block)
        insert_rows(connection, *rows)

    def _note_bulk_plots(self, code: str, plots: Iterable[journal.Value]) -> None:
        touched: set[Any] = set(plots)  # texts, as was checked, or nothing
        touched.discard(None)
        if code == "plot":
            self.created_plots |= touched
        self.plots |= touched

    # --------------------------------------------------------------------------------------------- turning changes back

    def apply(self, items: Iterable[journal.Item]) -> int:
        """Carry out row changes exactly as given, and record them; for undo and restoring fields.

        Args:
            items: In order; some hundreds are asked for ahead of what is carried out. Rows that go may come many at
                once (``-*``), at most as many as a block holds.

        Raises:
            ProgramError: A row is not what the change says it was.
        """
        self.session.flush()
        count = 0
        with self._whole():
            connection = self.driver()
            for alike in _runs(items):
                op, code, *_ = alike[0]
                known = layout(code)
                if op == "-*":
                    count += self._remove(connection, known, alike[0])
                    continue
                pairs = chain.from_iterable(item[3].values() for item in alike)
                if not _PLAIN.issuperset(map(type, chain.from_iterable(pairs))):
                    raise ProgramError("journal_value", f"表“{code}”里有账本不能保存的值，没有保存。台账没有变。")
                if not _carried_out(connection, known, alike):
                    raise ProgramError(
                        "journal_apply", f"表“{code}”的行与账本不符，没有保存。台账没有变。", "请先做一次检查。"
                    )
                for item, plot in zip(alike, _plots_of(connection, known, alike), strict=True):
                    self._record(item, plot)
                count += len(alike)
        return count

    def _remove(self, connection: Any, known: Layout, item: journal.Item) -> int:
        """Remove many rows of one table, and record them in a block of their own."""
        _, code, names, rows = item
        self._flush_items()
        self._store(connection, journal.encode_block([item]))
        for start in range(0, len(rows), _REMOVED_AT_ONCE):
            keys = [row[0] for row in rows[start : start + _REMOVED_AT_ONCE]]
            done = connection.execute(f'DELETE FROM "{code}" WHERE "{known.key}" IN ({_marks(keys)})', keys)
            if done.rowcount != len(keys):
                raise ProgramError(
                    "journal_apply", f"表“{code}”的行与账本不符，没有保存。台账没有变。", "请先做一次检查。"
                )
        self.tables.add(code)
        if known.plot_column is not None:
            plot_at = names.index(known.plot_column)
            self.plots |= {str(row[plot_at]) for row in rows if row[plot_at] is not None}
        return len(rows)

    # ------------------------------------------------------------------------------------------------ private values

    def private(self, field: str, value: str) -> str:
        """Keep the opening of a private value and return its commitment, which stands in the table."""
        salt, fit = secrets.token_bytes(16), str(journal.checked_value(value))
        found = commitment(field, salt, fit)
        with self._whole():
            self.driver().execute(
                "INSERT INTO private_value (commitment, field, salt, value) VALUES (?, ?, ?, ?)",
                (found, field, salt.hex(), fit),
            )
        return found

    # --------------------------------------------------------------------------------------------------------- blocks

    def finish(self) -> str:
        """Write what is still open and return the digest over all blocks.

        Raises:
            ProgramError: A part of the action failed before: what is recorded may not be what is in the tables.
        """
        self.session.flush()
        if self._broken or self.armed:
            raise ProgramError("half_done", "这一步有一部分没有做成，整个都没有保存。台账没有变。")
        self._flush_items()
        for code, keys in self._named.items():
            self.plots |= self._plots_naming(code, keys)
        older = [(plot, self.seq) for plot in sorted(self.plots - self.created_plots)]
        if older:
            self.driver().executemany("INSERT OR IGNORE INTO plot_history (plot_id, seq) VALUES (?, ?)", older)
        return journal.changes_digest(self._digests)

    def _plots_naming(self, code: str, keys: set[int | str]) -> set[str]:
        """The plots of the rows that name these keys."""
        table, column = layout(code).named_by or ("", "")
        plot = layout(table).plot_column
        found: set[str] = set()
        every = sorted(keys, key=str)
        for start in range(0, len(every), _ASKED_AT_ONCE):
            some = every[start : start + _ASKED_AT_ONCE]
            query = f'SELECT DISTINCT "{plot}" FROM "{table}" WHERE "{column}" IN ({_marks(some)})'
            found.update(str(row[0]) for row in self.driver().execute(query, some) if row[0] is not None)
        return found

    def spoil(self, *_: object) -> None:
        """Let nothing of the action be committed any more: rows that were recorded have been rolled back."""
        self._broken = True

    @property
    def empty(self) -> bool:
        """Whether nothing was changed so far; pending objects are flushed first."""
        self.session.flush()
        return not self._digests and not self._items and not self._broken

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Whoever swallows an error from inside must not commit what came before it."""
        try:
            yield
        except BaseException:
            self._broken = True
            raise

    def _record(self, item: journal.Item, plot: str | None) -> None:
        self.tables.add(item[1])
        if plot is not None:
            self.plots.add(plot)
        elif layout(item[1]).named_by is not None:
            self._named.setdefault(item[1], set()).add(item[2])
        self._items.append(item)
        if len(self._items) >= journal.BLOCK_ITEMS:
            self._flush_items()

    def _flush_items(self) -> None:
        if self._items:
            self._store(self.driver(), journal.encode_block(self._items))
            self._items = []

    def _store(self, connection: Any, block: journal.Block) -> None:
        connection.execute(
            "INSERT INTO journal_block (seq, part, body) VALUES (?, ?, ?)",
            (self.seq, len(self._digests), block.stored),
        )
        self._digests.append(block.digest)

    def driver(self) -> Any:
        """The driver's own connection: its statements do not pass the guard, and only the recorder may use it.

        Waits until the pipeline is done with it.
        """
        self._pipeline.wait()
        return self.session.connection().connection.driver_connection


def _now(obj: Any) -> Iterator[tuple[str, journal.Value]]:
    for name in inspect(obj).mapper.column_attrs.keys():  # noqa: SIM118  (no mapping, though it has keys)
        yield name, getattr(obj, name)


def _changed(obj: Any) -> Diff:
    """The fields of a tracked object whose values differ from those in the table, as ``[old, new]``."""
    changed: Diff = {}
    state = inspect(obj)
    for name in state.committed_state:
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        if not history.deleted:
            raise ProgramError("journal_history", "程序没有读到原值就改了它，没有保存。台账没有变。")
        changed[name] = [history.deleted[0], getattr(obj, name)]
    return changed


def _checked(code: str, name: str, kind: frozenset[object], value: object) -> journal.Value:
    fit = journal.checked_value(value)
    if type(fit) not in kind:
        raise _wrong_kind(code, name, value)
    return fit


def _wrong_kind(code: str, name: str, value: object) -> ProgramError:
    # SQLite would turn the value into the column's kind, and the journal would hold another one.
    return ProgramError(
        "journal_value", f"“{code}.{name}”不能保存这种值（{type(value).__name__}），没有保存。台账没有变。"
    )


def _needs_no_care(column: Sequence[object], kind: frozenset[object]) -> bool:
    """Whether all values are of their column's kind, and its texts NFC and without NUL."""
    if kind is _INTEGERS:
        return kind.issuperset(map(type, column))
    try:
        whole = "".join(column)  # type: ignore[arg-type]  # finds out whether they are texts, ten times as fast
    except TypeError:
        if not kind.issuperset(map(type, column)):
            return False
        whole = "".join(filter(None, column))  # type: ignore[arg-type]
    return "\0" not in whole and (whole.isascii() or unicodedata.is_normalized("NFC", whole))


def _runs(items: Iterable[journal.Item]) -> Iterator[list[journal.Item]]:
    """Changes that one statement can do: as they follow one another, of one kind, table and fields."""
    for (op, *_), alike in groupby(items, key=_statement_of):
        # Those that take many rows away hold as many each as a block does.
        most = 1 if op == "-*" else _DONE_AT_ONCE
        while run := list(islice(alike, most)):
            yield run


def _statement_of(item: journal.Item) -> tuple[Any, ...]:
    op, code, _, diff = item
    return (op, code) if op in {"-", "-*"} else (op, code, *diff)


def _carried_out(connection: Any, known: Layout, alike: Sequence[journal.Item]) -> bool:
    """Do row changes of one kind, table and fields; whether there were exactly the rows that they speak of."""
    op, _, _, fields = alike[0]
    names = tuple(fields)
    if op == "+":
        statement = f'INSERT INTO "{known.code}" ({_quoted(names)}) VALUES ({_marks(names)})'
        connection.executemany(statement, ([pair[1] for pair in diff.values()] for _, _, _, diff in alike))
        return True
    if op == "-":
        statement = f'DELETE FROM "{known.code}" WHERE "{known.key}" = ?'
        done = connection.executemany(statement, ((key,) for _, _, key, _ in alike))
    else:
        done = connection.executemany(
            _update(known.code, known.key, names),
            ((*new, key, *old) for _, _, key, diff in alike for old, new in [zip(*diff.values(), strict=True)]),
        )
    # One that was not as it is said to be is not touched: the sum falls short.
    return bool(done.rowcount == len(alike))


@lru_cache(maxsize=256)
def _update(table: str, key: str, names: tuple[str, ...]) -> str:
    """The statement that changes these fields of a row where they are as they are said to be."""
    setters = ",".join(f'"{name}" = ?' for name in names)
    as_said = " AND ".join(f'"{name}" IS ?' for name in names)
    return f'UPDATE "{table}" SET {setters} WHERE "{key}" = ? AND {as_said}'


def _plots_of(connection: Any, known: Layout, alike: Sequence[journal.Item]) -> Iterable[str | None]:
    """The plot to which each changed row belongs."""
    column = known.plot_column
    if column is None:
        return repeat(None, len(alike))
    if column == known.key:
        return (str(key) for _, _, key, _ in alike)
    if alike[0][0] == "-":
        # Gone with all that they held; of some tables not every row belongs to a plot.
        return (_text(diff.get(column, _NOTHING)[0]) for _, _, _, diff in alike)
    if all(column in diff for _, _, _, diff in alike):
        return (_text(new or old) for old, new in (diff[column] for _, _, _, diff in alike))
    keys = [key for _, _, key, _ in alike]
    query = f'SELECT "{known.key}", "{column}" FROM "{known.code}" WHERE "{known.key}" IN ({_marks(keys)})'
    found = dict(connection.execute(query, keys).fetchall())
    return [_text(found.get(key)) for key in keys]


def _text(value: journal.Value) -> str | None:
    return None if value is None else str(value)


def _quoted(names: Iterable[str]) -> str:
    return ",".join(f'"{name}"' for name in names)


def _marks(names: Sequence[object]) -> str:
    return ",".join("?" * len(names))
