"""Packages taken in from elsewhere: judged first, then read member by member, each checked again as it is read."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.contents import changed, checked_content
from gengdi_desktop.exchange.examine import Opened, open_package
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import Heading, Manifest, Member, PackageKind
from gengdi_desktop.exchange.verify import PackageVerdict, verify_package
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.verdict import Verification
from gengdi_desktop.system.files import Digest, opened, telling

LONGEST_LINE: Final = 64 * 1024 * 1024
"""Bytes of the longest line that is held in memory; a block of the journal with a thousand rows is far below."""
_AT_ONCE: Final = 256 * 1024
"""Bytes that are cut into lines together: asking the file for each line takes three times as long."""


class ReceivedPackage:
    """A package that was judged intact; whether its sender is trusted stands in the verdict.

    Nothing of it is believed from memory: what is read is checked against the signed manifest once more, so that a
    file that was exchanged after it was judged cannot get in.

    Attributes:
        path: The file.
        verification: The verdict.
        manifest: What the package says of itself, and its members.
        manifest_sha256: Of the signed bytes: the package is known by it.
    """

    def __init__(
        self,
        verification: Verification,
        package: Opened,
        path: Path,
        stream: IO[bytes],
        scratch: Path,
        open_streams: contextlib.ExitStack,
    ) -> None:
        self.verification = verification
        self.path = path
        self.manifest: Manifest = package.manifest
        self.manifest_sha256 = hashlib.sha256(package.said).hexdigest()
        self._entries = package.entries
        self._stream = stream
        self._scratch = scratch
        self._open_streams = open_streams
        self._members = {one.name: one for one in package.manifest.members}
        self._taken: dict[str, Path] = {}

    @property
    def heading(self) -> Heading:
        """What the package says of itself."""
        return self.manifest.heading

    @property
    def members(self) -> tuple[Member, ...]:
        """Its members by name."""
        return self.manifest.members

    def extract(self, name: str) -> Path:
        """A member as a file in a folder of our own that vanishes with the package; its name there is ours too.

        Raises:
            KeyError: There is no such member.
            PackageFault: ``member_changed``: the file was exchanged since it was judged.
            SurroundingsError: The disk is full or broken, or the stick was pulled out.
        """
        if name not in self._taken:
            place = self._scratch / str(len(self._taken))
            try:
                with telling(place), place.open("xb") as out:
                    for piece in self._content(name):
                        out.write(piece)
            except BaseException:
                place.unlink(missing_ok=True)  # half a member must not stand where a second try would put the whole
                raise
            self._taken[name] = place
        return self._taken[name]

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member, one after another, without their ends. Errors as :meth:`extract`.

        The first line comes when the whole member has been checked; none comes once the package has been left.

        Raises:
            PackageFault: ``line_too_long``, or the last line has no end.
        """
        place = self.extract(name)
        # A reading that is stopped midway stays suspended here, and some systems remove no file that is held open: so
        # the package closes it.
        with telling(place), self._open_streams.enter_context(place.open("rb")) as stream:
            yield from _lines(name, stream)

    def digest(self, name: str) -> Digest:
        """Hash and size of a member's content, as they are signed."""
        member = self._members[name]
        return Digest(member.sha256, member.size)

    def _content(self, name: str) -> Iterator[bytes]:
        with telling(self.path):
            yield from checked_content(self._stream, self._entries[name], self._members[name])


@contextlib.contextmanager
def reading(
    path: Path,
    trusted: Sequence[Certificate],
    *,
    now: datetime,
    kinds: Collection[PackageKind] = frozenset(PackageKind),
    cancelled: Callable[[], bool] | None = None,
    verdict: PackageVerdict | None = None,
) -> Iterator[ReceivedPackage]:
    """Judge a package and give it to read; what was taken out of it is gone afterwards.

    Args:
        path: The file.
        trusted: Certificates that are believed. An intact package of a stranger is given too: whether it may be used
            is for the caller to decide, who finds ``verification.trusted`` false.
        now: Present moment, aware.
        kinds: Which kinds are welcome here.
        cancelled: Asked while the package is judged.
        verdict: What ``verify_packages`` said of it just now; the file is judged here where there is none.

    Raises:
        PackageFault: It is not intact; code and sentence say what is wrong.
        RuleError: ``package_kind``: a kind that is not welcome here.
        SurroundingsError: ``not_package``, or the disk failed.
        Cancelled: ``cancelled`` answered true.
    """
    verdict = verdict or verify_package(path, trusted, now=now, cancelled=cancelled)
    found = verdict.verification
    if not found.intact:
        raise PackageFault(found.problems[0].code, found.problems[0].message)
    with (
        tempfile.TemporaryDirectory(prefix="gengdi-package-") as scratch,
        opened(path) as stream,
        contextlib.ExitStack() as open_streams,
    ):
        package = open_package(stream, path.stat().st_size)
        if hashlib.sha256(package.said).hexdigest() != verdict.manifest_sha256:
            raise changed(names.MANIFEST)
        kind = package.manifest.heading.kind
        if kind not in kinds:
            welcome = "、".join(one.label for one in PackageKind if one in kinds)
            raise RuleError(
                "package_kind", f"这是{kind.label}，这里只收{welcome}，没有收下。", "请选对文件，或换一本台账。"
            )
        yield ReceivedPackage(found, package, path, stream, Path(scratch), open_streams)


def _lines(name: str, stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a member without their ends; no more than one long line is held in memory."""
    begun: list[bytes] = []
    length = 0
    while block := stream.read(_AT_ONCE):
        rest, *whole = block.split(b"\n")
        begun.append(rest)
        length += len(rest)
        if length > LONGEST_LINE:
            raise _endless(name)
        if whole:
            yield b"".join(begun)
            begun = [whole.pop()]
            length = len(begun[0])
            yield from whole
    if length:
        raise _endless(name)


def _endless(name: str) -> PackageFault:
    return PackageFault("line_too_long", f"包里“{name}”有一行没有结尾或者长得不合常理。", "请对方用本软件重新打包。")
