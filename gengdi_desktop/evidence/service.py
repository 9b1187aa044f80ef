"""The verbs of the evidence: attach files to plots, list and read them, find those that are gone or damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.choices import Stage, choice_of
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.evidence import store
from gengdi_desktop.evidence.keeping import keeping
from gengdi_desktop.evidence.media import HEAD_BYTES, is_program, is_read_first, media_type
from gengdi_desktop.evidence.photo_facts import PhotoFacts
from gengdi_desktop.evidence.photos import Examined, examine
from gengdi_desktop.evidence.reading import read_file
from gengdi_desktop.evidence.records import Attachment, KnownPhoto
from gengdi_desktop.ledger.folder import record_file
from gengdi_desktop.system.files import digest_of

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Attached:
    """What was attached.

    Args:
        files: Hash and name of each file given, in order.
        stage: Where it belongs.
        changes: The journal entry; ``nothing`` where all of it was there already.
    """

    files: tuple[tuple[str, str], ...]
    stage: Stage
    changes: Changes


@dataclass(frozen=True, slots=True)
class BadFile:
    """An attachment whose file is gone (``file_missing``), changed (``file_damaged``) or to come (``file_awaited``)."""

    attachment: Attachment
    code: str
    message: str
    awaited_from: str = ""


def attach(
    ledger: Ledger, plot: str, paths: Sequence[Path], stage: Stage | str, *, by: Actor, note: str = ""
) -> Attached:
    """Attach files to a plot's current round; all of them or none, one entry.

    Raises:
        RuleError: ``unknown_plot``, ``unknown_stage``, ``not_evidence`` (empty, a folder, a program); for pictures and
            scans also what :func:`gengdi_desktop.evidence.photos.read_photo` raises.
        SurroundingsError: A file cannot be read, or the disk is full.
    """
    return attach_to_plots(ledger, [plot], paths, stage, by=by, note=note)


def attach_to_plots(
    ledger: Ledger, plots: Sequence[str], paths: Sequence[Path], stage: Stage | str, *, by: Actor, note: str = ""
) -> Attached:
    """Attach the same files to several plots; see :func:`attach`."""
    at_stage = stage_of(stage)
    kinds = [_media_type(path) for path in paths]
    read_before = _examined(paths, kinds)
    with keeping(ledger, [sha256 for sha256, _ in read_before]) as keeper, ledger.begin(Operation.ATTACH, by) as work:
        missing = store.unknown(plots, store.rounds(work.session, plots))
        if missing is not None:
            raise RuleError("unknown_plot", f"台账里没有图斑“{missing}”，附件没有收下。", "请核对编号。")
        new: list[store.NewFile] = []
        for path, kind, (sha256, facts) in zip(paths, kinds, read_before, strict=True):
            kept = keeper.keep(path, path.name, sha256)
            record_file(work, kept)
            new.append(store.NewFile(kept, path.name, kind, facts))
        store.attach_each(work, [(plot, at_stage, one) for plot in plots for one in new], note)
        changes = work.commit()
    return Attached(tuple((one.file.sha256, one.name) for one in new), at_stage, changes)


def stage_of(stage: Stage | str) -> Stage:
    """The stage of a code or label.

    Raises:
        RuleError: ``unknown_stage``.
    """
    found = choice_of(Stage, stage)
    if found is None:
        known = "、".join(f"{one.value}（{one.label}）" for one in Stage)
        raise RuleError("unknown_stage", f"没有“{stage}”这个环节，附件没有收下。", f"可以用的有：{known}。")
    return found


def attachments(ledger: Ledger, plot: str) -> tuple[Attachment, ...]:
    """The files of a plot, all rounds, in the order in which they came."""
    with ledger.reading() as session:
        return store.attachments(session, plot)


def photos(ledger: Ledger, sha256s: Iterable[str]) -> dict[str, KnownPhoto]:
    """What the ledger knows of photos, by hash; files of which nothing is noted are left out.

    Photos that were attached by an older program are noted by :func:`gengdi_desktop.evidence.repair.repair`.
    """
    with ledger.reading() as session:
        return store.photos(session, sha256s)


def read(ledger: Ledger, sha256: str) -> bytes:
    """The bytes of a kept file, verified against its hash.

    Raises:
        RuleError: ``unknown_file``.
        SurroundingsError: ``file_missing``, ``file_damaged``.
    """
    with ledger.reading() as session:
        row = store.stored_file(session, sha256)
    if row is None:
        raise RuleError("unknown_file", f"台账里没有校验码为“{sha256[:12]}”的文件。", "请核对后再试。")
    return read_file(ledger, row, sha256)


def missing_files(ledger: Ledger, progress: Progress | None = None) -> tuple[BadFile, ...]:
    """Read every attachment and name those that are gone or damaged; each file is read once."""
    with ledger.reading() as session:
        found = store.all_attachments(session)
        awaited = store.awaited_from(session)
    verdicts: dict[str, tuple[str, str] | None] = {}
    bad: list[BadFile] = []
    for done, (attachment, row) in enumerate(found):
        if progress is not None:
            progress(done, len(found))
        if row.id not in verdicts:
            verdicts[row.id] = _verdict(partial(read_file, ledger, row, row.id))
        verdict = verdicts[row.id]
        if verdict is not None:
            bad.append(BadFile(attachment, *verdict, awaited.get(row.id, "") if verdict[0] == "file_awaited" else ""))
    return tuple(bad)


def _verdict(reading: Callable[[], bytes]) -> tuple[str, str] | None:
    try:
        reading()
    except SurroundingsError as found:
        return found.code, found.message
    return None


def _examined(paths: Sequence[Path], kinds: Sequence[str]) -> list[tuple[str, PhotoFacts | None]]:
    """Hash of each file, and what a picture or scan says of itself; one that nobody could look at is refused."""
    looked_at = dict(_looked_at(paths, kinds))
    found: list[tuple[str, PhotoFacts | None]] = []
    for path in paths:
        one = looked_at.get(path)
        found.append((one.sha256, one.facts) if one is not None else (digest_of(path).sha256, None))
    return found


def _looked_at(paths: Sequence[Path], kinds: Sequence[str]) -> Iterator[tuple[Path, Examined]]:
    wanted = [path for path, kind in zip(paths, kinds, strict=True) if is_read_first(kind)]
    for path, one in zip(wanted, examine(wanted), strict=True):
        if not isinstance(one, Examined):
            raise one
        yield path, one


def _media_type(path: Path) -> str:
    """What a file is; told before anything is written."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except IsADirectoryError as found:
        raise RuleError("not_evidence", f"“{path.name}”是文件夹，没有收下。", "请选择照片或文件。") from found
    except OSError as found:
        raise SurroundingsError(
            "unreadable", f"读不到文件“{path.name}”，附件没有收下。台账没有变。", "请看看盘是否插好、文件是否还在。"
        ) from found
    if not head:
        raise RuleError("not_evidence", f"“{path.name}”是空文件，没有收下。", "请重新拷一份。")
    if is_program(head):
        raise RuleError("not_evidence", f"“{path.name}”是程序，不是照片或文件，没有收下。", "请核对是不是选错了。")
    return media_type(head)
