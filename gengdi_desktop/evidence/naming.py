"""Which plot and stage the names of folders and files speak of: exact numbers only, never a part of a longer one."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.divisions import normalise_village, short_village_name

_HAN = r"\u3400-\u9fff〇"
_RUN = re.compile(f"[{_HAN}]+")
_TOKEN = re.compile(r"[0-9A-Za-z]+")
_MOST_JOINED = 6
_STAGES: Mapping[str, Stage] = {
    "整改前": Stage.BEFORE,
    "改前": Stage.BEFORE,
    "整改中": Stage.DURING,
    "改中": Stage.DURING,
    "施工中": Stage.DURING,
    "整改后": Stage.AFTER,
    "改后": Stage.AFTER,
    "验收": Stage.ACCEPTANCE,
    "抽查": Stage.SPOT_CHECK,
    "抽检": Stage.SPOT_CHECK,
    "回头看": Stage.REVISIT,
    "书面材料": Stage.PAPER,
}
_STAGE_WORD = re.compile("|".join(sorted(_STAGES, key=len, reverse=True)))
_ALONE: Mapping[str, Stage] = {"前": Stage.BEFORE, "中": Stage.DURING, "后": Stage.AFTER}
_ENGLISH: Mapping[str, Stage] = {
    "before": Stage.BEFORE,
    "during": Stage.DURING,
    "after": Stage.AFTER,
    "acceptance": Stage.ACCEPTANCE,
    "revisit": Stage.REVISIT,
}
_CAMERA = re.compile(
    r"(IMG|DSC[NF]?|PIC|PXL|MVIMG|VID|P|DJI|GOPR|Photo|Image|Screenshot|mmexport|wx_camera|micro_?msg|"
    r"微信图片|QQ图片|照片)[_\-. ]?\d",
    re.IGNORECASE,
)
_DATE = re.compile(r"(19|20)\d{6}(\d{6})?")
_AFTER_VILLAGE = re.compile(r"(村|组|第|图斑|地块|照片|整改|改[前中后]|验收|抽查|抽检|回头看|[前中后]$|$)")
_BEFORE_VILLAGE = re.compile(r"(^|[乡镇县区市道处办场])$")
_LONG = 6
"""So many signs make a number that cannot be the running number of a photo."""


@dataclass(frozen=True, slots=True)
class PlotName:
    """What a plot is called: its place, its number there, and the numbers that lists gave it."""

    id: str
    township: str
    village: str
    plot_no: str
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """What names say.

    Attributes:
        plots: Own ids; one where it is told, several where it is ambiguous, none where no plot is named.
        how: Chinese words for how it was told.
        stage: The stage that is named.
        unknown: A number that is named and that the ledger does not have; empty where there is none.
        villages: The villages that are named, normalised: a place found otherwise must lie there.
    """

    plots: tuple[str, ...] = ()
    how: str = ""
    stage: Stage | None = None
    unknown: str = ""
    villages: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Part:
    """One folder's or file's name."""

    text: str
    stage: Stage | None
    before_stage: list[str]
    after_stage: list[str]
    villages: set[tuple[str, str]] = field(default_factory=set)
    camera: bool = False


def readable_name(name: str) -> str:
    """A name whose GBK bytes were taken for another encoding, put right; other names as they are."""
    if any("\ud800" <= sign <= "\udfff" for sign in name):
        return os.fsencode(name).decode("gb18030", errors="replace")
    if name.isascii() or _RUN.search(name):
        return name
    for encoding in ("cp437", "latin-1"):
        try:
            right = name.encode(encoding).decode("gb18030")
        except UnicodeError:
            continue
        if _RUN.search(right):
            return right
    return name


class PlotNames:
    """All plots of a ledger by what they may be called in a path."""

    def __init__(self, plots: Iterable[PlotName]) -> None:
        self._by_identifier: dict[str, set[str]] = {}
        self._by_village: dict[tuple[str, str], set[str]] = {}
        self._by_number: dict[str, set[str]] = {}
        self._townships: dict[str, set[str]] = {}
        self._villages: dict[str, set[str]] = {}
        self._full_numbers: dict[str, set[str]] = {}
        keys: dict[str, str] = {}
        for plot in plots:
            if plot.village not in keys:
                keys[plot.village] = normalise_village(plot.village)
                for called in {plot.village, short_village_name(plot.village), keys[plot.village]} - {""}:
                    self._villages.setdefault(called, set()).add(keys[plot.village])
            for value in (plot.id, *plot.identifiers):
                self._by_identifier.setdefault(_plain(value), set()).add(plot.id)
            number = _plain(plot.plot_no)
            if number:
                self._by_village.setdefault((keys[plot.village], number), set()).add(plot.id)
                self._by_number.setdefault(number, set()).add(plot.id)
                self._full_numbers.setdefault(number.lstrip("0"), set()).add(number)
            self._townships.setdefault(plot.township, set()).add(plot.id)
        names = sorted(self._villages, key=len, reverse=True)
        self._village_word = re.compile("|".join(map(re.escape, names))) if names else None

    def read(self, parts: Sequence[str]) -> Named:
        """What a path says.

        Args:
            parts: The names of the folders from the outermost on, last the file's name without its ending.
        """
        seen = [self._part(_plain(part)) for part in parts]
        stage = next((part.stage for part in reversed(seen) if part.stage is not None), None)
        villages = next(({key for _, key in part.villages} for part in reversed(seen) if part.villages), set())
        found = Named(stage=stage, villages=frozenset(villages))
        for look in (self._identified, self._numbered):
            plots, how = look(seen, villages)
            plots = self._in_township(plots, seen)
            if plots:
                return Named(tuple(sorted(plots)), how, stage, villages=frozenset(villages))
        return Named(stage=stage, unknown=self._unknown(seen, villages=bool(villages)), villages=found.villages)

    def full_numbers(self, unknown: str) -> tuple[str, ...]:
        """The numbers of the ledger that differ from an unknown one by leading zeros only."""
        return tuple(sorted(self._full_numbers.get(unknown.lstrip("0"), ())))

    def _part(self, text: str) -> _Part:
        stage, at, end = _stage_in(text)
        part = _Part(text, stage, list(_joined(text[:at])), list(_joined(text[end:])))
        part.camera = _CAMERA.match(text) is not None
        for run in _RUN.finditer(text) if self._village_word else ():
            part.villages.update(self._villages_in(run.group()))
        return part

    def _villages_in(self, run: str) -> Iterator[tuple[str, str]]:
        """Villages that a run of Chinese signs names; 新村 is not named by 创新村."""
        for match in self._village_word.finditer(run) if self._village_word else ():
            called, left, right = match.group(), run[: match.start()], run[match.end() :]
            whole = called.endswith(("村", "社区", "居委会", "村委会"))
            if _BEFORE_VILLAGE.search(left) and (whole or _AFTER_VILLAGE.match(right)):
                yield from ((called, key) for key in self._villages[called])

    def _identified(self, parts: Sequence[_Part], _villages: set[str]) -> tuple[set[str], str]:
        """By numbers that lists gave: every one that is named must mean the same plot."""
        sets = [
            plots
            for part in parts
            for text in (*part.before_stage, *part.after_stage)
            if (plots := self._by_identifier.get(text)) and len(text) >= (_LONG + 4 if part.camera else _LONG)
        ]
        return _common(sets), "按标识码或线索编号"

    def _numbered(self, parts: Sequence[_Part], villages: set[str]) -> tuple[set[str], str]:
        """By the plot's number in its village, or where only one plot of the ledger has it."""
        strong: list[set[str]] = []
        weak: list[set[str]] = []
        for part in parts:
            if part.camera:
                continue
            hits: list[str] = []
            for text in _candidates(part):
                plots = self._of_number(text, villages)
                short = text.isdigit() and len(text) <= 2  # noqa: PLR2004  (01, 12: it may count the photos)
                if not plots or any(text in hit for hit in hits) or (short and hits):
                    continue
                hits.append(text)
                (weak if short and not part.villages else strong).append(plots)
        how = "按村名和图斑号" if villages else "按图斑号（全台账只有一个）"
        return (_common(strong) or (weak[-1] if weak and not strong else set())), how

    def _of_number(self, text: str, villages: set[str]) -> set[str]:
        if villages:
            return set().union(*(self._by_village.get((village, text), set()) for village in villages))
        return self._by_number.get(text, set())

    def _in_township(self, plots: set[str], parts: Sequence[_Part]) -> set[str]:
        """Of several plots, those of the townships that are named."""
        if len(plots) <= 1:
            return plots
        named = [ids for name, ids in self._townships.items() if name and any(name in part.text for part in parts)]
        return (plots & set().union(*named)) or plots if named else plots

    def _unknown(self, parts: Sequence[_Part], *, villages: bool) -> str:
        """The innermost number that looks like a plot's and is none."""
        for part in reversed(parts):
            if not part.camera:
                placed = bool(part.villages) or (part.stage is not None and villages)
                for text in _candidates(part):
                    if text.isdigit() and (len(text) > 2 or placed):  # noqa: PLR2004  (not a running number)
                        return text
        return ""


def _candidates(part: _Part) -> list[str]:
    """Texts that may be the number of a plot: those before the word of the stage, else the first behind it."""
    return [text for text in part.before_stage or part.after_stage[:1] if not _DATE.fullmatch(text)]


def _common(sets: Sequence[set[str]]) -> set[str]:
    """What all agree upon; where they do not, all that is meant."""
    if not sets:
        return set()
    return set.intersection(*sets) or set().union(*sets)


def _stage_in(text: str) -> tuple[Stage | None, int, int]:
    """The stage that a name speaks of, and where its word stands."""
    match = _STAGE_WORD.search(text)
    if match is not None:
        return _STAGES[match.group()], match.start(), match.end()
    for run in _RUN.finditer(text):
        if run.group() in _ALONE:
            return _ALONE[run.group()], run.start(), run.end()
    for token in re.finditer(r"[A-Za-z]+", text):
        if token.group().lower() in _ENGLISH:
            return _ENGLISH[token.group().lower()], token.start(), token.end()
    return None, len(text), len(text)


def _joined(text: str) -> Iterator[str]:
    """The numbers of a name, and neighbouring ones with what stands between them, the longest first."""
    spans = [match.span() for match in _TOKEN.finditer(text)]
    for length in range(min(_MOST_JOINED, len(spans)), 0, -1):
        for first in range(len(spans) - length + 1):
            yield text[spans[first][0] : spans[first + length - 1][1]]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
