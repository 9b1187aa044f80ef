"""Rows and journal of one snapshot as members of a package: streamed into files of our own, line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.exchange.rows import TableHeader, member_name, row_lines
from gengdi_desktop.exchange.writing import Source
from gengdi_desktop.handover.travelling import ENTRIES, FOREIGN, RECEIPT, RECEIPT_FIELDS, Carried
from gengdi_desktop.storage.journal import HEADER_FIELDS, changes_digest, plain_json, unpack_block
from gengdi_desktop.storage.layout import layout
from gengdi_desktop.system.files import telling

if TYPE_CHECKING:
    from gengdi_desktop.handover.packing.store import Scope, Snapshot
    from gengdi_desktop.storage.journal import Value

_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where members wait until they are packed.

    Attributes:
        folder: Of our own; it vanishes with the work.
        asked: Called now and then; whoever stops the work is heard there.
    """

    folder: Path
    asked: Callable[[], None]

    def member(self, name: str, lines: Iterable[bytes]) -> Source:
        """A member of these lines, each with its end."""
        place = self.folder / name.replace("/", "-")
        rest = iter(lines)
        with telling(place), place.open("wb") as out:
            while some := list(islice(rest, _AT_ONCE)):
                out.write(b"".join(some))
        return Source(name, place)


def rows_of(snapshot: Snapshot, tables: Sequence[Carried], scope: Scope, scratch: Scratch) -> Iterator[Source]:
    """The members of the tables, and of the sender's own pairs for their rows."""
    for one in tables:
        rows = snapshot.rows(one, scope, scratch.asked)
        yield _member(scratch, TableHeader(one.table, one.fields, snapshot.count(one, scope)), rows)
    yield _pairs_of(snapshot, tables, scope, scratch)


def _pairs_of(snapshot: Snapshot, tables: Sequence[Carried], scope: Scope, scratch: Scratch) -> Source:
    """The member of the pairs; they are looked up once, so how many there are is known at their end."""
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for row in snapshot.pairs(tables, scope, scratch.asked):
            count += 1
            yield plain_json(row) + b"\n"

    rows = scratch.folder / "pairs"
    with telling(rows), rows.open("wb") as out:
        out.writelines(lines())
    header = TableHeader(FOREIGN, layout(FOREIGN).names, count)
    with telling(rows), rows.open("rb") as stream:
        return scratch.member(member_name(FOREIGN), chain(row_lines(header, ()), stream))


def receipts_of(rows: Sequence[Sequence[Value]], scratch: Scratch) -> Source:
    """The member that says what we have of the receiver."""
    return _member(scratch, TableHeader(RECEIPT, RECEIPT_FIELDS, len(rows)), rows)


def entries_of(snapshot: Snapshot, since: int, scratch: Scratch) -> Source:
    """The entries of the journal after one, each with its blocks, uncompressed.

    Raises:
        SurroundingsError: ``damaged``: an entry is not what its header says; it must not be reported so.
    """
    return scratch.member(ENTRIES, _entry_lines(snapshot, since, scratch.asked))


def _entry_lines(snapshot: Snapshot, since: int, asked: Callable[[], None]) -> Iterator[bytes]:
    for head in snapshot.heads(since):
        count, blocks = snapshot.blocks(head["seq"])
        header = {name: head[name] for name in HEADER_FIELDS}
        yield plain_json({"blocks": count, "hash": head["hash"], "header": header}) + b"\n"
        digests = []
        for stored in blocks:
            asked()
            body = _unpacked(stored, head["seq"])
            digests.append(hashlib.sha256(body).digest())
            yield body + b"\n"
        if changes_digest(digests) != head["changes"]:
            raise _damaged(head["seq"])


def _unpacked(stored: bytes, seq: int) -> bytes:
    try:
        return unpack_block(stored)
    except ValueError as error:
        raise _damaged(seq) from error


def _damaged(seq: int) -> SurroundingsError:
    return SurroundingsError(
        "damaged", f"台账的第 {seq} 条记录已损坏，没有打包。", "请先检查台账，用最近的备份恢复，原文件不要删。"
    )


def _member(scratch: Scratch, header: TableHeader, rows: Iterable[Sequence[Value]]) -> Source:
    return scratch.member(member_name(header.table), row_lines(header, rows))
