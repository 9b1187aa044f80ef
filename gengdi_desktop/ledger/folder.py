"""The folder of a ledger: the database and, beside it, files named by their hash and never changed."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.storage.tables import StoredFileRow
from gengdi_desktop.system.files import Digest, copy_whole, digest_of, opened, write_whole

if TYPE_CHECKING:
    from gengdi_desktop.storage.unit_of_work import Work

DATABASE_NAME = "ledger.gengdi"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


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

    def part(self, part: FolderPart | str) -> Path:
        """One of the sub-folders."""
        return self.root / str(part)

    def make(self) -> None:
        """Make the folder and its parts."""
        for part in FolderPart:
            self.part(part).mkdir(parents=True, exist_ok=True)

    def path_of(self, file: StoredFile | StoredFileRow) -> Path:
        """Where a stored file lies."""
        if isinstance(file, StoredFileRow):
            return self.part(file.folder) / f"{file.id}{file.suffix}"
        return self.part(file.part) / f"{file.sha256}{file.suffix}"

    def keep(self, part: FolderPart, source: bytes | Path, suffix: str = "") -> StoredFile:
        """Put bytes or a file into the folder under the name of their hash; whole on the disk when this returns.

        The source is left as it is. A file that is there already with the right content is not written again.

        Raises:
            SurroundingsError: The source cannot be read, or the disk is full or broken.
        """
        ending = suffix.lower() or (source.suffix.lower() if isinstance(source, Path) else "")
        ending = ending if _SUFFIX.fullmatch(ending) else ""
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

    def read(self, file: StoredFile | StoredFileRow) -> bytes:
        """The bytes of a stored file, verified against its hash.

        Raises:
            SurroundingsError: ``file_missing`` or ``file_damaged``.
        """
        path, sha256 = self.path_of(file), file.id if isinstance(file, StoredFileRow) else file.sha256
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


def file_label(file: StoredFile | StoredFileRow) -> str:
    """A short name for people: the part and the first digits of the hash."""
    if isinstance(file, StoredFileRow):
        return f"{file.folder}/{file.id[:12]}{file.suffix}"
    return f"{file.part}/{file.sha256[:12]}{file.suffix}"


def record_file(work: Work, file: StoredFile) -> str:
    """Make sure that the action's rows may refer to a kept file; returns its key, the hash."""
    if work.session.get(StoredFileRow, file.sha256) is None:
        work.session.add(StoredFileRow(id=file.sha256, folder=file.part, suffix=file.suffix, size=file.size))
    return file.sha256
