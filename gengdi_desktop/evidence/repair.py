"""Setting the evidence in order: photos that nothing is noted of, files that no row names, files that a row misses."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import GengdiError, RuleError, SurroundingsError
from gengdi_desktop.evidence import service, store
from gengdi_desktop.evidence.photos import Examined, examine
from gengdi_desktop.ledger.loose_files import Tidied, tidy

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.evidence.photo_facts import PhotoFacts
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]

_REASON = "补记照片的拍摄信息"


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was set in order.

    Attributes:
        tidied: Files set aside, brought back and left.
        noted: How many photos were read that nothing was noted of.
        unread: Names of photos that cannot be read: missing, damaged, or no pictures; ``check`` tells which.
        changes: The journal entry; nothing where no photo was read.
    """

    tidied: Tidied
    noted: int
    unread: tuple[str, ...]
    changes: Changes


def repair(ledger: Ledger, *, by: Actor, progress: Progress | None = None) -> Repaired:
    """Set loose files aside, bring missed ones back, and note what older photos say of themselves, as one entry.

    Raises:
        SurroundingsError: A file cannot be moved, or the ledger not be written.
        Cancelled: ``progress`` said so.
    """
    tidied = tidy(ledger)
    with ledger.reading() as session:
        waiting = store.pictures_without_photo(session)
    facts: dict[str, PhotoFacts] = {}
    unread: list[str] = []
    for done, (row, name) in enumerate(waiting):
        if progress is not None:
            progress(done, len(waiting))
        try:
            found = _read(ledger.folder.read(row), name)
        except SurroundingsError:
            unread.append(name)
            continue
        if isinstance(found, Examined):
            facts[row.id] = found.facts
        else:
            unread.append(name)
    with ledger.begin(Operation.ATTACH, by, reason=_REASON) as work:
        store.add_photos(work, facts)
        changes = work.commit()
    return Repaired(tidied, len(facts), tuple(unread), changes)


def read_kept(ledger: Ledger, sha256: str) -> PhotoFacts:
    """What a kept photo says of itself, read anew.

    Raises:
        RuleError: ``unknown_file``, ``not_picture``, and what a photo that cannot be decoded is refused by.
        SurroundingsError: ``file_missing``, ``file_damaged``.
    """
    found = _read(service.read(ledger, sha256), sha256[:12])
    if isinstance(found, GengdiError):
        raise found
    if not found.facts.width:
        raise RuleError("not_picture", "这个文件不是照片，没有保存。", "人工录入的位置和时间只记在照片上。")
    return found.facts


def _read(data: bytes, name: str) -> Examined | GengdiError:
    """Read verified bytes; from a copy, so that a decoder never has the kept file in its hands."""
    with tempfile.TemporaryDirectory(prefix="gengdi-photos-") as folder:
        path = Path(folder) / "photo"
        path.write_bytes(data)
        return examine([path], [name])[0]
