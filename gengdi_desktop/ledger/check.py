"""Checking a ledger: the file, the chain, the replay, every stored file, and a report that was handed up before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gengdi_desktop.errors import GengdiError, SurroundingsError
from gengdi_desktop.ledger import store
from gengdi_desktop.ledger.file_names import file_names
from gengdi_desktop.ledger.folder import FileRow, FolderPart, LedgerFolder, file_label
from gengdi_desktop.storage import replay
from gengdi_desktop.storage.failures import in_words
from gengdi_desktop.storage.replay import Finding
from gengdi_desktop.storage.schema import SCHEMA_VERSION
from gengdi_desktop.system.files import digest_of, opened

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; ``ok`` where there are no problems. ``head`` is the hash of the last entry."""

    ok: bool
    schema: int
    entries: int
    head: str
    replayed: bool
    files: int
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class StatedHead:
    """A journal head that a report or package carries, and where it was read."""

    ledger: str
    seq: int
    hash: str
    source: str


def check(ledger: Ledger, against: StatedHead | None = None, progress: Progress | None = None) -> Checked:
    """Check everything; reads only.

    Args:
        ledger: The open ledger.
        against: A head that was handed up: the entry must still be there, unchanged. The heads of frozen reports are
            asked for anyway, by their rows and by the snapshots that lie in ``reports/``.
        progress: Told of stored files done and in all.

    Raises:
        SurroundingsError: The file cannot be read at all.
        Cancelled: ``progress`` said so.
    """
    with in_words():
        trial = replay.check_file(ledger.folder.database)
    with ledger.reading() as session:
        heads = [StatedHead(ledger.info.id, *stated) for stated in store.stated_heads(session)]
        heads += _kept_heads(ledger.folder, ledger.info.id)
        heads += [against] if against is not None else []
        _heads(session, ledger.info.id, heads, trial)
        files = _files(session, ledger.folder, trial, progress)
    return Checked(
        ok=not trial.problems,
        schema=SCHEMA_VERSION,
        entries=trial.entries,
        head=trial.head,
        replayed=trial.replayed,
        files=files,
        problems=tuple(trial.problems),
        notes=tuple(trial.notes),
    )


def _kept_heads(folder: LedgerFolder, own: str) -> Iterator[StatedHead]:
    """The heads that frozen snapshots carry: their files stay when somebody puts an older database in their midst.

    Snapshots of other ledgers came in their packages and say nothing about this one.
    """
    for path in sorted(folder.part(FolderPart.REPORTS).glob("*.json")):
        try:
            with opened(path) as stream:
                match json.load(stream):
                    case {"ledger": str(ledger), "head_seq": int(seq), "head_hash": str(digest)} if ledger == own:
                        yield StatedHead(ledger, seq, digest, f"报告的定稿数据 {path.name[:12]}")
        except (SurroundingsError, ValueError):
            # A damaged file is told as such; here it merely has nothing to say.
            continue


def _heads(session: Session, ledger: str, heads: Iterable[StatedHead], trial: replay.Trial) -> None:
    """A cut tail leaves a whole chain behind; only a head kept elsewhere shows it."""
    told: set[tuple[int, str]] = set()
    for one in heads:
        if one.ledger != ledger:
            trial.add(Finding("other_ledger", f"{one.source}不是从这本台账出的"))
            continue
        found = store.entry(session, one.seq)
        if (one.seq, one.hash) in told:
            continue
        told.add((one.seq, one.hash))
        if found is None:
            message = f"{one.source}出具时账本到第 {one.seq} 条，现在少了后面的记录"
            trial.add(Finding("cut_tail", message, "journal_entry", str(one.seq), "", one.seq))
        elif found.hash != one.hash:
            message = f"{one.source}出具以后，第 {one.seq} 条及以前的记录被改写过"
            trial.add(Finding("rewritten", message, "journal_entry", str(one.seq), "hash", one.seq))


def _files(session: Session, folder: LedgerFolder, trial: replay.Trial, progress: Progress | None) -> int:
    rows = store.stored_files(session)
    awaited = store.awaited_files(session)
    for done, row in enumerate(rows, start=1):
        path = folder.path_of(row)
        try:
            damaged = digest_of(path).sha256 != row.id
        except GengdiError:
            if row.id in awaited and not path.exists():
                _note_awaited(session, row, trial, wanted=awaited[row.id])
            else:
                message = f"少了文件：{_told(session, row)}"
                trial.add(Finding("file_missing", message, "stored_file", row.id))
        else:
            if damaged:
                message = f"文件的内容被改动或损坏：{_told(session, row)}"
                trial.add(Finding("file_damaged", message, "stored_file", row.id))
        if progress is not None:
            progress(done, len(rows))
    known = {folder.path_of(row) for row in rows}
    for part in (FolderPart.EVIDENCE, FolderPart.ISSUED, FolderPart.REPORTS):
        for path in sorted(folder.part(part).glob("*")):
            if path not in known:
                trial.add_note(Finding("file_unknown", f"文件 {part}/{path.name} 不属于任何记录，不影响台账"))
    return len(rows)


def _note_awaited(session: Session, row: FileRow, trial: replay.Trial, *, wanted: bool) -> None:
    """Tell of a file that is still to come; what the other desk has put in its bin is not."""
    if wanted:
        message = f"对方还没有报来文件：{_told(session, row)}"
        trial.add_note(Finding("file_awaited", message, "stored_file", row.id))


def _told(session: Session, row: FileRow) -> str:
    """A file as people know it, with the short name under which it lies in the folder."""
    label = file_label(row)
    known = file_names(session, [row.id]).get(row.id)
    return f"{known}（{label}）" if known else label
