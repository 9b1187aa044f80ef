"""The rows of a package as tables of our own: fields, kinds of values and derived keys are checked as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import Heading, Member
from gengdi_desktop.exchange.rows import TableHeader, member_name, read_rows
from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.values import unfit
from gengdi_desktop.handover.travelling import (
    DERIVED,
    FOREIGN,
    PAIR_FIELDS,
    PLOT_STANDING,
    RECEIPT,
    RECEIPT_FIELDS,
    SAID_BY,
    Carried,
)
from gengdi_desktop.ledger.conflict_sentences import label
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.storage.journal import Value
from gengdi_desktop.storage.layout import layout

_ID: Final = re.compile(r"[0-9A-Za-z_.\-]{1,64}")
_HASH: Final = re.compile("[0-9a-f]{64}")
_MOST_SHOWN: Final = 20
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "plot": (*PLOT_STANDING, "township", "village", "plot_no", "issued_area", "split_parent"),
    "attachment": ("name",),
    "certificate": ("relation", "subject", "pem", "removed"),
    "phase": ("name",),
    "plot_list": ("name",),
    "sample": ("name", "status"),
    "stored_file": ("folder", "suffix", "size"),
    "report": ("kind", "number", "version", "state"),
    "report_file": ("role", "name"),
}
"""Fields that are asked for by name while rows are taken in."""
_HASHED: Final = frozenset({"stored_file", "photo", "certificate"})


class Package(Protocol):
    """A package that was judged intact."""

    @property
    def heading(self) -> Heading:
        """What it says of itself."""

    @property
    def members(self) -> tuple[Member, ...]:
        """Its members by name."""

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """The rows of one table as the sender has them, the key first in each."""

    table: str
    fields: tuple[str, ...]
    rows: list[tuple[Value, ...]]

    def at(self, field: str) -> int:
        """Where a field stands; -1 where the sender does not say it."""
        return self.fields.index(field) if field in self.fields else -1

    def column(self, field: str) -> list[Value]:
        """The values of a field; null where the sender does not say it."""
        place = self.at(field)
        return [None] * len(self.rows) if place < 0 else [row[place] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Receipt:
    """That the sender has taken a package of ours in."""

    package: str
    kind: str
    head_seq: int
    head_hash: str


class Contents:
    """What a package holds in ``data/``."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._names = {one.name for one in package.members}

    def has(self, table: str) -> bool:
        """Whether the package says anything of a table."""
        return member_name(table) in self._names

    def table(self, carried: Carried) -> Incoming | None:
        """The rows of one table; None where the package says nothing of it.

        Raises:
            PackageFault: ``rows_unreadable``.
        """
        if not self.has(carried.table):
            return None
        header, rows = self._read(carried.table)
        said = set(header.fields)
        if header.fields[0] != carried.fields[0] or not _needed(carried) <= said <= set(carried.fields):
            raise _unfit(carried.table)
        found = Incoming(carried.table, header.fields, list(rows))
        wrong = unfit(found.table, found.fields, found.rows)
        if wrong is not None:
            raise self.fault(found, *wrong)
        _check_keys(found)
        return found

    def fault(self, found: Incoming, place: int, field: str) -> PackageFault:
        """Why a package cannot be used of which one value of one row is not as it should be."""
        return _unfit(found.table, self._told(found, place, field))

    def _told(self, found: Incoming, place: int, field: str) -> str:
        """Which value of which row is not as it should be."""
        row = found.rows[place]
        plot_at = 0 if found.table == "plot" else found.at("plot_id")
        called = self._called(row[plot_at]) if plot_at >= 0 else ""
        given = row[found.at(field)]
        value = "" if given is None else "".join(one for one in str(given) if one.isprintable())
        said = value if len(value) <= _MOST_SHOWN else value[:_MOST_SHOWN] + "…"
        return f"：{called or f'第 {place + 1} 条'}的“{label(found.table, field)}”写成了“{said}”"

    def _called(self, plot: Value) -> str:
        """What the package calls one of its plots; empty where it does not say it."""
        if not self.has("plot"):
            return ""
        header, rows = self._read("plot")
        row = next((one for one in rows if one[0] == plot), ())
        said = {name: str(value or "") for name, value in zip(header.fields, row, strict=False)}
        told = plot_name(said.get("village", ""), said.get("plot_no", "")) if said else ""
        return "".join(one for one in told if one.isprintable())

    def stated(self, table: str) -> int | None:
        """How many rows of a table the package says to hold; none of them is read."""
        return self._read(table)[0].rows if self.has(table) else None

    def pairs(self) -> Iterator[tuple[str, str, str, str, str]]:
        """The sender's own pairs: id, ledger, table, key there, the sender's key."""
        if self.has(FOREIGN):
            header, rows = self._read(FOREIGN)
            if set(header.fields) != set(PAIR_FIELDS):
                raise _unfit(FOREIGN)
            places = [header.fields.index(name) for name in PAIR_FIELDS]
            for row in rows:
                one, ledger, table, key, local = (str(row[place]) for place in places)
                yield one, ledger, table, key, local

    def receipts(self) -> list[Receipt]:
        """Which packages of ours the sender has taken in."""
        if not self.has(RECEIPT):
            return []
        header, rows = self._read(RECEIPT)
        if not set(header.fields) <= set(RECEIPT_FIELDS) or not {"package", "head_seq"} <= set(header.fields):
            raise _unfit(RECEIPT)
        found = []
        for row in rows:
            said = dict(zip(header.fields, row, strict=True))
            head = said["head_seq"]
            if isinstance(head, int):
                found.append(Receipt(str(said["package"]), str(said.get("kind")), head, str(said.get("head_hash"))))
        return found

    def _read(self, table: str) -> tuple[TableHeader, Iterator[tuple[Value, ...]]]:
        return read_rows(table, self._package.lines(member_name(table)))


@cache
def _needed(carried: Carried) -> frozenset[str]:
    """The fields without which rows of a table mean nothing; others an older program may not have had."""
    table, known = carried.table, layout(carried.table)
    must = set(known.references) - store.may_be_nothing(table)
    must |= {name for name, choices in known.choices.items() if "" not in choices}
    must.update(DERIVED.get(table, ()), SAID_BY.get(table, ()), _NEEDED.get(table, ()))
    return frozenset(must.intersection(carried.fields))


def _check_keys(found: Incoming) -> None:
    """Refuse keys that are not of the form of their table: they mean the same at every desk."""
    table, keys = found.table, [row[0] for row in found.rows]
    if layout(table).numbered:
        if any(isinstance(key, int) and key < 1 for key in keys):
            raise _unfit(table)
    elif table in _HASHED:
        if not all(_HASH.fullmatch(str(key)) for key in keys):
            raise _unfit(table)
    elif table in DERIVED:
        parts = [found.column(name) for name in DERIVED[table]]
        if any(key != derived(one) for key, one in zip(keys, zip(*parts, strict=True), strict=True)):
            raise _unfit(table)
    elif not all(_ID.fullmatch(str(key)) for key in keys):
        raise _unfit(table)


def derived(parts: Sequence[Value]) -> str:
    """A key that is made of these values."""
    return ":".join(map(str, parts))


def _unfit(table: str, more: str = "") -> PackageFault:
    told = f"包里“{member_name(table)}”的内容不是规定的写法{more}，没有收下，台账没有变。"
    return PackageFault("rows_unreadable", told, "请对方重新打包。")
