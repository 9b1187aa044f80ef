"""Photos and scans read: what they say of themselves, and a small upright picture of them; never written to."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.evidence import isolated
from gengdi_desktop.evidence.decoding import MOST_BYTES, Decoded, decode, is_calm, kind_of
from gengdi_desktop.evidence.photo_facts import PhotoFacts
from gengdi_desktop.system.files import opened, telling

PREVIEW_WIDTH = 320
"""How wide the pictures of lists and trays are."""

_IN_ONE_CHILD = 16


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was read to its end.

    Attributes:
        sha256: Of its bytes.
        size: In bytes.
        facts: What it says of itself.
        preview: A JPEG no wider than :data:`PREVIEW_WIDTH`, upright.
    """

    sha256: str
    size: int
    facts: PhotoFacts
    preview: bytes


def read_photo(path: Path) -> PhotoFacts:
    """What a photo or scan says of itself; it is read to its end, so that what is told of can also be shown.

    Raises:
        RuleError: ``not_evidence`` (empty), ``not_picture``, ``photo_too_large``, ``file_too_large``,
            ``photo_cut_off``, ``photo_broken``, ``photo_stopped``, ``pdf_password``.
        SurroundingsError: It cannot be read.
    """
    (found,) = examine([path])
    if isinstance(found, GengdiError):
        raise found
    return found.facts


def examine(
    paths: Sequence[Path],
    names: Sequence[str] | None = None,
    *,
    width: int = PREVIEW_WIDTH,
    cancelled: Callable[[], bool] | None = None,
) -> list[Examined | GengdiError]:
    """Read files, each to its end; each answer is what was found, or the error that :func:`read_photo` would raise.

    Args:
        paths: The files; their bytes tell what they are.
        names: The names under which they came, where the paths do not tell: for sentences, and because chat programs
            are known by the names they give.
        width: How wide the previews may be.
        cancelled: Asked while a child works.

    Raises:
        Cancelled: ``cancelled`` answered true.
    """
    called = list(names) if names is not None else [path.name for path in paths]
    answers: dict[int, Examined | GengdiError] = {}
    digests: dict[int, tuple[str, int]] = {}
    for place, (path, name) in enumerate(zip(paths, called, strict=True)):
        try:
            data = _bytes(path, name)
            digests[place] = (hashlib.sha256(data).hexdigest(), len(data))
            kind = kind_of(data, name)
            if is_calm(data, kind, name):
                answers[place] = _examined(decode(data, kind, name, width), digests[place])
        except GengdiError as refused:
            answers[place] = refused
    waiting = [place for place in range(len(called)) if place not in answers]
    for start in range(0, len(waiting), _IN_ONE_CHILD):
        some = waiting[start : start + _IN_ONE_CHILD]
        found_there = isolated.examine([(paths[place], called[place]) for place in some], width, cancelled)
        for place, found in zip(some, found_there, strict=True):
            answers[place] = _examined(found, digests[place]) if isinstance(found, Decoded) else found
    return [answers[place] for place in range(len(called))]


def _examined(found: Decoded, digest: tuple[str, int]) -> Examined:
    return Examined(*digest, found.facts, found.preview)


def _bytes(path: Path, name: str) -> bytes:
    with telling(path):
        known = path.stat()
    if not stat.S_ISREG(known.st_mode):
        # A folder, a device or a pipe; opening a pipe would wait for ever.
        raise RuleError("not_evidence", f"“{name}”不是文件，没有收下。", "请选择照片或文件。")
    if known.st_size > MOST_BYTES:
        most = MOST_BYTES // (1024 * 1024)
        raise RuleError(
            "file_too_large", f"“{name}”超过{most}MB，没有收下。", "照片请用原图，扫描件请降低扫描精度或分成几份。"
        )
    with opened(path) as stream:
        return stream.read()
