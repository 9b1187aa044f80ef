"""Proof of the other ledger: its entries hang together, and nothing that it reported before was rewritten."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import orjson

from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import JournalSpan
from gengdi_desktop.storage import journal

_LINE: Final = {"blocks", "hash", "header"}
_HASH: Final = re.compile("[0-9a-f]{64}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_YEARS: Final = range(1000, 9999)
_MOST_BLOCKS: Final = 10_000_000


class ProofKind(StrEnum):
    """What the journal of a package shows."""

    FIRST = "first"
    """Nothing was reported before."""
    CONTAINED = "contained"
    """Whatever was reported before stands in it unchanged."""
    GAP = "gap"
    """Entries between what was reported before and what comes now are away."""
    REWRITTEN = "rewritten"
    """Entries that were reported before are other ones now, or gone."""

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _LABELS[self]


_LABELS = {
    ProofKind.FIRST: "第一次报送",
    ProofKind.CONTAINED: "接着上次，没有改写",
    ProofKind.GAP: "中间缺记录",
    ProofKind.REWRITTEN: "报过的记录被改写",
}


@dataclass(frozen=True, slots=True)
class Reported:
    """An entry of another ledger as it was reported: number, hash, when, by whom, which action."""

    seq: int
    hash: str
    at: str
    actor: str
    action: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What the journal of a package shows about the sender's ledger.

    Attributes:
        kind: See :class:`ProofKind`.
        since_seq: The entry after which the carried entries begin.
        head_seq: The last entry.
        rewritten: Entries as they were reported before, which are not so any more.
        missing: For a gap: the first and the last entry that are away.
    """

    kind: ProofKind
    since_seq: int
    head_seq: int
    rewritten: tuple[Reported, ...] = ()
    missing: tuple[int, int] | None = None


def read_entries(span: JournalSpan, ledger: str, lines: Iterator[bytes]) -> Iterator[Reported]:
    """The entries of a package in order, the chain between them walked as they come.

    Args:
        span: What the manifest says of them.
        ledger: Id of the sender's ledger.
        lines: Of ``journal/entries.jsonl``, without their ends.

    Raises:
        PackageFault: ``journal_chain``: a hash, a number or a block is not as stated; also at the end.
    """
    seq, previous = span.since_seq or 0, span.since_hash or journal.GENESIS
    for line in lines:
        said = _line(line)
        header = _header(said)
        blocks = said["blocks"]
        if not isinstance(blocks, int) or not 0 <= blocks <= _MOST_BLOCKS:
            raise _broken(seq + 1)
        digest = journal.changes_digest(hashlib.sha256(next(lines, b"")).digest() for _ in range(blocks))
        stated = (header.ledger, header.seq, header.previous, header.changes)
        if stated != (ledger, seq + 1, previous, digest) or header.digest() != said["hash"]:
            raise _broken(seq + 1)
        seq, previous = header.seq, str(said["hash"])
        yield Reported(seq, previous, header.at, header.actor, header.action)
    if (seq, previous) != (span.head_seq, span.head_hash):
        raise _broken(seq)


def _line(line: bytes) -> dict[str, Any]:
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict) or set(said) != _LINE or not isinstance(said["header"], dict):
        raise PackageFault("journal_chain", "包里的办理记录不是规定的写法，不能采用。", "请对方重新打包。")
    return said


def _header(said: Mapping[str, Any]) -> journal.EntryHeader:
    header, texts = said["header"], {"ledger", "at", "actor", "action", "changes", "previous"}
    if set(header) != set(journal.HEADER_FIELDS) or not all(isinstance(header[name], str) for name in texts):
        raise PackageFault("journal_chain", "包里的办理记录少了项目，不能采用。", "请对方重新打包。")
    plain = set(map(type, header.values())) <= {int, str, type(None)}
    if not plain or type(header["seq"]) is not int or not _HASH.fullmatch(str(said["hash"])):
        raise PackageFault("journal_chain", "包里的办理记录没有编号，不能采用。", "请对方重新打包。")
    if not _is_time(header["at"]):
        raise PackageFault("journal_chain", "包里的办理记录没有写明是什么时候办的，不能采用。", "请对方重新打包。")
    return journal.EntryHeader(**header)


def _is_time(text: str) -> bool:
    """Whether a text is a time as entries bear it, which every zone of the world can show."""
    if not _TIME.fullmatch(text):
        return False
    try:
        return datetime.fromisoformat(text).year in _YEARS
    except ValueError:
        return False


def _broken(seq: int) -> PackageFault:
    return PackageFault(
        "journal_chain", f"包里第 {seq} 条办理记录和前后对不上，不能采用。", "请对方先核对台账，再重新打包。"
    )


def prove(
    span: JournalSpan, carried: Mapping[int, str], known: Mapping[int, Reported], *, overtaken: bool = False
) -> Proof:
    """Compare what a package carries with what its sender reported before.

    Args:
        span: What the manifest says of the entries.
        carried: Number to hash of the entries in the package.
        known: What was reported before, by number.
        overtaken: The sender wrote later packages that came sooner: what it did after this one is not in it. Without
            that, a ledger that ends sooner than it did has lost entries.
    """
    since, head = span.since_seq or 0, span.head_seq
    if not known:
        kind = ProofKind.FIRST if since == 0 else ProofKind.GAP
        return Proof(kind, since, head, missing=None if since == 0 else (1, since))
    if overtaken and head in known and known[head].hash == span.head_hash:
        known = {seq: one for seq, one in known.items() if seq <= head}
    changed = tuple(one for seq, one in sorted(known.items()) if not _stands(one, span, carried))
    if changed:
        return Proof(ProofKind.REWRITTEN, since, head, changed)
    last = max(known)
    if since > last:
        return Proof(ProofKind.GAP, since, head, missing=(last + 1, since))
    return Proof(ProofKind.CONTAINED, since, head)


def _stands(one: Reported, span: JournalSpan, carried: Mapping[int, str]) -> bool:
    """Whether an entry that was reported before can still be the one it was; before the beginning nothing is said."""
    since = span.since_seq or 0
    if one.seq == since:
        return one.hash == span.since_hash
    return one.seq < since or carried.get(one.seq) == one.hash
