"""Write files whole or not at all, measure the room on a disk, and tell what a disk refused in words."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gengdi_desktop.errors import SurroundingsError

PART = ".part"
"""Ending of a file that is not whole yet; one that is found later was left by a crash and may be removed."""

_CHUNK = 1024 * 1024
_MEGABYTE = 1024 * 1024
_WINDOWS_IN_USE = {32, 33}
_CODES: Mapping[int, str] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "disk_full"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "not_allowed"),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO, errno.ESTALE), "not_found"),
    errno.ENAMETOOLONG: "name_too_long",
    errno.EISDIR: "is_folder",
}
_SENTENCES: Mapping[str, tuple[str, str]] = {
    "file_in_use": (
        "文件“{name}”正被其他程序占用，没有写入。",
        "请在 WPS 或 Excel 中关闭它后重试，或换一个名字保存。",
    ),
    "disk_full": ("磁盘空间不足，“{name}”没有写入，原有内容未变。", "请清理磁盘后重试。"),
    "not_allowed": ("没有权限读写“{name}”，原有内容未变。", "请换一个位置，或请管理员开通权限后重试。"),
    "not_found": ("找不到“{name}”，可能已被移走，或者所在的盘没有插好。", "请检查位置，插好盘后重试。"),
    "name_too_long": ("文件名或路径太长：“{name}”，没有写入。", "请换一个短一些的名字或位置。"),
    "is_folder": ("“{name}”是文件夹，不是文件。", "请选择文件。"),
    "disk_error": ("读写“{name}”时磁盘出错，原有内容未变。", "请把台账复制到另一个磁盘后再继续，并检查这个磁盘。"),
}


@dataclass(frozen=True)
class Digest:
    """What tells one file from another.

    Attributes:
        sha256: 64 lower-case hex digits.
        size: Length in bytes.
    """

    sha256: str
    size: int


@contextlib.contextmanager
def writing(target: Path, *, proved: Callable[[Path], None] | None = None) -> Iterator[IO[bytes]]:
    """Give a file to write that takes the name ``target`` only when it is whole and on the disk.

    The bytes go to ``target`` + ``.part``, are synced, renamed over ``target``, and the folder is synced. Leaving by
    an exception removes the part and leaves an older ``target`` as it was. ``proved`` is called with the part before
    it takes the name, to read it back; what it raises counts as an exception.

    Raises:
        SurroundingsError: The disk is full, broken, read-only or away, or another program holds the file.
    """
    part = target.with_name(target.name + PART)
    with telling(target):
        try:
            with part.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if proved is not None:
                proved(part)
            part.replace(target)
            sync_folder(target.parent)
        except BaseException:
            # The disk that failed the writing may fail the removal too; what counts is the first reason.
            with contextlib.suppress(OSError):
                part.unlink()
            raise


def write_whole(target: Path, data: bytes) -> Digest:
    """Write ``data`` under the name ``target``, whole or not at all; see :func:`writing` for the errors."""
    with writing(target) as stream:
        stream.write(data)
    return Digest(hashlib.sha256(data).hexdigest(), len(data))


def copy_whole(source: Path, target: Path) -> Digest:
    """Copy a file, whole or not at all, in pieces; returns what was written. Errors as :func:`writing`."""
    digest = hashlib.sha256()
    size = 0
    with opened(source) as stream, writing(target) as copy:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += copy.write(chunk)
    return Digest(digest.hexdigest(), size)


def digest_of(path: Path) -> Digest:
    """Read a file in pieces and return its hash and size.

    Raises:
        SurroundingsError: It is away, or cannot be read.
    """
    size = 0
    digest = hashlib.sha256()
    with opened(path) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Digest(digest.hexdigest(), size)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading, with its faults told as :class:`SurroundingsError`."""
    with telling(path), path.open("rb") as stream:
        yield stream


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut, where the system knows how (not on Windows)."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_parts(folder: Path) -> int:
    """Remove, below ``folder``, what a crash left unfinished; returns how many files. Call it when nobody writes."""
    parts = [path for path in folder.rglob("*" + PART) if path.is_file()]
    for part in parts:
        with telling(part):
            part.unlink(missing_ok=True)
    return len(parts)


def free_bytes(folder: Path) -> int:
    """Room left on the disk of ``folder``, in bytes."""
    with telling(folder):
        return shutil.disk_usage(folder).free


def require_room(folder: Path, needed: int) -> None:
    """Refuse before the work begins, rather than half-way, when ``needed`` bytes will not fit.

    Raises:
        SurroundingsError: ``disk_full``, with the room needed and the room left in the sentence.
    """
    free = free_bytes(folder)
    if free < needed:
        raise SurroundingsError(
            "disk_full",
            f"磁盘空间不足：需要 {_in_megabytes(needed)} MB，只剩 {_in_megabytes(free)} MB，没有写入任何内容。",
            "请清理磁盘，或换一个位置后重试。",
        )


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` inside into a :class:`SurroundingsError` that names the file and what to do."""
    try:
        yield
    except OSError as error:
        raise told(error, path) from error


def told(error: OSError, path: Path) -> SurroundingsError:
    """Put what the system said about a file into a code and Chinese sentences."""
    code = "file_in_use" if getattr(error, "winerror", None) in _WINDOWS_IN_USE else _CODES.get(error.errno or 0)
    message, hint = _SENTENCES[code or "disk_error"]
    return SurroundingsError(code or "disk_error", message.format(name=path.name or path), hint)


def _in_megabytes(count: int) -> int:
    return -(-count // _MEGABYTE)
