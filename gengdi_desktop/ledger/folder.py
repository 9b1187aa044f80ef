"""The folder of a ledger: the database and, beside it, files named by their hash and never changed."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.ledger import store
from gengdi_desktop.system.files import PART, Digest, copy_whole, digest_of, opened, telling, write_whole
from gengdi_desktop.system.ledger_lock import HOLDER_NAME, LOCK_NAME

if TYPE_CHECKING:
    from gengdi_desktop.storage.unit_of_work import Work

DATABASE_NAME = "ledger.gengdi"
LOCK_FILES = frozenset({LOCK_NAME, HOLDER_NAME})
SUFFIXES = re.compile(r"\.[a-z0-9]{1,8}")


class FolderPart(StrEnum):
    """The sub-folders of a ledger."""

    EVIDENCE = "evidence"
    ISSUED = "issued"
    REPORTS = "reports"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the folder: its SHA-256 in hex, its size in bytes, where it lies and the ending of its name."""

    sha256: str
    size: int
    part: str
    suffix: str


class FileRow(Protocol):
    """A row of the table of stored files."""

    id: str
    folder: str
    suffix: str


class LedgerFolder:
    """The paths of one ledger, and the only way in and out for its files."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of(cls, path: Path) -> LedgerFolder:
        """The folder meant by a path: the folder itself, or its ``ledger.gengdi``."""
        return cls(path.parent if path.name == DATABASE_NAME else path)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.root / DATABASE_NAME

    @property
    def unfinished(self) -> Path:
        """Where the SQLite file of a ledger lies while it is being made."""
        return self.root / (DATABASE_NAME + PART)

    def is_unused(self) -> bool:
        """Whether nothing lies in the folder but what a creation left that never finished."""
        for entry in self.root.iterdir():
            if entry.name in set(FolderPart):
                if not entry.is_dir() or any(entry.iterdir()):
                    return False
            elif entry.name not in LOCK_FILES and not entry.name.startswith(self.unfinished.name):
                return False
        return True

    def clear_leftovers(self) -> None:
        """Remove the database of a creation that never finished."""
        for left in self.root.glob(self.unfinished.name + "*"):
            with telling(left):
                left.unlink(missing_ok=True)

    def holds_other_things(self) -> bool:
        """Whether something lies in the folder that belongs to no ledger."""
        return any(
            entry.name not in LOCK_FILES
            and entry.name not in set(FolderPart)
            and not entry.name.startswith(DATABASE_NAME)
            for entry in self.root.iterdir()
        )

    def part(self, part: FolderPart | str) -> Path:
        """One of the sub-folders."""
        return self.root / str(part)

    def make(self) -> None:
        """Make the folder and its parts."""
        for part in FolderPart:
            self.part(part).mkdir(parents=True, exist_ok=True)

    def path_of(self, file: StoredFile | FileRow) -> Path:
        """Where a stored file lies."""
        part, sha256, suffix = _named(file)
        return self.part(part) / f"{sha256}{suffix}"

    def keep(self, part: FolderPart, source: bytes | Path, suffix: str = "") -> StoredFile:
        """Put bytes or a file into the folder under the name of their hash; whole on the disk when this returns.

        The source is left as it is. A file that is there already with the right content is not written again.

        Raises:
            SurroundingsError: The source cannot be read, or the disk is full or broken.
        """
        ending = suffix.lower() or (source.suffix.lower() if isinstance(source, Path) else "")
        ending = ending if SUFFIXES.fullmatch(ending) else ""
        found = (
            digest_of(source) if isinstance(source, Path) else Digest(hashlib.sha256(source).hexdigest(), len(source))
        )
        target = self.part(part) / f"{found.sha256}{ending}"
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (target.is_file() and digest_of(target) == found):
            written = copy_whole(source, target) if isinstance(source, Path) else write_whole(target, source)
            if written != found:
                target.unlink(missing_ok=True)
                raise SurroundingsError(
                    "file_changed", "文件在读取时被改动，没有收下。台账没有变。", "请等复制完成后再选一次。"
                )
        return StoredFile(found.sha256, found.size, part.value, ending)

    def read(self, file: StoredFile | FileRow) -> bytes:
        """The bytes of a stored file, verified against its hash.

        Raises:
            SurroundingsError: ``file_missing`` or ``file_damaged``.
        """
        path, sha256 = self.path_of(file), _named(file)[1]
        if not path.is_file():
            raise SurroundingsError(
                "file_missing", f"台账文件夹里少了文件“{file_label(file)}”。", "请从备份里找回后再试。"
            )
        with opened(path) as stream:
            data = stream.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise SurroundingsError(
                "file_damaged", f"文件“{file_label(file)}”的内容被改动或损坏，不能采用。", "请从备份里找回后再试。"
            )
        return data

    @property
    def writable(self) -> bool:
        """Whether this user may write here."""
        return os.access(self.root, os.W_OK) and os.access(self.database, os.W_OK)


def file_label(file: StoredFile | FileRow) -> str:
    """A short name for people: the part and the first digits of the hash."""
    part, sha256, suffix = _named(file)
    return f"{part}/{sha256[:12]}{suffix}"


def _named(file: StoredFile | FileRow) -> tuple[str, str, str]:
    if isinstance(file, StoredFile):
        return file.part, file.sha256, file.suffix
    return file.folder, file.id, file.suffix


def record_file(work: Work, file: StoredFile) -> str:
    """Make sure that the action's rows may refer to a kept file; returns its key, the hash."""
    store.keep_file(work.session, file.sha256, folder=file.part, suffix=file.suffix, size=file.size)
    return file.sha256
