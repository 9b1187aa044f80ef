"""Packages written whole or not at all: measured first, then written in one go, read back and compared."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.container import DEFLATED, LARGEST, STORED, Entry, ending, local_header
from gengdi_desktop.exchange.contents import CHUNK, RAW_DEFLATE
from gengdi_desktop.exchange.manifest import STEEPEST, Heading, Manifest, Member
from gengdi_desktop.exchange.manifest_json import manifest_bytes
from gengdi_desktop.signing.detached import chain_of, sign_detached
from gengdi_desktop.signing.identity import Identity
from gengdi_desktop.system.files import Digest, digest_of, require_room, telling, writing

SUFFIX: Final = ".gdpkg"
MEDIA_TYPE: Final = b"application/vnd.gengdi.package"
PROGRESS_BYTES: Final = 1_000_000
"""What the progress of a writing counts."""

_LEVEL: Final = 6
_SPARE_BYTES: Final = 1024 * 1024
_GIGABYTE: Final = 1024**3
_NAMED: Final = 3

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What becomes a member.

    Attributes:
        name: Of the member; see ``names``.
        content: A file, or the bytes.
        about: What people call it (白圩村 12 号图斑整改后照片); only for what may be left out.
    """

    name: str
    content: Path | bytes
    about: str = ""

    @property
    def size(self) -> int:
        """Bytes of the content."""
        if isinstance(self.content, bytes):
            return len(self.content)
        with telling(self.content):
            return self.content.stat().st_size


@dataclass(frozen=True, slots=True)
class Written:
    """A finished package: where it lies, its hash and length, and what it says of itself."""

    file: Path
    sha256: str
    size: int
    manifest: Manifest


class PackageTooLarge(RuleError):
    """More than a stick of the usual kind holds in one file.

    Attributes:
        leave_out: What could be left out so that the rest fits, the largest first; empty where that would not help.
    """

    def __init__(self, message: str, hint: str, leave_out: Sequence[Source]) -> None:
        super().__init__("package_too_large", message, hint)
        self.leave_out = tuple(leave_out)


@dataclass(frozen=True, slots=True)
class _Packed:
    """A member that was measured, and where its packed bytes are to be had."""

    member: Member
    crc: int
    content: Path | bytes


def write_package(
    target: Path,
    heading: Heading,
    sources: Sequence[Source],
    identity: Identity,
    *,
    at: datetime,
    progress: Progress | None = None,
    proved: Callable[[Written], None] | None = None,
) -> Written:
    """Write a signed package under the name ``target``; the same input gives the same bytes.

    All is measured, packed and signed before the first byte goes to the disk of ``target``. It is written as a
    part, synced, read back, compared, and only then takes the name.

    Args:
        target: The file; an older one of that name stands until the new one is proved.
        heading: What the package says of itself.
        sources: Its members, in any order.
        identity: Who signs.
        at: Claimed time of the signature, aware.
        progress: Told in millions of bytes (each is read twice and written once); may raise ``Cancelled``.
        proved: Called when all is on the disk and was read back, before it takes its name; what it raises counts as
            a failure of the writing.

    Raises:
        PackageTooLarge: More than 4 GB.
        RuleError: A member that no such package may hold; ``certificate_over``.
        SurroundingsError: No room, a broken or vanished disk, ``source_changed``, ``copy_differs``. Whatever was
            written is gone then, and an older ``target`` is as it was.
    """
    sources = sorted(sources, key=lambda one: one.name)
    _require_small(sources, sum(one.size for one in sources if _stays(one)))
    steps = _Steps(progress, sum(one.size for one in sources))
    with tempfile.TemporaryDirectory(prefix="gengdi-pack-") as scratch:
        packed = [_packed(source, Path(scratch) / str(number), steps) for number, source in enumerate(sources)]
        manifest = Manifest(heading, chain_of(identity), tuple(one.member for one in packed))
        entries = _front(manifest, identity, at) + packed
        layout = _laid_out(entries)
        tail = ending(layout)
        total = layout[-1].offset + layout[-1].packed_size + len(tail)
        _require_small(sources, total)
        require_room(target.parent, total + _SPARE_BYTES)

        def whole(digest: Digest) -> Written:
            return Written(target, digest.sha256, digest.size, manifest)

        def tell(digest: Digest) -> None:
            if proved is not None:
                proved(whole(digest))

        return whole(_write(target, entries, tail, total, steps, tell))


def _front(manifest: Manifest, identity: Identity, at: datetime) -> list[_Packed]:
    """What stands before the members: what kind of file it is, the manifest, and the signature over it."""
    said = manifest_bytes(manifest)
    front = (
        (names.MIMETYPE, MEDIA_TYPE),
        (names.MANIFEST, said),
        (names.SIGNATURE, sign_detached(said, identity, at=at)),
    )
    return [
        _as_it_is(name, data, Digest(hashlib.sha256(data).hexdigest(), len(data)), zlib.crc32(data))
        for name, data in front
    ]


def _laid_out(packed: Sequence[_Packed]) -> list[Entry]:
    entries = []
    place = 0
    for one in packed:
        place += len(_header(one))
        method = DEFLATED if one.member.deflated else STORED
        entries.append(Entry(one.member.name, method, one.crc, one.member.packed_size, one.member.size, place))
        place += one.member.packed_size
    return entries


def _header(one: _Packed) -> bytes:
    method = DEFLATED if one.member.deflated else STORED
    return local_header(one.member.name, method, one.crc, one.member.packed_size, one.member.size)


# --------------------------------------------------------------------------------------------------------- measuring


def _stays(source: Source) -> bool:
    """Photos and papers are packed already; deflating them again costs time and saves nothing."""
    return names.folder_of(source.name) in {names.EVIDENCE, names.REPORTS}


def _packed(source: Source, place: Path, steps: _Steps) -> _Packed:
    """Measure a source, and pack it into a file of our own where that makes it smaller."""
    packer = None if _stays(source) else zlib.compressobj(_LEVEL, zlib.DEFLATED, RAW_DEFLATE)
    content, packed = hashlib.sha256(), hashlib.sha256()
    crc = size = packed_size = 0
    with contextlib.ExitStack() as stack:
        out = None
        if packer is not None:
            stack.enter_context(telling(place))
            out = stack.enter_context(place.open("wb"))
        for piece in _pieces(source.content):
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            content.update(piece)
            if packer is not None and out is not None:
                packed_size += _put(out, packer.compress(piece), packed)
            steps.step(len(piece))
        if packer is not None and out is not None:
            packed_size += _put(out, packer.flush(), packed)
    found = Digest(content.hexdigest(), size)
    if packer is None or packed_size >= size or size > packed_size * STEEPEST:
        return _as_it_is(source.name, source.content, found, crc)
    member = Member(source.name, size, found.sha256, True, packed_size, packed.hexdigest())
    return _Packed(member, crc, place)


def _put(out: IO[bytes], piece: bytes, digest: hashlib._Hash) -> int:
    digest.update(piece)
    return out.write(piece)


def _as_it_is(name: str, content: Path | bytes, found: Digest, crc: int) -> _Packed:
    member = Member(name, found.size, found.sha256, False, found.size, found.sha256)
    return _Packed(member, crc, content)


def _pieces(content: Path | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with telling(content), content.open("rb") as stream:
        while piece := stream.read(CHUNK):
            yield piece


def _require_small(sources: Sequence[Source], total: int) -> None:
    if total <= LARGEST:
        return
    spare = sorted((one for one in sources if names.folder_of(one.name) == names.EVIDENCE), key=lambda one: -one.size)
    over = total - LARGEST
    leave_out = []
    for one in spare:
        if over <= 0:
            break
        leave_out.append(one)
        over -= one.size
    message = f"这个包有 {total / _GIGABYTE:.1f} GB，U 盘上的一个文件最多 4 GB，没有写。"
    if over > 0:
        raise PackageTooLarge(message, "去掉照片也放不下，请按村分成几个包。", ())
    listed = "、".join(one.about or one.name for one in leave_out[:_NAMED])
    more = "等" if len(leave_out) > _NAMED else ""
    raise PackageTooLarge(
        message, f"先不带最大的 {len(leave_out)} 张照片就放得下：{listed}{more}；下次报送再带。", leave_out
    )


# ----------------------------------------------------------------------------------------------------------- writing


class _Steps:
    """How far the work is, in the unit that people are told."""

    def __init__(self, progress: Progress | None, content: int) -> None:
        self._progress = progress
        # Once to measure, once to write, once to read back.
        self._whole = content * 3
        self._done = 0

    def step(self, count: int) -> None:
        """So many bytes more are done; whoever stopped it is heard here."""
        self._done = min(self._done + count, self._whole)
        if self._progress is not None:
            self._progress(-(-self._done // PROGRESS_BYTES), -(-self._whole // PROGRESS_BYTES))


def _write(
    target: Path,
    packed: Sequence[_Packed],
    tail: bytes,
    total: int,
    steps: _Steps,
    proved: Callable[[Digest], None],
) -> Digest:
    """Write, read back to the end, and only then give the name."""
    digest = hashlib.sha256()

    def read_back(part: Path) -> None:
        _forget(part)
        if digest_of(part) != Digest(digest.hexdigest(), total):
            raise SurroundingsError(
                "copy_differs", f"“{target.name}”写完以后校验不一致，已经删去，台账没有变。", "请换一个 U 盘再打包。"
            )
        steps.step(total)
        proved(Digest(digest.hexdigest(), total))

    with writing(target, proved=read_back) as stream:
        for one in packed:
            _put(stream, _header(one), digest)
            for piece in _unchanged(one):
                steps.step(_put(stream, piece, digest))
        _put(stream, tail, digest)
    return Digest(digest.hexdigest(), total)


def _unchanged(one: _Packed) -> Iterator[bytes]:
    """The packed bytes of a member, which must still be those that were measured and signed."""
    digest = hashlib.sha256()
    for piece in _pieces(one.content):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != one.member.packed_sha256:
        raise SurroundingsError(
            "source_changed", f"打包的时候“{one.member.name}”变了，没有写成，台账没有变。", "请稍等一会儿再打一次包。"
        )


def _forget(file: Path) -> None:
    """Ask the system to read the file from the disk next time, where it can be asked: memory would always agree."""
    if hasattr(os, "posix_fadvise"):
        with telling(file), file.open("rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
