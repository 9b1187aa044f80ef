"""The recorder: collects every row change of an action, from tracked objects and from bulk rows, and refuses any other write."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from gengdi_desktop.errors import ProgramError
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.tables import JOURNALLED, PlotRow

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlmodel import Session

    from gengdi_desktop.storage.columns import Row

CODES: dict[str, type[Row]] = {str(row.__tablename__): row for row in JOURNALLED}
GUARDED = frozenset(CODES) | {"journal_entry", "journal_block"}
_PLAIN = frozenset({int, str, type(None)})
_WRITE = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+[\"`\[]?(\w+)",
    re.IGNORECASE,
)


def key_name(row: type[Row]) -> str:
    """The name of the one key column."""
    return str(next(iter(row.__table__.primary_key.columns)).name)  # type: ignore[attr-defined]


def column_names(row: type[Row]) -> tuple[str, ...]:
    """All columns, the key first."""
    key = key_name(row)
    return (key, *(str(column.name) for column in row.__table__.columns if column.name != key))  # type: ignore[attr-defined]


def private_columns(row: type[Row]) -> frozenset[str]:
    """The columns that hold commitments instead of values."""
    return frozenset(str(c.name) for c in row.__table__.columns if c.info.get("private"))  # type: ignore[attr-defined]


def commitment(field: str, salt: bytes, value: str) -> str:
    """``SHA-256(salt ‖ field code ‖ 0x1F ‖ NFC value)`` in hex."""
    return hashlib.sha256(salt + field.encode() + b"\x1f" + unicodedata.normalize("NFC", value).encode()).hexdigest()


def refuse_stray_write(statement: str) -> None:
    """Refuse a write to a journalled table that the recorder does not see.

    Raises:
        ProgramError: The statement changes a journalled table.
    """
    found = _WRITE.match(statement)
    if found and found.group(1).lower() in GUARDED:
        raise ProgramError(
            "unrecorded_write",
            f"程序想绕过账本改“{found.group(1)}”，已经拦下。台账没有变。",
            "请把这段话拍下来，交给维护人员。",
        )


class Recorder:
    """The row changes of one action; blocks go to the database as they fill up, so that memory stays flat."""

    def __init__(self, session: Session, seq: int) -> None:
        self.session = session
        self.seq = seq
        self.armed = False
        self.tables: set[str] = set()
        self.plots: set[str] = set()
        self.created_plots: set[str] = set()
        self._digests: list[bytes] = []
        self._items: list[journal.Item] = []

    # ------------------------------------------------------------------------------------------------ tracked objects

    def before_flush(self, *_: object) -> None:
        """Make every text of a changed object fit to be kept, then let the flush through the guard."""
        for obj in (*self.session.new, *self.session.dirty):
            for attribute in inspect(obj).mapper.column_attrs:
                value = getattr(obj, attribute.key)
                fit = journal.checked_value(value) if not isinstance(value, bytes) else value
                if fit is not value:
                    setattr(obj, attribute.key, fit)
        self.armed = True

    def after_flush(self, *_: object) -> None:
        """Record what the flush wrote; the history of each attribute is still there."""
        self.armed = False
        for obj in self.session.new:
            if (code := self._code(obj)) is not None:
                self._add("+", code, obj, {n: [None, v] for n, v in self._values(obj) if v is not None})
        for obj in self.session.dirty:
            if (code := self._code(obj)) is not None and (changed := self._changed(obj)):
                self._add("~", code, obj, changed)
        for obj in self.session.deleted:
            if (code := self._code(obj)) is not None:
                self._add("-", code, obj, {n: [v, None] for n, v in self._values(obj) if v is not None})

    @staticmethod
    def _code(obj: object) -> str | None:
        code = str(getattr(obj, "__tablename__", ""))
        return code if code in CODES else None

    @staticmethod
    def _values(obj: object) -> Iterator[tuple[str, journal.Value]]:
        for attribute in inspect(obj).mapper.column_attrs:  # type: ignore[union-attr]
            yield attribute.key, getattr(obj, attribute.key)

    @staticmethod
    def _changed(obj: object) -> dict[str, list[journal.Value]]:
        changed: dict[str, list[journal.Value]] = {}
        state = inspect(obj)
        for attribute in state.mapper.column_attrs:  # type: ignore[union-attr]
            history = state.attrs[attribute.key].history  # type: ignore[union-attr]
            if not history.has_changes():
                continue
            if not history.deleted:
                raise ProgramError("journal_history", "程序没有读到原值就改了它，没有保存。台账没有变。")
            old, new = history.deleted[0], history.added[0] if history.added else None
            if old != new:
                changed[attribute.key] = [old, new]
        return changed

    def _add(self, op: str, code: str, obj: Any, diff: dict[str, list[journal.Value]]) -> None:
        key = getattr(obj, key_name(CODES[code]))
        plot = key if code == "plot" else getattr(obj, "plot_id", None)
        if op == "+" and code == "plot":
            self.created_plots.add(key)
        self._record([op, code, key, diff], plot)

    # ------------------------------------------------------------------------------------------------------ bulk rows

    def bulk(self, row: type[Row], names: Sequence[str], rows: Iterable[Sequence[journal.Value]]) -> int:
        """Insert rows by one prepared statement and record them; returns how many.

        The key column comes first in ``names``. Texts that are not NFC are made so.
        """
        code = str(row.__tablename__)
        if code not in CODES or names[0] != key_name(row):
            raise ProgramError("journal_bulk", f"程序写“{code}”的方式不对，没有保存。台账没有变。")
        self.session.flush()
        marks = ",".join("?" * len(names))
        statement = f'INSERT INTO "{code}" ({",".join(names)}) VALUES ({marks})'
        plot_at = 0 if row is PlotRow else (names.index("plot_id") if "plot_id" in names else None)
        connection = self.session.connection()
        count = 0
        source = iter(rows)
        while chunk := list(islice(source, journal.BLOCK_ITEMS)):
            self._flush_items()
            fit = self._fit(code, names, chunk)
            self._driver(connection).executemany(statement, fit)
            self._note_bulk_plots(row, plot_at, fit)
            count += len(fit)
        if count:
            self.tables.add(code)
        return count

    def _fit(
        self, code: str, names: Sequence[str], chunk: list[Sequence[journal.Value]]
    ) -> list[Sequence[journal.Value]]:
        """The rows as they may be stored, already journalled as one block."""
        item = ["+*", code, list(names), chunk]
        if set(map(type, chain.from_iterable(chunk))) <= _PLAIN:
            text = journal.plain_text([item])
            if "\\u0000" not in text and unicodedata.is_normalized("NFC", text):
                self._store(journal.block_of(text))
                return chunk
        item[3] = [[journal.checked_value(value) for value in row] for row in chunk]
        self._store(journal.encode_block([item]))
        return item[3]

    def _note_bulk_plots(self, row: type[Row], plot_at: int | None, rows: list[Sequence[journal.Value]]) -> None:
        if plot_at is None:
            return
        touched = {str(values[plot_at]) for values in rows if values[plot_at] is not None}
        if row is PlotRow:
            self.created_plots |= touched
        self.plots |= touched

    # --------------------------------------------------------------------------------------------- turning changes back

    def apply(self, items: Iterable[journal.Item]) -> int:
        """Carry out single row changes exactly as given, and record them; for undo and restoring fields."""
        self.session.flush()
        connection = self.session.connection()
        driver_connection = self._driver(connection)
        count = 0
        for op, code, key, diff in items:
            name = key_name(CODES[code])
            if op == "+":
                names = list(diff)
                driver_connection.execute(
                    f'INSERT INTO "{code}" ({",".join(names)}) VALUES ({",".join("?" * len(names))})',
                    [diff[n][1] for n in names],
                )
            elif op == "-":
                driver_connection.execute(f'DELETE FROM "{code}" WHERE {name} = ?', (key,))
            else:
                setters = ",".join(f"{n} = ?" for n in diff)
                driver_connection.execute(
                    f'UPDATE "{code}" SET {setters} WHERE {name} = ?',
                    [*(new for _, new in diff.values()), key],
                )
            self._record([op, code, key, diff], self._plot_of(driver_connection, op, code, key, diff))
            count += 1
        return count

    @staticmethod
    def _plot_of(connection: Any, op: str, code: str, key: Any, diff: dict[str, list[Any]]) -> str | None:
        if code == "plot":
            return str(key)
        if "plot_id" not in column_names(CODES[code]):
            return None
        if "plot_id" in diff:
            old, new = diff["plot_id"]
            return new or old
        if op == "-":
            return None
        name = key_name(CODES[code])
        found = connection.execute(f'SELECT plot_id FROM "{code}" WHERE {name} = ?', (key,)).fetchone()
        return found[0] if found else None

    # ------------------------------------------------------------------------------------------------ private values

    def private(self, field: str, value: str) -> str:
        """Keep the opening of a private value and return its commitment, which stands in the table."""
        salt = secrets.token_bytes(16)
        found = commitment(field, salt, value)
        self._driver(self.session.connection()).execute(
            "INSERT INTO private_value (commitment, field, salt, value) VALUES (?, ?, ?, ?)",
            (found, field, salt.hex(), unicodedata.normalize("NFC", value)),
        )
        return found

    # --------------------------------------------------------------------------------------------------------- blocks

    def finish(self) -> str:
        """Write what is still open and return the digest over all blocks."""
        self.session.flush()
        self._flush_items()
        older = [(plot, self.seq) for plot in sorted(self.plots - self.created_plots)]
        if older:
            self._driver(self.session.connection()).executemany(
                "INSERT OR IGNORE INTO plot_history (plot_id, seq) VALUES (?, ?)", older
            )
        return journal.changes_digest(self._digests)

    @property
    def empty(self) -> bool:
        """Whether nothing was changed so far; pending objects are flushed first."""
        self.session.flush()
        return not self._digests and not self._items

    def _record(self, item: journal.Item, plot: str | None) -> None:
        self.tables.add(item[1])
        if plot is not None:
            self.plots.add(plot)
        self._items.append(item)
        if len(self._items) >= journal.BLOCK_ITEMS:
            self._flush_items()

    def _flush_items(self) -> None:
        if self._items:
            self._store(journal.encode_block(self._items))
            self._items = []

    def _store(self, block: journal.Block) -> None:
        self._driver(self.session.connection()).execute(
            "INSERT INTO journal_block (seq, part, body) VALUES (?, ?, ?)",
            (self.seq, len(self._digests), block.stored),
        )
        self._digests.append(block.digest)

    @staticmethod
    def _driver(connection: Connection) -> Any:
        """The driver's own connection: its statements do not pass the guard, and only the recorder may use it."""
        return connection.connection.driver_connection
