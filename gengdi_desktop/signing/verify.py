"""Verification of PDFs from anywhere, bounded in size, time and memory; what cannot be checked is distrusted."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from gengdi_desktop.errors import ProgramError, SurroundingsError
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.verdict import Verification, refused, verification_from
from gengdi_desktop.system.child import ChildFailure, read_spool, run_child
from gengdi_desktop.system.files import opened, write_whole

LARGEST_MB = 256
_MEMORY_MB = 2048
_SECONDS = 60.0
_HEADER_WITHIN = 1024
"""Readers accept the header anywhere in the first kilobyte."""


def verify_pdf(source: Path | bytes, trusted: Sequence[Certificate], *, now: datetime) -> Verification:
    """Judge the signatures of a PDF, in a child process that may run out of time or memory without harm.

    Args:
        source: A file, or its bytes.
        trusted: Certificates that are believed.
        now: Present moment, aware.

    Returns:
        The verdict; ``exit_code`` is 0 when the file is sound and 1 when it is not, whatever the reason.

    Raises:
        SurroundingsError: ``not_pdf``, ``not_found`` or another fault of the disk (exit 2 on the command line).
    """
    with tempfile.TemporaryDirectory(prefix="gengdi-verify-") as folder:
        path = source if isinstance(source, Path) else Path(folder) / "given.pdf"
        if isinstance(source, bytes):
            write_whole(path, source)
        file = str(source) if isinstance(source, Path) else ""
        if not _looks_like_pdf(path):
            raise SurroundingsError(
                "not_pdf", f"“{path.name}”不是 PDF 文件，没有核验。", "请选带签名的 PDF 原件，不要选扫描件或截图。"
            )
        if path.stat().st_size > LARGEST_MB * 1024 * 1024:
            return refused(file, "too_large", f"这份文件超过 {LARGEST_MB} MB，无法验证，不予采信。")
        return _in_child(path, file, trusted, now, spool=Path(folder) / "verdict.jsonl")


def _looks_like_pdf(path: Path) -> bool:
    with opened(path) as stream:
        return b"%PDF-" in stream.read(_HEADER_WITHIN)


def _in_child(path: Path, file: str, trusted: Sequence[Certificate], now: datetime, *, spool: Path) -> Verification:
    try:
        run_child(
            "gengdi_desktop.signing.examine:serve",
            {
                "path": str(path.absolute()),
                "file": file,
                "trusted": [certificate.pem for certificate in trusted],
                "now": now.isoformat(),
            },
            spool=spool,
            memory_mb=_MEMORY_MB,
            seconds=_SECONDS,
        )
    except (ChildFailure, ProgramError):
        return refused(
            file, "verifier_error", "核验这份文件时程序停了下来（用时或内存过多，或文件有意做坏），不予采信。"
        )
    told, certificates = read_spool(spool)
    return verification_from(told, certificates)
