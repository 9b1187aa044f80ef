"""Packages as front ends see them: what one is asked to hold, what was written, and one line of those so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.writing import SUFFIX

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger


@dataclass(frozen=True, slots=True)
class PackOptions:
    """What a package is to hold and for whom it is, as far as the kind does not say it.

    Attributes:
        unit_code: Whose plots a ``task`` or ``feedback`` is about: the ``key`` of one of ``units_due``, its name does
            too. Empty for a ``task`` to a team that brings no plots.
        team: The name of the team that a ``task`` or ``check-task`` is for; empty means 抽查组 for a ``check-task``.
        sample: Id of the sample of a ``check-task`` or ``check-result``.
        photos: Whether photos and papers of plots go along.
        leave_out: SHA-256 of files that stay here this time.
        whole: From the beginning, with the whole journal and every photo, whatever the receiver told to have: it may
            have gone back to a backup.
    """

    unit_code: str = ""
    sample: str = ""
    photos: bool = True
    leave_out: frozenset[str] = frozenset()
    team: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was written and noted.

    Attributes:
        file: Where it lies.
        sha256: Of the file.
        size: Its length in bytes.
        number: Which of this kind for this receiver, from 1.
        receiver: Who it is for: 白圩乡人民政府.
        plots: How many plots it is about; a split one counts once.
        area: Their issued area.
        photos: How many photos and papers of plots it holds.
        left_out: Photos that did not fit or were not wanted, as people call them; they go with a later package.
        missing: Files that the ledger has lost, as people call them.
        unchecked: Of a check result, the plots of the sample that have no result yet, as people call them.
        changes: What its entry touched.
    """

    file: Path
    sha256: str
    size: int
    kind: PackageKind
    id: str
    number: int
    receiver: str
    plots: int
    area: Area
    photos: int
    left_out: tuple[str, ...]
    missing: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    changes: Changes = field(default_factory=Changes)

    @property
    def unchecked_told(self) -> str:
        """That plots of the sample have no result yet, in a sentence; empty where all have."""
        many = len(self.unchecked)
        return f"抽中的还有 {many} 个没有抽查结果，这次没有报；查完以后再打一个包就行。" if many else ""

    def as_json(self) -> dict[str, Any]:
        """The keys of the command line."""
        return {
            "file": str(self.file),
            "kind": str(self.kind),
            "id": self.id,
            "number": self.number,
            "sha256": self.sha256,
            "size": self.size,
            "to": self.receiver,
            "plots": self.plots,
            "area_mu": self.area.exact(),
            "photos": self.photos,
            "left_out": list(self.left_out),
            "missing": list(self.missing),
            "unchecked": list(self.unchecked),
            "encrypted": False,
        }


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A package that was sent or taken in.

    Attributes:
        sent: Written here, or taken in.
        peer_ledger: Id of the other ledger; None while it is not known.
        created: When it was written, by the sender's clock, ISO text with ``Z``.
        settled: When it was written or taken in here, ISO text with ``Z``.
        day: The ledger's own day then, ISO.
        signer: Fingerprint of the certificate that signed it.
        head_seq: The sender's last entry in it.
        receipted: Of a package that was sent: whether the receiver told us that it was taken in.
        photos: Of a package that was sent: how many photos and papers of plots it holds.
        proof: Of one that was taken in: what its journal showed then (``first contained gap rewritten``); else empty.
        proof_entries: Numbers of the entries that were rewritten, or the first and the last that are away.
    """

    id: str
    sent: bool
    kind: PackageKind
    number: int
    desk: Desk
    unit: str
    unit_code: str
    organ: str
    peer_ledger: str | None
    created: str
    settled: str
    day: str
    signer: str
    head_seq: int
    plots: int
    area: Area
    photos: int
    file_name: str
    receipted: bool
    answers: str | None
    note: str
    proof: str = ""
    proof_entries: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        """给白圩乡人民政府的任务包（第 2 次）."""
        who = self.organ or self.unit
        return f"{'给' if self.sent else ''}{who}的{self.kind.numbered(self.number)}"


def file_name(ledger: Ledger, kind: PackageKind, receiver: str = "") -> str:
    """How a package is called where nobody said so (进贤县_任务包_白圩乡_20230820.gdpkg); every disk takes it.

    Args:
        ledger: Whose desk packs it.
        kind: Which package.
        receiver: The township or the team that it is for; the desk above where it is empty.
    """
    named = (ledger.info.unit, kind.label, receiver or ledger.info.county, f"{ledger.today():%Y%m%d}")
    plain = ("".join(sign for sign in part if sign.isalnum()) for part in named)
    return "_".join(part for part in plain if part) + SUFFIX
