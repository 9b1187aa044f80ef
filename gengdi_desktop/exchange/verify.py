"""The door of verification for everything that is signed: PDFs and packages, each judged in a child process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gengdi_desktop.errors import ProgramError, SurroundingsError
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.container import STORED, local_header
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.writing import MEDIA_TYPE, SUFFIX
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.verdict import PACKAGE, Verification, refused, verification_from
from gengdi_desktop.signing.verify import verify_pdf
from gengdi_desktop.system.child import ChildFailure, JsonValue, read_spool, run_child
from gengdi_desktop.system.files import opened

_MEMORY_MB: Final = 2048
_SECONDS: Final = 60.0
_BYTES_A_SECOND: Final = 1_000_000
"""The slowest stick that is waited for."""

_CRC_PLACE: Final = slice(14, 18)
"""Where the checksum stands in the header of the first member."""


@dataclass(frozen=True, slots=True)
class PackageVerdict:
    """The verdict on a package.

    Attributes:
        verification: In the terms that hold for PDFs.
        told: What the package says of itself (see ``examine.manifest_told``); None where that could not be read.
        manifest_sha256: Of its manifest; by it the reading that follows sees that the file is still the same.
    """

    verification: Verification
    told: Mapping[str, Any] | None = None
    manifest_sha256: str | None = None

    @property
    def sentence(self) -> str:
        """What the package says of itself, in one line; empty where that could not be read."""
        told = self.told
        if told is None:
            return ""
        campaign = f"，{told['campaign']}" if told["campaign"] else ""
        what = PackageKind(told["kind"]).numbered(told["number"])
        return f"{what}：{told['from']} → {told['to']}{campaign}，{told['members']} 个文件"

    def as_json(self) -> dict[str, Any]:
        """The keys of the verification, and ``package``."""
        return {**self.verification.as_json(), "package": self.told}


def is_package(path: Path) -> bool:
    """Whether a file begins as packages do, whatever its name.

    Raises:
        SurroundingsError: It is away, or cannot be read.
    """
    expected = bytearray(local_header(names.MIMETYPE, STORED, 0, len(MEDIA_TYPE), len(MEDIA_TYPE)) + MEDIA_TYPE)
    with opened(path) as stream:
        head = bytearray(stream.read(len(expected)))
    expected[_CRC_PLACE] = head[_CRC_PLACE]
    return head == expected


def verify_file(path: Path, trusted: Sequence[Certificate], *, now: datetime) -> Verification | PackageVerdict:
    """Judge whatever is signed: a package where the file begins as one or is named so, else a PDF.

    Both answers have ``as_json()`` with the same keys; a package adds ``package``.

    Raises:
        SurroundingsError: ``not_pdf``, ``not_package``, ``not_found`` or another fault of the disk.
    """
    if is_package(path) or path.suffix.lower() == SUFFIX:
        return verify_package(path, trusted, now=now)
    return verify_pdf(path, trusted, now=now)


def verify_package(
    path: Path, trusted: Sequence[Certificate], *, now: datetime, cancelled: Callable[[], bool] | None = None
) -> PackageVerdict:
    """Judge a package, in a child process that may run out of time or memory without harm.

    Args:
        path: The file.
        trusted: Certificates that are believed.
        now: Present moment, aware.
        cancelled: See :func:`gengdi_desktop.system.child.run_child`.

    Raises:
        SurroundingsError: ``not_package``, ``not_found`` or another fault of the disk (exit 2 on the command line).
        Cancelled: ``cancelled`` answered true.
    """
    if not is_package(path):
        raise SurroundingsError(
            "not_package",
            f"“{path.name}”不是本软件的包（{SUFFIX}），没有核验。",
            f"请选扩展名是 {SUFFIX} 的原件；拷坏了就重新拷贝。",
        )
    try:
        return _judged([path], trusted, now, cancelled)[path]
    except (ChildFailure, ProgramError):
        message = "核验这个包时程序停了下来（用时或内存过多，或文件有意做坏），不予采信。"
        return PackageVerdict(refused(str(path), "verifier_error", message, kind=PACKAGE))


def verify_packages(
    paths: Sequence[Path],
    trusted: Sequence[Certificate],
    *,
    now: datetime,
    cancelled: Callable[[], bool] | None = None,
) -> dict[Path, PackageVerdict]:
    """Judge several packages in one child process, which starts only once; arguments as of :func:`verify_package`.

    Those about which nothing could be said are left out, all of them where one ends the child: they are to be judged
    alone.
    """
    try:
        return _judged(paths, trusted, now, cancelled)
    except (ChildFailure, ProgramError, SurroundingsError):
        return {}


def _judged(
    paths: Sequence[Path],
    trusted: Sequence[Certificate],
    now: datetime,
    cancelled: Callable[[], bool] | None,
) -> dict[Path, PackageVerdict]:
    arguments: dict[str, JsonValue] = {
        "paths": [str(path.absolute()) for path in paths],
        "files": [str(path) for path in paths],
        "trusted": [certificate.pem for certificate in trusted],
        "now": now.isoformat(),
    }
    size = sum(path.stat().st_size for path in paths)
    with tempfile.TemporaryDirectory(prefix="gengdi-verify-") as folder:
        spool = Path(folder) / "verdicts.jsonl"
        run_child(
            "gengdi_desktop.exchange.examine:serve",
            arguments,
            spool=spool,
            memory_mb=_MEMORY_MB,
            seconds=_SECONDS + size / _BYTES_A_SECOND,
            cancelled=cancelled,
        )
        return {
            paths[at]: PackageVerdict(verification_from(told, certificates), package, digest)
            for at, told, certificates, package, digest in read_spool(spool)
        }


def signer_of(path: Path, *, now: datetime) -> Certificate:
    """The certificate with which a package was signed; its fingerprint is still to be compared with its owner.

    Args:
        path: The package.
        now: Present moment, aware.

    Raises:
        PackageFault: It is not intact; the sentence says what is wrong.
        SurroundingsError: ``not_package``, or the disk failed.
    """
    found = verify_package(path, (), now=now).verification
    certificate = found.signatures[0].certificate if found.intact else None
    if certificate is None:
        raise PackageFault(found.problems[0].code, found.problems[0].message)
    return certificate
