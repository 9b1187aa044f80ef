"""What the page of exchange shows, as plain values: a desk's ways, packages, what they say, conflicts, packing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.container import LARGEST
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.ui import words
from gengdi_desktop.ui.theme import Tone
from gengdi_desktop.ui.widgets.message import Sign

if TYPE_CHECKING:
    from gengdi_desktop.signing.certificates import Certificate

UNKNOWN_SIGNER: Final = "signer_unknown"
"""The code of packages whose signer is to be compared first."""
GroupCode = Literal["new", "changed", "conflicts", "deleted", "photos", "refused"]


@dataclass(frozen=True)
class Way:
    """One of the ways in or out that a desk has: which package, what to do with it, what it carries."""

    kind: PackageKind
    out: bool
    title: str
    meaning: str


_CHECK_OUT: Final = "抽中的图斑，带边界和照片，交给抽查组。"
WAYS: Final[Mapping[Desk, tuple[Way, ...]]] = {
    Desk.TOWNSHIP: (
        Way(PackageKind.TASK, False, "收任务包", "县里下发的清单、边界、规则和时限。"),
        Way(PackageKind.SUBMISSION, True, "打报送包", "本乡的台账、报告和照片，报给县里。"),
        Way(PackageKind.FEEDBACK, False, "收反馈包", "县里退回的图斑、新的时限和回执。"),
    ),
    Desk.TEAM: (
        Way(PackageKind.CHECK_TASK, False, "收抽查任务包", "县里抽中的图斑，带边界和照片。"),
        Way(PackageKind.CHECK_RESULT, True, "打抽查结果包", "实测面积、照片和查的结论，交给县里。"),
    ),
    Desk.COUNTY: (
        Way(PackageKind.TASK, True, "打任务包", "每个乡镇一个包：清单、边界、规则、时限。"),
        Way(PackageKind.SUBMISSION, False, "收报送包", "一个一个收，或者整个 U 盘一起收。"),
        Way(PackageKind.FEEDBACK, True, "打反馈包", "退回的图斑、新的时限，也是报送包的回执。"),
        Way(PackageKind.CHECK_TASK, True, "打抽查任务包", _CHECK_OUT),
        Way(PackageKind.CHECK_RESULT, False, "收抽查结果包", "抽查组交回的实测面积、照片和结论。"),
    ),
}  # fmt: skip
"""In the order in which a campaign goes."""

FIRST_STEP: Final[Mapping[Desk, str]] = {
    Desk.TOWNSHIP: "先插上县里给的 U 盘，收任务包。县里没有给任务包的，从“导入”导进清单，照样能打报送包。",
    Desk.TEAM: "先插上县里给的 U 盘，收抽查任务包。",
    Desk.COUNTY: "先导进清单、填好专项，再给各乡镇打任务包。乡镇已经自己导了清单的，直接收报送包。",
}
"""What a desk without any package does first."""


# -- packages sent and taken in


@dataclass(frozen=True)
class PackageView:
    """One package in the list.

    Attributes:
        day: When it was written or taken in, short.
        out: Whether this desk wrote it.
        title: Kind and number: 报送包 第 2 次.
        receipt: 对方已收, 未见回执 of what we wrote; 回执已带, 回执待带 of what was taken in.
        proof: How the other journal hung together with what was reported before, in a word; else empty.
        told: What is to be known of it, in sentences.
    """

    id: str
    day: str
    out: bool
    kind: PackageKind
    title: str
    peer: str
    plots: str
    area: str
    receipt: str = ""
    receipt_tone: Tone | Literal["ink"] = "ink"
    proof: str = ""
    proof_tone: Tone | Literal["ink"] = "ink"
    file: str = ""
    told: str = ""


@dataclass(frozen=True)
class OverviewView:
    """All packages, newest first, and by way what was done last: ``last[kind, out]``."""

    packages: tuple[PackageView, ...] = ()
    last: Mapping[tuple[PackageKind, bool], str] | None = None


# -- what a package says before it is taken in


@dataclass(frozen=True)
class SaidRow:
    """One row of a list below the counts: a plot, which field, what stands here and what they say, or why not."""

    name: str
    field: str = ""
    mine: str = ""
    theirs: str = ""
    plot: str = ""
    """Its id where it stands in this ledger."""


@dataclass(frozen=True)
class SaidGroup:
    """One count of what taking in would do, with its rows; ``more`` are rows that are not shown."""

    code: GroupCode
    word: str
    count: int
    unit: str
    told: str
    rows: tuple[SaidRow, ...] = ()
    tone: Tone | Literal[""] = ""
    more: int = 0


@dataclass(frozen=True)
class ArrivalView:
    """What a package says, before anything is written.

    Attributes:
        sign: How it stands with the package as a whole.
        what: From whom, what, when, in one sentence.
        more: What follows from it: why it cannot be taken in, or that nothing is written yet.
        facts: Labels and values, in the order of reading.
        proof_sign: How the sender's journal hangs together with what it reported before.
        proof: The same in a sentence.
        rewritten: Reported entries that were changed since: one line each.
        certificate: Of the signer, where the ledger does not trust it yet.
        groups: What taking in would do; groups without anything are left out.
        nothing: What is not the case, in a sentence: no conflicts, no missing photos.
        verb: The words of the main button.
        may_take: Whether it can be taken in as it is.
        why_not: The reason beside the button where it cannot.
        asks_reason: Whether somebody who takes it in all the same has to say why.
    """

    path: Path
    sign: Sign
    what: str
    more: str
    facts: tuple[tuple[str, str], ...]
    proof_sign: Sign
    proof: str
    rewritten: tuple[str, ...]
    certificate: Certificate | None
    groups: tuple[SaidGroup, ...]
    nothing: str
    verb: str
    may_take: bool
    why_not: str
    asks_reason: bool = False


# -- two values for one field


@dataclass(frozen=True)
class ComparedRow:
    """One thing in three words: what both desks knew before, what stands here, what the other says."""

    name: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class ConflictView:
    """One conflict.

    Attributes:
        plot: Its id; empty where the row belongs to none.
        name: What the plot is called.
        what: The field, or 办理情况 for all that hangs together.
        mine_hand: Who wrote ours and on which day, short: 李建国 8-16.
        theirs_hand: Who sent theirs and on which day, short: 白圩乡人民政府 8-17.
        source: The package that brought it, in words.
        rows: The values; several where they hang together.
        mine_by: Who wrote ours, when, and by what.
        theirs_by: Who sent theirs, when, and in which package.
        decided: Which value holds now, who said so and when; empty while it is open.
        reason: Why.
    """

    id: int
    plot: str
    name: str
    what: str
    mine_hand: str
    theirs_hand: str
    source: str
    rows: tuple[ComparedRow, ...]
    mine_by: str = ""
    theirs_by: str = ""
    decided: str = ""
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether a person has still to decide."""
        return not self.decided


# -- packing


@dataclass(frozen=True)
class ReceiverView:
    """Whom a package may be for: code, name, what goes there, and whether it is likely meant."""

    code: str
    name: str
    told: str = ""
    likely: bool = True


@dataclass(frozen=True)
class PackKindView:
    """A kind that this desk packs.

    Attributes:
        title: What one does: 打报送包.
        meaning: For whom and what for, in a few words.
        carries: What it carries, in a sentence.
        above: Whom it goes to where there is nothing to choose.
        receivers: Whom it may be for otherwise.
        many: Whether several may be ticked: one file for each then.
        asks: What one of them is called: 乡镇, 抽样.
        photos: How many photos and papers of plots it would carry and how many bytes they are; None where it carries
            none by choice.
        team: What the receiving team is called unless the person says otherwise; empty where none receives it.
        why_not: Why it cannot be packed now; empty where it can.
    """

    kind: PackageKind
    title: str
    meaning: str
    carries: str
    above: str = ""
    receivers: tuple[ReceiverView, ...] = ()
    many: bool = False
    asks: str = ""
    photos: tuple[int, int] | None = None
    team: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class PackView:
    """What this desk can pack now, and about how many bytes its rows take."""

    kinds: tuple[PackKindView, ...] = ()
    rows_size: int = 0


@dataclass(frozen=True)
class PackWish:
    """What is to be packed: kind, receivers by code (none: the one desk above), photos, the folder, the team."""

    kind: PackageKind
    receivers: tuple[str, ...]
    photos: bool
    folder: Path
    team: str = ""


@dataclass(frozen=True)
class PackedView:
    """A package that was written."""

    name: str
    receiver: str
    size: int
    sha256: str
    told: str = ""


@dataclass(frozen=True)
class PackedAll:
    """What was written; ``stopped`` says why the rest was not, ``changes`` what the entry of the last one touched."""

    folder: Path
    packed: tuple[PackedView, ...]
    stopped: str = ""
    changes: Changes = field(default_factory=Changes)


def groups_of(digest: str) -> str:
    """A hash in groups of eight, to be compared by eye."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def gigabytes(size: int) -> str:
    """``18 KB``, ``812 MB``, ``3.2 GB``: sizes of packages and disks, as the folder on the disk shows them."""
    if size <= 1023 * 1024:
        return words.file_size(size)
    megabytes = -(-size // 1024**2)
    return f"{megabytes:,} MB" if megabytes < 1024 else f"{megabytes / 1024:.1f} GB"  # noqa: PLR2004


def room_words(free: int, wanted: int, *, photos: bool) -> tuple[Sign, str]:
    """Whether a package of *wanted* bytes fits into *free* ones, in a sentence; *photos* may be left out of it."""
    left = f"还剩 {gigabytes(free)}" if free >= 1024**2 else "剩下不到 1 MB"
    if wanted > free:
        way = "请换一个盘，或者不带照片。" if photos else "请换一个盘，或者先腾出地方。"
        return "stop", f"放不下：{left}，大约要 {gigabytes(wanted)}，差 {gigabytes(wanted - free)}。{way}"
    return "check", f"放得下：{left}，大约要 {gigabytes(wanted)}。"


def limit_words(wanted: int, *, photos: bool) -> str:
    """What follows from the longest file that a stick holds; empty where it is far away."""
    if wanted <= LARGEST:
        return ""
    if photos:
        return "一个包最大 4 GB，装不下的照片先不带，哪些没带会写明，下一个包再带。"
    return "一个包最大 4 GB，这个装不下。"
