"""Files packed in a zip, unpacked within limits into a folder that the caller removes; names in Chinese codings too."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Final

from gengdi_desktop.geo.refusals import refusal

_UTF8_NAMES: Final = 0x800
_LOCKED: Final = 0x1
_MOST_ENTRIES: Final = 5000
_PIECE: Final = 1 << 20
_LONGEST_NAME: Final = 120
WANTED: Final = frozenset(
    {".shp", ".dbf", ".prj", ".cpg", ".gpkg", ".geojson", ".json", ".kml"}
    | {".gdbtable", ".gdbtablx", ".gdbindexes", ".atx", ".spx", ".freelist", ".horizon"}
)
"""What is unpacked; pictures, indexes and papers in the same zip are left alone."""


def names_of(path: Path) -> tuple[str, ...]:
    """The names in a zip as people gave them.

    Raises:
        SurroundingsError: ``zip_damaged``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(true_name(entry) for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError):
        raise refusal("zip_damaged") from None


def true_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry: old Chinese programs write GBK without saying so."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAMES:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return name
        for coding in ("utf-8", "gb18030"):
            try:
                return raw.decode(coding)
            except UnicodeDecodeError:
                continue
    return name


def unpack(path: Path, folder: Path, limit: int) -> list[Path]:
    """Unpack what shapes are made of; names that climb out of the folder stay in it.

    Args:
        path: The zip.
        folder: An empty folder.
        limit: So many bytes all files together may have.

    Raises:
        SurroundingsError: ``zip_damaged``, ``zip_locked``, ``unpacks_too_large``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpack(archive, folder, limit)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, zlib.error):
        raise refusal("zip_damaged") from None


def _unpack(archive: zipfile.ZipFile, folder: Path, limit: int) -> list[Path]:
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise refusal("unpacks_too_large")
    made: list[Path] = []
    left = limit
    for entry in entries:
        name = PurePosixPath(true_name(entry).replace("\\", "/"))
        if entry.is_dir() or name.suffix.lower() not in WANTED or name.name.startswith("._"):
            continue
        if entry.flag_bits & _LOCKED:
            raise refusal("zip_locked")
        target = _target(folder, name)
        with archive.open(entry) as packed, target.open("wb") as plain:
            left -= _copy(packed, plain, left)
        made.append(target)
    return made


def _target(folder: Path, name: PurePosixPath) -> Path:
    parts = [part[:_LONGEST_NAME] for part in name.parts if part not in {"", ".", "..", "/"} and ":" not in part]
    target = folder.joinpath(*(parts or ["unnamed"]))
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _copy(packed: IO[bytes], plain: IO[bytes], left: int) -> int:
    """Copy within what is left; told by what comes out, whatever the entry says of itself."""
    copied = 0
    while piece := packed.read(_PIECE):
        copied += len(piece)
        if copied > left:
            raise refusal("unpacks_too_large")
        plain.write(piece)
    return copied
