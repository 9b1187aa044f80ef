"""An open ledger file: one writing connection, read-only connections beside it, transactions begun by name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool
from sqlmodel import Session

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.storage import driver, recorder, schema
from gengdi_desktop.storage.failures import in_words
from gengdi_desktop.storage.unit_of_work import Stamp, Work
from gengdi_desktop.system.files import telling

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

HEADER = b"SQLite format 3\0"
HEADER_BYTES = 100


def user_version(path: Path) -> int:
    """The schema version of a ledger file, after making sure that it is one.

    Raises:
        SurroundingsError: ``not_found``, ``not_a_ledger`` (empty, foreign) or ``too_new``.
    """
    if not path.is_file():
        raise SurroundingsError("not_found", f"找不到台账文件“{path.name}”。", "请看看盘是否插好、文件夹是否改了名。")
    refusal = SurroundingsError(
        "not_a_ledger", "这不是本程序的台账文件。", "请选择台账文件夹里的 ledger.gengdi。"
    )
    with telling(path), path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    if len(head) < HEADER_BYTES or not head.startswith(HEADER):
        raise refusal
    mark, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    if path.with_name(path.name + "-wal").exists():
        # The newest marks may still stand in the log only: a ledger that is open, or was when the power went.
        mark, version = _marks(path)
    if mark != schema.APPLICATION_ID:
        raise refusal
    if version > schema.SCHEMA_VERSION:
        raise SurroundingsError(
            "too_new",
            f"此台账由更新的版本建立（格式 {version}），本程序只认到格式 {schema.SCHEMA_VERSION}。文件没有改动。",
            "请先升级程序，再打开这本台账。",
        )
    return version


def _marks(path: Path) -> tuple[int, int]:
    with in_words():
        connection = driver.connect(path, "ro")
        try:
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
            return int(mark), int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()


def _engine(path: Path, mode: str, *, immutable: bool = False) -> Engine:
    pool: dict[str, Any] = (
        {"poolclass": QueuePool, "pool_size": 2, "max_overflow": 6} if mode == "ro" else {"poolclass": StaticPool}
    )
    engine = create_engine(
        "sqlite://", creator=lambda: driver.connect(path, mode, immutable=immutable), module=driver.module, **pool
    )
    begin = "BEGIN" if mode == "ro" else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class Database:
    """The file ``ledger.gengdi``; write through :meth:`action`, read through :meth:`reading`.

    One action at a time: a second thread waits. Reading never waits for writing.
    """

    def __init__(self, path: Path, *, write: bool, create: bool = False) -> None:
        self.path = path
        self.write = write
        self._lock = threading.Lock()
        self._writer: Engine | None = None
        with in_words():
            if create:
                self._writer = _engine(path, "rwc")
                schema.create(self._writer)
            elif write:
                self._writer = _engine(path, "rw")
                with self._writer.connect() as connection:
                    connection.exec_driver_sql("SELECT 1")
            self._reader = self._open_reader()
        if self._writer is not None:
            event.listen(self._writer, "before_cursor_execute", self._guard)
        self._armed: recorder.Recorder | None = None

    def _open_reader(self) -> Engine:
        """Read-only connections; a folder that cannot be written has no room for the shared-memory file of WAL."""
        engine = _engine(self.path, "ro")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM journal_entry")
        except Exception:
            engine.dispose()
            if self.write or self.path.with_name(self.path.name + "-wal").exists():
                raise
            engine = _engine(self.path, "ro", immutable=True)
        return engine

    def _guard(self, _c: object, _cursor: object, statement: str, *_: object) -> None:
        if self._armed is None or not self._armed.armed:
            recorder.refuse_stray_write(statement)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on a read-only connection: one snapshot from beginning to end."""
        with in_words(), Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def action(self, stamp: Stamp) -> Iterator[Work]:
        """One action: rows and journal entry together, or nothing.

        Raises:
            SurroundingsError: ``read_only``, ``locked``, ``disk_full`` and what else the disk may do.
        """
        if self._writer is None:
            raise SurroundingsError("read_only", "台账是只读打开的，不能修改。", "请关掉占用台账的窗口后重新打开。")
        with self._lock, in_words(), Session(self._writer, expire_on_commit=False) as session:
            work = Work(session, stamp)
            self._armed = work.recorder
            event.listen(session, "before_flush", work.recorder.before_flush)
            event.listen(session, "after_flush", work.recorder.after_flush)
            try:
                yield work
            finally:
                self._armed = None
                session.rollback()

    @contextmanager
    def unjournalled(self) -> Iterator[Connection]:
        """A transaction for caches, drafts and erased private values; journalled tables are refused."""
        if self._writer is None:
            raise SurroundingsError("read_only", "台账是只读打开的，不能修改。", "请关掉占用台账的窗口后重新打开。")
        with self._lock, in_words(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections; the writer first folds its log back, so that a copied folder is whole."""
        self._reader.dispose()
        if self._writer is not None:
            with in_words(), self._lock:
                raw = self._writer.raw_connection()
                try:
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    raw.close()
            self._writer.dispose()
            self._writer = None
