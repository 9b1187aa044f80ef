"""A whole stick at once: every package is looked at, and taken in for itself; one that is bad stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.consolidation import sticks
from gengdi_desktop.errors import Cancelled, GengdiError, SurroundingsError
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.exchange.verify import PackageVerdict, is_package, verify_packages
from gengdi_desktop.handover import service as handover
from gengdi_desktop.handover.receiving import succession
from gengdi_desktop.ledger.trust import trusted

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.exchange.manifest import Heading
    from gengdi_desktop.handover.service import Arrival, Received
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]
"""Files done, and files in all. Called as ``(0, 0)`` it is only asked whether to go on."""


class Fate(StrEnum):
    """What became of a file."""

    READY = "ready"
    """Looked at only: it can be taken in."""
    TAKEN = "taken"
    AGAIN = "again"
    """The very same package was taken in before; nothing changed."""
    OLDER = "older"
    """A newer one of the same sender was taken in before; nothing changed."""
    REFUSED = "refused"
    ELSEWHERE = "elsewhere"
    """It goes to another desk and only travels on the same stick; nothing changed, and nothing is wrong."""
    NOT_PACKAGE = "not_package"
    LEFT = "left"
    """The person stopped before its turn came."""

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _LABELS[self]


_LABELS = {
    Fate.READY: "可以收",
    Fate.TAKEN: "收下了",
    Fate.AGAIN: "以前收过",
    Fate.OLDER: "比收过的旧",
    Fate.REFUSED: "没有收",
    Fate.ELSEWHERE: "给别处的",
    Fate.NOT_PACKAGE: "不是包",
    Fate.LEFT: "还没有收",
}
_Do = Callable[["Path", "Heading | None", "Progress", "PackageVerdict | None"], "InboxFile"]
_STALE = "stale"
_TO_ANOTHER_UNIT = "other_unit"
_OF_ANOTHER_DESK = frozenset({"wrong_desk", "own_package"})
_OF_SAMPLES = frozenset({PackageKind.CHECK_TASK, PackageKind.CHECK_RESULT})
_OF_THIS_LEDGER = frozenset({"read_only", "locked", "disk_full", "maybe_saved"})
"""What is wrong with this ledger and not with a file."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file and what became of it.

    Attributes:
        path: Where it lies.
        fate: What became of it.
        sender: Who it says to be from; empty where that could not be read.
        label: Which package it says to be: 报送包（第 2 次）; empty where that could not be read.
        code: Why it was not taken in, for programs; empty where it was.
        sentence: What happened, for people.
        hint: What to do; may be empty.
        arrival: What it would bring or has brought; None where it was refused.
        heading: What it says of itself, not believed; None where that could not be read.
        entry: The journal entry that took it in; None where nothing changed.
    """

    path: Path
    fate: Fate
    sender: str
    label: str
    code: str
    sentence: str
    hint: str = ""
    arrival: Arrival | None = None
    entry: int | None = None
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """What became of all files of a stick.

    Attributes:
        files: In the order in which they were taken in.
        unread: Folders that could not be looked into, with why.
        cut: Whether there was more than is looked at in one go.
        stopped: Whether the person stopped before the end.
    """

    files: tuple[InboxFile, ...]
    unread: tuple[tuple[Path, str], ...]
    cut: bool
    stopped: bool

    def count(self, *fates: Fate) -> int:
        """How many files have one of these fates."""
        return sum(one.fate in fates for one in self.files)

    @property
    def clean(self) -> bool:
        """Whether nothing was refused, left or unread."""
        return not (self.count(Fate.REFUSED, Fate.NOT_PACKAGE, Fate.LEFT) or self.unread or self.cut)

    @property
    def sentence(self) -> str:
        """What became of them, in one line."""
        told = [f"{fate.label} {many} 个" for fate in Fate if (many := self.count(fate))]
        return "，".join(told) if told else "没有找到包"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else is to be said, in sentences: folders that did not open, too many files, a stop before the end."""
        told = [f"“{path.name or path}”打不开：{why}" for path, why in self.unread]
        if self.count(Fate.READY) > 1:
            told.append("按收的先后列出；每个包是照现在的台账看的，前面的收下以后，后面的内容会跟着变。")
        if self.cut:
            told.append("文件太多，没有看完，请选放包的那个文件夹。")
        if self.stopped:
            told.append("中途停下了，收下的都是完整的，剩下的可以再收一次。")
        return tuple(told)


def look(ledger: Ledger, places: Sequence[Path], *, progress: Progress | None = None) -> Inbox:
    """What lies there and what would become of it, in the order of taking in; nothing is written.

    Each is compared with the ledger as it is and with those before it: one that they would make older is told so.

    Raises:
        SurroundingsError: ``not_found``: a place is not there.
    """
    coming: list[Heading] = []

    def looked(path: Path, heading: Heading | None, ask: Progress, verdict: PackageVerdict | None) -> InboxFile:
        arrival = handover.arrival(ledger, path, progress=ask, verdict=verdict)
        problem = next(iter(arrival.problems), None)
        if arrival.freshness is handover.Freshness.AGAIN:
            return _file(path, heading, Fate.AGAIN, "这个包以前收过，不用再收。", arrival=arrival)
        if problem is None:
            found = _among(path, arrival, coming)
            coming.append(arrival.heading)
            return found
        fate = _kept_out(problem.code, heading, ledger)
        return _file(path, heading, fate, problem.message, problem.code, problem.hint, arrival=arrival)

    return _each(ledger, places, looked, progress)


def _among(path: Path, arrival: Arrival, coming: Sequence[Heading]) -> InboxFile:
    """What becomes of a package that could be taken in, after those that lie before it."""
    heading = arrival.heading
    before = [one for one in coming if (one.sender.ledger, one.kind) == (heading.sender.ledger, heading.kind)]
    if any(one.id == heading.id for one in before):
        return _file(path, heading, Fate.AGAIN, "和前面的是同一个包，收一次就够了。", arrival=arrival)
    newest = max((one.number for one in before), default=0)
    if newest < heading.number:
        return _file(path, heading, Fate.READY, "可以收。", arrival=arrival)
    first = f"前面有第 {newest} 次的{heading.kind.label}"
    if heading.kind in _OF_SAMPLES:
        # Those about different samples do not replace each other, and headings do not say which sample it is.
        return _file(path, heading, Fate.READY, f"可以收；{first}，是同一次抽样的就不收这个旧的。", arrival=arrival)
    this = succession.coming(heading)
    if not any(succession.coming(one).replaces(this) for one in before):
        told = f"{first}，次数和办理记录的先后对不上，对方可能恢复过旧备份；收的时候逐条核对。"
        return _file(path, heading, Fate.READY, told, arrival=arrival)
    told = f"{first}，收了它，这个就是旧的，不收。"
    return _file(path, heading, Fate.OLDER, told, _STALE, "以最新的为准，这个旧包不用再收。", arrival=arrival)


def take_in(ledger: Ledger, places: Sequence[Path], *, by: Actor, progress: Progress | None = None) -> Inbox:
    """Take in every package of folders, sticks and files, each as an entry of its own; what lies there stays as it is.

    The order in which files lie there does not matter. One safety copy is made before the first. Stopped by
    ``progress``, what was taken in so far stays.

    Args:
        ledger: Open for writing.
        places: Folders, which are searched however deep, and files.
        by: Who takes them in.
        progress: Told after each file.

    Raises:
        SurroundingsError: ``not_found``: a place is not there; or this ledger cannot be written at all.
    """
    copied = False

    def taken(path: Path, heading: Heading | None, ask: Progress, verdict: PackageVerdict | None) -> InboxFile:
        nonlocal copied
        received = handover.receive(ledger, path, by=by, progress=ask, copy=not copied, verdict=verdict)
        found = _taken(path, heading, received)
        copied = copied or found.fate is Fate.TAKEN
        return found

    return _each(ledger, places, taken, progress)


def _taken(path: Path, heading: Heading | None, received: Received) -> InboxFile:
    arrival = received.arrival
    if arrival.freshness is handover.Freshness.AGAIN:
        return _file(path, heading, Fate.AGAIN, "这个包以前收过，台账没有变。", arrival=arrival)
    entry = received.changes.seq
    return _file(path, heading, Fate.TAKEN, "收下了。", arrival=arrival, entry=entry)


def _each(ledger: Ledger, places: Sequence[Path], do: _Do, progress: Progress | None) -> Inbox:
    told = progress or (lambda _done, _total: None)
    found = sticks.find(places)
    headings = [(path, sticks.heading_of(path)) for path in found.packages]
    waiting = sticks.in_order(headings)
    verdicts = _verdicts(ledger, [path for path, heading in waiting if heading is not None], told)
    files: list[InboxFile] = []
    stopped = False
    for path, heading in waiting:
        if stopped:
            files.append(_file(path, heading, Fate.LEFT, "还没有轮到它就停下了，可以再收一次。", "stopped"))
            continue
        try:
            told(len(files), len(waiting))
            files.append(_one(ledger, path, heading, do, lambda _done, _total: told(0, 0), verdicts.get(path)))
        except Cancelled:
            stopped = True
            files.append(_file(path, heading, Fate.LEFT, "停下了，这个包没有收，可以再收一次。", "stopped"))
        except SurroundingsError as error:
            # This ledger cannot be written: nothing further can come in, and what came in is still to be told.
            if not files:
                raise
            stopped = True
            files.append(_file(path, heading, Fate.REFUSED, error.message, error.code, error.hint))
    return Inbox(tuple(files), found.unread, found.cut, stopped)


def _verdicts(ledger: Ledger, paths: Sequence[Path], told: Progress) -> dict[Path, PackageVerdict]:
    """What can be said of all of them at once; the rest is judged one by one."""

    def asked() -> bool:
        told(0, 0)
        return False

    if len(paths) <= 1:
        return {}
    try:
        return verify_packages(paths, trusted(ledger), now=ledger.clock.now(), cancelled=asked)
    except Cancelled:
        # Asked again before the first file: then all of them are told to be left.
        return {}


def _kept_out(code: str, heading: Heading | None, ledger: Ledger) -> Fate:
    """What became of a file that was not taken in: too old, on its way to others as our own are, or refused.

    What is addressed to desks of this kind by one that may not send it stays refused: it is no chance companion.
    """
    if code == _STALE:
        return Fate.OLDER
    to_others = heading is not None and heading.recipient.desk != ledger.info.desk
    elsewhere = code == _TO_ANOTHER_UNIT or (code in _OF_ANOTHER_DESK and to_others)
    return Fate.ELSEWHERE if elsewhere else Fate.REFUSED


def _one(
    ledger: Ledger,
    path: Path,
    heading: Heading | None,
    do: _Do,
    ask: Progress,
    verdict: PackageVerdict | None,
) -> InboxFile:
    try:
        if not is_package(path):
            told = f"“{path.name}”不是本软件的包，或者没有拷贝完整。"
            return _file(path, heading, Fate.NOT_PACKAGE, told, "not_package", "请对方重新拷贝。")
        return do(path, heading, ask, verdict)
    except GengdiError as error:
        if error.code in _OF_THIS_LEDGER:
            raise
        fate = _kept_out(error.code, heading, ledger)
        return _file(path, heading, fate, error.message, error.code, error.hint)
    except Cancelled:
        raise
    except Exception:  # noqa: BLE001  (a file that we did not foresee must not stop the others; the log keeps the rest)
        _log.exception("a package was not taken in")
        told = f"收“{path.name}”时程序自己出了错，这个包没有收下，台账没有变。"
        return _file(path, heading, Fate.REFUSED, told, "program_error", "请把这个包和日志文件发给维护人员。")


def _file(
    path: Path,
    heading: Heading | None,
    fate: Fate,
    sentence: str,
    code: str = "",
    hint: str = "",
    *,
    arrival: Arrival | None = None,
    entry: int | None = None,
) -> InboxFile:
    sender = "" if heading is None else heading.sender.organ or heading.sender.unit
    label = "" if heading is None else heading.kind.numbered(heading.number)
    return InboxFile(path, fate, sender, label, code, sentence, hint, arrival, entry, heading)
