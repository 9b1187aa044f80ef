"""Photos out: a folder for each village, names that tell plot, stage and day, and an index of everything."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.evidence import store
from gengdi_desktop.evidence.records import BY_HAND, Attachment, KnownPhoto, awaited_told
from gengdi_desktop.system.files import digest_of, require_room, telling, write_whole

if TYPE_CHECKING:
    from gengdi_desktop.evidence.store import Belonging
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]
"""Told how many of how many files are done; may raise Cancelled."""

INDEX_NAME = "index.xlsx"
NO_DATE = "无日期"

_FORBIDDEN = re.compile(r'[|?*"<>:/\\\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST = 60
_NANO, _MILLI = 10**9, 1000
_MARK = "gengdi-photo-index"
_ENDINGS: Mapping[str, str] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/heif": ".heic",
    "application/pdf": ".pdf",
}
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
_HAND_WORDS: Mapping[str, str] = {"at": "时间", "place": "位置", "direction": "方向"}
_WHOLE: Final = "完好"
_FAULTS: Mapping[str, str] = {"file_missing": "缺失", "file_damaged": "损坏"}
_COLUMNS: Sequence[tuple[str, int]] = (
    ("乡镇", 10), ("村", 12), ("图斑编号", 10), ("轮次", 5), ("环节", 8), ("文件", 44), ("原文件名", 28),
    ("来自文件夹", 24), ("拍摄时间", 18), ("经度", 12), ("纬度", 12), ("方位角", 8), ("设备", 18), (BY_HAND, 12),
    ("缺什么", 28), ("备注", 16), ("文件状态", 24), ("SHA-256", 66),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """What lies in the folder now.

    Attributes:
        folder: Where.
        index: The workbook.
        written: Files written now, as paths below the folder.
        kept: Files that were there already, whole.
        faults: Files that are missing, damaged or still to come in the ledger, by plot and name, and from whom; they
            stand in the index.
    """

    folder: Path
    index: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]
    faults: tuple[str, ...]


def export_photos(
    ledger: Ledger, out: Path, plots: Sequence[str] | None = None, progress: Progress | None = None
) -> Sent:
    """Copy the photos and papers of plots into a folder, by village, with an index workbook.

    Nothing that stands there is written over: the same file is left, another one keeps its name and ours takes the
    next number. So a copy that was broken off goes on where it stopped.

    Raises:
        RuleError: ``nothing_to_send``, ``inside_ledger``, ``file_exists`` (an index that is not of this ledger).
        SurroundingsError: The disk is full, or the folder cannot be written.
        Cancelled: ``progress`` said so; what was copied stays, and is whole.
    """
    with ledger.reading() as session:
        found = store.belongings(session, plots)
        photos = store.photos(session, {one.attachment.sha256 for one in found})
        awaited = store.awaited_from(session)
    if not found:
        raise RuleError("nothing_to_send", "选中的图斑还没有照片和材料，没有导出。", "请先收照片，或换一些图斑。")
    _require_ours(ledger, out)
    require_room(_existing(out), sum(one.attachment.size for one in found))
    with telling(out):
        out.mkdir(parents=True, exist_ok=True)
    several = len({one.township for one in found}) > 1
    sender = _Sender(ledger, out, awaited, several=several)
    rows = []
    for done, one in enumerate(found):
        if progress is not None:
            progress(done, len(found))
        photo = photos.get(one.attachment.sha256)
        path, state = sender.send(one, photo)
        rows.append(_row(one, photo, path, state))
    index = out / INDEX_NAME
    write_whole(index, _workbook(ledger, rows))
    return Sent(out, index, tuple(sender.written), tuple(sender.kept), tuple(sender.faults))


def safe_name(text: str) -> str:
    """A text as part of a file's name on every system: forbidden signs become ``_``."""
    plain = _FORBIDDEN.sub("_", text).strip(" .")[:_LONGEST].strip(" .")
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain


class _Sender:
    """Writes files one by one, each under a name that is free or its own already."""

    def __init__(self, ledger: Ledger, out: Path, awaited: Mapping[str, str], *, several: bool) -> None:
        self._ledger = ledger
        self._awaited = awaited
        self._out = out
        self._several = several
        self._next: dict[str, int] = {}
        self._taken: set[str] = set()
        self.written: list[str] = []
        self.kept: list[str] = []
        self.faults: list[str] = []

    def send(self, one: Belonging, photo: KnownPhoto | None) -> tuple[str, str]:
        """The path below the folder, and the state of the file; an empty path where the ledger's own is not whole."""
        attachment = one.attachment
        try:
            data = self._ledger.folder.read(one.file)
        except SurroundingsError as fault:
            state = self._state(fault.code, attachment.sha256)
            self.faults.append(f"{one.name} {attachment.stage.label}“{attachment.name}”：{state}")
            return "", state
        for path in self._paths(one, photo):
            target = self._out / path
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                write_whole(target, data)
                self.written.append(path)
                return path, _WHOLE
            if target.is_file() and digest_of(target).sha256 == attachment.sha256:
                self.kept.append(path)
                return path, _WHOLE
        raise AssertionError("numbers do not end")

    def _state(self, code: str, sha256: str) -> str:
        """Why a file cannot be written; what a package named and has not brought yet is to come, not lost."""
        whom = self._awaited.get(sha256) if code == "file_missing" else None
        return awaited_told(whom) if whom else _FAULTS.get(code, "读不到")

    def _paths(self, one: Belonging, photo: KnownPhoto | None) -> Iterable[str]:
        """Names with the next numbers of the plot's stage, none of them given twice in one go."""
        folders = [safe_name(one.township) or "未写乡镇"] if self._several else []
        folders.append(safe_name(one.village) or "未写村")
        stage = one.attachment.stage.label
        begin = PurePosixPath(*folders, f"{safe_name(one.plot_no) or '无编号'}_{stage}")
        day = f"{photo.at:%Y%m%d}" if photo is not None and photo.at is not None else NO_DATE
        while True:
            number = self._next.get(str(begin), 0) + 1
            self._next[str(begin)] = number
            path = f"{begin}_{number:02d}_{day}{_ending(one.attachment)}"
            if path.lower() not in self._taken:
                self._taken.add(path.lower())
                yield path


def _ending(one: Attachment) -> str:
    own = PurePosixPath(one.name).suffix
    return _ENDINGS.get(one.media_type) or (own.lower() if _SUFFIX.fullmatch(own) else "")


def _require_ours(ledger: Ledger, out: Path) -> None:
    """Refuse the ledger's own folder, and an index that something else wrote."""
    if out.resolve().is_relative_to(ledger.folder.root.resolve()):
        raise RuleError("inside_ledger", "不能导出到台账自己的文件夹里，没有导出。", "请另选一个文件夹。")
    index = out / INDEX_NAME
    if index.exists() and not _is_ours(index, ledger.info.id):
        message = f"“{out.name}”里已经有一个 {INDEX_NAME}，不是本台账导出的，没有导出，原来的文件没有变。"
        raise RuleError("file_exists", message, "请另选一个文件夹。")


def _is_ours(index: Path, ledger: str) -> bool:
    try:
        with zipfile.ZipFile(index) as book:
            return f"{_MARK} {ledger}".encode() in book.read("docProps/core.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), folder)


def _row(one: Belonging, photo: KnownPhoto | None, path: str, state: str) -> tuple[str, ...]:
    attachment = one.attachment
    by_hand = "、".join(word for key, word in _HAND_WORDS.items() if photo is not None and key in photo.by_hand)
    return (
        one.township,
        one.village,
        one.plot_no,
        str(attachment.round),
        attachment.stage.label,
        path,
        attachment.name,
        attachment.source,
        *_facts(photo),
        by_hand,
        _gaps(photo),
        attachment.note,
        state,
        attachment.sha256,
    )


def _facts(photo: KnownPhoto | None) -> tuple[str, str, str, str, str]:
    if photo is None:
        return "", "", "", "", ""
    longitude, latitude = (f"{value / _NANO:.6f}" for value in photo.place) if photo.place else ("", "")
    direction = f"{photo.direction / _MILLI:.0f}°" if photo.direction is not None else ""
    return f"{photo.at:%Y-%m-%d %H:%M:%S}" if photo.at else "", longitude, latitude, direction, photo.facts.device


def _gaps(photo: KnownPhoto | None) -> str:
    return "；".join(photo.missing) if photo is not None else ""


def _workbook(ledger: Ledger, rows: Sequence[tuple[str, ...]]) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": "照片目录", "comments": f"{_MARK} {ledger.info.id}"})
    sheet = book.add_worksheet("照片目录")
    head = book.add_format({"bold": True, "bg_color": "#E8EEE8", "border": 1, "text_wrap": True, "valign": "vcenter"})
    plain = book.add_format({"num_format": "@", "valign": "top"})
    for column, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value, plain)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(_COLUMNS) - 1)
    book.close()
    return buffer.getvalue()
