"""Folders of photos into the ledger: every file in exactly one list, matched by names or place, or in the tray."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.evidence import pictures, store
from gengdi_desktop.evidence.keeping import Keeper, keeping
from gengdi_desktop.evidence.listing import FoundFile, RefusedFile, every_file, refused_for
from gengdi_desktop.evidence.naming import PlotNames
from gengdi_desktop.evidence.photos import PREVIEW_WIDTH, Examined, examine
from gengdi_desktop.evidence.positions import NEAR_METRES, PlotPlaces
from gengdi_desktop.evidence.tray import store as tray
from gengdi_desktop.geo.coordinates import distance
from gengdi_desktop.geo.numbers import Point
from gengdi_desktop.ledger.folder import record_file
from gengdi_desktop.ledger.outlines import PlotOutline, outlines
from gengdi_desktop.ledger.words import plot_names
from gengdi_desktop.system.files import require_room

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.evidence.photo_facts import PhotoFacts
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]
"""Told how many of how many files are done; may raise Cancelled."""

_AT_ONCE = 8
_THREADS = 2
_SPARE_BYTES = 64 * 1024 * 1024
_MOST_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class TakeOptions:
    """How files are matched.

    Args:
        stage: Of the files whose names do not tell one; None leaves such files in the tray.
        by_position: Whether photos whose names name no plot are matched by place.
        plot: All files belong to this plot, as when they are dropped on it; then names tell the stage only.
    """

    stage: Stage | None = None
    by_position: bool = True
    plot: str | None = None


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that can be taken in.

    Attributes:
        found: Where it lies and what it is called.
        sha256: Of its bytes.
        facts: What it says of itself.
        plot: The plot it belongs to; empty where nobody knows.
        stage: Its stage; None where nobody knows.
        how: How plot and stage were told, or why not, in Chinese.
        code: Empty for a match; else ``plot_unknown`` ``plot_ambiguous`` ``number_unknown`` ``village_differs``
            ``stage_unknown``.
        candidates: Own ids of plots that may be meant.
        already: The same bytes are there already, in this place or in the tray: nothing is added.
    """

    found: FoundFile
    sha256: str
    facts: PhotoFacts
    plot: str = ""
    stage: Stage | None = None
    how: str = ""
    code: str = ""
    candidates: tuple[str, ...] = ()
    already: bool = False


@dataclass(frozen=True, slots=True)
class Suspect:
    """A file that is taken in and about which there is something to be said: code and Chinese sentence."""

    file: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class TakingIn:
    """What taking in would do; nothing is written yet. Every file is in exactly one of the three lists.

    Attributes:
        matched: Plot and stage are known.
        unmatched: These go to the tray.
        refused: Not taken, each with its reason.
        suspect: Remarks on files of the first two lists.
        names: Plots as people call them, for all that are named here.
    """

    matched: tuple[TakenFile, ...]
    unmatched: tuple[TakenFile, ...]
    refused: tuple[RefusedFile, ...]
    suspect: tuple[Suspect, ...]
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was done.

    Attributes:
        attached: Files attached now.
        waiting: Files that went to the tray.
        refused: Files refused by the preview, and those that changed since.
        changes: The one journal entry; nothing where all of it was there.
    """

    attached: tuple[TakenFile, ...]
    waiting: tuple[TakenFile, ...]
    refused: tuple[RefusedFile, ...]
    changes: Changes


# --------------------------------------------------------------------------------------------------------- the preview


def preview(
    ledger: Ledger, paths: Sequence[Path], options: TakeOptions | None = None, progress: Progress | None = None
) -> TakingIn:
    """Read all files and say what taking them in would do; nothing is written, and nothing of the folder changes.

    Raises:
        RuleError: ``not_found``, ``inside_ledger``, ``unknown_plot``.
        Cancelled: ``progress`` said so.
    """
    asked = options or TakeOptions()
    _require_outside(ledger, paths)
    found: list[FoundFile] = []
    refused: list[RefusedFile] = []
    for one in every_file(paths):
        if isinstance(one, FoundFile):
            found.append(one)
        else:
            refused.append(one)
    matcher = _Matcher(ledger, asked)
    taken: list[TakenFile] = []
    for file, examined in _examined(found, progress):
        if isinstance(examined, Examined):
            taken.append(matcher.match(file, examined))
        else:
            refused.append(refused_for(file.file, examined))
    done = _marked_already(ledger, taken)
    names = _names(ledger, done)
    return TakingIn(
        matched=tuple(one for one in done if not one.code),
        unmatched=tuple(one for one in done if one.code),
        refused=tuple(refused),
        suspect=tuple(_suspects(ledger, done, matcher, names)),
        names=names,
    )


def _require_outside(ledger: Ledger, paths: Sequence[Path]) -> None:
    own = ledger.folder.root.resolve()
    for path in paths:
        if not path.exists():
            raise RuleError("not_found", f"找不到“{path.name}”。台账没有变。", "请核对位置；在U盘上的先插好盘。")
        whole = path.resolve()
        if whole.is_relative_to(own) or own.is_relative_to(whole):
            raise RuleError(
                "inside_ledger",
                f"“{path.name}”是台账自己的文件夹，或者里面放着台账，没有收。台账没有变。",
                "请选择放照片的文件夹。",
            )


def _examined(
    files: Sequence[FoundFile], progress: Progress | None
) -> Iterable[tuple[FoundFile, Examined | GengdiError]]:
    """Read the files on two threads; decoders and hashes let go of the interpreter."""
    stop = Event()

    def read(some: Sequence[FoundFile]) -> list[Examined | GengdiError]:
        if stop.is_set():
            return []
        answers = examine([one.path for one in some], [one.name for one in some], cancelled=stop.is_set)
        for answer in answers:
            if isinstance(answer, Examined) and answer.preview:
                pictures.remember(answer.sha256, PREVIEW_WIDTH, answer.preview)
        return answers

    lots = [files[start : start + _AT_ONCE] for start in range(0, len(files), _AT_ONCE)]
    done = 0
    with ThreadPoolExecutor(_THREADS) as threads:
        try:
            for some, answers in zip(lots, threads.map(read, lots), strict=True):
                yield from zip(some, answers, strict=True)
                done += len(some)
                if progress is not None:
                    progress(done, len(files))
        finally:
            stop.set()


class _Matcher:
    """Tells plot and stage of each file; what it needs of the ledger is read when it is first asked for."""

    def __init__(self, ledger: Ledger, options: TakeOptions) -> None:
        self._ledger = ledger
        self._options = options
        with ledger.reading() as session:
            if options.plot is not None and store.unknown([options.plot], store.rounds(session, [options.plot])):
                raise RuleError("unknown_plot", f"台账里没有图斑“{options.plot}”。台账没有变。", "请核对编号。")
            self._names = PlotNames(store.plot_names(session))
        self._outlines: dict[str, PlotOutline] | None = None
        self._places: PlotPlaces | None = None

    def match(self, file: FoundFile, examined: Examined) -> TakenFile:
        named = self._names.read(file.parts)
        taken = TakenFile(file, examined.sha256, examined.facts, stage=self._stage(named.stage, examined))
        if self._options.plot is not None:
            return self._with_stage(replace(taken, plot=self._options.plot, how="放在这个图斑上"))
        if len(named.plots) == 1:
            return self._with_stage(replace(taken, plot=named.plots[0], how=named.how))
        if named.plots:
            how = f"名称对上了{len(named.plots)}个图斑，不知道是哪一个"
            return replace(taken, code="plot_ambiguous", how=how, candidates=named.plots[:_MOST_CANDIDATES])
        if named.unknown:
            return replace(taken, code="number_unknown", how=self._unknown(named.unknown))
        return self._by_place(taken, named.villages)

    def outlines(self) -> dict[str, PlotOutline]:
        """Where all plots lie."""
        if self._outlines is None:
            self._outlines = outlines(self._ledger)
        return self._outlines

    def _by_place(self, taken: TakenFile, villages: frozenset[str]) -> TakenFile:
        facts = taken.facts
        if not self._options.by_position or facts.longitude is None or facts.latitude is None:
            why = facts.place_gap.label if facts.place_gap else "没有按位置对"
            return replace(taken, code="plot_unknown", how=f"名称里没有图斑号，{why}")
        if self._places is None:
            self._places = PlotPlaces(self.outlines())
        found = self._places.find((facts.longitude, facts.latitude), villages)
        if len(found.plots) == 1:
            return self._with_stage(replace(taken, plot=found.plots[0], how=found.how))
        code = "plot_ambiguous" if found.plots else "plot_unknown"
        return replace(taken, code=code, how=found.how, candidates=found.plots[:_MOST_CANDIDATES])

    def _stage(self, named: Stage | None, examined: Examined) -> Stage | None:
        """As the names tell, else as the options say; a scan that says nothing is a paper."""
        scan = Stage.PAPER if examined.facts.pages else None
        return named or self._options.stage or scan

    @staticmethod
    def _with_stage(taken: TakenFile) -> TakenFile:
        if taken.stage is not None:
            return taken
        how = f"{taken.how}，但没有写明是整改前、整改中还是整改后"
        return replace(taken, plot="", code="stage_unknown", how=how, candidates=(taken.plot,))

    def _unknown(self, number: str) -> str:
        like = self._names.full_numbers(number)
        return f"台账里没有{number}号" + (f"；有{'、'.join(like)}，号码要写全" if like else "")


def _marked_already(ledger: Ledger, taken: Sequence[TakenFile]) -> list[TakenFile]:
    """Mark what is there already, and what stands twice in the folder."""
    with ledger.reading() as session:
        there = store.attached_places(session, {one.sha256 for one in taken})
        waiting = tray.waiting_hashes(session)
    done: list[TakenFile] = []
    for one in taken:
        place = (one.plot, str(one.stage), one.sha256)
        already = place in there if not one.code else one.sha256 in waiting
        done.append(replace(one, already=already))
        there.add(place)
        if one.code:
            waiting.add(one.sha256)
    return done


def _names(ledger: Ledger, taken: Iterable[TakenFile]) -> dict[str, str]:
    with ledger.reading() as session:
        return plot_names(session, {plot for one in taken for plot in (one.plot, *one.candidates) if plot})


def _suspects(
    ledger: Ledger, taken: Sequence[TakenFile], matcher: _Matcher, names: dict[str, str]
) -> Iterable[Suspect]:
    with ledger.reading() as session:
        elsewhere = store.plots_of_hashes(session, {one.sha256 for one in taken})
        known = plot_names(session, {plot for plots in elsewhere.values() for plot in plots})
    first: dict[str, TakenFile] = {}
    for one in taken:
        file = one.found.file
        if one.already:
            yield Suspect(file, "already", "同样的文件已经在这里，不再收一份。")
        wrong = _wrong_ending(one)
        if wrong:
            yield Suspect(file, "wrong_ending", wrong)
        for gap in (one.facts.place_gap, one.facts.time_gap):
            if gap is not None and gap.value != "scan":
                yield Suspect(file, str(gap), f"{gap.label}。")
                break
        others = elsewhere.get(one.sha256, set()) - {one.plot}
        if others:
            yield Suspect(
                file, "same_photo", f"与图斑 {'、'.join(known[plot] for plot in sorted(others))} 的照片相同。"
            )
        twin = first.setdefault(one.sha256, one)
        if twin is not one and twin.plot != one.plot:
            yield Suspect(file, "same_photo", f"与“{twin.found.file}”是同一张照片，却属于不同图斑。")
        far = _metres_off(one, matcher) if one.plot else None
        if far is not None and far > NEAR_METRES:
            yield Suspect(file, "far_off", f"拍摄位置离图斑 {names.get(one.plot, one.plot)} {round(far)}米。")


_ENDINGS = {
    "image/jpeg": ("JPEG", {".jpg", ".jpeg", ".jpe", ".jfif"}),
    "image/png": ("PNG", {".png"}),
    "image/heif": ("HEIC", {".heic", ".heif", ".hif", ".avif"}),
    "application/pdf": ("PDF", {".pdf"}),
}


def _wrong_ending(one: TakenFile) -> str:
    """What to say of a name whose ending is not that of its bytes; empty where it is."""
    kind, endings = _ENDINGS.get(one.facts.media_type, ("", set()))
    ending = Path(one.found.name).suffix.lower()
    return f"名字的后缀是“{ending or '空'}”，内容其实是 {kind}，按内容收下。" if kind and ending not in endings else ""


def _metres_off(one: TakenFile, matcher: _Matcher) -> float | None:
    """How far from its plot a photo says it was taken; None where either place is not known."""
    facts = one.facts
    if facts.longitude is None or facts.latitude is None:
        return None
    plot = matcher.outlines().get(one.plot)
    if plot is None:
        return None
    shape = plot.shape()
    point = Point(facts.longitude, facts.latitude)
    return distance(plot.centre, point) if shape is None else shape.distance(point)


# --------------------------------------------------------------------------------------------------------------- doing


def run(ledger: Ledger, taking: TakingIn, *, by: Actor, progress: Progress | None = None) -> TakenIn:
    """Keep the files of a preview and attach them, as one entry; what has no plot or stage goes to the tray.

    A file that was changed or taken away since the preview is refused; the others are taken.

    Raises:
        SurroundingsError: ``disk_full`` before anything is written; and what else the disk may do.
        Cancelled: ``progress`` said so; then nothing is taken.
    """
    waiting = [one for one in (*taking.matched, *taking.unmatched) if not one.already]
    require_room(ledger.folder.root, sum(one.found.size for one in waiting) + (_SPARE_BYTES if waiting else 0))
    kept: list[tuple[TakenFile, store.NewFile]] = []
    gone: list[RefusedFile] = []
    with keeping(ledger, {one.sha256 for one in waiting}) as keeper:
        for done, one in enumerate(waiting):
            if progress is not None:
                progress(done, len(waiting))
            new = _kept(keeper, one)
            if isinstance(new, RefusedFile):
                gone.append(new)
            else:
                kept.append((one, new))
        changes = _recorded(ledger, kept, by)
    return TakenIn(
        tuple(one for one, _ in kept if not one.code),
        tuple(one for one, _ in kept if one.code),
        (*taking.refused, *gone),
        changes,
    )


def _recorded(ledger: Ledger, kept: Sequence[tuple[TakenFile, store.NewFile]], by: Actor) -> Changes:
    """The rows of files that are in the folder, and the one entry."""
    arrived_on = ledger.today().isoformat()
    with ledger.begin(Operation.ATTACH, by) as work:
        for _, new in kept:
            record_file(work, new.file)
        matched = [(one.plot, one.stage, new) for one, new in kept if not one.code and one.stage is not None]
        if store.attach_each(work, matched) is not None:
            raise RuleError("unknown_plot", "有的图斑已经不在台账里，没有收照片。台账没有变。", "请重新选一次文件夹。")
        tray.to_tray(work, [(new, one.stage, one.how) for one, new in kept if one.code], arrived_on=arrived_on)
        return work.commit()


def _kept(keeper: Keeper, one: TakenFile) -> store.NewFile | RefusedFile:
    """Copy a file into the ledger's folder; the disk's own failure stops the whole."""
    found = one.found
    try:
        with found.path.open("rb"):
            pass
    except OSError:
        return RefusedFile(found.file, "not_found", f"“{found.name}”读不到了，没有收下。")
    file = keeper.keep(found.path, found.name, one.sha256)
    if file.sha256 != one.sha256:
        keeper.let_go(file)
        return RefusedFile(found.file, "file_changed", f"“{found.name}”刚刚被改动，没有收下；请再选一次。")
    return store.NewFile(file, found.name, one.facts.media_type, one.facts, found.source)
