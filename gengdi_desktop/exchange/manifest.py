"""The manifest of a package as values: who sends what to whom, every member with its hash, and what may not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.container import LARGEST, MOST_ENTRIES

LARGEST_DATA: Final = 2 * 1024**3
"""Bytes of all deflated members together, unpacked."""

STEEPEST: Final = 100
"""A deflated member may be this many times as long as its packed bytes; what packs better is stored as it is."""

MOST_MEMBERS: Final = MOST_ENTRIES - 3
"""Beside members there are mimetype, manifest and signature."""


class PackageKind(StrEnum):
    """What a package is for; the code stands in the manifest and on the command line."""

    TASK = "task"
    CHECK_TASK = "check-task"
    CHECK_RESULT = "check-result"
    SUBMISSION = "submission"
    FEEDBACK = "feedback"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]

    @property
    def folders(self) -> frozenset[str]:
        """Which folders such a package may hold."""
        return _FOLDERS[self]

    def numbered(self, number: int) -> str:
        """Which of its kind, as people call it: 报送包（第 2 次）."""
        return f"{self.label}（第 {number} 次）"


_LABELS: Final[Mapping[PackageKind, str]] = {
    PackageKind.TASK: "任务包",
    PackageKind.CHECK_TASK: "抽查任务包",
    PackageKind.CHECK_RESULT: "抽查结果包",
    PackageKind.SUBMISSION: "报送包",
    PackageKind.FEEDBACK: "反馈包",
}
_ALWAYS = frozenset({names.DATA, names.CERTIFICATES, names.EVIDENCE})
_FOLDERS: Final[Mapping[PackageKind, frozenset[str]]] = {
    PackageKind.TASK: _ALWAYS | {names.RULES},
    PackageKind.CHECK_TASK: _ALWAYS | {names.RULES},
    PackageKind.CHECK_RESULT: _ALWAYS | {names.JOURNAL},
    PackageKind.SUBMISSION: _ALWAYS | {names.JOURNAL, names.REPORTS},
    PackageKind.FEEDBACK: _ALWAYS | {names.REPORTS},
}


@dataclass(frozen=True, slots=True)
class Party:
    """A desk that sends or receives.

    Attributes:
        ledger: Id of its ledger, 32 hex digits; None for a receiver whose ledger is not known yet.
        desk: Township, team or county.
        county: Name (进贤县).
        county_code: Six digits.
        unit: Name of the unit (白圩乡); of a county's desk, that of the county.
        unit_code: Code of the unit, ``""`` where it has none.
        organ: Who stands on its papers (白圩乡人民政府).
    """

    ledger: str | None
    desk: Desk
    county: str
    county_code: str
    unit: str
    unit_code: str
    organ: str


@dataclass(frozen=True, slots=True)
class CampaignName:
    """Which campaign a package belongs to: its name as printed and the number of the notice."""

    name: str
    document_number: str


@dataclass(frozen=True, slots=True)
class JournalSpan:
    """Where the sender's journal stood, and which entries the package carries.

    Attributes:
        head_seq: Number of its last entry.
        head_hash: Hash of that entry, 64 hex digits.
        since_seq: The entry after which the carried entries begin; 0 from the beginning, None where none is carried.
        since_hash: Hash of that entry; 64 zeros for 0, None where none is carried.
    """

    head_seq: int
    head_hash: str
    since_seq: int | None
    since_hash: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a package.

    Attributes:
        name: See ``names``.
        size: Bytes of the content.
        sha256: Of the content.
        deflated: Packed by deflate, or stored as it is.
        packed_size: Bytes in the zip.
        packed_sha256: Of the bytes in the zip; the same as ``sha256`` where they are stored.
    """

    name: str
    size: int
    sha256: str
    deflated: bool
    packed_size: int
    packed_sha256: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What a package says of itself before it names its members.

    Attributes:
        kind: What it is for.
        id: Random, 32 hex digits: the same package twice is told by it.
        number: Which package of this kind this ledger sends to this receiver, from 1: an older one is told by it.
        created: Aware UTC.
        program: Version of the program that wrote it.
        sample: Made-up data.
        sender: Whose desk it comes from; its ledger is known.
        recipient: Whose desk it is for.
        campaign: None where the ledger has none yet.
        schema: Version of the tables whose rows the package carries.
        journal: The sender's journal; where the kind carries none only its head, by which an older package of
            another kind is told.
        answers: Id of the package that this one answers; None where it answers none.
    """

    kind: PackageKind
    id: str
    number: int
    created: datetime
    program: str
    sample: bool
    sender: Party
    recipient: Party
    campaign: CampaignName | None
    schema: int
    journal: JournalSpan | None = None
    answers: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The keys of the command line that tell which package it says to be."""
        return {
            "kind": str(self.kind),
            "id": self.id,
            "number": self.number,
            "from": self.sender.organ or self.sender.unit,
            "from_ledger": self.sender.ledger,
            "created": self.created.isoformat().replace("+00:00", "Z"),
        }


@dataclass(frozen=True, slots=True)
class Manifest:
    """The signed text of a package.

    Attributes:
        heading: What the package says of itself.
        signer: Fingerprints of the certificates that the signature carries, the signer's own first.
        members: By name, ascending; each name once.
    """

    heading: Heading
    signer: tuple[str, ...]
    members: tuple[Member, ...]


def check_manifest(manifest: Manifest) -> None:
    """Refuse a manifest that says what none may say; errors as :func:`check_members`, and ``journal_span``."""
    kind = manifest.heading.kind
    check_members(kind, manifest.members)
    journal, carries = manifest.heading.journal, names.JOURNAL in kind.folders
    if (journal is None and carries) or (journal is not None and not carries and journal.since_seq is not None):
        raise _refusal("journal_span", f"{kind.label}里关于办理记录的说明不对，这样的包不能用。")


def check_members(kind: PackageKind, members: tuple[Member, ...]) -> None:
    """Refuse members that no package of this kind may hold; the sentence names which.

    Raises:
        RuleError: ``too_many_members``, ``member_name``, ``member_folder``, ``member_twice``, ``member_order``,
            ``member_hash``, ``member_too_large``, ``data_too_large``.
    """
    if len(members) > MOST_MEMBERS:
        raise _refusal("too_many_members", f"包里的文件超过 {MOST_MEMBERS} 个，不合常理，这样的包不能用。")
    before = ""
    for one in members:
        _check_member(kind, one)
        if one.name == before:
            raise _refusal("member_twice", f"包里有两个都叫“{one.name}”的文件，这样的包不能用。")
        if one.name < before:
            raise _refusal("member_order", f"包的目录里“{one.name}”没有排在该排的位置，这样的包不能用。")
        before = one.name
    if sum(one.size for one in members if one.deflated) > LARGEST_DATA:
        raise _refusal("data_too_large", f"包里的数据展开以后超过 {LARGEST_DATA // 1024**3} GB，这样的包不能用。")


def _check_member(kind: PackageKind, one: Member) -> None:
    problem = names.name_problem(one.name)
    if problem is not None:
        raise _refusal("member_name", f"包里的“{shown(one.name)}”{problem}，这样的包不能用。")
    if names.folder_of(one.name) not in kind.folders:
        raise _refusal("member_folder", f"{kind.label}里不该有“{one.name}”，这样的包不能用。")
    if names.stated_hash(one.name) not in {None, one.sha256}:
        raise _refusal("member_hash", f"包里“{one.name}”的名称和它的内容对不上，这样的包不能用。")
    same = one.size == one.packed_size and one.sha256 == one.packed_sha256
    steep = one.size > one.packed_size * STEEPEST
    if max(one.size, one.packed_size) > LARGEST or (steep if one.deflated else not same):
        raise _refusal("member_too_large", f"包里的“{one.name}”展开以后大得不合常理，这样的包不能用。")


def shown(name: str) -> str:
    """A name from a stranger as it may stand in a sentence: cut, and without signs that do not print."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:60])


def _refusal(code: str, message: str) -> RuleError:
    return RuleError(code, message, "请对方用本软件重新打包。")
