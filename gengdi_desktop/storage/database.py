"""An open ledger file: one writing connection, read-only connections beside it, transactions begun by name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool
from sqlmodel import Session

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.storage import driver, schema
from gengdi_desktop.storage.failures import in_words
from gengdi_desktop.storage.guard import refuse_stray_write
from gengdi_desktop.storage.unit_of_work import Stamp, Work
from gengdi_desktop.system.files import opened

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

    from gengdi_desktop.storage.recorder import Recorder

MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_DISK_IS_BROKEN = frozenset({"io_error", "maybe_saved", "damaged"})
_LOOK_EVERY_SECONDS = 0.05


def user_version(path: Path) -> int:
    """The schema version of a ledger file, after making sure that it is one.

    Raises:
        SurroundingsError: ``not_found``, ``not_a_ledger`` (empty, foreign) or ``too_new``; the file is as before.
    """
    if not path.is_file():
        raise SurroundingsError("not_found", f"找不到台账文件“{path.name}”。", "请看看盘是否插好、文件夹是否改了名。")
    with opened(path) as file:
        head = file.read(_HEADER_BYTES)
    if len(head) < _HEADER_BYTES or not head.startswith(MAGIC):
        raise _not_a_ledger()
    version, application = int.from_bytes(head[60:64], "big"), int.from_bytes(head[68:72], "big")
    log = driver.log_of(path)
    if version <= schema.SCHEMA_VERSION and log.exists() and log.stat().st_size:
        # After a crash the newest header may still stand in the log.
        version, application = _asked(path)
    if application != schema.APPLICATION_ID:
        raise _not_a_ledger()
    if version > schema.SCHEMA_VERSION:
        raise SurroundingsError(
            "too_new",
            f"此台账由更新的版本建立（格式 {version}），本程序只认到格式 {schema.SCHEMA_VERSION}。文件没有改动。",
            "请先升级程序，再打开这本台账。",
        )
    return version


def _asked(path: Path) -> tuple[int, int]:
    with in_words():
        connection = driver.connect(path, "ro")
        try:
            pragmas = ("user_version", "application_id")
            version, application = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas)
        finally:
            connection.close()
    return version, application


def _not_a_ledger() -> SurroundingsError:
    return SurroundingsError("not_a_ledger", "这不是本程序的台账文件。", "请选择台账文件夹里的 ledger.gengdi。")


def _engine(path: Path, mode: str, *, immutable: bool = False) -> Engine:
    pool: dict[str, Any] = (
        {"poolclass": QueuePool, "pool_size": 2, "max_overflow": 6} if mode == "ro" else {"poolclass": StaticPool}
    )

    def connected() -> driver.Connection:
        made = driver.connect(path, mode, immutable=immutable)
        if mode == "ro":
            schema.stand_in(made)
        return made

    engine = create_engine("sqlite://", creator=connected, module=driver.module, **pool)
    begin = "BEGIN" if mode == "ro" else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class Database:
    """The file ``ledger.gengdi``; write through :meth:`action`, read through :meth:`reading`.

    One action at a time: a second thread waits. Reading never waits for writing.

    Attributes:
        path: The file.
        write: Whether actions are taken. Falls to False when the disk has failed under an action: what SQLite then
            knows of the file may not be what is on the disk.
    """

    def __init__(self, path: Path, *, write: bool, create: bool = False) -> None:
        self.path = path
        self.write = write
        self._lock = threading.Lock()
        self._writer: Engine | None = None
        self._recorder: Recorder | None = None
        with in_words():
            if create:
                self._writer = _engine(path, "rwc")
                schema.create(self._writer)
            elif write:
                self._writer = _engine(path, "rw")
                schema.complete(self._writer)
            self._reader = _engine(path, "ro", immutable=not write and driver.needs_immutable(path))
            with self._reader.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM journal_entry")
        if self._writer is not None:
            event.listen(self._writer, "before_cursor_execute", self._guard)

    def _guard(self, _c: object, _cursor: object, statement: str, *_: object) -> None:
        if self._recorder is None or not self._recorder.armed:
            refuse_stray_write(statement)

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
        with (
            self._lock,
            self._noting_a_broken_disk(),
            in_words(),
            Session(self._writing(), expire_on_commit=False) as session,
        ):
            work = Work(session, stamp)
            self._recorder = work.recorder
            event.listen(session, "before_flush", work.recorder.before_flush)
            event.listen(session, "after_flush", work.recorder.after_flush)
            event.listen(session, "after_soft_rollback", work.recorder.spoil)
            event.listen(session, "before_commit", work.refuse_stray_commit)
            event.listen(session, "after_transaction_create", work.refuse_part)
            try:
                yield work
            finally:
                self._recorder = None
                session.rollback()

    @contextmanager
    def unjournalled(
        self, asked: Callable[[int, int], None] | None = None, seconds: float | None = None
    ) -> Iterator[Connection]:
        """A transaction for caches, drafts and erased private values; journalled tables are refused.

        Args:
            asked: Called as (0, 0) while an action is waited for; may raise ``Cancelled``.
            seconds: How long an action is waited for; without it, as long as it takes.

        Raises:
            SurroundingsError: ``locked`` where the time is over, and as :meth:`action`.
        """
        with (
            self._its_turn(asked, seconds),
            self._noting_a_broken_disk(),
            in_words(),
            self._writing().begin() as connection,
        ):
            yield connection

    @contextmanager
    def _its_turn(self, asked: Callable[[int, int], None] | None, seconds: float | None) -> Iterator[None]:
        until = None if seconds is None else time.monotonic() + seconds
        while not self._lock.acquire(timeout=_LOOK_EVERY_SECONDS):
            if asked is not None:
                asked(0, 0)
            if until is not None and time.monotonic() >= until:
                raise SurroundingsError("locked", "台账正在保存别的修改，这一次没有存。台账没有变。", "请稍后再试。")
        try:
            yield
        finally:
            self._lock.release()

    def _writing(self) -> Engine:
        if self._writer is None or not self.write:
            raise SurroundingsError("read_only", "台账是只读打开的，不能修改。", "请关掉台账后重新打开再试。")
        return self._writer

    @contextmanager
    def _noting_a_broken_disk(self) -> Iterator[None]:
        try:
            yield
        except SurroundingsError as error:
            if error.code in _DISK_IS_BROKEN:
                self.write = False
            raise

    def quick_check(self) -> None:
        """Make sure that the pages of the file hang together; values are not looked at.

        Raises:
            SurroundingsError: ``damaged``.
        """
        with self.reading() as session:
            found = session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise SurroundingsError(
                "damaged", "台账文件已损坏，没有打开，文件没有改动。", "请用最近的备份恢复，原文件不要删。"
            )

    def fold(self) -> None:
        """Fold the write-ahead log back into the file, as far as readers of other programs allow it."""
        if self._writer is None:
            return
        with in_words(), self._lock:
            raw = self._writer.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    def close(self) -> None:
        """Let go of all connections; the writer first folds its log back, so that a copied folder is whole.

        Raises:
            SurroundingsError: The disk failed. Everything is let go all the same, and what was saved is in the log.
        """
        self._reader.dispose()
        try:
            self.fold()
        finally:
            if self._writer is not None:
                self._writer.dispose()
            self._writer = None
