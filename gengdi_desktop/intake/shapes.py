"""Files of shapes as tables: the attributes as sheets, the outlines beside them until they are written."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from gengdi_desktop.geo.localities import Locality
from gengdi_desktop.geo.readers import is_shapes, shapefile_of
from gengdi_desktop.geo.refusals import refusal
from gengdi_desktop.intake.shape_records import OutlineRecord, records
from gengdi_desktop.sheets.cells import ForeignWorkbook
from gengdi_desktop.sheets.reader import DEFAULT_LIMITS, OtherReader, ReadLimits, passing_folder, read_workbook
from gengdi_desktop.system.child import JsonValue

_ENTRY = "gengdi_desktop.intake.shapes_child:read"
_SUFFIX = ".rows.shapes"
_SET = (".shp", ".dbf", ".prj", ".cpg", ".shx")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LayerTold:
    """What is known of a layer besides its rows.

    Args:
        name: As the file calls it.
        crs: The system of its coordinates; empty where its shapes are not placed.
        notes: Codes and Chinese sentences.
        outlines: How many of its features have an outline.
    """

    name: str
    crs: str
    notes: tuple[tuple[str, str], ...]
    outlines: int


@dataclass(frozen=True, slots=True)
class ShapesRead:
    """The outlines of a file that has been read; close it when done with it.

    Args:
        layers: What is known of each layer, in the order of the sheets.
        folder: Where the passing files lie.
    """

    layers: tuple[LayerTold, ...]
    folder: Path

    def records(self) -> Iterator[OutlineRecord]:
        """Stream the outlines, in the order of layers and rows."""
        return records(self.folder / "outlines")

    def close(self) -> None:
        """Remove the passing files."""
        shutil.rmtree(self.folder, ignore_errors=True)


def read_shapes(
    path: Path,
    near: Locality | None,
    *,
    cancelled: Callable[[], bool] | None = None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> tuple[ForeignWorkbook, ShapesRead]:
    """Read a file of shapes in a child process.

    Args:
        path: The file; a side file of a shapefile leads to it.
        near: Where the plots are expected.
        cancelled: Asked while the child works; when it answers true the child is stopped.
        limits: What it may cost.

    Raises:
        SurroundingsError: One Chinese sentence for each reason.
        ChildFailure: The reader ran out of memory or time, or crashed.
        Cancelled: ``cancelled`` answered true.
    """
    chosen = shapefile_of(path)
    digest = _digest(chosen, limits)
    folder = passing_folder() / f"{uuid.uuid4().hex}{_SUFFIX}"
    (folder / "unpacked").mkdir(mode=0o700, parents=True)
    arguments: dict[str, JsonValue] = {
        "outlines": str(folder / "outlines"),
        "notes": str(folder / "notes"),
        "folder": str(folder / "unpacked"),
        "near": None if near is None else [near.name, *near.centre, near.reach],
    }
    book = None
    try:
        other = OtherReader(_ENTRY, arguments, digest)
        book = read_workbook(chosen, limits=limits, cancelled=cancelled, other=other)
        told = orjson.loads((folder / "notes").read_bytes())
        shutil.rmtree(folder / "unpacked", ignore_errors=True)
    except BaseException:
        if book is not None:
            book.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    layers = tuple(
        LayerTold(one["layer"], one["crs"], tuple((code, text) for code, text in one["notes"]), one["outlines"])
        for one in told
    )
    return book, ShapesRead(layers, folder)


@contextlib.contextmanager
def file_to_keep(path: Path) -> Iterator[Path]:
    """The one file that a ledger keeps of a list: the files of a shapefile or geodatabase packed together.

    The same files give the same bytes.
    """
    members = _members(path)
    if not members:
        yield path
        return
    packed = passing_folder() / f"{uuid.uuid4().hex}.rows.zip"
    try:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for member in members:
                entry = zipfile.ZipInfo(f"{path.stem}/{member.name}", _LONG_AGO)
                with archive.open(entry, "w", force_zip64=True) as inside, member.open("rb") as plain:
                    shutil.copyfileobj(plain, inside, _MEGABYTE)
        yield packed
    except OSError:
        raise refusal("file_unreadable") from None
    finally:
        packed.unlink(missing_ok=True)


def _members(path: Path) -> list[Path]:
    """The files that belong together with a chosen one; empty where it stands alone."""
    if not is_shapes(path):
        return []
    if path.is_dir():
        return sorted(one for one in path.iterdir() if one.is_file() and one.suffix != ".lock")
    if path.suffix.lower() == ".gdbtable":
        return _members(path.parent)
    if path.suffix.lower() != ".shp":
        return []
    stem = path.stem.casefold()
    return sorted(one for one in path.parent.iterdir() if one.stem.casefold() == stem and one.suffix.lower() in _SET)


def _digest(path: Path, limits: ReadLimits) -> str:
    """The hash of the bytes that will be kept; refuses what need not be given to a child at all."""
    try:
        if not path.exists():
            raise refusal("file_missing")
        if path.is_file() and not path.stat().st_size:
            raise refusal("file_empty")
        if sum(one.stat().st_size for one in _members(path) or [path]) > limits.file_mb * _MEGABYTE:
            raise refusal("file_too_large")
        with file_to_keep(path) as kept, kept.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise refusal("file_unreadable") from None
