"""Packages made from the ledgers of tests, read back, and what a desk may know of them."""

from __future__ import annotations

import hashlib
import json
import secrets
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover import service
from gengdi_desktop.handover.service import Packed, PackOptions
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import (
    AttachmentRow,
    PackageRow,
)
from tests.helpers import desks

DAY = "2026-05-06"


def packed(ledger: Ledger, kind: PackageKind, target: Path, **options: Any) -> Packed:
    """A package by the clerk of a desk."""
    return service.pack(
        ledger,
        kind,
        target,
        by=desks.clerk_of(ledger),
        identity=desks.identity_of(ledger),
        options=PackOptions(**options),
    )


def task(county: Ledger, target: Path, unit: str = "360124209") -> Packed:
    """A task of the county for a township."""
    return packed(county, PackageKind.TASK, target, unit_code=unit)


def rows(package: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table in a package, by the names of their fields."""
    with zipfile.ZipFile(package) as archive:
        head, *lines = archive.read(f"data/{table}.jsonl").splitlines()
    header = json.loads(head)
    assert (header["table"], header["rows"]) == (table, len(lines))
    return [dict(zip(header["fields"], json.loads(line), strict=True)) for line in lines]


def manifest(package: Path) -> dict[str, Any]:
    """What a package says of itself."""
    with zipfile.ZipFile(package) as archive:
        return dict(json.loads(archive.read("manifest.json")))


def members(package: Path, folder: str = "") -> list[str]:
    """The names of its members in a folder."""
    return [one["name"] for one in manifest(package)["members"] if one["name"].startswith(folder)]


def state_of(ledger: Ledger) -> str:
    """Everything that a ledger holds, as one hash."""
    with ledger.reading() as session:
        raw: Any = session.connection().connection.driver_connection
        return hashlib.sha256("\n".join(raw.iterdump()).encode()).hexdigest()


def refused(call: Any) -> str:
    """The code of a refusal."""
    with pytest.raises(GengdiError) as refusal:
        call()
    assert refusal.value.hint
    return refusal.value.code


def submission(township: Ledger, target: Path, **options: Any) -> Packed:
    """A submission of a township."""
    return packed(township, PackageKind.SUBMISSION, target, **options)


def taken_in(ledger: Ledger, peer: Ledger, **values: Any) -> str:
    """Note a package of another desk as taken in, as receiving would; returns its id."""
    key = secrets.token_hex(16)
    facts: dict[str, Any] = {
        "id": key,
        "direction": "in",
        "kind": "feedback",
        "number": 1,
        "peer_ledger": peer.info.id,
        "peer_desk": peer.info.desk,
        "peer_unit": peer.info.unit,
        "peer_unit_code": peer.info.unit_code,
        "peer_organ": peer.info.organ,
        "settled_at": "2026-05-06T09:00:00.000000Z",
        "manifest_sha256": "c" * 64,
        "signer": "d" * 64,
        "head_seq": 3,
        "head_hash": "e" * 64,
    } | values
    with ledger.begin(Operation.RECEIVE, desks.clerk_of(ledger)) as work:
        work.session.add(PackageRow(**facts))
        work.commit()
    return key


def receipt_for(ledger: Ledger, package: str, answer: str) -> None:
    """Note that another desk told us that it has a package of ours."""
    with ledger.begin(Operation.RECEIVE, desks.clerk_of(ledger)) as work:
        row = work.session.get(PackageRow, package)
        assert row is not None
        row.receipted_by = answer
        work.commit()


def attach(ledger: Ledger, plot: str, data: bytes, stage: str = "after", name: str = "后1.jpg") -> str:
    """A photo of a plot; returns its hash."""
    with ledger.begin(Operation.ATTACH, desks.clerk_of(ledger)) as work:
        kept = record_file(work, ledger.folder.keep(FolderPart.EVIDENCE, data, ".jpg"))
        work.session.add(AttachmentRow(plot_id=plot, stage=stage, file_id=kept, name=name, media_type="image/jpeg"))
        work.commit()
    return kept


def named_photo(ledger: Ledger, plot: str, name: str, size: int = 100, stage: str = "after") -> str:
    """A photo of a plot with bytes that no other name has, about as many as asked for; returns its hash."""
    return attach(ledger, plot, name.encode() + bytes(size), stage, name)


def first_plot(ledger: Ledger) -> str:
    """The plot that was put in first."""
    with ledger.reading() as session:
        return str(session.connection().execute(text("SELECT id FROM plot ORDER BY position, id LIMIT 1")).scalar_one())


def bin_photos(ledger: Ledger, plot: str, name: str) -> None:
    """Put an attachment in the bin."""
    with ledger.begin(Operation.ATTACH, desks.clerk_of(ledger)) as work:
        given = {"plot": plot, "name": name}
        keys = work.session.connection().execute(
            text("SELECT id FROM attachment WHERE plot_id = :plot AND name = :name"), given
        )
        for key in keys.scalars().all():
            row = work.session.get_one(AttachmentRow, key)
            row.removed, row.removed_on, row.removed_reason = 1, DAY, "拍错了地方"
        work.commit()
