"""The files inside a verified PDF, taken out into a folder: exactly the bytes that the verdict was about."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gengdi_desktop.errors import ProgramError, RuleError, SurroundingsError
from gengdi_desktop.signing.verdict import Attached, Verification
from gengdi_desktop.system.child import ChildFailure, read_spool, run_child
from gengdi_desktop.system.files import copy_whole, digest_of, telling

_MEMORY_MB: Final = 2048
_SECONDS: Final = 60.0
_FORBIDDEN: Final = '\\/:*?"<>|'
_LONGEST_NAME: Final = 120


def take_out(source: Path, found: Verification, out: Path) -> tuple[Path, ...]:
    """Write the files that travel inside a PDF into a folder; a name that stands there already gets a number.

    Args:
        source: The PDF.
        found: The verdict on it; nothing is taken out of a file whose content was altered.
        out: The folder.

    Raises:
        RuleError: ``not_intact``: the content cannot be believed. ``changed_since``: the file is another by now.
        SurroundingsError: The file cannot be read, the folder not be written.
    """
    if not found.intact:
        raise RuleError("not_intact", "签名不成立，里面的文件没有取出。", "请对方重新发来原件，或打电话核对。")
    with tempfile.TemporaryDirectory(prefix="gengdi-attached-") as held:
        folder = Path(held)
        names = _in_child(source, folder)
        picked = [_picked(folder, names, one) for one in found.attachments]
        with telling(out):
            out.mkdir(parents=True, exist_ok=True)
        taken = []
        for data, one in zip(picked, found.attachments, strict=True):
            target = _free(out / plain_name(one.name))
            copy_whole(data, target)
            taken.append(target)
    return tuple(taken)


def plain_name(name: str) -> str:
    """A file name without folders and without what a file system refuses; what a stranger wrote leads nowhere."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join("_" if sign in _FORBIDDEN or not sign.isprintable() else sign for sign in last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    shortened = f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if stem else kept[:_LONGEST_NAME]
    return shortened or "附件"


def _in_child(source: Path, folder: Path) -> list[str]:
    spool = folder / "names.jsonl"
    try:
        run_child(
            "gengdi_desktop.signing.attachments:serve",
            {"path": str(source.absolute()), "folder": str(folder)},
            spool=spool,
            memory_mb=_MEMORY_MB,
            seconds=_SECONDS,
        )
    except (ChildFailure, ProgramError) as error:
        raise SurroundingsError(
            "attachments_unreadable", f"“{source.name}”里面的文件读不出来，没有取出。", "请对方重新发来原件。"
        ) from error
    (told,) = read_spool(spool)
    return [str(name) for name in told] if isinstance(told, list) else []


def _picked(folder: Path, names: Sequence[str], wanted: Attached) -> Path:
    data = folder / str(names.index(wanted.name)) if wanted.name in names else None
    if data is None or digest_of(data).sha256 != wanted.sha256:
        raise RuleError("changed_since", "这份文件核验以后变了，没有取出。", "请重新核验，再取。")
    return data


def _free(target: Path) -> Path:
    number, free = 2, target
    while free.exists():
        free = target.with_name(f"{target.stem}-{number}{target.suffix}")
        number += 1
    return free
