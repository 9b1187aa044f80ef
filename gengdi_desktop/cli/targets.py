"""Where a command writes: a file that stands there already is kept unless the command line says otherwise."""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from gengdi_desktop.errors import RuleError
from gengdi_desktop.system.files import digest_of

_MOST_NAMED = 3


def require_free(paths: Iterable[Path], *, overwrite: bool, kept: Collection[str] = ()) -> None:
    """Refuse to write over files: a form may have been filled in, a report worked on.

    Args:
        paths: What would be written.
        overwrite: Whether ``--overwrite`` was said.
        kept: SHA-256 of files that the ledger keeps: writing over a copy of one of these loses nothing.

    Raises:
        RuleError: ``file_exists``.
    """
    if overwrite:
        return
    taken = [path for path in paths if path.is_file() and not (kept and digest_of(path).sha256 in kept)]
    if not taken:
        return
    names = "、".join(f"“{path}”" for path in taken[:_MOST_NAMED])
    more = f"等{len(taken)}个文件" if len(taken) > _MOST_NAMED else ""
    raise RuleError(
        "file_exists",
        f"已经有{names}{more}，没有写出，原来的文件没有变，台账没有变。",
        "请换一个文件名；确定不要原来的，加 --overwrite 盖掉它。",
    )


def report_targets(out: Path, own_stem: str, *, table: bool) -> Iterator[Path]:
    """The files that a report would take the names of: the paper, and what is written beside it under its stem.

    Args:
        out: What ``--out`` says; a folder keeps the paper's own name.
        own_stem: The paper's own name without its ending.
        table: Whether the paper is a ledger, which has its workbook under its own name.
    """
    folder, stem, main = out.parent, out.stem, out
    if out.is_dir():
        folder, stem, main = out, own_stem, out / f"{own_stem}.pdf"
    yield main
    yield from sorted(folder.glob(f"{glob.escape(stem)}_附件*"))
    yield folder / f"{stem}_数据快照.json"
    if table:
        yield folder / f"{stem}.xlsx"
