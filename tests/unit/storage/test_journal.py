"""The journal's form is frozen: these bytes and hashes stand in ledgers that were handed up."""

from __future__ import annotations

import hashlib
import json
import zlib
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.errors import ProgramError, RuleError
from gengdi_desktop.storage import journal

HEADER = journal.EntryHeader(
    format=1,
    ledger="0123456789abcdef0123456789abcdef",
    seq=1,
    at="2023-08-20T02:00:00.000000Z",
    actor="王秀英",
    auth="stated",
    desk="township",
    action="create",
    reason=None,
    campaign=None,
    event_date=None,
    undoes=None,
    continues=None,
    changes="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    previous=journal.GENESIS,
)
HEADER_TEXT = (
    '{"action":"create","actor":"王秀英","at":"2023-08-20T02:00:00.000000Z","auth":"stated","campaign":null,'
    '"changes":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","continues":null,'
    '"desk":"township","event_date":null,"format":1,"ledger":"0123456789abcdef0123456789abcdef",'
    '"previous":"0000000000000000000000000000000000000000000000000000000000000000","reason":null,"seq":1,'
    '"undoes":null}'
)
HEADER_HASH = "f9f570c7c3bd2d770d7dadad946a27b861c1113f2cfb2af00b0b81446c5cd8fb"
ITEMS: list[journal.Item] = [
    ["+", "member", 1, {"name": [None, "王秀英"], "active": [None, 1]}],
    ["~", "plot", "p1", {"remark": ["", "路边"], "rectify": [None, 1]}],
    ["-", "note", 7, {"body": ["错", None]}],
    ["+*", "identifier", ["id", "plot_id", "value"], [[1, "p1", "BSM1"], [2, "p1", None]]],
]
BLOCK_TEXT = (
    '[["+","member",1,{"active":[null,1],"name":[null,"王秀英"]}],'
    '["~","plot","p1",{"rectify":[null,1],"remark":["","路边"]}],'
    '["-","note",7,{"body":["错",null]}],'
    '["+*","identifier",["id","plot_id","value"],[[1,"p1","BSM1"],[2,"p1",null]]]]'
)
BLOCK_HASH = "dd071a93914b7602173071e613f6a7527e3f67f799c939985fc6ee250ee7a4e4"


def test_a_header_has_exactly_these_fields() -> None:
    said = "format ledger seq at actor auth desk action reason campaign event_date undoes continues changes previous"
    assert " ".join(journal.HEADER_FIELDS) == said


def test_the_canonical_header_and_its_hash_are_frozen() -> None:
    text = journal.canonical({name: getattr(HEADER, name) for name in journal.HEADER_FIELDS})
    assert text == HEADER_TEXT.encode()
    assert HEADER.digest() == HEADER_HASH == hashlib.sha256(HEADER_TEXT.encode()).hexdigest()


def test_a_block_and_its_hash_are_frozen() -> None:
    block = journal.encode_block(ITEMS)
    assert zlib.decompress(block.stored).decode() == BLOCK_TEXT
    assert block.digest.hex() == BLOCK_HASH == hashlib.sha256(BLOCK_TEXT.encode()).hexdigest()
    assert journal.body_digest(block.stored) == block.digest
    assert journal.decode_block(block.stored) == [list(item) for item in ITEMS]


def test_the_digest_of_changes_is_over_the_digests_of_the_blocks() -> None:
    first, second = hashlib.sha256(b"[]").digest(), hashlib.sha256(BLOCK_TEXT.encode()).digest()
    assert journal.changes_digest([]) == hashlib.sha256(b"").hexdigest() == HEADER.changes
    assert journal.changes_digest([first, second]) == hashlib.sha256(first + second).hexdigest()
    assert journal.changes_digest([second, first]) != journal.changes_digest([first, second])


def test_how_a_block_is_compressed_does_not_matter() -> None:
    again = zlib.compress(BLOCK_TEXT.encode(), 9)
    assert again != journal.encode_block(ITEMS).stored
    assert journal.body_digest(again).hex() == BLOCK_HASH


def test_an_emptied_field_and_an_absent_one_differ() -> None:
    empty = journal.EntryHeader(**{**{n: getattr(HEADER, n) for n in journal.HEADER_FIELDS}, "reason": ""})
    assert empty.digest() != HEADER.digest()


@pytest.mark.parametrize("name", journal.HEADER_FIELDS)
def test_every_field_of_a_header_counts(name: str) -> None:
    values: dict[str, Any] = {n: getattr(HEADER, n) for n in journal.HEADER_FIELDS}
    values[name] = 2 if isinstance(values[name], int) else "x"
    assert journal.EntryHeader(**values).digest() != HEADER.digest()


def test_texts_become_nfc_one_by_one() -> None:
    assert journal.canonical({"a": "e\u0301"}) == '{"a":"é"}'.encode()
    # The letter of the escape \n must not join with the mark behind it.
    assert journal.canonical(["\n\u0301"]) == '["\\n\u0301"]'.encode()
    assert journal.canonical(("\u1100\u1161", {"k\u0301": None})) == '["가",{"ḱ":null}]'.encode()


def test_the_bytes_are_those_of_the_standard_library() -> None:
    plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    texts = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    values = {"b": [2**63 - 1, -(2**63 - 1), 0, None], "a": texts, "\U00010000": {"~": 1, "\uffff": 2, "A": 3}}
    assert journal.plain_json(values) == plain.encode(values).encode()
    assert journal.plain_json([2**64, -(2**63) - 1]) == b"[18446744073709551616,-9223372036854775809]"


class Word(StrEnum):
    ONE = "one"


class Number(IntEnum):
    TWO = 2


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (0, 0),
        (-7, -7),
        (2**63 - 1, 2**63 - 1),
        (True, 1),
        (False, 0),
        (Number.TWO, 2),
        ("", ""),
        ("abc", "abc"),
        (Word.ONE, "one"),
        ("王", "王"),
        ("e\u0301", "é"),
        ("𠮷野家", "𠮷野家"),
        ("a\tb\nc", "a\tb\nc"),
    ],
)
def test_values_that_the_journal_holds(value: object, kept: journal.Value) -> None:
    found = journal.checked_value(value)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize("value", [1.0, float("nan"), b"x", 2**63, -(2**64), object(), [1]])
def test_values_that_the_journal_refuses(value: object) -> None:
    with pytest.raises(ProgramError) as refusal:
        journal.checked_value(value)
    assert refusal.value.code == "journal_value"


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "好\udfff"])
def test_texts_that_no_file_can_carry_are_refused_in_words(value: str) -> None:
    with pytest.raises(RuleError) as refusal:
        journal.checked_value(value)
    assert refusal.value.code == "bad_text"


def test_a_float_anywhere_is_refused() -> None:
    with pytest.raises(ProgramError):
        journal.canonical({"a": [1, {"b": 1.5}]})


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"no block",
        zlib.compress(b"[]")[:-1],
        zlib.compress(b"[]") + b"x",
        zlib.compress(b"[]") + zlib.compress(b"[]"),
    ],
)
def test_a_damaged_block_is_no_block(stored: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        journal.body_digest(stored)


@pytest.mark.parametrize("body", [b"{}", b"[", b"\xff"])
def test_a_block_of_something_else_is_no_block(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        journal.decode_block(zlib.compress(body))


def test_a_body_that_is_no_bytes_is_no_block() -> None:
    wrong: Any = "text"
    with pytest.raises(ValueError, match=r"."):
        journal.unpack_block(wrong)


def test_a_block_that_swells_beyond_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MAX_BLOCK_BYTES", 1000)
    assert journal.unpack_block(zlib.compress(b"x" * 1000))
    with pytest.raises(ValueError, match="cut"):
        journal.unpack_block(zlib.compress(b"x" * 1001))


def test_bulk_rows_unfold_into_single_changes() -> None:
    assert list(journal.single_changes(ITEMS)) == [
        ("+", "member", 1, {"name": [None, "王秀英"], "active": [None, 1]}),
        ("~", "plot", "p1", {"remark": ["", "路边"], "rectify": [None, 1]}),
        ("-", "note", 7, {"body": ["错", None]}),
        ("+", "identifier", 1, {"id": [None, 1], "plot_id": [None, "p1"], "value": [None, "BSM1"]}),
        ("+", "identifier", 2, {"id": [None, 2], "plot_id": [None, "p1"], "value": [None, None]}),
    ]


VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"])).filter(lambda t: "\0" not in t),
)


@given(st.lists(VALUES, max_size=6))
def test_what_was_checked_comes_back_from_a_block_as_it_was(values: list[journal.Value]) -> None:
    kept = [journal.checked_value(value) for value in values]
    block = journal.encode_block([["+*", "note", ["id"], [kept]]])
    assert journal.decode_block(block.stored) == [["+*", "note", ["id"], [kept]]]
    assert zlib.decompress(block.stored) == journal.canonical([["+*", "note", ["id"], [kept]]])
