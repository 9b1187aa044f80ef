"""All files below what a person chose, and a plain sentence for each that can be no evidence by what it is."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.evidence.media import HEAD_BYTES, is_program, is_read_first, media_type
from gengdi_desktop.evidence.naming import readable_name
from gengdi_desktop.system.files import told

_SYSTEM_NAMES = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
_VIDEOS = frozenset({".mp4", ".mov", ".avi", ".3gp", ".mkv", ".wmv", ".flv", ".mpg", ".mpeg", ".m4v", ".webm"})
_SOUNDS = frozenset({".mp3", ".amr", ".m4a", ".wav", ".aac", ".silk"})
_ARCHIVES = frozenset({".rar", ".7z", ".gz", ".tar", ".zip", ".bz2"})
_ARCHIVE_BEGINNINGS = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_DOCUMENTS = frozenset({".doc", ".docx", ".xls", ".xlsx", ".et", ".wps", ".ppt", ".pptx", ".txt", ".csv", ".ofd"})
_SENTENCES: Mapping[str, str] = {
    "hidden": "是隐藏文件，没有收下",
    "system_file": "是系统自己放的文件，不是照片，没有收下",
    "video": "是视频，没有收下；请截取照片，或另外保存",
    "sound": "是录音，没有收下",
    "archive": "是压缩包，没有收下；请先解压",
    "document": "是文档，不是照片或扫描件，没有收下；作为书面材料请附到图斑上",
    "program": "是程序，没有收下",
    "link": "是快捷方式，不是文件，没有收下",
    "not_a_file": "不是普通文件，没有收下",
    "empty": "是空文件，没有收下；请重新拷一份",
}
_HEAD: Final = max(HEAD_BYTES, 16)
_VIDEO_BRANDS = (b"mp4", b"isom", b"qt  ", b"M4V", b"3gp", b"avc1", b"iso2", b"MSNV")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file.

    Attributes:
        path: Where it lies.
        file: How it is spoken of: its path below what was chosen, in readable names.
        parts: The names of its folders, from the chosen one on, and its own without the ending.
        name: Its own name, readable.
        size: In bytes.
    """

    path: Path
    file: str
    parts: tuple[str, ...]
    name: str
    size: int

    @property
    def source(self) -> str:
        """Its folders, as they may tell a village or plot later."""
        return "/".join(self.parts[:-1])


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that is not taken in: how it is spoken of, a code, and a Chinese sentence."""

    file: str
    code: str
    message: str


def every_file(paths: Sequence[Path]) -> Iterator[FoundFile | RefusedFile]:
    """All files of the paths and below them, in the order of their names, each as found or refused.

    Links are not followed, so that nothing is taken from elsewhere and no circle is walked.
    """
    for path in paths:
        whole = path.absolute()
        folder = readable_name(whole.name)
        if whole.is_dir() and not whole.is_symlink():
            yield from _below(whole, (folder,), ())
        else:
            yield _one(whole, (readable_name(whole.parent.name),), ())


def _below(folder: Path, context: tuple[str, ...], below: tuple[str, ...]) -> Iterator[FoundFile | RefusedFile]:
    """The files of one folder and those below it; a stack of our own, since trees may be deeper than Python's."""
    waiting = [(folder, context, below)]
    while waiting:
        here, names, under = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as failed:
            yield _failed("/".join(under) or readable_name(here.name), failed)
            continue
        folders = []
        for entry in entries:
            called = readable_name(entry.name)
            if entry.is_dir(follow_symlinks=False):
                folders.append((Path(entry.path), (*names, called), (*under, called)))
            else:
                yield _one(Path(entry.path), names, under)
        waiting.extend(reversed(folders))


def _one(path: Path, context: tuple[str, ...], below: tuple[str, ...]) -> FoundFile | RefusedFile:
    name = readable_name(path.name)
    file = "/".join((*below, name))
    try:
        known = path.lstat()
        code = _not_evidence(path, name, known)
    except OSError as failed:
        return _failed(file, failed)
    if code:
        return RefusedFile(file, code, f"“{name}”{_SENTENCES[code]}。")
    return FoundFile(path, file, (*context, Path(name).stem), name, known.st_size)


def _not_evidence(path: Path, name: str, known: os.stat_result) -> str:
    """Why a file can be no evidence, by its name, its kind or its first bytes; empty where it may be."""
    ending = Path(name).suffix.lower()
    if stat.S_ISLNK(known.st_mode):
        return "link"
    if not stat.S_ISREG(known.st_mode):
        return "not_a_file"
    if name.lower() in _SYSTEM_NAMES:
        return "system_file"
    if name.startswith((".", "~$")) or getattr(known, "st_file_attributes", 0) & getattr(
        stat, "FILE_ATTRIBUTE_HIDDEN", 0
    ):
        return "system_file" if name == ".DS_Store" or name.startswith("._") else "hidden"
    if not known.st_size:
        return "empty"
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return _by_bytes(head, ending)


def _by_bytes(head: bytes, ending: str) -> str:
    """The bytes tell; the ending is asked only where they do not."""
    kind = media_type(head)
    if is_read_first(kind):
        return ""
    video = head[4:8] == b"ftyp" and head[8:].startswith(_VIDEO_BRANDS)
    archive = kind == "application/zip" or head.startswith(_ARCHIVE_BEGINNINGS)
    kinds = (
        ("program", is_program(head)),
        ("video", video or ending in _VIDEOS),
        ("sound", ending in _SOUNDS),
        ("document", ending in _DOCUMENTS),
        ("archive", archive or ending in _ARCHIVES),
    )
    return next((code for code, holds in kinds if holds), "")


def _failed(file: str, failed: OSError) -> RefusedFile:
    return refused_for(file, told(failed, Path(file)))


def refused_for(file: str, why: GengdiError) -> RefusedFile:
    """A file that reading refused, under the name by which it is spoken of."""
    return RefusedFile(file, why.code, why.message)
