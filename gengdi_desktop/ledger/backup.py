"""Backup and restore: one zip of a checked database copy, the list of files, and with ``full`` the files too."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.ledger.folder import DATABASE_NAME, FolderPart, LedgerFolder, StoredFile
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
from gengdi_desktop.system.ledger_lock import HOLDER_NAME, LOCK_NAME, LedgerLock

if TYPE_CHECKING:
    from gengdi_desktop.system.clock import Clock

SUFFIX = ".gdbak"
LIST_NAME = "files.json"
FORMAT = 1
_MOST_DATABASE_BYTES = 64 * 1024**3
_MOST_LIST_BYTES = 256 * 1024**2
_CHUNK = 1024 * 1024
_SPARE_BYTES = 16 * 1024 * 1024


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
    plain = "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in name).strip(" .") or "台账"
    return f"{plain}_{at.astimezone():%Y%m%d-%H%M%S}{SUFFIX}"


def make(folder: LedgerFolder, name: str, clock: Clock, *, places: tuple[Path, ...] = (), full: bool = False) -> Backup:
    """Make a backup in ``backups/`` (or the first of ``places``) and copy it to the others.

    Nothing stands under its final name before it is whole, checked and on the disk.

    Raises:
        SurroundingsError: No room, a broken disk, or the copy of the database did not pass its check.
    """
    first, *others = places or (folder.part(FolderPart.BACKUPS),)
    with telling(first):
        first.mkdir(parents=True, exist_ok=True)
    target = _free_name(first / file_name(name, clock.now()))
    require_room(first, folder.database.stat().st_size * 2 + _SPARE_BYTES)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=first) as work:
        copy = Path(work) / DATABASE_NAME
        files = _database_copy(folder.database, copy)
        _write_zip(target, folder, copy, files, full=full)
    found = digest_of(target)
    _verify(target)
    copies = []
    for place in others:
        with telling(place):
            place.mkdir(parents=True, exist_ok=True)
        beside = place / target.name
        if copy_whole(target, beside) != found or digest_of(beside) != found:
            beside.unlink(missing_ok=True)
            raise SurroundingsError(
                "copy_differs", f"备份复制到“{place.name}”后校验不一致，已删去那一份。", "请换一个U盘或磁盘再备份。"
            )
        copies.append(beside)
    return Backup(target, found.sha256, found.size, tuple(copies))


def _free_name(target: Path) -> Path:
    number = 2
    free = target
    while free.exists():
        free = target.with_name(f"{target.stem}-{number}{SUFFIX}")
        number += 1
    return free


def _database_copy(source: Path, copy: Path) -> list[dict[str, Any]]:
    """A consistent copy of a database that may be open and in use, checked; returns its list of stored files."""
    with in_words():
        connection = driver.connect(source, "ro")
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
    return [{"sha256": sha, "part": part, "suffix": suffix, "size": size} for sha, part, suffix, size in rows]


def _write_zip(target: Path, folder: LedgerFolder, copy: Path, files: list[dict[str, Any]], *, full: bool) -> None:
    with copy.open("rb") as stream:
        database = hashlib.file_digest(stream, "sha256").hexdigest()
    listing = {"format": FORMAT, "database": database, "full": full, "files": files}
    with writing(target) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(copy, DATABASE_NAME)
        if full:
            for entry in files:
                path = folder.path_of(StoredFile(entry["sha256"], entry["size"], entry["part"], entry["suffix"]))
                if path.is_file():
                    archive.write(path, _member(entry), zipfile.ZIP_STORED)
        archive.writestr(LIST_NAME, json.dumps(listing, ensure_ascii=False, sort_keys=True))


def _member(entry: dict[str, Any]) -> str:
    return f"{entry['part']}/{entry['sha256']}{entry['suffix']}"


def _verify(target: Path) -> None:
    """Read a backup back to its end: every member against its checksum, the database against the list."""
    with telling(target), zipfile.ZipFile(target) as archive:
        if archive.testzip() is not None:
            raise SurroundingsError("copy_damaged", "备份写完后读不回来，请换一个盘再备份。台账没有变。")


# --------------------------------------------------------------------------------------------------------------- restore


def restore(backup: Path, into: Path, clock: Clock) -> Restored:
    """Bring a backup back as a ledger folder.

    Into an empty or new folder; into a ledger's own folder too, whose database is first kept as ``恢复前``.
    Files come from the backup, else from the folder itself; what neither has is named.

    Raises:
        SurroundingsError: ``not_a_backup``, ``damaged``; nothing was changed.
        RuleError: The folder holds something else.
    """
    folder = LedgerFolder.of(into)
    if folder.root.exists() and _holds_other_things(folder.root):
        raise RuleError("not_empty", f"“{folder.root.name}”里已经有别的东西，没有恢复。", "请换一个空的或新的文件夹。")
    with telling(folder.root):
        folder.root.mkdir(parents=True, exist_ok=True)
        folder.make()
    lock = LedgerLock(folder.root, clock)
    lock.acquire()
    try:
        with tempfile.TemporaryDirectory(prefix="restore-", dir=folder.part(FolderPart.BACKUPS)) as work:
            copy = Path(work) / DATABASE_NAME
            with _opened(backup) as archive:
                listing = _listing(archive)
                _extract_database(archive, copy, listing["database"])
                missing = tuple(_member(e) for e in listing["files"] if not _bring_file(archive, folder, e))
            _swap(folder, copy, clock)
    finally:
        lock.release()
    return Restored(folder.root, missing)


def _opened(backup: Path) -> zipfile.ZipFile:
    try:
        with telling(backup):
            return zipfile.ZipFile(backup)
    except zipfile.BadZipFile as error:
        raise SurroundingsError(
            "not_a_backup", f"“{backup.name}”不是完整的备份文件，没有恢复。", "请换一份备份。"
        ) from error


def _listing(archive: zipfile.ZipFile) -> dict[str, Any]:
    refusal = SurroundingsError("not_a_backup", "这个文件不是本程序的备份，没有恢复。", "请选择 .gdbak 文件。")
    try:
        info = archive.getinfo(LIST_NAME)
        if info.file_size > _MOST_LIST_BYTES:
            raise refusal
        listing = json.loads(archive.read(info))
        if not isinstance(listing, dict) or listing["format"] != FORMAT:
            raise refusal
        entries = [
            {
                "sha256": str(e["sha256"]),
                "part": str(FolderPart(e["part"])),
                "suffix": str(e["suffix"]),
                "size": int(e["size"]),
            }
            for e in listing["files"]
        ]
        if any("/" in e["suffix"] or "\\" in e["suffix"] or not _is_digest(e["sha256"]) for e in entries):
            raise refusal
        return {"database": str(listing["database"]), "files": entries}
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise refusal from error


def _is_digest(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)


def _extract(archive: zipfile.ZipFile, name: str, target: Path, most: int) -> Digest:
    """Unpack one member, counting what really comes out."""
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as stream, target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise SurroundingsError("damaged", "备份文件里的内容大得不对，没有恢复。", "请换一份备份。")
            digest.update(chunk)
            out.write(chunk)
    return Digest(digest.hexdigest(), size)


def _extract_database(archive: zipfile.ZipFile, copy: Path, stated: str) -> None:
    refusal = SurroundingsError("damaged", "备份文件已损坏，没有恢复。台账没有变。", "请换一份备份。")
    try:
        with telling(copy):
            found = _extract(archive, DATABASE_NAME, copy, _MOST_DATABASE_BYTES)
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        raise refusal from error
    if found.sha256 != stated:
        raise refusal
    user_version(copy)
    with in_words():
        connection = driver.connect(copy, "ro", immutable=True)
        try:
            if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise refusal
        finally:
            connection.close()


def _bring_file(archive: zipfile.ZipFile, folder: LedgerFolder, entry: dict[str, Any]) -> bool:
    """Whether the file lies in the folder afterwards, with the right content."""
    wanted = Digest(entry["sha256"], entry["size"])
    target = folder.path_of(StoredFile(wanted.sha256, wanted.size, entry["part"], entry["suffix"]))
    if target.is_file() and digest_of(target) == wanted:
        return True
    try:
        archive.getinfo(_member(entry))
    except KeyError:
        return False
    part = target.with_name(target.name + PART)
    try:
        with telling(target):
            if _extract(archive, _member(entry), part, wanted.size) != wanted:
                return False
            part.replace(target)
    except (zipfile.BadZipFile, EOFError):
        return False
    finally:
        part.unlink(missing_ok=True)
    return True


def _swap(folder: LedgerFolder, copy: Path, clock: Clock) -> None:
    """Put the restored database in place; the one that was there stays beside it.

    Before the last rename there is no write-ahead log beside the old file: left behind, it would be played into the
    new one.
    """
    with telling(folder.database):
        if folder.database.is_file():
            kept = folder.part(FolderPart.BACKUPS) / f"恢复前_{clock.now().astimezone():%Y%m%d-%H%M%S}.gengdi"
            _set_aside(folder.database, kept)
        with copy.open("rb+") as stream:
            os.fsync(stream.fileno())
        copy.replace(folder.database)
        sync_folder(folder.root)


def _set_aside(database: Path, kept: Path) -> None:
    log, index = (database.with_name(database.name + ending) for ending in ("-wal", "-shm"))
    try:
        _database_copy(database, kept)
        connection = driver.connect(database, "rw")
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    except (driver.Error, SurroundingsError):
        # What SQLite cannot read any more is kept byte by byte, for whoever may still save something.
        copy_whole(database, kept)
        if log.exists():
            copy_whole(log, kept.with_name(kept.name + "-wal"))
    log.unlink(missing_ok=True)
    index.unlink(missing_ok=True)


def _holds_other_things(root: Path) -> bool:
    ours = {
        *map(str, FolderPart),
        DATABASE_NAME,
        f"{DATABASE_NAME}-wal",
        f"{DATABASE_NAME}-shm",
        LOCK_NAME,
        HOLDER_NAME,
    }
    return any(path.name not in ours for path in root.iterdir())
