"""Pictures decoded: small, upright, and out of this process wherever a file could take its time or memory.

Calm files, which are JPEG and PNG of ordinary size, are decoded here: their size is known from the header before a
pixel is read, and the decoder sees nothing but the pixels' own parts. All others (HEIC, other formats, very large
pictures, PDF) are read in a child process with limits on memory and time (:mod:`gengdi_desktop.evidence.isolated`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image, JpegImagePlugin, PngImagePlugin

from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.media import HEAD_BYTES, media_type
from gengdi_desktop.evidence.photo_facts import PhotoFacts, Seen, facts_of
from gengdi_desktop.evidence.picture_header import JPEG, PNG, BrokenPictureError, Header, read_header

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 100 * 1024 * 1024
MOST_PIXELS = 120_000_000
MOST_JPEG_PIXELS = 220_000_000
"""Telephones with two hundred million pixels exist; a plain JPEG is decoded small, whatever its size."""
PDF, HEIF = "application/pdf", "image/heif"
PREVIEW_QUALITY = 85

_CALM_PIXELS: Mapping[str, int] = {JPEG: 64_000_000, PNG: 16_000_000}
_CALM_SCANS = 100
_OTHER_PICTURES: Mapping[str, str] = {
    "image/gif": "GIF",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "image/webp": "WEBP",
}
_READABLE = frozenset({JPEG, PNG, HEIF, PDF, *_OTHER_PICTURES})
_UPRIGHT: Mapping[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING: Final = 5

# The size of each picture is judged here before a pixel of it is read, by limits of our own; the library's own
# guard would only warn, and at less than some telephones take.
Image.MAX_IMAGE_PIXELS = MOST_JPEG_PIXELS


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file that was read: what it says of itself, a small upright JPEG where that was asked for, its EXIF bytes."""

    facts: PhotoFacts
    preview: bytes = b""
    exif: bytes = b""


def kind_of(data: bytes, name: str) -> str:
    """The media type of a file that can be read as photo or scan.

    Raises:
        RuleError: ``not_evidence`` (empty), ``not_picture``.
    """
    if not data:
        raise RuleError("not_evidence", f"“{name}”是空文件，没有收下。", "请重新拷一份。")
    kind = media_type(data[:HEAD_BYTES])
    if kind not in _READABLE:
        raise RuleError(
            "not_picture", f"“{name}”不是照片或扫描件，没有收下。", "照片用 JPEG、PNG、HEIC，扫描件用 PDF。"
        )
    return kind


def is_calm(data: bytes, kind: str, name: str) -> bool:
    """Whether a file may be decoded in this process; see the module.

    Raises:
        RuleError: ``photo_cut_off``, ``photo_broken``, ``photo_too_large``.
    """
    if kind not in _CALM_PIXELS:
        return False
    header = header_of(data, kind, name)
    return header.width * header.height <= _CALM_PIXELS[kind] and header.scans <= _CALM_SCANS


def header_of(data: bytes, kind: str, name: str) -> Header:
    """The header of a JPEG or PNG, its size within the limits.

    Raises:
        RuleError: ``photo_cut_off``, ``photo_broken``, ``photo_too_large``.
    """
    try:
        header = read_header(data, kind)
    except BrokenPictureError as found:
        raise cut_off(name) if found.cut_off else broken(name) from found
    require_size(header.width, header.height, name, plain=kind == JPEG and not header.progressive)
    return header


def decode(data: bytes, kind: str, name: str, width: int) -> Decoded:
    """Read a JPEG, PNG or another picture to its end, in this process.

    Args:
        data: The whole file.
        kind: Its media type.
        name: Its name: what it tells of where the photo came from, and for sentences.
        width: How wide the preview may be; 0 for none: then only the head of a picture is read.

    Raises:
        RuleError: As :func:`header_of`.
    """
    if kind in _CALM_PIXELS:
        header = header_of(data, kind, name)
        seen = Seen(name, kind, header.width, header.height, header.quality)
        facts = facts_of(seen, header.exif)
        preview = as_jpeg(_small(header, facts.orientation, width, name), PREVIEW_QUALITY) if width else b""
        return Decoded(facts, preview, header.exif)
    image, raw, turned = _opened_heif(data, name) if kind == HEIF else _opened(data, kind, name)
    with image:
        facts = facts_of(Seen(name, kind, *image.size), raw, turned=turned)
        if not width:
            return Decoded(facts, exif=raw)
        return Decoded(facts, as_jpeg(_shrunk(image, facts.orientation, width, name), PREVIEW_QUALITY), raw)


def _small(header: Header, orientation: int, width: int, name: str) -> Image.Image:
    stream = io.BytesIO(header.picture)
    plugin = JpegImagePlugin.JpegImageFile if header.media_type == JPEG else PngImagePlugin.PngImageFile
    try:
        with plugin(stream) as image:
            return _shrunk(image, orientation, width, name)
    except (SyntaxError, ValueError) as found:
        raise broken(name) from found


def _shrunk(image: Image.Image, orientation: int, width: int, name: str) -> Image.Image:
    """An upright picture in RGB, no wider than asked; a JPEG is decoded no larger than needed."""
    lying = orientation >= _LYING
    across = image.height if lying else image.width
    scale = min(1.0, width / across)
    target = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    try:
        image.draft("RGB", target)
        image.load()
    except OSError as found:
        raise cut_off(name) if "truncated" in str(found) else broken(name) from found
    except (SyntaxError, ValueError, MemoryError) as found:
        raise broken(name) from found
    profile = image.info.get("icc_profile")
    small = _on_white(image).resize(target, Image.Resampling.BICUBIC, reducing_gap=2.0)
    turn = _UPRIGHT.get(orientation)
    upright = small.transpose(turn) if turn is not None else small
    upright.info = {"icc_profile": profile} if profile and image.mode == "RGB" else {}
    return upright


def _on_white(image: Image.Image) -> Image.Image:
    """In RGB; what is transparent becomes white, as paper is."""
    if image.mode == "RGB":
        return image
    if image.mode.startswith("I;16"):
        # Sixteen bits of grey: their upper half is what a screen shows.
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        paper.alpha_composite(layer)
        return paper.convert("RGB")
    return image.convert("RGB")


def as_jpeg(image: Image.Image, quality: int, exif: bytes = b"") -> bytes:
    """A JPEG of a picture in RGB, its colour profile kept."""
    out = io.BytesIO()
    extra = {"exif": exif} if exif else {}
    image.save(out, "JPEG", quality=quality, icc_profile=image.info.get("icc_profile"), **extra)
    return out.getvalue()


def _opened_heif(data: bytes, name: str) -> tuple[Image.Image, bytes, bool]:
    import pi_heif  # type: ignore[import-untyped]

    try:
        heif = pi_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        width, height = heif.size
        require_size(width, height, name)
        raw = heif.info.get("exif") or b""
        return heif.to_pillow(), raw, True
    except (ValueError, OSError, EOFError, SyntaxError) as found:
        raise cut_off(name) from found


def _opened(data: bytes, kind: str, name: str) -> tuple[Image.Image, bytes, bool]:
    try:
        image = Image.open(io.BytesIO(data), formats=(_OTHER_PICTURES[kind],))
        require_size(*image.size, name)
        raw = image.info.get("exif") or b""
        return image, raw, False
    except Image.DecompressionBombError as found:
        raise too_large(name) from found
    except (OSError, ValueError, SyntaxError) as found:
        raise broken(name) from found


# ----------------------------------------------------------------------------------------------------------- sentences


def require_size(width: int, height: int, name: str, *, plain: bool = False) -> None:
    """Refuse a picture that would not fit into memory, before it is decoded.

    Raises:
        RuleError: ``photo_too_large``.
    """
    if width * height > (MOST_JPEG_PIXELS if plain else MOST_PIXELS):
        raise too_large(name, f"（{width}×{height}）")


def too_large(name: str, size: str = "") -> RuleError:
    """Refuses a picture by its pixels."""
    return RuleError("photo_too_large", f"“{name}”照片尺寸过大{size}，没有收下。", "请用手机原拍的照片。")


def cut_off(name: str) -> RuleError:
    """Refuses a picture whose end is missing."""
    return RuleError("photo_cut_off", f"“{name}”不完整，后面一截丢了，没有收下。", "请从手机或相机里重新拷一份原图。")


def broken(name: str) -> RuleError:
    """Refuses a picture that no decoder understands."""
    return RuleError("photo_broken", f"“{name}”已损坏，打不开，没有收下。", "请从手机或相机里重新拷一份原图。")
