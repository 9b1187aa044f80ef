"""Files in ``evidence/`` that no row names: left by a kill between copying and saving, set aside and never deleted.

An undone entry may still want its files back, and so may an older database; so what the journal ever named stays, and
what is set aside is brought back when a row misses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.folder import FolderPart
from gengdi_desktop.storage import journal
from gengdi_desktop.system.files import PART, digest_of, telling

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

SET_ASIDE = "没有登记的文件"
"""Below ``backups/``: where such files lie afterwards."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was done: names of files set aside and brought back, and of those that were left where they are.

    Attributes:
        set_aside: Made by this program, named nowhere: moved below ``backups/``.
        brought_back: A row missed them, and they lay aside.
        left: Not of this program's making, or named by an entry that was undone.
    """

    set_aside: tuple[str, ...]
    brought_back: tuple[str, ...]
    left: tuple[str, ...]


def tidy(ledger: Ledger) -> Tidied:
    """Set loose files aside and bring missed ones back; nothing is deleted, nothing of the tables changes.

    Raises:
        SurroundingsError: A file cannot be moved.
    """
    folder, aside = ledger.folder, ledger.folder.part(FolderPart.BACKUPS) / SET_ASIDE
    with ledger.reading() as session:
        rows = store.stored_files(session)
        known = {folder.path_of(row) for row in rows}
        there = folder.part(FolderPart.EVIDENCE)
        loose = [path for path in sorted(there.glob("*")) if path not in known and path.name[-len(PART) :] != PART]
        named = _named_once(session, {path.name.partition(".")[0] for path in loose})
    back = []
    for row in rows:
        wanted = folder.path_of(row)
        kept = aside / wanted.name
        if not wanted.exists() and kept.is_file() and digest_of(kept).sha256 == row.id:
            _move(kept, wanted)
            back.append(wanted.name)
    going = [path for path in loose if path.name.partition(".")[0] not in named and _is_ours(path)]
    for path in going:
        _move(path, aside / path.name)
    left = tuple(path.name for path in loose if path not in set(going))
    return Tidied(tuple(path.name for path in going), tuple(back), left)


def _is_ours(path: Path) -> bool:
    """Whether a file is named by the hash of its bytes, as this program names them; a person's own file is not."""
    try:
        return path.is_file() and digest_of(path).sha256 == path.name.partition(".")[0]
    except SurroundingsError:
        # It cannot be read: then it is not for us to move it.
        return False


def _move(path: Path, target: Path) -> None:
    with telling(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)


def _named_once(session: Session, hashes: set[str]) -> set[str]:
    """Those of the hashes that any entry of the journal ever named."""
    if not hashes:
        return set()
    wanted = {one: one.encode() for one in hashes}
    found: set[str] = set()
    for block in _blocks(session):
        found.update(one for one, raw in wanted.items() if one not in found and raw in block)
    return found


def _blocks(session: Session) -> Iterator[bytes]:
    for (body,) in session.connection().execute(text("SELECT body FROM journal_block ORDER BY seq, part")):
        yield journal.unpack_block(body)
