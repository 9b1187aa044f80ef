"""A second reader of packages, made from docs/package_format.md alone: zip, manifest, signature, journal and rows.

Nothing of the program is imported here, so that a mistake of its reader cannot be made twice, and so that the document
is known to say everything. What a package breaks is told in the document's own words.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import struct
import unicodedata
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.helpers.independent_signature import Broken, hold, signed, trusted

Row = dict[str, Any]

MIMETYPE = b"application/vnd.gengdi.package"
FRONT = ("mimetype", "manifest.json", "signature.p7s")
FILE_MOST, MEMBERS_MOST, MANIFEST_MOST, SIGNATURE_MOST = 2**32 - 1, 60_000, 32 << 20, 256 << 10
ENTRIES = "journal/entries.jsonl"
PACKED_MOST, RATIO_MOST, LINE_MOST = 2 << 30, 100, 64 << 20
ALWAYS = frozenset({"data", "certificates", "evidence"})
FOLDERS = {
    "task": ALWAYS | {"rules"},
    "check-task": ALWAYS | {"rules"},
    "check-result": ALWAYS | {"journal"},
    "submission": ALWAYS | {"journal", "reports"},
    "feedback": ALWAYS | {"reports"},
}
TELLS_JOURNAL = {"check-result", "submission"}
_NAMED = re.compile(r"(?:data|journal|rules)/([a-z0-9][a-z0-9_-]*)(?:\.[a-z0-9]+)+", re.ASCII)
_HASHED = re.compile(r"(?:certificates|reports|evidence)/([0-9a-f]{64})(?:\.[a-z0-9]{1,8})?", re.ASCII)
_WINDOWS = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_HEX64, _ID = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{32}")
_PARTY = ("ledger", "desk", "county", "county_code", "unit", "unit_code", "organ")
_MANIFEST = (
    *("format", "version", "kind", "id", "number", "created", "program", "sample", "from", "to", "campaign"),
    *("schema", "journal", "answers", "encryption", "signer", "members"),
)
_SPAN = ("head_seq", "head_hash", "since_seq", "since_hash")
_MEMBER = ("name", "size", "sha256", "method", "packed_size", "packed_sha256")
_HEADER = (
    *("format", "ledger", "seq", "at", "actor", "auth", "desk", "action", "reason", "campaign", "event_date"),
    *("undoes", "continues", "changes", "previous"),
)


@dataclass(frozen=True)
class Member:
    """What stands in the zip under a name."""

    name: str
    method: int
    crc: int
    size: int
    packed: bytes

    @property
    def content(self) -> bytes:
        """The content, unpacked no further than one byte above what is stated."""
        if self.method == 0:
            content = self.packed
        else:
            stream = zlib.decompressobj(-15)
            try:
                content = stream.decompress(self.packed, self.size + 1)
            except zlib.error as error:
                raise Broken("member_changed", "raw deflate", self.name) from error
            hold(stream.eof and not stream.unused_data, "member_changed", "raw deflate", self.name)
        same = len(content) == self.size and zlib.crc32(content) == self.crc
        hold(same, "member_changed", "CRC-32 of the content · packed size · size of the content", self.name)
        return content


@dataclass(frozen=True)
class Entry:
    """An entry of the sender's journal with its blocks."""

    header: Row
    hash: str
    blocks: tuple[list[Any], ...]


@dataclass(frozen=True)
class Said:
    """What a package says.

    Attributes:
        manifest: The manifest as an object, and ``manifest_sha256`` of its bytes.
        certificates: Those of the signature, the signer's own first.
        signed_at: The signing time.
        tables: Rows by the names of their fields, for each table.
        entries: The entries of the journal that it carries.
        files: Content of everything else by name.
    """

    manifest: Row
    manifest_sha256: str
    certificates: tuple[bytes, ...]
    signed_at: datetime
    tables: Mapping[str, list[Row]]
    entries: tuple[Entry, ...]
    files: Mapping[str, bytes]

    @property
    def photos(self) -> tuple[str, ...]:
        """The hashes of photos and papers that came, sorted."""
        return tuple(sorted(name[9:73] for name in self.files if name.startswith("evidence/")))

    def trusted(self, believed: Collection[bytes]) -> bool:
        """Whether the signer is believed by whoever believes these certificates, in DER."""
        return trusted(self.certificates, self.signed_at, believed)


def read(path: Path) -> Said:
    """Read a package.

    Raises:
        Broken: It is not as the document says.
    """
    said, front = judge(path.read_bytes())
    return _with_rows(said, front)


def judge(raw: bytes) -> tuple[Said, dict[str, bytes]]:
    """What `gengdi verify` asks of a package, rows not yet read; besides the content of each member by name."""
    members = _members(raw)
    hold(members[0].content == MIMETYPE, "package_altered", "without an end of line")
    manifest = _manifest(members[1].content)
    certificates, signed_at = signed(members[2].content, members[1].content, manifest["signer"])
    contents = _contents(manifest, members[3:])
    digest = hashlib.sha256(members[1].content).hexdigest()
    return Said(manifest, digest, certificates, signed_at, {}, (), {}), contents


# -------------------------------------------------------------------------------------------------------------- the zip


def _members(raw: bytes) -> list[Member]:
    """The members in their order; every byte of the file is what follows from them."""
    first = _local(Member("mimetype", 0, zlib.crc32(MIMETYPE), len(MIMETYPE), MIMETYPE))
    begins = raw[:14] + first[14:18] + raw[18:68] == first  # the checksum aside
    hold(begins, "not_package", "the first 68 bytes of the file tell a package from any other file")
    hold(len(raw) <= FILE_MOST, "package_too_large", "4,294,967,295 bytes")
    members: list[Member] = []
    offsets: list[int] = []
    at = 0
    while raw[at : at + 4] == b"PK\3\4":
        offsets.append(at)
        member, at = _member(raw, at)
        members.append(member)
        hold(len(members) <= MEMBERS_MOST, "too_many_members", "members, the first three among them")
    told = _directory(members, offsets, at)
    if raw[at:] != told:
        early = told.startswith(raw[at:])
        hold(not early, "package_incomplete", "the file ends early")
        raise Broken("package_altered", "Behind it stands nothing.")
    names = [member.name for member in members]
    hold(len(set(names)) == len(names), "member_twice", "a name twice")
    for place, name in enumerate(FRONT):
        code = ("not_package", "manifest_missing", "unsigned")[place]
        found = names[place : place + 1] == [name] and members[place].method == 0
        hold(found, code, "The first three members are, in this order and stored")
    hold(members[1].size <= MANIFEST_MOST, "package_altered", "manifest · signature")
    hold(members[2].size <= SIGNATURE_MOST, "package_altered", "manifest · signature")
    deflated = [member for member in members if member.method == 8]
    total = sum(member.size for member in deflated)
    hold(total <= PACKED_MOST, "data_too_large", "content of all deflated members together")
    for member in deflated:
        fits = member.size <= RATIO_MOST * len(member.packed)
        hold(fits, "member_too_large", "100 times its packed bytes", member.name)
    return members


def _member(raw: bytes, at: int) -> tuple[Member, int]:
    """The member whose local header begins at a place, and where it ends."""
    head = raw[at : at + 30]
    hold(len(head) == 30, "package_incomplete", "the file ends early")
    _, _, _, method, _, _, crc, packed_size, size, name_length, _ = struct.unpack("<4s5H3I2H", head)
    start = at + 30 + name_length
    end = start + packed_size
    hold(end <= len(raw), "package_incomplete", "the file ends early")
    try:
        name = raw[at + 30 : start].decode("ascii")
    except UnicodeDecodeError as error:
        raise Broken("package_altered", "the name, ASCII") from error
    member = Member(name, method, crc, size, raw[start:end])
    hold(method in {0, 8}, "package_altered", "0 stored, 8 deflated (raw deflate)", name)
    hold(raw[at:start] == _local(member)[: start - at], "package_altered", "A reader builds all headers anew", name)
    return member, end


def _facts(member: Member) -> bytes:
    told = (20, 0, member.method, 0, 0x21, member.crc, len(member.packed), member.size, len(member.name), 0)
    return struct.pack("<5H3I2H", *told)


def _local(member: Member) -> bytes:
    return b"PK\3\4" + _facts(member) + member.name.encode("ascii") + member.packed


def _directory(members: Sequence[Member], offsets: Sequence[int], at: int) -> bytes:
    records = b"".join(
        b"PK\1\2"
        + struct.pack("<H", 20)
        + _facts(member)
        + struct.pack("<3H2I", 0, 0, 0, 0, offset)
        + member.name.encode("ascii")
        for member, offset in zip(members, offsets, strict=True)
    )
    count = len(members)
    return records + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, count, count, len(records), at, 0)


# ------------------------------------------------------------------------------------------------------ canonical JSON


def canonical(value: Any) -> bytes:
    """The canonical form of a value made of objects, arrays, texts, integers and null."""
    return json.dumps(_fit(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _fit(value: Any) -> Any:
    match value:
        case None:
            return None
        case str() if "\0" not in value:
            return unicodedata.normalize("NFC", value)
        case list():
            return [_fit(one) for one in value]
        case dict():
            return {key: _fit(one) for key, one in value.items()}
        case _ if type(value) is int and abs(value) < 2**63:
            return value
    raise ValueError("integers only")


def _parsed(raw: bytes, code: str, words: str, about: str = "") -> Any:
    """A value from bytes that must be its canonical form."""
    try:
        value = json.loads(raw.decode("utf-8"))
        same = canonical(value) == raw
    except (ValueError, RecursionError) as error:
        raise Broken(code, words, about) from error
    hold(same, code, words, about)
    return value


# --------------------------------------------------------------------------------------------------------- the manifest


def _manifest(raw: bytes) -> Row:
    value = _parsed(raw, "manifest_unreadable", "One JSON object in canonical form")
    _well(isinstance(value, dict), "One JSON object in canonical form")
    _well(value.get("format") == "gengdi-package", '`"gengdi-package"`')
    version = value.get("version")
    _well(isinstance(version, list) and len(version) == 2 and all(_count(one) for one in version), "major and minor")
    hold(version[0] == 1, "package_newer", "Another major version is refused.")
    later = version[1] > 0
    _keys(value, _MANIFEST, later=later)
    hold(value["kind"] in tuple(FOLDERS), "kind_unknown", "`task` `check-task` `check-result` `submission` `feedback`")
    _well(_is(value["id"], _ID), "Ids are 32, hashes and fingerprints 64 lower-case hex digits")
    _well(_count(value["number"], 1), "from 1, without gaps")
    _well(_moment(value["created"]), "`YYYY-MM-DDTHH:MM:SSZ`, UTC")
    _well(_text(value["program"], 40), "version of the program that wrote it, at most 40 characters")
    _well(value["sample"] in (0, 1), "1 for made-up data, else 0")
    for side in ("from", "to"):
        _party(value[side], later=later, known=side == "from")
    if value["campaign"] is not None:
        _keys(value["campaign"], ("name", "document_number"), later=later)
        _well(all(_text(value["campaign"][key]) for key in ("name", "document_number")), "200 printable characters")
    _well(_count(value["schema"], 1), "version of the tables whose rows the package carries")
    _span(value["journal"], value["kind"], later=later)
    _well(value["answers"] is None or _is(value["answers"], _ID), "id of the package that this one answers, or null")
    hold(value["encryption"] is None, "package_encrypted", "A reader of 1.0 refuses what is not null")
    signer = value["signer"]
    _well(isinstance(signer, list) and 1 <= len(signer) <= 10, "at most ten")
    _well(all(_is(one, _HEX64) for one in signer), "64 lower-case hex digits")
    _named(value["members"], value["kind"], later=later)
    return dict(value)


def _well(fact: Any, words: str, about: str = "") -> None:
    hold(fact, "manifest_unreadable", words, about)


def _keys(value: Any, keys: Sequence[str], *, later: bool) -> None:
    _well(isinstance(value, dict), "in 1.0 each object has exactly the keys of this page")
    fits = set(keys) <= set(value) if later else set(keys) == set(value)
    _well(fits, "in 1.0 each object has exactly the keys of this page", " ".join(value))


def _is(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _count(value: Any, least: int = 0) -> bool:
    return type(value) is int and value >= least


def _text(value: Any, most: int = 200) -> bool:
    return isinstance(value, str) and len(value) <= most and value.isprintable()


def _moment(value: Any) -> bool:
    if not _is(value, re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")):
        return False
    try:
        return 1970 <= datetime.fromisoformat(value).year <= 9998
    except ValueError:
        return False


def _party(value: Any, *, later: bool, known: bool) -> None:
    _keys(value, _PARTY, later=later)
    unknown = value["ledger"] is None and not known
    _well(unknown or _is(value["ledger"], _ID), "the receiver, the same keys; `ledger` is null while it is not known")
    _well(value["desk"] in ("township", "team", "county"), "`desk` (`township` `team` `county`)")
    _well(all(_text(value[key]) for key in _PARTY[2:]), "other texts have at most 200 printable characters")


def _span(value: Any, kind: str, *, later: bool) -> None:
    words = "`journal` of the manifest is an object for `check-result` and `submission`"
    if value is None:
        hold(kind not in TELLS_JOURNAL, "journal_span", words)
        return
    _keys(value, _SPAN, later=later)
    head, since = value["head_seq"], value["since_seq"]
    _well(_count(head, 1) and _is(value["head_hash"], _HEX64), "(the sender's last entry)")
    if since is None:
        _well(value["since_hash"] is None, "both null: none is carried")
        return
    hold(kind in TELLS_JOURNAL, "journal_span", "For the others it names the head alone")
    _well(_count(since) and since <= head and _is(value["since_hash"], _HEX64), "(the entry after which")


def _named(members: Any, kind: str, *, later: bool) -> None:
    _well(isinstance(members, list), "for each member, sorted by name")
    hold(len(members) + 3 <= MEMBERS_MOST, "too_many_members", "members, the first three among them")
    for one in members:
        _keys(one, _MEMBER, later=later)
        name, method = one["name"], one["method"]
        hashed = check_name(name)
        hold(name.split("/")[0] in FOLDERS[kind], "member_folder", "a folder that the kind does not have", name)
        sizes, hashes = ("size", "packed_size"), ("sha256", "packed_sha256")
        _well(all(_count(one[key]) for key in sizes), "`size` and `sha256` of the content", name)
        _well(all(_is(one[key], _HEX64) for key in hashes), "`size` and `sha256` of the content", name)
        _well(method in ("stored", "deflated"), "`method` (`stored` `deflated`)", name)
        same = (one["size"], one["sha256"]) == (one["packed_size"], one["packed_sha256"])
        _well(method == "deflated" or same, "the same two for a stored one", name)
        hold(hashed in {None, one["sha256"]}, "member_hash", "a name that is not the content's hash", name)
    names = [one["name"] for one in members]
    hold(len(set(names)) == len(names), "member_twice", "a name twice")
    hold(names == sorted(names), "member_order", "sorted by name")


def check_name(name: Any) -> str | None:
    """The hash that a name tells; None where it is of another folder.

    Raises:
        Broken: No member may be called so.
    """
    hold(isinstance(name, str) and len(name) <= 120, "member_name", "at most 120 characters", str(name))
    hashed = _HASHED.fullmatch(name)
    if hashed is not None:
        return hashed[1]
    named = _NAMED.fullmatch(name)
    hold(named, "member_name", "A folder and a file name, of lower-case ASCII", name)
    stem = name.split("/")[1].split(".")[0]
    hold(not _WINDOWS.fullmatch(stem), "member_name", "no name that Windows keeps for itself", name)
    hold(name != "data/private_value.jsonl", "member_name", "is forbidden in every package", name)
    return None


def _contents(manifest: Row, found: Sequence[Member]) -> dict[str, bytes]:
    """The content of every member that the manifest names, each as it is named there."""
    there, named = {one.name: one for one in found}, {one["name"]: one for one in manifest["members"]}
    order = "Then follow the members that the manifest names, all of them, no other, in its order."
    hold(not named.keys() - there.keys(), "member_missing", order)
    hold(not there.keys() - named.keys(), "member_added", order)
    hold(list(there) == list(named), "package_altered", order)
    contents = {}
    for name, told in named.items():
        member = there[name]
        method = {0: "stored", 8: "deflated"}[member.method]
        packed = (method, member.size, len(member.packed), hashlib.sha256(member.packed).hexdigest())
        same = packed == (told["method"], told["size"], told["packed_size"], told["packed_sha256"])
        hold(same, "member_changed", "`packed_sha256` leaves no bit of a packed stream free", name)
        contents[name] = member.content
        same = hashlib.sha256(contents[name]).hexdigest() == told["sha256"]
        hold(same, "member_changed", "`sha256` is the name under which the content is known elsewhere", name)
    return contents


# ------------------------------------------------------------------------------------------------- journal and rows


def _with_rows(said: Said, contents: Mapping[str, bytes]) -> Said:
    """The same with tables, entries and files read."""
    tables: dict[str, list[Row]] = {}
    files: dict[str, bytes] = {}
    entries: tuple[Entry, ...] = ()
    span = said.manifest["journal"]
    if span is not None and span["since_seq"] is not None:
        entries = tuple(_entries(contents.get(ENTRIES, b""), span, said.manifest["from"]["ledger"]))
    for name, content in contents.items():
        folder, _, rest = name.partition("/")
        if folder == "data" and rest.endswith(".jsonl"):
            table = rest.removesuffix(".jsonl")
            tables[table] = _table(table, content)
        elif name != ENTRIES:
            files[name] = content
    facts = {"tables": tables, "entries": entries, "files": files}
    return Said(**{**said.__dict__, **facts})


def _rows(fact: Any, words: str, about: str = "") -> None:
    hold(fact, "rows_unreadable", words, about)


def _lines(content: bytes, about: str) -> Iterator[Any]:
    """The values of lines, each in canonical form and with its end."""
    for line in io.BytesIO(content):
        hold(len(line) - 1 <= LINE_MOST, "line_too_long", "a line of a `.jsonl` member", about)
        words = "Each line is canonical JSON and ends with `0A`."
        _rows(line.endswith(b"\n"), words, about)
        yield _parsed(line[:-1], "rows_unreadable", words, about)


def _table(table: str, content: bytes) -> list[Row]:
    lines = list(_lines(content, table))
    first = '`{"fields":["id",…],"rows":N,"table":"plot"}`'
    _rows(lines and isinstance(lines[0], dict) and set(lines[0]) == {"fields", "rows", "table"}, first, table)
    head, *arrays = lines
    fields = head["fields"]
    named = isinstance(fields, list) and bool(fields) and all(isinstance(one, str) for one in fields)
    _rows(named and len(set(fields)) == len(fields) <= 200 and head["table"] == table, first, table)
    _rows(all(_text(one, 60) for one in fields), first, table)
    _rows(_count(head["rows"]) and head["rows"] == len(arrays), "then N lines, each an array of the values", table)
    for values in arrays:
        _rows(
            isinstance(values, list) and len(values) == len(fields), "each an array of the values in that order", table
        )
        plain = all(value is None or isinstance(value, str | int) for value in values)
        _rows(plain, "Values are as in the tables: integers, texts, null", table)
    keys = [values[0] for values in arrays]
    _rows(len({type(key) for key in keys}) <= 1 and None not in keys, "the key's field first", table)
    _rows(all(one < other for one, other in itertools.pairwise(keys)), "sorted by key", table)
    return [dict(zip(fields, values, strict=True)) for values in arrays]


def _entries(content: bytes, span: Row, ledger: str) -> Iterator[Entry]:
    """The entries from the one after `since` to the head, each bound to the one before it."""
    lines = _lines(content, "journal")
    seq, previous = span["since_seq"], span["since_hash"]
    for line in lines:
        form = '`{"blocks":N,"hash":"…","header":{…}}`'
        _chained(isinstance(line, dict) and set(line) == {"blocks", "hash", "header"} and _count(line["blocks"]), form)
        header = line["header"]
        _chained(isinstance(header, dict) and set(header) == set(_HEADER), form)
        seq += 1
        told = (header["seq"], header["previous"], header["ledger"])
        _chained(told == (seq, previous, ledger), "each is the next number", str(seq))
        _chained(
            line["hash"] == hashlib.sha256(canonical(header)).hexdigest(), "`hash` is that of the header", str(seq)
        )
        blocks = tuple(itertools.islice(lines, line["blocks"]))
        whole = len(blocks) == line["blocks"] and all(isinstance(one, list) for one in blocks)
        _chained(whole, "then N lines, the uncompressed canonical blocks", str(seq))
        digest = hashlib.sha256(b"".join(hashlib.sha256(canonical(one)).digest() for one in blocks)).hexdigest()
        _chained(header["changes"] == digest, "`changes` that of the blocks", str(seq))
        previous = line["hash"]
        yield Entry(header, previous, blocks)
    _chained(
        (seq, previous) == (span["head_seq"], span["head_hash"]), "walks the chain from `since_hash` to `head_hash`"
    )


def _chained(fact: Any, words: str, about: str = "") -> None:
    hold(fact, "journal_chain", words, about)
