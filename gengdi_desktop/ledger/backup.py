"""Backup and restore: one zip of a checked database copy, the list of files, and with ``full`` the files too."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import logging
import os
import re
import zipfile
import zlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from gengdi_desktop.errors import Cancelled, RuleError, SurroundingsError
from gengdi_desktop.ledger.folder import DATABASE_NAME, LOCK_FILES, SUFFIXES, FolderPart, LedgerFolder, StoredFile
from gengdi_desktop.storage import driver
from gengdi_desktop.storage.database import user_version
from gengdi_desktop.storage.failures import in_words
from gengdi_desktop.system.files import (
    PART,
    Digest,
    copy_whole,
    digest_of,
    require_room,
    sync_folder,
    telling,
    writing,
)
from gengdi_desktop.system.ledger_lock import LedgerLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gengdi_desktop.system.clock import Clock

_log = logging.getLogger(__name__)

SUFFIX = ".gdbak"
LIST_NAME = "files.json"
FORMAT = 1
PROGRESS_BYTES = 1_000_000
"""What the progress of a restore counts."""
_MOST_DATABASE_BYTES = 64 * 1024**3
_MOST_LIST_BYTES = 256 * 1024**2
_CHUNK = 1024 * 1024
_SPARE_BYTES = 16 * 1024 * 1024
_LONGEST_NAME = 80
_HEX = re.compile("[0-9a-f]{64}")


class _NotAsStatedError(Exception):
    """A member of a backup has another content than its list says."""


_UNREADABLE = (
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    _NotAsStatedError,
)
"""What reading a member of a damaged or foreign zip may raise."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: where it lies, its hash, and copies of it in other places."""

    file: Path
    sha256: str
    size: int
    copies: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """A finished restore; ``missing`` names the stored files that neither backup nor folder had."""

    folder: Path
    missing: tuple[str, ...]


def file_name(name: str, at: datetime) -> str:
    """``名称_YYYYMMDD-HHMMSS.gdbak`` in local time."""
    plain = "".join(c if c.isprintable() and c not in '\\/:*?"<>|' else "_" for c in name).strip(" .")[:_LONGEST_NAME]
    return f"{plain or '台账'}_{at.astimezone():%Y%m%d-%H%M%S}{SUFFIX}"


def make(folder: LedgerFolder, name: str, clock: Clock, *, places: tuple[Path, ...] = (), full: bool = False) -> Backup:
    """Make a backup in ``backups/`` (or the first of ``places``) and copy it to the others.

    Nothing stands under its final name before it is whole, checked and on the disk.

    Raises:
        SurroundingsError: No room, a broken disk, or what was written could not be read back. A backup in an earlier
            place stays.
    """
    first, *others = places or (folder.part(FolderPart.BACKUPS),)
    with telling(first):
        first.mkdir(parents=True, exist_ok=True)
        needed = folder.database.stat().st_size * 2 + _SPARE_BYTES
    require_room(first, needed)
    target = _free_name(first / file_name(name, clock.now()))
    copy = target.with_name(f"{target.name}.db{PART}")
    with telling(first):
        copy.touch()  # says of the place what SQLite would say of the ledger
    try:
        files = _database_copy(folder.database, copy)
        found = _write_zip(target, folder, copy, files, full=full)
    finally:
        # Whatever went wrong is the first reason; a copy that stays is removed at the next opening.
        with contextlib.suppress(OSError):
            copy.unlink(missing_ok=True)
    return Backup(target, found.sha256, found.size, tuple(_copied(target, found, place) for place in others))


def _copied(backup: Path, found: Digest, place: Path) -> Path:
    with telling(place):
        place.mkdir(parents=True, exist_ok=True)
    beside = _free_name(place / backup.name)
    if copy_whole(backup, beside) != found or digest_of(beside) != found:
        with telling(beside):
            beside.unlink(missing_ok=True)
        raise SurroundingsError(
            "copy_differs",
            f"备份复制到“{place.name}”后校验不一致，已删去那一份。第一份备份完好。",
            "请换一个U盘或磁盘再备份。",
        )
    return beside


def _free_name(target: Path) -> Path:
    number = 2
    free = target
    while free.exists():
        free = target.with_name(f"{target.stem}-{number}{SUFFIX}")
        number += 1
    return free


def _database_copy(source: Path, copy: Path) -> list[StoredFile]:
    """A consistent copy of a database that may be open and in use, checked; returns its list of stored files."""
    with in_words():
        connection = driver.connect_to_read(source)
        try:
            connection.execute("PRAGMA query_only = OFF")
            connection.execute("VACUUM INTO ?", (str(copy),))
        finally:
            connection.close()
        checked = driver.connect(copy, "ro", immutable=True)
        try:
            if checked.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise SurroundingsError("copy_damaged", "备份没有通过检查，没有留下。台账没有变。", "请先检查台账。")
            rows = checked.execute("SELECT id, folder, suffix, size FROM stored_file ORDER BY id").fetchall()
        finally:
            checked.close()
    return [StoredFile(sha256, size, part, suffix) for sha256, part, suffix, size in rows]


def _write_zip(target: Path, folder: LedgerFolder, copy: Path, files: list[StoredFile], *, full: bool) -> Digest:
    """Write the zip under a passing name, read it back to its end, and only then give it its own."""
    database = digest_of(copy).sha256
    if full:
        # As they lie there: what another desk said of a file before it came is only said.
        there = ((one, folder.path_of(one)) for one in files)
        files = [replace(one, size=path.stat().st_size) if path.is_file() else one for one, path in there]
    listed = [asdict(file) for file in files]
    listing = {"format": FORMAT, "database": database, "full": full, "files": listed}
    part = target.with_name(target.name + ".zip" + PART)
    try:
        with writing(part) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(copy, DATABASE_NAME)
            if full:
                for file in files:
                    if folder.path_of(file).is_file():
                        archive.write(folder.path_of(file), _member(file), zipfile.ZIP_STORED)
            archive.writestr(LIST_NAME, json.dumps(listing, ensure_ascii=False, sort_keys=True))
        found = digest_of(part)
        _read_back(part, database)
        with telling(target):
            part.replace(target)
            sync_folder(target.parent)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return found


def _member(file: StoredFile) -> str:
    return f"{file.part}/{file.sha256}{file.suffix}"


def _read_back(archive_path: Path, database: str) -> None:
    """Read a backup back to its end: every member against its checksum, the database against the list."""
    digest = hashlib.sha256()
    try:
        with telling(archive_path), zipfile.ZipFile(archive_path) as archive:
            whole = archive.testzip() is None
            with archive.open(DATABASE_NAME) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
    except _UNREADABLE:
        whole = False
    if not whole or digest.hexdigest() != database:
        raise SurroundingsError("copy_damaged", "备份写完后读不回来，没有留下。台账没有变。", "请换一个盘再备份。")


# -------------------------------------------------------------------------------------------------------------- restore


class _Bringing:
    """What a restore has brought so far: told to the person, and taken back where they stop it."""

    def __init__(self, root: Path, whole: int, progress: Callable[[int, int], None] | None) -> None:
        self._root, self._whole, self._progress = root, whole, progress
        self._bytes = 0
        self._brought: list[Path] = []
        # Folders that are not there yet, the innermost first.
        self._made = [one for one in (root, *root.parents) if not one.exists()]

    def step(self, size: int = 0) -> None:
        """So many bytes more are done; a person who stopped it is heard here."""
        self._bytes = min(self._bytes + size, self._whole)
        if self._progress is not None:
            self._progress(-(-self._bytes // PROGRESS_BYTES), -(-self._whole // PROGRESS_BYTES))

    def brought(self, file: Path) -> None:
        """A file lies in the folder that was not there before."""
        self._brought.append(file)

    def take_back(self) -> None:
        """Remove what was brought, and the folders that were made for it; what does not go is only in the way."""
        locks = () if self._root not in self._made else (self._root / name for name in LOCK_FILES)
        for file in (*self._brought, *locks):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
        if self._root in self._made:
            for folder in (*(self._root / part for part in FolderPart), *self._made):
                with contextlib.suppress(OSError):
                    folder.rmdir()


def restore(backup: Path, into: Path, clock: Clock, progress: Callable[[int, int], None] | None = None) -> Restored:
    """Bring a backup back as a ledger folder.

    Into an empty or new folder; into the same ledger's own folder too, whose database is first kept as ``恢复前``.
    Files come from the backup, else from the folder itself; what neither has is named. ``progress`` is told in
    :data:`PROGRESS_BYTES`; it may stop the restore until the database is put in its place, and nothing is left.

    Raises:
        Cancelled: ``progress`` said so.
        SurroundingsError: ``not_a_backup``, ``damaged``, ``locked``; the ledger that was there is as before.
        RuleError: ``not_empty`` or ``other_ledger``: the folder holds something else.
    """
    folder = LedgerFolder.of(into)
    with _opened(backup) as archive:
        listing = _listing(archive)
        with telling(folder.root):
            if folder.root.exists() and (not folder.root.is_dir() or folder.holds_other_things()):
                raise RuleError(
                    "not_empty", f"“{folder.root.name}”里已经有别的东西，没有恢复。", "请换一个空的或新的文件夹。"
                )
            bringing = _Bringing(folder.root, sum(one.file_size for one in archive.infolist()), progress)
            folder.root.mkdir(parents=True, exist_ok=True)
            folder.make()
        try:
            with _locked(folder.root, clock):
                missing = _restored(archive, listing, folder, clock, bringing)
        except Cancelled:
            bringing.take_back()
            raise
    return Restored(folder.root, missing)


@contextlib.contextmanager
def _locked(root: Path, clock: Clock) -> Iterator[None]:
    lock = LedgerLock(root, clock)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _restored(
    archive: zipfile.ZipFile, listing: _Listing, folder: LedgerFolder, clock: Clock, bringing: _Bringing
) -> tuple[str, ...]:
    copy = folder.part(FolderPart.BACKUPS) / f"{DATABASE_NAME}{PART}"
    try:
        _extract_database(archive, copy, listing.database, bringing)
        present = _ledger_id(folder.database)
        if present is not None and present != _ledger_id(copy):
            raise RuleError(
                "other_ledger", f"“{folder.root.name}”里是另一本台账，没有恢复。", "请换一个空的或新的文件夹。"
            )
        missing = tuple(_member(file) for file in listing.files if not _bring_file(archive, folder, file, bringing))
        bringing.step()
        _swap(folder, copy, clock)
    finally:
        # Whatever went wrong is the first reason; a copy that stays is removed at the next opening.
        with contextlib.suppress(OSError):
            copy.unlink(missing_ok=True)
    return missing


def _ledger_id(database: Path) -> str | None:
    """Which ledger a file is; None where it is away or so damaged that it cannot say."""
    if not database.is_file():
        return None
    try:
        connection = driver.connect_to_read(database)
        try:
            row = connection.execute("SELECT id FROM ledger").fetchone()
        finally:
            connection.close()
    except driver.Error:
        return None
    return str(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a backup says of itself: the hash of its database, and the files that the ledger had."""

    database: str
    files: tuple[StoredFile, ...]


def _opened(backup: Path) -> zipfile.ZipFile:
    try:
        with telling(backup):
            return zipfile.ZipFile(backup)
    except (*_UNREADABLE, ValueError) as error:
        raise SurroundingsError(
            "not_a_backup", f"“{backup.name}”不是完整的备份文件，没有恢复。", "请换一份备份。"
        ) from error


def _listing(archive: zipfile.ZipFile) -> _Listing:
    refusal = SurroundingsError("not_a_backup", "这个文件不是本程序的备份，没有恢复。", "请选择 .gdbak 文件。")
    try:
        info = archive.getinfo(LIST_NAME)
        if info.file_size > _MOST_LIST_BYTES:
            raise refusal
        listing = json.loads(archive.read(info))
        if not isinstance(listing, dict) or listing["format"] != FORMAT:
            raise refusal
        files = [
            StoredFile(str(one["sha256"]), int(one["size"]), str(FolderPart(one["part"])), str(one["suffix"]))
            for one in listing["files"]
        ]
    except (*_UNREADABLE, ValueError, TypeError) as error:
        raise refusal from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a damaged directory leads to places before the file begins
            raise
        raise refusal from error
    if not all(_HEX.fullmatch(file.sha256) and (not file.suffix or SUFFIXES.fullmatch(file.suffix)) for file in files):
        raise refusal
    return _Listing(str(listing["database"]), tuple(files))


def _extract(archive: zipfile.ZipFile, name: str, out: IO[bytes], most: int, sha256: str, bringing: _Bringing) -> None:
    """Unpack one member, counting what really comes out.

    Raises:
        _NotAsStatedError: More comes out than may, or something else.
    """
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise _NotAsStatedError(name)
            digest.update(chunk)
            out.write(chunk)
            bringing.step(len(chunk))
    if digest.hexdigest() != sha256:
        raise _NotAsStatedError(name)


def _extract_database(archive: zipfile.ZipFile, copy: Path, sha256: str, bringing: _Bringing) -> None:
    refusal = SurroundingsError("damaged", "备份文件已损坏，没有恢复。台账没有变。", "请换一份备份。")
    try:
        with telling(copy), copy.open("wb") as out:
            _extract(archive, DATABASE_NAME, out, _MOST_DATABASE_BYTES, sha256, bringing)
            out.flush()
            os.fsync(out.fileno())
    except _UNREADABLE as error:
        raise refusal from error
    user_version(copy)
    with in_words():
        connection = driver.connect(copy, "ro", immutable=True)
        try:
            if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise refusal
        finally:
            connection.close()


def _bring_file(archive: zipfile.ZipFile, folder: LedgerFolder, file: StoredFile, bringing: _Bringing) -> bool:
    """Whether the file lies in the folder afterwards, with the right content."""
    target = folder.path_of(file)
    there = target.is_file()
    if there and digest_of(target).sha256 == file.sha256:
        bringing.step(file.size)
        return True
    try:
        with writing(target) as out:
            _extract(archive, _member(file), out, file.size, file.sha256, bringing)
    except _UNREADABLE:
        return False
    if not there:
        bringing.brought(target)
    return True


def _swap(folder: LedgerFolder, copy: Path, clock: Clock) -> None:
    """Put the restored database in place; the one that was there stays beside it.

    Before the last rename there is no write-ahead log beside the old file: left behind, it would be played into the
    new one.
    """
    with telling(folder.database):
        if folder.database.is_file():
            stamp = f"{clock.now().astimezone():%Y%m%d-%H%M%S}"
            _set_aside(folder.database, folder.part(FolderPart.BACKUPS) / f"恢复前_{stamp}.gengdi")
            sync_folder(folder.root)
        with copy.open("rb+") as stream:
            os.fsync(stream.fileno())
        copy.replace(folder.database)
        sync_folder(folder.root)


def _set_aside(database: Path, kept: Path) -> None:
    """Keep the ledger that was there, with what its log holds; what SQLite cannot read is kept byte by byte."""
    log, kept_log = driver.log_of(database), driver.log_of(kept)
    # Kept first: SQLite throws the log of a broken file away.
    if log.exists() and log.stat().st_size:
        copy_whole(log, kept_log)
    try:
        connection = driver.connect(database, "rw")
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
        kept_log.unlink(missing_ok=True)
    except driver.Error:
        _log.info("an unreadable ledger is set aside byte by byte")
    copy_whole(database, kept)
    log.unlink(missing_ok=True)
    database.with_name(database.name + "-shm").unlink(missing_ok=True)
