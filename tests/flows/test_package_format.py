"""The document of the package format says everything: a reader made from it alone and the program judge bytes alike."""

from __future__ import annotations

import ast
import io
import itertools
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.verify import verify_package, verify_packages
from gengdi_desktop.signing.certificates import Certificate
from tests.architecture.source import ROOT
from tests.helpers import independent_package, independent_signature
from tests.helpers.carried_packages import NOW, Bench, Made, carried, front_of, stranger
from tests.helpers.package_drafts import Draft, Signer

DOCUMENT = (ROOT / "docs" / "package_format.md").read_text(encoding="utf-8")
KINDS = tuple(str(kind) for kind in PackageKind)
FLIPS = 15
LOCAL = {0: "I", 4: "H", 6: "H", 8: "H", 10: "H", 12: "H", 14: "I", 18: "I", 22: "I", 26: "H", 28: "H"}
CENTRAL = {
    0: "I",
    4: "H",
    6: "H",
    8: "H",
    10: "H",
    12: "H",
    14: "H",
    16: "I",
    20: "I",
    24: "I",
    28: "H",
    30: "H",
    32: "H",
    34: "H",
    36: "H",
    38: "I",
    42: "I",
}
END = {0: "I", 4: "H", 6: "H", 8: "H", 10: "H", 12: "I", 16: "I", 20: "H"}
"""The fields of the headers of a zip: where they stand, and how long they are."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """A package of each kind, by kind."""
    return carried(tmp_path_factory)


@pytest.fixture
def bench(made: dict[str, Made], tmp_path: Path) -> Bench:
    """A submission, which has members of every kind but rules."""
    return Bench(made["submission"], tmp_path / "mutant.gdpkg")


# -------------------------------------------------------------------------------------------- both read the same


@pytest.mark.parametrize("kind", KINDS)
def test_the_reader_of_the_document_reads_what_the_program_wrote(
    made: dict[str, Made], kind: str, tmp_path: Path
) -> None:
    one = made[kind]
    path = tmp_path / "a.gdpkg"
    path.write_bytes(one.raw)
    said = independent_package.read(path)
    assert (said.manifest["kind"], said.manifest["number"]) == (kind, 1)
    assert said.tables == one.rows
    assert [(entry.header["seq"], entry.hash) for entry in said.entries] == one.entries
    span = said.manifest["journal"]
    assert (span["head_seq"], span["head_hash"]) == one.head
    assert len(said.entries) == (one.head[0] if kind in {"submission", "check-result"} else 0)
    assert set(said.photos) <= one.files
    assert set(said.photos) == {row["id"] for row in said.tables.get("stored_file", [])}
    if kind in {"task", "submission", "feedback"}:
        plots = said.tables["plot"]
        assert (len(plots), sum(row["issued_area"] for row in plots)) == one.plots
    assert said.trusted({one.certificate})
    assert not said.trusted({stranger().certificates[0]})


@pytest.mark.parametrize("kind", KINDS)
def test_who_builds_a_package_by_the_document_writes_the_very_same_bytes(made: dict[str, Made], kind: str) -> None:
    assert made[kind].draft.signed(made[kind].signer) == made[kind].raw


def _regions(raw: bytes) -> dict[str, list[range]]:
    """Where the parts of a package stand in the file."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        infos, directory = archive.infolist(), archive.start_dir
    found: dict[str, list[range]] = {"header": [], "manifest": [], "signature": [], "member": []}
    for one in infos:
        start = one.header_offset + 30 + len(one.filename)
        found["header"].append(range(one.header_offset, start))
        part = {"manifest.json": "manifest", "signature.p7s": "signature"}.get(one.filename, "member")
        found[part].append(range(start, start + one.compress_size))
    found["directory"] = [range(directory, len(raw) - 22)]
    found["end"] = [range(len(raw) - 22, len(raw))]
    return found


def _flipped(raw: bytes, at: int, bit: int) -> bytes:
    return raw[:at] + bytes((raw[at] ^ 1 << bit,)) + raw[at + 1 :]


@pytest.mark.parametrize("kind", KINDS)
def test_no_flipped_bit_is_taken_by_either(made: dict[str, Made], kind: str, tmp_path: Path) -> None:
    seeded = random.Random(f"bits of {kind}")
    one = made[kind]
    mutants = {}
    for part, ranges in _regions(one.raw).items():
        places = [at for span in ranges for at in span]
        for at in seeded.sample(places, min(len(places), FLIPS)):
            bit = seeded.randrange(8)
            mutants[f"{part}, bit {bit} of byte {at}"] = _flipped(one.raw, at, bit)
    assert len(mutants) > 5 * FLIPS
    Bench(one, tmp_path / "mutant.gdpkg").both(mutants, "refused")


def test_every_bit_of_the_first_bytes_and_of_the_end_counts(bench: Bench) -> None:
    raw = bench.one.raw
    places = [*range(68), *range(len(raw) - 22, len(raw))]
    bench.both({f"{at}.{bit}": _flipped(raw, at, bit) for at in places for bit in range(8)}, "refused")


def test_nothing_may_be_cut_off_put_behind_before_or_between(bench: Bench) -> None:
    raw, seeded = bench.one.raw, random.Random("cuts")
    starts = [span.start for span in _regions(raw)["header"]]
    directory = _regions(raw)["directory"][0].start
    mutants = {f"cut at {at}": raw[:at] for at in (0, 1, 3, 67, 68, *starts[1:9], directory, directory + 3)}
    mutants |= {f"cut at {at}": raw[:at] for at in seeded.sample(range(1, len(raw)), 40)}
    mutants |= {f"cut by {count}": raw[:-count] for count in (1, 2, 21, 22, 23)}
    mutants |= {f"and {more!r}": raw + more for more in (b"\0", b"\n", b"PK\5\6" + bytes(18), raw[-22:])}
    mutants |= {"twice": raw + raw, "a byte before": b"\0" + raw, "a comment": raw[:-2] + b"\1\0x"}
    for at in (*starts, directory, len(raw) - 22):
        mutants[f"a gap at {at}"] = raw[:at] + b"\0" + raw[at:]
    bench.both(mutants, "refused")


def test_no_field_of_a_header_may_say_something_else(bench: Bench) -> None:
    raw = bench.one.raw
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        infos, directory = archive.infolist(), archive.start_dir
    record = directory
    mutants: dict[str, bytes] = {}
    for number, one in enumerate([*infos[1:3], infos[-1]]):
        mutants |= _fields_altered(raw, one.header_offset, LOCAL, f"local {number}")
        mutants |= _fields_altered(raw, record, CENTRAL, f"central {number}")
        record += 46 + len(one.filename)
    mutants |= _fields_altered(raw, len(raw) - 22, END, "end")
    bench.both(mutants, "refused")


def _fields_altered(raw: bytes, at: int, form: Mapping[int, str], what: str) -> dict[str, bytes]:
    """Every field of a header set to other values, of the bytes that stand at a place."""
    found = {}
    for offset, letter in form.items():
        (now,) = struct.unpack_from(f"<{letter}", raw, at + offset)
        top = 2 ** (8 * struct.calcsize(letter)) - 1
        for value in {0, 1, 8, 9, 12, 20, 45, 99, now ^ 8, now ^ 0x800, now ^ 1, top} - {now}:
            changed = bytearray(raw)
            struct.pack_into(f"<{letter}", changed, at + offset, value)
            found[f"{what}, {offset}: {value}"] = bytes(changed)
    return found


def test_the_members_are_those_of_the_manifest_and_no_other(bench: Bench) -> None:
    draft, front = bench.one.draft, front_of(bench.one.raw)
    names = list(draft.contents)
    photo = next(name for name in names if name.startswith("evidence/"))
    plots = draft.contents["data/plot.jsonl"]
    mutants = {f"without {name}": draft.holding({name: None}).zipped(front) for name in names}
    for name, content in draft.contents.items():
        altered = content[:-1] + bytes((content[-1] ^ 1,)) if content else b"x"
        mutants[f"altered {name}"] = draft.holding({name: altered}).zipped(front)
        mutants[f"longer {name}"] = draft.holding({name: content + b"\n"}).zipped(front)
        packed = draft.stored ^ {name}
        mutants[f"packed otherwise {name}"] = replace(draft, stored=packed).zipped(front)
    for name in ("data/zzz.jsonl", "rules/a.toml", "evidence/a.jpg", "../a", "data/private_value.jsonl", "a"):
        mutants[f"with {name}"] = draft.holding({name: b"x"}).zipped(front)
    mutants["renamed"] = replace(
        draft, contents={name.replace("note", "nota"): one for name, one in draft.contents.items()}
    ).zipped(front)
    for one, other in itertools.pairwise(names[:8]):
        order = [{one: other, other: one}.get(name, name) for name in names]
        mutants[f"{other} before {one}"] = replace(
            draft, contents={name: draft.contents[name] for name in order}
        ).zipped(front)
        contents = {**draft.contents, one: draft.contents[other], other: draft.contents[one]}
        mutants[f"{one} is {other}"] = replace(draft, contents=contents).zipped(front)
    less, more = front.copy(), {"journal/x.jsonl": b"", **front}
    del less["signature.p7s"]
    mutants |= {"no signature": draft.zipped(less), "a member too soon": draft.zipped(more)}
    mutants["no manifest"] = draft.zipped({"signature.p7s": front["signature.p7s"]})
    mutants["front in another order"] = draft.zipped(dict(reversed(front.items())))
    mutants["empty signature"] = draft.zipped({**front, "signature.p7s": b""})
    mutants["empty manifest"] = draft.zipped({**front, "manifest.json": b""})
    mutants["another checksum, twice"] = bench.one.raw.replace(bench.one.raw[14:18], b"\1\2\3\4")
    mutants["another type"] = bench.one.raw.replace(b"vnd.gengdi", b"vnd.gongdi", 1)
    mutants["twice"] = bench.one.raw.replace(b"data/note.jsonl", b"data/hold.jsonl")
    mutants["another name"] = bench.one.raw.replace(photo.encode(), photo.replace(".jpg", ".png").encode())
    mutants["another level"] = bench.one.raw.replace(_packed(plots, 6), _packed(plots, 9))
    bench.both({name: raw for name, raw in mutants.items() if raw != bench.one.raw}, "refused")


def _packed(content: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, wbits=-15)
    return packer.compress(content) + packer.flush()


def test_nobody_signs_for_another_and_the_form_of_the_signature_is_fixed(bench: Bench) -> None:
    draft, right = bench.one.draft, bench.one.signer
    front = front_of(bench.one.raw)
    said, message = front["manifest.json"], front["signature.p7s"]
    other = stranger()
    mutants = {
        "another key under the same certificate": draft.signed(replace(right, key=other.key)),
        "over another manifest": draft.zipped({**front, "manifest.json": said.replace(b'"number":1', b'"number":2')}),
        "a stranger's signature": _resigned(draft, said, other),
        "both certificates, one named": _resigned(draft, said, replace(right, certificates=right.certificates * 2)),
        "a certificate that is not named": _resigned(
            draft, said, replace(right, certificates=right.certificates + other.certificates)
        ),
        "behind it a byte": draft.zipped({**front, "signature.p7s": message + b"\0"}),
        "before it a byte": draft.zipped({**front, "signature.p7s": b"\0" + message}),
        "as PEM": draft.zipped({**front, "signature.p7s": b"-----BEGIN CMS-----\n"}),
        "named twice": draft.saying(signer=right.fingerprints * 2).signed(right),
        "another one named": draft.saying(signer=other.fingerprints).signed(right),
        "nobody named": draft.saying(signer=[]).signed(right),
    }
    with_null = bytes.fromhex("300d06096086480165030402010500")
    assert with_null in message
    for at, what in ((message.find(with_null), "digest"), (message.rfind(with_null), "signer's digest")):
        mutants[f"{what} without its null"] = draft.zipped(
            {**front, "signature.p7s": message[:at] + b"\x30\x0b" + with_null[2:-2] + message[at + 15 :]}
        )
    bench.both(mutants, "refused")


def _resigned(draft: Draft, said: bytes, signer: Signer) -> bytes:
    message = independent_signature.made(said, signer.certificates, signer.key, signer.at)
    return draft.zipped({"manifest.json": said, "signature.p7s": message})


# ------------------------------------------------------------------------------------------------ door and document


def test_the_door_says_the_same(bench: Bench, tmp_path: Path) -> None:
    one, draft = bench.one, bench.one.draft
    believed = (Certificate.from_bytes(one.certificate),)
    shown = {
        "trusted": one.raw,
        "intact": draft.signed(stranger()),
        "refused": one.raw[:-1],
        "refused too": _flipped(one.raw, len(one.raw) // 2, 3),
        "refused as well": draft.saying(number=0).signed(one.signer),
    }
    paths = {}
    for name, raw in shown.items():
        paths[name] = tmp_path / f"{name}.gdpkg"
        paths[name].write_bytes(raw)
    verdicts = verify_packages(list(paths.values()), believed, now=NOW)
    for name, path in paths.items():
        found = verdicts[path].verification
        told = "trusted" if found.trusted else "intact" if found.intact else "refused"
        assert told == name.split()[0] == bench.ours(shown[name])
    away = tmp_path / "away.gdpkg"
    away.write_bytes(one.raw[1:])
    with pytest.raises(SurroundingsError) as refusal:
        verify_package(away, believed, now=NOW)
    assert refusal.value.code == "not_package"


def test_whatever_the_reader_of_the_document_refuses_stands_in_the_document() -> None:
    table = DOCUMENT.split("## What a reader refuses")[1].split("## What the members are")[0]
    codes = set(re.findall(r"`([a-z_]+)`", table))
    told = " ".join(DOCUMENT.split())
    said = set(_refusals())
    assert len(said) > 50
    assert {code for code, _ in said} <= codes
    assert sorted(words for _, words in said if " ".join(words.split()) not in told) == []


def _refusals() -> Iterator[tuple[str, str]]:
    """Code and words of every refusal of the reader, out of its source."""
    fixed = {"_well": "manifest_unreadable", "_rows": "rows_unreadable", "_chained": "journal_chain"}
    for module in (independent_package, independent_signature):
        tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            named = {
                target.id: node.value.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
                for target in node.targets
                if isinstance(target, ast.Name) and isinstance(node.value.value, str)
            }
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                name = call.func.id if isinstance(call.func, ast.Name) else ""
                if name in fixed:
                    code, words = fixed[name], call.args[1]
                elif name in {"hold", "_parsed", "Broken"}:
                    first = call.args[0 if name == "Broken" else 1]
                    code, words = getattr(first, "value", "not_package"), call.args[1 if name == "Broken" else 2]
                else:
                    continue
                text_of = words.value if isinstance(words, ast.Constant) else named.get(getattr(words, "id", ""))
                if isinstance(text_of, str) and isinstance(code, str):
                    yield code, text_of
