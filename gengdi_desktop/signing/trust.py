"""Lists of certificates on disk: whom this user trusts, one PEM file for each, named by fingerprint."""

from __future__ import annotations

from pathlib import Path

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.signing.certificates import Certificate, normal_fingerprint
from gengdi_desktop.system.files import opened, telling, write_whole

ENDING = ".cer"
_LARGEST_FILE = 1024 * 1024


class TrustList:
    """The certificates that a person has confirmed on this computer, in a folder of the user's profile.

    Nothing enters by itself: :meth:`add` is called after a person has compared the fingerprint.

    Args:
        folder: Where the files are; made at the first addition.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def certificates(self) -> tuple[Certificate, ...]:
        """All certificates of the list, by name of the person and fingerprint; empty without a folder."""
        found = kept_certificates(self._folder)
        return tuple(sorted(found, key=lambda certificate: (certificate.person, certificate.fingerprint)))

    def add(self, certificate: Certificate) -> None:
        """Trust a certificate; adding it again changes nothing.

        Raises:
            SurroundingsError: The folder cannot be written.
        """
        keep_certificate(self._folder, certificate)

    def remove(self, fingerprint: str) -> Certificate:
        """Trust a certificate no longer, and return it.

        Args:
            fingerprint: As shown, groups and capitals allowed.

        Raises:
            SurroundingsError: ``certificate_unknown``: it is not in the list; or the folder cannot be written.
        """
        wanted = normal_fingerprint(fingerprint)
        for certificate in self.certificates():
            if certificate.fingerprint == wanted:
                path = self._folder / (wanted + ENDING)
                with telling(path):
                    path.unlink()
                return certificate
        raise SurroundingsError(
            "certificate_unknown", "信任名单里没有这个指纹的证书，名单没有变。", "请先列出名单，核对指纹后再试。"
        )


def read_certificate(path: Path) -> Certificate:
    """Read one certificate file, PEM or DER.

    Raises:
        SurroundingsError: ``certificate_unreadable``, or the file is away.
    """
    with opened(path) as stream:
        return Certificate.from_bytes(stream.read(_LARGEST_FILE + 1))


def keep_certificate(folder: Path, certificate: Certificate) -> None:
    """Write a certificate into a folder of certificates, under its fingerprint."""
    with telling(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / (certificate.fingerprint + ENDING), certificate.pem.encode("ascii"))


def kept_certificates(folder: Path) -> tuple[Certificate, ...]:
    """The certificates of a folder whose files are named by their own fingerprint; others were laid there by hand."""
    found = []
    for path in sorted(folder.glob("*" + ENDING)):
        try:
            certificate = read_certificate(path)
        except SurroundingsError:
            # One damaged file must not hide the others; it trusts nobody, and adding it again mends it.
            continue
        if certificate.fingerprint == path.stem:
            found.append(certificate)
    return tuple(found)
