"""What taking in files would do, and what it has done, as rows and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.ui import words
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.theme import Tone

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.evidence.taking_in import TakenFile, TakingIn
    from gengdi_desktop.ledger.handle import Ledger

_TRAY = "待归位"
_NOT_TAKEN = "不收"
_STAGE_UNKNOWN = "stage_unknown"
_THERE = "已经有了"


@dataclass(frozen=True)
class TakingWish:
    """What somebody wants to have taken in.

    Attributes:
        paths: Files and folders.
        plots: The plots on which they were let go; several ask which.
        plot: The one of them that is meant; empty matches by names and places.
        stage: For files whose names tell none; empty where nobody said.
    """

    paths: tuple[Path, ...]
    plots: tuple[tuple[str, str], ...] = ()
    plot: str = ""
    stage: str = ""


@dataclass(frozen=True)
class TakingRow:
    """One file: its name, where it would go, at which stage, how that is known or why not."""

    name: str
    where: str
    stage: str
    told: str
    tone: Tone | Literal[""] = ""


@dataclass(frozen=True)
class TakingView:
    """What would be done: the rows that need a look first.

    Attributes:
        wish: What was asked for.
        rows: Every file.
        matched: How many go to plots.
        waiting: How many go to the tray.
        there: How many are there already.
        refused: How many are not taken.
        stageless: How many wait only for their stage.
        held: What the service wants back.
    """

    wish: TakingWish
    rows: tuple[TakingRow, ...]
    matched: int
    waiting: int
    there: int
    refused: int
    stageless: int
    held: TakingIn

    @property
    def asks_stage(self) -> int:
        """How many belong to the plot that is meant and wait for their stage only: these are asked for, not put off."""
        return self.stageless if self.wish.plot else 0

    @property
    def takes(self) -> int:
        """How many files would be kept."""
        return self.matched + self.waiting

    @property
    def what(self) -> str:
        """One sentence: what becomes of how many."""
        parts = (
            (self.matched, "个归到图斑"),
            (self.waiting - self.asks_stage, "个先放进待归位"),
            (self.asks_stage, "个要先选环节"),
            (self.there, "个已经有了，不重复收"),
            (self.refused, "个不能收"),
        )
        told = "，".join(f"{words.count(count)} {word}" for count, word in parts if count)
        return f"共 {words.count(len(self.rows))} 个文件：{told}。" if told else "这里没有可以收的文件。"

    @property
    def more(self) -> str:
        """What to do, and what is not touched."""
        ask = f"有 {words.count(self.stageless)} 个没有写明环节，请在下面选好。" if self.stageless else ""
        return f"{ask}现在只是看，还没有收；原来的文件不会动。"

    @property
    def verb(self) -> str:
        """The words of the main button."""
        return f"收下 {words.count(self.takes)} 个"


@dataclass(frozen=True)
class TakenView:
    """What was done, in sentences; ``waiting`` is how many went to the tray."""

    what: str
    more: str
    waiting: int
    changes: Changes


def read_taking(ledger: Ledger, wish: TakingWish, progress: Progress) -> TakingView:
    """Look at files; runs in a file hand, writes nothing.

    Raises:
        RuleError: Nothing can be looked at: not found, or a folder of the ledger itself.
        Cancelled: The person thought better of it.
    """
    from gengdi_desktop.evidence import taking_in

    stage = Stage(wish.stage) if wish.stage else None
    options = taking_in.TakeOptions(stage=stage, plot=wish.plot or None)
    found = taking_in.preview(ledger, wish.paths, options, progress)
    suspects: dict[str, list[str]] = {}
    for one in found.suspect:
        suspects.setdefault(one.file, []).append(one.message)
    new = [one for one in found.matched if not one.already]
    waiting = [one for one in found.unmatched if not one.already]
    refused = [TakingRow(one.file, _NOT_TAKEN, "", one.message, "seal") for one in found.refused]
    rows = [*refused, *(_row(one, found.names, suspects) for one in (*found.unmatched, *found.matched))]
    there = len(found.matched) + len(found.unmatched) - len(new) - len(waiting)
    stageless = sum(one.code == _STAGE_UNKNOWN for one in waiting)
    return TakingView(wish, tuple(rows), len(new), len(waiting), there, len(refused), stageless, found)


def run_taking(ledger: Ledger, view: TakingView, by: Actor, progress: Progress) -> TakenView:
    """Take in what was shown, as one entry; runs in the writing lane."""
    from gengdi_desktop.evidence import taking_in

    taken = taking_in.run(ledger, view.held, by=by, progress=progress)
    plots = {one.plot for one in taken.attached}
    parts = []
    if taken.attached:
        parts.append(f"{words.count(len(taken.attached))} 个归到 {words.count(len(plots))} 个图斑")
    if taken.waiting:
        parts.append(f"{words.count(len(taken.waiting))} 个放进待归位")
    lost = len(taken.refused) - view.refused
    more = f"有 {words.count(lost)} 个文件在看过以后被改动或拿走，没有收。" if lost > 0 else "原来的文件没有动。"
    what = f"已收下：{'，'.join(parts)}。" if parts else "没有新的文件要收。"
    return TakenView(what, more, len(taken.waiting), taken.changes)


def _row(one: TakenFile, names: Mapping[str, str], suspects: Mapping[str, Sequence[str]]) -> TakingRow:
    said = list(suspects.get(one.found.file, ()))
    if one.already:
        return TakingRow(one.found.file, _THERE, one.stage.label if one.stage else "", "".join(said), "stone")
    told = "；".join(filter(None, (one.how, "".join(said).rstrip("。"))))
    where = _TRAY if one.code else names.get(one.plot, "")
    if one.code == _STAGE_UNKNOWN and one.candidates:
        where = names.get(one.candidates[0], _TRAY)
    stage = one.stage.label if one.stage else ""
    return TakingRow(one.found.file, where, stage, told, "soil" if one.code or said else "")
