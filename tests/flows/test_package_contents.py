"""What a signer may put into a package: the program and a reader made from the document alone take the same."""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
)
from cryptography.x509.oid import NameOID

from gengdi_desktop.exchange.examine import examine
from gengdi_desktop.exchange.faults import PackageFault
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.reading import reading
from gengdi_desktop.exchange.verify import PackageVerdict
from gengdi_desktop.signing.certificates import Certificate
from tests.architecture.source import ROOT
from tests.helpers import desks, independent_package, independent_signature, signed_pdfs
from tests.helpers.carried_packages import NOW, Bench, Made, carried, front_of, program_entries, program_rows, stranger
from tests.helpers.independent_package import judge
from tests.helpers.independent_signature import Broken
from tests.helpers.package_drafts import Draft, Signer

DOCUMENT = (ROOT / "docs" / "package_format.md").read_text(encoding="utf-8")
KINDS = tuple(str(kind) for kind in PackageKind)
PARTY = ("county", "county_code", "unit", "unit_code", "organ")
_CAMPAIGN, _SENDER, _RECEIVER = ("campaign",), ("from",), ("to",)
PLACES: tuple[tuple[Any, ...], ...] = ((), _SENDER, _RECEIVER, _CAMPAIGN, ("journal",), ("members", 0))
STRANGE: tuple[Any, ...] = (True, 1.5, -1, "", [], {}, "a\nb", "甲" * 201, 2**63, "a" * 31, "e\u0301")
CODES = ("kind", "desk", "method")
WORDY = ((), _SENDER, _RECEIVER, _CAMPAIGN)
WORDS = (*PARTY, "name", "document_number", "program")
MAY_SAY: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "another number": ((), {"number": 7}),
    "a large number": ((), {"number": 2**53}),
    "no campaign": ((), {"campaign": None}),
    "an answer": ((), {"answers": "0" * 32}),
    "a sample": ((), {"sample": 1}),
    "no program": ((), {"program": ""}),
    "a longer program": ((), {"program": "甲" * 40}),
    "a receiver whose ledger is unknown": (_RECEIVER, {"ledger": None}),
    "texts of 200 signs": (_SENDER, dict.fromkeys(PARTY, "甲" * 200)),
    "empty texts": (_RECEIVER, dict.fromkeys(PARTY, "")),
    "no entries": (("journal",), {"since_seq": None, "since_hash": None}),
    "entries from the head on": (("journal",), {"since_seq": 1, "head_seq": 1}),
    "other desks": (_SENDER, {"desk": "county"}),
    "a later minor version": ((), {"version": [1, 1]}),
    "and its keys": ((), {"version": [1, 1], "more": [1, None, {"a": "b"}]}),
    "the first moment": ((), {"created": "1970-01-01T00:00:00Z"}),
    "the last moment": ((), {"created": "9998-12-31T23:59:59Z"}),
}
MAY_NOT_SAY: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "another major version": ((), {"version": [2, 0]}),
    "a version of three": ((), {"version": [1, 0, 0]}),
    "no version": ((), {"version": [0, 0]}),
    "another kind": ((), {"kind": "message"}),
    "a kind without reports": ((), {"kind": "task"}),
    "no number": ((), {"number": 0}),
    "a day that is none": ((), {"created": "2026-02-30T00:00:00Z"}),
    "a leap second": ((), {"created": "2026-06-30T23:59:60Z"}),
    "an hour that is none": ((), {"created": "2026-06-30T24:00:00Z"}),
    "a time of another zone": ((), {"created": "2026-05-06T08:30:00+08:00"}),
    "digits of another script": ((), {"created": "２026-05-06T08:30:00Z"}),
    "before all clocks": ((), {"created": "1969-12-31T23:59:59Z"}),
    "after all clocks": ((), {"created": "9999-01-01T00:00:00Z"}),
    "a program too long": ((), {"program": "a" * 41}),
    "a sender whose ledger is unknown": (_SENDER, {"ledger": None}),
    "another desk": (_SENDER, {"desk": "province"}),
    "encrypted": ((), {"encryption": "aes"}),
    "no journal": ((), {"journal": None}),
    "a hash alone": (("journal",), {"since_seq": None}),
    "a number alone": (("journal",), {"since_hash": None}),
    "since behind the head": (("journal",), {"since_seq": 9, "head_seq": 8}),
    "no head": (("journal",), {"since_seq": 0, "head_seq": 0}),
    "eleven signers": ((), {"signer": [f"{one:064x}" for one in range(11)]}),
    "a capital hash": (("members", 0), {"sha256": "A" * 64}),
    "a stored member of another size": (("members", 0), {"method": "stored"}),
    "too steep": (("members", 0), {"packed_size": 1}),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """A package of each kind, by kind."""
    return carried(tmp_path_factory)


@pytest.fixture
def bench(made: dict[str, Made], tmp_path: Path) -> Bench:
    """A submission, which has members of every kind but rules."""
    return Bench(made["submission"], tmp_path / "mutant.gdpkg")


# ------------------------------------------------------------------------------- whatever a signer may say


def test_what_a_manifest_may_say_is_the_same_to_both(bench: Bench) -> None:
    draft, signer = bench.one.slim, bench.one.signer
    good = json.loads(draft.said(signer))
    mutants = {}
    for name, raw in _said_otherwise(good).items():
        front = {"manifest.json": raw, "signature.p7s": _message(raw, signer)}
        mutants[name] = draft.zipped(front)
    verdicts = {name: (bench.ours(raw), bench.program(raw)) for name, raw in mutants.items()}
    assert {name: told for name, told in verdicts.items() if told[0] != told[1]} == {}, "they judge alike"
    taken = {name for name, told in verdicts.items() if told[0] != "refused"}
    assert taken == {name for name in mutants if name.startswith("may: ")}
    assert len(mutants) > 200


def _message(said: bytes, signer: Signer) -> bytes:
    return independent_signature.made(said, signer.certificates, signer.key, signer.at)


def _said_otherwise(good: dict[str, Any]) -> dict[str, bytes]:
    """Manifests that differ from a good one in one place; those that a reader takes are named `may: …`."""
    found: dict[str, bytes] = {}
    for place in PLACES:
        found[f"one key more in {place}"] = _told(good, place, {"more": 1})
        for key in _at(good, place):
            found[f"without {place} {key}"] = _told(good, place, {}, without=key)
            for value in STRANGE:
                # The program's child stumbles over a list or an object where a code should be.
                skipped = key in CODES and isinstance(value, list | dict)
                if not skipped and not (key in WORDS and place in WORDY and value in ("", "a" * 31)):
                    found[f"{place} {key}: {value!r}"] = _told(good, place, {key: value})
    for name, (place, changes) in MAY_SAY.items():
        found[f"may: {name}"] = _told(good, place, changes)
    for name, (place, changes) in MAY_NOT_SAY.items():
        found[name] = _told(good, place, changes)
    members = good["members"]
    found["two members in another order"] = _told(good, (), {"members": members[::-1]})
    found["no members"] = _told(good, (), {"members": []})
    found["a member twice"] = _told(good, (), {"members": members[:1] + members})
    raw = found["may: another number"]
    found["a key twice"] = raw.replace(b'"answers":null', b'"answers":null,"answers":null')
    found["a space"] = raw.replace(b'"answers":null', b'"answers": null')
    found["an escape too many"] = raw.replace(b'"gengdi-package"', b'"gengdi\\u002dpackage"')
    found["not sorted"] = json.dumps(dict(reversed(good.items())), ensure_ascii=False, separators=(",", ":")).encode()
    found["an end of line"], found["a mark of order"] = raw + b"\n", b"\xef\xbb\xbf" + raw
    found["no object"], found["no JSON"], found["UTF-16"] = b"[]", b"{", raw.decode().encode("utf-16-le")
    found["half a character"] = raw.replace(b'"gengdi-package"', b'"\xed\xa0\x80"')
    found["deep"] = b'{"answers":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    return found


def _told(good: dict[str, Any], place: tuple[Any, ...], changes: Mapping[str, Any], without: str = "") -> bytes:
    """The bytes of a manifest with other values in one of its objects, or without one."""
    said = copy.deepcopy(good)
    _at(said, place).update(changes)
    _at(said, place).pop(without, None)
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _at(said: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        said = said[step]
    return said


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_folders(made: dict[str, Made], kind: str, tmp_path: Path) -> None:
    one = made[kind]
    names = {
        **{f"{folder}/a.toml": b"a" for folder in ("data", "journal", "rules")},
        **{f"{folder}/{hashlib.sha256(b'a').hexdigest()}": b"a" for folder in ("certificates", "reports", "evidence")},
    }
    bench, signer = Bench(one, tmp_path / "mutant.gdpkg"), one.signer
    table = re.search(rf"^\| `{kind}` \| [^|]*→[^|]*\|[^|]*\|([^|]*)\|", DOCUMENT, re.MULTILINE)
    assert table is not None
    always, besides = {"data", "certificates", "evidence"}, set(re.findall(r"`([a-z]+)/`", table[1]))
    for name, content in names.items():
        raw = one.slim.holding({name: content}).signed(signer)
        told = bench.ours(raw), bench.program(raw)
        assert told == (
            ("trusted",) * 2 if name.split("/")[0] in independent_package.FOLDERS[kind] else ("refused",) * 2
        )
    assert besides <= independent_package.FOLDERS[kind]
    assert always <= independent_package.FOLDERS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_names_every_table_of_a_kind(made: dict[str, Made], kind: str) -> None:
    row = re.search(rf"^\| `{kind}` \| [^|]*→[^|]*\|([^|]*)\|", DOCUMENT, re.MULTILINE)
    records = re.search(r"^Records are (.*?)\.", DOCUMENT, re.MULTILINE)
    assert row is not None
    assert records is not None
    told = set(re.findall(r"`([a-z_]+)`", row[1]))
    if "records" in row[1]:
        told |= set(re.findall(r"`([a-z_]+)`", records[1]))
    assert made[kind].rows.keys() == (told | {"receipt", "foreign_row"}) - {"removed"}


def test_the_limits_are_those_of_the_document(bench: Bench) -> None:
    for most in (
        "4,294,967,295 bytes",
        "| 60,000 |",
        "32 MiB · 256 KiB",
        "| 2 GiB |",
        "100 times its packed bytes",
        "64 MiB",
    ):
        assert most in DOCUMENT
    draft, signer = bench.one.slim, bench.one.signer
    steep = draft.holding({"data/zzz.jsonl": bytes(2_000_000)})
    even = replace(steep, stored=steep.stored | {"data/zzz.jsonl"})
    front = front_of(bench.one.raw)
    refused = {
        "what packs too well": steep.signed(signer),
        "a long name": draft.holding({f"data/{'a' * 110}.jsonl": b""}).signed(signer),
        "a long signature": draft.zipped({**front, "signature.p7s": bytes(256 * 1024 + 1)}),
        "many certificates": draft.signed(replace(signer, certificates=signer.certificates * 11)),
    }
    bench.both(refused, "refused")
    bench.both(
        {"stored": even.signed(signer), "a name": draft.holding({f"data/{'a' * 109}.jsonl": b""}).signed(signer)},
        "trusted",
    )


def test_no_member_has_a_name_that_the_document_forbids(bench: Bench) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    forbidden = (
        *("data/private_value.jsonl", "data/con.jsonl", "data/com0.a", "rules/nul.toml", "rules/lpt9.tar.gz", "data/a"),
        *(
            "data/A.jsonl",
            "data/a..b",
            "data/.a",
            "data/_a.b",
            "data/a/b.c",
            "/data/a.b",
            "data//a.b",
            "../a.b",
            "data/../a.b",
        ),
        *("data\\a.b", "c:/a.b", "issued/a.xlsx", "a.b", "mimetype2", "data/", "data/a.b ", "data/a.B", "data/a-.b/"),
        *(f"evidence/{'0' * 64}.jpg", f"evidence/{digest}.", f"evidence/{digest}.JPG", f"evidence/{digest}.ninesigns"),
        *(
            f"evidence/{digest}.tar.gz",
            f"evidence/{digest[:-1]}.jpg",
            f"evidence/{digest.upper()}.jpg",
            f"evidence/x{digest}",
        ),
        *(f"data/{digest}", f"rules/{digest}.jpg/x"),
    )
    allowed = (
        "data/a.b",
        "data/a-_1.b.c",
        "journal/a.txt",
        "data/console.a",
        "data/com10.a",
        f"evidence/{digest}",
        f"evidence/{digest}.jpg",
    )
    draft, signer = bench.one.slim, bench.one.signer
    bench.both({name: draft.holding({name: b"x"}).signed(signer) for name in forbidden}, "refused")
    bench.both({name: draft.holding({name: b"x"}).signed(signer) for name in allowed}, "trusted")


# ------------------------------------------------------------------------------------------------- who is believed


def test_both_believe_the_same_signers(bench: Bench) -> None:
    draft = bench.one.slim
    signer, other = bench.one.signer, stranger()
    authority, clerk = signed_pdfs.person("王玥"), signed_pdfs.person("李四")
    root = signed_pdfs.issued_by(authority, "颁发机构", authority=True)
    below = signed_pdfs.issued_by(root, "某人")
    let_in = signed_pdfs.issued_by(clerk, "某人")
    weak = _plain_certificate(1024, usage=True)
    silent, other_use = _plain_certificate(2048, usage=None), _plain_certificate(2048, usage=False)
    late, later = signer.at + timedelta(days=365 * 6), signer.at.replace(year=2051)

    def by(identity: Any, *issuers: Any) -> Signer:
        return Signer(tuple(one.certificate.der for one in (identity, *issuers)), identity.key)

    cases = {
        "himself": (signer, signer.certificates, "trusted"),
        "another": (other, signer.certificates, "intact"),
        "nobody": (signer, (), "intact"),
        "too late": (replace(signer, at=late), signer.certificates, "intact"),
        "after 2050": (replace(signer, at=later), signer.certificates, "intact"),
        "too early": (replace(signer, at=signer.at - timedelta(days=2)), signer.certificates, "intact"),
        "with one who is no issuer": (
            replace(signer, certificates=signer.certificates + other.certificates),
            signer.certificates,
            "trusted",
        ),
        "the second only": (
            replace(other, certificates=other.certificates + signer.certificates),
            signer.certificates,
            "intact",
        ),
        "let in by an authority": (by(below, root), (root.certificate.der,), "trusted"),
        "let in, the issuer left out": (by(below), (root.certificate.der,), "trusted"),
        "let in by a clerk": (by(let_in, clerk), (clerk.certificate.der,), "intact"),
        "a short key": (weak, weak.certificates, "intact"),
        "a usage that is not said": (silent, silent.certificates, "trusted"),
        "another usage": (other_use, other_use.certificates, "trusted"),
    }
    found = {}
    for name, (who, believed, _) in cases.items():
        raw = draft.signed(who)
        said, _ = judge(raw)
        bench.place.write_bytes(raw)
        verdict, _ = examine(bench.place, tuple(map(Certificate.from_bytes, believed)), now=NOW)
        assert verdict.intact, name
        found[name] = ("trusted" if said.trusted(believed) else "intact", "trusted" if verdict.trusted else "intact")
    assert found == {name: (told, told) for name, (_, _, told) in cases.items()}


def _plain_certificate(bits: int, *, usage: bool | None) -> Signer:
    """A certificate of another maker: short, without usage, or only for something else."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "甲")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7)
    builder = builder.not_valid_before(desks.MOMENT - timedelta(days=1)).not_valid_after(
        desks.MOMENT + timedelta(days=9)
    )
    if usage is not None:
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=usage, content_commitment=False, key_encipherment=True, data_encipherment=False,
                key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )  # fmt: skip
    return Signer((builder.sign(key, SHA256()).public_bytes(Encoding.DER),), key)


# ------------------------------------------------------------------------------------------------ rows and journal


def _both_read(bench: Bench, drafts: Mapping[str, Draft]) -> dict[str, tuple[bool, bool]]:
    """Whether the reader of the document and the program read every row and entry; both find them intact before."""
    signer, found = bench.one.signer, {}
    bench.place.write_bytes(bench.one.raw)
    intact, _ = examine(bench.place, (), now=NOW)  # of a good one: what is signed and well built is intact
    assert intact.intact
    for name, draft in drafts.items():
        bench.place.write_bytes(draft.signed(signer))
        verdict = PackageVerdict(intact, None, hashlib.sha256(draft.said(signer)).hexdigest())
        found[name] = _ours_reads(bench), _program_reads(bench, verdict)
    return found


def _ours_reads(bench: Bench) -> bool:
    judge(bench.place.read_bytes())
    try:
        independent_package.read(bench.place)
    except Broken:
        return False
    return True


def _program_reads(bench: Bench, verdict: PackageVerdict) -> bool:
    try:
        with reading(bench.place, (), now=NOW, verdict=verdict) as opened:
            program_rows(opened)
            program_entries(opened)
    except PackageFault:
        return False
    return True


def test_rows_have_one_form(bench: Bench) -> None:
    head = b'{"fields":["id","a"],"rows":2,"table":"note"}\n'
    one = b'[1,"x"]\n[2,null]\n'
    wrong = {
        "no header": one,
        "nothing": b"",
        "a row too few": head + b"[1,1]\n",
        "one too many": head + one + b"[3,1]\n",
        "no end": (head + one)[:-1],
        "an empty line": head + one + b"\n",
        "CRLF": (head + one).replace(b"\n", b"\r\n"),
        "a space": head + b'[1, "x"]\n[2,null]\n',
        "a fraction": head + b"[1,1.5]\n[2,1]\n",
        "true": head + b"[1,true]\n[2,1]\n",
        "an array": head + b"[1,[]]\n[2,1]\n",
        "an object": head + b"[1,{}]\n[2,1]\n",
        "exponent": head + b"[1,1e3]\n[2,1]\n",
        "no key": head + b"[null,1]\n[2,1]\n",
        "a key twice": head + b"[1,1]\n[1,1]\n",
        "not sorted": head + b"[2,1]\n[1,1]\n",
        "keys of two types": head + b'[1,1]\n["2",1]\n',
        "a long row": head + b"[1,1,1]\n[2,1]\n",
        "a short row": head + b"[1]\n[2,1]\n",
        "too large": head + b"[1,9223372036854775808]\n[2,1]\n",
        "too small": head + b"[1,-9223372036854775808]\n[2,1]\n",
        "not NFC": head + '[1,"e\u0301"]\n[2,1]\n'.encode(),
        "NUL": head + b'[1,"\\u0000"]\n[2,1]\n',
        "half a character": head + b'[1,"\\ud800"]\n[2,1]\n',
        "no UTF-8": head + b'[1,"\xff"]\n[2,1]\n',
        "a long escape": head + b'[1,"\\u000a"]\n[2,1]\n',
        "an escape too many": head + b'[1,"\\/"]\n[2,1]\n',
        "capital digits": head + b'[1,"\\u001F"]\n[2,1]\n',
        "a text sorted as a number": head + b'["10",1]\n["9",1]\n["91",1]\n',
        "another table": head.replace(b"note", b"hold") + one,
        "a field twice": head.replace(b'"a"', b'"id"') + one,
        "no field": b'{"fields":[],"rows":0,"table":"note"}\n',
        "a field of no text": head.replace(b'"a"', b"1") + one,
        "a key more": head.replace(b'"rows"', b'"more":1,"rows"') + one,
        "rows as a text": head.replace(b"2", b'"2"') + one,
        "header not sorted": b'{"table":"note","fields":["id","a"],"rows":2}\n' + one,
        "an object for a row": head + b"{}\n{}\n",
        "a mark of order": b"\xef\xbb\xbf" + head + one,
        "a negative nought": head + b"[1,-0]\n[2,1]\n",
    }
    right = {
        "two rows": head + one,
        "texts as keys": head + b'["10",1]\n["9",1]\n',
        "far keys": head + b"[-5,1]\n[10,1]\n",
        "the ends": head + b"[1,9223372036854775807]\n[2,-9223372036854775807]\n",
        "escapes": head + '[1,"\\b\\t\\n\\f\\r\\u0001\\u001f\\"\\\\/\x7f\u2028𠮷"]\n[2,"é"]\n'.encode(),
        "a backslash before u0000": head + b'[1,"\\\\u0000"]\n[2,""]\n',
        "no rows": b'{"fields":["id"],"rows":0,"table":"note"}\n',
        "beyond the plane": head + '["\uffee",1]\n["𠮷",1]\n'.encode(),
    }
    draft = bench.one.slim
    for cases, expected in ((wrong, (False, False)), (right, (True, True))):
        found = _both_read(bench, {name: draft.holding({"data/note.jsonl": rows}) for name, rows in cases.items()})
        assert found == dict.fromkeys(cases, expected)


def test_the_journal_is_one_chain(bench: Bench) -> None:
    draft = bench.one.slim
    span = draft.manifest["journal"]
    lines = draft.contents["journal/entries.jsonl"].splitlines(keepends=True)
    starts = [at for at, line in enumerate(lines) if line.startswith(b'{"blocks"')]
    entries = [b"".join(lines[at:end]) for at, end in itertools.pairwise([*starts, len(lines)])]
    assert len(entries) > 3
    whole = b"".join(entries)
    hashes = [json.loads(lines[at])["hash"] for at in starts]
    wrong = {
        "no first": b"".join(entries[1:]),
        "no last": b"".join(entries[:-1]),
        "none": b"",
        "one twice": entries[0] + whole,
        "two in another order": b"".join([entries[1], entries[0], *entries[2:]]),
        "one away": b"".join(entries[:1] + entries[2:]),
        "another name": whole.replace("吴小琴".encode(), "王小琴".encode()),
        "a block less": b"".join(lines[:1] + lines[2:]),
        "another block": whole.replace("电话通知".encode(), "书面通知".encode()),
        "a key less": whole.replace(b'"undoes":null}', b"}", 1),
        "a hash": whole.replace(hashes[1].encode(), b"0" * 64),
        "blocks": whole.replace(b'{"blocks":1', b'{"blocks":2', 1),
        "a line more": whole + b"[]\n",
        "no blocks": whole.replace(b'{"blocks":1', b'{"blocks":0', 1),
        "no JSON": b"x\n" + whole,
    }
    drafts = {name: draft.holding({"journal/entries.jsonl": content}) for name, content in wrong.items()}
    spans = {
        "another start": {"since_seq": 0, "since_hash": "1" * 64},
        "a start too late": {"since_seq": 1, "since_hash": hashes[0]},
        "another head": {"head_hash": "1" * 64},
        "a later head": {"head_seq": span["head_seq"] + 1},
        "an earlier head": {"head_seq": span["head_seq"] - 1, "head_hash": hashes[-2]},
    }
    drafts |= {name: draft.saying(journal={**span, **changes}) for name, changes in spans.items()}
    drafts["another ledger"] = draft.saying(**{"from": {**draft.manifest["from"], "ledger": "0" * 32}})
    drafts["no member"] = draft.holding({"journal/entries.jsonl": None})
    assert _both_read(bench, drafts) == dict.fromkeys(drafts, (False, False))
    since = draft.saying(journal={**span, "since_seq": 2, "since_hash": hashes[1]})
    nothing = draft.saying(journal={**span, "since_seq": span["head_seq"], "since_hash": span["head_hash"]})
    unsaid = draft.saying(journal={**span, "since_seq": None, "since_hash": None})
    right = {
        "from the third on": since.holding({"journal/entries.jsonl": b"".join(entries[2:])}),
        "nothing new": nothing.holding({"journal/entries.jsonl": b""}),
        "nothing new and no member": nothing.holding({"journal/entries.jsonl": None}),
        "none is carried": unsaid.holding({"journal/entries.jsonl": None}),
    }
    assert _both_read(bench, right) == dict.fromkeys(right, (True, True))
