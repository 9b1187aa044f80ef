"""A package of each kind as desks send them, and both readers that judge it: the program and that of the document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from sqlalchemy import text

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.exchange.examine import examine
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.reading import ReceivedPackage, reading
from gengdi_desktop.exchange.rows import read_rows
from gengdi_desktop.handover import service as handover
from gengdi_desktop.handover.receiving import proof
from gengdi_desktop.ledger import trust
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases.sampling import service as sampling
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.storage.tables import NoteRow, PlotRow
from tests.helpers import desks, package_drafts, signed_pdfs
from tests.helpers.independent_package import judge
from tests.helpers.independent_signature import Broken
from tests.helpers.made_once import made_once
from tests.helpers.package_drafts import Draft, Signer
from tests.helpers.photos import small_photo

NOW = desks.MOMENT + timedelta(hours=1)


@dataclass(frozen=True)
class Made:
    """A package, and what the program says of it.

    Attributes:
        raw: The file.
        certificate: Of the desk that packed it, and its key, both in DER.
        head: Number and hash of the last entry of its ledger before it was packed.
        rows: Every table as the program reads it, and ``entries`` by number and hash.
        plots: How many plots of whom it is about its ledger has, and their issued areas together.
        files: Hashes of photos and papers that its ledger has.
    """

    raw: bytes
    certificate: bytes
    key: bytes
    head: tuple[int, str]
    rows: dict[str, list[dict[str, Any]]]
    entries: list[tuple[int, str]]
    plots: tuple[int, int]
    files: frozenset[str]

    @property
    def signer(self) -> Signer:
        """Who signed it."""
        key = load_der_private_key(self.key, None, unsafe_skip_rsa_key_validation=True)
        assert isinstance(key, rsa.RSAPrivateKey)
        return Signer((self.certificate,), key)

    @property
    def slim(self) -> Draft:
        """The same with few members, which are quicker to pack."""
        away = (name for name in self.draft.contents if name.startswith("data/") and name != "data/note.jsonl")
        return self.draft.holding(dict.fromkeys(away))

    @property
    def draft(self) -> Draft:
        """From what it comes."""
        return package_drafts.draft_of(self.raw)


def carried(factory: pytest.TempPathFactory) -> dict[str, Made]:
    """A package of each kind, by kind."""
    return made_once(factory, "package-format", _walked)


def _walked(folder: Path) -> dict[str, Made]:
    """A task, a submission with a photo, a spot check there and back, and the answer."""
    with ExitStack() as stack:
        county = stack.enter_context(desks.county_ledger(folder / "county"))
        town = stack.enter_context(desks.township_ledger(folder / "town"))
        team = stack.enter_context(desks.team_ledger(folder / "team"))
        numbers = [(unit, number) for unit in desks.TOWNSHIPS for number in range(11, 17)]
        desks.add_list(county, "到位", numbers, state="accepted")
        for ledger in (town, team):
            trust.trust(ledger, desks.identity_of(county).certificate, by=desks.clerk_of(ledger))
            trust.trust(county, desks.identity_of(ledger).certificate, by=desks.COUNTY_CLERK)
        unit = {"unit_code": desks.TOWNSHIPS["白圩乡"]}
        found = {"task": _carried(county, town, PackageKind.TASK, folder, **unit)}
        plot = _worked(town, folder)
        found["submission"] = _carried(town, county, PackageKind.SUBMISSION, folder)
        info = sampling.take(county, seed="1", count=4, by=desks.COUNTY_CLERK).info
        found["check-task"] = _carried(county, team, PackageKind.CHECK_TASK, folder, sample=info.id)
        for one in info.plots:
            sampling.record_result(
                team, info.id, one.plot, outcome="合格", finding="已复耕", checker="李建国", second_checker="熊伟",
                by=desks.CHECKER,
            )  # fmt: skip
        _photographed(team, info.plots[0].plot, Stage.SPOT_CHECK, folder, 2)
        found["check-result"] = _carried(team, county, PackageKind.CHECK_RESULT, folder, sample=info.id)
        found["feedback"] = _carried(county, town, PackageKind.FEEDBACK, folder, **unit)
        assert plot in {row["id"] for row in found["feedback"].rows["plot"]}
        return found


def _worked(town: Ledger, folder: Path) -> str:
    """What a township does to its first plot; returns the plot."""
    (plot,) = _asked(town, "SELECT id FROM plot ORDER BY position, id LIMIT 1")[0]
    with town.begin(Operation.NOTE, desks.TOWN_CLERK) as work:
        row = work.session.get_one(PlotRow, plot)
        row.remark, row.party = "雨后再看\n“二次”\\复查\t\x7f𠮷", "张三"
        work.session.add(NoteRow(plot_id=plot, on_date="2026-05-06", body="已电话通知\r\n\x01"))
        work.commit()
    _photographed(town, plot, Stage.AFTER, folder, 1)
    return str(plot)


def _photographed(ledger: Ledger, plot: str, stage: Stage, folder: Path, seed: int) -> None:
    photo = folder / f"{seed}.jpg"
    photo.write_bytes(small_photo(seed))
    evidence.attach(ledger, plot, [photo], stage, by=desks.clerk_of(ledger))


def _carried(sender: Ledger, receiver: Ledger, kind: PackageKind, folder: Path, **options: Any) -> Made:
    """Pack, take in, and tell both what the sender's ledger has and what the program reads."""
    ((seq, digest),) = _asked(sender, "SELECT seq, hash FROM journal_entry ORDER BY seq DESC LIMIT 1")
    ours = "township = '白圩乡'" if kind is not PackageKind.CHECK_TASK else "state = 'accepted'"
    ((count, area),) = _asked(sender, f"SELECT count(*), sum(issued_area) FROM plot WHERE {ours}")
    files = _asked(sender, "SELECT id FROM stored_file")
    by, identity = desks.clerk_of(sender), desks.identity_of(sender)
    target = folder / f"{kind}.gdpkg"
    handover.pack(sender, kind, target, by=by, identity=identity, options=handover.PackOptions(**options))
    verdict = desks.judged(receiver, target)
    with reading(target, (), now=receiver.clock.now(), verdict=verdict) as package:
        rows, entries = program_rows(package), program_entries(package)
    handover.receive(receiver, target, by=desks.clerk_of(receiver), verdict=verdict, copy=False)
    key = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate = identity.certificate.der
    hashes = frozenset(one for (one,) in files)
    return Made(target.read_bytes(), certificate, key, (seq, digest), rows, entries, (count, area or 0), hashes)


def _asked(ledger: Ledger, query: str) -> list[tuple[Any, ...]]:
    with ledger.reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def program_rows(package: ReceivedPackage) -> dict[str, list[dict[str, Any]]]:
    """Every table by the program's own reader."""
    found = {}
    for one in package.members:
        if one.name.startswith("data/"):
            table = one.name[5:].removesuffix(".jsonl")
            header, rows = read_rows(table, package.lines(one.name))
            found[table] = [dict(zip(header.fields, row, strict=True)) for row in rows]
    return found


def program_entries(package: ReceivedPackage) -> list[tuple[int, str]]:
    """Number and hash of the entries by the program's own reader; none where the package carries none."""
    span, name = package.heading.journal, "journal/entries.jsonl"
    if span is None or span.since_seq is None:
        return []
    lines = package.lines(name) if any(one.name == name for one in package.members) else iter(())
    return [(one.seq, one.hash) for one in proof.read_entries(span, package.heading.sender.ledger or "", lines)]


@dataclass
class Bench:
    """Where a changed package is shown to both readers."""

    one: Made
    place: Path

    def ours(self, raw: bytes) -> str:
        """What the reader of the document says: refused, intact or trusted."""
        try:
            said, _ = judge(raw)
        except Broken:
            return "refused"
        return "trusted" if said.trusted({self.one.certificate}) else "intact"

    def program(self, raw: bytes) -> str:
        """The same of the program, in this process."""
        self.place.write_bytes(raw)
        found, _ = examine(self.place, (Certificate.from_bytes(self.one.certificate),), now=NOW)
        return "trusted" if found.trusted else "intact" if found.intact else "refused"

    def both(self, mutants: Mapping[str, bytes], expected: str) -> None:
        """Each is judged so by both."""
        assert {name: raw for name, raw in mutants.items() if raw == self.one.raw} == {}
        verdicts = {name: (self.ours(raw), self.program(raw)) for name, raw in mutants.items()}
        assert {name: told for name, told in verdicts.items() if told != (expected, expected)} == {}


def front_of(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in ("manifest.json", "signature.p7s")}


def stranger() -> Signer:
    person = signed_pdfs.person("吴小琴", keyed="a stranger")
    return Signer((person.certificate.der,), person.key)
