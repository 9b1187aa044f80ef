"""The files of a plot as people read them: stage, time, place, direction and what is open, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.ui import words

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_ORDER: Final = {stage: at for at, stage in enumerate(Stage)}
_COMPASS: Final = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
_WHOLE_TURN: Final = 360_000
_EIGHTH: Final = _WHOLE_TURN // len(_COMPASS)
_PDF: Final = "application/pdf"
_KILOMETRE: Final = 1000


@dataclass(frozen=True)
class PhotoLine:
    """One file of a plot.

    Attributes:
        id: Its number in the ledger.
        plot: The plot's own id.
        stage: What it shows or proves.
        number: Which of its stage it is, from 1.
        of: How many its stage has.
        sha256: The hash of its bytes.
        name: Its name as it came.
        size: How large, in words.
        picture: Whether it can be shown.
        note: A remark.
    """

    id: int
    plot: str
    stage: Stage
    number: int
    of: int
    sha256: str
    name: str
    size: str
    picture: bool
    note: str = ""

    @property
    def title(self) -> str:
        """``整改后 2``; the number is left out where there is only one."""
        return f"{self.stage.label} {self.number}" if self.of > 1 else self.stage.label

    def __str__(self) -> str:
        return "，".join(filter(None, (self.title, self.name, self.note, self.size)))


def read_photo_lines(ledger: Ledger, plot: str) -> tuple[PhotoLine, ...]:
    """The files of a plot in the order of their stages, in a stage as they came; runs in the reading lane."""
    from gengdi_desktop.evidence import service as evidence

    made: list[PhotoLine] = []
    ordered = sorted(evidence.attachments(ledger, plot), key=lambda one: (_ORDER[one.stage], one.id))
    for stage, group in groupby(ordered, key=lambda one: one.stage):
        files = list(group)
        made += [
            PhotoLine(
                one.id, one.plot, stage, at, len(files), one.sha256, one.name, words.file_size(one.size),
                picture=one.media_type.startswith("image/") or one.media_type == _PDF, note=one.note,
            )
            for at, one in enumerate(files, start=1)
        ]  # fmt: skip
    return tuple(made)


def counts_by_stage(lines: Sequence[PhotoLine]) -> Mapping[Stage, int]:
    """How many files each stage has; stages without any are left out."""
    return {stage: len(list(group)) for stage, group in groupby(lines, key=lambda one: one.stage)}


def tallies(lines: Sequence[PhotoLine]) -> str:
    """``整改前 2　整改后 3``."""
    return "　".join(f"{stage.label} {count}" for stage, count in counts_by_stage(lines).items())


def partner(line: PhotoLine, lines: Sequence[PhotoLine]) -> PhotoLine | None:
    """The picture to lay beside one: after beside before, before beside everything else; None without such."""
    wanted = Stage.AFTER if line.stage is Stage.BEFORE else Stage.BEFORE
    others = [one for one in lines if one.stage is wanted and one.picture]
    if not others:
        return None
    return next((one for one in others if one.number == line.number), others[0] if line.number == 1 else others[-1])


def direction_words(direction: int | None) -> str:
    """``东南向`` of 10⁻³ degree clockwise from north; empty where it is not known."""
    if direction is None:
        return ""
    return f"{_COMPASS[(direction % _WHOLE_TURN + _EIGHTH // 2) // _EIGHTH % len(_COMPASS)]}向"


def distance_words(metres: float) -> str:
    """``12 米``, ``1.4 公里``: as exactly as a telephone knows."""
    whole = round(metres)
    return f"{whole} 米" if whole < _KILOMETRE else f"{metres / _KILOMETRE:.1f} 公里"
