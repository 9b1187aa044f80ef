"""What a file is, told from its first bytes: names lie, and only a picture counts as a photo."""

from __future__ import annotations

HEAD_BYTES = 16
"""How many bytes from the beginning :func:`media_type` looks at."""

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"})
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe")


def media_type(head: bytes) -> str:
    """The media type that the first :data:`HEAD_BYTES` bytes tell; ``application/octet-stream`` where none."""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "image/heif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS if head.startswith(beginning)), "application/octet-stream")


def is_read_first(kind: str) -> bool:
    """Whether files of that media type are read to their end before they are taken: pictures and scans, always."""
    return kind.startswith("image/") or kind == "application/pdf"


def is_program(head: bytes) -> bool:
    """Whether the file is a program or a script: never evidence, and dangerous to open from a ledger."""
    return head.startswith(_PROGRAMS)
