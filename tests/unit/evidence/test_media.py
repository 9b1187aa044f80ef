"""Files told by their first bytes."""

from __future__ import annotations

import pytest

from gengdi_desktop.evidence.media import HEAD_BYTES, is_program, media_type


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"II*\x00", "image/tiff"),
        (b"BM", "image/bmp"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", "application/octet-stream"),
        (b"\x00\x00\x00\x18ftypheic", "image/heif"),
        (b"\x00\x00\x00\x18ftypmp42", "application/octet-stream"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        ("会议纪要".encode(), "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_beginning_says(head: bytes, kind: str) -> None:
    assert media_type(head[:HEAD_BYTES]) == kind
    assert not is_program(head)


@pytest.mark.parametrize("head", [b"MZ\x90\x00", b"\x7fELF", b"#!/bin/sh"])
def test_programs_are_known(head: bytes) -> None:
    assert is_program(head)
