"""Copies of photos for looking and printing: upright, small, kept in the cache folder; never the photo itself.

A copy is shown only while its photo is there in its full size; one that is gone or cut is told, not hidden by its copy.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import tempfile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from PIL import Image

from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.evidence import isolated, store
from gengdi_desktop.evidence.decoding import PREVIEW_QUALITY, Decoded, as_jpeg, decode, is_calm, kind_of
from gengdi_desktop.evidence.reading import read_file
from gengdi_desktop.ledger.folder import StoredFile
from gengdi_desktop.system.files import write_whole
from gengdi_desktop.system.paths import cache_folder

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

WORKING_SIDE = 1600
"""The longest side of a working copy, in pixels."""
CACHE_BYTES = 300 * 1024 * 1024
"""How much the cache may hold; beyond it what was looked at longest ago goes."""
HASH_REMARK = "SHA-256 of the original: "
"""How the EXIF remark of a working copy begins; 64 hex digits follow."""

_FOLDER = "pictures"
_KEEP_SHARE = 0.8
_CLEAN_EVERY = 400
_BEGIN, _END = b"\xff\xd8", b"\xff\xd9"
_EXIF_MARK: Final = b"Exif\x00\x00"
_ORIENTATION, _PHOTO_PART, _UNIQUE_ID, _REMARK, _WIDTH, _HEIGHT = 0x0112, 0x8769, 0xA420, 0x9286, 0xA002, 0xA003
_ASCII_REMARK = b"ASCII\x00\x00\x00"

_log = logging.getLogger(__name__)


class _Writes:
    """Counts what was written to the cache, so that it is looked through now and then."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = 0

    def cleaning_is_due(self) -> bool:
        """Counts one; true for the first and for each four-hundredth."""
        with self._lock:
            self._count += 1
            return self._count % _CLEAN_EVERY == 1


_writes = _Writes()


def picture(ledger: Ledger, sha256: str, width: int, *, keep: bool = True) -> bytes:
    """An upright JPEG of a photo, or of the first page of a scan, no wider than asked.

    Safe to call from several threads. The first time the photo is read and verified against its hash. Without *keep*
    the copy does not go into the cache, where thousands that are needed once would push out those that are looked at.

    Raises:
        RuleError: ``unknown_file``, ``not_picture``, and what a photo that cannot be decoded is refused by.
        SurroundingsError: ``file_missing``, ``file_damaged``.
    """
    row = _row(ledger, sha256)
    place = _place(sha256, width)
    known = _cached(place) if _is_whole(ledger, row) else None
    if known is not None:
        return known
    made = _decoded(read_file(ledger, row, sha256), sha256, width).preview
    if keep:
        remember(sha256, width, made)
    return made


def remember(sha256: str, width: int, preview: bytes) -> None:
    """Put a copy that was made elsewhere into the cache; what the cache cannot take is merely made again."""
    place = _place(sha256, width)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as stream:
            stream.write(preview)
        Path(stream.name).replace(place)
        if _writes.cleaning_is_due():
            clean()
    except OSError as failed:
        _log.info("picture not kept: %s", failed)


def working_copy(ledger: Ledger, sha256: str, target: Path) -> None:
    """Write an upright JPEG for documents: at most 1600 pixels, with the EXIF of the original and its hash.

    The EXIF orientation becomes 1; the hash stands in the remark (UserComment, after :data:`HASH_REMARK`) and, as far
    as 32 digits go, in ImageUniqueID.

    Raises:
        RuleError: As :func:`picture`.
        SurroundingsError: As :func:`picture`; or the target cannot be written.
    """
    found = _decoded(read_file(ledger, _row(ledger, sha256), sha256), sha256, WORKING_SIDE)
    with Image.open(io.BytesIO(found.preview)) as image:
        if image.height > WORKING_SIDE:
            image.thumbnail((WORKING_SIDE, WORKING_SIDE))
        upright = image.convert("RGB")
        upright.info = dict(image.info)
        write_whole(target, as_jpeg(upright, PREVIEW_QUALITY, _exif_of_copy(found.exif, sha256, upright.size)))


def clean(most: int = CACHE_BYTES) -> int:
    """Remove from the cache what was looked at longest ago, until it holds clearly less than ``most`` bytes.

    Returns:
        How many files went.
    """
    files: list[tuple[float, int, Path]] = []
    for path in (cache_folder() / _FOLDER).glob("*/*"):
        with contextlib.suppress(OSError):
            known = path.stat()
            files.append((known.st_mtime, known.st_size, path))
    held = sum(size for _, size, _ in files)
    if held <= most:
        return 0
    gone = 0
    for _, size, path in sorted(files):
        if held <= most * _KEEP_SHARE:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            gone += 1
            held -= size
    return gone


def _row(ledger: Ledger, sha256: str) -> StoredFile:
    with ledger.reading() as session:
        row = store.stored_file(session, sha256)
    if row is None:
        raise RuleError("unknown_file", f"台账里没有校验码为“{sha256[:12]}”的文件。", "请核对后再试。")
    return StoredFile(row.id, row.size, row.folder, row.suffix)


def _is_whole(ledger: Ledger, row: StoredFile) -> bool:
    """Whether the photo is there in its size; else reading it tells what is wrong."""
    try:
        return ledger.folder.path_of(row).stat().st_size == row.size
    except OSError:
        return False


def _place(sha256: str, width: int) -> Path:
    return cache_folder() / _FOLDER / sha256[:2] / f"{sha256}-{width}.jpg"


def _cached(place: Path) -> bytes | None:
    """A copy of the cache, if it is one: a power cut may have left half of it."""
    try:
        data = place.read_bytes()
        if data.startswith(_BEGIN) and data.endswith(_END):
            os.utime(place)
            return data
    except OSError:
        # Not there, or not readable: it is made again.
        return None
    return None


def _decoded(data: bytes, sha256: str, width: int) -> Decoded:
    name = sha256[:12]
    kind = kind_of(data, name)
    if is_calm(data, kind, name):
        return decode(data, kind, name, width)
    with tempfile.TemporaryDirectory(prefix="gengdi-photos-") as folder:
        path = Path(folder) / "photo"
        path.write_bytes(data)
        (found,) = isolated.examine([(path, name)], width)
    if isinstance(found, GengdiError):
        raise found
    return found


def _exif_of_copy(raw: bytes, sha256: str, size: tuple[int, int]) -> bytes:
    """The EXIF of the original with orientation 1, the copy's size and the original's hash."""
    exif = Image.Exif()
    if raw:
        try:
            exif.load(raw.removeprefix(_EXIF_MARK))
            return _marked(exif, sha256, size)
        except Exception as broken:  # noqa: BLE001  (the library raises whatever garbage makes of its parser)
            _log.info("EXIF of %s not copied: %r", sha256, broken)
    return _marked(Image.Exif(), sha256, size)


def _marked(exif: Image.Exif, sha256: str, size: tuple[int, int]) -> bytes:
    exif[_ORIENTATION] = 1
    photo = exif.get_ifd(_PHOTO_PART)
    photo[_UNIQUE_ID] = sha256[:32]
    photo[_REMARK] = _ASCII_REMARK + (HASH_REMARK + sha256).encode()
    photo[_WIDTH], photo[_HEIGHT] = size
    return exif.tobytes()
