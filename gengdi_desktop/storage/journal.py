"""The journal's exact form: canonical JSON, headers, blocks of row changes, and the hash chain.

The form is fixed by ``docs/database.md``: anyone with a SHA-256 tool can recompute it.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import orjson

from gengdi_desktop.errors import ProgramError, RuleError

FORMAT = 1
BLOCK_ITEMS = 1000
GENESIS = "0" * 64
MAX_BLOCK_BYTES = 256 * 1024 * 1024
_MOST = 2**63 - 1

Value = int | str | None
Item = list[Any]
"""``[op, table, key, {field: [old, new]}]`` with op ``+ ~ -``; ``[op, table, [fields], [[value …] …]]``: ``+* -*``."""

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(value: object) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces, of integers, texts made NFC, null, lists and objects of these.

    Raises:
        ProgramError: There is a float or another type in it.
        RuleError: A text that no file can carry.
    """
    return plain_json(_fit(value))


def plain_json(value: object) -> bytes:
    """The canonical bytes of a value that was checked part by part.

    Raises:
        UnicodeEncodeError: It holds half a character.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        # The same bytes, ten times slower, for what the fast library does not take: integers beyond 64 bits.
        return _encode(value).encode()


def packed(values: Mapping[str, Value]) -> bytes:
    """Fields and their values in little room, for work that holds very many rows at once; see :func:`unpacked`."""
    # Copied, since the library's own bytes stand at the beginning of a room of several kilobytes.
    return memoryview(orjson.dumps(values)).tobytes()


def unpacked(data: bytes) -> dict[str, Value]:
    """The fields and values of :func:`packed`."""
    values: dict[str, Value] = orjson.loads(data)
    return values


def _fit(value: object) -> object:
    # Texts are made NFC one by one and before they are encoded: over the whole JSON text, the letter of an escape
    # such as \n would join with a combining mark behind it.
    if isinstance(value, dict):
        return {_fit(key): _fit(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_fit(one) for one in value]
    return checked_value(value)


def checked_value(value: object) -> Value:
    """A value as a table and the journal may hold it: integer, NFC text or null; booleans become 0 or 1.

    Raises:
        ProgramError: The value is a float, of another type, or an integer of more than 64 bits.
        RuleError: The text holds a NUL character or half a character, which no file can carry.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _checked_text(value)
    if isinstance(value, int) and -_MOST <= value <= _MOST:
        return int(value)
    raise ProgramError("journal_value", f"账本不能保存这种值（{type(value).__name__}）。", "请把这段话交给维护人员。")


def _checked_text(value: str) -> str:
    if "\0" in value:
        raise RuleError("bad_text", "文字里有看不见的控制符，没有保存。", "请删掉后重新输入。")
    if value.isascii():
        return value if type(value) is str else str.__str__(value)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise RuleError("bad_text", "文字里有无法保存的符号，没有保存。", "请删掉看不清的符号再试。") from error
    return unicodedata.normalize("NFC", value)


@dataclass(frozen=True, slots=True)
class EntryHeader:
    """The header of an entry: exactly these keys, absent ones null. Times are ``YYYY-MM-DDTHH:MM:SS.ffffffZ``."""

    format: int
    ledger: str
    seq: int
    at: str
    actor: str
    auth: str
    desk: str
    action: str
    reason: str | None
    campaign: str | None
    event_date: str | None
    undoes: int | None
    continues: int | None
    changes: str
    previous: str

    def digest(self) -> str:
        """SHA-256 of the canonical header, in hex: the hash of the entry."""
        return hashlib.sha256(canonical({name: getattr(self, name) for name in HEADER_FIELDS})).hexdigest()


HEADER_FIELDS = tuple(f.name for f in fields(EntryHeader))


@dataclass(frozen=True, slots=True)
class Block:
    """One encoded block: its digest over the uncompressed bytes, and the bytes as stored."""

    digest: bytes
    stored: bytes


def block_of(body: bytes) -> Block:
    """The block of canonical bytes; compression is storage only."""
    return Block(hashlib.sha256(body).digest(), zlib.compress(body, 1))


def encode_block(items: Sequence[Item]) -> Block:
    """The block of these items, whose values were checked one by one."""
    return block_of(plain_json(items))


def changes_digest(digests: Iterable[bytes]) -> str:
    """SHA-256 over the concatenated digests of the uncompressed blocks, in hex."""
    whole = hashlib.sha256()
    for digest in digests:
        whole.update(digest)
    return whole.hexdigest()


def unpack_block(stored: bytes) -> bytes:
    """The uncompressed bytes of a stored block.

    Raises:
        ValueError: The bytes are not a whole block.
    """
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(stored, MAX_BLOCK_BYTES)
    except (zlib.error, TypeError) as error:
        raise ValueError(str(error)) from error
    if not inflater.eof or inflater.unused_data:
        raise ValueError("block is cut or has bytes behind it")
    return body


def decode_block(stored: bytes) -> list[Item]:
    """The items of a stored block.

    Raises:
        ValueError: The bytes are not a whole block of items.
    """
    items = json.loads(unpack_block(stored))
    if not isinstance(items, list):
        raise ValueError("block is no list")  # noqa: TRY004  (one family for every damaged block)
    return items


def single_changes(
    items: Iterable[Item], *, bare: bool = False
) -> Iterator[tuple[str, str, int | str, dict[str, list[Value]]]]:
    """Each row change as ``(op, table, key, {field: [old, new]})``; bulk rows are unfolded, their key comes first.

    Args:
        items: The items of a block.
        bare: Leave out the fields of rows that came in bulk: an import has millions of them.
    """
    for item in items:
        op, table, names, rows = item
        if op == "+*":
            for row in rows:
                told = () if bare else zip(names, row, strict=True)
                yield "+", table, row[0], {name: [None, value] for name, value in told}
        elif op == "-*":
            for row in rows:
                held = zip(names, row, strict=True)
                yield "-", table, row[0], {name: [value, None] for name, value in held if value is not None}
        else:
            yield op, table, names, rows


def body_digest(stored: bytes) -> bytes:
    """SHA-256 of the uncompressed bytes of a stored block.

    Raises:
        ValueError: The bytes are not a whole block.
    """
    return hashlib.sha256(unpack_block(stored)).digest()
